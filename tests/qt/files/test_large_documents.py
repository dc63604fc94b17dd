"""Large documents are read while the event loop goes on, and whatever happens meanwhile ends well."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from io import BytesIO
from itertools import count
from pathlib import Path

import docx
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from cowrite.app.files import on_the_way, reading
from cowrite.app.files.imports import read
from cowrite.bridge.file import opening
from cowrite.bridge.file.opening import Opened
from cowrite.convert.docx.writer import to_docx
from cowrite.core.comments import comments
from cowrite.core.comments.comments import Placed, Thread
from cowrite.core.document.document import Document
from cowrite.core.document.watched import Check
from cowrite.core.entries.authors import Author
from cowrite.core.suggestions.changes import bring_in
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import EMBED_CHARACTER, Line, Span
from cowrite.storage.document.document_file import DocumentFile
from cowrite.storage.session import load_session
from cowrite.worker import memory
from helpers.desk import Desk
from helpers.word_files import IMAGE, PIXEL

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
        self.found.append(len(self._desk.application.documents.drafts))
        return True


@pytest.fixture
def foreign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of another program that counts as large, as all do, and says of itself that something is left out."""
    monkeypatch.setattr(reading, "LARGE_PACKED", 1)
    path = tmp_path / "plan.docx"
    lines = [Line((Span("Beds"),), {"header": 1}), Line((Span(EMBED_CHARACTER, {}, {"image": IMAGE}),))]
    word = docx.Document(BytesIO(to_docx(lines, lambda _name: PIXEL)))
    word.sections[0].footer.paragraphs[0].text = "page 1"
    word.save(str(path))
    return path


def test_while_a_large_file_of_another_program_is_read_the_event_loop_turns(desk, foreign):
    [front] = desk.application.documents.drafts or [desk.application.documents.new()]
    heard, there = Heard(desk), []
    for _ in range(2):
        assert desk.application.documents.open(foreign, there.append) is None
    assert f"“{foreign}” is being read" in said(front.window)
    QCoreApplication.postEvent(heard, QEvent(QEvent.Type.User))
    desk.until(lambda: len(there) == 2)

    assert heard.found == [1]
    assert there[0] is there[1] is desk.application.documents.drafts[1]
    assert there[0].document.text().startswith("Beds\n")
    [name] = [span.embed["image"] for span in there[0].document.spans() if span.embed]
    assert there[0].images.original(name) is not None
    assert "Headers and footers are left out" in said(there[0].window)
    assert "is being read" not in said(front.window)
    path = there[0].path
    there[0].window.close()
    with DocumentFile.open(path) as file:
        assert file.load().state


def test_a_start_with_a_large_file_of_another_program_shows_that_it_is_being_read(desk, foreign):
    desk.application.start([str(foreign)])
    library = desk.application._library_flow._window
    assert library is not None
    assert library.isVisible()
    assert f"“{foreign}” is being read" in said(library)
    desk.until(lambda: desk.application.documents.drafts)
    assert "is being read" not in said(library)
    assert not library.isVisible()
    desk.application.show_library()
    desk.application.documents.open(foreign)
    desk.until(lambda: len(desk.application.documents.drafts) == 2)
    assert library.isVisible()


@pytest.fixture
def endless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of other programs are read to no end."""

    def read(_path: Path, check: Check) -> None:
        while True:
            check()

    monkeypatch.setattr(reading, "read", read)


@pytest.mark.usefixtures("endless")
@pytest.mark.parametrize("has_draft", [False, True])
def test_a_file_that_takes_too_long_is_cancelled_where_it_is_said_that_it_is_read(desk, foreign, has_draft):
    application = desk.application
    window = application.documents.new().window if has_draft else None
    there = []
    application.documents.open(foreign, there.append)
    window = window or application._library_flow._window
    button = next(button for button in window.notices.findChildren(QPushButton) if button.text() == "Cancel")
    button.click()
    assert window.notices.ids() == []
    assert foreign not in application.documents.on_the_way
    assert QApplication.quitOnLastWindowClosed()
    desk.until(lambda: not application.documents.on_the_way._threads)
    assert len(application.documents.drafts) == has_draft
    assert there == []


@pytest.mark.usefixtures("endless")
def test_who_quits_or_closes_all_windows_waits_for_no_file_of_another_program(desk, foreign, monkeypatch):
    application = desk.application
    front = application.documents.new()
    application.documents.open(foreign)
    front.window.close()
    assert f"“{foreign}” is being read" in said(application._library_flow._window)
    quits = []
    monkeypatch.setattr(application.parent(), "quit", lambda: quits.append(True))
    application.quit()
    assert quits
    desk.leave()
    assert not application.documents.on_the_way._threads


@pytest.mark.parametrize("suffix", [".md", ".html", ".docx"])
def test_reading_a_file_of_another_program_ends_in_the_middle_of_it(tmp_path, suffix):
    path = tmp_path / f"plan{suffix}"
    lines = [Line((Span("one "), Span("two", {"bold": True}))) for _ in range(300)]
    threads = [Placed(Thread("thread:0", "three", "Why?", Author("Ada")), None)]
    word = to_docx(lines, lambda _name: PIXEL, comments=threads)
    path.write_bytes(word if suffix == ".docx" else b"<p>one *two*</p>\n\nthree\n\n" * 300)
    checks = count()
    content = read(path, lambda: next(checks))
    document = Document.new(clock=lambda: 1)
    bring_in(document, content.spans, content.suggested, lambda: next(checks))
    comments.bring_in(document, content.comments, lambda: next(checks))
    whole = next(checks)
    assert whole > 600
    for part in (1, whole // 10, whole // 2, whole - 1):
        page = reading.Reading(path, lambda: 1, lambda _page: None)
        left = iter(range(part))

        def check(page: reading.Reading = page, left: Iterator[int] = left, check: Check = page._check) -> None:
            if next(left, None) is None:
                page.stop()
            check()

        page._check = check
        page.run()
        assert page.read is page.error is None


def test_of_a_file_that_was_read_nothing_is_left_to_be_searched_for(qapp, tmp_path):
    path = tmp_path / "page.html"
    path.write_text("<p>one <b>two</b> three</p>\n" * 500)
    page = reading.Reading(path, lambda: 1, lambda _page: None)
    page.run()  # once, for what is made when it is first needed
    gc.collect()
    page.run()
    assert page.read is not None
    assert gc.collect() < 100


def test_a_large_file_that_cannot_be_read_is_named_and_keeps_nobody_from_quitting(desk, foreign, monkeypatch):
    foreign.write_bytes(b"no word file")
    front = desk.application.documents.new()
    desk.application.documents.open(foreign)
    desk.until(lambda: f"“{foreign}” could not be read as a Word document" in said(front.window))
    assert desk.application.documents.drafts == [front]
    quits = []
    monkeypatch.setattr(desk.application.parent(), "quit", lambda: quits.append(True))
    desk.application.documents.open(foreign)
    desk.application.quit()
    desk.until(lambda: quits)


def said(window: QObject) -> str:
    return " ".join(label.text() for label in window.findChildren(QLabel))


def test_while_a_large_document_is_read_the_event_loop_turns(desk, large):
    heard = Heard(desk)
    assert desk.application.documents.open(large) is None
    QCoreApplication.postEvent(heard, QEvent(QEvent.Type.User))
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
    draft = desk.open(large)
    document = weakref.ref(draft.document)
    draft.window.close()
    del draft
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
@pytest.mark.parametrize("where", ["reading", "showing"])
def test_who_quits_is_not_kept_by_a_large_document_at_which_something_goes_wrong(
    desk, large, monkeypatch, qtbot, error, where
):
    def fail(*_given: object) -> None:
        raise error

    if where == "reading":
        monkeypatch.setattr(opening, "_document", fail)
    else:
        monkeypatch.setattr(desk.application.documents.on_the_way, "_show", fail)
    quits = []
    monkeypatch.setattr(desk.application.parent(), "quit", lambda: quits.append(True))
    with qtbot.captureExceptions() as raised:
        desk.application.documents.open(large)
        desk.application.quit()
        desk.until(lambda: quits)
    assert "oh" in str(raised[0][1])
    assert not desk.application.documents.on_the_way


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
