"""How dividers and images are drawn in the text.

Runs on the GUI thread. Qt asks these objects for the size and the picture of each embed character.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from PySide6.QtCore import QMarginsF, QObject, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
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
from cowrite.bridge.page.laying_out import lay_out
from cowrite.bridge.page.table_formats import cell_room
from cowrite.bridge.page.text_formats import TextFormats
from cowrite.bridge.single_shot import single_shot
from cowrite.core.document.document import Document
from cowrite.core.text.richtext import utf16_length
from cowrite.gui.look.theme import Theme
from cowrite.gui.page.kept_place import HeldLine
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


def room_at(width: Callable[[], float], document: QTextDocument, position: int) -> float:
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
        return QSizeF(max(40.0, room_at(self._width, document, position)), 20.0)

    def drawObject(
        self, painter: QPainter, rect: QRectF | QRect, document: QTextDocument, position: int, format: QTextFormat
    ) -> None:
        """Draws it."""
        painter.setPen(QPen(QColor(self.theme.border), 1.5))
        middle = QRectF(rect).center().y()
        painter.drawLine(int(rect.left()), int(middle), int(rect.right()), int(middle))
        mark_suggested(painter, QRectF(rect), format, self.theme)


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
        width = min(set_width * self.zoom, max(40.0, room_at(self._width, document, position)))
        return QSizeF(width, own.height() * width / own.width()).grownBy(space_above(self._formats))

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
        return whole.marginsRemoved(space_above(self._formats))

    def room(self, document: QTextDocument, position: int) -> float:
        """How wide an image at a position can be, in device-independent pixels."""
        return room_at(self._width, document, position)

    def drawObject(
        self, painter: QPainter, rect: QRectF | QRect, document: QTextDocument, position: int, format: QTextFormat
    ) -> None:
        """Draws it."""
        embed, _ = self._meaning(format)
        frame = QRectF(rect).marginsRemoved(space_above(self._formats))
        self._draw(painter, frame, embed)
        mark_suggested(painter, frame, format, self.theme)

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


def space_above(formats: TextFormats) -> QMarginsF:
    """The space above what is higher than text: text has it in its line, and without it the two would touch."""
    return QMarginsF(0, 0.5 * formats.em, 0, 0)


def mark_suggested(painter: QPainter, frame: QRectF, format: QTextFormat, theme: Theme) -> None:
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
