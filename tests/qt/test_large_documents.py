"""Large documents are read while the event loop goes on, and whatever happens meanwhile ends well."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QApplication, QLabel

from cowrite.app import on_the_way
from cowrite.bridge.opening import Opened
from cowrite.core.document import Document
from cowrite.core.origin import Origin
from cowrite.storage.document_file import DocumentFile
from helpers.desk import Desk

LINES = 3000


@pytest.fixture
def large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of a document that counts as large, as all do."""
    monkeypatch.setattr(on_the_way, "LARGE", 1)
    document = Document.new(clock=lambda: 1)
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "".join(f"{number} words of a line\n" for number in range(LINES)))
    path = tmp_path / "large.cowrite"
    DocumentFile.create(path, state=document.state()).close()
    return path


class Heard(QObject):
    """Notes how many drafts are open when an event comes."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.found: list[int] = []

    def event(self, event: QEvent) -> bool:
        self.found.append(len(self._desk.application.drafts))
        return True


def said(window: QObject) -> str:
    return " ".join(label.text() for label in window.findChildren(QLabel))


def test_while_a_large_document_is_read_the_event_loop_turns(desk, large):
    heard = Heard(desk)
    assert desk.application.open_path(large) is None
    QCoreApplication.postEvent(heard, QEvent(QEvent.Type.User))
    desk.until(lambda: desk.application.drafts)
    assert heard.found == [0]
    [draft] = desk.application.drafts
    assert draft.document.text().startswith("0 words")
    draft.editor.set_caret(0)
    assert draft.window.isVisible()
    draft.editor.insertPlainText("mine ")
    draft.document.settle()
    assert draft.document.text().startswith("mine 0 words")
    draft.editor.undo_own()
    assert draft.document.text().startswith("0 words")


def test_a_large_document_that_is_opened_twice_has_one_window(desk, large):
    shown = []
    desk.application.open_path(large, shown.append)
    desk.application.open_path(large, shown.append)
    desk.until(lambda: shown[1:])
    assert desk.application.drafts == [shown[0]] == [shown[1]]
    assert desk.application.open_path(large) is shown[0]


def test_who_cannot_wait_for_a_large_document_gets_it_now(desk, large):
    desk.application.open_path(large)
    draft = desk.application.open_path(large, now=True)
    assert desk.application.drafts == [draft]


def test_a_large_document_that_arrives_when_all_has_ended_is_closed(desk, large, monkeypatch):
    closed = []
    close = Opened.close
    monkeypatch.setattr(Opened, "close", lambda opened: (close(opened), closed.append(opened.file.path)))
    desk.application.open_path(large)
    desk.leave()
    assert closed == [large]
    assert desk.application.drafts == []
    DocumentFile.open(large).close()  # nobody has it locked


def test_who_quits_while_a_large_document_is_read_has_it_again_the_next_time(desk, large, tmp_path, qtbot, monkeypatch):
    monkeypatch.setattr(desk.application._app, "quit", lambda: None)
    desk.application.open_path(large)
    desk.application.quit()
    assert desk.application.drafts == []
    desk.until(lambda: desk.application.session._is_over)
    desk.until(lambda: not desk.application.drafts)
    desk.leave()
    again = Desk(tmp_path / "home", qtbot)
    try:
        again.application.start(())
        again.until(lambda: again.application.drafts)
        assert again.application.drafts[0].path == large
    finally:
        again.leave()


def test_why_a_large_document_cannot_be_opened_is_said(desk, large):
    draft = desk.new()
    held = DocumentFile.open(large)
    try:
        desk.application.open_path(large)
        desk.until(lambda: "large" in said(draft.window.notices))
    finally:
        held.close()
    assert desk.application.drafts == [draft]
    assert desk.application.open_path(large) is None
    desk.until(lambda: desk.application.drafts[1:])


def test_a_large_file_that_is_no_document_is_named(desk, large):
    draft = desk.new()
    large.write_bytes(b"no document" * 1000)
    desk.application.open_path(large)
    desk.until(lambda: "large" in said(draft.window.notices))
    assert desk.application.drafts == [draft]


def test_the_caret_at_the_end_of_a_large_document_is_there_again_after_a_restart(desk, large, tmp_path, qtbot):
    desk.application.open_path(large)
    desk.until(lambda: desk.application.drafts)
    end = desk.application.drafts[0].document.length - 1
    desk.application.drafts[0].editor.set_caret(end)
    desk.leave()
    again = Desk(tmp_path / "home", qtbot)
    try:
        again.application.start(())
        assert again.application.drafts == []
        again.until(lambda: again.application.drafts)
        [draft] = again.application.drafts
        again.until(lambda: draft.editor.caret() == (end, end))
        assert draft.editor.document().characterCount() - 1 == end
    finally:
        again.leave()


def test_a_large_document_that_is_renamed_in_the_library_while_it_is_read_has_one_file(desk, large):
    path = large.rename(desk.application.library.folder / "large.cowrite")
    desk.application.open_path(path)
    desk.application._library_flow._rename(str(path), "Other")
    desk.until(lambda: desk.application.drafts)
    [draft] = desk.application.drafts
    desk.until(lambda: draft.title == "Other")
    draft.saved.save_now()
    assert [each.name for each in path.parent.glob("*.cowrite")] == [draft.path.name]


def test_a_large_document_that_is_deleted_in_the_library_while_it_is_read_is_closed(desk, large):
    desk.application.open_path(large)
    desk.application._library_flow._trash_soon(str(large))
    assert desk.application.drafts == []
    assert str(large) in desk.application._library_flow._leaving
    QApplication.processEvents()
    assert desk.application.drafts == []
