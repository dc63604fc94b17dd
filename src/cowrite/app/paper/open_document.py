"""A document as it is set on paper (`paper`), as an OpenDocument text.

Runs on the GUI thread. Qt writes the file; here is what it leaves out: the document's title, the levels of headings and
the names by which links lead to them, dividers, headings, quotations and code by the names of their styles, the usual
letters as such, what is told of pictures (`app.paper.pictures`), what is said of tables (`app.paper.open_tables`),
writing from right to left, the look of letters that are not Latin, how a list goes on behind other lines, the room
between its marks and its words, and the file of styles, without which some programs read nothing.
"""

from __future__ import annotations

import io
import re
import zipfile
from functools import partial
from typing import cast
from xml.sax.saxutils import escape, quoteattr

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import (
    QTextBlock,
    QTextDocument,
    QTextDocumentWriter,
    QTextFormat,
    QTextList,
    QTextListFormat,
)

from cowrite.app.paper.footnotes import with_notes
from cowrite.app.paper.open_tables import LIST_ENDS, OpenTables
from cowrite.app.paper.paper import INDENT, QUOTED, blocks, move_in, room_on
from cowrite.app.paper.pictures import files_of, take_out, with_kinds, with_told
from cowrite.convert.numbering import CHECK_BOXES, label
from cowrite.convert.page_size import A4, PageSize
from cowrite.convert.style_names import HEADINGS, encoded, style_of_code
from cowrite.convert.values import in_xml
from cowrite.core.writing.typeface import usual_points

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
_MARK_ROOM = INDENT * 72 / 96  # points, in which the mark of an item stands before its words
_NO_BULLETS = "".join(
    f'<text:list-level-style-number text:level="{level}" style:num-format=""><style:list-level-properties '
    f'fo:text-align="start" text:space-before="{_MARK_ROOM * (2 * level - 1):g}pt"/></text:list-level-style-number>'
    for level in range(1, 11)
)
_NO_BULLET_STYLE = f'<text:list-style style:name="{_NO_BULLET}">{_NO_BULLETS}</text:list-style>'
_LEVEL = re.compile(
    r'(<text:list-level-style-(?:number|bullet) (?:text:bullet-char="(?P<bullet>[^"]*)")?[^<>]*'
    r'text:level="(?P<level>\d+)"[^<>]*><style:list-level-properties [^<>]*)text:space-before="[^"]*"'
)
"""How Qt writes a level of a list: without any room between its marks and its words."""
_ROOM = "<style:table-properties "
_TABLE_ROOM = f'{_ROOM}fo:margin-top="3pt" fo:margin-bottom="6.75pt" '
"""Above and below a table, as `paper` has it; Qt has an empty line there."""
_ITEM = re.compile(r"<text:list-item(?=>\s*<text:[ph]\b)")
_OUTER = re.compile(
    r"<text:list>(?=(?:\s*<text:list-item[^<>]*>\s*<text:list>)*"
    r'\s*<text:list-item[^<>]*>\s*<text:list( text:style-name="[^<>"]*")>)'
)
"""A list that is there only because the one within it is deeper. Qt gives it no style, and LibreOffice then shows
bullets in the place of that one's numbers."""
_LIST_ENDS_HERE = re.compile(rf"\s*<text:p\b[^<>]*>(?:<text:span[^<>]*>)?{LIST_ENDS}(?:</text:span>)?</text:p>")
_BETWEEN_ELEMENTS = re.compile(r"\n *")
"""How Qt makes its file legible. Elsewhere these are blanks in the text; Qt's own has no such breaks."""
_SOFT_BREAK = "<text:tab/><text:line-break/>"
"""As Qt writes a line break, so that the line before it is not stretched where lines are."""
_LOST_BLANK = re.compile(r"(<text:[ph]\b[^<>/]*>(?:<text:(?:span|a)\b[^<>]*>)*| (?:</?text:(?:span|a)\b[^<>]*>)+) ")
"""A blank that begins a paragraph or follows one that ends a span, which others take for none."""
_NO_LINE = re.compile(' style:text-underline-(?:type|style)="none"')
"""What Qt writes of links that are bare, and would count more than the style of links."""
_BESIDE = re.compile(r'(?<= xlink:href=")(?![A-Za-z][A-Za-z0-9+.-]*:|[#/?"])')
"""Where an address begins that leads to what is beside the file; for OpenDocument a file is a folder."""
_LINKS = re.compile("<text:a [^<>]*>")
_BEHIND_TABLE = re.compile(r'(</table:table>)<text:p text:style-name="p\d+"/>(?!</office:text>)')
"""An empty line that Qt has behind each table."""
_HEADING = re.compile("<text:h [^<>]*>")
_OASIS = "urn:oasis:names:tc:opendocument:xmlns"
_STYLES = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    f'<office:document-styles xmlns:office="{_OASIS}:office:1.0" xmlns:style="{_OASIS}:style:1.0" '
    f'xmlns:fo="{_OASIS}:xsl-fo-compatible:1.0" xmlns:text="{_OASIS}:text:1.0" office:version="1.2">'
    '<office:styles><style:default-style style:family="paragraph"><style:text-properties{}/></style:default-style>{}'
    "</office:styles>{}"
    "</office:document-styles>\n"
)
_STYLE = '<style:style style:name="{}" style:display-name={} style:family="{}"><style:text-properties{}/></style:style>'
_QUOTATION, _CODE, _LINK = "Quotations", "Preformatted Text", "Internet link"
_HEADING_LEVELS = {f"Heading {level}": level for level in range(1, HEADINGS + 1)}
_LOOKS = {
    _QUOTATION: f' fo:color="{QUOTED}" fo:font-style="italic" style:font-style-asian="italic" '
    'style:font-style-complex="italic"',
    _LINK: ' style:text-underline-style="solid" style:text-underline-type="single"',
}
_PAGES = (
    '<office:automatic-styles><style:style style:name="PageNumber" style:family="paragraph">'
    '<style:paragraph-properties fo:text-align="right"/></style:style><style:page-layout style:name="Page">'
    '<style:page-layout-properties fo:page-width="{:g}mm" fo:page-height="{:g}mm" fo:margin-left="20mm" '
    'fo:margin-right="20mm" fo:margin-top="20mm" fo:margin-bottom="{}mm"/>{}</style:page-layout>'
    '</office:automatic-styles><office:master-styles><style:master-page style:name="Standard" '
    'style:page-layout-name="Page">{}</style:master-page></office:master-styles>'
)
_FOOT = (
    '<style:footer-style><style:header-footer-properties fo:min-height="6mm" fo:margin-top="4mm"/></style:footer-style>'
)
_NUMBER = (
    '<style:footer><text:p text:style-name="PageNumber"><text:page-number text:select-page="current"/></text:p>'
    "</style:footer>"
)
"""The file states none: the program that shows the page works it out."""
_ENTRIES = "".join(
    f'<manifest:file-entry manifest:media-type="text/xml" manifest:full-path="{name}.xml"/>'
    for name in ("styles", "meta")
)
_META = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    f'<office:document-meta xmlns:office="{_OASIS}:office:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'office:version="1.2"><office:meta><dc:title>{}</dc:title></office:meta></office:document-meta>\n'
)
"""What a file says of itself: its title, and nothing of who wrote it."""


def open_document(shown: QTextDocument, title: str = "", size: PageSize = A4, *, numbers_pages: bool = True) -> bytes:
    """A set document, which is changed on the way, as an OpenDocument text.

    Args:
        shown: the document.
        title: of the file.
        size: of a page.
        numbers_pages: whether each has its number at the foot.
    """
    told = take_out(shown)
    for block in blocks(shown):  # Qt writes no indents but those of lists
        if block.blockFormat().indent():
            move_in(block, 0, block.blockFormat().indent() * INDENT)
    tables = OpenTables(shown, room_on(size))
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QTextDocumentWriter(buffer, QByteArray(b"odf")).write(shown)
    buffer.close()
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content.data())) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        content_xml = _BETWEEN_ELEMENTS.sub("", old.read("content.xml").decode())
        files = files_of(content_xml, told)
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename in files:
                data = files[entry.filename].file
                entry.compress_type = zipfile.ZIP_STORED  # nothing makes it smaller
            elif entry.filename == "content.xml":
                xml = content_xml.replace(_SOFT_BREAK, "<text:line-break/>")
                xml = _NO_LINE.sub("", xml).replace("<text:a ", f'<text:a text:style-name="{encoded(_LINK)}" ')
                xml = _LINKS.sub(lambda found: _BESIDE.sub("../", found[0]), xml)
                xml = _LOST_BLANK.sub(r"\1<text:s/>", xml)
                xml = _LIST_ENDS_HERE.sub("", _with_what_is_left_out(xml, shown))
                xml = tables.written(xml)
                data = with_notes(with_told(_BEHIND_TABLE.sub(r"\1", xml), told)).encode()
            elif entry.filename == "META-INF/manifest.xml":
                listed = data.decode().replace("</manifest:manifest>", f"{_ENTRIES}</manifest:manifest>")
                data = with_kinds(listed, files).encode()
            new.writestr(entry, data)
        letters = _LOOK.sub(_of_all_letters, "".join(_usual_letters(shown)))
        styles = "".join(map(_style, dict.fromkeys((_LINK, *_names(shown).values()))))
        new.writestr("styles.xml", _STYLES.format(letters, styles, _pages(size, numbered=numbers_pages)))
        new.writestr("meta.xml", _META.format(escape(in_xml(title))))
    return written.getvalue()


def _names(shown: QTextDocument) -> dict[int, str]:
    """The names of the styles of headings that are no items, quotations and code, by the numbers of the formats of such
    lines."""
    names: dict[int, str] = {}
    for block in blocks(shown):
        format = block.blockFormat()
        language = format.stringProperty(QTextFormat.Property.BlockCodeLanguage.value)
        if level := format.headingLevel():
            if not block.textList():  # LibreOffice takes what has such a style out of any list but that of all headings
                names[block.blockFormatIndex()] = f"Heading {level}"
        elif format.nonBreakableLines():
            names[block.blockFormatIndex()] = style_of_code(language) if language else _CODE
        elif format.rightMargin():  # which nothing else has; of a quotation Qt says so on its first line alone
            names[block.blockFormatIndex()] = _QUOTATION
    return names


def _usual_letters(shown: QTextDocument) -> tuple[str, str]:
    """Font and size of all letters of which nothing else is said; Qt says them of all letters."""
    font = shown.defaultFont()
    return f' fo:font-family="{escape(font.family())}"', f' fo:font-size="{font.pointSizeF():g}pt"'


def _pages(size: PageSize, *, numbered: bool) -> str:
    """The look of pages; what is above the margin at the foot is as high with a number as without."""
    return _PAGES.format(*size, *((10, _FOOT, _NUMBER) if numbered else (20, "", "")))


def _style(name: str) -> str:
    family, look = "text" if name == _LINK else "paragraph", _LOOKS.get(name, "")
    if level := _HEADING_LEVELS.get(name):
        look = f' fo:font-size="{usual_points({"header": level}):g}pt" fo:font-weight="bold"'
        look = _LOOK.sub(_of_all_letters, look)
    return _STYLE.format(encoded(name), quoteattr(name), family, look)


def _with_what_is_left_out(xml: str, shown: QTextDocument) -> str:
    """The content of an OpenDocument text that Qt wrote, with all that Qt leaves out of it.

    Qt calls the style of a paragraph "p" with the number of its format.
    """
    rule = QTextFormat.Property.BlockTrailingHorizontalRulerWidth
    names = _names(shown)
    formats = {block.blockFormatIndex(): block.blockFormat() for block in blocks(shown)}
    for number, format in formats.items():
        style = f"p{number}"
        if level := format.headingLevel():
            heading = rf'<text:p text:style-name="{style}"(?:/>|>(.*?)</text:p>)'
            replaced = rf'<text:h text:style-name="{style}" text:outline-level="{level}">\1</text:h>'
            xml = re.sub(heading, replaced, xml)
        if number in names:
            plain = f'<style:style style:name="{style}" style:family="paragraph"'
            xml = xml.replace(f"{plain}>", f'{plain} style:parent-style-name="{encoded(names[number])}">')
        looks = _RULE if format.hasProperty(rule) else ""
        if format.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            looks += _LEFTWARDS + ("" if format.hasProperty(QTextFormat.Property.BlockAlignment) else _FROM_RIGHT)
        if looks:
            properties = rf'(<style:style style:name="{style}" [^<>]*>\s*<style:paragraph-properties )([^<>]*)'
            xml = re.sub(properties, partial(_with_looks, looks), xml)
    bookmarks = iter(_bookmarks(shown))
    xml = _HEADING.sub(lambda found: found[0] + next(bookmarks, ""), xml)
    usual = "|".join(map(re.escape, _usual_letters(shown)))
    xml = _LETTERS.sub(lambda found: _LOOK.sub(_of_all_letters, re.sub(usual, "", found[0])), xml)
    xml = xml.replace(_ROOM, _TABLE_ROOM)
    xml = _LEVEL.sub(_with_room, _OUTER.sub(r"<text:list\1>", xml))
    items = iter(_items(shown))
    xml = _ITEM.sub(lambda found: found[0] + next(items, ""), xml)
    end = "</office:automatic-styles>"
    return xml.replace(end, _NO_BULLET_STYLE + end, 1) if f'"{_NO_BULLET}"' in xml else xml


def _bookmarks(shown: QTextDocument) -> list[str]:
    """For each heading what says by which name links lead to it."""
    return [
        "".join(f"<text:bookmark text:name={quoteattr(in_xml(name))}/>" for name in _anchor_names(block))
        for block in blocks(shown)
        if block.blockFormat().headingLevel()
    ]


def _anchor_names(block: QTextBlock) -> list[str]:
    names, iterator = [], block.begin()
    while not iterator.atEnd():
        names += iterator.fragment().charFormat().anchorNames()
        iterator += 1
    return names


def _with_room(found: re.Match[str]) -> str:
    """A level of a list, in which words stand behind their mark, as far in as what follows below them; its bullets are
    those of the page."""
    level = int(found["level"])
    mark = found[1]
    if bullet := found["bullet"]:
        mark = mark.replace(f'"{bullet}"', f'"{label("bullet", level - 1)}"', 1)
    before = _MARK_ROOM * (2 * level - 1)
    return (
        f'{mark}text:space-before="{before:g}pt" text:min-label-width="{_MARK_ROOM:g}pt" text:min-label-distance="3pt"'
    )


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
    for block in blocks(shown):
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
