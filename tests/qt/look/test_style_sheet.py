"""What the style sheet gives to fields, boxes, tabs, tooltips and questions."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QDir, QRect, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QMenu,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QStyle,
    QStyleOptionComboBox,
    QTabBar,
    QToolButton,
    QToolTip,
    QWidget,
)
from pytestqt.qtbot import QtBot

from cowrite.gui.look import theme as looks
from cowrite.gui.look.contrast import CONTROL_CONTRAST, TEXT_CONTRAST, contrast
from cowrite.gui.look.theme import Theme, named
from cowrite.gui.widgets.tips import tip_of
from helpers.colours import colours


def test_the_stylesheet_holds_no_colour_of_its_own() -> None:
    source = (looks.themes_folder() / "style.qss").read_text(encoding="utf-8")
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(", source) == []


def test_every_placeholder_of_the_stylesheet_is_filled(theme: Theme) -> None:
    assert "$" not in looks.stylesheet(theme)


def test_what_a_field_asks_for_is_readable_while_it_is_empty(qtbot: QtBot, qapp: QApplication) -> None:
    before = qapp.styleSheet()
    asked: dict[tuple[str, str], tuple[QColor, str]] = {}
    try:
        for theme in map(named, ("light", "dark", "light-contrast", "dark-contrast")):
            qapp.setStyleSheet(looks.stylesheet(theme))
            for kind in (QLineEdit, QPlainTextEdit, QListWidget, QComboBox):
                field = kind()
                looks.set_look(field, surface="field")
                field.ensurePolished()
                colour = field.palette().color(QPalette.ColorRole.PlaceholderText)
                asked[theme.name, kind.__name__] = colour, theme.page
                field.deleteLater()
            qtbot.wait(0)
    finally:
        qapp.setStyleSheet(before)
    assert {name for name, (colour, _) in asked.items() if colour.alpha() != 255} == set()
    assert {name for name, (colour, page) in asked.items() if contrast(colour.name(), page) < TEXT_CONTRAST} == set()


def test_words_that_one_may_not_change_stand_on_the_ground_of_the_window_and_are_readable(
    theme: Theme, qtbot: QtBot
) -> None:
    line, paragraph, box = QLineEdit("Herbs"), QPlainTextEdit("Herbs"), QComboBox()
    box.setEditable(True)
    for field in (line, paragraph, box):
        qtbot.addWidget(field)
        looks.set_look(field, surface="field")
        field.setStyleSheet(looks.stylesheet(theme))
        field.resize(200, 60)
        if isinstance(field, QComboBox):
            field.setEnabled(False)
        else:
            field.setReadOnly(True)
        assert field.grab().toImage().pixelColor(100, 55).name() == theme.window, field
    assert contrast(box.lineEdit().palette().text().color().name(), theme.window) >= TEXT_CONTRAST


def test_the_words_of_a_box_begin_as_far_from_its_edge_whichever_way_one_reads(theme: Theme, qtbot: QtBot) -> None:
    rooms = []
    for way in (Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft):
        box = QComboBox()
        qtbot.addWidget(box)
        box.setLayoutDirection(way)
        box.setStyleSheet(looks.stylesheet(theme))
        box.addItem("Majority")
        box.resize(box.sizeHint())
        option = QStyleOptionComboBox()
        box.initStyleOption(option)
        whole, words = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
        room = box.style().subControlRect(whole, option, words, box)
        rooms.append((room.left(), box.width() - 1 - room.right()))
    (before, arrow), (arrow_too, before_too) = rooms
    assert (before, arrow) == (before_too, arrow_too)
    assert arrow < 2 * before + 24  # the arrow has 24


@pytest.mark.parametrize("make", [QToolButton, QPushButton])
def test_no_words_stand_on_the_arrow_of_a_menu_where_one_reads_from_the_right(theme: Theme, qtbot: QtBot, make) -> None:
    seen = []
    for words in ("", "Timer and more"):
        button = make()
        qtbot.addWidget(button)
        looks.set_look(button, kind="menu")
        button.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        button.setStyleSheet(looks.stylesheet(theme, is_mirrored=True))
        button.setMenu(QMenu(button))
        if isinstance(button, QToolButton):
            button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        button.setText("Timer and more")
        button.resize(button.sizeHint())
        button.setText(words)
        seen.append(button.grab(QRect(4, 6, 20, button.height() - 12)).toImage())
    assert seen[0] == seen[1]


def test_every_image_of_the_stylesheet_exists_and_stands_out_on_both_themes() -> None:
    folder = looks.themes_folder()
    sheets = [looks.stylesheet(named("light"), is_mirrored=way) for way in (False, True)]
    used = set(re.findall(r"url\(themes:([\w.-]+)\)", "".join(sheets)))
    assert used == {path.name for path in folder.glob("*.svg")}
    for name in used:
        (colour,) = set(re.findall(r'(?:stroke|fill)="(#[0-9a-f]{6})"', (folder / name).read_text(encoding="utf-8")))
        for theme in map(named, ("light", "dark", "light-contrast", "dark-contrast")):
            grounds = [theme.accent] if colour == "#ffffff" else [theme.page, theme.raised, theme.window]
            assert all(contrast(colour, ground) >= CONTROL_CONTRAST for ground in grounds), name


@pytest.mark.parametrize("name", ["Jürgen's Dateien", "50 % (new) $x"])
def test_cowrite_has_its_look_whatever_the_folder_is_called_that_it_is_in(
    monkeypatch: pytest.MonkeyPatch, qtbot: QtBot, tmp_path: Path, name: str
) -> None:
    shutil.copytree(looks.themes_folder(), tmp_path / name)
    theme, before = named("light"), QDir.searchPaths(looks.IMAGES)
    monkeypatch.setattr(looks, "themes_folder", lambda: tmp_path / name)
    looks.stylesheet.cache_clear()
    try:
        box = QCheckBox()
        qtbot.addWidget(box)
        box.setStyleSheet(looks.stylesheet(theme))
        box.setChecked(True)
        seen = colours(box.grab().toImage())
    finally:
        looks.stylesheet.cache_clear()
        QDir.setSearchPaths(looks.IMAGES, before)
    assert seen[theme.accent] > 20
    assert seen[theme.on_accent] > 3  # the tick


def tooltips(qapp: QApplication) -> list[QWidget]:
    return [each for each in qapp.topLevelWidgets() if each.objectName() == "qtooltip_label"]


def test_a_tooltip_shows_a_name_that_looks_like_markup_sign_by_sign(qtbot: QtBot, qapp: QApplication) -> None:
    before = qapp.styleSheet()
    qapp.setStyleSheet(looks.stylesheet(named("light")))
    try:
        for tip in tooltips(qapp):  # Qt takes one that is open for the next text
            tip.close()
        widget = QWidget()
        qtbot.addWidget(widget)
        widget.show()
        QToolTip.showText(widget.mapToGlobal(widget.rect().center()), "Follow <b>Ada</b>", widget)
        (tip,) = tooltips(qapp)
        assert isinstance(tip, QLabel)
        assert tip.text() == "Follow <b>Ada</b>"
        assert tip.textFormat() is Qt.TextFormat.PlainText
        tip.close()
    finally:
        qapp.setStyleSheet(before)


def test_of_a_text_that_is_longer_than_a_screen_is_high_a_tooltip_shows_the_beginning() -> None:
    lines = tip_of("what " * 200_000).splitlines()
    assert lines[0].startswith("what what")
    assert lines[-1].endswith("…")
    assert len(lines) < 60


def test_the_sentence_below_a_question_shows_a_name_that_looks_like_markup_sign_by_sign(
    qtbot: QtBot, qapp: QApplication
) -> None:
    before = qapp.styleSheet()
    qapp.setStyleSheet(looks.stylesheet(named("light")))
    try:
        box = QMessageBox(QMessageBox.Icon.Question, "Session", "Reveal all notes now?")
        qtbot.addWidget(box)
        box.setInformativeText("<b>Ada</b> is not done yet.")
        box.show()
        (sentence,) = (label for label in box.findChildren(QLabel) if label.text() == box.informativeText())
        assert sentence.textFormat() is Qt.TextFormat.PlainText
    finally:
        qapp.setStyleSheet(before)


def test_it_is_seen_in_which_tabs_the_keyboard_is(qtbot: QtBot, qapp: QApplication) -> None:
    before, theme = qapp.styleSheet(), named("dark")
    qapp.setStyleSheet(looks.stylesheet(theme))
    try:
        tabs = QTabBar()
        qtbot.addWidget(tabs)
        for name in ("Draft", "Board"):
            tabs.addTab(name)
        tabs.show()
        tabs.activateWindow()
        tabs.clearFocus()
        assert theme.accent_soft not in colours(tabs.grab().toImage())
        tabs.setFocus()
        qtbot.waitUntil(tabs.hasFocus)
        assert colours(tabs.grab(tabs.tabRect(0)).toImage())[theme.accent_soft] > tabs.tabRect(0).width() * 8
        assert theme.accent_soft not in colours(tabs.grab(tabs.tabRect(1)).toImage())
    finally:
        qapp.setStyleSheet(before)


@pytest.mark.parametrize("kind", [QCheckBox, QRadioButton])
@pytest.mark.parametrize("is_chosen", [False, True])
def test_what_is_ticked_or_chosen_begins_where_fields_do_and_shows_that_it_has_the_keyboard(
    theme: Theme, kind: type[QCheckBox | QRadioButton], qtbot: QtBot, *, is_chosen: bool
) -> None:
    box = kind("Without names")
    qtbot.addWidget(box)
    box.setStyleSheet(looks.stylesheet(theme))
    box.setAutoExclusive(False)
    box.setChecked(is_chosen)
    box.show()
    box.activateWindow()

    def edge(at: int) -> str:
        return box.grab().toImage().pixelColor(at, box.height() // 2).name()

    box.clearFocus()
    assert edge(0) != box.grab().toImage().pixelColor(box.width() - 1, 0).name()
    lit = theme.text if is_chosen else theme.focus
    assert edge(1) != lit
    box.setFocus()
    qtbot.waitUntil(box.hasFocus)
    assert edge(1) == lit


def test_the_button_that_answers_stands_last_as_in_the_dialogs_that_lay_out_their_own(
    qtbot: QtBot, qapp: QApplication
) -> None:
    before = qapp.styleSheet()
    qapp.setStyleSheet(looks.stylesheet(named("light")))
    try:
        box = QMessageBox(QMessageBox.Icon.Question, "Session", "End the session?")
        qtbot.addWidget(box)
        end = box.addButton("End", QMessageBox.ButtonRole.AcceptRole)
        later = box.addButton("Not yet", QMessageBox.ButtonRole.RejectRole)
        box.show()
        assert later.x() < end.x()
    finally:
        qapp.setStyleSheet(before)


@pytest.mark.parametrize("size", [8, 13, 24])
def test_titles_are_larger_than_the_other_words_of_the_chrome(size: int) -> None:
    title = re.search(r"role=\"title\"\] { font-size: ([\d.]+)pt", looks.stylesheet(named("light"), size))
    assert title is not None
    assert float(title[1]) > 1.5 * size


@pytest.mark.parametrize("size", [9, 11, 16, 20])
def test_where_there_is_little_room_a_button_is_no_lower_than_its_letters(qtbot: QtBot, size: int) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.setStyleSheet(f"{looks.stylesheet(named('light'), size)} * {{ font-size: {size}pt; }}")
    button, field = QPushButton("Turn on", window), QLineEdit(window)
    for each in (button, field):
        each.ensurePolished()
        assert each.minimumHeight() >= each.fontMetrics().height()
