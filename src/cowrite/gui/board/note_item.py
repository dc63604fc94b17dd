"""NoteItem: one note on the board.

Runs on the GUI thread. Its rectangle is Qt's own, so that finding, moving and clipping it never comes back to Python;
only painting does, and that with text that was laid out before.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPixmap, QPolygonF, QStaticText, QTransform
from PySide6.QtWidgets import QGraphicsItem, QGraphicsRectItem, QStyleOptionGraphicsItem, QWidget

from cowrite.core.board.items import Hand, Note, Place
from cowrite.gui.board.fitting import Fitted, fitted
from cowrite.gui.board.looks import FOOT, FOOT_SIZE, PADDING, BoardLook

if TYPE_CHECKING:
    from cowrite.gui.board.board_scene import BoardScene
    from cowrite.gui.board.shots import Shot

READABLE = 0.35
"""The zoom below which lines stand for text."""
VISIBLE = 0.12
"""The zoom below which there is nothing on a note."""
CORNER = 26.0
"""Side of the hatched corner of a sealed note."""
MOVED_Z = 10.0

Images = Callable[[str], QImage | None]
"""Gives the image of a name, or None while it is not here."""


class NoteItem(QGraphicsRectItem):
    """Shows a note.

    Args:
        note: it.
        board: what all on it have in common.
    """

    def __init__(self, note: Note, board: BoardScene) -> None:
        super().__init__(0, 0, note.place.width, note.place.height)
        self._board = board
        self.note = note
        self.count = 0
        """How many notes it stands for besides itself."""
        self.holder: tuple[str, str] | None = None
        """Name and colour of a teammate who has it selected."""
        self.is_found = False
        self.shot: Shot | None = None
        """Its picture, where one was made."""
        self._fitted: Fitted | None = None
        self._sizes: dict[str, QSizeF] = {}  # of its pictures, which are not always there to be drawn
        self._picture: QPixmap | None = None
        self._foot: QStaticText | None = None
        self._badge: QStaticText | None = None
        self._bars: list[QRectF] = []
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsSelectable)
        self.setPen(QPen(Qt.PenStyle.NoPen))
        self.setPos(note.place.x, note.place.y)

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
        self._fitted = self._picture = self._foot = self._badge = self.shot = None
        self._board.shots.forget(self)
        self._bars = []
        self.update()

    def described(self) -> str:
        """The note in words, for a screen reader."""
        note = self.note
        words = [note.text or ("Image" if note.image else "Empty note")]
        words += [f"by {note.author}"] if note.author else []
        group = self._board.title_of(note.group)
        words += [f"in the group “{group}”"] if group else []
        words += ["only you see this"] if note.is_sealed else []
        words += ["by the assistant, not adopted"] if note.hand is Hand.MODEL else []
        words += [f"stands for {self.count} more"] if self.count else []
        words += ["late"] if note.is_late else []
        words += ["locked"] if note.is_locked else []
        return ", ".join(words)

    def text_rect(self) -> QRectF:
        """Where its text stands, in its own coordinates."""
        rect = self.rect()
        top = PADDING + (self._picture_size().height() + PADDING if self.note.image else 0)
        foot = FOOT if self._foot_words() else PADDING
        height = max(rect.height() - top - foot, 10.0)
        return QRectF(PADDING, top, max(rect.width() - 2 * PADDING, 20.0), height)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Shows its picture, which is made when there is none for this zoom, and around it who has selected it."""
        board = self._board
        marked = self.holder is not None or self.is_found or self.isSelected()
        scale = board.zoom * board.ratio
        if not board.shots.is_on or not board.shots.fits(self, scale):
            self.paint_content(painter)
        else:
            shot = self.shot
            if (shot is None or shot.scale != scale) and board.shots.may_make(self):
                shot = self.shot = board.shots.make(self, scale, board.ratio)
            if shot is None:
                self.paint_content(painter, is_rough=True)
            elif shot.scale != scale:
                painter.drawPixmap(self.rect(), shot.pixmap, shot.pixmap.rect().toRectF())
            else:
                shown, ratio = painter.worldTransform(), board.ratio
                at = QPointF(round(shown.dx() * ratio) / ratio, round(shown.dy() * ratio) / ratio)
                painter.resetTransform()
                if board.shots.is_split:  # Qt copies line by line where the clip is not one rectangle
                    painter.setClipRect(QRectF(at, shot.size))
                    painter.drawPixmap(at, shot.pixmap)
                    painter.setClipping(False)
                else:
                    painter.drawPixmap(at, shot.pixmap)
                if marked:
                    painter.setWorldTransform(shown)
        if marked:
            self._paint_marks(painter, board.look)

    def sharpen(self) -> None:
        """Makes its picture for this zoom and shows it."""
        scale = self._board.zoom * self._board.ratio
        if self._board.shots.fits(self, scale):
            self.shot = self._board.shots.make(self, scale, self._board.ratio)
        self.update()

    def paint_content(self, painter: QPainter, *, is_rough: bool = False) -> None:
        """Draws all that is on it; the farther away, the less. Roughly: lines stand for its text."""
        note, look, rect = self.note, self._board.look, self.rect()
        zoom = self._board.zoom
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
            painter.fillRect(QRectF(0, rect.height() - 6, rect.width(), 1.5), edge)
            painter.fillRect(QRectF(0, rect.height() - 10, rect.width(), 1.5), edge)
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
            painter.drawStaticText(QPointF(PADDING, rect.height() - FOOT + 2), self._foot)
        if self.count:
            if self._badge is None:
                self._badge = self._small(f"+{self.count}", 40)
            width = self._badge.size().width() + 10
            badge = QRectF(rect.width() - width - 6, rect.height() - FOOT - 2, width, 16)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.quiet[self.note.colour])
            painter.drawRect(badge)
            painter.setFont(look.fonts[FOOT_SIZE])
            painter.setPen(look.papers[self.note.colour])
            painter.drawStaticText(badge.topLeft() + QPointF(5, 1), self._badge)

    def _small(self, words: str, width: float) -> QStaticText:
        font = self._board.look.fonts[FOOT_SIZE]
        small = QStaticText(self._board.small_metrics.elidedText(words, Qt.TextElideMode.ElideRight, width))
        small.setTextFormat(Qt.TextFormat.PlainText)
        small.prepare(QTransform(), font)
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
            self._fitted = fitted(self.note.text, self.text_rect().size(), self._board.look.fonts)
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
        below = PADDING + FOOT + 24 if self.note.text else FOOT if self._foot_words() else PADDING
        most = rect.height() - PADDING - below
        room = QSizeF(rect.width() - 2 * PADDING, max(most, 20.0))
        name = self.note.image
        if name not in self._sizes and (image := self._board.images(name)) is not None:
            self._sizes[name] = QSizeF(image.size())
        return self._sizes.get(name, QSizeF(3, 2)).scaled(room, Qt.AspectRatioMode.KeepAspectRatio)

    def _paint_picture(self, painter: QPainter) -> None:
        size = self._picture_size()
        target = QRectF(QPointF((self.rect().width() - size.width()) / 2, PADDING), size)
        if self._picture is None:
            image = self._board.images(self.note.image)
            if image is None:
                painter.fillRect(target, self._board.look.edges[self.note.colour])
                return
            sharp = (size * 2 * self._board.ratio).toSize()  # still sharp at 200 %
            self._picture = QPixmap.fromImage(
                image.scaled(sharp, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
                if image.width() > sharp.width()
                else image
            )
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(target, self._picture, QRectF(self._picture.rect()))
