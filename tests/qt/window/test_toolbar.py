"""The formatting buttons: they show the caret, can be reached by keyboard, and keep a narrow window usable."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics
from PySide6.QtWidgets import QAbstractButton, QApplication, QFrame, QMenu, QToolButton
from pytestqt.qtbot import QtBot

from cowrite.gui.commands.actions import Actions, FormatState
from cowrite.gui.look.contrast import contrast
from cowrite.gui.look.swatches import INKS, WASHES
from cowrite.gui.look.theme import named, stylesheet
from cowrite.gui.window.toolbar import FormatToolbar
from helpers.called import the


@pytest.fixture
def actions(qtbot: QtBot) -> Actions:
    return Actions()


@pytest.fixture
def toolbar(qtbot: QtBot, actions: Actions) -> FormatToolbar:
    toolbar = FormatToolbar(actions, named("light"))
    qtbot.addWidget(toolbar)
    toolbar.resize(1200, 44)
    toolbar.show()
    return toolbar


def button(toolbar: FormatToolbar, name: str) -> QToolButton:
    return the(toolbar, QToolButton, name)


def show(toolbar: FormatToolbar, actions: Actions, state: FormatState) -> None:
    """Shows a state as the window does."""
    actions.show_state(state)
    toolbar.show_state(state)


def test_every_button_has_a_name_a_tooltip_and_is_large_enough_to_hit(toolbar: FormatToolbar) -> None:
    buttons = toolbar.findChildren(QAbstractButton)
    assert len(buttons) > 20
    for each in buttons:
        assert each.accessibleName()
        assert each.toolTip()
        assert min(each.width(), each.height()) >= 24
        assert not each.icon().isNull() or each.text()


def test_the_style_name_has_room_in_whichever_size_the_system_sets_its_letters(
    actions: Actions, qapp: QApplication, qtbot: QtBot
) -> None:
    usual = QFont(qapp.font())
    large = QFont(usual)
    large.setPointSize(24)
    qapp.setFont(large)
    try:
        toolbar = FormatToolbar(actions, named("light"))
        qtbot.addWidget(toolbar)
    finally:
        qapp.setFont(usual)
    style = button(toolbar, "Paragraph style")
    assert style.height() >= QFontMetrics(large).height() + 10


def test_a_button_does_what_its_menu_entry_does(toolbar: FormatToolbar, actions: Actions, qtbot: QtBot) -> None:
    with qtbot.waitSignal(actions["bold"].triggered):
        qtbot.mouseClick(button(toolbar, "Bold"), Qt.MouseButton.LeftButton)


def test_the_size_of_a_table_is_picked_at_the_caret_or_below_the_button_that_asks_for_it(
    toolbar: FormatToolbar, qtbot: QtBot
) -> None:
    table, caret = button(toolbar, "Table"), toolbar.mapToGlobal(QPoint(40, 300))
    by_key = toolbar.open_table(caret)
    assert by_key.y() > caret.y()
    by_key.close()
    table.setFocus()
    qtbot.waitUntil(table.hasFocus)
    by_button = toolbar.open_table(caret)
    assert by_button.y() < caret.y()
    by_button.close()


def test_the_buttons_show_what_holds_at_the_caret(toolbar: FormatToolbar, actions: Actions) -> None:
    show(toolbar, actions, FormatState(bold=True, header=2, list="ordered"))
    assert button(toolbar, "Bold").isChecked()
    assert not button(toolbar, "Italic").isChecked()
    assert button(toolbar, "Numbered list").isChecked()
    assert button(toolbar, "Paragraph style").text() == "Heading 2"


def test_the_style_picker_presses_the_shared_action(toolbar: FormatToolbar, actions: Actions, qtbot: QtBot) -> None:
    entries = button(toolbar, "Paragraph style").menu().actions()
    assert [entry.text() for entry in entries] == [
        "Text", "Heading 1", "Heading 2", "Heading 3", "Heading 4", "Heading 5", "Heading 6", "Quote", "Code block",
    ]  # fmt: skip
    with qtbot.waitSignal(actions["heading_3"].triggered):
        entries[3].trigger()
    show(toolbar, actions, FormatState(header=4))
    assert [entry.text() for entry in entries if entry.isChecked()] == ["Heading 4"]


@pytest.mark.parametrize(
    ("id_", "palette", "signal"), [("text_color", INKS, "colour_chosen"), ("highlight", WASHES, "highlight_chosen")]
)
def test_a_colour_is_picked_from_the_palette_and_taken_away_with_none(
    toolbar: FormatToolbar, qtbot: QtBot, id_: str, palette: tuple, signal: str
) -> None:
    popup = toolbar.open_colours(id_)
    assert [each.accessibleName() for each in popup.findChildren(QToolButton)] == [swatch.name for swatch in palette]
    with qtbot.waitSignal(getattr(toolbar, signal)) as chosen:
        popup.findChildren(QToolButton)[3].click()
    assert chosen.args == [palette[3].light]
    popup = toolbar.open_colours(id_)
    (none,) = [each for each in popup.findChildren(QAbstractButton) if each.text() == "None"]
    with qtbot.waitSignal(getattr(toolbar, signal)) as chosen:
        none.click()
    assert chosen.args == [None]


def test_arrow_keys_walk_along_the_buttons_and_escape_gives_the_keyboard_back(
    toolbar: FormatToolbar, qtbot: QtBot
) -> None:
    bold = button(toolbar, "Bold")
    bold.setFocus()
    qtbot.keyClick(bold, Qt.Key.Key_Right)
    assert button(toolbar, "Italic").hasFocus()
    qtbot.keyClick(button(toolbar, "Italic"), Qt.Key.Key_Left)
    qtbot.keyClick(bold, Qt.Key.Key_Left)
    assert button(toolbar, "Paragraph style").hasFocus()
    with qtbot.waitSignal(toolbar.left):
        qtbot.keyClick(button(toolbar, "Paragraph style"), Qt.Key.Key_Escape)


def hidden_actions(toolbar: FormatToolbar) -> list[str]:
    """The ids of the actions that have moved into the menu for want of room."""
    members = [member for group in toolbar._groups if group.isHidden() for member in group.members]
    return [member.defaultAction().objectName() for member in members if member.defaultAction()]


def test_a_narrow_window_keeps_every_action_within_reach(toolbar: FormatToolbar) -> None:
    more = button(toolbar, "More formatting")
    assert hidden_actions(toolbar) == []
    assert more.isHidden()
    toolbar.resize(420, 44)
    hidden = hidden_actions(toolbar)
    assert {"link", "image", "divider", "bullet_list", "clear_format"} <= set(hidden)
    assert not more.isHidden()
    assert more.geometry().right() <= toolbar.width()
    more.menu().aboutToShow.emit()
    entries = more.menu().actions()
    assert set(hidden) <= {entry.objectName() for entry in entries}
    assert {"Alignment", "Text colour", "Highlight"} <= {entry.text().replace("&", "") for entry in entries}
    toolbar.resize(1200, 44)
    assert hidden_actions(toolbar) == []


def test_a_reader_sees_the_buttons_greyed(toolbar: FormatToolbar, actions: Actions) -> None:
    show(toolbar, actions, FormatState(read_only=True))
    enabled = [each.accessibleName() for each in toolbar.findChildren(QToolButton) if each.isEnabled()]
    # A commenter reads and comments; that who may only read suggests nothing, the application says.
    assert enabled == ["More formatting", "Comment", "Suggest changes", "History", "Assistant"]


@pytest.mark.parametrize("name", ["light", "dark"])
def test_the_arrow_beside_the_style_is_as_faint_as_its_name_where_it_cannot_be_chosen(
    toolbar: FormatToolbar, actions: Actions, name: str
) -> None:
    theme = named(name)
    toolbar.setStyleSheet(stylesheet(theme))

    def strongest() -> float:
        """How far the arrow's strongest dot is from what is behind it."""
        picker = button(toolbar, "Paragraph style")
        picture = toolbar.grab(QRect(picker.mapTo(toolbar, QPoint()), picker.size())).toImage()
        right, behind = picker.width() - 4, QColor(picture.pixelColor(picker.width() - 24, 16)).lightness()
        dots = (picture.pixelColor(x, y).lightness() for x in range(right - 16, right) for y in range(8, 24))
        return max(abs(dot - behind) for dot in dots)

    enabled = strongest()
    show(toolbar, actions, FormatState(read_only=True))
    assert 10 < strongest() < enabled * 0.6


def test_the_style_name_is_readable_in_the_dark(toolbar: FormatToolbar, actions: Actions) -> None:
    dark = named("dark")
    toolbar.show_theme(dark)
    assert contrast(dark.text, dark.window) > 7
    assert button(toolbar, "Paragraph style").text() == "Text"


def test_the_lines_between_groups_are_as_high_as_the_drawings(toolbar: FormatToolbar) -> None:
    lines = [line for line in toolbar.findChildren(QFrame) if line.property("role") == "line"]
    assert len(lines) > 3
    assert {line.height() for line in lines} == {named("light").metrics.icon}


def test_a_toolbar_has_as_many_menus_after_other_themes_as_before(toolbar: FormatToolbar) -> None:
    before = len(toolbar.findChildren(QMenu))
    for name in ("dark", "light"):
        toolbar.show_theme(named(name))
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert len(toolbar.findChildren(QMenu)) == before
