"""Shots: each note as a picture of itself, at the zoom at which it was painted last.

Runs on the GUI thread. A note is painted once for each zoom, and is then only copied to the screen. While one zooms,
the pictures there are are stretched; when the zoom rests they are made anew, a few in each frame, so that no frame
waits for all of them.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QElapsedTimer, QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap
from PySide6.QtWidgets import QGraphicsRectItem

from cowrite.bridge.single_shot import single_shot
from cowrite.core.board.items import Place
from cowrite.gui.board.drawing import Drawing

REST = 120  # milliseconds without zooming after which notes are painted anew
BUDGET = 7  # milliseconds of one frame that are spent on painting notes anew
MOST_BYTES = 128 * 1024 * 1024
"""What all pictures may take up in memory; those that were made first go first."""
LARGEST_BYTES = MOST_BYTES // 4
"""What one picture may take up."""


class Shot:
    """A note as a picture.

    Attributes:
        pixmap: the picture.
        scale: the pixels in it for one of the board's units.
    """

    __slots__ = ("pixmap", "scale", "size")

    def __init__(self, pixmap: QPixmap, scale: float) -> None:
        self.pixmap = pixmap
        self.scale = scale
        self.size = pixmap.deviceIndependentSize()


class Shots(QObject):
    """Makes pictures of notes, and forgets the oldest.

    Args:
        repaint: has all be painted again.
        parent: Qt parent.
    """

    def __init__(self, repaint: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self.is_on = True
        """Whether notes are shown by pictures; otherwise each is painted as it is."""
        self.is_split = False
        self._held: dict[ShotItem, int] = {}
        self._waiting: dict[ShotItem, None] = {}
        self._bytes = 0
        self._frame = QElapsedTimer()
        self._frame.start()
        self._later = single_shot(self, self._make_waiting)
        self._resting = single_shot(self, repaint, REST)

    def begin_frame(self, *, is_split: bool) -> None:
        """A part of what is in sight is painted from here on, which is several rectangles where it is split."""
        self._frame.restart()
        self.is_split = is_split

    def zoomed(self) -> None:
        """The zoom has changed, and may again at once."""
        self._resting.start()

    def fits(self, item: ShotItem, scale: float) -> bool:
        """Whether a note is small enough at this zoom for a picture of all of it."""
        rect = item.rect()
        return rect.width() * rect.height() * scale * scale * 4 <= LARGEST_BYTES

    def may_make(self, item: ShotItem) -> bool:
        """Whether there is time for the picture of a note in this frame; where not, one of the next ones has it."""
        if self._resting.isActive():
            return False
        if self._frame.elapsed() < BUDGET:
            return True
        self._waiting[item] = None
        if not self._later.isActive():
            self._later.start(0)
        return False

    def make(self, item: ShotItem, scale: float, ratio: float) -> Shot:
        """Paints a note into a picture of its own.

        Args:
            item: it.
            scale: pixels of the screen for one of the board's units.
            ratio: of these pixels to the device-independent ones.
        """
        rect = item.rect()
        width, height = max(1, round(rect.width() * scale)), max(1, round(rect.height() * scale))
        image = QImage(width, height, QImage.Format.Format_RGB32)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        painter.scale(width / rect.width(), height / rect.height())
        item.paint_content(painter)
        painter.end()
        pixmap = QPixmap.fromImage(image, Qt.ImageConversionFlag.NoFormatConversion)
        pixmap.setDevicePixelRatio(ratio)
        self._bytes += width * height * 4 - self._held.pop(item, 0)
        self._held[item] = width * height * 4
        while self._bytes > MOST_BYTES and len(self._held) > 1:
            oldest = next(iter(self._held))
            self.forget(oldest)
            oldest.shot = None
        return Shot(pixmap, scale)

    def forget(self, item: ShotItem) -> None:
        """A note is gone, or its picture shows it no longer."""
        self._bytes -= self._held.pop(item, 0)
        self._waiting.pop(item, None)

    def _make_waiting(self) -> None:
        """Paints those again for which there was no time, and nothing else."""
        self._frame.restart()
        while self._waiting and self._frame.elapsed() < BUDGET and not self._resting.isActive():
            item = next(iter(self._waiting))
            del self._waiting[item]
            item.sharpen()
        if self._waiting and not self._resting.isActive():
            self._later.start(0)


class ShotItem(QGraphicsRectItem):
    """A rectangle on the board that is shown by a picture of itself.

    Args:
        place: where it is.
        drawing: how all on the board is drawn.
        shots: makes the pictures.
    """

    def __init__(self, place: Place, drawing: Drawing, shots: Shots) -> None:
        super().__init__(0, 0, place.width, place.height)
        self.setPos(place.x, place.y)
        self._drawing = drawing
        self._shots = shots
        self.shot: Shot | None = None
        """Its picture, where one was made."""

    def paint_content(self, painter: QPainter, *, is_rough: bool = False) -> None:
        """Draws all that is on it, or roughly what stands for it while there is no time for more."""
        raise NotImplementedError

    def paint_shot(self, painter: QPainter) -> None:
        """Shows its picture, which is made when there is none for this zoom.

        Whoever draws more saves the painter before: it may be left in the screen's coordinates.
        """
        scale, ratio, shots = self._drawing.scale, self._drawing.ratio, self._shots
        if not shots.is_on or not shots.fits(self, scale):
            self.paint_content(painter)
            return
        shot = self.shot
        if (shot is None or shot.scale != scale) and shots.may_make(self):
            shot = self.shot = shots.make(self, scale, ratio)
        if shot is None:
            self.paint_content(painter, is_rough=True)
        elif shot.scale != scale:
            painter.drawPixmap(self.rect(), shot.pixmap, shot.pixmap.rect().toRectF())
        else:
            shown = painter.worldTransform()
            at = QPointF(round(shown.dx() * ratio) / ratio, round(shown.dy() * ratio) / ratio)
            painter.resetTransform()
            if shots.is_split:  # Qt copies line by line where the clip is not one rectangle
                painter.setClipRect(QRectF(at, shot.size))
                painter.drawPixmap(at, shot.pixmap)
                painter.setClipping(False)
            else:
                painter.drawPixmap(at, shot.pixmap)

    def sharpen(self) -> None:
        """Makes its picture for this zoom and shows it."""
        scale = self._drawing.scale
        if self._shots.fits(self, scale):
            self.shot = self._shots.make(self, scale, self._drawing.ratio)
        self.update()

    def forget_shot(self) -> None:
        """Its picture shows it no longer."""
        self.shot = None
        self._shots.forget(self)
