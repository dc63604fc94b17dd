"""TextFormats: attributes of the shared document as Qt's formats, and back.

Runs on the GUI thread. Every format that goes into a QTextDocument comes from here and carries, as properties, the
number of the attributes that it stands for. So reading a character's attributes is one look-up, whatever the theme
made of them; and typed text, whose format Qt copies from its neighbour, needs no translation. How formats look is in
`char_formats`, `line_formats` and `table_formats`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtGui import QFont, QTextBlockFormat, QTextCharFormat, QTextDocument, QTextFormat, QTextTableFormat

from cowrite.bridge.page.char_formats import char_format, embed_format
from cowrite.bridge.page.line_formats import INDENT_UNIT, begins_list, begins_page, line_format, line_style
from cowrite.bridge.page.points import pixels_per_point
from cowrite.bridge.page.table_formats import ROOM, table_format
from cowrite.bridge.page.text_look import TextLook
from cowrite.core.text.richtext import (
    DELETION,
    INSERTION,
    MARK,
    NO_ATTRIBUTES,
    PAGE_BREAK,
    RECORDS,
    Attributes,
    attributes_key,
    block_part,
    inline_part,
)
from cowrite.core.text.table import Table, row_id
from cowrite.core.writing.alone import stands_alone

_USER = QTextFormat.Property.UserProperty.value
INLINE = _USER + 1
"""Property of a character format: number of its inline attributes."""
EMBED = _USER + 2
"""Property of a character format: number of its embed, 0 for text."""
LINE = _USER + 3
"""Property of a block format: number of its block attributes."""
STYLE = _USER + 4
"""Property of a character format: the style of the line that it was made for."""

DRAWN = frozenset({"list", "blockquote", "code-block", PAGE_BREAK})
"""Block attributes for which the page draws something beside, behind or above the text."""

TAB = 4
"""From one place to which a tab leads to the next, as a multiple of the writing size."""

UNKNOWN = "#6b7280"
"""The colour of a change of which nobody knows who has suggested it."""


class _Numbers:
    """Gives equal mappings one number; 0 is the empty one."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {"": 0}
        self._values: list[Attributes] = [NO_ATTRIBUTES]

    def number(self, value: Mapping[str, Any]) -> int:
        if not value:
            return 0
        key = attributes_key(value)
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self._values)
            self._values.append(dict(value))
        return number

    def value(self, number: int) -> Attributes:
        return self._values[number] if 0 <= number < len(self._values) else NO_ATTRIBUTES


class TextFormats:
    """Formats in one look.

    Args:
        look: colours and type.
        drawn: called when `has_drawn_lines` comes true.
    """

    def __init__(self, look: TextLook, drawn: Callable[[], None] = lambda: None) -> None:
        self._look = look
        self._pixels = look.typography.size * pixels_per_point()
        self._inline = _Numbers()
        self._embeds = _Numbers()
        self._lines = _Numbers()
        self._chars: dict[tuple[int, int, int], QTextCharFormat] = {}
        self._blocks: dict[tuple[int, bool], QTextBlockFormat] = {}
        self._drawn = drawn
        self.shows_assists = True
        """Whether the assistant's text is marked; to be followed by `change_look`."""
        # Plain attributes: each key asks for some of them.
        self.is_plain = True
        """Whether no format that was ever asked for stands for attributes or for an embed."""
        self.has_marks = False
        """Whether any character format that was ever asked for is that of the assistant's text."""
        self.has_records = False
        """Whether any was that of the assistant's text or of a suggested change."""
        self.colour_of: Callable[[str], str] = lambda _id: ""
        """Gives the stored colour of who suggested the change of an id; empty where nobody knows."""
        self.has_drawn_lines = False
        """Whether any line was ever formatted that has something drawn beside, behind or above it: an item, a quote,
        code, the first line of a page."""
        self.has_tables = False
        """Whether any line was ever formatted that is a cell of a table."""
        self.table_room: float = ROOM
        """So many characters all columns of a table hold."""
        self.has_images = False
        """Whether a format was ever asked for that is an image's."""
        self.has_bounds = False
        """Whether any character format that was ever asked for is a link's, the assistant's or of what stands alone on
        its line: what is typed beside these is none of them."""

    @property
    def em(self) -> float:
        """The writing size in device-independent pixels."""
        return self._pixels

    def change_look(self, look: TextLook) -> None:
        """Takes another look; formats handed out before keep the old one until they are set anew."""
        self._look = look
        self._pixels = look.typography.size * pixels_per_point()
        self._chars.clear()
        self._blocks.clear()

    def dress(self, text: QTextDocument) -> None:
        """Gives a text that is to be shown in these formats what they build on: its font, and the widths of an indent
        and of a tab."""
        text.setIndentWidth(INDENT_UNIT * self._pixels)
        text.setDefaultFont(self.default_font())
        option = text.defaultTextOption()
        option.setTabStopDistance(TAB * self._pixels)
        text.setDefaultTextOption(option)

    def default_font(self) -> QFont:
        """The font of plain text."""
        font = QFont()
        font.setFamilies(list(self._look.typography.families))
        font.setPointSizeF(self._look.typography.size)
        return font

    def attributes(self, format: QTextCharFormat) -> Attributes:
        """The inline attributes that a character format stands for."""
        return self._inline.value(format.intProperty(INLINE))

    def embed(self, format: QTextCharFormat) -> Mapping[str, Any] | None:
        """The embed that a character format stands for, or None for text."""
        return self._embeds.value(format.intProperty(EMBED)) or None

    def line_attributes(self, format: QTextBlockFormat) -> Attributes:
        """The block attributes that a block format stands for."""
        return self._lines.value(format.intProperty(LINE))

    def char_format(
        self, attributes: Attributes, line: Attributes, embed: Mapping[str, Any] | None = None
    ) -> QTextCharFormat:
        """The format of characters or of an embed.

        Args:
            attributes: inline attributes; block attributes among them are ignored.
            line: block attributes of the line in which they stand.
            embed: the embed, or None for text.
        """
        inline = inline_part(attributes)
        key = (self._inline.number(inline), line_style(line), self._embeds.number(embed) if embed else 0)
        found = self._chars.get(key)
        if found is None:
            found = self._chars[key] = self._make_char_format(inline, key[1], embed)
            for name, number in zip((INLINE, STYLE, EMBED), key, strict=True):
                if number:
                    self.is_plain = False
                    found.setProperty(name, number)
        return found

    def line_format(self, attributes: Attributes, above: Attributes = NO_ATTRIBUTES) -> QTextBlockFormat:
        """The format of a line with these block attributes, below a line with those."""
        block = block_part(attributes)
        number = self._lines.number(block)
        typography, is_first = self._look.typography, begins_list(block, above)
        found = self._blocks.get((number, is_first))
        if found is None:
            found = self._blocks[number, is_first] = line_format(block, typography, self._pixels)
            if is_first and not begins_page(block):
                found.setTopMargin(typography.paragraph.before * self._pixels)
            if number:
                found.setProperty(LINE, number)
                self.is_plain = False
                self.has_tables = self.has_tables or bool(row_id(block))
            if not self.has_drawn_lines and not DRAWN.isdisjoint(block):
                self.has_drawn_lines = True
                self._drawn()
        return found

    def table_format(self, table: Table) -> QTextTableFormat:
        """The format of a table."""
        return table_format(table, self._look.quote_bar, self._pixels, self.table_room)

    def _make_char_format(self, inline: Attributes, style: int, embed: Mapping[str, Any] | None) -> QTextCharFormat:
        suggested = inline.get(DELETION) or inline.get(INSERTION)
        suggester = self._look.person(self.colour_of(str(suggested)) or UNKNOWN) if suggested else ""
        if embed is not None:
            self.has_images = self.has_images or "image" in embed
            self.has_bounds = self.has_bounds or stands_alone(embed)
            return embed_format(embed, inline, style, self._look, suggester)
        self.has_marks = self.has_marks or MARK in inline
        self.has_records = self.has_records or not RECORDS.isdisjoint(inline)
        self.has_bounds = self.has_bounds or self.has_records or isinstance(inline.get("link"), str)
        return char_format(inline, style, self._look, suggester, shows_assists=self.shows_assists)
