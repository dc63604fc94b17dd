"""A document as it is set on paper, in PDF and in OpenDocument.

Runs on the GUI thread. Qt reads HTML, lays it out and writes the files; here is what the type looks like, that pictures
fit on the page, and what Qt leaves out of OpenDocument: the levels of headings, and dividers.
"""

from __future__ import annotations

import io
import re
import zipfile

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSizeF, QUrl
from PySide6.QtGui import QFont, QTextBlock, QTextCursor, QTextDocument, QTextDocumentWriter, QTextFormat

from cowrite.gui.theme import named

SIZE = 11.0  # points
A4 = QSizeF(642, 970)  # device-independent pixels within margins of two centimetres
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
pre { background-color: #f2f2ef; }
pre, code { font-size: 9.5pt; }
a { color: #2f5fd0; }
"""
_EMPTY_LINE = re.compile(r"<(p|li)([^<>]*)><br></\1>")
_RULE = 'fo:border-bottom="0.75pt solid #9a9da5" fo:padding="0pt" '


def laid_out(body: str, room: QSizeF = A4) -> QTextDocument:
    """The HTML of a document, set.

    Args:
        body: what stands in the body of its page, with pictures as `data:` addresses.
        room: within the margins of a page, in device-independent pixels; no picture is larger.
    """
    font = QFont()
    if families := named("light").typography.families:
        font.setFamilies(list(families))
    font.setPointSizeF(SIZE)
    shown = QTextDocument()
    shown.setDefaultFont(font)
    shown.setIndentWidth(24)
    shown.setDefaultStyleSheet(LOOK)
    # Qt would take an empty line for one with a break in it, which is two, and the end of code for one more line of it.
    body = _EMPTY_LINE.sub(r'<\1\2 style="-qt-paragraph-type:empty;"><br></\1>', body)
    shown.setHtml(body.replace("\n</code></pre>", "</code></pre>"))
    _fit_pictures(shown, room)
    return shown


def open_document(shown: QTextDocument) -> bytes:
    """A set document as an OpenDocument text."""
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
                data = _with_what_is_left_out(data.decode(), shown).encode()
            new.writestr(entry, data)
    return written.getvalue()


def _blocks(shown: QTextDocument) -> list[QTextBlock]:
    found, block = [], shown.begin()
    while block.isValid():
        found.append(block)
        block = block.next()
    return found


def _fit_pictures(shown: QTextDocument, room: QSizeF) -> None:
    for block in _blocks(shown):
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
    """The content of an OpenDocument text that Qt wrote, with headings as headings and dividers as lines.

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
        if format.hasProperty(rule):
            xml = re.sub(
                rf'(<style:style style:name="{style}" [^<>]*>\s*<style:paragraph-properties )(?!fo:border)',
                rf"\g<1>{_RULE}",
                xml,
            )
    return xml
