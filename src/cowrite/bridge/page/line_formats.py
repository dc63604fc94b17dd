"""How a line looks on a page: its room, its lines, and where it begins.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetricsF, QTextBlockFormat, QTextOption

from cowrite.bridge.page.text_look import BlockLook, TextTypography
from cowrite.core.text.direction import LTR, RTL, stated_direction
from cowrite.core.text.richtext import PAGE_BREAK, Attributes
from cowrite.core.text.table import row_id
from cowrite.core.writing.line import depth, list_kind, stated_number

PAGE_BREAK_ROOM = 2.4
"""How much room there is for the rule above a line that begins a page, as a multiple of the writing size."""

CELL_LINE = 1.4
"""How far apart the lines of a cell are at most, as a multiple of the writing size: Qt leaves all that is more than the
letters need above them, and they would stand low in their cell."""

INDENT_UNIT = 0.1
"""What Qt counts indents in here, as a multiple of the writing size."""

CODE_TABS = 40
"""So many tabs in a line of code stand where they should; no more are told to Qt."""

PLAIN, CODE, QUOTE = 0, 7, 8
"""Styles of a line that change its characters; 1 to 6 are headings."""

_ALIGNMENTS = {
    "center": Qt.AlignmentFlag.AlignHCenter,
    # Qt turns sides around where a line is read from right to left; these are the sides of the page.
    "left": Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute,
    "right": Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute,
    "justify": Qt.AlignmentFlag.AlignJustify,
}
_DIRECTIONS = {RTL: Qt.LayoutDirection.RightToLeft, LTR: Qt.LayoutDirection.LeftToRight}


def line_style(line: Attributes) -> int:
    """What a line's block attributes do to its characters: PLAIN, 1 to 6 for a heading, CODE or QUOTE."""
    level = line.get("header")
    if isinstance(level, int) and 1 <= level <= 6:
        return level
    if line.get("code-block"):
        return CODE
    return QUOTE if line.get("blockquote") else PLAIN


def block_look(style: int, line: Attributes, typography: TextTypography) -> BlockLook:
    """How a line of a style, with these block attributes, is set."""
    if 1 <= style <= 6:
        return typography.heading(style)
    if style == CODE:
        return typography.code
    if style == QUOTE:
        return typography.quote
    return typography.list_item if "list" in line else typography.paragraph


def begins_page(line: Attributes) -> bool:
    """Whether a page begins with a line, which is no cell."""
    return bool(line.get(PAGE_BREAK)) and not row_id(line)


def begins_list(line: Attributes, above: Attributes) -> bool:
    """Whether a line is the first item of a list right behind another list, of other marks or other numbers."""
    if "list" not in line or "list" not in above:
        return False
    kinds = {list_kind(line), list_kind(above)}
    is_another = (len(kinds) > 1 and kinds != {"checked", "unchecked"}) or stated_number(line) is not None
    return is_another and depth(line) == depth(above)


def line_format(line: Attributes, typography: TextTypography, em: float) -> QTextBlockFormat:
    """The format of a line.

    Args:
        line: its block attributes.
        typography: type for the page.
        em: the writing size in device-independent pixels.
    """
    style = line_style(line)
    look = block_look(style, line, typography)
    format = QTextBlockFormat()
    if not row_id(line):  # a cell has its own room around its words
        format.setTopMargin((look.before + (PAGE_BREAK_ROOM if begins_page(line) else 0)) * em)
        format.setBottomMargin(look.after * em)
    # At least so much, whatever the font, and not a multiple of what stands in the line: that would leave half an
    # image's height empty below it, and set a line with an emoji apart.
    height = min(look.line, CELL_LINE) if row_id(line) else look.line
    format.setLineHeight(height * look.scale * em, QTextBlockFormat.LineHeightTypes.MinimumHeight.value)
    # Here as for characters: Qt looks through all that a format says for each thing that it asks of it, several times a
    # line.
    if inset := _inset(line, style, typography):
        # An indent and not a margin: Qt puts it where the line begins, which may be on the right.
        format.setIndent(round(inset / INDENT_UNIT))
    if style == CODE:
        format.setTabPositions(_code_tabs(typography, em * look.scale))
    if 1 <= style <= 6:
        format.setHeadingLevel(style)
    if stated := stated_direction(line):
        format.setLayoutDirection(_DIRECTIONS[stated])
    alignment = _ALIGNMENTS.get(str(line.get("align")))
    if alignment is not None:
        format.setAlignment(alignment)
    return format


def _inset(line: Attributes, style: int, typography: TextTypography) -> float:
    """How far in a line begins, as a multiple of the writing size."""
    inset = depth(line) * typography.list_indent
    if "list" in line:
        return inset + typography.list_indent
    return inset + {QUOTE: typography.quote_indent, CODE: typography.code_indent}.get(style, 0)


def _code_tabs(typography: TextTypography, size: float) -> list[QTextOption.Tab]:
    """Where tabs lead in code whose letters have a size (device-independent pixels): to each fourth character, as in an
    editor of programs."""
    font = QFont()
    font.setFamilies(list(typography.code_families))
    font.setFixedPitch(True)
    font.setPixelSize(1000)
    step = 4 * QFontMetricsF(font).horizontalAdvance("0") / 1000 * size
    left = QTextOption.TabType.LeftTab
    return [QTextOption.Tab(step * number, left) for number in range(1, CODE_TABS)]
