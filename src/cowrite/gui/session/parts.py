"""Parts that the pages of a session have in common.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtWidgets import QLayout, QLayoutItem, QSpinBox, QWidget

from cowrite.bridge.single_shot import single_shot
from cowrite.bridge.taking_over import show_plain
from cowrite.gui.dialog_parts import inset
from cowrite.gui.tall_field import TallField

PAUSE = 800  # milliseconds without a key after which what was written is kept


class Number(QSpinBox):
    """A field for a number; screen readers call it by its name.

    Args:
        name: what the number is.
        tip: how to change it.
        low, high: its bounds.
    """

    def __init__(self, name: str, tip: str, low: int, high: int) -> None:
        super().__init__()
        self.setRange(low, high)
        self.setAccessibleName(name)
        self.setToolTip(tip)
        inset(self)


class Paragraph(TallField):
    """Text that is kept when the person has left it, or has paused: `finished`."""

    finished = Signal()

    def __init__(self, name: str, tip: str, parent: QWidget | None = None) -> None:
        super().__init__(name, tip, parent=parent)
        self._pause = single_shot(self, self.finished, PAUSE)
        self.left.connect(self._pause.stop)
        self.left.connect(self.finished)
        self.textChanged.connect(self._pause.start)

    def text(self) -> str:
        """All of it."""
        return self.toPlainText()

    def show_text(self, text: str) -> None:
        """Shows another text, which nobody has written here: it cannot be undone here either."""
        self.setUndoRedoEnabled(False)
        show_plain(self.document(), text)
        self.setUndoRedoEnabled(True)
        self._pause.stop()

    @property
    def is_kept(self) -> bool:
        """Whether nothing has been written since it was `finished`."""
        return not self._pause.isActive()


class WrappingRow(QLayout):
    """Widgets in a row, and in as many rows as a narrow place needs.

    Args:
        spacing: between two, and between rows.
    """

    def __init__(self, spacing: int) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self.setSpacing(spacing)
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:  # noqa: N802
        """Qt hands over what `addWidget` was given."""
        self._items.append(item)

    def count(self) -> int:
        """How many there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:  # noqa: N802
        """One of them."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # noqa: N802
        """Takes one out."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:  # noqa: N802
        """It takes no more than it needs."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Narrow ones are higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """As high as its rows."""
        return self._place(QRect(0, 0, width, 0), moves=False)

    def setGeometry(self, rect: QRect) -> None:  # noqa: N802
        """Puts them where they belong."""
        super().setGeometry(rect)
        self._place(rect, moves=True)

    def sizeHint(self) -> QSize:
        """All in one row."""
        shown = [item.sizeHint() for item in self._items if not item.isEmpty()]
        width = sum(size.width() for size in shown) + self.spacing() * max(0, len(shown) - 1)
        return QSize(width, max((size.height() for size in shown), default=0))

    def minimumSize(self) -> QSize:  # noqa: N802
        """The widest alone."""
        shown = [item.sizeHint() for item in self._items if not item.isEmpty()]
        width = max((size.width() for size in shown), default=0)
        return QSize(width, max((size.height() for size in shown), default=0))

    def _place(self, rect: QRect, *, moves: bool) -> int:
        parent = self.parentWidget()
        mirrored = parent is not None and parent.layoutDirection() == Qt.LayoutDirection.RightToLeft
        y = 0
        for row in self._rows(rect.width()):
            high = max(item.sizeHint().height() for item in row)
            x = 0
            for item in row if moves else ():
                size = item.sizeHint()
                left = rect.right() + 1 - x - size.width() if mirrored else rect.x() + x
                item.setGeometry(QRect(QPoint(left, rect.y() + y + (high - size.height()) // 2), size))
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


def row_of(*widgets: QWidget, spacing: int) -> WrappingRow:
    """Widgets in a row that wraps."""
    row = WrappingRow(spacing)
    for widget in widgets:
        row.addWidget(widget)
    return row


def called(widget: QWidget, name: str, tip: str) -> None:
    """Says what a control is called for a screen reader, and under the pointer what it is for."""
    widget.setAccessibleName(name)
    widget.setToolTip(tip)
