"""SidePane: what stands beside the list: a note whole, and what others put there, such as a ballot.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from cowrite.gui.ideas.details import DetailsPane

NARROW = 600  # device-independent pixels below which list and ballot have no room side by side


class Beside(QSplitter):
    """Divides the room between the list and what stands beside it, or below it where there is no room beside."""

    def __init__(self) -> None:
        super().__init__()
        self.setChildrenCollapsible(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """There may be room now, or none any more."""
        is_narrow = event.size().width() < NARROW
        before = self.orientation()
        self.setOrientation(Qt.Orientation.Vertical if is_narrow else Qt.Orientation.Horizontal)
        super().resizeEvent(event)
        if self.orientation() is not before:
            self.share()

    def share(self) -> None:
        """Gives what has come there as much room as the list has."""
        self.setSizes([1000, 1000])


class SidePane(QWidget):
    """Is there while it has something to show."""

    left = Signal()
    """The person goes back to the list."""
    other_wanted = Signal()
    """The person goes to what others have put here; whoever did gives it the keyboard."""

    def __init__(self, details: DetailsPane) -> None:
        super().__init__()
        self._details = details
        self._other: QWidget | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(details, 1)
        details.hide()
        self.hide()

    @property
    def has_details(self) -> bool:
        """Whether it shows a note."""
        return not self._details.isHidden()

    def show_details(self, on: bool) -> None:
        """Shows a note whole, or no longer."""
        self._details.setVisible(on)
        self._show()

    def set_other(self, widget: QWidget | None) -> None:
        """Puts something above the note, in the place of what was there, or takes that away."""
        if self._other is not None:
            self._column.removeWidget(self._other)
            self._other.hide()
            self._other.setParent(None)
        self._other = widget
        if widget is not None:
            self._column.insertWidget(0, widget)
            widget.show()
        self._show()

    @property
    def has_other(self) -> bool:
        """Whether others have put something here."""
        return self._other is not None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leads back to the list."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _show(self) -> None:
        has_come = self.isHidden()
        self.setVisible(self._other is not None or self.has_details)
        split = self.parentWidget()
        if has_come and isinstance(split, Beside):
            split.share()
