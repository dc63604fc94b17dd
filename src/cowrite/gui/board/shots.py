"""Shots: each note as a picture of itself, at the zoom at which it was painted last.

Runs on the GUI thread. A note is painted once for each zoom, and is then only copied to the screen. While one zooms,
the pictures there are are stretched; when the zoom rests they are made anew, a few in each frame, so that no frame
waits for all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QObject, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap

from cowrite.bridge.single_shot import single_shot

if TYPE_CHECKING:
    from cowrite.gui.board.note_item import NoteItem

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
        self._held: dict[NoteItem, int] = {}
        self._waiting: dict[NoteItem, None] = {}
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

    def fits(self, item: NoteItem, scale: float) -> bool:
        """Whether a note is small enough at this zoom for a picture of all of it."""
        rect = item.rect()
        return rect.width() * rect.height() * scale * scale * 4 <= LARGEST_BYTES

    def may_make(self, item: NoteItem) -> bool:
        """Whether there is time for the picture of a note in this frame; where not, one of the next ones has it."""
        if self._resting.isActive():
            return False
        if self._frame.elapsed() < BUDGET:
            return True
        self._waiting[item] = None
        if not self._later.isActive():
            self._later.start(0)
        return False

    def make(self, item: NoteItem, scale: float, ratio: float) -> Shot:
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

    def forget(self, item: NoteItem) -> None:
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
