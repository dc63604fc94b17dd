"""WrappingRow: widgets beside each other, and below each other where they have no room; and ReachingColumn, for
what such rows stand in.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import QMargins, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLayout, QLayoutItem, QVBoxLayout, QWidget

FRAMELESS = 9  # device-independent pixels from the edge of a button without a frame to its words
_BESIDE = QMargins(FRAMELESS, 0, FRAMELESS, 0)


class WrappingRow(QLayout):
    """Widgets in a row, and in as many rows as a narrow place needs; those that expand share what is left of theirs.

    Where a row begins or ends with a button without a frame, its words stand in line with what is above.

    Args:
        spacing: between two, and between rows.
        at_end: whether rows that are shorter than the place stand where lines end, and not where they begin.
    """

    def __init__(self, spacing: int, *, at_end: bool = False) -> None:
        super().__init__()
        self._at_end = at_end
        self._items: list[QLayoutItem] = []
        self._heights: dict[int, int] = {}  # by width; Qt asks dozens of times for the same one
        self._wraps = True
        self.setSpacing(spacing)
        self.setContentsMargins(0, 0, 0, 0)

    def let_wrap(self, on: bool) -> None:
        """Says whether it may take several rows: beside words that wrap it would, rather than have them wrap more."""
        if on != self._wraps:
            self._wraps = on
            self.invalidate()

    def addItem(self, item: QLayoutItem) -> None:
        """Qt hands over what `addWidget` was given."""
        self._items.append(item)
        self._heights.clear()

    def count(self) -> int:
        """How many there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """One of them."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Takes one out."""
        self._heights.clear()
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """It takes no more than it needs."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Narrow ones are higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """As high as its rows."""
        if width not in self._heights:
            margins = self.contentsMargins()
            room = width - margins.left() - margins.right()
            rows = self._place(QRect(0, 0, room, 0), moves=False)
            self._heights[width] = rows + margins.top() + margins.bottom()
        return self._heights[width]

    def invalidate(self) -> None:
        """Something in it has another size."""
        self._heights.clear()
        super().invalidate()

    def setGeometry(self, rect: QRect) -> None:
        """Puts them where they belong."""
        super().setGeometry(rect)
        place = self.alignmentRect(rect) if self.alignment() else rect
        self._place(place.marginsRemoved(self.contentsMargins()), moves=True)

    def sizeHint(self) -> QSize:
        """All in one row."""
        shown = [item.sizeHint() for item in self._items if not item.isEmpty()]
        width = sum(size.width() for size in shown) + self.spacing() * max(0, len(shown) - 1)
        return QSize(width, max((size.height() for size in shown), default=0)).grownBy(self.contentsMargins())

    def minimumSize(self) -> QSize:
        """The widest alone, where they may wrap."""
        if not self._wraps:
            return self.sizeHint()
        shown = [item for item in self._items if not item.isEmpty()]
        width = max((item.minimumSize().width() for item in shown), default=0)
        height = max((item.sizeHint().height() for item in shown), default=0)
        return QSize(width, height).grownBy(self.contentsMargins())

    def _place(self, rect: QRect, *, moves: bool) -> int:
        parent = self.parentWidget()
        mirrored = parent is not None and parent.layoutDirection() == Qt.LayoutDirection.RightToLeft
        y = 0
        for row in self._rows(rect.width()):
            high = max(item.sizeHint().height() for item in row)
            wide = sum(item.sizeHint().width() + self.spacing() for item in row) - self.spacing()
            spare = max(0, rect.width() - wide)
            growing = sum(_grows(item) for item in row)
            left, right = rect.x(), parent.width() - rect.right() - 1 if parent is not None else 0
            if self._at_end and not growing:
                x = spare + _beside_words(row[-1], left if mirrored else right)
            else:
                x = -_beside_words(row[0], right if mirrored else left)
            for item in row if moves else ():
                size = item.sizeHint()
                more = spare // growing if _grows(item) else 0
                size.setWidth(min(size.width() + more, rect.width()))
                at = rect.right() + 1 - x - size.width() if mirrored else rect.x() + x
                item.setGeometry(QRect(QPoint(at, rect.y() + y + (high - size.height()) // 2), size))
                x += size.width() + self.spacing()
            y += high + self.spacing()
        return max(0, y - self.spacing())

    def _rows(self, width: int) -> list[list[QLayoutItem]]:
        rows: list[list[QLayoutItem]] = []
        left = 0
        for item in self._items:
            if item.isEmpty():
                continue
            wide = item.sizeHint().width()
            if not rows or wide > left:
                rows.append([])
                left = width
            rows[-1].append(item)
            left -= wide + self.spacing()
        return rows


class WrappingBar(QWidget):
    """A widget with a row that wraps, never lower than its rows: no layout around it asks for them where there is
    little room."""

    def minimumSizeHint(self) -> QSize:
        """As high as its rows in this width."""
        return QSize(super().minimumSizeHint().width(), self.heightForWidth(self.width()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width may need other rows."""
        super().resizeEvent(event)
        self.updateGeometry()


def _beside_words(item: QLayoutItem, room: int) -> int:
    """How far beyond its row a button at an end of it reaches, so that its words stand in line; `room` is there."""
    widget = item.widget()
    is_frameless = widget is not None and widget.property("kind") == "quiet"
    return max(0, min(FRAMELESS, room)) if is_frameless else 0


def _grows(item: QLayoutItem) -> bool:
    return bool(item.expandingDirections() & Qt.Orientation.Horizontal)


def row_of(*widgets: QWidget, spacing: int, at_end: bool = False) -> WrappingRow:
    """Widgets in a row that wraps; see `WrappingRow`."""
    row = WrappingRow(spacing, at_end=at_end)
    for widget in widgets:
        row.addWidget(widget)
    return row


class ReachingColumn(QVBoxLayout):
    """A column that is wider than its place, so that what is in its widgets stands in line with what is around it: else
    they would cut off buttons without a frame whose words stand in line."""

    def put(self, widget: QWidget) -> None:
        """Adds a widget, whose layout gets margins for what is beyond the place."""
        inside = widget.layout()
        if inside is not None:
            inside.setContentsMargins(_BESIDE)
        self.addWidget(widget)

    def setGeometry(self, rect: QRect) -> None:
        """Takes the room at both sides of it, too."""
        super().setGeometry(rect.marginsAdded(_BESIDE))

    def sizeHint(self) -> QSize:
        """Without that room."""
        return super().sizeHint().shrunkBy(_BESIDE)

    def minimumSize(self) -> QSize:
        """Without that room."""
        return super().minimumSize().shrunkBy(_BESIDE)

    def maximumSize(self) -> QSize:
        """Without that room."""
        return super().maximumSize().shrunkBy(_BESIDE)

    def heightForWidth(self, width: int) -> int:
        """What is in it has that room."""
        return super().heightForWidth(width + 2 * FRAMELESS)

    def minimumHeightForWidth(self, width: int) -> int:
        """What is in it has that room."""
        return super().minimumHeightForWidth(width + 2 * FRAMELESS)


def reaching(widget: QWidget) -> ReachingColumn:
    """A widget in a column of its own that reaches beyond its place; see `ReachingColumn`."""
    column = ReachingColumn()
    column.put(widget)
    return column
