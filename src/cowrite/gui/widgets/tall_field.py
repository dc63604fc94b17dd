"""TallField: a field of text that wraps, as high as its text needs.

Runs on the GUI thread.
"""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QWidget

from cowrite.gui.look.reading_sides import stand_on_side
from cowrite.gui.look.theme import set_look


class TallField(QPlainTextEdit):
    """The field; Tab leaves it.

    Args:
        name: what it is for, as it is read out.
        tip: what it is for, under the pointer.
        parent: what it is in.
    """

    left = Signal()
    """The person has gone somewhere else."""

    def __init__(self, name: str, tip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        set_look(self, surface="field")
        self.textChanged.connect(self.fit)

    def fit(self) -> None:
        """Takes the height that its text needs, on the side from which that is read."""
        stand_on_side(self)
        self.setFixedHeight(self._height())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Says so."""
        super().focusOutEvent(event)
        self.left.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width means other lines."""
        super().resizeEvent(event)
        self.fit()

    def changeEvent(self, event: QEvent) -> None:
        """Larger letters need more room."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.fit()

    def sizeHint(self) -> QSize:
        """As high as its text."""
        return QSize(super().sizeHint().width(), self._height())

    def _height(self) -> int:
        margins = self.contentsMargins()
        return text_height(self) + margins.top() + margins.bottom()


def text_height(field: QPlainTextEdit, least: int = 1, most: int | None = None) -> int:
    """Pixels that the text of a field needs in its width, with the margins of its document.

    It is asked of the layout: lines are higher than whole pixels of their font, and higher still where another script
    or an emoji stands in them. What is a pixel too low hides its first line as soon as the caret is in its last one.

    Args:
        field: it.
        least: at least as high as so many lines.
        most: at most as high as so many lines; what is longer scrolls.
    """
    document = field.document()
    layout, margin = document.documentLayout(), document.documentMargin()
    block = document.begin()
    layout.blockBoundingRect(block)  # else it has no lines yet
    line = ceil(QFontMetricsF(field.font()).lineSpacing())
    highest = max(line, block.layout().lineAt(0).height())
    limit = None if most is None else most * highest + 2 * margin + 1
    height = margin + 1  # the first block has the upper margin in it; Qt wants a pixel below
    while block.isValid() and (limit is None or height < limit):
        height += layout.blockBoundingRect(block).height()
        block = block.next()
    height = max(height, least * line + 2 * margin + 1)
    return ceil(height if limit is None else min(height, limit))
