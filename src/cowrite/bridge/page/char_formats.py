"""How characters and embeds look on a page: their font, their lines and their colours.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtGui import QBrush, QColor, QFont, QTextCharFormat, QTextFormat

from cowrite.bridge.page.line_formats import CODE, QUOTE, block_look
from cowrite.bridge.page.text_look import TextLook, TextTypography
from cowrite.core.text.footnotes import is_footnote
from cowrite.core.text.richtext import DELETION, INSERTION, MARK, NO_ATTRIBUTES, Attributes
from cowrite.core.writing.typeface import WRITING_SIZE, points

DIVIDER_OBJECT = QTextFormat.ObjectTypes.UserObject.value + 1
"""Object type of a divider; the editor registers what draws it."""
IMAGE_OBJECT = QTextFormat.ObjectTypes.UserObject.value + 2
"""Object type of an image; the editor registers what draws it."""
DECISION_OBJECT = QTextFormat.ObjectTypes.UserObject.value + 3
"""Object type of a decision; the editor registers what draws it."""
FOOTNOTE_OBJECT = QTextFormat.ObjectTypes.UserObject.value + 4
"""Object type of a footnote's reference; the editor registers what draws it."""

_SCRIPTS = {"super": "AlignSuperScript", "sub": "AlignSubScript"}
"""Qt's words for them, which few need: PySide makes what they are of when it is first named."""


def char_format(
    inline: Attributes, style: int, look: TextLook, suggester: str, *, shows_assists: bool
) -> QTextCharFormat:
    """The format of characters.

    Args:
        inline: their attributes.
        style: of their line, see `line_style`.
        look: colours and type.
        suggester: the colour of who has suggested them, or that they go; empty where nobody has.
        shows_assists: whether the assistant's text is marked.
    """
    # What is as the page has it anyway is left out: Qt draws a format faster the less it says.
    shown = QTextCharFormat()
    _set_font(shown, inline, style, look)
    if inline.get("strike") or inline.get(DELETION):
        shown.setFontStrikeOut(True)
    if isinstance(inline.get("link"), str):
        shown.setAnchor(True)
        shown.setAnchorHref(inline["link"])
    is_underlined = bool(inline.get("underline") or inline.get("link") or inline.get(INSERTION))
    if is_underlined:
        shown.setFontUnderline(True)
    if inline.get("code"):
        shown.setBackground(QBrush(QColor(look.code_background)))
    if shows_assists and inline.get(MARK):
        _mark_assist(shown, QColor(look.assist), is_underlined=is_underlined)
    if _is_colour(inline.get("background")):
        shown.setBackground(QBrush(QColor(look.wash(inline["background"]))))
    colour = suggester or _colour(inline, style, look)
    if colour != look.text:
        shown.setForeground(QBrush(QColor(colour)))
    return shown


def embed_format(
    embed: Mapping[str, Any], inline: Attributes, style: int, look: TextLook, suggester: str
) -> QTextCharFormat:
    """The format of an embed; see `char_format`."""
    shown = QTextCharFormat()
    if suggester:  # for what draws it
        shown.setForeground(QBrush(QColor(suggester)))
        shown.setFontStrikeOut(bool(inline.get(DELETION)))
    shown.setObjectType(_object_type(embed))
    shown.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignBaseline)
    size = _size(inline, block_look(style, NO_ATTRIBUTES, look.typography).scale, look.typography)
    if is_footnote(embed) and size != look.typography.size:
        shown.setFontPointSize(size)
    return shown


def _object_type(embed: Mapping[str, Any]) -> int:
    if "divider" in embed:
        return DIVIDER_OBJECT
    if is_footnote(embed):
        return FOOTNOTE_OBJECT
    return DECISION_OBJECT if "decision" in embed else IMAGE_OBJECT


def _set_font(shown: QTextCharFormat, inline: Attributes, style: int, look: TextLook) -> None:
    """Sets what of a format is the font's."""
    typography = look.typography
    block = block_look(style, NO_ATTRIBUTES, typography)
    is_heading = 1 <= style <= 6
    scale = block.scale
    if style == CODE or inline.get("code"):
        shown.setFontFamilies(list(typography.code_families))
        shown.setFontFixedPitch(True)
    if inline.get("code"):
        scale *= typography.inline_code_scale
    if inline.get("bold"):
        shown.setFontWeight(max(block.weight, 800) if is_heading else QFont.Weight.Bold)
    elif is_heading:
        shown.setFontWeight(block.weight)
    if inline.get("italic"):
        shown.setFontItalic(True)
    if isinstance(inline.get("font"), str):
        shown.setFontFamilies(list(typography.families_of(inline["font"])))
    script = _SCRIPTS.get(str(inline.get("script")))
    if script is not None:
        shown.setVerticalAlignment(QTextCharFormat.VerticalAlignment[script])
    size = _size(inline, scale, typography)
    if size != typography.size:
        shown.setFontPointSize(size)


def _colour(inline: Attributes, style: int, look: TextLook) -> str:
    """The colour of characters of which nothing is suggested."""
    if _is_colour(inline.get("color")):
        return look.ink(inline["color"])
    if isinstance(inline.get("link"), str):
        return look.link
    if inline.get("code") or style == CODE:
        return look.code_text
    return look.quote_text if style == QUOTE else look.text


def _mark_assist(shown: QTextCharFormat, colour: QColor, *, is_underlined: bool) -> None:
    """Marks text that came from a language model: dots below it, or a veil behind it where a line is there already."""
    if is_underlined:
        colour.setAlpha(36)
        shown.setBackground(QBrush(colour))
    else:
        shown.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
        shown.setUnderlineColor(colour)


def _size(inline: Attributes, scale: float, typography: TextTypography) -> float:
    """The size in points of letters on the page.

    Args:
        inline: their attributes.
        scale: what they have without a size of their own, as a multiple of the writing size.
        typography: type for the page.
    """
    own = points(inline.get("size"), WRITING_SIZE * scale) if "size" in inline else None
    return typography.size * (scale if own is None else own / WRITING_SIZE)


def _is_colour(value: Any) -> bool:
    return isinstance(value, str) and QColor.isValidColorName(value)
