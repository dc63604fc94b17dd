"""How embeds are drawn in the text: dividers and images.

Runs on the GUI thread. Qt asks these objects for the size and the picture of each embed character.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPyTextObject, QTextDocument, QTextFormat

from cowrite.bridge.text_formats import TextFormats
from cowrite.gui.theme import Theme

PLACEHOLDER = QSizeF(240, 120)
"""Size of an image that has not arrived, in device-independent pixels."""

ImageSource = Callable[[str], QImage | None]
"""Gives the image of a name ("sha256:…"), or None while it is not here."""


class DividerObject(QPyTextObject):
    """A line across the page."""

    def __init__(self, theme: Theme, width: Callable[[], float], parent: QTextDocument) -> None:
        super().__init__(parent)
        self.theme = theme
        self._width = width

    def intrinsicSize(self, document: QTextDocument, position: int, format: QTextFormat) -> QSizeF:
        """Its size: as wide as the line allows."""
        return QSizeF(max(40.0, self._width()), 20.0)

    def drawObject(
        self, painter: QPainter, rect: QRectF | QRect, document: QTextDocument, position: int, format: QTextFormat
    ) -> None:
        """Draws it."""
        painter.setPen(QPen(QColor(self.theme.border), 1.5))
        middle = QRectF(rect).center().y()
        painter.drawLine(int(rect.left()), int(middle), int(rect.right()), int(middle))


class ImageObject(QPyTextObject):
    """A picture, or a quiet frame while it is on its way."""

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

    def intrinsicSize(self, document: QTextDocument, position: int, format: QTextFormat) -> QSizeF:
        """Its size: its own or the one that was set, and never wider than the page."""
        embed, attributes = self._meaning(format)
        image = self._source(str(embed.get("image", "")))
        own = PLACEHOLDER if image is None else QSizeF(image.deviceIndependentSize())
        wanted = attributes.get("width")
        size = own
        if isinstance(wanted, int | float) and wanted > 0 and own.width() > 0:
            size = QSizeF(float(wanted), own.height() * float(wanted) / own.width())
        room = max(40.0, self._width())
        if size.width() > room:
            size = QSizeF(room, size.height() * room / size.width())
        return size

    def drawObject(
        self, painter: QPainter, rect: QRectF | QRect, document: QTextDocument, position: int, format: QTextFormat
    ) -> None:
        """Draws it."""
        embed, _ = self._meaning(format)
        image = self._source(str(embed.get("image", "")))
        if image is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(QRectF(rect), image)
            return
        painter.setPen(QPen(QColor(self.theme.border), 1, Qt.PenStyle.DashLine))
        frame = QRectF(rect)
        painter.drawRoundedRect(frame.adjusted(1, 1, -1, -1), 6, 6)
        painter.setPen(QColor(self.theme.muted))
        painter.drawText(frame, Qt.AlignmentFlag.AlignCenter, "The image is on its way…")

    def _meaning(self, format: QTextFormat) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        shown = format.toCharFormat()
        return self._formats.embed(shown) or {}, self._formats.attributes(shown)
