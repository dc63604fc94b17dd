"""Word documents made from the words of their format, and read."""

from __future__ import annotations

import base64
from io import BytesIO
from pathlib import Path

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from cowrite.convert.docx.reader import from_docx
from cowrite.convert.file_read import FileRead

IMAGE = f"sha256:{'ab' * 32}"
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
PATH = Path("plan.docx")
NAMES = nsdecls("w", "m")


def read(data: bytes) -> FileRead:
    return from_docx(data, PATH, lambda _data, _media_type: IMAGE)


def file_of(*paragraphs: str) -> bytes:
    """A file with these paragraphs, in the words of the format."""
    word = docx.Document()
    for each in paragraphs:
        word.element.body.sectPr.addprevious(parse_xml(f"<w:p {NAMES}>{each}</w:p>"))
    stream = BytesIO()
    word.save(stream)
    return stream.getvalue()


def run(words: str, look: str = "") -> str:
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'


def tracked(name: str, content: str, author: str = "Bo", date: str = "2026-01-02T03:04:05Z") -> str:
    return f'<w:{name} w:id="1" w:author="{author}" w:date="{date}">{content}</w:{name}>'


def words(found: FileRead) -> str:
    return "".join(span.text for span in found.spans)
