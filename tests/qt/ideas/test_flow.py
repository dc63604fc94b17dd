"""The list of ideas within a document's window: its tab, its keys among the menu's, files in and out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QSpinBox
from pytestqt.qtbot import QtBot

from cowrite.app.assistant.switch import OFF
from cowrite.app.draft.connection import DraftConnection
from cowrite.app.draft.draft import Draft
from cowrite.app.ideas.flow import export_list, import_list, pasted
from cowrite.convert.notes.board_list import listed
from cowrite.convert.notes.csv import COLUMNS
from cowrite.convert.notes.list import ListedNote, from_markdown_or_list
from cowrite.core.board.items import Hand, Note, Place, Tie
from cowrite.core.sessions.polls import Ballot, Option, Poll, PollKind
from cowrite.core.sessions.sessions import Phase, Session
from cowrite.core.text.origin import Origin
from cowrite.gui.commands.shortcuts_dialog import ShortcutsDialog
from cowrite.gui.dialogs.encoding_dialog import EncodingDialog
from cowrite.gui.ideas.delegate import IdeaDelegate
from cowrite.gui.ideas.note_field import NoteField
from cowrite.gui.ideas.view import IdeasView
from cowrite.sync.rights import Rights
from helpers.assisted import record
from helpers.called import called, read_out
from helpers.counting import counted
from helpers.desk import Desk, notices, write


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot) -> Iterator[Desk]:
    desk = Desk(tmp_path / "home", qtbot)
    yield desk
    desk.leave()


@pytest.fixture
def draft(desk: Desk) -> Draft:
    draft = desk.new()
    write(draft, "The draft")
    desk.until(draft.window.isActiveWindow)
    return draft


def press(draft: Draft, key: str) -> None:
    """Presses a key where the keyboard is, shortcuts of the window included."""
    combination = QKeySequence(key)[0]
    QTest.keyClick(draft.window.focusWidget(), combination.key(), combination.keyboardModifiers())


def ideas(draft: Draft) -> IdeasView:
    view = draft.window.views.current
    assert isinstance(view, IdeasView)
    return view


def texts(draft: Draft) -> list[str]:
    return [row.text for row in ideas(draft).model.rows()]


def test_nothing_of_the_ideas_is_loaded_before_their_tab_is_chosen(draft):
    assert not draft.brainstorming.is_begun


def test_ideas_are_written_one_tab_away_and_undo_goes_to_them(draft, desk):
    press(draft, "Ctrl+3")
    for idea in ("Herbs", "Bench"):
        QTest.keyClicks(draft.window.focusWidget(), idea)
        press(draft, "Return")
    assert texts(draft) == ["All ideas", "Herbs", "Bench"]

    draft.window.actions_["undo"].trigger()

    desk.until(lambda: texts(draft) == ["All ideas", "Herbs"])
    assert draft.document.text() == "The draft\n"
    draft.window.actions_["redo"].trigger()
    desk.until(lambda: texts(draft) == ["All ideas", "Herbs", "Bench"])


def test_the_lists_own_keys_come_before_those_of_the_menus(draft, desk):
    press(draft, "Ctrl+3")
    QTest.keyClicks(draft.window.focusWidget(), "Herbs")
    press(draft, "Return")
    press(draft, "Down")
    assert draft.window.focusWidget() is ideas(draft).tree

    press(draft, "F2")  # in the menu it renames the document

    assert isinstance(draft.window.focusWidget(), NoteField)
    QTest.keyClicks(draft.window.focusWidget(), "Thyme")
    press(draft, "Return")
    desk.until(lambda: texts(draft) == ["All ideas", "Thyme"])
    press(draft, "Ctrl+F")
    assert draft.window.focusWidget() is ideas(draft).finding.field


def test_the_assistant_is_asked_for_more_ideas_by_a_key_of_the_list(draft, desk):
    press(draft, "Ctrl+3")
    QTest.keyClicks(draft.window.focusWidget(), "Herbs")
    press(draft, "Return")
    press(draft, "Down")

    press(draft, "E")

    assert OFF in notices(draft)


def test_pasting_by_the_menu_means_what_has_the_keyboard(draft, desk):
    press(draft, "Ctrl+3")
    line, paste = ideas(draft).input, draft.window.actions_["paste"]
    assert draft.window.focusWidget() is line

    QGuiApplication.clipboard().setText("Herbs")
    paste.trigger()
    assert line.text() == "Herbs"
    press(draft, "Return")
    QGuiApplication.clipboard().setText("- Bench\n- Pond\n")
    paste.trigger()

    assert texts(draft) == ["All ideas", "Herbs", "Bench", "Pond"]
    assert line.text() == ""


def test_an_idea_of_the_assistant_stays_its_own_when_it_is_copied_and_pasted(draft):
    board = draft.brainstorming.brainstorm.board
    board.add([Note("", "Herbs", Place(0, 0), hand=Hand.MODEL), Note("", "Bench", Place(0, 200), hand=Hand.ADOPTED)])
    press(draft, "Ctrl+3")
    ideas(draft).tree.setFocus()
    ideas(draft).select_all()
    ideas(draft).copy()
    ideas(draft).paste()

    notes = board.notes()
    assert sorted((note.text, note.hand) for note in notes) == 2 * [("Bench", Hand.ADOPTED)] + 2 * [
        ("Herbs", Hand.MODEL)
    ]
    assert {note.author for note in notes if note.hand is Hand.MODEL} == {""}


def test_a_line_that_the_assistant_wrote_in_the_draft_is_its_idea_in_the_list(draft):
    with draft.document.edit(Origin.ASSIST, record=record("r1")) as edit:
        edit.insert(len("The draft"), "\nHerbs for all")
    press(draft, "Ctrl+A")
    press(draft, "Ctrl+C")
    press(draft, "Ctrl+3")
    draft.window.actions_["paste"].trigger()
    notes = draft.brainstorming.brainstorm.board.notes()
    assert [(note.text, note.hand) for note in notes] == [
        ("The draft", Hand.PERSON),
        ("Herbs for all", Hand.ADOPTED),
    ]


@pytest.mark.parametrize("ending", ["csv", "md"])
def test_whose_an_idea_is_goes_out_and_comes_in_again(draft, desk, tmp_path, ending):
    draft.brainstorming.brainstorm.board.add(
        [
            Note("", "Bench", Place(0, 0), author="Ada", hand=Hand.ADOPTED, created=1),
            Note("", "Pond", Place(0, 200), author="Ada", created=2),
        ]
    )
    path = tmp_path / f"out.{ending}"
    assert export_list(draft, ending, path)
    other = desk.new()
    assert import_list(other, path)

    notes = other.brainstorming.brainstorm.board.notes()
    assert sorted((note.text, note.author, note.hand) for note in notes) == [
        ("Bench", "Ada", Hand.ADOPTED),
        ("Pond", "Ada", Hand.PERSON),
    ]


def test_the_help_has_the_keys_of_the_list_while_it_is_shown(draft):
    press(draft, "Ctrl+3")
    draft.window.actions_["shortcuts"].trigger()
    (dialog,) = draft.window.findChildren(ShortcutsDialog)
    assert {"Take out of the group: Ctrl+Shift+G", "Share: Ctrl+Alt+S"} <= set(read_out(dialog.tree))
    dialog.close()


def test_a_table_comes_in_as_one_act_and_is_shown(draft, desk, tmp_path):
    path = tmp_path / "ideas.csv"
    path.write_text("Idea;Theme\nHerbs;To eat\n'=1+1;\n", encoding="utf-8-sig")

    assert import_list(draft, path)

    assert texts(draft) == ["To eat", "Herbs", "In no group", "=1+1"]
    assert "2 notes came from “ideas.csv”." in notices(draft)
    draft.window.actions_["undo"].trigger()
    desk.until(lambda: texts(draft) == [])


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


def test_what_cannot_be_read_is_said_in_a_sentence_and_nothing_comes_in(draft, tmp_path):
    for number, (name, content, sentence) in enumerate(UNREADABLE):
        path = tmp_path / str(number) / name
        path.parent.mkdir()
        if content is not None:
            path.write_bytes(content)
        assert not import_list(draft, path)
        assert sentence in notices(draft), (name, content)
        for notice in draft.window.notices.ids():
            draft.window.notices.remove(notice)
    assert draft.brainstorming.brainstorm.visibility.notes(merged=True) == []


def test_a_table_in_windows_1252_comes_in_and_that_is_said(draft, tmp_path):
    path = tmp_path / "ideas.csv"
    path.write_bytes("text,group\nCafé für alle,Zürich\n".encode("cp1252"))

    assert import_list(draft, path)

    assert [note.text for note in draft.brainstorming.brainstorm.visibility.notes()] == ["Café für alle"]
    assert "came from “ideas.csv”, which is not in UTF-8 and was read as windows-1252." in notices(draft)


def test_what_goes_out_has_groups_and_the_votes_of_closed_polls_and_nothing_that_lies_sealed(draft, tmp_path):
    storm = draft.brainstorming.brainstorm
    assert import_list(draft, _written(tmp_path / "in.md", "## To eat\n\n- Herbs\n- Berries\n"))
    herbs, berries = (note.id for note in storm.visibility.notes())
    options = (Option(herbs, "Herbs"), Option(berries, "Berries"))
    poll = storm.polls.open(Poll("", PollKind.DOTS, "Which?", options, budget=3))
    storm.sessions.begin(Session("", "How?", phase=Phase.WRITE))
    assert import_list(draft, _written(tmp_path / "more.txt", "Secret\n"))
    list_path, table_path = tmp_path / "out.md", tmp_path / "out.csv"

    assert export_list(draft, "md", list_path)
    assert list_path.read_text() == "## To eat\n\n- Herbs <sub>Ada</sub>\n- Berries <sub>Ada</sub>\n"
    storm.polls.close(poll, [Ballot({herbs: 2, berries: 1}, voter="Bo")])
    scores = storm.polls.open(Poll("", PollKind.SCORES, "How good?", options))
    storm.polls.close(scores, [Ballot(scores={"": {herbs: 4}}), Ballot(scores={"": {herbs: 5}})])
    assert export_list(draft, "csv", table_path)

    assert table_path.read_bytes().decode("utf-8-sig").splitlines() == [
        ",".join(COLUMNS),
        "Herbs,To eat,yellow,Ada,2,,,4.5,,,,,,,,,",
        "Berries,To eat,yellow,Ada,1,,,,,,,,,,,,",
    ]
    assert "are written to" in notices(draft)


def test_pictures_links_frames_rankings_and_what_came_late_go_out_and_come_in_again(draft, desk, tmp_path):
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
    draft.brainstorming.brainstorm.polls.close(ranking, [Ballot(ranking=(sketch, herbs))])
    table_path, list_path = tmp_path / "out.csv", tmp_path / "out.md"

    assert export_list(draft, "csv", table_path)
    assert export_list(draft, "md", list_path)

    table = table_path.read_bytes().decode("utf-8-sig")
    assert table.splitlines()[1:] == [
        "Herbs,,yellow,,,,,,,2,,yes,Yard,,1,,",
        f",,yellow,,,,,,,1,,,,sha256:{'a' * 64},,builds on 1; supports 1,",
    ]
    before = listed(draft.brainstorming.brainstorm)
    other = desk.new()
    assert import_list(other, table_path)
    after = listed(other.brainstorming.brainstorm)
    assert [replace(note, rank=None, author="") for note in before] == [replace(note, author="") for note in after]
    assert [replace(note, colour="") for note in before] == from_markdown_or_list(list_path.read_text())


def test_merged_notes_go_out_where_the_one_that_stands_for_them_says_nothing(draft):
    board = draft.brainstorming.brainstorm.board
    notes = [Note("", text, Place(0, 0), created=at) for at, text in enumerate(("", "Herbs", "Thyme"), 1)]
    empty, *others = board.add(notes)
    board.merge_notes(empty, others)
    board.group([empty], "To eat")
    (note,) = listed(draft.brainstorming.brainstorm)
    assert (note.text, note.group, [each.text for each in note.stands_for]) == ("Herbs", "To eat", ["Thyme"])


def test_that_there_are_no_ideas_is_said_before_a_place_is_asked_for(draft):
    draft.window.actions_["export_ideas_csv"].trigger()
    assert "There are no ideas in this document yet." in notices(draft)


def test_a_place_that_cannot_be_written_is_said(draft, tmp_path):
    assert not export_list(draft, "md", tmp_path / "none" / "out.md")
    assert "could not be written" in notices(draft)


def test_rows_of_a_table_that_are_pasted_are_read_as_such_and_tabs_among_words_are_not():
    assert pasted("idea\tgroup\nHerbs\tTo eat\n") == [ListedNote("Herbs", "To eat")]
    assert pasted("one\ttwo\nthree\n") == [ListedNote("one\ttwo"), ListedNote("three")]


def test_notes_that_look_alike_are_hinted_at_after_a_while(draft, desk, tmp_path):
    listing = "Plant herbs along the sunny wall\nHerbs along the sunny wall of the yard\nA pond\n"
    assert import_list(draft, _written(tmp_path / "in.txt", listing))
    desk.until(ideas(draft).strip.isVisible)
    assert "similar to" in next(row for row in ideas(draft).model.rows() if row.text.startswith("Plant")).said


def test_a_closed_document_is_not_followed_any_more(draft, desk, tmp_path):
    assert import_list(draft, _written(tmp_path / "in.txt", "one\n"))
    assert draft.window.close()
    desk.until(lambda: draft.is_closed)
    draft.document.entries("board").add("note:x", {"x": 0})


def test_how_many_ideas_somebody_has_opened_is_shown_once_the_document_is_shared(draft, monkeypatch):
    press(draft, "Ctrl+3")
    QTest.keyClicks(draft.window.focusWidget(), "Herbs")
    press(draft, "Return")
    assert not ideas(draft).coverage.isVisible()
    monkeypatch.setattr(DraftConnection, "has_server", True)
    draft.connection.changed.emit()
    assert ideas(draft).coverage.isVisible()


def test_whoever_may_only_read_can_look_and_not_write(draft):
    press(draft, "Ctrl+3")
    draft.connection.take_rights(Rights(False, False, False))
    assert not ideas(draft).input.isEnabled()
    assert not draft.window.actions_["import_ideas"].isEnabled()
    assert draft.window.actions_["export_ideas_csv"].isEnabled()


def test_a_list_brings_nothing_in_for_who_only_suggests(draft, tmp_path):
    draft.connection.take_rights(Rights(may_edit=False))  # while the file is being chosen, say
    assert not import_list(draft, _written(tmp_path / "in.txt", "one\n"))
    assert listed(draft.brainstorming.brainstorm) == []
    assert "change nothing else in this document" in notices(draft)


def _written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_enlarging_the_text_enlarges_the_list(draft, tmp_path):
    assert import_list(draft, _written(tmp_path / "in.txt", "one\n"))
    view = ideas(draft)
    before = view.tree.visualRect(view.model.index(0, 0)).height()
    for _ in range(4):
        draft.window.actions_["zoom_in"].trigger()
    view.tree.doItemsLayout()
    assert view.tree.visualRect(view.model.index(0, 0)).height() > before


def test_no_row_is_measured_for_a_header_that_is_not_there(draft, tmp_path, monkeypatch):
    assert import_list(draft, _written(tmp_path / "in.txt", "one\ntwo\n"))
    tree = ideas(draft).tree
    tree.executeDelayedItemsLayout()
    measured = counted(monkeypatch, IdeaDelegate, "_width")
    QApplication.sendEvent(tree, QEvent(QEvent.Type.StyleChange))
    QApplication.sendEvent(tree.header().viewport(), QEvent(QEvent.Type.StyleChange))
    assert measured == []
    tree.executeDelayedItemsLayout()
    assert measured


def test_one_votes_beside_the_list_while_a_poll_is_open(draft, desk, tmp_path):
    storm = draft.brainstorming.brainstorm
    session = storm.sessions.begin(Session("", "How?", phase=Phase.RATE))
    assert import_list(draft, _written(tmp_path / "in.txt", "Herbs\nBench\n"))
    view = ideas(draft)
    press(draft, "V")
    assert draft.window.focusWidget() is view.tree
    options = tuple(storm.visibility.options(session))

    poll = storm.polls.open(Poll("", PollKind.DOTS, "Which?", options, budget=3, session=session))
    desk.until(view.side.isVisible)
    (question,) = [each for each in view.side.findChildren(QLabel) if called(each) == "Question of the poll"]
    desk.until(lambda: 0 < question.height() <= question.heightForWidth(question.width()))
    press(draft, "V")
    assert view.side.isAncestorOf(draft.window.focusWidget())
    press(draft, "Up")

    desk.until(lambda: storm.box.ballot(poll) is not None)
    assert storm.box.ballot(poll).dots == {options[0].id: 1}
    press(draft, "Esc")
    assert draft.window.focusWidget() is view.tree
    draft.connection.take_rights(Rights(False, False, False))
    press(draft, "V")
    press(draft, "Up")
    assert storm.box.ballot(poll).dots == {options[0].id: 1}
    assert question.isEnabled()  # a reader reads what is asked, and fills nothing in
    assert not any(field.isEnabled() for field in view.side.findChildren(QSpinBox))
    storm.box.close(poll)
    desk.until(lambda: not view.side.isVisible())


def test_a_reason_that_comes_too_late_beside_the_list_is_said_not_to_count_and_is_no_command(draft, desk, tmp_path):
    storm = draft.brainstorming.brainstorm
    session = storm.sessions.begin(Session("", "How?", phase=Phase.DECIDE))
    assert import_list(draft, _written(tmp_path / "in.txt", "Herbs\nBench\n"))
    view = ideas(draft)
    poll = storm.polls.open(Poll("", PollKind.CONSENT, "So?", (Option("proposal", "Herbs"),), session=session))
    desk.until(view.side.isVisible)
    (reason,) = [each for each in view.side.findChildren(QLineEdit) if called(each) == "Reason"]
    reason.setFocus()
    QTest.keyClicks(reason, "They grow")

    storm.box.close(poll)
    desk.until(lambda: not view.side.isVisible())
    QTest.keyClicks(draft.window.focusWidget(), " k")

    assert "does not count. You wrote: “They grow”." in notices(draft)
    assert not any(note.is_locked for note in storm.board.notes())
    assert view.input.text() == " k"


def test_a_list_that_does_not_say_its_encoding_comes_in_by_the_one_that_the_person_chooses(draft, tmp_path):
    path = tmp_path / "ideas.csv"
    path.write_bytes("text,group\nтравы и ягоды для всех,Сад\n".encode("cp1251"))

    assert not import_list(draft, path)
    (dialog,) = draft.window.findChildren(EncodingDialog)
    assert dialog.encoding.currentData() == "cp1251"
    next(each for each in dialog.findChildren(QPushButton) if each.text() == "&Open").click()

    assert [note.text for note in draft.brainstorming.brainstorm.visibility.notes()] == ["травы и ягоды для всех"]
