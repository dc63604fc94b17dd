"""The pages of a document, looked at before they are printed."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Event

import pytest
from PySide6.QtCore import QObject, QPoint, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLabel

from cowrite.app.draft.draft import Draft
from cowrite.app.files import exporting
from cowrite.app.files.preview import Preview
from cowrite.core.text.origin import Origin
from cowrite.gui.dialogs.preview_dialog import PreviewDialog
from cowrite.gui.dialogs.sheets import Sheets
from helpers.desk import Desk, notices


@pytest.fixture
def draft(desk: Desk) -> Draft:
    draft = desk.new()
    with draft.document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "Basil and thyme\n" * 150)
    return draft


def preview(desk: Desk, draft: Draft) -> PreviewDialog:
    draft.window.actions_["print_preview"].trigger()
    desk.until(lambda: bool(draft.window.findChildren(PreviewDialog)))
    (dialog,) = draft.window.findChildren(PreviewDialog)
    return dialog


def words(dialog: QDialog) -> list[str]:
    return [each.text() for each in dialog.findChildren(QLabel)]


def seen(dialog: PreviewDialog) -> QImage:
    return dialog.sheets.viewport().grab().toImage()


def has_letters(dialog: PreviewDialog) -> bool:
    shown, middle = seen(dialog), dialog.sheets.viewport().width() // 2
    across = range(middle - 200, middle + 200)
    return any(shown.pixelColor(x, y).lightness() < 100 for x in across for y in range(80, 200))


def test_the_preview_shows_the_pages_of_the_pdf_on_white_paper_beside_the_dark_window(desk, draft, tmp_path):
    draft.window.actions_["theme_dark"].trigger()
    assert draft.exporting.write("pdf", tmp_path / "herbs.pdf")
    count = (tmp_path / "herbs.pdf").read_bytes().count(b"/Type /Page\n")
    dialog = preview(desk, draft)
    assert count > 2
    assert f"Page 1 of {count}" in words(dialog)
    desk.until(lambda: has_letters(dialog))
    shown = seen(dialog)
    assert shown.pixelColor(shown.rect().center()).name() == "#ffffff"
    assert shown.pixelColor(QPoint(2, 2)).lightness() < 60


def test_keys_lead_from_page_to_page_and_make_pages_larger(desk, draft):
    dialog = preview(desk, draft)
    whole, count = dialog.sheets.zoom, int(dialog.sheets.accessibleName().split()[-1])
    assert dialog.focusWidget() is dialog.sheets
    for key, page in (
        (Qt.Key.Key_PageDown, 2),
        (Qt.Key.Key_End, count),
        (Qt.Key.Key_PageUp, count - 1),
        (Qt.Key.Key_Home, 1),
    ):
        QTest.keyClick(dialog.sheets, key)
        assert f"Page {page} of {count}" in words(dialog)
        assert dialog.sheets.accessibleName() == f"Page {page} of {count}"
    QTest.keyClick(dialog.sheets, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert dialog.sheets.zoom == pytest.approx(whole * 1.25)
    assert f"{round(whole * 125)} %" in words(dialog)
    QTest.keyClick(dialog.sheets, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert dialog.sheets.zoom == whole


def test_printing_from_the_preview_asks_for_a_printer(desk, draft, monkeypatch):
    asked: list[Draft] = []
    monkeypatch.setattr("cowrite.app.draft.dialogs.ask_print", asked.append)
    dialog = preview(desk, draft)
    QTest.keyClick(dialog.sheets, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert asked == [draft]
    desk.until(lambda: not draft.window.findChildren(PreviewDialog))


def test_pages_that_take_long_to_set_are_told_of_and_nobody_has_to_wait_for_them(desk, draft, monkeypatch):
    def set_pages(lines, image, tell, **more):
        tell(0.25)
        while True:
            tell(0.25)

    monkeypatch.setattr(exporting, "set_pages", set_pages)
    monkeypatch.setattr(exporting, "LOOK", 1)
    draft.window.actions_["print_preview"].trigger()
    desk.until(lambda: f"“{draft.title}” is being set on pages: 25 %." in notices(draft))
    (name,) = [each for each in draft.window.notices.ids() if each.startswith("exporting")]
    draft.window.notices.answered.emit(name, exporting.STOP)
    desk.until(lambda: "was not set on pages." in notices(draft))
    assert not draft.window.findChildren(PreviewDialog)


def test_a_preview_that_is_cancelled_when_its_pages_are_just_set_stands_in_the_way_of_no_other(
    desk, draft, monkeypatch
):
    may_end, is_set, real = Event(), Event(), exporting.set_pages

    def set_pages(*args, **named):
        may_end.wait()
        return real(*args, **named)

    monkeypatch.setattr(exporting, "set_pages", set_pages)
    draft.window.actions_["print_preview"].trigger()
    (writing,) = draft.exporting.findChildren(Preview)
    writing.is_set.connect(is_set.set, Qt.ConnectionType.DirectConnection)
    may_end.set()
    assert is_set.wait(60)
    draft.window.notices.answered.emit("exporting 1", exporting.STOP)
    desk.until(lambda: not draft.exporting.findChildren(Preview))
    assert preview(desk, draft)


class FakePages(QObject):
    """Four pages that are painted when the test says so."""

    painted = Signal(int, QImage)

    def __init__(self) -> None:
        super().__init__()
        self.count, self.size = 4, QSizeF(200, 500)
        self.asked: list[list[int]] = []

    def ask(self, numbers: Sequence[int], size: QSize) -> None:
        self.asked.append(list(numbers))
        self._size = QSize(size)

    def paint(self, number: int) -> None:
        self.painted.emit(number, QImage(self._size, QImage.Format.Format_RGB32))


@pytest.fixture
def fake_pages(qapp) -> FakePages:
    return FakePages()


def show(sheets: Sheets, number: int) -> None:
    sheets.go_to(number)
    sheets.viewport().grab()


def test_a_page_that_was_left_behind_is_painted_again_when_it_is_near_again(fake_pages):
    sheets = Sheets(fake_pages)
    sheets.resize(400, 400)
    sheets.enlarge(0)
    for number in (1, 2, 1, 2):
        asked = len(fake_pages.asked)
        show(sheets, number)
        for each in fake_pages.asked[asked:]:
            for page in each:
                fake_pages.paint(page)
    assert fake_pages.asked == [[1, 2, 3], [4], [4]]


def test_pages_that_are_on_their_way_are_asked_for_once(fake_pages):
    sheets = Sheets(fake_pages)
    sheets.resize(400, 400)
    sheets.enlarge(0)
    show(sheets, 1)
    for number in (1, 2, 3):
        fake_pages.paint(number)
        sheets.viewport().grab()
    assert fake_pages.asked == [[1, 2, 3]]


def test_a_document_that_is_closed_waits_for_no_preview(desk, draft):
    preview(desk, draft)
    draft.window.close()
    desk.until(lambda: not desk.application.documents.drafts)
