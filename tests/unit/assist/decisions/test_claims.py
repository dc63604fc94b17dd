"""What a model that converses names as decisions, and what of it is shown."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from cowrite.assist.decisions.claims import READING
from cowrite.assist.decisions.shown import BEFORE_THAT
from cowrite.assist.requests import Generation, Model
from cowrite.assist.text.guards import Unusable
from cowrite.core.decisions.found import Standing
from helpers.deciding import TALK, doubting, found_in, long_talk, sure
from helpers.played_model import LARGE, USAGE, Reply, wrote

CASE = TALK[: TALK.index("Ben: We agreed")]
NOTE = "The case is too warm in the afternoon."
PROPOSED = "Anna: Shall we take rubber for the case?\nBen: Perhaps.\nAnna: I do not know.\n"


def claim(
    *quotes: str, says: str = "They take rubber.", status: str = "decided", owner: str = "", due: str = ""
) -> str:
    return json.dumps({"decision": says, "status": status, "owner": owner, "due": due, "quotes": list(quotes)})


def test_a_large_model_names_decisions_by_a_grammar_and_only_those_with_true_words_are_shown() -> None:
    true = claim("Anna: Okay, so we'll go with rubber for the case.", owner="Ben", due="Friday")
    raw = f"[{true}, {claim('They all wept.', says='They wept.')}]"
    summary, played = found_in(CASE, reply=raw, model=LARGE)
    (found,) = summary.found
    assert (found.text, found.status, found.owner, found.due) == (
        "They take rubber.",
        Standing.DECIDED,
        "Ben",
        "Friday",
    )
    assert found.quotes[0].text == "Okay, so we'll go with rubber for the case."
    (step,) = played.steps
    assert isinstance(step, Generation)
    assert step.grammar == "decisions"


def test_a_sentence_that_a_model_retells_where_it_claims_to_quote_is_quoted_as_it_stands() -> None:
    text = (
        "Ada: The youth centre is cheaper.\nAda: Tom, will you do the booking of the hall by Wednesday?\nTom: Will do."
    )
    retold = claim("Tom will do the booking of the hall by Wednesday.", says="Tom books the hall.")
    (found,) = found_in(text, reply=f"[{retold}]", model=LARGE)[0].found
    assert [quote.text for quote in found.quotes] == ["Tom, will you do the booking of the hall by Wednesday?"]
    for strayed in (
        "Tom will not do the booking of the hall by Wednesday.",
        "Tom will do the booking of the hall by Friday.",
        "The hall is booked.",
    ):
        raw = f"[{claim(strayed, says='The hall is decided.')}]"
        assert all(each.text != "The hall is decided." for each in found_in(text, reply=raw, model=LARGE)[0].found)


def test_what_a_large_model_makes_up_of_owner_and_date_is_left_out() -> None:
    raw = f"[{claim('Okay, so we will go', 'We agreed that the launch is on 14 June.', owner='Zoe', due='1 May')}]"
    (found,) = found_in(TALK, reply=raw, model=LARGE)[0].found
    assert (found.owner, found.due, len(found.quotes)) == ("", "14 June", 1)


def test_who_only_says_a_decision_is_not_its_owner() -> None:
    raw = f"[{claim('We still need to decide on the battery.', status='open', owner='Anna', due='Friday')}]"
    (found,) = found_in(CASE, reply=raw, model=LARGE)[0].found
    assert (found.owner, found.due) == ("", "")


def test_an_owner_and_a_date_that_only_the_model_sees_count_where_the_quoted_words_have_them() -> None:
    text = "Anna: Rollen: Case-materiaal wordt rubber, bestelling via Daan, deadline einde maart."
    raw = f"[{claim('Case-materiaal wordt rubber', owner='Daan', due='einde maart')}]"
    (found,) = found_in(text, reply=raw, model=LARGE)[0].found
    assert (found.owner, found.due) == ("Daan", "einde maart")


def test_what_a_model_only_says_again_is_told_as_minutes_have_it() -> None:
    said = "Okay, so we'll go with rubber for the case."
    (found,) = found_in(CASE, reply=f"[{claim(said, says=f'Anna: {said}')}]", model=LARGE)[0].found
    assert found.text == "Anna said that they would go with rubber for the case."


def test_a_part_of_a_sentence_that_was_made_a_whole_one_is_quoted_as_it_stands() -> None:
    raw = f"[{claim('Rubber for the case.')}]"
    (found,) = found_in(CASE, reply=raw, model=LARGE)[0].found
    assert [quote.text for quote in found.quotes] == ["rubber for the case"]


def test_what_a_text_says_is_open_is_not_decided_though_a_large_model_says_so() -> None:
    raw = f"[{claim('We still need to decide on the battery.')}]"
    assert found_in(CASE, reply=raw, model=LARGE)[0].found[0].status is Standing.OPEN


@pytest.mark.parametrize(
    "says", ["They move it to May 2031.", "They move the summer festival, so that all can come to it."]
)
def test_what_a_model_makes_up_or_says_in_another_language_is_told_in_the_words_of_the_text(says: str) -> None:
    text = "Wir verlegen das Sommerfest auf den 12. Juli, weil die Musikschule nicht kann. Das Zelt ist noch nicht da."
    quote = "Wir verlegen das Sommerfest auf den 12. Juli, weil die Musikschule nicht kann."
    summary, played = found_in(text, reply=f"[{claim(quote, says=says)}]", model=LARGE)
    assert summary.found[0].text == quote
    assert "Write in German." in played.prompts[0]


def test_a_heading_can_be_quoted() -> None:
    (found,) = found_in("# We take rubber\n\nIt is cheap.\n", reply=f"[{claim('We take rubber')}]", model=LARGE)[
        0
    ].found
    assert found.text == "They take rubber."


@pytest.mark.parametrize("raw", ["[]", "", "[" * 100_000 + "]", "I found none.", "{}"])
def test_an_answer_without_decisions_gives_an_empty_list(raw: str) -> None:
    assert found_in(PROPOSED, reply=raw, model=LARGE)[0].found == ()


def test_what_a_text_says_was_decided_is_found_though_a_large_model_passes_over_it() -> None:
    raw = f"[{claim('Okay, so we will go with rubber.')}, {claim('We still need to decide on the battery.')}]"
    quoted = [each.quotes[0].text for each in found_in(TALK, reply=raw, model=LARGE)[0].found]
    assert quoted == ["We still need to decide on the battery.", "We agreed that the launch is on 14 June."]


@pytest.mark.parametrize(
    ("judging", "quoted"), [(doubting, ["We took rubber in the end."]), (sure, [NOTE, "We took rubber in the end."])]
)
def test_what_no_word_shows_to_be_decided_counts_where_the_model_finds_it_likely(
    judging: Reply, quoted: list[str]
) -> None:
    text = f"# Case\n\n{NOTE} It leaks.\n\nDecisions:\n- We took rubber in the end.\n"
    raw = f"[{claim(NOTE, says='The case is too warm.')}, {claim('We took rubber in the end.')}]"
    summary, _ = found_in(text, reply=judging, says=raw, model=LARGE)
    assert [found.quotes[0].text for found in summary.found] == quoted


def test_what_was_taken_back_does_not_stand_though_a_large_model_says_so() -> None:
    text = "We decided to meet on Monday in the library. We decided instead to meet in the library on Friday."
    raw = f"[{claim('We decided to meet on Monday in the library.', says='They meet on Monday.')}]"
    (found,) = found_in(text, reply=raw, model=LARGE)[0].found
    assert BEFORE_THAT in found.text


@pytest.mark.parametrize("raw", ["They take rubber.", '[{"decision": "They take', '["rubber"]'])
def test_an_answer_that_cannot_be_read_is_not_taken_for_one_that_names_nothing(raw: str) -> None:
    with pytest.raises(Unusable, match="not answer in the form"):
        found_in(TALK, reply=raw, model=LARGE)


def test_one_decision_outside_a_list_counts() -> None:
    raw = f"```json\n{claim('We agreed that the launch is on 14 June.')}\n```"
    assert len(found_in(TALK, reply=raw, model=LARGE)[0].found) == 1


def test_of_an_answer_that_was_cut_short_the_whole_decisions_count() -> None:
    raw = f'[{claim("We agreed that the launch is on 14 June.")}, {{"decision": "They'
    assert len(found_in(TALK, reply=raw, model=LARGE)[0].found) == 1


def test_a_long_text_is_read_in_pieces_and_a_question_chooses_them() -> None:
    _, everything = found_in(long_talk() * 3, reply="[]", model=LARGE)
    assert len(everything.steps) > 4
    assert everything.progress[1].doing == f"Reading part 2 of {len(everything.steps)}"
    prose = re.sub(r"^\w+: ", "", long_talk() * 3, flags=re.MULTILINE)
    _, some = found_in(prose, "What about the logo?", reply="[]", model=LARGE)
    assert all("logo" in prompt for prompt in some.prompts)


def test_a_slow_model_reads_only_as_many_pieces_as_a_person_waits_for_and_the_rest_is_found_by_rule() -> None:
    text = f"{long_talk() * 3}Anna: We decided to print the logo in blue.\n"
    answer = replace(wrote("[]"), usage=replace(USAGE, seconds=READING / 2))
    summary, played = found_in(text, says=answer, model=LARGE)
    assert len(played.steps) == 2
    assert [found.quotes[0].text for found in summary.found] == ["We decided to print the logo in blue."]
    assert "has read 2 of" in summary.notes[0]


def test_an_endpoint_is_asked_without_a_grammar() -> None:
    elsewhere = Model("Far", "", 8_000_000_000, 4096, True, place="http://there")
    _, played = found_in(TALK, reply="[]", model=elsewhere)
    assert isinstance(played.steps[0], Generation)
    assert not played.steps[0].grammar
