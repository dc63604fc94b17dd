"""The commands of a window that write files and paper."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtPrintSupport import QPrintDialog, QPrinter

from cowrite.core.text.origin import Origin
from helpers.desk import notices, write


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[], list[str]]:
    """Answers every question for a file name; gives the names that were proposed."""
    proposed: list[str] = []

    def answer(_parent: object, _title: str, name: str, *_: object) -> tuple[str, str]:
        proposed.append(name)
        return str(tmp_path / f"answer{Path(name).suffix}"), ""

    monkeypatch.setattr("cowrite.app.draft.dialogs.QtWidgets.QFileDialog.getSaveFileName", answer)
    return lambda: proposed


def test_a_draft_with_a_title_that_no_file_can_have_is_exported(desk, draft, asked, tmp_path):
    write(draft, "Either/or: what?\n- item")
    for kind in ("markdown", "odt", "html", "pdf", "text"):
        draft.window.actions_[f"export_{kind}"].trigger()
        proposed = Path(asked().pop())
        assert proposed.stem == "Either or what"
        written = tmp_path / f"answer{proposed.suffix}"
        desk.until(lambda written=written: f"Written to “{written}”" in notices(draft))
        assert written.stat().st_size > 10


def test_a_copy_is_saved(desk, draft, asked, tmp_path):
    write(draft, "a/b")
    draft.window.actions_["save_copy"].trigger()
    desk.until(lambda: "A copy is in" in notices(draft))
    assert desk.open(tmp_path / "answer.cowrite").document.text() == "a/b\n"


def test_a_long_draft_takes_several_pages_of_a_pdf(draft, tmp_path):
    with draft.document.edit(Origin.IMPORT) as edit:
        edit.insert(0, "A paragraph of words, and of more words, that takes about a line of a page.\n" * 200)
    assert draft.exporting.write("pdf", tmp_path / "long.pdf")
    assert 4 <= (tmp_path / "long.pdf").read_bytes().count(b"/Type /Page\n") <= 10


@pytest.mark.skipif(sys.platform == "win32", reason="the dialog is the system's there, and waits for a person")
def test_printing_asks_for_a_printer_and_prints_the_draft(draft, tmp_path, qtbot):
    write(draft, "printed")
    draft.window.actions_["print"].trigger()
    (dialog,) = draft.window.findChildren(QPrintDialog)
    dialog.printer().setOutputFileName(str(tmp_path / "printed.pdf"))
    draft.exporting.print_on(dialog.printer())
    draft.exporting.finish()
    assert (tmp_path / "printed.pdf").read_bytes().startswith(b"%PDF")
    dialog.reject()


@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_printing_says_that_there_is_no_printer_where_the_system_has_no_dialog_then(draft, system, monkeypatch):
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(QPrinter, "outputFormat", lambda _: QPrinter.OutputFormat.PdfFormat)
    draft.window.actions_["print"].trigger()
    assert "This computer has no printer." in notices(draft)
    assert not draft.window.findChildren(QPrintDialog)
