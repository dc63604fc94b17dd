"""NoteItem: one note on the board.

Runs on the GUI thread. Its rectangle is Qt's own, so that finding, moving and clipping it never comes back to Python;
only painting does, and that with text that was laid out before.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QPolygonF, QStaticText, QTransform
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from cowrite.core.board.items import Hand, Note, Place
from cowrite.gui.board.drawing import Drawing
from cowrite.gui.board.fitting import Fitted, fitted
from cowrite.gui.board.looks import FOOT, FOOT_SIZE, PADDING, BoardLook
from cowrite.gui.board.shots import ShotItem, Shots

READABLE = 0.35
"""The zoom below which lines stand for text."""
VISIBLE = 0.12
"""The zoom below which there is nothing on a note."""
CORNER = 26.0
"""Side of the hatched corner of a sealed note."""
MOVED_Z = 10.0
SHEET = 4.0
"""How much of each of the two sheets is seen below a note that stands for others."""


class NoteItem(ShotItem):
    """Shows a note.

    Args:
        note: it.
        drawing: how all on the board is drawn.
        shots: makes its picture.
    """

    def __init__(self, note: Note, drawing: Drawing, shots: Shots) -> None:
        super().__init__(note.place, drawing, shots)
        self.note = note
        self.count = 0
        """How many notes it stands for besides itself."""
        self.holder: tuple[str, str] | None = None
        """Name and colour of a teammate who has it selected."""
        self.is_found = False
        self._fitted: Fitted | None = None
        self._sizes: dict[str, QSizeF] = {}  # of its pictures, which are not always there to be drawn
        self._picture: QPixmap | None = None
        self._foot: QStaticText | None = None
        self._badge: QStaticText | None = None
        self._bars: list[QRectF] = []
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsSelectable)
        self.setPen(QPen(Qt.PenStyle.NoPen))

    @property
    def id(self) -> str:
        """The note's id."""
        return self.note.id

    @property
    def place(self) -> Place:
        """Where it is shown, be it on its way."""
        at, rect = self.pos(), self.rect()
        return Place(at.x(), at.y(), rect.width(), rect.height())

    @property
    def _foot_room(self) -> float:
        """Height of the line with its author, above the sheets below it."""
        return FOOT + (2 * SHEET if self.count else 0)

    @property
    def is_cut(self) -> bool:
        """Whether some of its text has no room."""
        return bool(self.note.text) and self._text().is_cut

    @property
    def font_size(self) -> int:
        """The size in which its text stands."""
        return self._text().size

    def show_note(self, note: Note, count: int) -> None:
        """Takes what the note is now, and how many others it stands for."""
        if note != self.note or count != self.count:
            self.note, self.count = note, count
            self.refit()
        if self.place != note.place:
            self.show_place(note.place)

    def show_place(self, place: Place) -> None:
        """Is elsewhere or larger from now on."""
        self.setPos(place.x, place.y)
        rect = self.rect()
        if (rect.width(), rect.height()) != (place.width, place.height):
            self.setRect(0, 0, place.width, place.height)
            self.refit()

    def show_holder(self, holder: tuple[str, str] | None) -> None:
        """Shows that a teammate has it selected."""
        if holder != self.holder:
            self.holder = holder
            self.update()

    def refit(self) -> None:
        """Lays everything out anew when it is painted next."""
        self._fitted = self._picture = self._foot = self._badge = None
        self.forget_shot()
        self._bars = []
        self.update()

    def text_rect(self) -> QRectF:
        """Where its text stands, in its own coordinates."""
        rect = self.rect()
        top = PADDING + (self._picture_size().height() + PADDING if self.note.image else 0)
        foot = self._foot_room if self._foot_words() else PADDING
        height = max(rect.height() - top - foot, 10.0)
        return QRectF(PADDING, top, max(rect.width() - 2 * PADDING, 20.0), height)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Shows its picture, and around it who has selected it."""
        if self.holder is None and not self.is_found and not self.isSelected():
            self.paint_shot(painter)
            return
        painter.save()
        self.paint_shot(painter)
        painter.restore()
        self._paint_marks(painter, self._drawing.look)

    def paint_content(self, painter: QPainter, *, is_rough: bool = False) -> None:
        """Draws all that is on it; the farther away, the less. Roughly: lines stand for its text."""
        note, look, rect = self.note, self._drawing.look, self.rect()
        zoom = self._drawing.zoom
        painter.fillRect(rect, look.model_paper if note.hand is Hand.MODEL else look.papers[note.colour])
        if zoom < VISIBLE:
            return
        self._paint_edge(painter, rect, look)
        if note.image:
            self._paint_picture(painter)
        if zoom < READABLE or is_rough:
            ink = look.lines[note.colour]
            for bar in self._bars or self._make_bars():
                painter.fillRect(bar, ink)
            return
        if note.text:
            text = self._text()
            painter.setFont(look.fonts[text.size])
            painter.setPen(look.ink)
            painter.drawStaticText(self.text_rect().topLeft(), text.text)
        self._paint_foot(painter, rect, look)

    def _paint_marks(self, painter: QPainter, look: BoardLook) -> None:
        rect = self.rect()
        if self.holder is not None:
            pen = QPen(QColor(look.theme.person(self.holder[1])), 2)
            pen.setCosmetic(True)
            self._outline(painter, rect, pen)
        if self.is_found:
            self._outline(painter, rect, look.found)
        if self.isSelected():
            self._outline(painter, rect, look.selected)

    def _outline(self, painter: QPainter, rect: QRectF, pen: QPen) -> None:
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(rect)

    def _paint_edge(self, painter: QPainter, rect: QRectF, look: BoardLook) -> None:
        note = self.note
        if note.hand is Hand.MODEL:
            self._outline(painter, rect.adjusted(1, 1, -1, -1), look.model)
            return
        edge = look.edges[note.colour]
        painter.fillRect(QRectF(0, rect.height() - 2, rect.width(), 2), edge)
        if self.count:  # the sheets below
            painter.fillRect(QRectF(0, rect.height() - SHEET - 2, rect.width(), 1.5), edge)
            painter.fillRect(QRectF(0, rect.height() - 2 * SHEET - 2, rect.width(), 1.5), edge)
        if note.is_sealed:
            corner = QPolygonF(
                [QPointF(rect.width() - CORNER * 1.6, 0), QPointF(rect.width(), 0), QPointF(rect.width(), CORNER * 1.6)]
            )
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.hatch)
            painter.drawPolygon(corner)
        if note.is_sealed or note.is_locked:
            painter.drawPixmap(QRectF(rect.width() - 20, 5, 14, 14), look.lock, QRectF(look.lock.rect()))

    def _paint_foot(self, painter: QPainter, rect: QRectF, look: BoardLook) -> None:
        words = self._foot_words()
        if words:
            if self._foot is None:
                self._foot = self._small(words, rect.width() - 2 * PADDING - (30 if self.count else 0))
            painter.setFont(look.fonts[FOOT_SIZE])
            painter.setPen(look.model_ink if self.note.hand is Hand.MODEL else look.quiet[self.note.colour])
            painter.drawStaticText(QPointF(PADDING, rect.height() - self._foot_room), self._foot)
        if self.count:
            if self._badge is None:
                self._badge = self._small(f"+{self.count}", 40)
            width = self._badge.size().width() + 10
            badge = QRectF(rect.width() - width - 6, rect.height() - self._foot_room - 2, width, 18)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.quiet[self.note.colour])
            painter.drawRect(badge)
            painter.setFont(look.fonts[FOOT_SIZE])
            painter.setPen(look.papers[self.note.colour])
            painter.drawStaticText(badge.topLeft() + QPointF(5, 1), self._badge)

    def _small(self, words: str, width: float) -> QStaticText:
        look = self._drawing.look
        small = QStaticText(look.foot_metrics.elidedText(words, Qt.TextElideMode.ElideRight, width))
        small.setTextFormat(Qt.TextFormat.PlainText)
        small.prepare(QTransform(), look.fonts[FOOT_SIZE])
        return small

    def _foot_words(self) -> str:
        note = self.note
        if note.is_sealed:
            return "Only you see this"
        words = [f"Assistant, {note.lens}" if note.lens else "Assistant"] if note.hand is Hand.MODEL else []
        words += [note.author] if note.author and note.hand is not Hand.MODEL else []
        words += ["AI"] if note.hand is Hand.ADOPTED else []
        words += ["late"] if note.is_late else []
        return " · ".join(words)

    def _text(self) -> Fitted:
        if self._fitted is None:
            self._fitted = fitted(self.note.text, self.text_rect().size(), self._drawing.look.fonts)
        return self._fitted

    def _make_bars(self) -> list[QRectF]:
        """Lines in the place of the text, about as many and as long as it has."""
        room = self.text_rect()
        letters = len(self.note.text)
        while letters > 0 and len(self._bars) < 4 and len(self._bars) * 20 + 8 <= room.height():
            share = min(1.0, max(letters / 18, 0.2))
            self._bars.append(QRectF(room.left(), room.top() + 4 + len(self._bars) * 20, room.width() * share, 7))
            letters -= 18
        return self._bars

    def _picture_size(self) -> QSizeF:
        rect = self.rect()
        below = PADDING + self._foot_room + 24 if self.note.text else self._foot_room if self._foot_words() else PADDING
        most = rect.height() - PADDING - below
        room = QSizeF(rect.width() - 2 * PADDING, max(most, 20.0))
        name = self.note.image
        if name not in self._sizes and (image := self._drawing.images(name)) is not None:
            self._sizes[name] = QSizeF(image.size())
        return self._sizes.get(name, QSizeF(3, 2)).scaled(room, Qt.AspectRatioMode.KeepAspectRatio)

    def _paint_picture(self, painter: QPainter) -> None:
        size = self._picture_size()
        target = QRectF(QPointF((self.rect().width() - size.width()) / 2, PADDING), size)
        if self._picture is None:
            image = self._drawing.images(self.note.image)
            if image is None:
                painter.fillRect(target, self._drawing.look.edges[self.note.colour])
                return
            sharp = (size * 2 * self._drawing.ratio).toSize()  # still sharp at 200 %
            self._picture = QPixmap.fromImage(
                image.scaled(sharp, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
                if image.width() > sharp.width()
                else image
            )
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(target, self._picture, QRectF(self._picture.rect()))
