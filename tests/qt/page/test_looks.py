"""How the page of a draft looks: zoom, width, type and theme."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, QPointF, Qt
from PySide6.QtGui import QFont, QWheelEvent
from PySide6.QtWidgets import QComboBox

from cowrite.core.text.origin import Origin
from cowrite.gui.dialogs.preferences_dialog import PreferencesDialog
from cowrite.gui.window.document_window import ZOOMS
from cowrite.paths import HOME_VARIABLE, Paths
from cowrite.storage.settings import Settings, load_settings, save_settings
from helpers.desk import Desk, write

# Looks


def test_zooming_changes_the_size_of_the_text_and_goes_back(draft):
    write(draft, "word")
    actions = draft.window.actions_
    size = draft.editor.document().defaultFont().pointSizeF()
    actions["zoom_in"].trigger()
    assert draft.editor.document().defaultFont().pointSizeF() == pytest.approx(size * 1.1)
    for _ in ZOOMS:
        actions["zoom_out"].trigger()
    assert draft.editor.document().defaultFont().pointSizeF() == pytest.approx(size * ZOOMS[0])
    actions["zoom_reset"].trigger()
    assert draft.editor.document().defaultFont().pointSizeF() == pytest.approx(size)
    assert draft.document.text() == "word\n"


def test_the_wheel_scrolls_and_zooms_with_ctrl_also_where_one_may_only_read(draft):
    with draft.document.edit(Origin.LOCAL) as edit:
        edit.insert(0, 40 * "a line\n")

    def turn(eighths: int, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        at, nowhere = QPointF(100, 100), QPoint()
        where = draft.editor.viewport().mapToGlobal(at)
        none, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
        event = QWheelEvent(at, where, nowhere, QPoint(0, eighths), none, held, phase, False)
        QCoreApplication.sendEvent(draft.editor.viewport(), event)

    size = draft.editor.document().defaultFont().pointSizeF()
    looks: list[int] = []
    draft.editor._binding.filled.connect(lambda: looks.append(1))
    for reason in ("", "You can only read here"):
        draft.window.show_read_only(reason)
        draft.editor.scroll_to(0)
        turn(-120)
        assert draft.editor.verticalScrollBar().value() > 0
        looks.clear()
        for notches, zoom, times in (((120,), 1.1, 1), ((60,), 1.1, 1), ((60,), 1.25, 2), ((-120, -120), 1.0, 3)):
            for eighths in notches:
                turn(eighths, Qt.KeyboardModifier.ControlModifier)
            QCoreApplication.processEvents()
            assert draft.window.zoom == zoom
            assert len(looks) == times
            assert draft.editor.document().defaultFont().pointSizeF() == pytest.approx(size * zoom)


def test_the_page_stays_in_its_own_type_when_the_systems_is_another(draft):
    before = draft.editor.document().defaultFont()
    draft.editor.setFont(QFont("Noto Serif", 30))
    assert draft.editor.document().defaultFont() == before


def test_zooming_widens_the_page_so_that_a_line_holds_as_many_words_as_before(draft):
    draft.window.resize(1900, 800)
    with draft.document.edit(Origin.LOCAL) as edit:
        edit.insert(0, 80 * "a few words ")
    layout = draft.editor.document().begin().layout
    before = layout().lineCount()
    assert before > 8
    for zoom in (2 * ["zoom_in"], 4 * ["zoom_out"]):
        for each in zoom:
            draft.window.actions_[each].trigger()
        assert abs(layout().lineCount() - before) <= 1


def test_a_page_is_as_wide_as_one_has_chosen(desk, draft):
    def kept() -> str:
        return load_settings(desk.paths.settings).settings.others.get("writing", {}).get("page", "")

    draft.window.resize(1900, 800)
    for page, width in (("wide", 1080), ("normal", 760), ("window", 1620)):
        draft.window.actions_["preferences"].trigger()
        (dialog,) = [each for each in draft.window.findChildren(PreferencesDialog) if each.isVisible()]
        (box,) = (each for each in dialog.findChildren(QComboBox) if each.accessibleName() == "Width of the page")
        box.setCurrentIndex(box.findData(page))
        dialog.accept()
        assert draft.editor.viewport().width() == pytest.approx(width, rel=0.02), page
        desk.until(lambda page=page: kept() == page)


def test_lines_are_as_far_apart_as_one_has_chosen_and_headings_stay(desk, draft):
    with draft.document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "Title\n" + 60 * "a few words ")
        edit.format_lines(0, 0, {"header": 1})
    text = draft.editor.document()

    def measures() -> tuple[float, float]:
        title = text.documentLayout().blockBoundingRect(text.begin()).height()
        layout = text.lastBlock().layout()
        return title, layout.lineAt(2).y() - layout.lineAt(1).y()

    usual_title, usual = measures()
    draft.window.actions_["preferences"].trigger()
    (dialog,) = draft.window.findChildren(PreferencesDialog)
    (box,) = (each for each in dialog.findChildren(QComboBox) if each.accessibleName() == "Line spacing")
    for lines, least, most in (("wide", 1.25, 1.35), ("normal", 1, 1), ("compact", 0.8, 0.95)):
        box.setCurrentIndex(box.findData(lines))
        title, now = measures()
        assert title == usual_title
        assert least <= now / usual <= most
    dialog.accept()
    assert draft.document.text() == f"Title\n{60 * 'a few words '}\n"
    desk.until(lambda: load_settings(desk.paths.settings).settings.others.get("writing", {}).get("lines") == "compact")


def test_the_theme_is_switched_in_all_windows_and_kept_for_the_next_start(desk, draft, tmp_path, qtbot):
    other = desk.new()
    draft.window.actions_["theme_dark"].trigger()
    assert {draft.window.theme.name, other.window.theme.name} == {"dark"}
    assert other.window.actions_["theme_dark"].isChecked()
    desk.leave()
    again = Desk(tmp_path / "home", qtbot)
    assert again.new().window.theme.name == "dark"
    again.leave()


def test_a_font_in_the_settings_that_makes_no_sense_is_passed_over(draft, tmp_path, qtbot):
    for number, writing in enumerate(({"family": 7, "size": "large"}, {"size": 1e9, "lines": 2, "page": []})):
        home = tmp_path / f"{number}"
        save_settings(Paths.of({HOME_VARIABLE: str(home)}).settings, Settings(others={"writing": writing}))
        other = Desk(home, qtbot)
        assert other.new().window.theme.typography == draft.window.theme.typography, writing
        other.leave()
