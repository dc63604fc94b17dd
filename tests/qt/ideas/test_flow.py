"""The list of ideas within a document's window: its tab, and its keys among the menu's."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QGuiApplication, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from cowrite.app.assistant.switch import OFF
from cowrite.app.bare_draft.connection import DraftConnection
from cowrite.app.ideas.lists import import_list
from cowrite.core.board.items import Hand, Note, Place, Tie
from cowrite.core.brainstorm.model_notes import put_model_notes
from cowrite.core.text.origin import Origin
from cowrite.gui.commands.shortcuts_dialog import ShortcutsDialog
from cowrite.gui.ideas.delegate import IdeaDelegate
from cowrite.gui.ideas.note_field import NoteField
from cowrite.sync.rights import Rights
from helpers.assisted import record, shown_marks
from helpers.called import read_out
from helpers.counting import counted
from helpers.desk import notices
from helpers.ideas_tab import ideas, press, texts, written


def test_nothing_of_the_ideas_is_loaded_before_their_tab_is_chosen(draft):
    assert draft.brainstorming._brainstorm is None


def test_ideas_are_written_one_tab_away_and_undo_goes_to_them(draft, home):
    press(draft, "Ctrl+3")
    for idea in ("Herbs", "Bench"):
        QTest.keyClicks(draft.window.focusWidget(), idea)
        press(draft, "Return")
    assert texts(draft) == ["All ideas", "Herbs", "Bench"]

    draft.window.actions_["undo"].trigger()

    home.until(lambda: texts(draft) == ["All ideas", "Herbs"])
    assert draft.document.text() == "The draft\n"
    draft.window.actions_["redo"].trigger()
    home.until(lambda: texts(draft) == ["All ideas", "Herbs", "Bench"])


def test_the_lists_own_keys_come_before_those_of_the_menus(draft, home):
    press(draft, "Ctrl+3")
    QTest.keyClicks(draft.window.focusWidget(), "Herbs")
    press(draft, "Return")
    press(draft, "Down")
    assert draft.window.focusWidget() is ideas(draft).list.tree

    press(draft, "E")  # asks the assistant for more ideas
    assert OFF in notices(draft)

    press(draft, "F2")  # in the menu it renames the document

    assert isinstance(draft.window.focusWidget(), NoteField)
    QTest.keyClicks(draft.window.focusWidget(), "Thyme")
    press(draft, "Return")
    home.until(lambda: texts(draft) == ["All ideas", "Thyme"])
    press(draft, "Ctrl+F")
    assert draft.window.focusWidget() is ideas(draft).list.finding.field


def test_pasting_by_the_menu_means_what_has_the_keyboard(draft, home):
    press(draft, "Ctrl+3")
    line, paste = ideas(draft).list.input, draft.window.actions_["paste"]
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
    ideas(draft).list.tree.setFocus()
    ideas(draft).select_all()
    ideas(draft).copy()
    ideas(draft).paste()

    notes = board.notes()
    assert sorted((note.text, note.hand) for note in notes) == 2 * [("Bench", Hand.ADOPTED)] + 2 * [
        ("Herbs", Hand.MODEL)
    ]
    assert {note.author for note in notes if note.hand is Hand.MODEL} == {""}


def copied_all(draft) -> None:
    """Copies all notes of the list."""
    press(draft, "Ctrl+3")
    ideas(draft).list.tree.setFocus()
    ideas(draft).select_all()
    ideas(draft).copy()


def test_ideas_of_the_assistant_are_marked_in_the_draft_into_which_the_list_is_pasted(draft):
    brainstorm = draft.brainstorming.brainstorm
    known = record("r1")
    one, two = put_model_notes(brainstorm, [("Herbs for all", "nature"), ("A pond", "children")], known)
    brainstorm.change({one: {"text": "Herbs, and benches\nfor all"}})
    bench, _pond = brainstorm.write([Note("", "Bench", Place(0, 400)), Note("", "A pond", Place(0, 600))])
    brainstorm.merge(one, [two])
    brainstorm.board.group([one, bench], "Green")
    copied_all(draft)
    press(draft, "Ctrl+1")
    press(draft, "Ctrl+End")
    press(draft, "Return")
    press(draft, "Ctrl+V")
    shown = shown_marks(draft.document)
    merged = "r1[A pond] by the assistant, not adopted; merged"
    wrote = "it wrote: “r1[Herbs for all]”"
    assert f"r1[Herbs], and benches Ada; from the assistant; {wrote}\nr1[for all]\n{merged}\n" in shown
    assert {"The draft", "Green", "Bench Ada", "A pond Ada"} <= set(shown.split("\n"))
    assert draft.document.assists.record("r1") == known


@pytest.mark.parametrize("view", ["Ctrl+2", "Ctrl+3"])
def test_words_that_are_copied_in_the_field_of_an_idea_of_the_assistants_are_marked_in_the_draft(draft, view):
    brainstorm = draft.brainstorming.brainstorm
    (one,) = put_model_notes(brainstorm, [("Herbs for all of us", "nature")], record("r1"))
    brainstorm.change({one: {"text": "Herbs 🙂 and thyme\nfor all of us"}})
    press(draft, view)
    if view == "Ctrl+3":
        ideas(draft).list.tree.setFocus()
        ideas(draft).list.tree.go_to(one)
        press(draft, "F2")
    else:
        draft.window.views.current.writing.edit(one)
    field = draft.window.focusWidget()
    assert isinstance(field, QPlainTextEdit)
    cursor = field.textCursor()
    cursor.setPosition(2)
    cursor.setPosition(26, QTextCursor.MoveMode.KeepAnchor)
    field.setTextCursor(cursor)
    draft.window.actions_["copy"].trigger()
    assert QGuiApplication.clipboard().text() == "rbs 🙂 and thyme\nfor all"
    press(draft, "Escape")
    press(draft, "Ctrl+1")
    press(draft, "Ctrl+End")
    press(draft, "Ctrl+V")
    assert shown_marks(draft.document) == "The draftr1[rbs] 🙂 and thyme\nr1[for all]\n"


def test_a_list_of_ideas_that_is_pasted_on_a_board_is_notes_with_all_that_they_had(draft, home):
    brainstorm = draft.brainstorming.brainstorm
    (one,) = put_model_notes(brainstorm, [("Herbs for all", "nature")], record("r1"))
    brainstorm.change({one: {"text": "Herbs for us all"}})
    (bench,) = brainstorm.write([Note("", "Bench", Place(0, 400), "blue")])
    brainstorm.board.group([one, bench], "Green")
    brainstorm.board.link(bench, one, Tie.SUPPORTS)
    before = brainstorm.visibility.notes()
    copied_all(draft)
    press(draft, "Ctrl+2")
    draft.window.actions_["paste"].trigger()

    new = [note for note in brainstorm.visibility.notes() if note.id not in (one, bench)]
    kept = ("text", "hand", "assist", "lens", "model_text", "colour", "author")
    came = {note.text: note.id for note in new}
    assert sorted([getattr(note, name) for name in kept] for note in new) == sorted(
        [getattr(note, name) for name in kept] for note in before
    )
    assert [group.title for group in brainstorm.board.groups()] == ["Green", "Green"]
    links = {(link.start, link.end, link.tie) for link in brainstorm.board.links()}
    assert links == {(bench, one, Tie.SUPPORTS), (came["Bench"], came["Herbs for us all"], Tie.SUPPORTS)}


def test_an_idea_of_the_assistant_that_is_copied_on_the_board_is_its_own_in_the_list_too(draft):
    brainstorm = draft.brainstorming.brainstorm
    one, _two = put_model_notes(brainstorm, [("Herbs for all", "nature"), ("A pond", "children")], record("r1"))
    brainstorm.change({one: {"text": "Herbs for us all"}})
    press(draft, "Ctrl+2")
    draft.window.actions_["select_all"].trigger()
    draft.window.actions_["copy"].trigger()
    press(draft, "Ctrl+3")
    ideas(draft).list.tree.setFocus()
    ideas(draft).paste()
    notes = brainstorm.visibility.notes()
    assert sorted((note.text, note.hand, note.model_text) for note in notes) == [
        *2 * [("A pond", Hand.MODEL, "A pond")],
        *2 * [("Herbs for us all", Hand.ADOPTED, "Herbs for all")],
    ]


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


def test_notes_that_look_alike_are_hinted_at_after_a_while(draft, home, tmp_path):
    listing = "Plant herbs along the sunny wall\nHerbs along the sunny wall of the yard\nA pond\n"
    assert import_list(draft, written(tmp_path / "in.txt", listing))
    home.until(ideas(draft).list.strip.isVisible)
    assert "similar to" in next(row for row in ideas(draft).list.model.rows() if row.text.startswith("Plant")).said


def test_a_closed_document_is_not_followed_any_more(draft, home, tmp_path):
    assert import_list(draft, written(tmp_path / "in.txt", "one\n"))
    assert draft.window.close()
    home.until(lambda: draft.is_closed)
    draft.document.entries("board").add("note:x", {"x": 0})


def test_the_help_has_the_lists_keys_and_how_many_ideas_one_has_opened_is_shown_once_the_document_is_shared(
    draft, monkeypatch
):
    press(draft, "Ctrl+3")
    QTest.keyClicks(draft.window.focusWidget(), "Herbs")
    press(draft, "Return")
    assert not ideas(draft).list.coverage.isVisible()
    monkeypatch.setattr(DraftConnection, "has_server", True)
    draft.connection.changed.emit()
    assert ideas(draft).list.coverage.isVisible()
    draft.window.actions_["shortcuts"].trigger()
    (dialog,) = draft.window.findChildren(ShortcutsDialog)
    assert {"Take out of the group: Ctrl+Shift+G", "Share: Ctrl+Alt+S"} <= set(read_out(dialog.tree))
    dialog.close()


def test_whoever_may_only_read_can_look_and_not_write(draft):
    press(draft, "Ctrl+3")
    draft.connection.take_rights(Rights(False, False, False))
    assert not ideas(draft).list.input.isEnabled()
    assert not draft.window.actions_["import_ideas"].isEnabled()
    assert draft.window.actions_["export_ideas_csv"].isEnabled()


def test_enlarging_the_text_enlarges_the_list_and_no_row_is_measured_for_a_header_that_is_not_there(
    draft, tmp_path, monkeypatch
):
    assert import_list(draft, written(tmp_path / "in.txt", "one\ntwo\n"))
    view = ideas(draft)
    before = view.list.tree.visualRect(view.list.model.index(0, 0)).height()
    for _ in range(4):
        draft.window.actions_["zoom_in"].trigger()
    view.list.tree.doItemsLayout()
    assert view.list.tree.visualRect(view.list.model.index(0, 0)).height() > before

    tree = view.list.tree
    tree.executeDelayedItemsLayout()
    measured = counted(monkeypatch, IdeaDelegate, "_width")
    QApplication.sendEvent(tree, QEvent(QEvent.Type.StyleChange))
    QApplication.sendEvent(tree.header().viewport(), QEvent(QEvent.Type.StyleChange))
    assert measured == []
    tree.executeDelayedItemsLayout()
    assert measured
