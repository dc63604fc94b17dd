"""How embeds are drawn in the text: dividers, images and decisions.

Runs on the GUI thread. Qt asks these objects for the size and the picture of each embed character.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol

from PySide6.QtCore import QMarginsF, QObject, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QFontMetricsF,
    QImage,
    QPainter,
    QPen,
    QPyTextObject,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)
from PySide6.QtWidgets import QTextEdit

from cowrite.bridge.file.image_store import Absence
from cowrite.bridge.file.pictures import Picture
from cowrite.bridge.page.table_formats import cell_room
from cowrite.bridge.page.text_formats import TextFormats
from cowrite.bridge.single_shot import single_shot
from cowrite.core.decisions.cards import GONE, UNDECIDED, Card, CardSource, embedded
from cowrite.core.document.document import Document
from cowrite.core.text.direction import begins_from_right
from cowrite.core.text.richtext import utf16_length
from cowrite.gui.look.theme import Theme
from cowrite.gui.page.kept_place import HeldLine
from cowrite.gui.page.rest import lay_out
from cowrite.sync.blob import Blob

PLACEHOLDER = QSizeF(240, 120)
"""Size of an image that has not arrived, in device-independent pixels."""

ABSENCES = {
    Absence.COMING: "The image is on its way…",
    Absence.MISSING: "The image is not on this computer",
    Absence.ELSEWHERE: "The image is elsewhere and is not fetched from there",
    Absence.INSIDE: "The image is part of the text itself, where it cannot be shown",
    Absence.UNREADABLE: "The image cannot be shown: its file is damaged, too large or not an image",
}
"""What stands in the place of an image that is not to be seen."""
UNKNOWN = "Another program or a newer version of cowrite has put this here; it cannot be shown"
"""What stands in the place of an embed that means nothing here."""
TOGETHER = 50  # milliseconds in which images that arrive are shown together
_INSET = 8  # device-independent pixels between these words and their frame


class ImageSource(Protocol):
    """Who gives images as they are drawn."""

    def image(self, name: str) -> QImage | None:
        """The image of a name ("sha256:…"), or None while it is not here."""

    def size(self, name: str) -> QSizeF | None:
        """Its size in device-independent pixels, which is known while it is not decoded; None while it is not."""

    def absence(self, name: str) -> Absence:
        """Why there is no image of a name."""


class ImageFiles(ImageSource, Protocol):
    """Who gives images as they are drawn, and their files."""

    def original(self, name: str) -> Blob | None:
        """The file of an image, or None while it is not here."""


class Images(ImageFiles, Protocol):
    """Where a page keeps images and gets them from."""

    def put(self, content: bytes, media_type: str) -> str:
        """Keeps an image and gives its name ("sha256:…")."""

    def take(self, picture: Picture) -> None:
        """Keeps an image that was read elsewhere."""


class ArrivedImages(QObject):
    """Lays the places of a page anew at which images stand that have arrived, and nothing else. Those of a document
    that is opened come one after the other, and the text is gone through for many at once.

    Args:
        page: shows them.
        document: gives the document that is shown.
    """

    def __init__(self, page: QTextEdit, document: Callable[[], Document]) -> None:
        super().__init__(page)
        self._page = page
        self._document = document
        self._line = HeldLine(page)
        self._names: set[str] = set()
        self._timer = single_shot(self, self._lay_out, TOGETHER)

    def add(self, name: str) -> None:
        """An image of this name is to be shown in another way."""
        self._names.add(name)
        if not self._timer.isActive():
            self._timer.start()

    def _lay_out(self) -> None:
        text, at, places = self._page.document(), 0, []
        for span in self._document().spans():
            if at >= text.characterCount() - 1:  # not on the page yet
                break
            if span.embed is not None and span.embed.get("image") in self._names:
                places.append(at)
            at += utf16_length(span.text)
        self._names.clear()
        if places:
            lay_out(text)
            self._line.hold()
            for place in places:
                text.markContentsDirty(place, 1)
            self._line.take_back()
        self._page.viewport().update()


def _room(width: Callable[[], float], document: QTextDocument, position: int) -> float:
    """How wide what stands at a position can be: of the page's width, or its cell's, what the indent of its line
    leaves."""
    whole = cell_room(document, position, width())
    return whole - document.findBlock(position).blockFormat().indent() * document.indentWidth()


class DividerObject(QPyTextObject):
    """A line across the page."""

    def __init__(self, theme: Theme, width: Callable[[], float], parent: QTextDocument) -> None:
        super().__init__(parent)
        self.theme = theme
        self._width = width

    def intrinsicSize(self, document: QTextDocument, position: int, format: QTextFormat) -> QSizeF:
        """Its size: as wide as the line allows."""
        return QSizeF(max(40.0, _room(self._width, document, position)), 20.0)

    def drawObject(
        self, painter: QPainter, rect: QRectF | QRect, document: QTextDocument, position: int, format: QTextFormat
    ) -> None:
        """Draws it."""
        painter.setPen(QPen(QColor(self.theme.border), 1.5))
        middle = QRectF(rect).center().y()
        painter.drawLine(int(rect.left()), int(middle), int(rect.right()), int(middle))
        _mark_suggested(painter, QRectF(rect), format, self.theme)


class ImageObject(QPyTextObject):
    """A picture, or a quiet frame with the reason why it is not to be seen."""

    def __init__(
        self,
        theme: Theme,
        formats: TextFormats,
        source: ImageSource,
        width: Callable[[], float],
        parent: QTextDocument,
    ) -> None:
        super().__init__(parent)
        self.theme = theme
        self._formats = formats
        self._source = source
        self._width = width
        self.zoom = 1.0
        """How much larger than at its own size a picture is shown."""
        self._unknown: set[str] = set()  # names of images that were laid out while their size was not known

    def intrinsicSize(self, document: QTextDocument, position: int, format: QTextFormat) -> QSizeF:
        """Its size: its own or the one that was set, as the page is zoomed, and never wider than the page."""
        embed, attributes = self._meaning(format)
        name = str(embed.get("image", ""))
        size = self._source.size(name)
        if size is None:
            self._unknown.add(name)
        own = PLACEHOLDER if size is None else size
        wanted = attributes.get("width")
        set_width = wanted if isinstance(wanted, int | float) and wanted > 0 else own.width()
        width = min(set_width * self.zoom, max(40.0, _room(self._width, document, position)))
        return QSizeF(width, own.height() * width / own.width()).grownBy(_above(self._formats))

    def has_grown(self, name: str) -> bool:
        """Whether the size of an image has become known since it was laid out, so that it has to be laid out anew."""
        if name not in self._unknown or self._source.size(name) is None:
            return False
        self._unknown.remove(name)
        return True

    def rect(self, document: QTextDocument, position: int) -> QRectF | None:
        """Where the image at a position is, in the document's coordinates; None where its line is not laid out, or the
        page is being filled anew and has not come to it."""
        if position + 1 >= document.characterCount():
            return None
        block = document.findBlock(position)
        line = block.layout().lineForTextPosition(position - block.position())
        if not line.isValid():
            return None
        corner = document.documentLayout().blockBoundingRect(block).topLeft()
        cursor = QTextCursor(document)
        cursor.setPosition(position + 1)
        format = cursor.charFormat()
        size = self.intrinsicSize(document, position, format)
        ends = (
            line.cursorToX(at - block.position())[0]  # type: ignore[index]  # it gives x and position
            for at in (position, position + 1)
        )
        # Qt sets it as low as letters reach that go below the line (`QAbstractTextDocumentLayout.resizeInlineObject`).
        bottom = corner.y() + line.y() + line.ascent() + QFontMetrics(format.font()).descent()
        whole = QRectF(corner.x() + min(ends), bottom - size.height(), size.width(), size.height())
        return whole.marginsRemoved(_above(self._formats))

    def room(self, document: QTextDocument, position: int) -> float:
        """How wide an image at a position can be, in device-independent pixels."""
        return _room(self._width, document, position)

    def drawObject(
        self, painter: QPainter, rect: QRectF | QRect, document: QTextDocument, position: int, format: QTextFormat
    ) -> None:
        """Draws it."""
        embed, _ = self._meaning(format)
        frame = QRectF(rect).marginsRemoved(_above(self._formats))
        self._draw(painter, frame, embed)
        _mark_suggested(painter, frame, format, self.theme)

    def _draw(self, painter: QPainter, frame: QRectF, embed: Mapping[str, Any]) -> None:
        name = str(embed.get("image", ""))
        image = self._source.image(name)
        if image is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(frame, image)
            return
        painter.setPen(QPen(QColor(self.theme.border), 1, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(frame.adjusted(1, 1, -1, -1), 6, 6)
        painter.setPen(QColor(self.theme.muted))
        words = ABSENCES[self._source.absence(name)] if "image" in embed else UNKNOWN
        room = frame.adjusted(_INSET, _INSET, -_INSET, -_INSET)
        how = Qt.TextFlag.TextWordWrap.value | Qt.AlignmentFlag.AlignCenter.value
        if room.contains(painter.boundingRect(room, how, words)):  # half of a sentence says something else
            painter.drawText(room, how, words)

    def _meaning(self, format: QTextFormat) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        shown = format.toCharFormat()
        return self._formats.embed(shown) or {}, self._formats.attributes(shown)


class _Row(NamedTuple):
    """One row of a card: text, the name of its colour in the theme, its size beside the writing size, its weight, and
    the space before it as a part of the writing size."""

    text: str
    colour: str
    scale: float = 1.0
    weight: int = QFont.Weight.Normal.value
    before: float = 0.3


STATUS_TONES = {"Accepted": "success", "Proposed": "accent_text", "Rejected": "danger", "Superseded": "warning"}
MOST_SHOWN = 1500
"""Characters of one row of a card that are shown; all of it is in its own view."""
STALE = "Its evidence has changed"
_WRAPPED = Qt.TextFlag.TextWordWrap.value | Qt.AlignmentFlag.AlignLeft.value
_PADDING = 0.9  # parts of the writing size
_HIGHEST = 1e6


class DecisionObject(QPyTextObject):
    """A decision as a card: question, outcome, where it stands and who sees to it. It is turned to the side from which
    its own words are read, like the paragraphs around it.

    Args:
        theme: how it looks.
        formats: gives the embed and the type of the page.
        width: how wide a line is.
        parent: the document in which it is.
    """

    def __init__(self, theme: Theme, formats: TextFormats, width: Callable[[], float], parent: QTextDocument) -> None:
        super().__init__(parent)
        self.theme = theme
        self.cards: CardSource | None = None
        """Gives the decisions; None while they cannot be asked for."""
        self.needed: Callable[[], None] = lambda: None
        """Is called when a decision is laid out, which most documents never do."""
        self._formats = formats
        self._width = width
        self._shown: dict[str, Card | None] = {}

    def is_up_to_date(self) -> bool:
        """Whether every card that is shown says what its decision says; those that do not will when they are laid out
        anew."""
        before, self._shown = self._shown, {}
        return all(self.card(id) == card for id, card in before.items())

    def card(self, id: str) -> Card | None:
        """The card of a decision as it is shown."""
        if id not in self._shown:
            self._shown[id] = self.cards(id) if self.cards is not None else None
        return self._shown[id]

    def intrinsicSize(self, document: QTextDocument, position: int, format: QTextFormat) -> QSizeF:
        """Its size: as wide as the line allows, and as high as its words need."""
        self.needed()
        em, width = self._formats.em, max(120.0, _room(self._width, document, position))
        room = width - 2 * _PADDING * em
        height = sum(self._height(row, room) for row in self._rows(format)) + 2 * _PADDING * em
        return QSizeF(width, height).grownBy(_above(self._formats))

    def drawObject(
        self, painter: QPainter, rect: QRectF | QRect, document: QTextDocument, position: int, format: QTextFormat
    ) -> None:
        """Draws it."""
        em, theme, whole = self._formats.em, self.theme, QRectF(rect).marginsRemoved(_above(self._formats))
        frame = whole.adjusted(0.5, 2.5, -0.5, -2.5)
        rows = self._rows(format)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.border), 1))
        painter.setBrush(QColor(theme.raised))
        painter.drawRoundedRect(frame, theme.metrics.radius, theme.metrics.radius)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(getattr(theme, rows[0].colour)))
        side = Qt.LayoutDirection.RightToLeft if self._is_from_right(format) else Qt.LayoutDirection.LeftToRight
        painter.setLayoutDirection(side)
        edge = frame.right() - 4 if side is Qt.LayoutDirection.RightToLeft else frame.left()
        painter.drawRoundedRect(QRectF(edge, frame.top(), 4, frame.height()), 2, 2)
        top = whole.top() + _PADDING * em
        room = whole.width() - 2 * _PADDING * em
        for row in rows:
            height = self._height(row, room)
            painter.setFont(self._font(row))
            painter.setPen(QColor(getattr(theme, row.colour)))
            place = QRectF(whole.left() + _PADDING * em, top + row.before * em, room, height - row.before * em)
            painter.drawText(place, _WRAPPED, row.text)
            top += height
        painter.restore()
        _mark_suggested(painter, whole, format, theme)

    def _rows(self, format: QTextFormat) -> list[_Row]:
        id = embedded(self._formats.embed(format.toCharFormat()))
        card = self.card(id) if id is not None else None
        if card is None:
            return [_Row(GONE if self.cards is not None else "Decision", "muted", before=0.0)]
        bold = QFont.Weight.DemiBold.value
        rows = [
            _Row(f"Decision  ·  {card.status}", STATUS_TONES.get(card.status, "muted"), 0.82, bold, 0.0),
            _Row(_cut(card.question), "text", 1.0, bold),
            _Row(_cut(card.outcome) or UNDECIDED, "text" if card.outcome else "muted"),
        ]
        if card.details:
            rows.append(_Row(_cut("  ·  ".join(card.details)), "muted", 0.86))
        return [*rows, _Row(STALE, "warning", 0.86, bold)] if card.is_stale else rows

    def _is_from_right(self, format: QTextFormat) -> bool:
        id = embedded(self._formats.embed(format.toCharFormat()))
        card = self.card(id) if id is not None else None
        return card is not None and begins_from_right(_cut(f"{card.question} {card.outcome}"))

    def _font(self, row: _Row) -> QFont:
        font = self._formats.default_font()
        font.setPointSizeF(font.pointSizeF() * row.scale)
        font.setWeight(QFont.Weight(row.weight))
        return font

    def _height(self, row: _Row, room: float) -> float:
        box = QFontMetricsF(self._font(row)).boundingRect(QRectF(0, 0, room, _HIGHEST), _WRAPPED, row.text)
        return box.height() + row.before * self._formats.em


def _above(formats: TextFormats) -> QMarginsF:
    """The space above what is higher than text: text has it in its line, and without it the two would touch."""
    return QMarginsF(0, 0.5 * formats.em, 0, 0)


def _mark_suggested(painter: QPainter, frame: QRectF, format: QTextFormat, theme: Theme) -> None:
    """Frames what is suggested to come in, or to go, in the colour of who suggests it; what is to go is crossed out."""
    shown = format.toCharFormat()
    if not shown.hasProperty(QTextFormat.Property.ForegroundBrush.value):
        return
    inner = frame.adjusted(1, 1, -1, -1)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((QColor(theme.page), 6), (shown.foreground().color(), 2)):  # to be seen on any picture
        painter.setPen(QPen(colour, width))
        painter.drawRect(inner)
        if shown.fontStrikeOut():
            painter.drawLine(inner.bottomLeft(), inner.topRight())
    painter.restore()


def _cut(text: str) -> str:
    """As much of a text as a card shows; anybody may have written any amount."""
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN].rstrip()}…"
