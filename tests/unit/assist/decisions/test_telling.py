"""What a model says in its own words of the places where something was decided."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cowrite.assist.decisions.places import QUOTES
from cowrite.assist.decisions.telling import ASIDE, borne
from cowrite.assist.requests import Generation, Model, Scores
from cowrite.assist.tasks.outcomes import DecisionSummary
from helpers.deciding import found_in, long_talk
from helpers.played_model import LARGE, SMALL, USAGE, PlayedModel, text_of, wrote

ANSWER = "Anna said that the logo could be on the front."
BY_RULE = "The group discussed the logo."


def asked(
    *, of_aside: str = "NONE", of_places: str = ANSWER, model: Model = LARGE
) -> tuple[DecisionSummary, PlayedModel]:
    """What is found with a model that says one thing of talk of something else, and another of the places."""

    def says(step: Generation) -> str:
        return of_aside if ASIDE in text_of(step.prompt) else of_places

    return found_in(long_talk(), "What was decided about the logo?", model=model, says=says)


def written(played: PlayedModel) -> list[Generation]:
    return [step for step in played.steps if isinstance(step, Generation)]


@pytest.mark.parametrize(("model", "none"), [(SMALL, "NONE"), (LARGE, "Maria: NONE")])
def test_a_model_that_finds_no_answer_in_other_talk_answers_in_its_own_words_with_all_quotes(
    model: Model, none: str
) -> None:
    summary, played = asked(model=model, of_aside=none)
    (found,) = summary.found
    assert (found.text, len(found.quotes)) == (ANSWER, QUOTES)
    assert all(quote.text in played.prompts[-1] for quote in found.quotes)


@pytest.mark.parametrize(("seconds", "asked_for"), [(2.0, 2), (60.0, 0)])
def test_a_slow_model_reads_only_as_much_as_a_person_waits_for(seconds: float, asked_for: int) -> None:
    slow = replace(USAGE, evaluated=20, seconds=seconds)
    judged, says = Scores((-20.0,), (9,), slow), replace(wrote("NONE"), usage=slow)
    question = "What was decided about the logo?"
    summary, played = found_in(long_talk(), question, reply=judged, model=LARGE, says=says)
    assert summary.found[0].text.startswith(BY_RULE)
    assert len(written(played)) == asked_for
    assert all("\n…\n" not in text_of(step.prompt) for step in written(played))


def test_a_model_that_finds_an_answer_in_other_talk_makes_things_up_and_writes_no_more() -> None:
    summary, played = asked(of_aside=ANSWER)
    assert summary.found[0].text.startswith(BY_RULE)
    assert len(written(played)) == 1


@pytest.mark.parametrize(
    "answer",
    [
        "NONE",
        "",
        "Anna said that the logo could be on the front in 2031.",
        "Zoe said that the logo could be on the front.",
        "The weather had been discussed thoroughly yesterday before lunch.",
        "What could be on the front?",
    ],
)
def test_what_the_places_do_not_bear_is_not_shown(answer: str) -> None:
    summary, _ = asked(of_places=answer)
    assert summary.found[0].text.startswith(BY_RULE)
    assert len(summary.found) > 1


def test_what_is_spelled_out_in_a_transcript_is_no_new_name_as_one_word() -> None:
    answer = "They will build a remote control for the TV alone."
    assert borne(answer, "Ann: We build a remote control for the T_V_ alone.", "What will they build?") == answer


def test_a_model_elsewhere_is_not_asked_how_likely_a_text_is() -> None:
    elsewhere = Model("Far", "", 8_000_000_000, 4096, True, place="http://there")
    summary, played = asked(model=elsewhere)
    assert summary.found[0].text == ANSWER
    assert played.steps == written(played)


def test_a_model_that_knows_no_conversations_only_judges() -> None:
    summary, played = asked(model=Model("Base", "", 300_000_000, 2048, False))
    assert summary.found[0].text.startswith(BY_RULE)
    assert not written(played)
