"""The order in which the Tab key comes to the parts of a window.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from PySide6 import QtWidgets  # what few need is named when it is needed: PySide makes a class when it is first named
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def reach_in_order(*parts: QWidget) -> None:
    """Has the Tab key go through these parts of a window, and what is in them, one after the other; rows that come late
    would else be reached last."""
    reached = [
        each
        for part in parts
        for each in (part, *part.findChildren(QWidget))
        if each.focusPolicy() & Qt.FocusPolicy.TabFocus
        and each.focusProxy() is None
        and each.window() is part.window()  # the list of a box to choose from is a window of its own
    ]
    for one, other in pairwise(reached):
        QWidget.setTabOrder(one, other)


def reach_the_chosen(buttons: Iterable[QtWidgets.QAbstractButton]) -> None:
    """Has Tab come to the chosen one of buttons that exclude each other; Qt comes to the first, whichever is chosen.

    Whoever reads by ear hears of each that it is one of several.

    Args:
        buttons: all of them; where none is chosen yet, Tab comes to the first.
    """
    group = list(buttons)

    def follow(chosen: QtWidgets.QAbstractButton) -> None:
        for each in group:
            each.setFocusPolicy(Qt.FocusPolicy.StrongFocus if each is chosen else Qt.FocusPolicy.ClickFocus)

    for each in group:
        each.setAutoExclusive(True)  # by which alone Qt tells a radio button from a box to tick
        each.toggled.connect(lambda on, each=each: follow(each) if on else None)
        if each.isChecked():
            follow(each)
