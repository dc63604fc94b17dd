"""Rewriting a selection."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from cowrite.assist.prompts.files import Unsuited
from cowrite.assist.prompts.style_card import StyleCard
from cowrite.assist.requests import Completion, Ending, Generation, Model, Scores, Scoring, Tier
from cowrite.assist.tasks.outcomes import Written
from cowrite.assist.tasks.rewriting import NOTHING_TO_SPARE, RETRY_TEMPERATURE, Rewriting, rewrite
from cowrite.assist.text.guards import SMALL_NOTE, Unusable
from helpers.played_model import LARGE, SMALL, USAGE, PlayedModel, Reply, prompt_files, text_of, wrote

FILES = prompt_files()
LONG = "The server was slow due to the fact that the disk was almost completely full."
SHORT = "The server was slow because the disk was almost full."
EMPTY = StyleCard()
MAIL = "I am afraid that I cannot attend the meeting that is planned for Thursday."


def rewritten(
    text: str,
    *replies: Reply,
    task: str = "rewrite-plainer",
    model: Model = SMALL,
    card: StyleCard = EMPTY,
    **more: str,
) -> Written:
    played = PlayedModel(*replies, model=model)
    return played.carry_out(rewrite(model, card, Rewriting(FILES[task], text, **more)))  # type: ignore[arg-type]


def test_a_small_model_rewrites_sentence_by_sentence_and_white_space_stays() -> None:
    played = PlayedModel(SHORT + '"', "All must wear a badge.")
    text = f"  {LONG}\n\nAll of the people must wear a badge at all times.\n"
    result = played.carry_out(rewrite(SMALL, EMPTY, Rewriting(FILES["rewrite-plainer"], text)))
    assert result.text == f"  {SHORT}\n\nAll must wear a badge.\n"
    assert len(played.steps) == 2
    assert [(one.done, one.total, one.text) for one in played.progress] == [
        (0, 2, "  "),
        (1, 2, f"  {SHORT}\n\n"),
    ]


def test_a_heading_among_sentences_stays_and_what_only_lacks_its_full_stop_is_rewritten() -> None:
    played = PlayedModel(SHORT, "All must wear a badge")
    text = f"# Badges and disks\n\n{LONG} All of the people must wear a badge"
    result = played.carry_out(rewrite(SMALL, EMPTY, Rewriting(FILES["rewrite-plainer"], text)))
    assert result.text == f"# Badges and disks\n\n{SHORT} All must wear a badge"
    assert result.notes == (SMALL_NOTE,)


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


@pytest.mark.parametrize("task", ["rewrite-plainer", "rewrite-correct"])
def test_the_smallest_models_rewrite_no_text_in_another_language(task: str) -> None:
    text = "Wir haben beschlossen, dass Ben den Schlauch bis Freitag bestellt."
    with pytest.raises(Unusable, match="not in English"):
        rewritten(text, "Ben den Schlauch, bis Freitag, haben.", task=task)


def test_a_small_model_that_may_know_other_languages_rewrites_them() -> None:
    text = "Wir haben beschlossen, dass Ben den Schlauch dann bis Freitag bestellt."
    model = replace(SMALL, parameters=700_000_000)
    assert "dann" not in rewritten(text, text.replace("dann ", ""), model=model).text


def test_the_result_names_what_a_record_needs() -> None:
    made = rewritten(LONG, "Nothing of it.", SHORT).made
    assert made.template == FILES["rewrite-plainer"].templates[SMALL.tier].name
    assert (made.act, made.seed, made.raw) == ("rewritten", 0, f"Nothing of it.\n{SHORT}")
    assert (made.usage.evaluated, made.usage.generated, made.usage.seconds) == (16, 8, 2 * USAGE.seconds)
    assert made.usage.seconds_to_first_token == USAGE.seconds_to_first_token
    assert len(made.raw_digest) == 64


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("The meeting of the whole team is on 3 June.", "The meeting of the team is on 4 June."),
        ("In any case Anna and Tom will write the report.", "Anna will write the report."),
        ("See https://example.org for all of the details of it.", "See the details."),
        ("The whole committee has not yet reached a decision.", "The committee has reached a decision."),
        ("The meeting of the whole team is on 3 June.", "The meeting is on 3 June, 3 June."),
        (LONG, "I'm sorry, but I cannot help with that."),
        (LONG, "slow slow slow slow slow slow"),
        (LONG, "All employees must wear a badge in the building."),
        (LONG, "Cats like to sleep in the sun."),
        (LONG, f"{LONG} It was very slow, and nobody liked it."),
        (LONG, "  \n"),
    ],
)
def test_what_lost_a_fact_or_strayed_is_not_shown(old: str, new: str) -> None:
    with pytest.raises(Unusable) as caught:
        rewritten(old, new)
    assert "nothing usable" in str(caught.value)
    assert caught.value.raw.startswith(new)


def test_a_text_that_was_cut_off_is_not_shown() -> None:
    with pytest.raises(Unusable):
        rewritten(LONG, wrote(SHORT, ending=Ending.LENGTH))


def test_a_sentence_without_a_usable_answer_stays_as_it_was_and_that_is_said() -> None:
    tries = FILES["rewrite-plainer"].templates[SMALL.tier].tries
    result = rewritten(f"{LONG} It is on 3 June, as you know.", SHORT, *["Nothing."] * tries)
    assert result.text == f"{SHORT} It is on 3 June, as you know."
    assert result.notes == (SMALL_NOTE, "1 of 2 parts stay as they were: the model gave nothing usable for them.")


def test_a_second_try_is_drawn_with_another_seed() -> None:
    played = PlayedModel("Nothing.", SHORT)
    played.carry_out(rewrite(SMALL, EMPTY, Rewriting(FILES["rewrite-plainer"], LONG, seed=5)))
    first, second = (step.sampling for step in played.steps if isinstance(step, Generation))
    assert (first.temperature, first.seed) == (RETRY_TEMPERATURE, 5)
    assert (second.temperature, second.seed) == (RETRY_TEMPERATURE, 6)
    played.carry_out(rewrite(SMALL, EMPTY, Rewriting(FILES["rewrite-plainer"], LONG)))
    assert isinstance(played.steps[2], Generation)
    assert played.steps[2].sampling.temperature == 0, "without a seed the likeliest words come first"


def test_a_large_models_text_that_lost_something_is_shown_with_what_it_lost() -> None:
    result = rewritten("On time Anna pays 300 euros.", "She pays in time.", model=LARGE)
    assert result.notes == ("Not in the new text: Anna, 300.",)


def test_words_that_the_style_card_avoids_are_not_taken_from_a_small_model_and_told_of_a_large_one() -> None:
    card = StyleCard(avoid=("almost",))
    with pytest.raises(Unusable):
        rewritten("The server was slow due to the fact that the disk was nearly full.", SHORT, card=card)
    text = "The server was very slow due to the fact that the disk was nearly full."
    result = rewritten(text, SHORT, card=card, model=LARGE)
    assert result.notes == ("It uses words that your style card avoids: almost.",)


def test_who_watches_is_told_where_an_attempt_begins_anew() -> None:
    played = PlayedModel("Nothing.", SHORT)
    played.carry_out(rewrite(SMALL, EMPTY, Rewriting(FILES["rewrite-plainer"], f" {LONG}")))
    assert [(one.done, one.text) for one in played.progress] == [(0, " "), (0, " ")]


def test_where_nothing_changes_that_is_said() -> None:
    with pytest.raises(Unusable, match="found nothing to change"):
        rewritten("Sara is here.", "Sara is here.", task="rewrite-formal")


def test_translating_is_not_for_small_models_and_names_the_language_to_large_ones() -> None:
    with pytest.raises(Unsuited):
        rewritten("Hello.", "Hallo.", task="rewrite-translate", language="German")
    played = PlayedModel("Der Film wird gezeigt.", model=LARGE)
    task = Rewriting(FILES["rewrite-translate"], "The film is shown.", language="German")
    assert played.carry_out(rewrite(LARGE, EMPTY, task)).text == "Der Film wird gezeigt."
    assert "German" in played.prompts[0]


def test_an_instruction_of_ones_own_stands_in_the_prompt() -> None:
    played = PlayedModel("Was the server slow?")
    task = Rewriting(FILES["rewrite-own"], "The server was slow.", instruction="Ask  it\nas a question")
    assert played.carry_out(rewrite(SMALL, EMPTY, task)).text == "Was the server slow?"
    assert 'Task: Ask it as a question\nOriginal: "The server was slow."' in played.prompts[0]


def test_a_block_of_code_that_a_person_asks_for_is_one() -> None:
    def told(wish: str) -> str:
        code = "```\nThe server is slow.\n```"
        return rewritten("The server was slow.", code, task="rewrite-own", model=LARGE, instruction=wish).text

    assert told("As a code block") == "```\nThe server is slow.\n```"
    assert told("In the present tense") == "The server is slow."


def test_a_selection_without_words_is_refused() -> None:
    with pytest.raises(Unusable, match="no words"):
        rewritten(" … \n", "x")


def test_a_selection_longer_than_the_context_is_worked_on_in_pieces() -> None:
    text = "\n\n".join(f"Paragraph {number} is about the disk. " * 20 for number in range(40))
    played = PlayedModel(lambda step: "It is about the disk.", model=LARGE)
    played.carry_out(rewrite(LARGE, EMPTY, Rewriting(FILES["rewrite-shorter"], text)))
    assert len(played.steps) > 3
    assert all(len(prompt) < LARGE.context * 3 for prompt in played.prompts)


# Shortening


@pytest.mark.parametrize(
    ("old", "written", "new"),
    [
        (LONG, "The disk was slow.", SHORT),
        (LONG, SHORT, SHORT),
        ("He told the team of some copies that they can have.", "He told the team of copies they can have.", ""),
    ],
)
def test_words_that_say_nothing_go_by_rule_and_the_model_may_only_leave_out_small_words(
    old: str, written: str, new: str
) -> None:
    assert rewritten(old, written, task="rewrite-shorter").text == (new or written)


def test_no_rule_puts_in_a_word_that_the_style_card_avoids() -> None:
    card = StyleCard(avoid=("various",))
    with pytest.raises(Unusable):
        rewritten("We sell a range of dry goods here.", "We sell.", task="rewrite-shorter", card=card)
    assert "various" in rewritten("We sell a range of dry goods here.", "We sell.", task="rewrite-shorter").text


def test_where_the_model_only_loses_what_the_text_says_that_is_said() -> None:
    with pytest.raises(Unusable) as caught:
        rewritten("We discuss the roof, the walls and the garden.", "We discuss the garden.", task="rewrite-shorter")
    assert str(caught.value) == NOTHING_TO_SPARE


# Correcting

WRONG = "Their is two reasons why the projekt failed."


RIGHT = "There are two reasons why the project failed."


def judging(**gains: float) -> Callable[[Generation | Scoring], Completion | Scores]:
    """Proposes RIGHT; each version is likelier by the gains of the words that it has."""

    def answer(step: Generation | Scoring) -> Completion | Scores:
        if isinstance(step, Generation):
            return wrote(RIGHT)
        values = (
            sum((gain for word, gain in gains.items() if word in version.split()), -50.0) for version in step.candidates
        )
        return Scores(tuple(values), (9,) * len(step.candidates), USAGE)

    return answer


def finishing(step: Generation | Scoring) -> Completion | Scores:
    """Proposes a capital and a full stop for whatever it is given, and finds both likelier."""
    if isinstance(step, Generation):
        given = re.findall(r'Original: "([^"]*)"', text_of(step.prompt))[-1]
        return wrote(f"{given[:1].upper()}{given[1:].rstrip('.')}.")
    return Scores((-50.0, *(-30.0 for _ in step.candidates[1:])), (9,) * len(step.candidates), USAGE)


def test_each_correction_is_taken_only_where_it_makes_the_sentence_likelier() -> None:
    only_one = rewritten(WRONG, judging(project=20, are=-3, There=0.1), task="rewrite-correct")
    assert only_one.text == "Their is two reasons why the project failed."
    assert rewritten(WRONG, judging(project=20, are=9, There=9), task="rewrite-correct").text == RIGHT


@pytest.mark.parametrize("lead", ["Ben: ", "Ben Lee: ", "[18:02] ben: ", "Note: "])
def test_who_says_it_and_when_stays_where_what_they_say_is_rewritten(lead: str) -> None:
    assert rewritten(f"{lead}{LONG}", SHORT).text == f"{lead}{SHORT}"


def test_greeting_and_farewell_of_a_letter_stay() -> None:
    text = f"Dear Sir or Madam,\n\n{LONG}\n\nYours faithfully,\nAnn"
    assert rewritten(text, SHORT).text == text.replace(LONG, SHORT)


@pytest.mark.parametrize("lead", ["- ", "* ", "> ", "2. ", "[x] ", "## "])
@pytest.mark.parametrize("task", ["rewrite-plainer", "rewrite-correct"])
def test_the_mark_of_a_list_item_or_a_quotation_stays_whatever_the_model_makes_of_the_rest(
    lead: str, task: str
) -> None:
    played = PlayedModel(SHORT if task == "rewrite-plainer" else judging(), SHORT)
    text = f"{lead}{LONG}"
    result = played.carry_out(rewrite(SMALL, EMPTY, Rewriting(FILES[task], text)))
    assert result.text.startswith(lead)
    first = played.steps[0]
    assert isinstance(first, Generation)
    assert f'Original: "{LONG}"' in text_of(first.prompt)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            "The committee meets in the old library.",
            "The committee meets in the old library, and it's a weekly meeting.",
        ),
        (
            "We should move the workshop, because half of the team is away.",
            "We should move it, because the team is away.",
        ),
        ("Ben will order the hose by Friday.", "Ben should order the hose by Friday."),
        ("Ada waters the beds in August.", "Ada is watered in the beds in August."),
        ("Please send me the figures soon.", "I will send the figures to you soon."),
        ("The barrels hold two hundred litres.", "The barrels hold two hundred litres, the barrels hold two hundred."),
    ],
)
def test_a_version_that_says_something_else_is_not_shown(old: str, new: str) -> None:
    with pytest.raises(Unusable):
        rewritten(old, new, task="rewrite-formal")


@pytest.mark.parametrize(
    ("new", "is_shown"),
    [
        ("The whole team of the workshop is away, because they are on holiday.", False),
        ("Half of the team of the workshop is away, because only some like this month.", True),
        ("Half of the team of the workshop is away. Half of the team of the workshop is away.", False),
    ],
)
def test_a_longer_version_may_say_more_but_nothing_less_and_nothing_twice(new: str, is_shown: bool) -> None:
    old = "Half of the team of the workshop is away."
    if is_shown:
        assert rewritten(old, new, task="rewrite-longer").text == new
    else:
        with pytest.raises(Unusable):
            rewritten(old, new, task="rewrite-longer")


def test_what_a_person_asks_for_may_be_another_amount_or_a_statement() -> None:
    old, new = "Is the garden open only on Sundays?", "The garden is open on Sundays."
    assert rewritten(old, new, task="rewrite-own", instruction="Make it a statement.").text == new
    with pytest.raises(Unusable):
        rewritten(old, new, task="rewrite-formal")


def test_what_is_no_correction_is_not_even_judged() -> None:
    played = PlayedModel("Nobody knows four others.")
    result = played.carry_out(rewrite(SMALL, EMPTY, Rewriting(FILES["rewrite-correct"], WRONG)))
    assert result.text == WRONG
    assert all(isinstance(step, Generation) for step in played.steps)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("the rain has come\nand stays", "The rain has come\nand stays."),
        ("The rain has come.\nand stays", "The rain has come.\nAnd stays."),
        ("the rain has come\n\nand stays", "The rain has come.\n\nAnd stays."),
        ("the rain has come\nI stay", "The rain has come.\nI stay."),
    ],
)
def test_a_sentence_that_goes_on_in_the_next_line_gets_no_end_and_no_capital_between(old: str, new: str) -> None:
    assert rewritten(old, finishing, task="rewrite-correct").text == new


def test_a_text_without_mistakes_stays_as_it_is_and_that_is_a_result() -> None:
    result = rewritten("Sara is here.", "Sara is here.", task="rewrite-correct")
    assert result.text == "Sara is here."
    assert result.made.act == "proofread"


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
