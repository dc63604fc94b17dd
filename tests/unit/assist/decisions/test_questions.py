"""A question narrows what is found to what was said about it."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from cowrite.assist.decisions.at_places import BEST_TURNS, MOST_PLACES
from cowrite.assist.decisions.places import QUOTES
from cowrite.assist.decisions.work import JUDGING
from cowrite.assist.requests import Scores, Scoring
from cowrite.core.decisions.found import Standing
from helpers.deciding import NOTES, TALK, found_in, long_talk
from helpers.played_model import USAGE, text_of


def test_a_question_narrows_a_text() -> None:
    assert [each.text for each in found_in(NOTES, "What about the catalogue?")[0].found] == [
        "Whether we print a catalogue is still open."
    ]
    assert found_in(NOTES, "What was decided about pensions?")[0].found == ()


def test_a_question_narrows_a_transcript_to_what_was_said_about_it() -> None:
    (found,) = found_in(TALK, "What was decided about the battery?")[0].found
    assert [quote.text for quote in found.quotes] == ["And the battery?", "We still need to decide on the battery."]
    assert found.status is Standing.OPEN
    assert found.text.startswith("The group discussed the battery. ")
    assert (found.owner, found.due) == ("", "")
    assert found_in(TALK, "What was decided about pensions?")[0].found == ()


def test_what_is_decided_without_the_words_of_the_question_after_it_was_asked_about_is_found() -> None:
    talk = (
        "Ann: So what about the material?\n"
        "Bob: I think oak is too expensive.\n"
        "Ann: OK. We go with bamboo then.\n"
        "Bob: Fine. I will order samples by Friday.\n"
        "Ann: And where do we build?\n"
        "Bob: We have decided to build in the yard.\n"
    )
    (found,) = found_in(talk, "What was decided about the material?")[0].found
    assert [quote.text for quote in found.quotes] == ["So what about the material?", "We go with bamboo then."]
    assert found.status is Standing.DECIDED


def test_a_question_that_only_asks_what_was_decided_narrows_nothing() -> None:
    assert found_in(TALK, "What was decided?")[0].found == found_in(TALK)[0].found


def test_in_a_long_transcript_the_words_propose_places_and_the_model_helps_to_choose() -> None:
    def third(step: Scoring) -> Scores:
        return Scores((-10.0 if "version 3" in text_of(step.prompt) else -20.0,), (9,), USAGE)

    summary, played = found_in(long_talk(), "What was decided about the logo?", reply=third)
    quoted = [" ".join(quote.text for quote in each.quotes) for each in summary.found]
    assert "version 1" in quoted[0]
    assert "version 3" in quoted[1]
    assert sum(len(each.quotes) for each in summary.found) == QUOTES
    assert len(summary.found[0].quotes) > 1
    assert len(played.steps) <= MOST_PLACES + BEST_TURNS


def test_a_slow_model_judges_only_as_many_places_as_a_person_waits_for() -> None:
    slow = replace(USAGE, seconds=JUDGING / 3)
    summary, played = found_in(long_talk(), "What was decided about the logo?", reply=Scores((-20.0,), (9,), slow))
    assert len(played.steps) == 3
    assert sum(len(each.quotes) for each in summary.found) == QUOTES


def test_a_turn_that_has_the_other_words_of_a_question_comes_into_question_too() -> None:
    rows = [f"Ben: Well, item {number} on cheese takes some time to tell." for number in range(100)]
    rows[20] = "Anna: The logo could be on the front."
    rows[80] = "Carla: In the end all of us finally agree."
    _, played = found_in("\n".join(rows), "What did they finally agree about the logo?")
    assert sum("Anna: The logo" in prompt for prompt in played.prompts) == 1
    assert sum("finally agree.\n" in prompt for prompt in played.prompts) == 1


@pytest.mark.parametrize("name", ["Ben", "Carla"])
def test_a_place_where_somebody_speaks_whom_the_question_names_comes_first(name: str) -> None:
    rows = [f"Anna: Well, item {number} on cheese takes some time to tell." for number in range(300)]
    for start, speaker in ((100, "Ben"), (200, "Carla")):
        rows[start : start + 5] = [f"{speaker}: The logo goes on part {number} of it." for number in range(5)]
    text = "\n".join(rows)
    first = found_in(text, f"What did {name} decide about the logo?")[0].found[0]
    assert all(text[: quote.start].endswith(f"{name}: ") for quote in first.quotes)


def test_whom_a_question_names_is_quoted_rather_than_others_who_say_as_much() -> None:
    rows = [f"Ben: Well, item {number} on cheese takes some time to tell." for number in range(100)]
    rows[50:50] = [f"{name}: The logo goes on it." for name in (*["Ben"] * 9, "Anna", *["Ben"] * 9)]
    text = "\n".join(rows)
    anna = text.index("Anna: ") + len("Anna: ")
    assert any(
        quote.start == anna
        for each in found_in(text, "What did Anna say about the logo?")[0].found
        for quote in each.quotes
    )
    assert all(
        quote.start != anna
        for each in found_in(text, "What did Ben say about the logo?")[0].found
        for quote in each.quotes
    )


@pytest.mark.parametrize(("question", "told"), [("What did Anna say of the logo?", 1), ("What about the logo?", 2)])
def test_whom_a_question_names_is_reported_and_questions_only_where_little_is_said(question: str, told: int) -> None:
    rows = [f"Ben: Well, item {number} on cheese takes some time to tell." for number in range(100)]
    rows[50:50] = [
        *["Ben: Is the logo on the logo side of the logo box, where a logo goes?"] * 3,
        *["Anna: It is far too red, I find, for a box that people keep beside their bed at night."] * 2,
        "Ben: The logo has to be smaller than the last one, for it costs us less like that.",
    ]
    text = found_in("\n".join(rows), question)[0].found[0].text
    assert [text.count(name) > 0 for name in ("Anna said", "Ben said")] == [True, told == 2]
    assert "asked" not in text


def test_the_quotes_of_a_place_do_not_stand_one_beside_the_other() -> None:
    rows = [f"Ben: Well, item {number} on cheese takes some time to tell." for number in range(100)]
    rows[50:50] = [f"Anna: Logo {number} is red." for number in range(20)]
    (found,) = [each for each in found_in("\n".join(rows), "What about the logo?")[0].found if len(each.quotes) > 1]
    numbers = [int(quote.text.split()[1]) for quote in found.quotes]
    assert all(later - sooner >= 4 for sooner, later in pairwise(numbers))


def test_what_is_said_after_a_topic_was_named_belongs_to_it_more_than_what_was_said_before() -> None:
    rows = [f"Ben: Well, item {number} on cheese takes some time to tell." for number in range(100)]
    rows[50:50] = ["Anna: Then there is the logo, as you can see here."]
    text = "\n".join(rows)
    (found,) = found_in(text, "What was decided about the logo?")[0].found
    topic = text.index("the logo")
    assert found.quotes[-1].start > topic
    assert all(quote.end > topic - 150 for quote in found.quotes)
    assert sum(quote.start > topic for quote in found.quotes) > sum(quote.end < topic for quote in found.quotes)
