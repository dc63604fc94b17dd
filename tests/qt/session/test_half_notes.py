"""Half notes: what somebody is writing on the pad is there again after a kill, on the pad of its session."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QListWidget, QPlainTextEdit

from cowrite.app.session import half_note
from cowrite.app.session.half_note import KEEP_DELAY
from cowrite.core.sessions.sessions import Phase, Session
from cowrite.storage.library import closed_files
from cowrite.storage.sealed_items import kept_at
from cowrite.sync.rights import Rights
from helpers.desk import notices
from helpers.session_table import Table


def half_notes(table: Table) -> list[Path]:
    return list(table.desk.paths.half_notes.glob("*.json"))  # and not one that is being written beside it


def killed(table: Table, words: str, field: QLineEdit | None = None) -> Callable[[], None]:
    """Types on the pad, or into a field; gives what leaves the draft as a kill would, and opens it again at its
    session."""
    QTest.keyClicks(field or table.find(QPlainTextEdit, "A new note"), words)
    table.desk.until(lambda: half_notes(table))
    (file,) = half_notes(table)
    there, draft = file.read_bytes(), table.draft
    assert words.encode() not in draft.document.state()

    def again() -> None:
        table.find(QPlainTextEdit, "A new note").clear()
        assert draft.window.close()
        assert not half_notes(table)
        file.write_bytes(there)
        table.draft = table.desk.open(draft.path)
        table.draft.brainstorming.show("session")

    return again


def test_half_a_note_is_there_after_a_kill_though_the_group_has_gone_on_until_it_is_a_note(table: Table) -> None:
    table.begin()
    again = killed(table, "Half a no")
    table.go(Phase.RATE)
    again()
    assert table.view.page is table.pad
    line = table.find(QPlainTextEdit, "A new note")
    assert line.toPlainText() == "Half a no"
    assert table.offer() == "The group is at Rate; you are at Write."
    QTest.keyClicks(line, "te")
    QTest.keyClick(line, Qt.Key.Key_Return)
    table.desk.until(lambda: [note.text for note in table.brainstorm.visibility.notes()] == ["Half a note"])
    table.desk.until(lambda: not half_notes(table))


def test_where_the_file_of_half_notes_cannot_be_read_it_is_tried_again_with_the_next_words_and_by_itself(
    table: Table, caplog
) -> None:
    place = kept_at(table.desk.paths.half_notes, table.draft.document_id)
    place.mkdir(parents=True)
    table.begin()
    QTest.keyClicks(table.find(QPlainTextEdit, "A new note"), "Half a")
    half = table.flow.pages.half_note
    half.keep()
    assert half._timer.remainingTime() > 10 * KEEP_DELAY
    assert "What you had begun on the pad cannot be read now." in notices(table.draft)
    caplog.clear()
    place.rmdir()
    QTest.keyClicks(table.find(QPlainTextEdit, "A new note"), " no")
    table.desk.until(place.is_file, seconds=5)


def test_where_the_file_of_half_notes_is_broken_that_is_said_and_it_is_kept(table: Table) -> None:
    place = kept_at(table.desk.paths.half_notes, table.draft.document_id)
    place.parent.mkdir(parents=True)
    place.write_text('{"session:1": "Half a')
    table.begin()
    (aside,) = place.parent.iterdir()
    assert aside.read_text() == '{"session:1": "Half a'
    assert str(aside) in notices(table.draft)


def test_a_note_that_is_being_changed_is_so_again_after_a_kill(table: Table) -> None:
    table.begin()
    table.write("Trees", "Benches")
    notes = table.find(QListWidget, "Your notes")
    notes.setCurrentRow(1)
    QTest.keyClick(notes, Qt.Key.Key_F2)
    field = notes.findChild(QLineEdit)
    QTest.keyClick(field, Qt.Key.Key_End)
    again = killed(table, " and lind", field)
    QTest.keyClick(field, Qt.Key.Key_Escape)
    again()
    table.draft.window.views.current.enter()  # which leaves the keyboard where one was writing
    field = table.find(QListWidget, "Your notes").findChild(QLineEdit)
    assert field.text() == "Trees and lind"
    QTest.keyClicks(field, "ens")
    QTest.keyClick(field, Qt.Key.Key_Return)
    table.desk.until(lambda: not half_notes(table))
    texts = {note.text for note in table.brainstorm.box.notes(table.flow.session.id)}
    assert texts == {"Trees and lindens", "Benches"}


def test_half_a_note_never_comes_on_the_pad_of_another_session(table: Table) -> None:
    first = table.begin()
    again = killed(table, "Half a no")
    table.brainstorm.sessions.change(first, is_over=True)
    table.brainstorm.sessions.begin(Session("", "What do we eat?", phase=Phase.WRITE))
    again()
    assert table.text("Question") == "How might we rest?"
    assert table.find(QPlainTextEdit, "A new note").toPlainText() == "Half a no"
    table.draft.window.views.keep()  # as when cowrite ends: nobody has said what is to become of it
    assert table.brainstorm.visibility.published() == []
    table.find(QAbstractButton, "Drop").click()
    table.desk.until(lambda: table.text("Question") == "What do we eat?")
    assert table.find(QPlainTextEdit, "A new note").toPlainText() == ""
    table.desk.until(lambda: not half_notes(table))


def test_what_is_half_written_for_a_session_that_ends_meanwhile_is_made_no_note_of_it(table: Table) -> None:
    id = table.begin()
    QTest.keyClicks(table.find(QPlainTextEdit, "A new note"), "Half a no")
    table.draft.brainstorming.show("draft")
    table.brainstorm.sessions.change(id, is_over=True)
    table.flow.refresh()
    table.draft.window.views.keep()  # as when the document is closed
    assert table.brainstorm.visibility.published() == []
    table.draft.brainstorming.show("session")
    for may_edit in (True, False):
        table.draft.connection.take_rights(Rights(may_edit, True, True))
        table.flow.refresh()
        answers = [each.text() for each in table.pad.findChildren(QAbstractButton) if each.isVisible()]
        assert answers == (["Keep as a note", "Drop"] if may_edit else ["Drop"])


def test_half_a_note_for_which_there_was_no_room_is_told_and_written_by_itself(table: Table, monkeypatch) -> None:
    monkeypatch.setattr(half_note, "TRY_AGAIN", 0)
    table.begin()
    folder = table.desk.paths.half_notes
    folder.write_text("in the way")
    QTest.keyClicks(table.find(QPlainTextEdit, "A new note"), "Half a no")
    table.desk.until(lambda: "What you have begun on the pad cannot be kept" in notices(table.draft))
    folder.unlink()
    table.desk.until(lambda: half_notes(table))
    table.desk.until(lambda: "cannot be kept" not in notices(table.draft))


def test_half_a_note_for_which_there_was_no_room_is_written_when_the_document_is_closed_and_goes_with_it(
    table: Table, monkeypatch
) -> None:
    id = table.begin()
    folder = table.desk.paths.half_notes
    folder.write_text("in the way")
    QTest.keyClicks(table.find(QPlainTextEdit, "A new note"), "Half a no")
    table.flow.pages.half_note.keep()
    table.desk.application.storage.finish()
    folder.unlink()
    table.brainstorm.sessions.change(id, is_over=True)
    table.flow.refresh()
    assert table.draft.window.close()
    assert half_notes(table)
    monkeypatch.setattr(closed_files, "move_to_trash", Path.unlink)
    library = table.desk.application._library_flow
    library.trash_soon(str(table.draft.path))
    library._trash()
    table.desk.until(lambda: not half_notes(table))
