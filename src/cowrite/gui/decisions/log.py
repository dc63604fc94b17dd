"""DecisionLog: all decisions as a list, with search, filter and timeline.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from cowrite.core.text.direction import from_left
from cowrite.gui.decisions.values import FILTERS, Row, by_month, matching, oldest_first
from cowrite.gui.keyboard.control_names import called
from cowrite.gui.look.theme import MARGIN, SMALL, SPACING, set_look, worn
from cowrite.gui.page.decision_object import STATUS_TONES
from cowrite.gui.widgets.elided_box import ElidedBox
from cowrite.gui.widgets.painted_row import paint_ground, write_line
from cowrite.gui.widgets.search_field import as_search_field
from cowrite.gui.widgets.tips import tip_of
from cowrite.gui.widgets.wrapping_row import row_of

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = Qt.ItemDataRole.UserRole
PAD = 14  # device-independent pixels


class DecisionLog(QWidget):
    """The list at the left."""

    chosen = Signal(str)
    """The id of the decision that the person has gone to."""
    opened = Signal(str)
    """The id of the decision that the person wants to write in."""
    removed = Signal(str)
    """The id of the decision that the person wants out of the log."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[Row, ...] = ()
        self._is_read_only = False
        self.search = QLineEdit(self)
        self.search.setAccessibleName("Find a decision")
        self.search.setPlaceholderText("Find a decision")
        as_search_field(self.search)
        self.filter = _choice(self, "Show", FILTERS)
        self.order = _choice(self, "Order", {"newest": "Newest", "oldest": "Oldest", "timeline": "By month"})
        self.list = QListWidget()
        self.list.setAccessibleName("Decisions")
        self.list.setItemDelegate(_RowDelegate(self.list))
        self.list.setMouseTracking(True)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.list.setResizeMode(QListWidget.ResizeMode.Adjust)  # narrower rows may need more lines
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.nothing = QLabel()
        self.nothing.setWordWrap(True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.nothing.setMargin(MARGIN)
        set_look(self.nothing, role="muted")
        for box in (self.filter, self.order):
            box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, SPACING, MARGIN, 0)
        column.setSpacing(SPACING)
        column.addWidget(self.search)
        column.addLayout(row_of(self.filter, self.order, spacing=SPACING))
        column.addWidget(self.list, 1)
        column.addWidget(self.nothing, 1)
        self.search.textChanged.connect(lambda _text: self._fill_anew())
        self.filter.currentIndexChanged.connect(lambda _at: self._fill_anew())
        self.order.currentIndexChanged.connect(lambda _at: self._fill_anew())
        self.list.currentItemChanged.connect(self._on_current)
        self.list.itemActivated.connect(lambda item: self.opened.emit(_row_of(item)))
        self._fill()

    def stand_alone(self) -> None:
        """Leaves the room around it to a dialog."""
        self._column.setContentsMargins(0, 0, 0, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width may need another height."""
        super().resizeEvent(event)
        self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        """As high as all above the list needs in this width, and some of the list: a splitter asks for no more."""
        layout, least = self.layout(), super().minimumSizeHint()
        return least if layout is None else QSize(least.width(), layout.minimumHeightForWidth(self.width()))

    def show_read_only(self, on: bool) -> None:
        """Lets the person take nothing out of the log."""
        self._is_read_only = on

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Shows these decisions; emits nothing."""
        before, self._rows = self._rows, tuple(rows)
        # Most letters that are typed in a card change no line of the log.
        if self.search.text() or [_seen(row) for row in before] != [_seen(row) for row in rows]:
            self._fill()

    def show_current(self, id: str) -> bool:
        """Marks a decision as the one that is shown beside; says whether it is in the list. Emits nothing."""
        for at in range(self.list.count()):
            if _row_of(self.list.item(at)) == id and id:
                with QSignalBlocker(self):
                    self.list.setCurrentRow(at)
                return True
        return False

    def show_kind(self, kind: str) -> None:
        """Narrows the list to a key of FILTERS, and forgets the search."""
        self.search.clear()
        self.filter.setCurrentIndex(self.filter.findData(kind))

    def current(self) -> str:
        """The id of the chosen decision; empty for none."""
        return _row_of(self.list.currentItem())

    def ids(self) -> list[str]:
        """The ids of the decisions in the list, from top to bottom."""
        return [id for at in range(self.list.count()) if (id := _row_of(self.list.item(at)))]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete in the list takes the chosen one out of the log."""
        in_list = self.list.hasFocus()  # the boxes above it leave the key alone
        if event.key() == Qt.Key.Key_Delete and self.current() and in_list and not self._is_read_only:
            self.removed.emit(self.current())
        else:
            super().keyPressEvent(event)

    def _fill_anew(self) -> None:
        """Shows others, or another order: the one that is shown beside stays in sight, else they begin at the top."""
        self._fill()
        if self.current():
            self.list.scrollToItem(self.list.currentItem())
        else:
            self.list.scrollToTop()

    def _fill(self) -> None:
        here, scroll = self.current(), self.list.verticalScrollBar().value()
        found = matching(self._rows, self.search.text(), self.filter.currentData())
        order = self.order.currentData()
        with QSignalBlocker(self):
            self.list.clear()
            if order == "timeline":
                for month, rows in by_month(found):
                    heading = QListWidgetItem(month, self.list)
                    heading.setFlags(Qt.ItemFlag.NoItemFlags)
                    for row in rows:
                        self._add(row)
            else:
                rows = oldest_first(found)
                for row in reversed(rows) if order == "newest" else rows:
                    self._add(row)
        self.show_current(here)
        self.list.verticalScrollBar().setValue(scroll)
        self.list.setVisible(bool(found))
        self.nothing.setVisible(not found)
        self.nothing.setText("No decisions found." if self._rows else "The decisions of this document are listed here.")

    def _add(self, row: Row) -> None:
        item = QListWidgetItem(row.question or "No question yet", self.list)
        item.setData(ROW_ROLE, row)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, row.spoken)
        item.setToolTip(tip_of(from_left(row.spoken)))

    def _on_current(self, item: QListWidgetItem | None, _before: QListWidgetItem | None) -> None:
        if id := _row_of(item):
            self.chosen.emit(id)


class _RowDelegate(QStyledItemDelegate):
    """Paints a decision: where it stands and when; what else is to be known at once, in as many lines as it needs; the
    question; the outcome."""

    def __init__(self, rows: QListWidget) -> None:
        super().__init__(rows)
        self._rows = rows

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """A line each for where it stands, for the question and for an outcome, and those of the marks; or one for a
        month."""
        line = option.fontMetrics.height()
        row: Row | None = index.data(ROW_ROLE)
        if row is None:
            return QSize(220, line + 22)
        marks = in_lines(row.marks, self._rows.viewport().width() - 2 * PAD, QFontMetrics(_small(option.font)))
        return QSize(220, (2 + bool(row.outcome) + len(marks)) * line + 24)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The ground of what is chosen, and the words."""
        row: Row | None = index.data(ROW_ROLE)
        theme = worn()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        bold = QFont(option.font)
        bold.setWeight(QFont.Weight.DemiBold)
        if row is None:
            write_line(painter, option.rect.adjusted(PAD, 8, -PAD, 0), index.data(), bold, theme.muted, option)
            painter.restore()
            return
        paint_ground(painter, QRectF(option.rect).adjusted(1, 2, -1, -2), option)
        line = option.fontMetrics.height()
        box = QRect(option.rect.left() + PAD, option.rect.top() + 9, option.rect.width() - 2 * PAD, line)
        small = _small(option.font)
        day_width = QFontMetrics(small).horizontalAdvance(row.day)
        left = box.adjusted(0, 0, -day_width - 8, 0)
        write_line(painter, left, row.status, small, getattr(theme, STATUS_TONES.get(row.status, "muted")), option)
        write_line(painter, box.adjusted(box.width() - day_width - 1, 0, 0, 0), row.day, small, theme.muted, option)
        for words in in_lines(row.marks, box.width(), QFontMetrics(small)):
            box.translate(0, line)
            write_line(painter, box, words, small, theme.warning, option)
        colour = theme.text if row.question else theme.muted
        write_line(painter, box.translated(0, line + 3), index.data(), bold, colour, option, is_sided=True)
        below = box.translated(0, 2 * line + 5)
        write_line(painter, below, row.outcome, option.font, theme.muted, option, is_sided=True)
        painter.restore()


def in_lines(marks: Sequence[str], width: int, metrics: QFontMetrics) -> list[str]:
    """Marks in as few lines of a width (pixels) as hold them, in their order."""
    found: list[str] = []
    for mark in marks:
        longer = f"{found[-1]} · {mark}" if found else ""
        if longer and metrics.horizontalAdvance(longer) <= width:
            found[-1] = longer
        else:
            found.append(mark)
    return found


def _small(font: QFont) -> QFont:
    small = QFont(font)
    small.setPointSizeF(max(7.0, small.pointSizeF() * SMALL))
    return small


def _seen(row: Row) -> Row:
    """What is seen of a row."""
    return replace(row, words="")


def _row_of(item: QListWidgetItem | None) -> str:
    """The id of the decision in a line; empty for a month."""
    row: Row | None = None if item is None else item.data(ROW_ROLE)
    return "" if row is None else row.id


def _choice(parent: QWidget, name: str, entries: dict[str, str]) -> ElidedBox:
    box = ElidedBox(parent)
    called(box, name)
    box.setMinimumContentsLength(4)
    for key, words in entries.items():
        box.addItem(words, key)
    return box
