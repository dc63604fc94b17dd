"""What painted rows of lists have in common: the ground of the one that is chosen, and a line of words.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from cowrite.gui.look.reading_sides import side_of
from cowrite.gui.look.theme import worn


def paint_ground(painter: QPainter, ground: QRectF, option: QStyleOptionViewItem) -> None:
    """Paints the ground of a row that is chosen or under the pointer, and its ring where it has the keyboard."""
    chosen = bool(option.state & QStyle.StateFlag.State_Selected)
    if not chosen and not option.state & QStyle.StateFlag.State_MouseOver:
        return
    theme = worn()
    focused = chosen and bool(option.state & QStyle.StateFlag.State_HasFocus)
    painter.setPen(QPen(QColor(theme.focus), 2) if focused else Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.accent_soft if chosen else theme.hover))
    painter.drawRoundedRect(ground, theme.metrics.radius, theme.metrics.radius)


def write_line(
    painter: QPainter,
    box: QRect,
    text: str,
    font: QFont,
    colour: str,
    option: QStyleOptionViewItem,
    *,
    is_sided: bool = False,
) -> None:
    """Writes one line, cut where there is no room; `box` is where it stands when one reads from left to right.

    Each is read by its own first letter; one that is `is_sided` also stands on the side from which it is read.
    """
    painter.setFont(font)
    painter.setPen(QColor(colour))
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
    side = side_of(text)
    align = QStyle.visualAlignment(side if is_sided else option.direction, Qt.AlignmentFlag.AlignLeft)
    flags = align | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
    painter.setLayoutDirection(side)
    painter.drawText(QStyle.visualRect(option.direction, option.rect, box), flags, shown)
