"""Texts about a text: summaries, outlines, drafts, titles, descriptions, and tasks of one's own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cowrite.assist.prompts.reading import load_prompt_files
from cowrite.assist.prompts.style_card import StyleCard
from cowrite.assist.requests import Completion, Ending, Generation, Model, Scores, Scoring
from cowrite.assist.tasks.choosing import NOTHING
from cowrite.assist.tasks.drafting import KEPT_NOTE
from cowrite.assist.tasks.naming import MOST_HELD
from cowrite.assist.tasks.outcomes import Written
from cowrite.assist.tasks.writer import CUT_NOTE, LONG_NOTE, OTHER_LANGUAGE_NOTE, SAME_NOTE, Writing
from cowrite.assist.tasks.writing import CHOSEN_NOTE, MOST_PASSAGES, NAMED_NOTE, write
from cowrite.assist.text.guards import SMALL_NOTE, Unusable
from cowrite.paths import resources
from helpers.played_model import LARGE, SMALL, USAGE, PlayedModel, Reply, own_folder, prompt_files, text_of, wrote

FILES = prompt_files()
EMPTY = StyleCard()
TEXT = """Plan for spring

The release has moved to 14 June. The tests found three bugs. Ben mends them. It is late now.

The film is shown in Lyon. About 60 people are expected. Ada brings the camera along.
"""


def written(
    task: str, text: str, *replies: Reply, model: Model = SMALL, card: StyleCard = EMPTY, words: str = ""
) -> Written:
    return PlayedModel(*replies, model=model).carry_out(write(model, card, Writing(FILES[task], text, words)))


class Judge:
    """Scores by words between the first pair of quotation marks; writes texts in turn."""

    def __init__(self, *texts: str, **gains: float) -> None:
        self._texts = list(texts)
        self._gains = gains

    def __call__(self, step: Generation | Scoring) -> Completion | Scores:
        if isinstance(step, Generation):
            return wrote(self._texts.pop(0) if len(self._texts) > 1 else self._texts[0])
        piece = text_of(step.prompt).split('"')[1]
        gain = 0.0 if piece == NOTHING else sum(value for word, value in self._gains.items() if word in piece)
        return Scores((gain - 90.0,), (7,), USAGE)


def test_a_small_models_summary_is_of_the_sentences_that_say_most_of_the_rest() -> None:
    result = written("summarise", TEXT, Judge(release=9, film=8, bugs=2))
    assert result.text == "The release has moved to 14 June."
    assert result.notes == (CHOSEN_NOTE,)
    assert result.made.raw == ""


def test_a_sentence_is_judged_by_the_rest_of_its_passage() -> None:
    played = PlayedModel(Judge(release=9))
    played.carry_out(write(SMALL, EMPTY, Writing(FILES["summarise"], "The release is late. Ben mends it at home.")))
    first = played.steps[1]
    assert isinstance(first, Scoring)
    assert first.candidates == ('Ben mends it at home."',)


def test_a_sentence_that_stands_there_often_is_judged_and_chosen_once() -> None:
    played = PlayedModel(Judge(film=9))
    text = "The film is in Lyon. Please close the door. It is late now.\n\n" * 400
    result = played.carry_out(write(SMALL, EMPTY, Writing(FILES["summarise"], text)))
    assert result.text == "The film is in Lyon."
    assert len(played.steps) == 6


def test_a_description_has_what_matters_most_to_the_reader() -> None:
    played = PlayedModel(Judge(camera=9, release=1))
    result = played.carry_out(write(SMALL, EMPTY, Writing(FILES["describe"], TEXT, "a photographer")))
    assert result.text == "Ada brings the camera along."
    assert all(step.candidates == ('a photographer"',) for step in played.steps if isinstance(step, Scoring))


def test_another_seed_leaves_out_what_was_chosen_first_and_takes_the_next_title() -> None:
    judge = Judge("Release moved to June", release=9, film=8, bugs=2, June=3)
    results = [
        PlayedModel(judge).carry_out(write(SMALL, EMPTY, Writing(FILES[task], TEXT, seed=seed))).text
        for task in ("summarise", "title")
        for seed in (0, 1)
    ]
    assert len(set(results)) == 4


def test_a_summary_with_another_seed_is_of_the_best_sentences_too() -> None:
    text = " ".join(f"Sentence {chr(97 + number) * 3} tells of it." for number in range(20))
    gains = {chr(97 + number) * 3: 40.0 - number for number in range(20)}
    tasks = [Writing(FILES["summarise"], text, seed=seed) for seed in range(3)]
    found = [PlayedModel(Judge("", **gains)).carry_out(write(SMALL, EMPTY, task)).text for task in tasks]
    assert len(set(found)) == 3
    assert not any(letter * 3 in one for one in found for letter in "efghij")


def test_of_a_long_text_only_the_passages_that_say_most_about_it_are_judged() -> None:
    about = [f"Rain number {number} fell on the vineyard, and the vineyard was wet. " * 9 for number in range(15)]
    aside = [f"Somebody called {name} laughed at nothing once. " * 14 for name in ("Uma", "Ole", "Ira", "Lew", "Ned")]
    played = PlayedModel(Judge(vineyard=9))
    task = Writing(FILES["summarise"], "\n\n".join([*aside, *about]))
    result = played.carry_out(write(SMALL, EMPTY, task))
    assert len(result.read) == MOST_PASSAGES
    assert sum("vineyard" in passage for passage in result.read) == 15
    assert result.notes[-1] == "It read the 16 of 20 passages that say most about the whole."


def test_words_of_a_small_model_come_with_a_word_of_caution() -> None:
    draft = written("draft", "- Anna tells the customers", "Anna will tell the customers.")
    assert draft.notes == (SMALL_NOTE,)
    assert written("title", TEXT, Judge("Three bugs", bugs=9)).notes == (NAMED_NOTE,)
    assert written("title", TEXT, "Three bugs", model=LARGE).notes == ()


def test_a_text_with_the_line_ends_of_windows_has_the_same_outline() -> None:
    judge = Judge("The release has moved", release=5, film=4)
    assert written("outline", TEXT.replace("\n", "\r\n"), judge).text == written("outline", TEXT, judge).text


def test_a_large_model_writes_itself() -> None:
    result = written("summarise", TEXT, "It moved. The film is in Lyon.", model=LARGE)
    assert result.text == "It moved. The film is in Lyon."
    assert result.notes == ()


def test_a_large_models_title_has_no_marks() -> None:
    assert written("title", TEXT, "# **Spring** in Lyon", model=LARGE).text == "Spring in Lyon"


def test_a_long_text_is_summed_up_in_pieces_and_the_pieces_once_more() -> None:
    text = "\n\n".join(f"Paragraph {number} is about the garden. " * 40 for number in range(30))
    played = PlayedModel(lambda step: "A part." if "Paragraph" in text_of(step.prompt) else "All of it.", model=LARGE)
    result = played.carry_out(write(LARGE, EMPTY, Writing(FILES["summarise"], text)))
    assert result.text == "All of it."
    assert len(played.steps) > 4
    assert played.progress[0].doing == f"Part 1 of {len(played.steps) - 1}"
    assert played.progress[1].text == "A part."
    assert played.progress[-1].doing == "Putting it together"


def test_of_a_very_long_text_no_piece_is_left_out_when_the_pieces_are_summed_up() -> None:
    text = "\n\n".join(f"Paragraph {number} is about the garden. " * 40 for number in range(60))
    summed: set[str] = set()
    read: set[str] = set()

    def sum_up(step: Generation) -> str:
        prompt = text_of(step.prompt)
        read.update(re.findall(r"Bed (\d+)", prompt))
        if (first := re.search(r"Paragraph (\d+)", prompt)) is None:
            return "All of it."
        summed.add(first[1])
        return f"Bed {first[1]} is green. It has a path of gravel beside it, and a fence. " * 5

    assert written("summarise", text, sum_up, model=LARGE).text == "All of it."
    assert read == summed


def test_a_small_models_title_is_the_likeliest_of_those_that_keep_to_the_text() -> None:
    judge = Judge("Release moved to June", "The moon", "Bugs found in Paris", "release", "Three bugs", June=3, bugs=9)
    assert written("title", TEXT, judge).text == "Three bugs"
    for bare in ("Why it is so", "Why we have one"):
        assert written("title", f"{TEXT}\nWe have one.", Judge(bare, "Three bugs", Why=9)).text != bare


def test_a_title_and_a_summary_have_no_marks_of_headings_and_lists() -> None:
    text = "# Plan for the garden\n\n- Ada waters the herbs on Mondays.\n- Ben mends the old barrel."
    assert written("title", text, Judge("The moon", Plan=9)).text == "Plan for the garden"
    assert written("summarise", text, Judge(waters=9)).text == "Ada waters the herbs on Mondays."
    assert written("title", text, Judge("- Old barrel", Old=9)).text == "Old barrel"
    assert written("title", text, Judge("The moon", waters=9)).text == "Ada waters the herbs on Mondays"


def test_a_title_joins_nothing_that_the_text_does_not() -> None:
    text = "Each list has ten names. A longer one is refused with status 413."
    assert written("title", text, Judge("Refused names", Refused=9)).text == "Each list has ten names"


def test_greeting_and_farewell_of_a_letter_are_no_points_of_an_outline() -> None:
    letter = "Hi Ada,\n\nThe boiler has three quotes.\n\nBest wishes,\nDouglas"
    assert written("outline", letter, Judge("The moon", boiler=9)).text == "- The boiler has three quotes"


def test_neither_how_a_letter_begins_nor_a_row_of_a_table_is_a_title() -> None:
    letter = "Hi Ada,\n\nthanks for coming round. The boiler has three quotes."
    assert written("title", letter, Judge("Thanks for coming round", hanks=9)).text == "The boiler has three quotes"
    table = "# Stalls at the fair\n\nCheese | Mrs Aalto | 35\nHoney | Bea and Ruud | 25"
    assert written("title", table, Judge("The moon", Cheese=9)).text == "Stalls at the fair"


def test_a_title_of_a_very_long_text_is_held_against_its_beginning_alone() -> None:
    text = "The garden needs water in summer. " + "It rains on Monday. " * MOST_HELD
    title = "Rain on Monday, 14 June"
    later = f"{text} The rain came on Monday, 14 June."
    assert written("title", later, Judge(title, Rain=9, garden=5)).text == "The garden needs water in summer"


def test_where_no_title_fits_the_text_begins_it() -> None:
    text = "Und so weiter und so fort geht es immer"
    assert written("title", f"{text}.", Judge("The moon")).text == text
    assert written("title", f"{text} noch länger.", Judge("The moon")).text == f"{text}…"
    assert (
        written("title", "東京で会議を行いました。誰も反対しませんでした。", Judge("The moon")).text
        == "東京で会議を行いま…"
    )
    assert written("title", "土を買う。", Judge("The moon")).text == "土を買う"
    for sign in ("(", "“", "„"):
        text = f"On Monday we all met in the (small hall) {sign}after lunch and tea, as agreed."
        assert written("title", text, Judge("The moon")).text == "On Monday we all met in the (small hall)…"
    assert written("title", "| Herbs (new) | Ada |", Judge("The moon")).text == "Herbs (new) | Ada"


def test_an_outline_has_the_headings_of_the_text_and_a_line_for_each_paragraph() -> None:
    judge = Judge("The release has moved", release=5, film=4)
    assert written("outline", TEXT, judge).text == (
        "- Plan for spring\n  - The release has moved\n  - The film is shown in Lyon"
    )


LIST = """Who does what:
- Ada waters the herbs.
- [ ] Ben mends the barrel
  that leaks, before the summer comes to us.
1. Milk"""


def test_an_outline_has_the_items_of_a_list_by_their_own_words() -> None:
    judge = Judge("Who does what")
    assert written("outline", LIST, judge).text == (
        "- Who does what\n- Ada waters the herbs\n- Ben mends the barrel\n- Milk"
    )


def test_a_line_that_heads_others_is_no_sentence_of_a_summary() -> None:
    text = (
        "Minutes of the garden club\nPresent: Ada, Ben Lee\nAda waters the herbs on Mondays. Ben mends the pump in May."
    )
    assert written("summarise", text, Judge(Minutes=9, Present=8, waters=5)).text == "Ada waters the herbs on Mondays."


@pytest.mark.parametrize("fence", ["```", "~~~~"])
def test_code_is_no_sentence_of_a_summary_and_no_point_of_an_outline(fence: str) -> None:
    text = f"{TEXT}\n{fence}python\nwhile True:\n\n    wait_for_the_release_of_it()\n{fence}\n"
    assert "wait" not in written("outline", text, Judge("The release has moved")).text
    assert written("summarise", text, Judge(wait=9, film=5)).text == "The film is shown in Lyon."
    only = f"{fence}\nwait for the release of it\n{fence}"
    assert written("summarise", only, Judge(wait=9)).text == "wait for the release of it"


def test_a_number_at_the_beginning_of_a_sentence_is_no_mark_of_a_list() -> None:
    text = "3.5 litres fell in June. -4 degrees were measured at night."
    assert written("summarise", text, Judge(litres=9)).text.startswith("3.5 litres")
    assert written("summarise", text, Judge(degrees=9)).text.startswith("-4 degrees")
    assert written("draft", "3.5 litres fell", "It rained.").text == "3.5 litres fell."


def test_a_draft_has_a_sentence_for_each_note_under_its_heading() -> None:
    outline = "Release\n- moved to 14 June: 3 bugs\n- Anna tells customers\n\n# Film\n* shown in Lyon"
    replies = ["It moved to 14 June because of 3 bugs.", "Anna will tell the customers.", "It is shown in Lyon."]
    assert written("draft", outline, *replies).text == (
        "## Release\n\nIt moved to 14 June because of 3 bugs. Anna will tell the customers.\n\n"
        "## Film\n\nIt is shown in Lyon."
    )


@pytest.mark.parametrize(
    ("note", "strayed"),
    [
        ("faster search", "The faster search is faster."),
        ("two barrels of 400 litres", "There are two barrels of 400 litres of wine."),
        ("two barrels of 400 litres", "There are barrels of 400 litres."),
        ("only members vote", "Members will vote."),
        ("members vote on 3 June", "Members will not vote on 3 June."),
        ("train at 7.40, change in Bern", "The train is at 7.40, and Bern is at 7.40."),
        ("fixed crash when opening old files", "The crash was fixed when files were opened."),
    ],
)
def test_a_sentence_that_does_not_keep_to_its_note_gives_way_to_the_note(note: str, strayed: str) -> None:
    draft = written("draft", f"- {note}", strayed)
    assert draft.text == f"{note[:1].upper()}{note[1:]}."
    assert draft.notes == (KEPT_NOTE,)


def test_a_verb_makes_a_note_a_sentence() -> None:
    draft = written("draft", "- Anna: projector\n- nobody reads it", "Anna carries the projector.", "It is a lie.")
    assert draft.text == "Anna carries the projector. Nobody reads it."
    assert written("draft", "- who translates", "who will translate").text == "Who will translate."
    assert draft.notes == (SMALL_NOTE,)


@pytest.mark.parametrize("strayed", ["Anna is a good person.", "Anna tells Tom and the customers.", "The printer.", ""])
def test_a_note_that_cannot_be_written_out_is_set_as_a_sentence(strayed: str) -> None:
    assert written("draft", "- Anna tells the customers", strayed).text == "Anna tells the customers."


def test_words_that_the_style_card_avoids_are_told() -> None:
    result = written("summarise", TEXT, "We utilise it.", model=LARGE, card=StyleCard(avoid=("utilise",)))
    assert result.notes == ("It uses words that your style card avoids: utilise.",)


def test_a_task_says_what_it_has_to_be_told() -> None:
    with pytest.raises(Unusable, match="“Describe for a reader” needs to be told for whom"):
        written("describe", TEXT, "x", words=" ")
    with pytest.raises(Unusable, match="no words"):
        written("summarise", "…", "x")


def test_nothing_usable_is_refused_in_a_sentence() -> None:
    for useless in ("", "I'm sorry, but I cannot do that.", "no no no no no no"):
        with pytest.raises(Unusable, match="nothing usable"):
            written("summarise", TEXT, useless, model=LARGE)


def test_a_persons_own_prompt_file_is_carried_out(tmp_path: Path) -> None:
    text = (
        'title = "For whom"\nkind = "write"\n[chat]\nprompt = "{{text}} For {{reader}}:"\n'
        '[small]\nprompt = "{{text}}\\nIn other words: "\nstop = ["\\n"]\n'
    )
    file = load_prompt_files(resources() / "prompts", own_folder(tmp_path, for_whom=text)).own[0]
    played = PlayedModel("It is late.", model=LARGE)
    assert played.carry_out(write(LARGE, EMPTY, Writing(file, "Late.", "Ada"))).text == "It is late."
    assert played.prompts == ["[user]\nLate. For Ada:\n[assistant]\n"]


def test_a_draft_leaves_sentences_code_and_tables_as_they_are() -> None:
    code, rows = "```\ndef merge(spans):\n    out = []\n\n    return out\n```", "Stall | Who\nCheese | Mrs Aalto"
    outline = f"Hi Priya,\n\nThe boiler has three quotes.\n\n{code}\n\nIt sorts them first.\n\n{rows}"
    draft = written("draft", outline, "The boiler has two quotes.")
    assert draft.text == f"Hi Priya, The boiler has three quotes.\n\n{code}\n\nIt sorts them first.\n\n{rows}"
    assert draft.notes == (KEPT_NOTE,)


@pytest.mark.parametrize("strayed", ["She gives the key to Mr Oduya.", "Give the key to Mr Oduya tomorrow."])
def test_a_draft_brings_in_nobody_and_no_day(strayed: str) -> None:
    assert written("draft", "- give the key to Mr Oduya", strayed).text == "Give the key to Mr Oduya."


def test_no_row_of_a_table_is_taken_for_a_sentence_that_says_most() -> None:
    rows = "Stall | Who | Rent\nCheese at the door | Mrs Aalto | 35"
    judge = Judge("The moon", Cheese=9)
    assert written("summarise", f"{TEXT}\n\n{rows}", judge).text == written("summarise", TEXT, judge).text
    with pytest.raises(Unusable):
        written("summarise", f"# Stalls at the fair\n\n{rows}", judge)


def test_for_a_title_a_model_that_converses_reads_the_beginning_of_a_very_long_text() -> None:
    played = PlayedModel("The garden", model=LARGE)
    text = "\n\n".join(f"Paragraph {number} is about the garden. " * 40 for number in range(60))
    assert played.carry_out(write(LARGE, EMPTY, Writing(FILES["title"], text))).text == "The garden"
    assert len(played.steps) == 1
    assert "Paragraph 0" in played.prompts[0]


def test_what_breaks_off_for_want_of_room_ends_with_a_whole_sentence_and_says_so() -> None:
    cut = wrote("The release has moved. Ben mends three", ending=Ending.LENGTH)
    result = written("summarise", TEXT, cut, model=LARGE)
    assert (result.text, result.notes) == ("The release has moved.", (CUT_NOTE,))


def test_a_title_is_the_line_behind_what_the_model_says_of_it() -> None:
    pattern = FILES["title"].templates[LARGE.tier].stop_after
    raw = "\n\nHere is a title:\n\n**Spring in Lyon**\nI chose it because …"
    end = re.search(pattern, raw)
    assert end is not None
    assert written("title", TEXT, raw[: end.end()], model=LARGE).text == "Spring in Lyon"


def test_a_summary_that_says_the_text_again_is_asked_for_anew_and_else_says_so() -> None:
    played = PlayedModel(TEXT, "It moved.", model=LARGE)
    result = played.carry_out(write(LARGE, EMPTY, Writing(FILES["summarise"], TEXT)))
    assert (result.text, result.notes) == ("It moved.", ())
    assert [(now.doing, now.is_again) for now in played.progress] == [("Writing", False), ("Writing once more", True)]
    result = written("summarise", "Tom is late.", "Tom is late.", model=LARGE)
    assert (result.text, result.notes) == ("Tom is late.", (LONG_NOTE,))


def test_a_draft_that_says_the_outline_again_is_asked_for_anew_and_else_says_so() -> None:
    outline, draft = "# Fair\n\n- 6 July, yard\n- Tom: music", "# Fair\n\nIt is on 6 July in the yard. Tom plays music."
    result = written("draft", outline, outline, draft, model=LARGE)
    assert (result.text, result.notes) == (draft, ())
    assert written("draft", outline, outline.replace("- ", "* "), model=LARGE).notes == (SAME_NOTE,)


def test_a_summary_in_another_language_than_the_text_is_asked_for_anew_and_else_says_so() -> None:
    text = "Wir können am Donnerstag leider nicht zu der Sitzung kommen, die in dem Rathaus ist."
    english, german = (
        "They cannot come to the meeting in the town hall.",
        "Sie können nicht zu der Sitzung in das Rathaus.",
    )
    result = written("summarise", text, english, german, model=LARGE)
    assert (result.text, result.notes) == (german, ())
    assert written("summarise", text, english, model=LARGE).notes == (OTHER_LANGUAGE_NOTE,)
