"""Files in other formats that are written while one goes on writing in the document."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtGui import QDesktopServices, QPageRanges
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from cowrite.app.draft.dialogs import ask_export
from cowrite.app.draft.draft import Draft
from cowrite.app.files import exporting
from cowrite.core.text.origin import Origin
from helpers.desk import Desk, notices, write


@pytest.fixture
def draft(desk: Desk) -> Draft:
    draft = desk.new()
    with draft.document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "Herbs\nBasil and thyme\n")
    return draft


class Held:
    """The writing of files, held where it tells for the first time until it may go on."""

    def __init__(self) -> None:
        self.has_begun = threading.Event()
        self.may_go_on = threading.Event()

    def export_lines(self, lines, image, kind, path, title, tell, suggested, comments, **more) -> None:
        """Stands for the one of `app.files.export`."""
        from cowrite.app.files.export import export_lines

        def held(part: float) -> None:
            self.has_begun.set()
            assert self.may_go_on.wait(30)
            tell(part)

        tell(0.25)
        export_lines(lines, image, kind, path, title, held, suggested, comments, **more)

    def print_lines(self, lines, image, printer, tell, **more) -> None:
        """The same for what is printed."""
        from cowrite.app.files.export import print_lines

        tell(0.25)
        assert self.may_go_on.wait(30)
        print_lines(lines, image, printer, tell, **more)


@pytest.fixture
def held(monkeypatch):
    held = Held()
    monkeypatch.setattr(exporting, "export_lines", held.export_lines)
    monkeypatch.setattr(exporting, "LOOK", 1)
    yield held
    held.may_go_on.set()


def press_cancel(draft: Draft) -> None:
    (cancel,) = [each for each in draft.window.notices.findChildren(QPushButton) if each.text() == "Cancel"]
    QTest.keyClick(cancel, " ")


def export(desk: Desk, draft: Draft, held: Held, path: Path, kind: str = "text") -> None:
    draft.exporting.begin(kind, path)
    desk.until(held.has_begun.is_set)


def test_the_export_menu_writes_every_format_on_a_thread_of_its_own(desk, draft, tmp_path, monkeypatch):
    for kind in ("markdown", "docx", "odt", "html", "pdf", "text"):
        path = tmp_path / f"herbs in {kind}"
        monkeypatch.setattr("cowrite.app.draft.dialogs.ask_place", lambda *_, path=path: path)
        ask_export(draft, kind)
        desk.until(lambda path=path: f"Written to “{path}" in notices(draft))
        plain = tmp_path / f"plain in {kind}"
        assert draft.exporting.write(kind, plain)
        assert abs(path.stat().st_size - plain.stat().st_size) < 100, kind  # some formats hold the moment


def test_it_is_said_where_nothing_takes_what_is_printed(desk, draft, tmp_path):
    printer = QPrinter()
    printer.setOutputFileName(str(tmp_path / "gone" / "printed.pdf"))
    draft.exporting.print_on(printer)
    desk.until(lambda: "could not be printed" in notices(draft))


@pytest.mark.parametrize("is_wanted", [True, False])
def test_one_goes_on_writing_while_the_document_is_printed(desk, draft, monkeypatch, tmp_path, is_wanted):
    path, printer, held = tmp_path / "printed.pdf", QPrinter(), Held()
    printer.setOutputFileName(str(path))
    monkeypatch.setattr(exporting, "print_lines", held.print_lines)
    monkeypatch.setattr(exporting, "LOOK", 1)
    draft.exporting.print_on(printer)
    desk.until(lambda: f"“{draft.title}” is being printed: 25 %." in notices(draft))
    write(draft, "More")
    assert "More" in draft.document.text()
    if not is_wanted:
        press_cancel(draft)
    held.may_go_on.set()
    if is_wanted:
        desk.until(lambda: not notices(draft))
        assert path.read_bytes().startswith(b"%PDF")
    else:
        desk.until(lambda: "was not printed." in notices(draft))
        assert not path.exists()


def test_one_goes_on_writing_while_a_file_is_written_which_holds_what_there_was(desk, draft, held, tmp_path):
    path = tmp_path / "herbs.txt"
    export(desk, draft, held, path)
    desk.until(lambda: f"“{path}” is being written: 25 %." in notices(draft))
    write(draft, "More")
    assert "More" in draft.document.text()
    assert not path.exists()
    held.may_go_on.set()
    desk.until(lambda: f"Written to “{path}”." in notices(draft))
    assert path.read_text() == "Herbs\nBasil and thyme\n\n"
    assert "is being written" not in notices(draft)


def test_a_file_that_is_not_wanted_any_more_is_not_written_and_the_one_that_was_there_stays(
    desk, draft, held, tmp_path
):
    for kind in ("markdown", "docx", "odt", "html", "pdf", "text"):
        (folder := tmp_path / kind).mkdir()
        path = folder / "herbs.file"
        path.write_text("before")
        held.has_begun.clear()
        held.may_go_on.clear()
        export(desk, draft, held, path, kind)
        desk.until(lambda path=path: f"“{path}” is being written" in notices(draft))
        press_cancel(draft)
        held.may_go_on.set()
        desk.until(lambda path=path: f"“{path}” was not written." in notices(draft))
        assert [each.name for each in folder.iterdir()] == ["herbs.file"]
        assert path.read_text() == "before"


def test_a_copy_as_markdown_has_what_is_being_written_in_a_footnote(draft, tmp_path):
    path = tmp_path / "rescued.md"
    draft.editor.footnotes.put_in()
    draft.editor.footnotes.field.words.insertPlainText("From the market")
    assert draft.exporting.write("markdown", path)
    assert "From the market" in path.read_text()


def test_a_window_that_is_closed_meanwhile_leaves_the_whole_file(desk, draft, held, tmp_path):
    path = tmp_path / "herbs.txt"
    export(desk, draft, held, path)
    held.may_go_on.set()
    assert draft.window.close()
    assert path.read_text() == "Herbs\nBasil and thyme\n\n"


def test_a_file_that_cannot_be_written_is_told_with_its_reason(desk, draft, tmp_path):
    path = tmp_path / "nowhere" / "herbs.txt"
    draft.exporting.begin("text", path)
    desk.until(lambda: f"“{path}” could not be written: " in notices(draft))


def test_what_was_written_is_opened_and_shown_in_its_folder_from_the_notice(desk, draft, tmp_path, monkeypatch):
    opened: list[Path] = []
    monkeypatch.setattr(
        QDesktopServices, "openUrl", lambda url: opened.append(Path(url.toLocalFile())) or len(opened) < 3
    )
    path = tmp_path / "herbs.txt"
    draft.exporting.begin("text", path)
    desk.until(lambda: str(path) in notices(draft))
    press_answer(draft, "Open")
    press_answer(draft, "Show in folder")
    assert opened == [path, tmp_path]
    press_answer(draft, "Open")
    assert f"could not open the file “{path}”" in notices(draft)


def test_a_copy_is_shown_in_its_folder_and_not_handed_to_another_program(desk, draft, tmp_path):
    draft.save_copy(tmp_path / "copy.cowrite")
    desk.until(lambda: "A copy is in" in notices(draft))
    assert [each.text() for each in answers(draft)] == ["Show in folder"]


def answers(draft: Draft) -> list[QPushButton]:
    return [each for each in draft.window.notices.findChildren(QPushButton) if each.text()]


def press_answer(draft: Draft, text: str) -> None:
    next(each for each in answers(draft) if each.text() == text).click()


def test_pages_that_a_document_does_not_have_are_not_printed_as_a_blank_sheet(desk, draft, tmp_path):
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "herbs.pdf"))
    printer.setPageRanges(QPageRanges.fromString("50-60"))
    draft.exporting.print_on(printer)
    said = "Nothing was printed: the document has one page, and the chosen ones are none of them."
    desk.until(lambda: said in notices(draft))
    assert not (tmp_path / "herbs.pdf").exists()
