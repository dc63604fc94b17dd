"""Preview: the pages of a document that are being looked at before they are printed, as its PDF has them.

Lives on the GUI thread. Pages are set and painted on a thread of their own, to which letters belong that Qt has set.
What crosses are frozen words and pictures.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue

from PySide6.QtCore import QObject, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QImage, QPainter

from cowrite.app.files.export import Tell
from cowrite.app.files.writing import Writing
from cowrite.app.paper.pages import Pages

SET = "set on pages"

_Asked = tuple[Sequence[int], QSize]


class Preview(Writing):
    """Sets the pages, then paints those that are asked for until nobody wants any more.

    Args:
        pages: sets them; is handed what it tells how far that is.
        what: how the document is called.
        parent: Qt parent.

    Attributes:
        count: how many pages there are, once they are set.
        size: how large each is, in device-independent pixels.
    """

    is_set = Signal()
    painted = Signal(int, QImage)
    """The number of a page, and what it looks like."""

    def __init__(self, pages: Callable[[Tell], Pages], what: str, parent: QObject) -> None:
        super().__init__(self._serve, what, SET, parent)
        self.count = 0
        self.size = QSizeF()
        self._pages = pages
        self._asked: SimpleQueue[_Asked | None] = SimpleQueue()

    def ask(self, numbers: Sequence[int], size: QSize) -> None:
        """Wants these pages, so many dots large, in place of those that were asked for before."""
        self._asked.put((tuple(numbers), QSize(size)))

    def stop(self) -> None:
        """Wants no more of it."""
        super().stop()
        self._asked.put(None)

    def _serve(self, tell: Tell) -> None:
        pages = self._pages(tell)
        tell(0.99)
        self.count, self.size = pages.count, pages.size / pages.scale
        self.is_set.emit()
        while (asked := self._newest()) is not None:
            numbers, size = asked
            for number in numbers:
                if not self._asked.empty():
                    break
                self.painted.emit(number, _picture(pages, number, size))

    def _newest(self) -> _Asked | None:
        asked = self._asked.get()
        while asked is not None:
            try:
                asked = self._asked.get_nowait()
            except Empty:
                break
        return asked


def _picture(pages: Pages, number: int, size: QSize) -> QImage:
    """A page on white paper."""
    picture = QImage(size, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.white)
    painter = QPainter(picture)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    painter.scale(size.width() / pages.size.width(), size.height() / pages.size.height())
    pages.paint(painter, number)
    painter.end()
    return picture
