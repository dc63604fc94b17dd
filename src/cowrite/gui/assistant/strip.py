"""What the assistant has in the status strip: where the text goes, and the way to stop what runs.

Runs on the GUI thread. Made when there is first something to say.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QStyle, QStyleOptionToolButton, QStylePainter, QToolButton

from cowrite.gui.look.icons import icon
from cowrite.gui.look.theme import set_look, worn

AROUND = 12  # device-independent pixels of a button beside icon and words
BESIDE = 4  # the icon; the drawing is square and in the middle
BETWEEN = 5  # icon and words
LEAST = 180  # of a button that is cut


class StripButton(QToolButton):
    """An icon and words that become shorter where there is little room.

    Args:
        name: of the icon.
        tone: the field of Theme that gives its colour.
    """

    def __init__(self, name: str, tone: str) -> None:
        super().__init__()
        self._words = ""
        self._short = ""
        self._is_short = False
        set_look(self, kind="strip")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setIcon(icon(name, tone))
        self.setIconSize(QSize(worn().metrics.sign + BESIDE, worn().metrics.sign))
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Expanding)

    def show_words(self, words: str, short: str, tip: str) -> None:
        """Says words, or the short ones where `be_short` wants it so; the tooltip says more."""
        self._words, self._short = words, short
        self.setAccessibleName(words)
        self.setToolTip(tip)
        self._show()

    def be_short(self, on: bool) -> None:
        """Says as little as can be, or all."""
        if on != self._is_short:
            self._is_short = on
            self._show()

    @property
    def widths(self) -> tuple[int, int]:
        """What it takes for the short words, and for all."""
        return self._width(self._short), self._width(self._words)

    def sizeHint(self) -> QSize:
        """All of the words that it says, in a line of text."""
        return QSize(self._width(self.text()), self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        """The short words, where they are no longer than most; of others the tooltip has the rest."""
        return QSize(min(LEAST, self._width(self._short)), self.fontMetrics().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Icon and words, these cut where there is no room."""
        option = QStyleOptionToolButton()
        self.initStyleOption(option)
        room = self.width() - self._width("") - BETWEEN
        option.text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room)
        QStylePainter(self).drawComplexControl(QStyle.ComplexControl.CC_ToolButton, option)

    def _width(self, words: str) -> int:
        text = self.fontMetrics().horizontalAdvance(words) + BETWEEN + 2 if words else 0  # 2 against rounding
        return self.iconSize().width() + AROUND + text

    def _show(self) -> None:
        words = self._short if self._is_short else self._words
        self.setToolButtonStyle(
            Qt.ToolButtonStyle.ToolButtonTextBesideIcon if words else Qt.ToolButtonStyle.ToolButtonIconOnly
        )
        self.setText(words)
        self.updateGeometry()


class PlaceMark(StripButton):
    """Says at which host the model runs, to which the text goes."""

    def __init__(self) -> None:
        super().__init__("triangle-alert", "warning")
        set_look(self, tone="warning")

    def show_place(self, place: str) -> None:
        """The text goes to this host."""
        tip = f"The model runs at {place}: what it is asked, and the text around it, is sent there."
        self.show_words(f"Text goes to {place}", place, f"{tip}\nPress to choose another model.")


class StopButton(StripButton):
    """Ends what the model is doing."""

    def __init__(self) -> None:
        super().__init__("circle-stop", "text")
        self.show_words("Stop", "", "Stop what the model is doing for you (Esc)")
