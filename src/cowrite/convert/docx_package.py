"""The package of a Word document: what is none, or would fill the memory, is refused before it is read; and what one
that is written says of itself."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import docx
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE

from cowrite.convert.packed_file import FileKind, weigh
from cowrite.convert.values import in_xml

DOCX = FileKind("a Word document", "Word", ".docx")
_OF_THE_TEMPLATE = (RELATIONSHIP_TYPE.EXTENDED_PROPERTIES, RELATIONSHIP_TYPE.THUMBNAIL)


def opened(data: bytes, path: Path) -> Document:
    """A Word file as python-docx has it.

    Args:
        data: the whole file.
        path: where it came from.

    Raises:
        TooLargeFile: there is too much in it.
        zipfile.BadZipFile, OpcError and others: it is none; see `packed_file.BROKEN`.
    """
    with zipfile.ZipFile(BytesIO(data)) as package:
        weigh(package, path, DOCX, lambda name: name.startswith("word/media/"))
    return docx.Document(BytesIO(data))


def put_facts(word: Document, title: str) -> None:
    """Has a document that python-docx has made say what it is called and when it was written, and nothing of the file
    of 2013 which that begins with: its picture, and the program by which it was made.

    Args:
        word: the document.
        title: what it is called.
    """
    facts = word.core_properties
    facts.title = in_xml(title)[:255]
    facts.author = facts.comments = ""
    facts.created = facts.modified = datetime.now(UTC)
    rels = word.part.package.rels
    for key in [key for key, each in rels.items() if each.reltype in _OF_THE_TEMPLATE]:
        del rels[key]
