"""Files of other programs as rich text."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from cowrite.app.files.export_kinds import IMPORTS, OPEN_DOCUMENT, OTHER_WRITERS, TABLES, WORD
from cowrite.convert.bare_pictures import without_metadata
from cowrite.convert.data_images import LARGEST_IMAGE, kind_of
from cowrite.convert.encodings import ENCODINGS
from cowrite.convert.errors import NotRows
from cowrite.convert.formats import Reading, format_for, text_in
from cowrite.core.comments.comments import MOST_WORDS, Placed, Thread
from cowrite.core.document.assists import AssistRecord
from cowrite.core.document.watched import Check, unwatched
from cowrite.core.entries.authors import Author, Authorship
from cowrite.core.text.richtext import Span
from cowrite.core.text.table import MOST_CELLS, MOST_COLUMNS
from cowrite.errors import CowriteError
from cowrite.gui.look.swatches import PEOPLE

if TYPE_CHECKING:
    from cowrite.convert.file_read import FileRead
    from cowrite.convert.images import TakeImage

LARGEST = 32 * 1024 * 1024  # bytes of a file that is text: in memory some thirty times as much
LARGEST_PACKED = 1024 * 1024 * 1024  # bytes of the file of another writing program, most of them pictures
_IMAGE_BESIDE = re.compile(r"images/[\w.-]+\.(?:png|jpe?g|gif|webp)", re.IGNORECASE)


_CHANGED = {
    "changes in notes": "tracked changes within notes are here as if they were accepted",
    "comments elsewhere": "comments on what is left out stand beside the text without their words",
    "endnotes": "endnotes are footnotes",
    "formulas": "formulas are lines of text here, such as a/b and x^2",
    "images elsewhere": "images that are not in the file are left out",
    "images in notes": "images in notes stand in the text, behind the numbers of the notes",
    "images not beside": "images that are not in the folder “images” beside the file are links",
    "layouts": "what tables only lay out stands in lines of its own",
    "lists in cells": "lists and headings within tables are plain lines there",
    "long comments": f"comments end after {MOST_WORDS:,} characters",
    "merged cells": "merged cells are single ones, and only the first has words",
    "nested tables": "tables within tables are lines with tabs there",
    "numbers of items": "what stood before the items of numbered lists, such as 1.1 or § 1, is 1., a. or i. here",
    "tables": f"tables of more than {MOST_COLUMNS} columns or {MOST_CELLS:,} cells are lines with tabs",
    "text boxes": "what was in text boxes stands in lines of its own",
    "tracked boxes": "tracked changes of check boxes are here as if they were accepted",
    "tracked looks": "tracked changes of formatting are here as if they were accepted",
}
"""What is said of what came in otherwise than it was, by the names that reading a file gives to it."""


_SAVE_ANEW = "cowrite opens no {} files; open it in the program that wrote it, or in LibreOffice, and save it as .docx"
_TAKEN_FOR = (
    "The file is not in UTF-8 and was read as {}. Where letters are wrong, save it as UTF-8 in the program that wrote "
    "it, and open it again. The file stays as it is."
)
_CHOSEN = (
    "The file was read as {}, as you chose. Where letters are wrong, open it again and choose another encoding. The "
    "file stays as it is."
)
_STRAY = "What is no letter in this encoding is here as �."


class CannotImport(CowriteError):
    """A file could not be read.

    Attributes:
        path: the file.
        reason: why, in a few words.
    """

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"“{path}” could not be read: {reason}.")
        self.path = path
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file holds.

    Attributes:
        spans: its rich text.
        images: the images in it, each once, as bytes and media type.
        differs: what came in otherwise than it was, or not at all, in a sentence; empty where nothing did.
        suggested: who suggests each change of which the spans have marks, and when, by its id.
        comments: what is said about it, and where.
        records: those of the assistant's text in it.
        title: what it is called, where that is not its first line.
    """

    spans: tuple[Span, ...]
    images: tuple[tuple[bytes, str], ...]
    differs: str = ""
    suggested: Mapping[str, Authorship] = field(default_factory=dict)
    comments: tuple[Placed, ...] = ()
    records: tuple[AssistRecord, ...] = ()
    title: str = ""


def read(path: Path, check: Check = unwatched, encoding: str = "") -> Imported:
    """Reads a Markdown, HTML, Word, OpenDocument or CSV file, or one of any other ending as a text, and of Markdown the
    pictures in the folder `images` beside it.

    Pictures come in without what their files tell beside them.

    Args:
        path: the file.
        check: ends the reading.
        encoding: that of a file that does not say it, as the person chose.

    Raises:
        CannotImport: the system refuses to read it, there is too much in it, or another program has to save it anew.
        UnknownEncoding: it does not say its encoding, and the person has chosen none.
        ConvertError: it is of another format, or what is in it cannot be read.
    """
    images: dict[str, tuple[bytes, str]] = {}  # once each, however often the text shows one

    def take(content: bytes, media_type: str) -> str:
        content = without_metadata(content)
        name = f"sha256:{hashlib.sha256(content).hexdigest()}"
        images.setdefault(name, (content, media_type))
        return name

    @cache
    def beside(address: str) -> str | None:
        return take(*image) if (image := _image_beside(path, address)) is not None else None

    kind = path.suffix.lower()
    if kind in OTHER_WRITERS:
        raise CannotImport(path, _SAVE_ANEW.format(kind))
    is_packed = kind in WORD | OPEN_DOCUMENT
    most = LARGEST_PACKED if is_packed else LARGEST
    content = content_of(path, most, f"it has more than {most // 2**20} MB; divide it, and open its parts")
    if is_packed:
        file = _written_elsewhere(content, path, take, check)
        colours = _colours(file)
        suggested = {id: Authorship(_coloured(by, colours), at) for id, (by, at) in file.suggested.items()}
        comments = tuple(replace(each, thread=_coloured_thread(each.thread, colours)) for each in file.comments)
        differs = _differs(file.changed, file.left_out, "Word file" if kind in WORD else "OpenDocument file")
        return Imported(tuple(file.spans), tuple(images.values()), differs, suggested, comments)
    text, taken_for = text_in(content, path, encoding)
    changed: dict[str, None] = {}
    known = format_for(path.suffix if kind in IMPORTS else ".txt")
    try:
        spans = known.read(text, Reading(take, beside, check, lambda what: changed.update({what: None})))
    except NotRows as error:
        raise CannotImport(path, f"from line {error.line} on it is no table, because {error.reason}") from error
    read_as = _CHOSEN.format(ENCODINGS[encoding]) if encoding else _TAKEN_FOR.format(taken_for) if taken_for else ""
    stray = _STRAY if encoding and "\ufffd" in text else ""
    said = (read_as, stray, _differs(changed, (), f"{known.name} file"))
    title = path.stem if kind in TABLES else ""  # and not what its first column is called
    return Imported(tuple(spans), tuple(images.values()), " ".join(filter(None, said)), title=title)


def _written_elsewhere(content: bytes, path: Path, take: TakeImage, check: Check) -> FileRead:
    """What the file of another writing program holds; what reads them takes its time to load."""
    if path.suffix.lower() in WORD:
        from cowrite.convert.docx.reader import from_docx

        return from_docx(content, path, take, check)
    from cowrite.convert.odt.reader import from_odt

    return from_odt(content, path, take, check)


def content_of(path: Path, most: int, too_much: str) -> bytes:
    """The bytes of a file.

    Args:
        path: the file.
        most: so many at most.
        too_much: why it is not read where it has more.

    Raises:
        CannotImport: the system refuses to read it, or there is too much in it.
    """
    try:
        if not (path.is_file() or path.is_dir()):
            path.stat()  # raises where there is nothing
            # A pipe waits for who writes it, and some devices have no end.
            raise CannotImport(path, "it is a pipe or a device, not a file")
        with path.open("rb") as file:
            content = file.read(most + 1)
    except OSError as error:
        raise CannotImport(path, error.strerror or str(error)) from error
    if len(content) > most:
        raise CannotImport(path, too_much)
    return content


def _colours(file: FileRead) -> dict[str, str]:
    """A colour for each name in the file of another writing program, which keeps none."""
    authors = [by.author for by in file.suggested.values()]
    for thread in (each.thread for each in file.comments):
        authors += (thread.author, *(reply.author for reply in thread.replies))
    names = dict.fromkeys(author.name for author in authors)
    return {name: PEOPLE[at % len(PEOPLE)].light for at, name in enumerate(names)}


def _coloured(author: Author, colours: Mapping[str, str]) -> Author:
    return replace(author, colour=colours[author.name])


def _coloured_thread(thread: Thread, colours: Mapping[str, str]) -> Thread:
    replies = tuple(replace(reply, author=_coloured(reply.author, colours)) for reply in thread.replies)
    return replace(thread, author=_coloured(thread.author, colours), replies=replies)


def _differs(changed: Iterable[str], left_out: Sequence[str], kind: str) -> str:
    """What of the file of another program came in otherwise than it was, or not at all.

    Args:
        changed: the former, by the names that reading gives to it.
        left_out: the latter, in words.
        kind: what the file is called.
    """
    said = [_CHANGED[name] for name in changed]
    if left_out:
        said.append(f"{_listed(left_out)} are left out")
    if not said:
        return ""
    return " ".join(f"{words[0].upper()}{words[1:]}." for words in (*said, f"the {kind} stays as it is"))


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _image_beside(path: Path, address: str) -> tuple[bytes, str] | None:
    """A picture in the folder `images` beside a file, where exporting puts them, and its media type.

    What is there may be a link to any other file, or a pipe, which keeps waiting whoever opens it.
    """
    beside = path.parent / address
    if _IMAGE_BESIDE.fullmatch(address) is None:
        return None
    try:
        if not beside.is_file():
            return None
        with beside.open("rb") as file:
            data = file.read(LARGEST_IMAGE + 1)
    except OSError:
        return None
    kind = kind_of(data)
    return (data, kind) if kind and len(data) <= LARGEST_IMAGE else None
