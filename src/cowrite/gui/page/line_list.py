"""LineList: what is offered at the line in which somebody writes.

Runs on the GUI thread. It is a part of the window and takes no keyboard, so that letters, input methods and all other
keys stay with the field.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtWidgets import QListWidget, QPlainTextEdit, QScrollArea, QTextEdit, QWidget

from cowrite.bridge.single_shot import single_shot
from cowrite.gui.look.theme import set_look

LEAST_WIDTH, MOST_WIDTH = 160, 380  # device-independent pixels
GAP = 4  # device-independent pixels between the list and the line, or the window's edge


class LineList(QListWidget):
    """A list below the line of a field, or above it where there is more room.

    Args:
        field: where somebody writes; in a window.
        name: what it lists.
        most_rows: that are seen at once.
    """

    lost = Signal()
    """The line is out of sight now."""

    def __init__(self, field: QPlainTextEdit | QTextEdit, name: str, most_rows: int) -> None:
        self._window: QWidget = field.window()
        super().__init__(self._window)
        self._field = field
        self._most_rows = most_rows
        self._at = 0
        self._is_above = False  # where it stays, however few rows are left
        self._soon = single_shot(self, self.place)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        set_look(self, surface="names")
        self._area = _area_around(field)
        if self._area is not None:
            self._area.ensureWidgetVisible(field)
            for around in filter(None, (self._area.viewport(), self._area.widget())):
                around.installEventFilter(self)
        else:
            field.viewport().installEventFilter(self)
            field.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        for end in (self.hide, self.deleteLater):
            field.destroyed.connect(end)

    def show_at(self, at: int) -> None:
        """Shows itself.

        Args:
            at: where that begins for which something is offered in the field (UTF-16 units).
        """
        self._at = at
        self.show()
        self.raise_()
        self.place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What is around the field is scrolled, or laid out anew."""
        if event.type() in (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self._soon.start()
        return super().eventFilter(watched, event)

    def step(self, by: int) -> None:
        """Chooses the next row or the one before, and behind the last one the first."""
        self.setCurrentRow((self.currentRow() + by) % self.count())

    def place(self) -> None:
        """Stands at the line, within the window."""
        if self.isHidden():  # what was on its way when it was taken away
            return
        window, field = self._window, self._field
        sign = field.textCursor()
        sign.setPosition(self._at)
        line = field.cursorRect()
        top = field.viewport().mapTo(window, QPoint(field.cursorRect(sign).left(), line.top()))
        sight = field.viewport() if self._area is None else self._area.viewport()
        if not QRect(sight.mapTo(window, QPoint()), sight.size()).contains(top):
            self.lost.emit()
            return
        edges = 2 * self.frameWidth()
        height = min(self.count(), self._most_rows) * self.sizeHintForRow(0) + edges
        wanted = self.sizeHintForColumn(0) + edges + self.verticalScrollBar().sizeHint().width()
        width = min(max(LEAST_WIDTH, wanted), MOST_WIDTH, window.width() - 2 * GAP)
        below, above = top.y() + line.height() + GAP, top.y() - GAP
        room = window.height() - GAP - below
        self._is_above = self._is_above or (height > room and above > room)
        if self._is_above:
            height = min(height, above - GAP)
            y = above - height
        else:
            height, y = min(height, room), below
        x = top.x() - (width if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else 0)
        self.setGeometry(max(GAP, min(x, window.width() - width - GAP)), y, width, height)

    def _on_scrolled(self, _at: int) -> None:
        self._soon.start()


def _area_around(field: QWidget) -> QScrollArea | None:
    """What scrolls a field, where something does."""
    parent = field.parentWidget()
    while parent is not None and not isinstance(parent, QScrollArea):
        parent = parent.parentWidget()
    return parent
