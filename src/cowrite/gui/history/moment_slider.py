"""MomentSlider: all moments of a document from left to right, each as a bar in its authors' colours.

Runs on the GUI thread. A slider like any other for mouse, keyboard and screen reader; only its looks are its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import log1p

from PySide6.QtCore import QDateTime, QEvent, QPointF, QRectF, QSignalBlocker, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QSlider, QStyle, QToolTip

from cowrite.gui.history.moment_words import Author, MomentRow, told
from cowrite.gui.look.theme import worn
from cowrite.gui.widgets.tips import tip_of

KNOB = 8  # device-independent pixels from the middle of the knob to its edge, as all others here
GROOVE = 4
BAR = 3  # width that a moment's bar has at least
GAP = 1  # between two bars
HEIGHT = 52
FLAG = 4  # from the middle of a named moment's flag to its edge
PAGE = 10  # moments that Page Up and Page Down go


class MomentSlider(QSlider):
    """`valueChanged(index)` says which moment is wanted."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._rows: tuple[MomentRow, ...] = ()
        self._now = QDateTime.currentDateTime()
        self._bars: QPixmap | None = None
        self.setAccessibleName("Moment")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSingleStep(1)
        self.setPageStep(PAGE)
        self.setRange(0, 0)
        self.setDisabled(True)
        self.valueChanged.connect(self._describe)

    def sizeHint(self) -> QSize:
        """Room for bars and knob."""
        return QSize(300, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """As narrow as can still be dragged."""
        return QSize(120, HEIGHT)

    def show_moments(self, rows: Sequence[MomentRow], now: QDateTime) -> None:
        """Shows these moments, oldest first; emits nothing."""
        self._rows, self._now, self._bars = tuple(rows), now, None
        with QSignalBlocker(self):
            self.setRange(0, max(0, len(rows) - 1))
        self.setEnabled(len(rows) > 1)
        self._describe()
        self.update()

    def show_at(self, index: int) -> None:
        """Puts the knob on a moment; emits nothing."""
        with QSignalBlocker(self):
            self.setValue(index)
        self._describe()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The knob goes to where the mouse is."""
        if event.button() is Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self.setValue(self._index_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The knob follows."""
        if self.isSliderDown():
            self.setValue(self._index_at(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The knob stays."""
        self.setSliderDown(False)

    def event(self, event: QEvent) -> bool:
        """Names the moment under the pointer."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), tip_of(self._words(self._index_at(event.pos().x()))), self)
            return True
        if event.type() in (QEvent.Type.LayoutDirectionChange, QEvent.Type.StyleChange):
            self._bars = None
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """There is room for other bars."""
        super().resizeEvent(event)
        self._bars = None

    def paintEvent(self, event: QPaintEvent) -> None:
        """Bars, groove and knob."""
        theme = worn()
        if self._bars is None or self._bars.devicePixelRatio() != self.devicePixelRatioF():
            self._bars = self._painted_bars()  # there may be thousands, and the knob moves with each key
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawPixmap(0, 0, self._bars)
        middle, here = self._middle(), self._x_of(self.value())
        left, right = float(KNOB), float(self.width() - KNOB)
        groove = QRectF(left, middle - GROOVE / 2, right - left, GROOVE)
        painter.setBrush(QColor(theme.border))
        painter.drawRoundedRect(groove, GROOVE / 2, GROOVE / 2)
        if self.isEnabled():
            if self._is_mirrored():
                groove.setLeft(here)
            else:
                groove.setRight(here)
            painter.setBrush(QColor(theme.accent))
            painter.drawRoundedRect(groove, GROOVE / 2, GROOVE / 2)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.focus), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QPointF(here, middle), KNOB - 1.0, KNOB - 1.0)
        painter.setPen(QPen(QColor(theme.page), 2))
        painter.setBrush(QColor(theme.accent if self.isEnabled() else theme.control))
        painter.drawEllipse(QPointF(here, middle), KNOB - 2.0, KNOB - 2.0)
        painter.end()

    def _painted_bars(self) -> QPixmap:
        """Bars and flags."""
        ratio = self.devicePixelRatioF()
        painted = QPixmap((QSizeF(self.size()) * ratio).toSize())
        painted.setDevicePixelRatio(ratio)
        painted.fill(Qt.GlobalColor.transparent)
        painter = QPainter(painted)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for bar, author in self._parts():
            painter.setBrush(QColor(worn().person(author.colour)))
            painter.drawRect(bar)
        painter.setBrush(QColor(worn().accent))
        for index, row in enumerate(self._rows):
            if row.name is not None:
                painter.drawPolygon(self._flag(self._x_of(index)))
        painter.end()
        return painted

    def _parts(self) -> Iterator[tuple[QRectF, Author]]:
        """A bar for each moment, or for each few where there is no room: as high as much was done, and in parts by
        author."""
        room = self.width() - 2 * KNOB
        most = max(1, room // (BAR + GAP))
        share = max(1, -(-len(self._rows) // most))
        groups = [self._rows[first : first + share] for first in range(0, len(self._rows), share)]
        sizes = [log1p(sum(row.added + row.removed for row in group)) for group in groups]
        highest, tallest = max(sizes, default=0.0) or 1.0, self._middle() - KNOB - 2 * FLAG
        width = min(10.0, max(BAR, room / max(1, len(groups) - 1) - GAP - 1))
        for number, (group, size) in enumerate(zip(groups, sizes, strict=True)):
            first = number * share
            x = (self._x_of(first) + self._x_of(first + len(group) - 1)) / 2 - width / 2
            height = max(3.0, tallest * size / highest)
            authors = list(dict.fromkeys(author for row in group for author in row.authors))
            part = height / max(1, len(authors))
            bottom = self._middle() - KNOB
            for place, author in enumerate(authors):
                yield QRectF(x, bottom - part * (place + 1), width, part), author

    def _flag(self, x: float) -> QPolygonF:
        """What stands at the upper edge above a moment that has a name."""
        return QPolygonF([QPointF(x - FLAG, 0), QPointF(x + FLAG, 0), QPointF(x, 1.4 * FLAG)])

    def _middle(self) -> float:
        return self.height() - KNOB - 4.0

    def _is_mirrored(self) -> bool:
        return self.layoutDirection() is Qt.LayoutDirection.RightToLeft

    def _x_of(self, index: int) -> float:
        """Where a moment is; not rounded to whole pixels, so that bars keep their distance."""
        room = self.width() - 2 * KNOB
        share = index / self.maximum() if self.maximum() else 1.0
        return KNOB + room * (1 - share if self._is_mirrored() else share)

    def _index_at(self, x: float) -> int:
        room = self.width() - 2 * KNOB
        return QStyle.sliderValueFromPosition(0, self.maximum(), round(x) - KNOB, room, self._is_mirrored())

    def _describe(self) -> None:
        self.setAccessibleDescription(self._words(self.value()))

    def _words(self, index: int) -> str:
        """A moment for tooltip and screen reader."""
        return told(self._rows[index], self._now) if index < len(self._rows) else ""
