"""Parts that cards have in common: those of decisions, of comments and of suggested changes.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QPushButton, QWidget

from cowrite.gui.widgets.dialog_parts import button


def act_button(
    text: str, tip: str, act: Callable[[], object], *, kind: str = "quiet", is_long: bool = False
) -> QPushButton:
    """A button with words; `tip` is what it is called when it is read out. A long one ends in dots without room."""
    made = button(text, tip, kind, is_long=is_long)
    made.setAccessibleName(tip)
    made.clicked.connect(lambda _checked=False: act())
    return made


class Column(QWidget):
    """What is scrolled, as high as its parts want to be: a stylesheet's least height would let them be pressed."""

    def minimumSizeHint(self) -> QSize:
        """No lower than it wants to be."""
        return QSize(super().minimumSizeHint().width(), self.sizeHint().height())
