"""Bullets before the items of lists on paper, as large as on the page.

Runs on the thread of the document. Qt's own are blots close to the words, and its circles have gaps in their lines.
"""

from __future__ import annotations

from typing import NamedTuple, cast

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QFontMetricsF,
    QPagedPaintDevice,
    QPainter,
    QPen,
    QTextBlock,
    QTextDocument,
    QTextFormat,
    QTextList,
    QTextListFormat,
)

_DISC, _CIRCLE, _SQUARE = (
    QTextListFormat.Style.ListDisc,
    QTextListFormat.Style.ListCircle,
    QTextListFormat.Style.ListSquare,
)
# In parts of the size of the letters.
BEFORE = 0.75  # from the middle of a bullet to the words
RADIUS = 0.17
LINE = 0.06  # of a circle


class Bullet(NamedTuple):
    """One bullet, in the pixels of the device.

    Attributes:
        style: its form.
        middle: where it is.
        size: of the letters behind it.
        brush: what it is drawn with.
    """

    style: QTextListFormat.Style
    middle: QPointF
    size: float
    brush: QBrush

    def paint(self, painter: QPainter) -> None:
        """Paints it."""
        radius = RADIUS * self.size
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.brush)
        if self.style == _SQUARE:
            painter.drawRect(QRectF(self.middle - QPointF(radius, radius), self.middle + QPointF(radius, radius)))
            return
        if self.style == _CIRCLE:
            painter.setPen(QPen(self.brush, LINE * self.size))
            painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(self.middle, radius, radius)


def take_bullets(copy: QTextDocument, device: QPagedPaintDevice) -> list[Bullet]:
    """Takes Qt's bullets from a document that is set on pages; gives those to be painted in their places."""
    styles: dict[QTextList, QTextListFormat.Style] = {}
    items: list[tuple[QTextBlock, QTextListFormat.Style]] = []
    block = copy.begin()
    while block.isValid():
        list_ = cast("QTextList | None", block.textList())  # PySide says that it is never None
        if list_ is not None and list_ not in styles:
            styles[list_] = list_.format().style()
        has_none = block.blockFormat().hasProperty(QTextFormat.Property.ListStyle.value)  # such as a box to tick
        if list_ is not None and not has_none and styles[list_] in (_DISC, _CIRCLE, _SQUARE):
            items.append((block, styles[list_]))
        block = block.next()
    for list_, style in styles.items():
        if style in (_DISC, _CIRCLE, _SQUARE):
            format = list_.format()
            format.setStyle(QTextListFormat.Style.ListStyleUndefined)
            list_.setFormat(format)
    copy.documentLayout().documentSize()
    return [_bullet(copy, device, block, style) for block, style in items if block.layout().lineCount()]


def _bullet(copy: QTextDocument, device: QPagedPaintDevice, block: QTextBlock, style: QTextListFormat.Style) -> Bullet:
    line, rect = block.layout().lineAt(0), copy.documentLayout().blockBoundingRect(block)
    fragments = block.begin()
    format = block.charFormat() if fragments.atEnd() else fragments.fragment().charFormat()
    font = format.font().resolve(copy.defaultFont())
    size = font.pointSizeF() / 72 * device.logicalDpiY()
    words = line.naturalTextRect().translated(rect.topLeft())
    is_rtl = block.textDirection() == Qt.LayoutDirection.RightToLeft
    x = words.right() + BEFORE * size if is_rtl else words.left() - BEFORE * size
    y = rect.top() + line.y() + line.ascent() - QFontMetricsF(font, device).xHeight() / 2
    brush = block.charFormat().foreground()
    return Bullet(style, QPointF(x, y), size, QBrush(Qt.GlobalColor.black) if brush == QBrush() else brush)
