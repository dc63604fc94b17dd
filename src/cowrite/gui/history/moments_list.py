"""MomentsList: the moments of a document by day, newest on top, each with its time, its authors and how much was done.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from PySide6.QtCore import (
    QAbstractListModel,
    QDateTime,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSignalBlocker,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from cowrite.core.text.direction import from_left
from cowrite.gui.history.moment_words import MomentRow, amount, day, named, names, period, told
from cowrite.gui.look.icons import pixmap
from cowrite.gui.look.theme import worn
from cowrite.gui.widgets.painted_row import paint_ground, write_line
from cowrite.gui.widgets.tips import tip_of

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()

ROW_ROLE = Qt.ItemDataRole.UserRole
"""The MomentRow of a line; None for a day's heading."""
PLACE_ROLE = Qt.ItemDataRole.UserRole + 1
"""The index of its moment, oldest first; -1 for a heading."""

DOT = 10  # device-independent pixels across the dot of an author
PAD = 12
MOST_DOTS = 4


class MomentsModel(QAbstractListModel):
    """The moments with a heading above each day."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._now = QDateTime.currentDateTime()
        self._lines: list[tuple[int, MomentRow | None, str]] = []  # place and moment, or neither and a day
        self._line_of: dict[int, int] = {}

    def show_moments(self, rows: Sequence[MomentRow], now: QDateTime, *, only_named: bool) -> None:
        """Shows these moments, given oldest first, or of them those that have a name."""
        self.beginResetModel()
        self._now = now
        self._lines = []
        newest_first = [(place, row) for place, row in reversed(list(enumerate(rows))) if row.name or not only_named]
        for heading, group in groupby(newest_first, lambda entry: day(entry[1].ended, now)):
            self._lines.append((-1, None, heading))
            self._lines += [(place, row, "") for place, row in group]
        self._line_of = {place: line for line, (place, _, _) in enumerate(self._lines) if place >= 0}
        self.endResetModel()

    def line_of(self, place: int) -> QModelIndex:
        """Where the moment of an index stands."""
        return self.index(self._line_of[place]) if place in self._line_of else NOWHERE

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """Moments and headings."""
        return 0 if parent.isValid() else len(self._lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The words of a line, its moment and its place."""
        place, row, heading = self._lines[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return heading if row is None else told(row, self._now)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip_of(from_left(told(row, self._now))) if row is not None else None
        if role == ROW_ROLE:
            return row
        return place if role == PLACE_ROLE else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """A heading cannot be chosen."""
        if self._lines[index.row()][1] is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class MomentDelegate(QStyledItemDelegate):
    """Paints a moment in two lines: its time and how much was done, and who did it; above them its name and who gave it
    that, where it has one."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Two lines, four for a moment with a name, or one for a heading."""
        line = option.fontMetrics.height()
        row: MomentRow | None = index.data(ROW_ROLE)
        if row is None:
            return QSize(200, line + 20)
        return QSize(200, 2 * line + 18 if row.name is None else 4 * line + 22)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The ground of what is chosen, and the words."""
        row: MomentRow | None = index.data(ROW_ROLE)
        theme = worn()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if row is None:
            font = QFont(option.font)
            font.setWeight(QFont.Weight.DemiBold)
            box = option.rect.adjusted(PAD, 8, -PAD, -2)
            write_line(painter, box, index.data(), font, theme.muted, option)
            painter.restore()
            return
        paint_ground(painter, QRectF(option.rect).adjusted(5, 2, -5, -2), option)
        line = option.fontMetrics.height()
        above = QRect(option.rect.left() + PAD, option.rect.top() + 8, option.rect.width() - 2 * PAD, line)
        if row.name is not None:
            self._paint_name(painter, option, row.name.text, above)
            below = above.translated(0, line + 2)
            write_line(painter, below, named(row), option.font, theme.muted, option)
            above = above.translated(0, 2 * line + 4)
        self._paint_facts(painter, option, row, above)
        self._paint_authors(painter, option, row, above.translated(0, line + 2))
        painter.restore()

    def _paint_name(self, painter: QPainter, option: QStyleOptionViewItem, name: str, box: QRect) -> None:
        strong = QFont(option.font)
        strong.setWeight(QFont.Weight.DemiBold)
        size = option.fontMetrics.ascent()
        place = QRect(box.left(), box.center().y() - size // 2 + 1, size, size)
        mark = pixmap("bookmark", worn().accent_text, size, painter.device().devicePixelRatioF())
        painter.drawPixmap(QStyle.visualRect(option.direction, option.rect, place), mark)
        write_line(painter, box.adjusted(size + 5, 0, 0, 0), name, strong, worn().text, option)

    def _paint_facts(self, painter: QPainter, option: QStyleOptionViewItem, row: MomentRow, box: QRect) -> None:
        strong = QFont(option.font)
        strong.setWeight(QFont.Weight.DemiBold if row.name is None else QFont.Weight.Normal)
        done = amount(row)
        width = option.fontMetrics.horizontalAdvance(done)
        write_line(painter, box.adjusted(0, 0, -width - 8, 0), period(row), strong, worn().text, option)
        end = box.adjusted(box.width() - width - 1, 0, 0, 0)
        write_line(painter, end, done, option.font, worn().muted, option)

    def _paint_authors(self, painter: QPainter, option: QStyleOptionViewItem, row: MomentRow, box: QRect) -> None:
        left = box.left()
        painter.setPen(Qt.PenStyle.NoPen)
        for author in row.authors[:MOST_DOTS]:
            dot = QRect(left, box.center().y() - DOT // 2 + 1, DOT, DOT)
            painter.setBrush(QColor(worn().person(author.colour)))
            painter.drawEllipse(QStyle.visualRect(option.direction, option.rect, dot))
            left += DOT + 3
        rest = QRect(left + 3, box.top(), box.right() - left - 3, box.height())
        write_line(painter, rest, names(row.authors), option.font, worn().muted, option)


class MomentsList(QListView):
    """`moment_chosen(index)`: the moment of this index, counted from the oldest, is wanted."""

    moment_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._model = MomentsModel(self)
        self._rows: Sequence[MomentRow] = ()
        self._now = QDateTime.currentDateTime()
        self._at = -1
        self._is_narrowed = False
        self.setModel(self._model)
        self.setItemDelegate(MomentDelegate(self))
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setAccessibleName("Moments")

    def show_moments(self, rows: Sequence[MomentRow], now: QDateTime) -> None:
        """Shows these moments, given oldest first; emits nothing."""
        self._rows, self._now = rows, now
        scroll = self.verticalScrollBar().value()
        self._show_rows()
        self.verticalScrollBar().setValue(scroll)

    def narrow(self, *, on: bool) -> None:
        """Shows only the moments that have a name, or all; emits nothing."""
        self._is_narrowed = on
        self._show_rows()
        self.show_at(self._at)

    def _show_rows(self) -> None:
        with QSignalBlocker(self):
            self._model.show_moments(self._rows, self._now, only_named=self._is_narrowed)

    def show_at(self, place: int) -> None:
        """Marks the moment of an index as the chosen one; emits nothing."""
        self._at = place
        with QSignalBlocker(self):
            self.setCurrentIndex(self._model.line_of(place))

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Tells which moment was chosen by mouse or keyboard."""
        super().currentChanged(current, previous)
        place = current.data(PLACE_ROLE) if current.isValid() else -1
        if place >= 0:
            self.moment_chosen.emit(place)
