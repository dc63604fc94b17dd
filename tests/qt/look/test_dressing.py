"""What the application's style sheet costs a window: its parts are dressed where they are shown, and once each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from cowrite.core.decisions.decisions import Decision
from cowrite.core.decisions.parts import Argument, Choice
from cowrite.gui.look import theme as looks
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
    assert all(first > 20 for first, _ in opened.values()), opened
    first, again = map(sum, zip(*opened.values(), strict=True))  # some parts come a moment later, to the next view
    assert again < 0.3 * first, opened


def test_another_theme_dresses_what_lies_deep_in_a_window_as_often_as_the_window(
    qapp: QApplication, dresser: Dresser, qtbot: QtBot
) -> None:
    before = qapp.palette(), qapp.font()
    outermost = innermost = QWidget()
    for _ in range(20):
        innermost = QWidget(innermost)
    qtbot.addWidget(outermost)
    outermost.show()
    dressed: list[int] = []
    try:
        for watched, theme in ((outermost, "dark"), (innermost, "light")):
            qapp.removeEventFilter(dresser)
            watched.installEventFilter(dresser)
            looks.apply(qapp, looks.named(theme))
            watched.removeEventFilter(dresser)
            dressed.append(dresser.counted()[1])
    finally:
        qapp.setPalette(before[0])
        qapp.setFont(before[1])
    assert dressed[0] == dressed[1] > 0
