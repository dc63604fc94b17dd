"""Large files of other programs are read while the event loop goes on, and are cancelled where that takes too long."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from io import BytesIO
from itertools import count
from pathlib import Path

import docx
import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QPushButton

from cowrite.app.files import reading
from cowrite.app.files.imports import read
from cowrite.convert.docx.writer import to_docx
from cowrite.core.comments import comments
from cowrite.core.comments.comments import Placed, Thread
from cowrite.core.document.watched import Check
from cowrite.core.entries.authors import Author
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.suggestions.changes import bring_in
from cowrite.core.text.richtext import EMBED_CHARACTER, Line, Span
from cowrite.storage.document.document_file import DocumentFile
from helpers.while_read import Heard, said
from helpers.word_files import IMAGE, PIXEL


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


@pytest.mark.parametrize("large", [10**6, 1])
def test_a_table_that_a_spreadsheet_has_saved_opens_under_the_name_of_its_file(desk, tmp_path, monkeypatch, large):
    monkeypatch.setattr(reading, "LARGE", large)
    path = tmp_path / "Budget of May.csv"
    path.write_text("Bed;Cost\nHerbs;30,50\n", encoding="utf-8")
    there = []
    desk.application.documents.open(path, there.append)
    desk.until(lambda: there)
    assert there[0].document.text() == "\nBed\nCost\nHerbs\n30,50\n\n"
    assert there[0].title == "Budget of May"


def test_in_which_line_a_file_is_no_table_is_told(desk, tmp_path):
    path = tmp_path / "Budget.csv"
    path.write_text('Bed,Cost\n"Herbs,30\n', encoding="utf-8")
    front = desk.new()
    assert desk.application.documents.open(path) is None
    told = "from line 2 on it is no table, because a quotation mark is not closed there."
    assert f"“{path}” could not be read: {told}" in said(front.window)


def test_while_a_large_file_of_another_program_is_read_the_event_loop_turns(desk, foreign):
    [front] = desk.application.documents.drafts or [desk.application.documents.new()]
    heard, there = Heard(desk), []
    QCoreApplication.postEvent(heard, QEvent(QEvent.Type.User))  # comes before all that the reading tells
    for _ in range(2):
        assert desk.application.documents.open(foreign, there.append) is None
    assert f"“{foreign}” is being read" in said(front.window)
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


def test_of_a_file_that_another_program_has_to_save_anew_this_is_said(desk, tmp_path):
    front = desk.application.documents.new()
    for name in ("plan.doc", "plan.RTF", "plan.pages"):
        path = tmp_path / name
        path.write_bytes(b"{\\rtf1 Beds}")
        assert desk.application.documents.open(path) is None
        assert f"cowrite opens no {path.suffix.lower()} files" in said(front.window)
        assert "save it as .docx" in said(front.window)
        assert desk.application.documents.drafts == [front]


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
def test_a_file_that_takes_too_long_is_cancelled_where_it_is_said_that_it_is_read(desk, foreign):
    application = desk.application
    there = []
    for has_draft in (False, True):
        window = application.documents.new().window if has_draft else None
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
    document = MendedDocument.new(clock=lambda: 1)
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
