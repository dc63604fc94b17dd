"""Rewriting a selection with a model that converses."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cowrite.assist.requests import Tier
from cowrite.assist.tasks.rewriting import Rewriting, rewrite
from cowrite.assist.text.guards import Unusable
from helpers.played_model import LARGE, PlayedModel
from helpers.rewritten import EMPTY, FILES, LONG, rewritten

MAIL = "I am afraid that I cannot attend the meeting that is planned for Thursday."


def test_a_large_model_is_given_the_whole_text() -> None:
    text = f"{LONG}\n\nIt is mended."
    played = PlayedModel("The full disk made the server slow.\n\nIt is mended.", model=LARGE)
    result = played.carry_out(rewrite(LARGE, EMPTY, Rewriting(FILES["rewrite-shorter"], text)))
    assert result.text == "The full disk made the server slow.\n\nIt is mended."
    assert text in played.prompts[0]


@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_paragraphs_that_a_model_runs_together_are_given_to_it_one_by_one(between: str) -> None:
    letter = between.join(["Dear Ada,", "We have a leak.", "It is by the door.", "Kind regards,\nBen"])
    played = PlayedModel("Dear Ada, a leak by the door.", "There is a leak.", "By the door.", model=LARGE)
    result = played.carry_out(rewrite(LARGE, EMPTY, Rewriting(FILES["rewrite-friendly"], letter)))
    assert result.text == between.join(["Dear Ada,", "There is a leak.", "By the door.", "Kind regards,\nBen"])
    assert len(played.steps) == 3


def test_lines_that_a_translation_runs_together_are_given_to_the_model_one_by_one() -> None:
    text = "The tap drips.\nAda mends it.\n\nIt is late."
    played = PlayedModel(
        "Der Hahn tropft. Ada repariert.", "Der Hahn tropft.", "Ada repariert ihn.", "Es ist spät.", model=LARGE
    )
    result = played.carry_out(rewrite(LARGE, EMPTY, Rewriting(FILES["rewrite-translate"], text, language="German")))
    assert result.text == "Der Hahn tropft.\nAda repariert ihn.\n\nEs ist spät."


def test_lines_that_are_broken_within_sentences_may_be_one() -> None:
    text = "The server was slow\nbecause the disk\nwas full."
    assert rewritten(text, "The full disk made it slow.", model=LARGE).text == "The full disk made it slow."


def test_cells_are_given_to_a_large_model_one_by_one_and_stay_one_line_each() -> None:
    text = f"Name\n{LONG}\nIt is mended."
    task = Rewriting(FILES["rewrite-shorter"], text, is_by_line=True)
    played = PlayedModel("The disk.\n\nIt was full.", "It works.", model=LARGE)
    assert played.carry_out(rewrite(LARGE, EMPTY, task)).text == "Name\nThe disk. It was full.\nIt works."


def test_a_large_models_text_that_lost_something_is_shown_with_what_it_lost() -> None:
    result = rewritten("On time Anna pays 300 euros.", "She pays in time.", model=LARGE)
    assert result.notes == ("Not in the new text: Anna, 300.",)


def test_a_block_of_code_that_a_person_asks_for_is_one() -> None:
    def told(wish: str) -> str:
        code = "```\nThe server is slow.\n```"
        return rewritten("The server was slow.", code, task="rewrite-own", model=LARGE, instruction=wish).text

    assert told("As a code block") == "```\nThe server is slow.\n```"
    assert told("In the present tense") == "The server is slow."


def test_a_selection_longer_than_the_context_is_worked_on_in_pieces() -> None:
    text = "\n\n".join(f"Paragraph {number} is about the disk. " * 20 for number in range(40))
    played = PlayedModel(lambda step: "It is about the disk.", model=LARGE)
    played.carry_out(rewrite(LARGE, EMPTY, Rewriting(FILES["rewrite-shorter"], text)))
    assert len(played.steps) > 3
    assert all(len(prompt) < LARGE.context * 3 for prompt in played.prompts)


@pytest.mark.parametrize("first", ["I cannot help with that.", MAIL, f"{MAIL[:-1]}!", f"{MAIL} {MAIL}"])
def test_a_model_that_converses_is_asked_once_more_where_its_answer_is_of_no_use(first: str) -> None:
    played = PlayedModel(first, "I cannot attend on Thursday.", model=LARGE)
    result = played.carry_out(rewrite(LARGE, EMPTY, Rewriting(FILES["rewrite-shorter"], MAIL)))
    assert result.text == "I cannot attend on Thursday."
    assert len(played.steps) == 2


def test_words_of_the_request_are_no_reason_to_refuse_what_a_model_that_converses_writes() -> None:
    text = "The utilisation of the kitchen necessitates authorisation."
    new = "You can use the kitchen every day, in plain words: ask first."
    assert rewritten(text, new, model=LARGE).text == new


def test_a_model_of_nearly_a_billion_weights_is_asked_in_conversation() -> None:
    assert replace(LARGE, parameters=999_885_952).tier is Tier.CHAT
    assert replace(LARGE, parameters=630_000_000).tier is Tier.SMALL


def test_a_cell_without_a_letter_stays_and_costs_no_question() -> None:
    task = Rewriting(FILES["rewrite-translate"], "Room\n410 €\n18", language="German", is_by_line=True)
    played = PlayedModel("Zimmer", model=LARGE)
    assert played.carry_out(rewrite(LARGE, EMPTY, task)).text == "Zimmer\n410 €\n18"
    assert len(played.steps) == 1


GERMAN = "Wir können am Donnerstag leider nicht zu der Sitzung kommen, die in dem Rathaus ist."


def test_what_is_in_another_language_than_the_text_is_asked_for_anew_and_never_taken() -> None:
    english = "We cannot come to the meeting that is in the town hall."
    played = PlayedModel(english, "Wir können am Donnerstag nicht zu der Sitzung kommen.", model=LARGE)
    result = played.carry_out(rewrite(LARGE, EMPTY, Rewriting(FILES["rewrite-shorter"], GERMAN)))
    assert result.text == "Wir können am Donnerstag nicht zu der Sitzung kommen."
    assert "Write in German." in played.prompts[0]
    with pytest.raises(Unusable):
        rewritten(GERMAN, english, task="rewrite-shorter", model=LARGE)
    assert rewritten(GERMAN, english, task="rewrite-translate", model=LARGE, language="English").text == english


def test_of_a_translation_only_numbers_and_links_are_told_as_lost() -> None:
    text = "The meeting is on Thursday at 16:40, as Priya says."
    new = "Die Sitzung ist am Donnerstag um 16 Uhr, wie Priya sagt."
    result = rewritten(text, new, task="rewrite-translate", model=LARGE, language="German")
    assert result.notes == ("Not in the new text: 16:40.",)
