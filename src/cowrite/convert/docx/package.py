"""The package of a Word document: what is none, or would fill the memory, is refused before it is read; and what one
that is written says of itself.

python-docx reads documents as Word saves them unless it is told otherwise (ECMA-376 part 4, "transitional"). Others are
read as those: templates, documents with macros, which never run, strict ones (part 1), whose namespaces differ, and
those that name parts which are not there, such as a picture that was lost, or do not say what a part is.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from pathlib import Path

import docx
from docx.document import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.oxml import parse_xml

from cowrite.convert.packed_file import FileKind, weigh
from cowrite.convert.values import in_xml

DOCX = FileKind("a Word document", "Word", ".docx")
_OF_THE_TEMPLATE = (RELATIONSHIP_TYPE.EXTENDED_PROPERTIES, RELATIONSHIP_TYPE.THUMBNAIL)
_JPEG = b"\xff\xd8"
_XML = (b"<", b"\0<", b"\0\0\0<", b"\xef", b"\xfe", b"\xff", b"\0\0\xfe", b" ", b"\t", b"\r", b"\n")
"""How XML begins, in whichever encoding it is."""
_TYPES, _RELATIONS = "[Content_Types].xml", "_rels/.rels"
_STRICT = b"http://purl.oclc.org/ooxml/"
_STRICT_NAME = re.compile(rb"((?:\bxmlns(?::[\w.-]+)?|\bType|\buri)\s*=\s*[\"'])" + re.escape(_STRICT) + rb"(\w+)/")
_OTHER_KINDS = re.compile(
    rb"application/(?:vnd\.openxmlformats-officedocument\.wordprocessingml\.template"
    rb"|vnd\.ms-word\.(?:document|template)\.macroEnabled(?:Template)?)\.main\+xml"
)


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
        weigh(package, path, DOCX, partial(_is_picture, package))
        if changed := _as_usual(package):
            data = _with(package, changed)
    return docx.Document(BytesIO(data))


def is_of_libreoffice(word: Document) -> bool:
    """Whether LibreOffice, or a program that is made from it, has written a file, by what this says of itself."""
    of_program = (
        each.target_part.blob
        for each in word.part.package.rels.values()
        if each.reltype == RELATIONSHIP_TYPE.EXTENDED_PROPERTIES and not each.is_external
    )
    return any(b"LibreOffice" in each for each in of_program)


def _is_picture(package: zipfile.ZipFile, name: str) -> bool:
    """Whether a part is a picture, or another file that is kept in this one, and no XML whatever it is called."""
    with package.open(name) as part:
        head = part.read(4)
    return head.startswith(_JPEG) or not head.startswith(_XML)


def _as_usual(package: zipfile.ZipFile) -> dict[str, bytes]:
    """What python-docx reads in the place of parts that it does not read as they are, by their names."""
    names = frozenset(package.namelist())
    is_strict = _STRICT in package.read(_RELATIONS)
    changed: dict[str, bytes] = {}
    for name in names:
        is_relations = name.endswith(".rels")
        if name == _TYPES or is_relations or (is_strict and name.endswith(".xml")):
            content = usual = package.read(name)
            if is_strict:
                usual = _STRICT_NAME.sub(rb"\1http://schemas.openxmlformats.org/\2/2006/", usual)
            if name == _TYPES:
                usual = _with_all_kinds(_OTHER_KINDS.sub(CONTENT_TYPE.WML_DOCUMENT_MAIN.encode(), usual), names)
            if is_relations:
                usual = _without_lost_parts(usual, posixpath.dirname(posixpath.dirname(name)), names)
            if usual != content:
                changed[name] = usual
    return changed


def _with_all_kinds(types: bytes, names: frozenset[str]) -> bytes:
    """What a package says that its parts are, with something for each part of which it says nothing.

    Args:
        types: it.
        names: of all parts.
    """
    root = parse_xml(types)
    known = {each.get("Extension", "").lower() for each in root.findall("{*}Default")}
    said = {each.get("PartName", "").lower() for each in root.findall("{*}Override")}
    unsaid: set[tuple[str, str, str]] = set()
    for name in names:
        ending = posixpath.splitext(name)[1].removeprefix(".").lower()
        if name.endswith((".rels", "/")) or ending in known or f"/{name}".lower() in said:
            continue
        unsaid.add(("Default", "Extension", ending) if ending else ("Override", "PartName", f"/{name}"))
    for tag, which, value in sorted(unsaid):
        kind = {which: value, "ContentType": "application/octet-stream"}
        root.append(root.makeelement(root.tag.replace("Types", tag), kind))
    return serialize_part_xml(root) if unsaid else types


def _without_lost_parts(relations: bytes, folder: str, names: frozenset[str]) -> bytes:
    """Relations to other places and to parts that are there.

    Args:
        relations: of a part.
        folder: in which that is.
        names: of all parts.
    """
    try:
        root = parse_xml(relations)
    except SyntaxError:  # lxml's; nobody may ask for them
        return relations
    own = [each for each in root.findall("{*}Relationship") if each.get("TargetMode") != "External"]
    places = (posixpath.normpath(posixpath.join("/", folder, each.get("Target", ""))) for each in own)
    lost = [each for each, place in zip(own, places, strict=True) if place.removeprefix("/") not in names]
    for each in lost:
        root.remove(each)
    return serialize_part_xml(root) if lost else relations


def _with(package: zipfile.ZipFile, changed: Mapping[str, bytes]) -> bytes:
    """A package with other parts in the place of some."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as usual:
        for part in package.infolist():
            usual.writestr(part.filename, changed.get(part.filename) or package.read(part))
    return stream.getvalue()


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
