"""AuthorsLegend: whose colour is whose, and what the marks on the page mean.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from cowrite.core.text.direction import isolated
from cowrite.gui.history.moment_words import Author
from cowrite.gui.look.theme import CLOSE, LOOSE, SPACING, set_look, worn
from cowrite.gui.widgets.dialog_parts import column_in
from cowrite.gui.widgets.tips import tip_of

MOST_HEIGHT = 220  # device-independent pixels; more authors are scrolled
PART = 3  # one in so many parts of the height beside the page is the most that they take
PAD = 12  # device-independent pixels
SAMPLE = 22  # width of the sample before a name
UNDERLINE = 2  # device-independent pixels
LETTERS = "ab"  # below or through which a line goes


class AuthorsLegend(QFrame):
    """All who wrote in the document."""

    def __init__(self) -> None:
        super().__init__()
        self._authors: tuple[Author, ...] = ()
        self._samples: list[_Sample] = []
        self._room = MOST_HEIGHT
        self.setAccessibleName("Authors")
        set_look(self, surface="strip")
        self._heading = QLabel("Authors")
        set_look(self._heading, role="heading")
        self._heading.setContentsMargins(PAD, 0, PAD, 0)
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(PAD, 0, PAD, 0)
        self._column.setSpacing(CLOSE)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._area.setAccessibleName("Authors and their colours")
        self._area.setWidget(inside)
        key = QVBoxLayout()
        key.setContentsMargins(PAD, 0, PAD, 0)
        key.setSpacing(CLOSE)
        for what, at in (("Added", 1.0), ("Removed", 0.5)):
            key.addWidget(_Sample(Author(None, what, ""), line=at))
        column_in(self, self._heading, self._area, key, around=(0, LOOSE, 0, LOOSE), spacing=SPACING)

    def show_authors(self, authors: Sequence[Author]) -> None:
        """Shows these people, in this order."""
        if tuple(authors) == self._authors:
            return
        self._authors = tuple(authors)
        for sample in self._samples:
            self._column.removeWidget(sample)
            sample.hide()
            sample.deleteLater()
        self._samples = [_Sample(author) for author in authors]
        for sample in self._samples:
            self._column.addWidget(sample)
        self._take_room()

    def show_in(self, height: int) -> None:
        """Leaves room for the moments above it.

        Args:
            height: of both, in device-independent pixels.
        """
        self._room = min(MOST_HEIGHT, height // PART)
        self._take_room()

    def _take_room(self) -> None:
        heights = [sample.sizeHint().height() + self._column.spacing() for sample in self._samples]
        self._area.setFixedHeight(max(min(self._room, sum(heights)), max(heights, default=0)))


class _Sample(QWidget):
    """A piece of the page's ground as it lies behind an author's text, or letters with a line below or through them,
    and what that means.

    Args:
        author: whose text, or what the line means.
        line: how far down the line goes, of the text's height; without it there is none.
    """

    def __init__(self, author: Author, *, line: float | None = None) -> None:
        super().__init__()
        self._author = author
        self._line = line
        self.setAccessibleName(author.name)
        self.setToolTip(tip_of(author.name))

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(160, self.fontMetrics().height() + 6)

    def minimumSizeHint(self) -> QSize:
        """No lower: many are scrolled, and not pressed together."""
        return QSize(80, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The sample, and beside it the words."""
        theme = worn()
        painter = QPainter(self)
        height = self.fontMetrics().height()
        box = QRectF(0, (self.height() - height) / 2, SAMPLE, height)
        words = self.rect().adjusted(SAMPLE + 8, 0, 0, 0)
        side = Qt.AlignmentFlag.AlignLeft
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            box.moveRight(self.width())
            words = self.rect().adjusted(0, 0, -SAMPLE - 8, 0)
            side = Qt.AlignmentFlag.AlignRight
        if self._line is None:
            painter.fillRect(box, QColor(theme.tint(self._author.colour, strong=True)))
            line = QRectF(box.left(), box.top(), 4, box.height())
            colour, ink = theme.person(self._author.colour), theme.text
        else:
            line = QRectF(box.left(), box.top() + self._line * (box.height() - UNDERLINE), box.width(), UNDERLINE)
            colour = ink = theme.muted
            painter.setPen(QColor(ink))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, LETTERS)
        painter.fillRect(line, QColor(colour))
        painter.setPen(QColor(ink))
        shown = self.fontMetrics().elidedText(self._author.name, Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, side | Qt.AlignmentFlag.AlignVCenter, isolated(shown))
        painter.end()
