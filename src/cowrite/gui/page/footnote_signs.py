"""The signs in a text that refer to its footnotes: numbers above the line, counted from the beginning of the text.

Runs on the GUI thread. Until the first of them is laid out nothing is listened to and no key costs more.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from PySide6.QtCore import QObject, QPointF, QRect, QRectF, QSizeF
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPyTextObject,
    QTextBlock,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)

from cowrite.bridge.page.char_formats import FOOTNOTE_OBJECT
from cowrite.bridge.page.text_formats import TextFormats
from cowrite.core.text.footnotes import is_footnote, text_of
from cowrite.core.text.richtext import EMBED_CHARACTER, utf16_length
from cowrite.gui.look.theme import Theme

_SIZE = 0.7  # of the letters around
_RAISED = 0.38  # of the height of these above their base line
_TOLD = 400  # characters of a note that are shown under the pointer
_SHORT = 1000  # UTF-16 units that are looked at one by one
_BESIDE = 0.08  # of the writing size, free on each side


class FootnoteNumbers(QObject):
    """Where the footnotes of a shown text stand, and so which number each has.

    Args:
        text: as it is shown.
        renumbered: is called when footnotes have other numbers.
    """

    def __init__(self, text: QTextDocument, renumbered: Callable[[], object]) -> None:
        super().__init__(text)
        self._text = text
        self._renumbered = renumbered
        self._places: list[int] = []
        self._follows = False

    @property
    def places(self) -> list[int]:
        """Where the references stand, in order (UTF-16 units)."""
        return self._places

    def number(self, at: int) -> int:
        """The number of the footnote at a position, or of one that would come in there."""
        self.begin()
        return bisect_left(self._places, at) + 1

    def begin(self) -> None:
        """Counts them and follows the text from now on."""
        if not self._follows:
            self._follows = True
            self._places = self._found(0, self._text.characterCount())
            self._text.contentsChange.connect(self._follow)

    def _follow(self, at: int, removed: int, added: int) -> None:
        places = self._places
        first, last = bisect_left(places, at), bisect_left(places, at + removed)
        fresh = self._found(at, at + added)
        if first == len(places) and not fresh:
            return
        places[first:] = [*fresh, *(place + added - removed for place in places[last:])]
        more = len(fresh) - (last - first)
        if not more:
            return
        for number in range(first + len(fresh) + 1, len(places) + 1):
            if len(str(number)) != len(str(number - more)):  # it takes another width
                self._text.markContentsDirty(places[number - 1], 1)
        self._renumbered()

    def _found(self, start: int, stop: int) -> list[int]:
        """The places between two positions."""
        # By fragments: the first are asked for while Qt lays out their line, and to put a cursor anywhere would have it
        # lay out lines meanwhile, that one too.
        found: list[int] = []
        signs, behind = set[int](), 0
        for at in self._embeds(start, min(stop, self._text.characterCount() - 1)):
            if at >= behind:
                block = self._text.findBlock(at)
                signs, behind = _signs_in(block), block.position() + block.length()
            if at in signs:
                found.append(at)
        return found

    def _embeds(self, start: int, stop: int) -> list[int]:
        """Where embeds stand between two positions."""
        if stop - start > _SHORT:
            at, found = 0, list[int]()
            for text in self._text.toRawText().split(EMBED_CHARACTER)[:-1]:
                at += utf16_length(text)
                found.append(at)
                at += 1
            if all(self._text.characterAt(at) == EMBED_CHARACTER for at in found):  # PySide leaves some letters out
                return [at for at in found if start <= at < stop]
        return [at for at in range(start, stop) if self._text.characterAt(at) == EMBED_CHARACTER]


def _signs_in(block: QTextBlock) -> set[int]:
    """Where a line has what is a footnote, or was typed beside one."""
    found: set[int] = set()
    iterator = block.begin()
    while not iterator.atEnd():
        fragment = iterator.fragment()
        if fragment.charFormat().objectType() == FOOTNOTE_OBJECT:
            found |= set(range(fragment.position(), fragment.position() + fragment.length()))
        iterator += 1
    return found


class FootnoteObject(QPyTextObject):
    """The number of a footnote.

    Args:
        theme: how it looks.
        formats: gives the embed and the type of the page.
        numbers: gives the number.
        parent: the document in which it is.
    """

    def __init__(self, theme: Theme, formats: TextFormats, numbers: FootnoteNumbers, parent: QTextDocument) -> None:
        super().__init__(parent)
        self.theme = theme
        self.needed: Callable[[], None] = lambda: None
        """Is called when one is laid out, which in most documents never happens."""
        self._formats = formats
        self._numbers = numbers
        self._text = parent

    def embed(self, at: int) -> Mapping[str, Any] | None:
        """The footnote whose reference is the character behind a position; None for none."""
        if not 0 <= at < self._text.characterCount() - 1:
            return None
        cursor = QTextCursor(self._text)
        cursor.setPosition(at + 1)
        embed = self._formats.embed(cursor.charFormat())
        return embed if is_footnote(embed) else None

    def told(self, at: int) -> str:
        """Number and words of the footnote at a position, to be shown under the pointer; empty for none."""
        embed = self.embed(at)
        if embed is None:
            return ""
        words = text_of(embed)
        shown = words if len(words) <= _TOLD else f"{words[:_TOLD].rstrip()}…"
        return f"<p>{escape(f'{self._numbers.number(at)}  {shown}')}</p>"  # which is wrapped, and none of it is markup

    def intrinsicSize(self, document: QTextDocument, position: int, format: QTextFormat) -> QSizeF:
        """Its size: no higher than the letters around, so that its line stays where it is."""
        self.needed()
        font = self._font(format)
        height = QFontMetricsF(font).height()
        font.setPointSizeF(font.pointSizeF() * _SIZE)
        digits = QFontMetricsF(font).horizontalAdvance(str(self._numbers.number(position)))
        return QSizeF(digits + 2 * _BESIDE * self._formats.em, height)

    def drawObject(
        self, painter: QPainter, rect: QRectF | QRect, document: QTextDocument, position: int, format: QTextFormat
    ) -> None:
        """Draws it; one that is suggested in the colour of who suggests it, underlined or struck out."""
        font, shown = self._font(format), format.toCharFormat()
        around = QFontMetricsF(font)
        base = QRectF(rect).bottom() - around.descent() - _RAISED * around.ascent()
        font.setPointSizeF(font.pointSizeF() * _SIZE)
        colour = QColor(self.theme.link)
        if shown.hasProperty(QTextFormat.Property.ForegroundBrush.value):
            colour = shown.foreground().color()
            font.setStrikeOut(shown.fontStrikeOut())
            font.setUnderline(not shown.fontStrikeOut())
        painter.setFont(font)
        painter.setPen(colour)
        place = QPointF(QRectF(rect).left() + _BESIDE * self._formats.em, base)
        painter.drawText(place, str(self._numbers.number(position)))

    def _font(self, format: QTextFormat) -> QFont:
        """The font of the letters around."""
        font, shown = self._formats.default_font(), format.toCharFormat()
        if shown.hasProperty(QTextFormat.Property.FontPointSize.value):
            font.setPointSizeF(shown.fontPointSize())
        return font
