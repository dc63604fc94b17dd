"""Files of ideas: what goes out of the list, and comes in."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QPushButton

from cowrite.app.ideas.lists import export_list, import_list, pasted
from cowrite.convert.notes.board_list import listed
from cowrite.convert.notes.csv import COLUMNS
from cowrite.convert.notes.list import ListedNote, from_markdown_or_list
from cowrite.core.board.items import Hand, Note, Place, Tie
from cowrite.core.sessions.polls import Ballot, Option, Poll, PollKind
from cowrite.core.sessions.sessions import Phase, Session
from cowrite.gui.dialogs.encoding_dialog import EncodingDialog
from cowrite.sync.rights import Rights
from helpers.closed_polls import close_poll
from helpers.desk import notices
from helpers.ideas_tab import texts, written


def test_whose_an_idea_is_goes_out_and_comes_in_again(draft, home, tmp_path):
    draft.brainstorming.brainstorm.board.add(
        [
            Note("", "Bench", Place(0, 0), author="Ada", hand=Hand.ADOPTED, created=1),
            Note("", "Pond", Place(0, 200), author="Ada", created=2),
        ]
    )
    for ending in ("csv", "md"):
        path = tmp_path / f"out.{ending}"
        assert export_list(draft, ending, path)
        other = home.new()
        assert import_list(other, path)

        notes = other.brainstorming.brainstorm.board.notes()
        assert sorted((note.text, note.author, note.hand) for note in notes) == [
            ("Bench", "Ada", Hand.ADOPTED),
            ("Pond", "Ada", Hand.PERSON),
        ], ending


def test_a_table_comes_in_as_one_act_and_is_shown(draft, home, tmp_path):
    path = tmp_path / "ideas.csv"
    path.write_text("Idea;Theme\nHerbs;To eat\n'=1+1;\n", encoding="utf-8-sig")

    assert import_list(draft, path)

    assert texts(draft) == ["To eat", "Herbs", "In no group", "=1+1"]
    assert "2 notes came from “ideas.csv”." in notices(draft)
    draft.window.actions_["undo"].trigger()
    home.until(lambda: texts(draft) == [])


UNREADABLE = (
    ("a.csv", b"a,b\n1,2\n", "“a.csv”: The table’s first row has to name its columns"),
    ("a.csv", b'text,group\n"open', "cannot be read from line 2 on, because a quotation mark is not closed there."),
    (
        "a.csv",
        b'text,group\n"one"two,b',
        "because something follows a closing quotation mark.",
    ),
    ("a.csv", b"text\n" + b"x" * 200_000, "from line 2 on, because a cell in it is too long."),
    ("a.md", b"\xff\xfe\xff", "is not text in utf-16"),
    ("a.txt", b"\xff\x00", "is no text; if it should be"),
    (
        "a.docx",
        b"PK\x03\x04word",
        "a.docx” is a text document and no list: save its text as Markdown, CSV or plain",
    ),
    ("a.docx", b"PK\x03\x04\xff", "a.docx” is a text document and no list"),
    ("a.csv", b"PK\x03\x04\x14\x00", "a.csv” is a packed file and no list"),
    ("a.pdf", b"%PDF-1.7\n", "a.pdf” is a PDF file and no list"),
    ("a.dat", b"one\x00two", "a.dat” is a file of another program and no list"),
    ("a.dat", b"one\x01\x02\x03two", "a.dat” is a file of another program and no list"),
    ("a.txt", b" \n", "There are no ideas in it"),
    ("a.txt", b"x" * (8 * 1024 * 1024 + 1), "it is larger than 8 MiB"),
    ("none.md", None, "could not be read"),
)
"""Files, what they hold, and what is said of them."""


def test_what_cannot_be_read_or_may_not_come_in_is_said_in_a_sentence_and_nothing_comes_in(draft, tmp_path):
    for number, (name, content, sentence) in enumerate(UNREADABLE):
        path = tmp_path / str(number) / name
        path.parent.mkdir()
        if content is not None:
            path.write_bytes(content)
        assert not import_list(draft, path)
        assert sentence in notices(draft), (name, content)
        for notice in draft.window.notices.ids():
            draft.window.notices.remove(notice)
    draft.connection.take_rights(Rights(may_edit=False))  # while the file is being chosen, say
    assert not import_list(draft, written(tmp_path / "in.txt", "one\n"))
    assert "change nothing else in this document" in notices(draft)
    assert draft.brainstorming.brainstorm.visibility.notes(merged=True) == []


def test_a_table_in_windows_1252_comes_in_and_that_is_said(draft, tmp_path):
    path = tmp_path / "ideas.csv"
    path.write_bytes("text,group\nCafé für alle,Zürich\n".encode("cp1252"))

    assert import_list(draft, path)

    assert [note.text for note in draft.brainstorming.brainstorm.visibility.notes()] == ["Café für alle"]
    assert "came from “ideas.csv”, which is not in UTF-8 and was read as windows-1252." in notices(draft)


def test_what_goes_out_has_groups_and_the_votes_of_closed_polls_and_nothing_that_lies_sealed(draft, tmp_path):
    brainstorm = draft.brainstorming.brainstorm
    assert import_list(draft, written(tmp_path / "in.md", "## To eat\n\n- Herbs\n- Berries\n"))
    herbs, berries = (note.id for note in brainstorm.visibility.notes())
    options = (Option(herbs, "Herbs"), Option(berries, "Berries"))
    poll = brainstorm.polls.open(Poll("", PollKind.DOTS, "Which?", options, budget=3))
    brainstorm.sessions.begin(Session("", "How?", phase=Phase.WRITE))
    assert import_list(draft, written(tmp_path / "more.txt", "Secret\n"))
    list_path, table_path = tmp_path / "out.md", tmp_path / "out.csv"

    assert export_list(draft, "md", list_path)
    assert list_path.read_text() == "## To eat\n\n- Herbs <sub>Ada</sub>\n- Berries <sub>Ada</sub>\n"
    close_poll(brainstorm.polls, poll, [Ballot({herbs: 2, berries: 1}, voter="Bo")])
    scores = brainstorm.polls.open(Poll("", PollKind.SCORES, "How good?", options))
    close_poll(brainstorm.polls, scores, [Ballot(scores={"": {herbs: 4}}), Ballot(scores={"": {herbs: 5}})])
    assert export_list(draft, "csv", table_path)

    assert table_path.read_bytes().decode("utf-8-sig").splitlines() == [
        ",".join(COLUMNS),
        "Herbs,To eat,yellow,Ada,2,,,4.5,,,,,,,,,,,",
        "Berries,To eat,yellow,Ada,1,,,,,,,,,,,,,,",
    ]
    assert "are written to" in notices(draft)


def test_pictures_links_frames_rankings_and_what_came_late_go_out_and_come_in_again(draft, home, tmp_path):
    board = draft.brainstorming.brainstorm.board
    herbs, sketch = board.add(
        [
            Note("", "Herbs", Place(0, 0), is_late=True, created=1),
            Note("", "", Place(900, 0), image=f"sha256:{'a' * 64}", created=2),
        ]
    )
    board.change({sketch: {"builds_on": (herbs,)}})
    board.link(sketch, herbs, Tie.SUPPORTS)
    board.add_frame("Yard", Place(-50, -50, 400, 400))
    options = (Option(herbs, "Herbs"), Option(sketch, "Image"))
    ranking = draft.brainstorming.brainstorm.polls.open(Poll("", PollKind.RANKED, "Which first?", options))
    close_poll(draft.brainstorming.brainstorm.polls, ranking, [Ballot(ranking=(sketch, herbs))])
    table_path, list_path = tmp_path / "out.csv", tmp_path / "out.md"

    assert export_list(draft, "csv", table_path)
    assert export_list(draft, "md", list_path)

    table = table_path.read_bytes().decode("utf-8-sig")
    assert table.splitlines()[1:] == [
        "Herbs,,yellow,,,,,,,2,,yes,Yard,,1,,,,",
        f",,yellow,,,,,,,1,,,,sha256:{'a' * 64},,builds on 1; supports 1,,,",
    ]
    before = listed(draft.brainstorming.brainstorm)
    other = home.new()
    assert import_list(other, table_path)
    after = listed(other.brainstorming.brainstorm)
    assert [replace(note, results=replace(note.results, rank=None), author="") for note in before] == [
        replace(note, author="") for note in after
    ]
    assert [replace(note, colour="") for note in before] == from_markdown_or_list(list_path.read_text())


def test_merged_notes_go_out_where_the_one_that_stands_for_them_says_nothing(draft):
    board = draft.brainstorming.brainstorm.board
    notes = [Note("", text, Place(0, 0), created=at) for at, text in enumerate(("", "Herbs", "Thyme"), 1)]
    empty, *others = board.add(notes)
    board.merge_notes(empty, others)
    board.group([empty], "To eat")
    (note,) = listed(draft.brainstorming.brainstorm)
    assert (note.text, note.group, [each.text for each in note.stands_for]) == ("Herbs", "To eat", ["Thyme"])


def test_that_there_are_no_ideas_is_said_before_a_place_is_asked_for_and_that_one_cannot_be_written(draft, tmp_path):
    draft.window.actions_["export_ideas_csv"].trigger()
    assert "There are no ideas in this document yet." in notices(draft)
    assert not export_list(draft, "md", tmp_path / "none" / "out.md")
    assert "could not be written" in notices(draft)


def test_rows_of_a_table_that_are_pasted_are_read_as_such_and_tabs_among_words_are_not():
    assert pasted("idea\tgroup\nHerbs\tTo eat\n") == [ListedNote("Herbs", "To eat")]
    assert pasted("one\ttwo\nthree\n") == [ListedNote("one\ttwo"), ListedNote("three")]


def test_a_list_that_does_not_say_its_encoding_comes_in_by_the_one_that_the_person_chooses(draft, tmp_path):
    path = tmp_path / "ideas.csv"
    path.write_bytes("text,group\nтравы и ягоды для всех,Сад\n".encode("cp1251"))

    assert not import_list(draft, path)
    (dialog,) = draft.window.findChildren(EncodingDialog)
    assert dialog.encoding.currentData() == "cp1251"
    next(each for each in dialog.findChildren(QPushButton) if each.text() == "&Open").click()

    assert [note.text for note in draft.brainstorming.brainstorm.visibility.notes()] == ["травы и ягоды для всех"]
