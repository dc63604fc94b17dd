"""Sheets: pages of paper below each other, as they are printed.

Runs on the GUI thread. A page is painted elsewhere when it is near, and kept as a picture so long. Until that has come
it is white, or as large or small as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QRectF, QSize, QSizeF, Qt, Signal, SignalInstance
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame

from cowrite.gui.keyboard.speaking import say
from cowrite.gui.look.theme import MARGIN, worn

NEAR = 2  # pages before and behind those that are seen, which are kept
SMALLEST, LARGEST, STEP = 0.1, 4.0, 1.25
WHEEL = 120  # of a turn of the mouse wheel by one step


class PaperPages(Protocol):
    """Pages as they are printed, which somebody paints; see `app.files.preview.Preview`.

    Attributes:
        count: how many there are.
        size: how large each is, in device-independent pixels.
        painted: a signal with the number of a page, and what it looks like.
    """

    count: int
    size: QSizeF

    @property
    def painted(self) -> SignalInstance: ...

    def ask(self, numbers: Sequence[int], size: QSize) -> None:
        """Wants these pages, so many dots large, in place of those that were asked for before."""


class Sheets(QAbstractScrollArea):
    """Shows them, and says which one is seen.

    Args:
        pages: what is on them.
    """

    changed = Signal()
    """Another page is the one that is seen, or they are shown larger or smaller."""

    def __init__(self, pages: PaperPages) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._pages = pages
        self._pictures: dict[int, QImage] = {}
        self._awaited: list[int] = []  # the pages that were asked for last and have not come, and how large
        self._awaited_size = QSize()
        self._zoom = 1.0
        self._fits = True  # one page whole
        self._turned = 0
        self._told = 0  # the number of the page that was said last
        pages.painted.connect(self._keep)
        self.verticalScrollBar().valueChanged.connect(self._tell)
        self._tell()

    @property
    def number(self) -> int:
        """The number of the page that most of the view shows."""
        middle = self.verticalScrollBar().value() + self.viewport().height() / 2
        return max(1, min(self._pages.count, int((middle - MARGIN / 2) / self._stride) + 1))

    @property
    def zoom(self) -> float:
        """How large the pages are shown; 1 is as large as they are."""
        return self._zoom

    @property
    def fits(self) -> bool:
        """Whether they are so large that one is seen whole."""
        return self._fits

    def go_to(self, number: int) -> None:
        """Shows the top of a page; the nearest that there is."""
        number = max(1, min(self._pages.count, number))
        self.verticalScrollBar().setValue(round((number - 1) * self._stride))

    def enlarge(self, steps: float) -> None:
        """Shows them larger by so many steps, or smaller by negative ones."""
        self._show_at(self._zoom * STEP**steps, fits=False)

    def fit(self) -> None:
        """Shows them so large that one is seen whole."""
        room, page = QSizeF(self.viewport().size()), self._page(1.0)
        sides = (room.width() - 2 * MARGIN) / page.width(), (room.height() - 2 * MARGIN) / page.height()
        self._show_at(min(sides), fits=True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keeps the page whole where it was."""
        super().resizeEvent(event)
        if self._fits:
            self.fit()
        else:
            self._set_range()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """With Ctrl makes them larger or smaller, otherwise scrolls."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._turned += event.angleDelta().y()
            steps, self._turned = int(self._turned / WHEEL), int(self._turned - int(self._turned / WHEEL) * WHEEL)
            if steps:
                self.enlarge(steps)
            event.accept()
        else:
            super().wheelEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paints the pages that are seen, white whatever the theme is, for so is paper."""
        painter, theme = QPainter(self.viewport()), worn()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.viewport().rect(), QColor(theme.window))
        top, size = self.verticalScrollBar().value(), self._page(self._zoom)
        first = max(1, int(top / self._stride) + 1)
        last = min(self._pages.count, int((top + self.viewport().height()) / self._stride) + 1)
        for number in range(first, last + 1):
            paper = QRectF(self._left, MARGIN + (number - 1) * self._stride - top, size.width(), size.height())
            if number in self._pictures:
                painter.drawImage(paper, self._pictures[number])
            else:
                painter.fillRect(paper, Qt.GlobalColor.white)
            painter.setPen(QColor(theme.border))
            painter.drawRect(paper.adjusted(-0.5, -0.5, 0.5, 0.5))
        self._ask(first, last)

    @property
    def _stride(self) -> float:
        return self._page(self._zoom).height() + MARGIN

    @property
    def _left(self) -> float:
        room = self.viewport().width() - self._page(self._zoom).width()
        return round(room / 2) if room >= 2 * MARGIN else MARGIN - self.horizontalScrollBar().value()

    def _page(self, zoom: float) -> QSizeF:
        size = self._pages.size * zoom
        return QSizeF(round(size.width()), round(size.height()))

    def _show_at(self, zoom: float, *, fits: bool) -> None:
        bar, before, across = self.verticalScrollBar(), self._stride, self.horizontalScrollBar()
        beside = (across.value() + self.viewport().width() / 2) / (self._page(self._zoom).width() + 2 * MARGIN)
        beside = beside if across.maximum() else 0.5
        middle = (bar.value() + self.viewport().height() / 2) / before
        number = self.number
        self._zoom, self._fits = max(SMALLEST, min(LARGEST, zoom)), fits
        self._set_range()
        if fits:
            self.go_to(number)
        else:
            bar.setValue(round(middle * self._stride - self.viewport().height() / 2))
        across.setValue(round(beside * (self._page(self._zoom).width() + 2 * MARGIN) - self.viewport().width() / 2))
        self.viewport().update()
        self._tell()
        self.changed.emit()

    def _set_range(self) -> None:
        room, page = self.viewport().size(), self._page(self._zoom)
        down, across = self.verticalScrollBar(), self.horizontalScrollBar()
        down.setRange(0, max(0, round(self._pages.count * self._stride + MARGIN - room.height())))
        down.setPageStep(round(self._stride) if self._fits else room.height())
        down.setSingleStep(max(1, room.height() // 12))
        across.setRange(0, max(0, round(page.width() + 2 * MARGIN - room.width())))
        across.setPageStep(room.width())
        across.setSingleStep(max(1, room.width() // 12))

    def _ask(self, first: int, last: int) -> None:
        """Has those painted that are seen, and then those near them."""
        near = range(max(1, first - NEAR), min(self._pages.count, last + NEAR) + 1)
        self._pictures = {number: picture for number, picture in self._pictures.items() if number in near}
        size = self._dots()
        lacking = [number for number in near if number not in self._pictures or self._pictures[number].size() != size]
        lacking.sort(key=lambda number: not first <= number <= last)
        if lacking and (lacking, size) != (self._awaited, self._awaited_size):
            self._awaited, self._awaited_size = lacking, size
            self._pages.ask(lacking, size)

    def _keep(self, number: int, picture: QImage) -> None:
        if picture.size() == self._awaited_size:
            self._awaited = [each for each in self._awaited if each != number]
        if picture.size() == self._dots():
            self._pictures[number] = picture
            self.viewport().update()

    def _dots(self) -> QSize:
        return (self._page(self._zoom) * self.devicePixelRatio()).toSize()

    def _tell(self) -> None:
        if self.number == self._told:
            return
        self._told = self.number
        said = f"Page {self._told} of {self._pages.count}"
        self.setAccessibleName(said)
        if self.isVisible():
            say(self, said)
        self.changed.emit()
