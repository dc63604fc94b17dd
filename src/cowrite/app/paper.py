"""A document as it is set on paper, in PDF and in OpenDocument.

Runs on the GUI thread. Qt reads HTML, lays it out and writes the files; here is what the type looks like, that pictures
fit on the page, what Qt does not read (indents in points, marked text), and what it leaves out of OpenDocument: the
levels of headings, dividers, the widths of columns as parts of a table, writing from right to left, the look of letters
that are not Latin, how a list goes on behind other lines, and the file of styles, without which some programs read
nothing.
"""

from __future__ import annotations

import io
import os
import re
import zipfile
from functools import partial
from typing import cast

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QLocale, QSizeF, Qt, QUrl
from PySide6.QtGui import (
    QFont,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextDocumentWriter,
    QTextFormat,
    QTextLength,
    QTextList,
    QTextListFormat,
    QTextTable,
)

from cowrite.app.paper_footnotes import with_notes, without_leads
from cowrite.convert.html_writer import ROW
from cowrite.convert.numbering import CHECK_BOXES
from cowrite.convert.page_size import A4, LETTER, PageSize
from cowrite.convert.values import MARK_COLOUR
from cowrite.gui.theme import named

SIZE = 11.0  # points
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
blockquote p { color: #55585f; font-style: italic; }
table { margin-top: 4px; margin-bottom: 9px; }
pre { background-color: #f2f2ef; }
pre, code { font-size: 9.5pt; }
a { color: #2f5fd0; }
"""
_EMPTY_LINE = re.compile(r"<(p|li)([^<>]*)><br></\1>")
_MARGIN = re.compile(r"(<(?:p|h\d|pre)\b[^<>]*\bmargin-left:)([0-9.]+)pt")
_LEFT_SIDE = re.compile(r'(<[a-z1-6]+ dir="rtl"[^<>]*\btext-align:)left')
"""Where a line stands that is read from the right: Qt turns the side around."""
_RULE = 'fo:border-bottom="0.75pt solid #9a9da5" fo:padding="0pt" '
_NUMBERED = QTextListFormat.Style.ListDecimal.value  # those with numbers of some kind have this value or a lower one
_LEFTWARDS = 'style:writing-mode="rl-tb" '
_FROM_RIGHT = 'fo:text-align="right" '
_SIDES = {'fo:text-align="start"': 'fo:text-align="right"', 'fo:text-align="end"': 'fo:text-align="left"'}
"""Of a paragraph that is read from the right; LibreOffice takes the words for the sides that they are otherwise."""
_LETTERS = re.compile(r"<style:text-properties [^<>]*/>")
_LOOK = re.compile(r' fo:(font-(?:family|size|style|weight)="[^"]*")')
"""What a style says of Latin letters alone."""
_BOXES = tuple(f"{box} " for box in CHECK_BOXES.values())  # with which items of a checklist begin
_NO_BULLET = "NoBullet"
_NO_BULLETS = "".join(
    f'<text:list-level-style-number text:level="{level}" style:num-format="">'
    f'<style:list-level-properties fo:text-align="start" text:space-before="{8 * level}mm"/>'  # as Qt has it
    "</text:list-level-style-number>"
    for level in range(1, 11)
)
_NO_BULLET_STYLE = f'<text:list-style style:name="{_NO_BULLET}">{_NO_BULLETS}</text:list-style>'
_WHOLE = re.compile(r'(<style:table-properties [^<>]*)style:width="100pt"')
_PART = re.compile(r'style:column-width="([0-9.]+)%"')
"""How Qt writes that a table is as wide as the text, and that a column has so many hundredths of it."""
_ITEM = re.compile(r"<text:list-item(?=>\s*<text:[ph]\b)")
_OUTER = re.compile(
    r"<text:list>(?=(?:\s*<text:list-item[^<>]*>\s*<text:list>)*"
    r'\s*<text:list-item[^<>]*>\s*<text:list( text:style-name="[^<>"]*")>)'
)
"""A list that is there only because the one within it is deeper. Qt gives it no style, and LibreOffice then shows
bullets in the place of that one's numbers."""
_LIST_ENDS = "\U0010fff3"
_LIST_ENDS_HERE = re.compile(rf"\s*<text:p\b[^<>]*>(?:<text:span[^<>]*>)?{_LIST_ENDS}(?:</text:span>)?</text:p>")
_STYLES = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-styles xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:version="1.2"/>
"""
_STYLES_ENTRY = '<manifest:file-entry manifest:media-type="text/xml" manifest:full-path="styles.xml"/>'


def usual_size() -> PageSize:
    """How large pages are where this computer is, as its system says; LC_PAPER counts before the rest of it."""
    named = os.environ.get("LC_ALL") or os.environ.get("LC_PAPER")
    place = QLocale(named).territory() if named else QLocale.system().territory()
    return LETTER if place in LETTER_SIZE else A4


def room_on(size: PageSize) -> QSizeF:
    """What there is within the margins of a page, in device-independent pixels."""
    return QSizeF(size.width - 2 * MARGIN, size.height - 2 * MARGIN) * PIXELS


def laid_out(body: str, room: QSizeF | None = None) -> QTextDocument:
    """The HTML of a document, set.

    Args:
        body: what stands in the body of its page, with pictures as `data:` addresses.
        room: within the margins of a page, in device-independent pixels; no picture is larger. None for a page of the
            usual size.
    """
    font = QFont()
    if families := named("light").typography.families:
        font.setFamilies(list(families))
    font.setPointSizeF(SIZE)
    shown = QTextDocument()
    shown.setDefaultFont(font)
    shown.setIndentWidth(INDENT)
    shown.setDefaultStyleSheet(LOOK)
    # Qt would take an empty line for one with a break in it, which is two, and the end of code for one more line of it.
    body = without_leads(body)
    body = _EMPTY_LINE.sub(r'<\1\2 style="-qt-paragraph-type:empty;"><br></\1>', body)
    body = body.replace("<mark>", f'<span style="background-color:{MARK_COLOUR}">').replace("</mark>", "</span>")
    body = _MARGIN.sub(lambda found: f"{found[1]}{float(found[2]) * 96 / 72:g}px", body)
    body = _LEFT_SIDE.sub(r"\1right", body)
    body = body.replace(ROW, "<tr>")  # Qt has words at the top of a cell anyway, and would raise the letters as well
    shown.setHtml(body.replace("\n</code></pre>", "</code></pre>"))
    _fit_pictures(shown, room or room_on(usual_size()))
    for block in _blocks(shown):  # on pages Qt takes margins for dots of the printer, and indents for what they are
        if steps := round(block.blockFormat().leftMargin() / INDENT):
            _move_in(block, block.blockFormat().indent() + steps, 0)
    return shown


def open_document(shown: QTextDocument) -> bytes:
    """A set document as an OpenDocument text."""
    shown = shown.clone()
    for block in _blocks(shown):  # Qt writes no indents but those of lists
        if block.blockFormat().indent():
            _move_in(block, 0, block.blockFormat().indent() * INDENT)
    for frame in shown.rootFrame().childFrames():
        if isinstance(frame, QTextTable):
            _state_widths(frame)
            _end_list_above(frame)
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QTextDocumentWriter(buffer, QByteArray(b"odf")).write(shown)
    buffer.close()
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content.data())) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename == "content.xml":
                data = with_notes(_LIST_ENDS_HERE.sub("", _with_what_is_left_out(data.decode(), shown))).encode()
            elif entry.filename == "META-INF/manifest.xml":
                data = data.replace(b"</manifest:manifest>", f"{_STYLES_ENTRY}</manifest:manifest>".encode())
            new.writestr(entry, data)
        new.writestr("styles.xml", _STYLES)
    return written.getvalue()


def _blocks(shown: QTextDocument) -> list[QTextBlock]:
    found, block = [], shown.begin()
    while block.isValid():
        found.append(block)
        block = block.next()
    return found


def _move_in(block: QTextBlock, indent: int, margin: float) -> None:
    format = block.blockFormat()
    format.setIndent(indent)
    format.setLeftMargin(margin)
    QTextCursor(block).setBlockFormat(format)


def _state_widths(table: QTextTable) -> None:
    """Has all columns of a table say how wide they are, where some do; Qt would write of the others any width."""
    format, kind = table.format().toTableFormat(), QTextLength.Type.PercentageLength
    stated = [each.rawValue() if each.type() == kind else 0.0 for each in format.columnWidthConstraints()]
    stated += [0.0] * (table.columns() - len(stated))
    if any(stated):
        free = stated.count(0.0)
        left = max(100 - sum(stated), 50 * free / len(stated)) / max(free, 1)
        format.setColumnWidthConstraints([QTextLength(kind, each or left) for each in stated])
        table.setFormat(format)


def _end_list_above(table: QTextTable) -> None:
    """Has a list end before a table that follows it; Qt would end it within the first cell."""
    above = table.document().findBlock(table.firstPosition() - 1)
    if above.isValid() and above.textList() is not None:
        cursor = QTextCursor(above)
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
        cursor.insertBlock(QTextBlockFormat(), QTextCharFormat())
        cursor.insertText(_LIST_ENDS)


def _fit_pictures(shown: QTextDocument, room: QSizeF) -> None:
    for block in _blocks(shown):
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


def _with_what_is_left_out(xml: str, shown: QTextDocument) -> str:
    """The content of an OpenDocument text that Qt wrote, with all that Qt leaves out of it.

    Qt calls the style of a paragraph "p" with the number of its format.
    """
    rule = QTextFormat.Property.BlockTrailingHorizontalRulerWidth
    formats = {block.blockFormatIndex(): block.blockFormat() for block in _blocks(shown)}
    for number, format in formats.items():
        style = f"p{number}"
        if level := format.headingLevel():
            heading = rf'<text:p text:style-name="{style}">(.*?)</text:p>'
            replaced = rf'<text:h text:style-name="{style}" text:outline-level="{level}">\1</text:h>'
            xml = re.sub(heading, replaced, xml, flags=re.DOTALL)
        looks = _RULE if format.hasProperty(rule) else ""
        if format.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            looks += _LEFTWARDS + ("" if format.hasProperty(QTextFormat.Property.BlockAlignment) else _FROM_RIGHT)
        if looks:
            properties = rf'(<style:style style:name="{style}" [^<>]*>\s*<style:paragraph-properties )([^<>]*)'
            xml = re.sub(properties, partial(_with_looks, looks), xml)
    xml = _LETTERS.sub(lambda found: _LOOK.sub(_of_all_letters, found[0]), xml)
    xml = _WHOLE.sub(r'\1table:align="margins"', xml)
    xml = _PART.sub(lambda found: f'style:rel-column-width="{round(10 * float(found[1]))}*"', xml)
    xml = _OUTER.sub(r"<text:list\1>", xml)
    items = iter(_items(shown))
    xml = _ITEM.sub(lambda found: found[0] + next(items, ""), xml)
    end = "</office:automatic-styles>"
    return xml.replace(end, _NO_BULLET_STYLE + end, 1) if f'"{_NO_BULLET}"' in xml else xml


def _with_looks(looks: str, found: re.Match[str]) -> str:
    """The properties of a paragraph, and further ones."""
    stated = re.sub('fo:text-align="(?:start|end)"', lambda side: _SIDES[side[0]], found[2])
    return f"{found[1]}{looks}{stated if _LEFTWARDS in looks else found[2]}"


def _of_all_letters(found: re.Match[str]) -> str:
    """What a style says of Latin letters, said of the others too: OpenDocument asks for the look of Chinese, Japanese
    and Korean ones and for that of Arabic, Hebrew, Thai and others apart."""
    name, value = found[1].split("=", 1)
    return f"{found[0]} style:{name}-asian={value} style:{name}-complex={value}"


def _items(shown: QTextDocument) -> list[str]:
    """For each item of a list what is to be said of it: its number, where it goes on with a list behind lines that are
    in none, and that it has no bullet, where a box stands in its place."""
    said: list[str] = []
    under_way: set[int] = set()
    for block in _blocks(shown):
        items = cast("QTextList | None", block.textList())  # PySide says that it is never None
        if items is None:
            under_way.clear()
            continue
        number = items.format().start() + items.itemNumber(block)
        goes_on = items.objectIndex() in under_way or items.format().style().value > _NUMBERED
        start = "" if goes_on or number == 1 else f' text:start-value="{number}"'
        said.append(f' text:style-override="{_NO_BULLET}"' if block.text().startswith(_BOXES) else start)
        under_way.add(items.objectIndex())
    return said
