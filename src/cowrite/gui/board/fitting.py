"""Text that is fitted into a note: smaller where there is much of it, cut off where there is too much.

Runs on the GUI thread. What is fitted is laid out once and then only painted.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QSizeF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QStaticText, QTextLayout, QTextOption, QTransform

from cowrite.core.text.direction import begins_from_right
from cowrite.gui.board.looks import SIZES


@dataclass(frozen=True, slots=True)
class Fitted:
    """Text as it stands in a note.

    Attributes:
        size: of the font.
        text: what is painted.
        is_cut: whether some of it is left out.
    """

    size: int
    text: QStaticText
    is_cut: bool


def fitted(text: str, room: QSizeF, fonts: Mapping[int, QFont]) -> Fitted:
    """Lays a text out in the largest size in which all of it has room; in the smallest as much as there is room for.

    Long words are broken rather than shown in small letters.
    """
    whole = [size for size in SIZES if size >= BROKEN_FROM]
    for sizes, wrap in ((whole, _WORDS), ([size for size in SIZES if size <= BROKEN_FROM], _ANYWHERE)):
        low, high = 0, len(sizes)
        while low < high:  # the smaller, the more has room
            middle = (low + high) // 2
            if _fits(text, room, fonts[sizes[middle]], wrap):
                high = middle
            else:
                low = middle + 1
        if low < len(sizes):
            return Fitted(sizes[low], _laid(text, room, fonts[sizes[low]], wrap), False)
    size = SIZES[-1]
    most = max(1, int(room.height() / math.ceil(QFontMetricsF(fonts[size]).lineSpacing())))
    while True:
        laid = _laid(_cut(text, room, fonts[size], most), room, fonts[size], _NOWHERE)
        if most == 1 or laid.size().height() <= room.height():
            return Fitted(size, laid, True)
        most -= 1  # letters of another font are higher


BROKEN_FROM = 13
"""Font size from which downwards long words are broken."""


_BREAK = "\u2028"  # the only line break that QStaticText knows in plain text
_WORDS = QTextOption.WrapMode.WordWrap
_ANYWHERE = QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere
_NOWHERE = QTextOption.WrapMode.NoWrap


def _option(wrap: QTextOption.WrapMode) -> QTextOption:
    option = QTextOption()
    option.setWrapMode(wrap)
    option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    return option


def _laid(text: str, room: QSizeF, font: QFont, wrap: QTextOption.WrapMode) -> QStaticText:
    laid = QStaticText(text.replace("\n", _BREAK))
    laid.setTextFormat(Qt.TextFormat.PlainText)
    option = _option(wrap)
    # Qt turns the side of what is aligned only in documents.
    option.setAlignment(Qt.AlignmentFlag.AlignRight if begins_from_right(text) else Qt.AlignmentFlag.AlignLeft)
    laid.setTextOption(option)
    laid.setTextWidth(room.width())
    laid.prepare(QTransform(), font)
    return laid


def _fits(text: str, room: QSizeF, font: QFont, wrap: QTextOption.WrapMode) -> bool:
    metrics = QFontMetricsF(font)
    if len(text) * metrics.averageCharWidth() * metrics.height() > 2.5 * room.width() * room.height():
        return False  # far too much: not worth laying out
    size = _laid(text, room, font, wrap).size()
    return size.height() <= room.height() and size.width() <= room.width() + 0.5


def _cut(text: str, room: QSizeF, font: QFont, most: int) -> str:
    """So many lines at most; the last one ends in dots."""
    metrics = QFontMetricsF(font)
    lines: list[str] = []
    paragraphs = text.split("\n")
    for number, paragraph in enumerate(paragraphs):
        layout = QTextLayout(paragraph, font)
        layout.setTextOption(_option(_ANYWHERE))
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(room.width())
            start, stop = (_utf16(paragraph, at) for at in (line.textStart(), line.textStart() + line.textLength()))
            if len(lines) == most - 1 and (stop < len(paragraph) or number < len(paragraphs) - 1):
                rest = paragraph[start:] if stop < len(paragraph) else f"{paragraph[start:]} …"
                lines.append(_elided(rest, metrics, room.width()))
                return "\n".join(lines)
            lines.append(paragraph[start:stop])
        layout.endLayout()
    return "\n".join(lines)


def _elided(text: str, metrics: QFontMetricsF, width: float) -> str:
    elided = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
    return elided if elided.endswith("…") else f"{elided}…"


def _utf16(text: str, at: int) -> int:
    """The Python index of a position in UTF-16 units."""
    return at if text.isascii() else len(text.encode("utf-16-le")[: 2 * at].decode("utf-16-le", "ignore"))
