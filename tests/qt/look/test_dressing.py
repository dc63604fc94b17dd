"""What the application's style sheet costs a window: its parts are dressed where they are shown, and once each."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from cowrite.core.decisions.decisions import Decision
from cowrite.core.decisions.parts import Argument, Choice
from cowrite.gui.look import theme as looks
from cowrite.gui.look.theme import Theme
from helpers.desk import Desk

PANELS = ("show_comments", "show_changes", "show_headings", "show_assistant")


class Dresser(QObject):
    """Counts how often something is dressed for the first time, and how often anew because it was moved."""

    def __init__(self) -> None:
        super().__init__()
        self.first = self.again = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(watched, QWidget):
            self.first += event.type() == QEvent.Type.Polish
            # Qt tells so of each part of what goes into another, dressed or not.
            is_dressed = watched.testAttribute(Qt.WidgetAttribute.WA_WState_Polished)
            self.again += event.type() == QEvent.Type.StyleChange and is_dressed
        return False

    def counted(self) -> tuple[int, int]:
        """Both since the last time."""
        counted, self.first, self.again = (self.first, self.again), 0, 0
        return counted


@pytest.fixture
def dresser(qapp: QApplication) -> Iterator[Dresser]:
    before = qapp.styleSheet()
    qapp.setStyleSheet(looks.stylesheet(looks.named("light")))
    dresser = Dresser()
    qapp.installEventFilter(dresser)
    yield dresser
    qapp.removeEventFilter(dresser)
    qapp.setStyleSheet(before)


def test_few_parts_of_a_window_are_dressed_twice_while_it_opens_and_its_views_and_panels_do(
    desk: Desk, dresser: Dresser, qapp: QApplication
) -> None:
    draft = desk.new()
    qapp.processEvents()
    opened = {"window": dresser.counted()}
    sides = (Argument("it smells good"),), (Argument("it spreads"),)
    draft.brainstorming.brainstorm.decisions.add(Decision("", "What do we plant?", options=(Choice("Mint", *sides),)))
    for view in ("board", "ideas", "decisions", "session"):
        draft.window.views.show_view(view)
        qapp.processEvents()
        opened[view] = dresser.counted()
    draft.window.views.show_view("draft")
    dresser.counted()
    for panel in PANELS:
        draft.window.actions_[panel].setChecked(True)
    qapp.processEvents()
    opened["panels"] = dresser.counted()
    assert all(first > 20 and again < first / 2 for first, again in opened.values()), opened
    first, again = map(sum, zip(*opened.values(), strict=True))  # some parts come a moment later, to the next view
    assert again < 0.3 * first, opened


def test_another_theme_dresses_each_part_of_a_window_once(dress: Callable[[Theme], None], qtbot: QtBot) -> None:
    qtbot.addWidget(window := QWidget())
    innermost = window
    for _ in range(10):
        innermost = QWidget(innermost)
    dialog = QDialog(innermost)
    label = QLabel("Garden", dialog)
    window.show()
    dialog.show()
    dress(looks.named("dark"))
    parts = (window, *window.findChildren(QWidget))
    dresser = Dresser()
    for part in parts:
        part.installEventFilter(dresser)
    dress(looks.named("light"))
    assert dresser.counted() == (0, len(parts))
    assert label.palette().windowText().color().name() == looks.named("light").text
    dress(looks.named("dark"))
    assert label.palette().windowText().color().name() == looks.named("dark").text


def test_what_is_hidden_takes_another_theme_when_it_is_shown_and_not_before(
    dress: Callable[[Theme], None], qtbot: QtBot, qapp: QApplication
) -> None:
    qtbot.addWidget(window := QWidget())
    panel = QWidget(window)
    label, hidden = QLabel("Garden", panel), QLabel("Shed", panel)
    window.show()
    dress(looks.named("dark"))
    panel.hide()
    hidden.hide()
    dresser = Dresser()
    for part in (panel, label, hidden):
        part.installEventFilter(dresser)
    for name in ("light", "dark", "light"):
        dress(looks.named(name))
    assert dresser.counted() == (0, 0)
    panel.show()
    assert dresser.counted() == (0, 2)
    assert label.palette().windowText().color().name() == looks.named("light").text
    hidden.show()
    assert dresser.counted() == (0, 1)
    panel.hide()
    panel.show()
    assert dresser.counted() == (0, 0)
