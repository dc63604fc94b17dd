"""Large documents are read while the event loop goes on, and whatever happens meanwhile ends well."""

from __future__ import annotations

import weakref
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from cowrite.app import application
from cowrite.app.documents import on_the_way
from cowrite.bridge.file import opening
from cowrite.bridge.file.opening import Opened
from cowrite.core.document.document import Document
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin
from cowrite.storage.document.document_file import DocumentFile
from cowrite.storage.session import load_session
from cowrite.worker import memory
from helpers.desk import Desk
from helpers.while_read import Heard, said


@pytest.fixture
def large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of a document that counts as large, as all do: a few hundred lines, which are soon shown."""
    monkeypatch.setattr(on_the_way, "LARGE", 1)
    return lines(tmp_path / "large.cowrite", 300)


def lines(path: Path, count: int) -> Path:
    """Makes the file of a document with so many lines."""
    path.unlink(missing_ok=True)
    document = MendedDocument.new(clock=lambda: 1)
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "".join(f"{number} words of a line\n" for number in range(count)))
    DocumentFile.create(path, state=document.state()).close()
    return path


def test_while_a_large_document_is_read_the_event_loop_turns(desk, large):
    heard = Heard(desk)
    QCoreApplication.postEvent(heard, QEvent(QEvent.Type.User))  # comes before all that the reading tells
    assert desk.application.documents.open(large) is None
    desk.until(lambda: desk.application.documents.drafts)
    assert heard.found == [0]
    [draft] = desk.application.documents.drafts
    assert draft.document.text().startswith("0 words")
    draft.editor.set_caret(0)
    assert draft.window.isVisible()
    draft.editor.insertPlainText("mine ")
    draft.document.settle()
    assert draft.document.text().startswith("mine 0 words")
    draft.editor.undo_own()
    assert draft.document.text().startswith("0 words")


def test_a_document_that_was_closed_is_gone_and_its_memory_goes_back_to_the_system(desk, large, monkeypatch):
    given: list[Document | None] = []
    monkeypatch.setattr(memory, "trim", lambda: given.append(document()))
    desk.application._trim_timer.setInterval(300)  # milliseconds
    draft = desk.open(large)
    document = weakref.ref(draft.document)
    draft.window.close()
    del draft
    desk.application.storage.run_now(lambda: None)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    desk.until(lambda: given)
    assert given == [None]


def test_a_large_document_that_is_opened_twice_has_one_window(desk, large):
    shown = []
    desk.application.documents.open(large, shown.append)
    desk.application.documents.open(large, shown.append)
    desk.until(lambda: shown[1:])
    assert desk.application.documents.drafts == [shown[0]] == [shown[1]]
    assert desk.application.documents.open(large) is shown[0]


def test_who_cannot_wait_for_a_large_document_gets_it_now(desk, large):
    desk.application.documents.open(large)
    draft = desk.application.documents.open(large, now=True)
    assert desk.application.documents.drafts == [draft]


def test_a_large_document_that_arrives_when_all_has_ended_is_closed(desk, large, monkeypatch):
    closed = []
    close = Opened.close
    monkeypatch.setattr(Opened, "close", lambda opened: (close(opened), closed.append(opened.file.path)))
    desk.application.documents.open(large)
    desk.leave()
    assert closed == [large]
    assert desk.application.documents.drafts == []
    DocumentFile.open(large).close()  # nobody has it locked


def test_who_quits_while_a_large_document_is_read_has_it_again_the_next_time(desk, large, tmp_path, qtbot, monkeypatch):
    monkeypatch.setattr(desk.application.parent(), "quit", lambda: None)
    desk.application.documents.open(large)
    desk.application.quit()
    assert desk.application.documents.drafts == []
    desk.until(lambda: desk.application.session._is_over)
    desk.until(lambda: not desk.application.documents.drafts)
    desk.leave()
    again = Desk(tmp_path / "home", qtbot)
    try:
        again.application.start(())
        again.until(lambda: again.application.documents.drafts)
        assert again.application.documents.drafts[0].path == large
    finally:
        again.leave()


def test_why_a_large_document_cannot_be_opened_is_said(desk, large):
    draft = desk.new()
    held = DocumentFile.open(large)
    try:
        desk.application.documents.open(large)
        desk.until(lambda: "large" in said(draft.window.notices))
    finally:
        held.close()
    assert desk.application.documents.drafts == [draft]
    assert desk.application.documents.open(large) is None
    desk.until(lambda: desk.application.documents.drafts[1:])


def test_a_large_file_that_is_no_document_is_named(desk, large):
    draft = desk.new()
    large.write_bytes(b"no document" * 1000)
    desk.application.documents.open(large)
    desk.until(lambda: "large" in said(draft.window.notices))
    assert desk.application.documents.drafts == [draft]


def test_the_caret_at_the_end_of_a_large_document_is_there_again_after_a_restart(desk, large, tmp_path, qtbot):
    lines(large, 3000)  # more than comes onto the page at a time
    desk.application.documents.open(large)
    desk.until(lambda: desk.application.documents.drafts)
    end = desk.application.documents.drafts[0].document.length - 1
    desk.application.documents.drafts[0].editor.set_caret(end)
    desk.leave()
    again = Desk(tmp_path / "home", qtbot)
    try:
        again.application.start(())
        assert again.application.documents.drafts == []
        again.until(lambda: again.application.documents.drafts)
        [draft] = again.application.documents.drafts
        again.until(lambda: draft.editor.caret() == (end, end))
        assert draft.editor.document().characterCount() - 1 == end
    finally:
        again.leave()


def open_small_and_large(desk: Desk, large: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Leaves a large document and a small one for the next start, the small one in front; gives the small one's file.
    The next start takes only the large one for large."""
    monkeypatch.setattr(on_the_way, "LARGE", large.stat().st_size + 1)
    desk.open(large)
    small = desk.new()
    desk.until(small.window.isActiveWindow)
    path = small.path
    desk.leave()
    monkeypatch.setattr(on_the_way, "LARGE", large.stat().st_size)
    assert path.stat().st_size < large.stat().st_size
    return path


def test_a_large_document_that_comes_back_later_does_not_take_the_keyboard(desk, large, tmp_path, qtbot, monkeypatch):
    small = open_small_and_large(desk, large, monkeypatch)
    again = Desk(tmp_path / "home", qtbot)
    try:
        again.application.start(())
        [draft] = again.application.documents.drafts
        again.until(draft.window.isActiveWindow)
        again.until(lambda: again.application.documents.drafts[1:])
        again.until(draft.window.isActiveWindow)
        assert draft.path == small
        assert again.application.documents.drafts[1].window.isVisible()
    finally:
        again.leave()


def test_a_large_document_that_is_on_its_way_back_is_not_forgotten(desk, large, tmp_path, qtbot, monkeypatch):
    small = open_small_and_large(desk, large, monkeypatch)
    again = Desk(tmp_path / "home", qtbot)
    try:
        again.application.start(())
        assert len(again.application.documents.drafts) == 1
        again.application.session.note()
        again.application.storage.run_now(lambda: None)
        noted = load_session(again.paths.session).documents  # as the next start finds it if this one is killed
        assert {document.path for document in noted} == {small, large}
    finally:
        again.leave()


def test_who_quits_while_a_large_document_comes_back_has_it_where_it_was(desk, large, tmp_path, qtbot, monkeypatch):
    draft = desk.open(large)
    draft.editor.scroll_to(4000)
    desk.leave()
    again = Desk(tmp_path / "home", qtbot)
    try:
        quits = []
        monkeypatch.setattr(again.application.parent(), "quit", lambda: quits.append(True))
        again.application.start(())
        again.application.quit()
        again.until(lambda: quits)
        again.application.storage.run_now(lambda: None)
        assert [document.scroll for document in load_session(again.paths.session).documents] == [4000]
    finally:
        again.leave()


def test_while_a_large_document_is_read_cowrite_does_not_end_with_its_last_window(desk, large):
    desk.application.show_library()
    assert QApplication.quitOnLastWindowClosed()
    desk.application.documents.open(large)
    assert not QApplication.quitOnLastWindowClosed()
    desk.until(lambda: desk.application.documents.drafts)
    assert QApplication.quitOnLastWindowClosed()
    broken = large.with_name("broken.cowrite")
    broken.write_bytes(b"no document" * 1000)
    desk.application.documents.open(broken)
    assert not QApplication.quitOnLastWindowClosed()
    desk.until(QApplication.quitOnLastWindowClosed)


class Panic(BaseException):
    """Is no Exception, as what pycrdt raises."""


@pytest.mark.parametrize("error", [ValueError("oh"), Panic("oh")])
@pytest.mark.parametrize(
    ("module", "name"), [(opening, "_document"), (application, "Draft")], ids=["reading", "showing"]
)
def test_who_quits_is_not_kept_by_a_large_document_at_which_something_goes_wrong(
    desk, large, monkeypatch, qtbot, error, module, name
):
    def fail(*_given: object) -> None:
        raise error

    monkeypatch.setattr(module, name, fail)
    quits = []
    monkeypatch.setattr(desk.application.parent(), "quit", lambda: quits.append(True))
    with qtbot.captureExceptions() as raised:
        desk.application.documents.open(large)
        desk.application.quit()
        desk.until(lambda: quits)
    assert "oh" in str(raised[0][1])
    assert not desk.application.documents.on_the_way
    DocumentFile.open(large).close()  # nobody has kept it open


def test_a_large_document_that_is_renamed_in_the_library_while_it_is_read_has_one_file(desk, large):
    path = large.rename(desk.application.choices.library.folder / "large.cowrite")
    desk.application.documents.open(path)
    desk.application._library_flow._rename(str(path), "Other")
    desk.until(lambda: desk.application.documents.drafts)
    [draft] = desk.application.documents.drafts
    desk.until(lambda: draft.title == "Other")
    draft.saved.save_now()
    assert [each.name for each in path.parent.glob("*.cowrite")] == [draft.path.name]


def test_a_large_document_that_is_deleted_in_the_library_while_it_is_read_is_closed(desk, large):
    desk.application.documents.open(large)
    desk.application._library_flow.trash_soon(str(large))
    assert desk.application.documents.drafts == []
    assert str(large) in desk.application._library_flow._leaving
    QApplication.processEvents()
    assert desk.application.documents.drafts == []
