"""Lists and tables that other programs and people wrote, as notes."""

from __future__ import annotations

import pytest

from cowrite.convert.notes.board_list import listed
from cowrite.convert.notes.csv import from_csv, to_csv
from cowrite.convert.notes.list import (
    LONGEST_NOTE,
    MOST_NOTES,
    ListedNote,
    NotNotes,
    from_list,
    from_markdown_list,
    from_markdown_or_list,
    to_markdown_list,
)
from cowrite.convert.notes.marks import Results
from cowrite.core.board.items import Hand, Note, Place, Tie
from cowrite.core.board.jottings import JottedLink
from cowrite.core.board.model_words import words_of
from cowrite.core.brainstorm.ideas import Ideas
from cowrite.core.mending.mended_document import MendedDocument
from helpers.brainstorms import brainstorm_of


def test_each_line_of_a_list_is_a_note_without_its_bullet_or_number():
    pasted = "• Herbs\r\n- Bench\n\n  3. Pond\n(4) Hives\n- [ ] Shed\n10 trees\n"
    assert [note.text for note in from_list(pasted)] == ["Herbs", "Bench", "Pond", "Hives", "Shed", "10 trees"]


def test_headings_become_groups_and_items_and_paragraphs_notes():
    text = (
        "# Garden\n\nA thought\n\n## To *eat*\n\n- **Herbs**\n- [x] Berries\n  - Blueberries\n\n## Empty\n\n1. Pond\n"
    )

    notes = from_markdown_list(text)

    assert [(note.group, note.text) for note in notes] == [
        ("Garden", "A thought"),
        ("To eat", "Herbs"),
        ("To eat", "Berries"),
        ("To eat", "Blueberries"),
        ("Empty", "Pond"),
    ]


def test_a_row_of_a_markdown_table_is_a_note():
    notes = from_markdown_list("# Garden\n\n| Plant | Place |\n|---|---|\n| Mint | Pot |\n")
    assert [(note.group, note.text) for note in notes] == [("Garden", "Plant\tPlace"), ("Garden", "Mint\tPot")]


def test_a_markdown_table_is_known_without_a_heading_above_it():
    rows = ["| Plant | Place |", "|---|:-:|", "| Mint | Pot |"]
    for end in ("\n", "\r\n"):
        assert [note.text for note in from_markdown_or_list(end.join(rows))] == ["Plant\tPlace", "Mint\tPot"]
    assert [note.text for note in from_markdown_or_list("Mint | Pot\nBench | Yard\n")] == ["Mint | Pot", "Bench | Yard"]


def test_a_name_with_a_semicolon_in_it_comes_back_whole_from_a_markdown_list():
    notes = [ListedNote("Herbs", author="Ada; Bo", is_late=True, results=Results(2.0))]
    assert from_markdown_list(to_markdown_list(notes)) == notes


def test_a_markdown_list_shows_groups_votes_authors_and_what_was_merged():
    merged = ListedNote("A bench in the shade", author="Bo")
    notes = [
        ListedNote("Bench", "To sit", "", "Ada", (merged,), results=Results(3.0), group_results=Results(5.0)),
        ListedNote("Alone", results=Results(1.0)),
    ]
    assert to_markdown_list(notes) == (
        "- Alone <sub>1 vote</sub>\n"
        "\n"
        "## To sit <sub>5 votes</sub>\n"
        "\n"
        "- Bench <sub>3 votes; Ada</sub>\n"
        "  - A bench in the shade <sub>Bo; merged</sub>\n"
    )


def test_a_markdown_list_shows_pictures_links_frames_results_and_what_came_late():
    picture = f"sha256:{'a' * 64}"
    notes = [
        ListedNote("Herbs", results=Results(None, 4.25, 2), is_late=True, frame="Yard; west", number=1),
        ListedNote("Bench", links=(JottedLink(Tie.BUILDS_ON, 1), JottedLink(Tie.RELATED, 1)), picture=picture),
        ListedNote("", author="Ada", picture=picture),
    ]
    text = to_markdown_list(notes)
    assert text == (
        "- Herbs <sub>mean score 4.25; place 2 in the ranking; late; note 1; in frame: Yard; west</sub>\n"
        f"- Bench ![Image]({picture}) <sub>builds on note 1; related to note 1</sub>\n"
        f"- ![Image]({picture}) <sub>Ada</sub>\n"
    )
    assert from_markdown_list(text) == notes


def test_columns_are_known_by_their_names_in_any_order():
    table = 'Votes;Theme;IDEA;Color\n3;To eat;Herbs;Green\n;;"Two\nlines";chartreuse\n'
    assert from_csv(table) == [ListedNote("Herbs", "To eat", "green", results=Results(3.0)), ListedNote("Two\nlines")]


@pytest.mark.parametrize("table", ["idea;mean score\nHerbs;3,5\n", 'idea,mean score\nHerbs,"3,5"\n'])
def test_a_score_has_a_comma_where_a_program_for_tables_writes_numbers_so(table):
    assert from_csv(table) == [ListedNote("Herbs", results=Results(score=3.5))]


@pytest.mark.parametrize("separator", [",", ";", "|"])
def test_a_first_line_may_name_the_separator(separator):
    table = f'\ufeffsep={separator}\r\nidea{separator}group\r\n"a, b; c"{separator}G\r\n'
    assert [(note.text, note.group) for note in from_csv(table)] == [("a, b; c", "G")]
    with pytest.raises(NotNotes) as caught:
        from_csv(f'sep={separator}\nidea\n"open\n')
    assert caught.value.line == 3


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("quote", ["", '"'])
def test_the_separator_is_found_out(separator, quote):
    table = f'{quote}idea{quote}{separator}{quote}group{quote}\n"a, b; c"{separator}G\n'
    assert from_csv(table) == [ListedNote("a, b; c", "G")]


def test_a_list_of_words_with_upright_lines_is_no_table():
    assert [note.text for note in from_csv("Herbs | pots\nBench\n")] == ["Herbs | pots", "Bench"]


def test_no_word_of_a_table_of_one_column_is_lost_behind_a_comma_without_quotes():
    table = 'Idea\nBenches, and shade, too\n"Trees, or so"\nSand,,\n'
    assert [note.text for note in from_csv(table)] == ["Benches, and shade, too", "Trees, or so", "Sand"]


def test_a_table_of_one_column_needs_no_head():
    assert [note.text for note in from_csv('\ufeffHerbs\n\n"Bench, old"\n')] == ["Herbs", "Bench, old"]


def test_a_formula_is_text_for_the_program_that_opens_the_table():
    table = to_csv([ListedNote('=HYPERLINK("http://x")', "@g")])
    assert table.splitlines()[1] == '"\'=HYPERLINK(""http://x"")",\'@g' + 17 * ","


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ("a,b\n1,2\n", "The table’s first row has to name its columns, and one of them “text”, “note” or “idea”."),
        (
            'text,group\n"open,x\n',
            "The table cannot be read from line 2 on, because a quotation mark is not closed there.",
        ),
        ("text\n\n", "There are no ideas in it: no line has text."),
        ("", "There are no ideas in it: no line has text."),
    ],
)
def test_what_is_wrong_with_a_table_is_said_in_one_sentence(table, sentence):
    with pytest.raises(NotNotes) as raised:
        from_csv(table)
    assert str(raised.value) == sentence


def test_a_document_is_no_list_of_ideas():
    with pytest.raises(NotNotes, match="takes in at most 5,000 at once"):
        from_list("x\n" * (MOST_NOTES + 1))
    with pytest.raises(NotNotes, match="is longer than 20,000 characters"):
        from_list("x" * (LONGEST_NOTE + 1))


@pytest.mark.parametrize(
    ("read", "text", "words"),
    [
        (from_csv, "text,merged\na,\n" + "b,yes\n" * MOST_NOTES, "at most 5,000 at once"),
        (from_csv, "text,merged\na,\n" + "b,yes\n" * (MOST_NOTES + 1), "more than 5,000"),
        (from_csv, f"text,merged\na,\n{'b' * (LONGEST_NOTE + 1)},yes\n", "is longer than 20,000 characters"),
        (from_markdown_list, "- a\n" + "\n  more\n" * 5000, "is longer than 20,000 characters"),
    ],
)
def test_what_notes_stand_for_and_say_in_many_lines_counts_too(read, text, words):
    with pytest.raises(NotNotes, match=words):
        read(text)


def marked(note: Note) -> str:
    return note.hand + ": " + "".join(f"[{text}]" if is_of_model else text for text, is_of_model in words_of(note))


REWORDED = ListedNote(
    "Herbs for cooks; late", author="Ada", hand=Hand.ADOPTED, model_text="Herbs “for” all; in frame: x"
)


@pytest.mark.parametrize(("write", "read"), [(to_csv, from_csv), (to_markdown_list, from_markdown_or_list)])
def test_of_an_idea_of_the_models_that_was_reworded_its_words_alone_are_its_own_after_a_way_out_and_in(write, read):
    brainstorm, at = brainstorm_of(MendedDocument.new(clock=lambda: 0)), Place(0, 0)
    for note in (
        Note("", "Herbs for all", at, hand=Hand.MODEL, model_text="Herbs for all"),
        Note("", "A bench", at, hand=Hand.ADOPTED),
    ):
        brainstorm.board.add([note])
    first, second = brainstorm.board.notes()
    brainstorm.change({first.id: {"text": "Herbs for\nall of us"}})
    before = [marked(note) for note in brainstorm.board.notes()]
    assert before == ["adopted: [Herbs for all] of us", "adopted: [A bench]"]

    table = write(listed(brainstorm))
    brainstorm.remove([first.id, second.id])
    Ideas(brainstorm).take_in(read(table))

    assert [marked(note) for note in brainstorm.board.notes()] == before


def test_what_the_model_wrote_is_told_below_a_note_that_was_reworded_in_words_that_people_read():
    unchanged = ListedNote("A bench", hand=Hand.ADOPTED, model_text="A bench")
    text = to_markdown_list([REWORDED, unchanged])
    assert text == (
        "- Herbs for cooks; late <sub>Ada; from the assistant; it wrote: “Herbs “for”” all; in frame: x”</sub>\n"
        "- A bench <sub>from the assistant</sub>\n"
    )
    assert from_markdown_list(text) == [REWORDED, unchanged]


def test_whoever_rewords_an_idea_of_the_models_in_a_table_makes_it_their_own():
    table = to_csv([ListedNote("Herbs for all", hand=Hand.MODEL, model_text="Herbs for all")])
    (note,) = from_csv(table.replace("Herbs for all", "Herbs for cooks", 1))
    assert (note.text, note.hand, note.model_text) == ("Herbs for cooks", Hand.ADOPTED, "Herbs for all")


def test_a_list_from_before_says_of_all_words_that_the_model_wrote_them():
    (of_table,) = from_csv("text,assistant\nHerbs for all,adopted\n")
    (of_list,) = from_markdown_list("- Herbs for all <sub>from the assistant</sub>\n")
    for note in (of_table, of_list):
        assert (note.hand, note.model_text) == (Hand.ADOPTED, "Herbs for all")


@pytest.mark.parametrize(
    ("assistant", "text", "wrote", "hand"),
    [
        ("", "Herbs for all", "Herbs for all", Hand.ADOPTED),
        ("nonsense", "Herbs for all of us", "Herbs for all", Hand.ADOPTED),
        ("", "Herbs", "Herbs", Hand.ADOPTED),
        ("", "A bench for two", "Herbs for all", Hand.PERSON),
        ("", "A bench", " ", Hand.PERSON),
    ],
)
def test_a_row_that_says_two_things_hides_no_words_of_the_models_and_marks_no_others(assistant, text, wrote, hand):
    (note,) = from_csv(f"text,assistant,assistant wrote\n{text},{assistant},{wrote}\n")
    assert (note.text, note.hand, note.model_text) == (text, hand, "" if hand is Hand.PERSON else wrote)


def test_what_the_model_is_said_to_have_written_is_no_longer_than_a_note():
    with pytest.raises(NotNotes):
        from_csv(f"text,assistant,assistant wrote\nHerbs,adopted,{'x' * (LONGEST_NOTE + 1)}\n")
