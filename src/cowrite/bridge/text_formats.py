"""TextFormats: attributes of the shared document as Qt's formats, and back.

Runs on the GUI thread. Every format that goes into a QTextDocument comes from here and carries, as properties, the
number of the attributes that it stands for. So reading a character's attributes is one look-up, whatever the theme
made of them; and typed text, whose format Qt copies from its neighbour, needs no translation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontMetricsF,
    QTextBlockFormat,
    QTextCharFormat,
    QTextDocument,
    QTextFormat,
    QTextOption,
    QTextTableFormat,
)

from cowrite.bridge.table_formats import ROOM, table_format
from cowrite.bridge.text_look import BlockLook, TextLook
from cowrite.core.alone import stands_alone
from cowrite.core.direction import LTR, RTL, stated_direction
from cowrite.core.footnotes import is_footnote
from cowrite.core.line import depth, list_kind, stated_number
from cowrite.core.richtext import (
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
from cowrite.core.table import Table, row_id

_USER = QTextFormat.Property.UserProperty.value
INLINE = _USER + 1
"""Property of a character format: number of its inline attributes."""
EMBED = _USER + 2
"""Property of a character format: number of its embed, 0 for text."""
LINE = _USER + 3
"""Property of a block format: number of its block attributes."""
STYLE = _USER + 4
"""Property of a character format: the style of the line that it was made for."""

DIVIDER_OBJECT = QTextFormat.ObjectTypes.UserObject.value + 1
"""Object type of a divider; the editor registers what draws it."""
IMAGE_OBJECT = QTextFormat.ObjectTypes.UserObject.value + 2
"""Object type of an image; the editor registers what draws it."""
DECISION_OBJECT = QTextFormat.ObjectTypes.UserObject.value + 3
"""Object type of a decision; the editor registers what draws it."""
FOOTNOTE_OBJECT = QTextFormat.ObjectTypes.UserObject.value + 4
"""Object type of a footnote's reference; the editor registers what draws it."""

DRAWN = frozenset({"list", "blockquote", "code-block", PAGE_BREAK})
"""Block attributes for which the page draws something beside, behind or above the text."""

PAGE_BREAK_ROOM = 2.4
"""How much room there is for the rule above a line that begins a page, as a multiple of the writing size."""

CELL_LINE = 1.65
"""How far apart the lines of a cell are at most, as a multiple of the writing size: Qt leaves all that is more than the
letters need above them, and they would stand low in their cell."""

INDENT_UNIT = 0.1
"""What Qt counts indents in here, as a multiple of the writing size."""

TAB = 4
"""From one place to which a tab leads to the next, as a multiple of the writing size."""

PIXELS_PER_POINT = 96 / 72
"""Device-independent pixels per point, for indents and spaces."""

CODE_TABS = 40
"""So many tabs in a line of code stand where they should; no more are told to Qt."""

UNKNOWN = "#6b7280"
"""The colour of a change of which nobody knows who has suggested it."""

PLAIN, CODE, QUOTE = 0, 7, 8
"""Styles of a line that change its characters; 1 to 6 are headings."""


_SIZE = re.compile(r"(\d{1,4}(?:\.\d{1,4})?)(pt|px|em)", re.ASCII)
_ALIGNMENTS = {
    "center": Qt.AlignmentFlag.AlignHCenter,
    # Qt turns sides around where a line is read from right to left; these are the sides of the page.
    "left": Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute,
    "right": Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute,
    "justify": Qt.AlignmentFlag.AlignJustify,
}
_DIRECTIONS = {RTL: Qt.LayoutDirection.RightToLeft, LTR: Qt.LayoutDirection.LeftToRight}


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
        self._pixels = look.typography.size * PIXELS_PER_POINT
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
        self._pixels = look.typography.size * PIXELS_PER_POINT
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
        begins_list = "list" in block and "list" in above and _begins_list(block, above)
        found = self._blocks.get((number, begins_list))
        if found is None:
            found = self._blocks[number, begins_list] = self._make_line_format(block)
            if begins_list and not _begins_page(block):
                found.setTopMargin(self._look.typography.paragraph.before * self._pixels)
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

    def _line_look(self, style: int, line: Attributes) -> BlockLook:
        typography = self._look.typography
        if 1 <= style <= 6:
            return typography.heading(style)
        if style == CODE:
            return typography.code
        if style == QUOTE:
            return typography.quote
        return typography.list_item if "list" in line else typography.paragraph

    def _make_char_format(self, inline: Attributes, style: int, embed: Mapping[str, Any] | None) -> QTextCharFormat:
        look, typography = self._look, self._look.typography
        suggested = inline.get(DELETION) or inline.get(INSERTION)
        suggester = look.person(self.colour_of(str(suggested)) or UNKNOWN) if suggested else ""
        if embed is not None:
            shown = QTextCharFormat()
            if suggested:  # for what draws it
                shown.setForeground(QBrush(QColor(suggester)))
                shown.setFontStrikeOut(bool(inline.get(DELETION)))
            shown.setObjectType(_object_type(embed))
            self.has_bounds = self.has_bounds or stands_alone(embed)
            self.has_images = self.has_images or "image" in embed
            shown.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignBaseline)
            if is_footnote(embed) and (scale := self._line_look(style, NO_ATTRIBUTES).scale) != 1:
                shown.setFontPointSize(typography.size * scale)
            return shown
        self.has_marks = self.has_marks or MARK in inline
        self.has_records = self.has_records or not RECORDS.isdisjoint(inline)
        self.has_bounds = self.has_bounds or self.has_records
        shown = QTextCharFormat()
        block = self._line_look(style, NO_ATTRIBUTES)
        size = typography.size * block.scale
        colour = look.text
        if style == CODE:
            shown.setFontFamilies(list(typography.code_families))
            shown.setFontFixedPitch(True)
            colour = look.code_text
        elif style == QUOTE:
            colour = look.quote_text
        elif 1 <= style <= 6:
            shown.setFontWeight(block.weight)
        if inline.get("code"):
            shown.setFontFamilies(list(typography.code_families))
            shown.setFontFixedPitch(True)
            shown.setBackground(QBrush(QColor(look.code_background)))
            size *= typography.inline_code_scale
            colour = look.code_text
        if inline.get("bold"):
            shown.setFontWeight(QFont.Weight.Bold if style not in range(1, 7) else max(block.weight, 800))
        if inline.get("italic"):
            shown.setFontItalic(True)
        if inline.get("strike") or inline.get(DELETION):
            shown.setFontStrikeOut(True)
        if isinstance(inline.get("font"), str):
            shown.setFontFamilies([inline["font"], *typography.families])
        if isinstance(inline.get("link"), str):
            shown.setAnchor(True)
            self.has_bounds = True
            shown.setAnchorHref(inline["link"])
            colour = look.link
        is_underlined = bool(inline.get("underline") or inline.get("link") or inline.get(INSERTION))
        if is_underlined:
            shown.setFontUnderline(True)
        if self.shows_assists and inline.get(MARK):
            _mark_assist(shown, QColor(look.assist), is_underlined=is_underlined)
        script = {"super": "AlignSuperScript", "sub": "AlignSubScript"}.get(str(inline.get("script")))
        if script:
            shown.setVerticalAlignment(QTextCharFormat.VerticalAlignment[script])
        if _is_colour(inline.get("color")):
            colour = look.ink(inline["color"])
        if _is_colour(inline.get("background")):
            shown.setBackground(QBrush(QColor(look.wash(inline["background"]))))
        if suggested:
            colour = suggester
        # What is as the page has it anyway is left out: Qt draws a format faster the less it says.
        if colour != look.text:
            shown.setForeground(QBrush(QColor(colour)))
        size = _own_size(inline.get("size"), size)
        if size != typography.size:
            shown.setFontPointSize(size)
        return shown

    def _make_line_format(self, block: Attributes) -> QTextBlockFormat:
        typography, em = self._look.typography, self._pixels
        style = line_style(block)
        shown = self._line_look(style, block)
        format = QTextBlockFormat()
        if not row_id(block):  # a cell has its own room around its words
            format.setTopMargin((shown.before + (PAGE_BREAK_ROOM if _begins_page(block) else 0)) * em)
            format.setBottomMargin(shown.after * em)
        # At least so much, whatever the font, and not a multiple of what stands in the line: that would leave half an
        # image's height empty below it, and set a line with an emoji apart.
        line = min(shown.line, CELL_LINE) if row_id(block) else shown.line
        format.setLineHeight(line * shown.scale * em, QTextBlockFormat.LineHeightTypes.MinimumHeight.value)
        inset = depth(block) * typography.list_indent
        if "list" in block:
            inset += typography.list_indent
        elif style == QUOTE:
            inset += typography.quote_indent
        elif style == CODE:
            inset += typography.code_indent
        # Here too: Qt looks through all that a format says for each thing that it asks of it, several times a line.
        if inset:
            # An indent and not a margin: Qt puts it where the line begins, which may be on the right.
            format.setIndent(round(inset / INDENT_UNIT))
        if style == CODE:
            format.setTabPositions(self._code_tabs(typography.size * shown.scale))
        if 1 <= style <= 6:
            format.setHeadingLevel(style)
        if stated := stated_direction(block):
            format.setLayoutDirection(_DIRECTIONS[stated])
        alignment = _ALIGNMENTS.get(str(block.get("align")))
        if alignment is not None:
            format.setAlignment(alignment)
        return format

    def _code_tabs(self, size: float) -> list[QTextOption.Tab]:
        """Where tabs lead in code: to each fourth character, as in an editor of programs."""
        font = QFont()
        font.setFamilies(list(self._look.typography.code_families))
        font.setFixedPitch(True)
        font.setPixelSize(1000)
        step = 4 * QFontMetricsF(font).horizontalAdvance("0") / 1000 * size * self._pixels / self._look.typography.size
        left = QTextOption.TabType.LeftTab
        return [QTextOption.Tab(step * number, left) for number in range(1, CODE_TABS)]


def _object_type(embed: Mapping[str, Any]) -> int:
    if "divider" in embed:
        return DIVIDER_OBJECT
    if is_footnote(embed):
        return FOOTNOTE_OBJECT
    return DECISION_OBJECT if "decision" in embed else IMAGE_OBJECT


def _mark_assist(shown: QTextCharFormat, colour: QColor, *, is_underlined: bool) -> None:
    """Marks text that came from a language model: dots below it, or a veil behind it where a line is there already."""
    if is_underlined:
        colour.setAlpha(36)
        shown.setBackground(QBrush(colour))
    else:
        shown.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
        shown.setUnderlineColor(colour)


def _begins_page(line: Attributes) -> bool:
    return bool(line.get(PAGE_BREAK)) and not row_id(line)


def _begins_list(line: Attributes, above: Attributes) -> bool:
    """Whether an item is the first of a list right behind another list, of other marks or other numbers."""
    kinds = {list_kind(line), list_kind(above)}
    is_another = (len(kinds) > 1 and kinds != {"checked", "unchecked"}) or stated_number(line) is not None
    return is_another and depth(line) == depth(above)


def line_style(line: Attributes) -> int:
    """What a line's block attributes do to its characters: PLAIN, 1 to 6 for a heading, CODE or QUOTE."""
    level = line.get("header")
    if isinstance(level, int) and 1 <= level <= 6:
        return level
    if line.get("code-block"):
        return CODE
    return QUOTE if line.get("blockquote") else PLAIN


def _own_size(wanted: Any, size: float) -> float:
    """The size in points of text with a `size` attribute, within reason; `size` where it has none.

    Args:
        wanted: Quill's small, large or huge, or a number with pt, px or em.
        size: what the text has without it, in points.
    """
    factor = {"small": 0.75, "large": 1.5, "huge": 2.5}.get(str(wanted))
    if factor is not None:
        return size * factor
    match = _SIZE.fullmatch(wanted) if isinstance(wanted, str) else None
    if match is None:
        return size
    points = float(match[1]) * {"pt": 1.0, "px": 0.75, "em": size}[match[2]]
    return min(max(points, 4.0), 144.0)


def _is_colour(value: Any) -> bool:
    return isinstance(value, str) and QColor.isValidColorName(value)
