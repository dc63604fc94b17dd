"""A document as it is set on paper and in PDF; `open_document` writes it as OpenDocument.

Runs on the GUI thread. Qt reads HTML and lays it out; here is what the type looks like, that pictures fit on the page,
and what Qt does not read: indents in points, marked text.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from typing import cast

from PySide6.QtCore import QLocale, QSizeF, QUrl
from PySide6.QtGui import (
    QFont,
    QTextBlock,
    QTextBlockFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextList,
    QTextListFormat,
)

from cowrite.app.paper.footnotes import without_leads
from cowrite.bridge.page.long_words import LongWords
from cowrite.convert.html.writer import ROW
from cowrite.convert.page_size import A4, LETTER, PageSize
from cowrite.convert.values import MARK_COLOUR
from cowrite.core.text.footnotes import embed_of, footnote_of
from cowrite.core.text.richtext import NO_ATTRIBUTES, Attributes, Line, Span
from cowrite.core.writing.typeface import FONTS_OF_FILES, WRITING_SIZE, points, usual_points

INDENT = 24.0  # device-independent pixels
MARGIN = 20.1  # millimetres that Qt leaves at each side of a page, and a hair
PIXELS = 96 / 25.4  # device-independent ones, in a millimetre
LETTER_SIZE = frozenset(
    {
        *(QLocale.Country.Belize, QLocale.Country.Canada, QLocale.Country.Chile, QLocale.Country.Colombia),
        *(QLocale.Country.CostaRica, QLocale.Country.ElSalvador, QLocale.Country.Guatemala, QLocale.Country.Mexico),
        *(QLocale.Country.Nicaragua, QLocale.Country.Panama, QLocale.Country.Philippines, QLocale.Country.PuertoRico),
        *(QLocale.Country.UnitedStates, QLocale.Country.Venezuela),
    }
)
"""Where pages are as large as a letter: "US-Letter" among the paper sizes of CLDR's territories."""
LOOK = """
p { margin-top: 0px; margin-bottom: 9px; line-height: 130%; }
li { margin-top: 0px; margin-bottom: 2px; line-height: 120%; }
h1 { font-size: 22pt; margin-top: 22px; margin-bottom: 10px; }
h2 { font-size: 17pt; margin-top: 20px; margin-bottom: 8px; }
h3 { font-size: 14pt; margin-top: 17px; margin-bottom: 7px; }
h4 { font-size: 12pt; margin-top: 14px; margin-bottom: 6px; }
h5 { font-size: 11pt; margin-top: 14px; margin-bottom: 6px; }
h6 { font-size: 10pt; margin-top: 14px; margin-bottom: 6px; }
table { margin-top: 4px; margin-bottom: 9px; }
pre { background-color: #f2f2ef; }
pre, code { font-size: 9.5pt; }
a { color: #2f5fd0; }
"""
QUOTED = "#55585f"
"""The colour of quotations."""
_QUOTATIONS = f"blockquote p {{ color: {QUOTED}; font-style: italic; }}"
_BARE_LINKS = "a { text-decoration: none; }"
_NOTHING = "\U0010fff4"
"""Stands on empty lines while Qt reads the HTML, for it would take some of them for two and others for none."""
_NEW_PAGE = "\U0010fff5"
"""Stands before the first of lines of code that begin a page, while Qt reads the HTML: each of them would begin one."""
_PAGE_OF_CODE = re.compile(r"(<pre\b[^<>]*)page-break-before:always;?([^<>]*><code>)")
_EMPTY_LINE = re.compile(
    r"<(p|li|h[1-6]|t[dh])([^<>]*)>(?:<br>)?(?=</\1>)"
    r"|<(li)([^<>]*)><br>(?=\n?<(?:[uo]l|p|pre|table|blockquote|h[1-6])\b)"
)
_BREAK_FOR_BROWSERS = re.compile("<br>(?=</t[dh]>)")
"""Behind a line break that ends a cell; a browser shows no line below the last one, and Qt does."""
_CODE = re.compile(r"(<pre\b[^<>]*><code>)(.*?)\n(?=</code></pre>)", re.DOTALL)
_NARROW_TABLE = re.compile(r"<table(?![^<>]*\bwidth=)")
"""A table that elsewhere is as wide as what is in it; on the page it is as wide as the text."""
_LANGUAGE = re.compile(r'(<pre\b[^<>]*) data-language="')
_BULLETS = (QTextListFormat.Style.ListDisc, QTextListFormat.Style.ListCircle, QTextListFormat.Style.ListSquare)
_MARGIN = re.compile(r"(<(?:p|h\d|pre)\b[^<>]*\bmargin-left:)([0-9.]+)pt")
_LEFT_SIDE = re.compile(r'(<[a-z1-6]+ dir="rtl"[^<>]*\btext-align:)left')
"""Where a line stands that is read from the right: Qt turns the side around."""

_JUSTIFIED = re.compile(r"(<[a-z1-6]+)(?= [^<>]*\btext-align:justify)")
"""Qt knows no such side in a style."""
_OUTER_ITEM = re.compile(r'(<li\b[^<>]*) style="list-style-type:none"(?=><[uo]l\b)')
"""An item that is there only because the list within it is deeper; Qt would take the marks from the items of that."""
_TAG_OR_BLANKS = re.compile("<[^<>]*>|([\u1680\u2000-\u200a\u202f\u205f\u3000]+)")
"""Blanks of a width of their own, such as those of Chinese and Japanese, and the narrow ones of French: browsers leave
them as they are, and Qt takes them for common ones."""


def usual_size() -> PageSize:
    """How large pages are where this computer is, as its system says; LC_PAPER counts before the rest of it."""
    named = os.environ.get("LC_ALL") or os.environ.get("LC_PAPER")
    place = QLocale(named).territory() if named else QLocale.system().territory()
    return LETTER if place in LETTER_SIZE else A4


def room_on(size: PageSize) -> QSizeF:
    """What there is within the margins of a page, in device-independent pixels."""
    return QSizeF(size.width - 2 * MARGIN, size.height - 2 * MARGIN) * PIXELS


def with_plain_letters(lines: Iterable[Line]) -> list[Line]:
    """The same lines with letters as Qt reads them and other programs know them: sizes in points, fonts by name."""
    return [Line(tuple(_plain(span, line.attributes) for span in line.spans), line.attributes) for line in lines]


def _plain(span: Span, line: Attributes) -> Span:
    look, embed = dict(span.attributes), span.embed
    usual = usual_points(line, is_code=bool(look.get("code")))
    if (size := points(look.get("size"), usual)) is not None:
        look["size"] = f"{size:.4g}pt"
    if isinstance(font := look.get("font"), str):
        look["font"] = FONTS_OF_FILES.get(font, font)
    if words := footnote_of(embed):
        embed = embed_of(_plain(each, NO_ATTRIBUTES) for each in words)
    return Span(span.text, look, embed)


def laid_out(body: str, room: QSizeF | None = None, *, for_open_document: bool = False) -> QTextDocument:
    """The HTML of a document, set.

    Args:
        body: what stands in the body of its page, with pictures as `data:` addresses.
        room: within the margins of a page, in device-independent pixels; no picture is larger. None for a page of the
            usual size.
        for_open_document: whether it is to be written as that: quotations and links have the name of a style, not its
            look, and what stands below an item stands in as far as its words do elsewhere.
    """
    font = QFont()
    # Qt finds a font of emoji by itself; one that is named draws ☑ and ☎ too, as pictures that no reader of PDF reads.
    font.setFamilies([family for family in font.families() if "Emoji" not in family])
    font.setPointSizeF(WRITING_SIZE)
    shown = QTextDocument()
    shown.setDefaultFont(font)
    shown.setIndentWidth(INDENT)
    shown.setDefaultStyleSheet(f"{LOOK}{_BARE_LINKS if for_open_document else _QUOTATIONS}")
    body = without_leads(body).rstrip("\n")  # which would be a blank
    body = _NARROW_TABLE.sub('<table width="100%"', body)
    body = _LANGUAGE.sub(r'\1 class="language-', body)
    body = _EMPTY_LINE.sub(lambda found: f"<{found[1] or found[3]}{found[2] or found[4] or ''}>{_NOTHING}", body)
    body = _BREAK_FOR_BROWSERS.sub("", body)
    body = _CODE.sub(_with_all_lines, body)
    body = _PAGE_OF_CODE.sub(rf"\1\2{_NEW_PAGE}", body)
    body = body.replace("<mark>", f'<span style="background-color:{MARK_COLOUR}">').replace("</mark>", "</span>")
    body = _MARGIN.sub(lambda found: f"{found[1]}{float(found[2]) * 96 / 72:g}px", body)
    body = _JUSTIFIED.sub(r'\1 align="justify"', _LEFT_SIDE.sub(r"\1right", body))
    body = body.replace(ROW, "<tr>")  # Qt has words at the top of a cell anyway, and would raise the letters as well
    body = _OUTER_ITEM.sub(r"\1", body)
    body = _TAG_OR_BLANKS.sub(_kept, body)
    shown.setHtml(body)
    LongWords(shown)
    _clear_empty_lines(shown)
    _begin_pages(shown)
    _fit_pictures(shown, room or room_on(usual_size()))
    for block in blocks(shown):  # on pages Qt takes margins for dots of the printer, and indents for what they are
        steps, inner = round(block.blockFormat().leftMargin() / INDENT), block.blockFormat().indent()
        if for_open_document and not block.textList():
            steps += inner
        if steps:
            move_in(block, inner + steps, 0)
        if not for_open_document:
            _break_code(block)
            _show_level(block)
    return shown


def _break_code(block: QTextBlock) -> None:
    """Has a long line of code go on in the next one, for what stands beyond the edge of the paper is lost."""
    format = block.blockFormat()
    if format.nonBreakableLines():
        format.setNonBreakableLines(False)
        QTextCursor(block).setBlockFormat(format)


def _show_level(block: QTextBlock) -> None:
    """Gives an item the bullet of its level, as on the page."""
    items = cast("QTextList | None", block.textList())  # PySide says that it is never None
    if items is not None and (format := items.format()).style() == QTextListFormat.Style.ListDisc:
        style = _BULLETS[(format.indent() - 1) % len(_BULLETS)]
        if style != format.style():
            format.setStyle(style)
            items.setFormat(format)


def _kept(found: re.Match[str]) -> str:
    """A tag as it is, and blanks that Qt leaves as they are."""
    return f'<span style="white-space:pre-wrap">{found[1]}</span>' if found[1] else found[0]


def _with_all_lines(code: re.Match[str]) -> str:
    """Lines of code, in which something stands on each."""
    return code[1] + "\n".join(line or _NOTHING for line in code[2].split("\n"))


def _clear_empty_lines(shown: QTextDocument) -> None:
    found = shown.find(_NOTHING)
    while not found.isNull():
        found.removeSelectedText()
        found = shown.find(_NOTHING, found)


def _begin_pages(shown: QTextDocument) -> None:
    """Begins pages with code, and none before the first line, which would leave an empty one there."""
    found = shown.find(_NEW_PAGE)
    while not found.isNull():
        found.removeSelectedText()
        _break_page(found, QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore)
        found = shown.find(_NEW_PAGE, found)
    if shown.begin().blockFormat().pageBreakPolicy() != QTextFormat.PageBreakFlag.PageBreak_Auto:
        _break_page(QTextCursor(shown), QTextFormat.PageBreakFlag.PageBreak_Auto)


def _break_page(line: QTextCursor, where: QTextFormat.PageBreakFlag) -> None:
    format = QTextBlockFormat()
    format.setPageBreakPolicy(where)
    line.mergeBlockFormat(format)


def blocks(shown: QTextDocument) -> list[QTextBlock]:
    """The lines of a set document."""
    found, block = [], shown.begin()
    while block.isValid():
        found.append(block)
        block = block.next()
    return found


def move_in(block: QTextBlock, indent: int, margin: float) -> None:
    """Has a line stand in by so many steps and by so much more."""
    format = block.blockFormat()
    format.setIndent(indent)
    format.setLeftMargin(margin)
    QTextCursor(block).setBlockFormat(format)


def _fit_pictures(shown: QTextDocument, room: QSizeF) -> None:
    for block in blocks(shown):
        if block.length() > 1 and not block.text().strip("\ufffc "):  # no part of a picture's height is left below it
            format = block.blockFormat()
            format.setLineHeight(100, QTextBlockFormat.LineHeightTypes.SingleHeight.value)
            QTextCursor(block).setBlockFormat(format)
        iterator = block.begin()
        while not iterator.atEnd():
            fragment = iterator.fragment()
            picture = fragment.charFormat().toImageFormat()
            if picture.isValid():
                image = shown.resource(QTextDocument.ResourceType.ImageResource.value, QUrl(picture.name()))
                own = QSizeF(image.size()) if hasattr(image, "size") else QSizeF()
                size = QSizeF(own)
                if picture.width() > 0 and own.width() > 0:
                    size = own * (picture.width() / own.width())
                part = min([1.0, *(limit / wanted for limit, wanted in _sides(room, size) if wanted > 0)])
                picture.setWidth(size.width() * part)
                picture.setHeight(size.height() * part)
                cursor = QTextCursor(shown)
                cursor.setPosition(fragment.position())
                cursor.setPosition(fragment.position() + fragment.length(), QTextCursor.MoveMode.KeepAnchor)
                cursor.setCharFormat(picture)
            iterator += 1


def _sides(room: QSizeF, size: QSizeF) -> tuple[tuple[float, float], tuple[float, float]]:
    return (room.width(), size.width()), (room.height(), size.height())
