"""ElidedLabel: a line that ends in dots where there is no room for all of it.

Runs on the GUI thread. It is as wide as its text where it can be; `ElidedLine` takes what others leave.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

from cowrite.core.text.direction import isolated
from cowrite.gui.look.mirroring import leading
from cowrite.gui.look.theme import worn
from cowrite.gui.widgets.tips import plain_tip


class ElidedLabel(QLabel):
    """A line that ends in "…" where there is no room, and then has all of it in its tooltip."""

    def __init__(self) -> None:
        super().__init__()
        self._detail = ""
        self.tone = ""  # the field of Theme that gives its colour; while empty it has that of all text
        self.roomy = ""  # a text that has room as well, so that nothing moves when it comes
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def show_text(self, text: str, detail: str = "") -> None:
        """Shows `text`; the tooltip is `detail`, below the text where that was cut."""
        self.setText(text)
        self._detail = detail
        self._explain()

    def minimumSizeHint(self) -> QSize:
        """Two letters are enough where nothing else has room: the tooltip has all of it."""
        return QSize(self.fontMetrics().horizontalAdvance("Sa…"), super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        """All of the text and a pixel against rounding."""
        hint = super().sizeHint()
        return QSize(max(hint.width(), self.fontMetrics().horizontalAdvance(self.roomy)) + 1, hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Says in the tooltip what is cut."""
        super().resizeEvent(event)
        self._explain()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The text, cut at the end of the line."""
        painter = QPainter(self)
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.setPen(QColor(getattr(worn(), self.tone)) if self.tone else self.palette().color(self.foregroundRole()))
        painter.drawText(self.contentsRect(), leading(self), isolated(shown))  # the dots stand where it would go on

    def is_elided(self) -> bool:
        """Whether a part of the text is cut."""
        return self.fontMetrics().horizontalAdvance(self.text()) > self.width()

    def _explain(self) -> None:
        lines = [self.text()] if self.is_elided() else []
        self.setToolTip(plain_tip("\n".join([*lines, self._detail] if self._detail else lines)))
