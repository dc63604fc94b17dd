"""What a person meets when a draft is closed that cannot be saved: nothing is lost unasked, and everything closes."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from cowrite.app.draft import dialogs as draft_dialogs
from cowrite.app.draft.draft import Draft
from cowrite.core.sessions.sessions import Phase
from cowrite.gui.session.parts import Paragraph
from cowrite.storage.document.document_file import DocumentFile
from cowrite.storage.errors import DiskFull
from cowrite.storage.session import load_session
from helpers.closing import Quits, answer, close_and_answer, question
from helpers.desk import Desk, elsewhere, here, notices, write
from helpers.session_table import Table

pytestmark = pytest.mark.journey


@pytest.fixture
def broken(sit, tmp_path) -> Iterator[tuple[Desk, Draft]]:
    """A draft with a change that its disk does not take. What is open still at the end is given up: cowrite leaves the
    file of such a draft open until its process ends, and this one goes on."""
    if sys.platform == "win32":
        pytest.skip("open files cannot be moved there")
    desk = sit()
    draft = elsewhere(desk, tmp_path / "stick", "saved")
    (tmp_path / "stick").rename(tmp_path / "away")
    QTest.keyClick(draft.editor, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    write(draft, " and more")
    desk.until(lambda: here(draft) == "Not saved on this computer")
    yield desk, draft
    for each in desk.application.documents.drafts:
        each.give_up()


@pytest.fixture
def full(sit, monkeypatch) -> tuple[Desk, Draft]:
    """A draft with a change for which its disk has no room."""
    desk = sit()
    draft = desk.new()
    write(draft, "saved")
    draft.saved.write()

    def refuse(file: DocumentFile, _updates: Sequence[bytes]) -> None:
        raise DiskFull(file.path)

    monkeypatch.setattr(DocumentFile, "append", refuse)
    write(draft, " and more")
    desk.until(lambda: here(draft) == "Not saved on this computer")
    return desk, draft


@pytest.fixture
def save_to(monkeypatch) -> Callable[..., None]:
    """Has the person choose this file for a copy, and this kind of file."""
    return lambda path, kind="": monkeypatch.setattr(
        draft_dialogs.QtWidgets.QFileDialog, "getSaveFileName", lambda *_: (str(path), kind)
    )


@pytest.fixture
def close_with_copy(save_to) -> Callable[[Draft, Path], None]:
    """Closes a draft that cannot be saved, and has a copy of it saved to this file."""

    def close_with_copy(draft: Draft, path: Path) -> None:
        save_to(path)
        close_and_answer(draft, "Save a copy…")

    return close_with_copy


def test_a_draft_that_cannot_be_saved_stays_open_by_default_and_may_be_closed_without_its_last_changes(
    full, monkeypatch, caplog
):
    desk, draft = full
    assert not draft.window.close()
    box = question(draft)
    assert box is not None
    assert box.defaultButton().text() == box.escapeButton().text() == "Keep open"
    answer(draft, "Keep open")
    assert draft.window.isVisible()
    assert question(draft) is None
    write(draft, "more")
    assert "more" in draft.document.text()

    path = draft.path
    close_and_answer(draft, "Close and lose the last changes")
    assert desk.application.documents.drafts == []
    monkeypatch.undo()
    assert desk.open(path).document.text() == "saved\n"
    caplog.clear()


def test_a_draft_without_a_file_offers_a_copy_first_and_says_that_all_of_it_may_be_lost_if_one_closes_it(
    broken, tmp_path, caplog, close_with_copy
):
    desk, draft = broken
    assert not draft.window.close()
    box = question(draft)
    assert box is not None
    assert box.defaultButton().text() == "Save a copy…"
    assert box.escapeButton().text() == "Keep open"
    assert "has no file any more" in box.text()
    assert "closing without a copy loses the whole document" in box.informativeText()
    assert "Close and lose the last changes" not in {button.text() for button in box.buttons()}
    answer(draft, "Keep open")

    copy = tmp_path / "nowhere" / "copy.cowrite"
    close_with_copy(draft, copy)
    desk.until(lambda: str(copy) in notices(draft))
    assert desk.application.documents.drafts == [draft]

    close_and_answer(draft, "Close and lose the document")
    assert desk.application.documents.drafts == []
    assert desk.open(tmp_path / "away" / "saved.cowrite").document.text() == "saved\n"
    caplog.clear()


def test_a_person_may_save_a_copy_elsewhere_which_holds_what_was_typed_meanwhile_and_the_draft_closes(
    broken, tmp_path, save_to, caplog
):
    desk, draft = broken
    copy = tmp_path / "copy.cowrite"
    save_to(copy)
    assert not draft.window.close()
    disk = threading.Event()
    desk.application.storage.run(disk.wait)
    answer(draft, "Save a copy…")
    write(draft, " and this")
    disk.set()
    desk.until(lambda: desk.application.documents.drafts == [])
    assert desk.open(copy).document.text() == "saved and more and this\n"
    caplog.clear()


def test_a_copy_holds_everything_when_the_drafts_own_file_cannot_even_be_read(
    broken, tmp_path, close_with_copy, caplog
):
    desk, draft = broken
    copy = tmp_path / "copy.cowrite"
    desk.application.storage.run_now(draft.saved.file._held.connection.close)
    close_with_copy(draft, copy)
    desk.until(lambda: desk.application.documents.drafts == [])
    assert desk.open(copy).document.text() == "saved and more\n"
    caplog.clear()


@pytest.mark.parametrize(("name", "kind"), [("copy.md", ""), ("copy", "Markdown (*.md)")])
def test_a_copy_may_be_markdown(broken, tmp_path, save_to, caplog, name, kind):
    desk, draft = broken
    save_to(tmp_path / name, kind)
    close_and_answer(draft, "Save a copy…")
    assert desk.application.documents.drafts == []
    assert (tmp_path / "copy.md").read_text() == "saved and more\n"
    caplog.clear()


def test_a_refused_quit_closes_nothing_and_the_session_stays_whole(broken, monkeypatch, caplog):
    desk, draft = broken
    quits = Quits(desk, monkeypatch)
    before = desk.new()
    write(before, "in time")
    desk.application.documents.drafts.reverse()
    desk.application.quit()
    answer(draft, "Keep open")
    assert desk.application.documents.drafts == [before, draft]
    assert before.window.isVisible()
    desk.application.storage.run_now(lambda: None)
    session = load_session(desk.paths.session)
    assert [document.path for document in session.documents] == [before.path, draft.path]
    assert here(before) == "Saved on this computer"
    assert quits.count == 0
    caplog.clear()


def test_cowrite_ends_once_the_person_gives_up_what_cannot_be_saved(broken, monkeypatch, caplog):
    desk, draft = broken
    quits = Quits(desk, monkeypatch)
    other = desk.new()
    write(other, "in time")
    path = other.path
    desk.application.quit()
    answer(draft, "Close and lose the document")
    assert desk.application.documents.drafts == []
    assert quits.count == 1
    assert desk.open(path).document.text() == "in time\n"
    session = load_session(desk.paths.session)
    assert path in [document.path for document in session.documents]
    caplog.clear()


def test_what_is_typed_after_a_draft_was_given_up_is_asked_about_before_cowrite_ends(
    broken, tmp_path, monkeypatch, caplog
):
    desk, draft = broken
    quits = Quits(desk, monkeypatch)
    other = elsewhere(desk, tmp_path / "drive", "other")
    (tmp_path / "drive").rename(tmp_path / "unplugged")
    write(other, " words")
    desk.application.quit()
    answer(draft, "Close and lose the document")
    write(draft, " and this")
    answer(other, "Close and lose the document")
    assert quits.count == 0
    answer(draft, "Keep open")
    assert desk.application.documents.drafts == [draft, other]
    caplog.clear()


def test_a_draft_that_is_written_closes_though_a_part_of_it_fails_as_where_the_program_is_being_replaced(
    sit, monkeypatch, caplog
):
    desk = sit()
    draft = desk.new()
    write(draft, "words")

    def fail() -> None:
        raise ImportError("the test says so")

    monkeypatch.setattr(draft.history, "close", fail)
    assert draft.window.close()
    assert desk.application.documents.drafts == []
    assert "a part of a document did not end as it should" in caplog.text
    caplog.clear()
    assert desk.open(draft.path).document.text() == "words\n"


def test_an_idea_that_one_is_writing_when_the_window_closes_is_there_again(sit):
    desk = sit()
    paths = {}
    for view in ("board", "ideas"):
        draft = desk.new()
        desk.until(draft.window.isActiveWindow)
        draft.brainstorming.show(view)
        if view == "board":
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_N)
        QTest.keyClicks(QApplication.focusWidget(), f"half a thought on {view}")
        paths[view] = draft.path
        assert draft.window.close()
    desk.leave()

    again = sit()
    for view, path in paths.items():
        notes = again.open(path).brainstorming.brainstorm.visibility.notes()
        assert [note.text for note in notes] == [f"half a thought on {view}"]


def test_a_silent_note_and_a_question_that_one_is_writing_when_the_window_closes_are_there_again(sit):
    desk = sit()
    table = Table(desk, desk.new())
    table.begin(Phase.FRAME)
    QTest.keyClicks(table.find(Paragraph, "Constraints"), "No money")
    table.go(Phase.WRITE)
    table.flow.go_there()
    table.write("Trees")
    QTest.keyClicks(table.find(QPlainTextEdit, "A new note"), "half a thought")
    path = table.draft.path
    assert table.draft.window.close()
    desk.leave()

    desk = sit()
    again = Table(desk, desk.open(path))
    session = again.flow.session
    assert session.constraints == "No money"
    assert sorted(note.text for note in again.brainstorm.box.notes(session.id)) == ["Trees", "half a thought"]


def test_a_draft_that_stays_open_stays_connected_and_what_one_is_writing_when_one_quits_reaches_the_others(
    ada, draft, sit, team_server, monkeypatch, caplog
):
    ben = sit("Ben")
    theirs = ben.joined(team_server.invite("plan"))
    quits = Quits(ada, monkeypatch)
    write_now, writes = draft.saved.write, iter([True])

    def write_once() -> None:
        if not next(writes, False):
            raise DiskFull(draft.path)
        write_now()

    with monkeypatch.context() as full:
        full.setattr(draft.saved, "write", write_once)
        ada.application.quit()
    answer(draft, "Keep open")
    draft.document.meta.set_title("Herbs")
    ben.until(lambda: theirs.document.meta.title == "Herbs")

    draft.come_to_front()
    ada.until(draft.window.isActiveWindow)
    draft.brainstorming.show("board")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_N)
    QTest.keyClicks(QApplication.focusWidget(), "half a thought")
    ada.application.quit()
    assert quits.count == 1
    notes = theirs.brainstorming.brainstorm.visibility.notes
    ben.until(lambda: [note.text for note in notes()] == ["half a thought"])
    caplog.clear()
