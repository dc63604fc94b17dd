"""Preferences: every change is told at once, and what is shown was not changed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QLocale, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QFont, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QLabel,
    QLineEdit,
    QScrollArea,
)
from pytestqt.qtbot import QtBot

from cowrite.core.writing.typography import QUOTES
from cowrite.gui.decisions.parts import choice
from cowrite.gui.dialogs.font_choice import SYSTEM_FONT
from cowrite.gui.dialogs.preferences_dialog import Preferences, PreferencesDialog
from cowrite.gui.look.swatches import PEOPLE
from cowrite.gui.look.theme import named, stylesheet
from cowrite.gui.people.invite_form import InviteForm
from cowrite.gui.people.roles import RoleBox
from cowrite.gui.widgets.number import Number
from cowrite.storage.settings import load_settings
from helpers.desk import Desk, write
from helpers.mnemonics import doubled

SPELLINGS = (("system", "As the system"), ("off", "Off"), ("en", "English"))
MINE = Preferences("Mia Chen", PEOPLE[2].light, "dark", "", 12.5, "/home/mia/Documents", reopen_last=True)


@pytest.fixture
def dialog(qtbot: QtBot) -> PreferencesDialog:
    dialog = PreferencesDialog(MINE, SPELLINGS)
    qtbot.addWidget(dialog)
    return dialog


def button(dialog: PreferencesDialog, text: str) -> QAbstractButton:
    (found,) = [each for each in dialog.findChildren(QAbstractButton) if each.text() == text]
    return found


def test_no_two_settings_are_reached_by_the_same_letter(dialog: PreferencesDialog) -> None:
    assert doubled(each.text() for kind in (QAbstractButton, QLabel) for each in dialog.findChildren(kind)) == []


def test_it_shows_what_is_set(dialog: PreferencesDialog) -> None:
    assert button(dialog, "Dark").isChecked()
    assert dialog.findChildren(QComboBox)[0].currentText() == SYSTEM_FONT
    assert dialog.findChildren(QDoubleSpinBox)[0].value() == 12.5
    assert {"Mia Chen", "/home/mia/Documents"} <= {field.text() for field in dialog.findChildren(QLineEdit)}
    assert dialog._preferences == MINE


def test_opening_it_changes_nothing(qtbot: QtBot) -> None:
    strange = Preferences("Mia", PEOPLE[0].light, "light", "A font of another computer", 13)
    dialog = PreferencesDialog(strange, SPELLINGS)
    qtbot.addWidget(dialog)
    assert dialog.findChildren(QComboBox)[0].currentText() == "A font of another computer"
    assert dialog._preferences == strange


def test_tab_comes_to_the_colour_and_to_the_theme_that_are_set(dialog: PreferencesDialog, qtbot: QtBot) -> None:
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)

    def press(*keys: Qt.Key) -> str:
        for key in keys:
            QTest.keyClick(dialog.focusWidget(), key)
        return dialog.focusWidget().accessibleName()

    dialog.findChildren(QLineEdit)[0].setFocus()
    assert press(Qt.Key.Key_Tab) == PEOPLE[2].name
    assert press(Qt.Key.Key_Tab) == "Dark"
    assert press(Qt.Key.Key_Left) == "Light"
    assert button(dialog, "Light").isChecked()
    assert press(Qt.Key.Key_Tab, Qt.Key.Key_Backtab) == "Light"


def test_the_theme_changes_at_once(dialog: PreferencesDialog, qtbot: QtBot) -> None:
    with qtbot.waitSignal(dialog.changed) as changed:
        button(dialog, "As the system").click()
    assert changed.args[0].theme == "system"
    assert not button(dialog, "Dark").isChecked()


def test_font_and_size_change_at_once_and_the_sample_shows_them(dialog: PreferencesDialog, qtbot: QtBot) -> None:
    fonts = dialog.findChildren(QComboBox)[0]
    with qtbot.waitSignal(dialog.changed) as changed:
        fonts.setCurrentIndex(1)
    assert changed.args[0].font == fonts.itemText(1)
    with qtbot.waitSignal(dialog.changed) as changed:
        dialog.findChildren(QDoubleSpinBox)[0].setValue(18)
    assert changed.args[0].font_size == 18
    dialog.show()
    (sample,) = [label for label in dialog.findChildren(QLabel) if label.accessibleDescription().startswith("Sample")]
    assert (sample.font().family(), sample.font().pointSizeF()) == (fonts.itemText(1), 18)
    fonts.setCurrentIndex(0)
    assert dialog._preferences.font == ""


@pytest.mark.parametrize(("typed", "size"), [("14 pt", 14), ("13.5", 13.5), ("99", 12.5), ("large", 12.5)])
def test_a_size_may_be_typed_and_nonsense_keeps_the_old_one(dialog: PreferencesDialog, typed: str, size: float) -> None:
    spin = dialog.findChildren(QDoubleSpinBox)[0]
    assert spin.text() == "12.5 pt"
    spin.lineEdit().setText(typed)
    spin.interpretText()
    assert spin.value() == size


@pytest.mark.parametrize("typed", ["13.5", "13,5 pt"])
def test_a_size_may_be_typed_with_a_point_where_ones_language_has_a_comma(
    dialog: PreferencesDialog, typed: str
) -> None:
    spin = dialog.findChildren(QDoubleSpinBox)[0]
    spin.setLocale(QLocale(QLocale.Language.German))
    spin.lineEdit().setText(typed)
    spin.interpretText()
    assert (spin.value(), spin.text()) == (13.5, "13,5 pt")


def test_a_new_name_is_told_and_an_empty_one_is_not(dialog: PreferencesDialog, qtbot: QtBot) -> None:
    (name,) = [field for field in dialog.findChildren(QLineEdit) if field.accessibleName() == "Your name"]
    with qtbot.waitSignal(dialog.changed) as changed:
        name.setText("Mia")
    assert (changed.args[0].name, changed.args[0].colour) == ("Mia", PEOPLE[2].light)
    with qtbot.assertNotEmitted(dialog.changed):
        name.setText(" ")
    assert dialog._preferences.name == "Mia"


def test_the_folder_is_chosen_by_the_caller(dialog: PreferencesDialog, qtbot: QtBot) -> None:
    with qtbot.waitSignal(dialog.folder_requested):
        button(dialog, "Choose…").click()
    with qtbot.waitSignal(dialog.changed) as changed:
        dialog.show_folder("/srv/texts")
    assert changed.args[0].library_folder == "/srv/texts"


def test_whether_to_start_with_the_last_documents_is_told(dialog: PreferencesDialog, qtbot: QtBot) -> None:
    with qtbot.waitSignal(dialog.changed) as changed:
        next(each for each in dialog.findChildren(QCheckBox) if each.text().startswith("Open the documents")).click()
    assert changed.args[0].reopen_last is False


def test_the_language_of_spelling_changes_at_once(dialog: PreferencesDialog, qtbot: QtBot) -> None:
    box = next(each for each in dialog.findChildren(QComboBox) if each.accessibleName().startswith("Language"))
    assert box.currentText() == "As the system"
    with qtbot.waitSignal(dialog.changed) as changed:
        box.setCurrentIndex(2)
    assert changed.args[0].spelling == "en"


@pytest.mark.parametrize("height", [None, 420])
def test_with_larger_letters_of_the_system_nothing_is_cut(qapp: QApplication, qtbot: QtBot, height: int | None) -> None:
    before = qapp.font()
    larger = QFont(before)
    larger.setPointSizeF(before.pointSizeF() * 1.8)
    try:
        qapp.setFont(larger)
        dialog = PreferencesDialog(MINE, SPELLINGS)
        qtbot.addWidget(dialog)
        dialog.setStyleSheet(stylesheet(named("light")))
        dialog.show()
        if height is not None:  # a low screen
            dialog.resize(dialog.width(), height)
            assert dialog.height() == height
        QApplication.processEvents()
        cut = [
            each.text() for each in dialog.findChildren(QAbstractButton)
            if each.text() and each.width() < each.sizeHint().width()
        ] + [
            each.accessibleName() for kind in (QComboBox, QLineEdit, QCheckBox) for each in dialog.findChildren(kind)
            if each.isVisible() and each.accessibleName() and each.height() < each.sizeHint().height() - 4
        ]  # fmt: skip
        last = next(each for each in dialog.findChildren(QCheckBox) if "model" in each.text())
        dialog.activateWindow()
        qtbot.waitUntil(dialog.isActiveWindow)
        for _ in range(40):
            if not last.hasFocus():
                QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
        close = button(dialog, "Close")
        beyond = [
            each.accessibleName() for each in (last, close)
            if not dialog.rect().contains(each.mapTo(dialog, each.rect().bottomRight()))
            or each.visibleRegion().boundingRect().height() < each.height()
        ]  # fmt: skip
    finally:
        qapp.setFont(before)
    assert (cut, beyond) == ([], [])


@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_its_fields_end_where_its_button_does_with_a_scroll_bar_or_without(
    dialog: PreferencesDialog, qtbot: QtBot, direction: Qt.LayoutDirection
) -> None:
    dialog.setLayoutDirection(direction)
    dialog.show()
    close, choose = button(dialog, "Close"), button(dialog, "Choose…")
    bar = dialog.findChildren(QScrollArea)[0].verticalScrollBar()

    def ends() -> list[int]:
        corner = QRect.topLeft if dialog.isRightToLeft() else QRect.topRight
        return [each.mapTo(dialog, corner(each.rect())).x() for each in (close, choose)]

    for height, is_scrolled in ((400, True), (1200, False)):
        dialog.resize(dialog.width(), height)
        qtbot.waitUntil(lambda is_scrolled=is_scrolled: bar.isVisible() is is_scrolled and len(set(ends())) == 1)


def test_quotes_that_are_chosen_hold_at_once_in_every_window_and_after_a_restart(desk: Desk) -> None:
    one, other = desk.new(), desk.new()
    one.window.actions_["preferences"].trigger()
    (dialog,) = one.window.findChildren(PreferencesDialog)
    (box,) = (each for each in dialog.findChildren(QComboBox) if each.accessibleName().startswith("Quotation marks"))
    assert [box.itemData(place) for place in range(box.count())] == ["", *QUOTES]
    box.setCurrentIndex(1)
    dialog.accept()
    for draft in (one, other, desk.new()):
        write(draft, '"a"')
        assert draft.document.text() == "“a”\n"
    desk.until(lambda: load_settings(desk.paths.settings).settings.quotes == "en")


def test_who_wants_no_numbers_of_pages_and_nothing_offered_after_a_slash_has_it_so_at_once(desk: Desk) -> None:
    one, other = desk.new(), desk.new()
    assert one.numbers_pages
    one.window.actions_["preferences"].trigger()
    (dialog,) = one.window.findChildren(PreferencesDialog)
    for words in ("you type /", "Number the pages"):
        next(each for each in dialog.findChildren(QCheckBox) if words in each.accessibleName()).click()
    dialog.accept()
    for draft in (one, other, desk.new()):
        write(draft, "/")
        assert not draft.editor.is_choosing
        assert not draft.numbers_pages

    def kept() -> bool:
        settings = load_settings(desk.paths.settings).settings
        return not settings.slash and not settings.page_numbers

    desk.until(kept)


def test_the_mouse_wheel_scrolls_past_what_can_be_chosen_here_and_where_links_roles_and_votes_are(qtbot: QtBot) -> None:
    dialog, form = PreferencesDialog(MINE, SPELLINGS), InviteForm()
    more = (RoleBox("Bo"), Number("Dots", "", 0, 9))
    for widget in (dialog, form, *more):
        qtbot.addWidget(widget)
    choice(dialog, ("for", "against"), print)
    fields = [each for kind in (QComboBox, QDoubleSpinBox) for each in dialog.findChildren(kind)]
    assert len(fields) == 7
    for field in (*fields, form.expiry, form.day, form.uses, form.count, *more):
        before = field.currentIndex() if isinstance(field, QComboBox) else field.text()
        for notches in (1, -1):
            event = QWheelEvent(
                QPointF(5, 5), QPointF(5, 5), QPoint(), QPoint(0, 120 * notches), Qt.MouseButton.NoButton,
                Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
            )  # fmt: skip
            QApplication.sendEvent(field, event)
            assert before == (field.currentIndex() if isinstance(field, QComboBox) else field.text())
