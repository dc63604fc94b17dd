"""SidePanel: a panel beside the page, with a heading and a button that closes it.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from cowrite.gui.look.icons import icon_button
from cowrite.gui.look.key_names import and_key
from cowrite.gui.look.theme import BORDER, CLOSE, LOOSE, MARGIN, SPACING, set_look
from cowrite.gui.widgets.elided_label import ElidedLabel


class SidePanel(QFrame):
    """A heading with a button that closes the panel, above what it shows.

    Args:
        name: what it shows.
        least: device-independent pixels that it needs.
        width: device-independent pixels that it likes to have.
        letters: that have room in a line, also where they are large.
        leads: whether it stands where lines begin, and not where they end.
        parent: Qt parent.
    """

    closed = Signal()
    left = Signal()
    """Escape gives the keyboard back to the page."""

    def __init__(
        self, name: str, parent: QWidget | None = None, *, least: int, width: int, letters: int = 0, leads: bool = False
    ) -> None:
        super().__init__(parent)
        self._width = width
        self._letters = letters
        self._leads = leads
        self.setAccessibleName(name)
        set_look(self, surface="panel", leads=leads)
        self.setMinimumWidth(least)
        self._heading = ElidedLabel()
        self._heading.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._heading.show_text(name)
        set_look(self._heading, role="heading")
        self._close = icon_button("x", f"Close the {name.lower()}")
        self._close.clicked.connect(self.closed)

    def sizeHint(self) -> QSize:
        """Wide enough for a line of it."""
        return QSize(max(self._width, self._letters * self.fontMetrics().averageCharWidth()), 400)

    def show_key(self, key: str) -> None:
        """Names the key by which it is shown and closed; an empty one for none."""
        self._close.setToolTip(and_key(self._close.accessibleName(), key))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes back to the page."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _lay_out_head(self, *tools: QWidget) -> QVBoxLayout:
        """Puts the heading in its place.

        Args:
            tools: what stands beside it, before the button that closes.

        Returns:
            What takes all that stands below it.
        """
        top = QHBoxLayout()
        top.setContentsMargins(MARGIN, 0, SPACING, 0)
        top.setSpacing(CLOSE)
        top.addWidget(self._heading, 1)
        for each in (*tools, self._close):
            top.addWidget(each)
        whole = QVBoxLayout(self)
        before, behind = (0, BORDER) if self._leads else (BORDER, 0)
        whole.setContentsMargins(before, LOOSE, behind, 0)
        whole.setSpacing(SPACING)
        whole.addLayout(top)
        return whole
