"""Note: one reference to a footnote, and which footnote that is.

Runs on the document's thread; positions are UTF-16 units. An embed in whose footnote somebody has written says which
one it is; before that it is known by the unit that stands for it.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from cowrite.core.crdt.clocks import clock_of
from cowrite.core.crdt.structs import Id
from cowrite.core.document.document import Document
from cowrite.core.errors import MalformedUpdate
from cowrite.core.text.footnotes import footnote_of, identity_of, is_footnote
from cowrite.core.text.richtext import Span, utf16_length
from cowrite.core.writing.embeds import embed_at

if TYPE_CHECKING:
    from cowrite.core.footnotes.shared_words import SharedWords

MERGES = 2
"""The number of who writes nothing."""

_ID = re.compile(r"(\d{1,16})-(\d{1,10})", re.ASCII)


class Note(NamedTuple):
    """One reference to a footnote.

    Attributes:
        at: where it stands.
        span: it.
        id: which footnote it is.
        words: what that says.
    """

    at: int
    span: Span
    id: str
    words: SharedWords


def note_of(document: Document, at: int, span: Span) -> Note:
    """The footnote whose reference stands at a position. One in which nobody has written yet is known by the unit that
    stands for it; so is one of which an embed says what cannot be."""
    from cowrite.core.footnotes.shared_words import SharedWords  # in most documents nobody writes in footnotes

    client = pen(document)
    identity = identity_of(span.embed)
    said = footnote_of(span.embed) or ()
    if identity is not None:
        words = SharedWords(client)
        try:
            words.take(identity.state)
        except MalformedUpdate:
            pass
        else:
            if words.words == said:
                return Note(at, span, first_id(document, identity.id), words)
    return Note(at, span, _unit(document, at), SharedWords.begun(said, client))


def note_id(document: Document, at: int) -> str:
    """Which footnote it is whose reference stands at a position; empty where there is none."""
    span = embed_at(document, at)
    return id_of(document, at, span) if span is not None and is_footnote(span.embed) else ""


def id_of(document: Document, at: int, span: Span) -> str:
    """Which footnote it is to which a span at a position is the reference."""
    identity = identity_of(span.embed)
    return _unit(document, at) if identity is None else first_id(document, identity.id)


def places_in_line(document: Document, at: int, id: str) -> list[int]:
    """Where in the line around a position a footnote stands in which somebody has written."""
    rope = document.rope
    start, stop = rope.rfind("\n", at) + 1, rope.find("\n", at)
    found, place = list[int](), start
    for span in rope.spans(start, rope.units if stop < 0 else stop):
        identity = identity_of(span.embed)
        if identity is not None and first_id(document, identity.id) == id:
            found.append(place)
        place += utf16_length(span.text)
    return found


def first_id(document: Document, id: str) -> str:
    """The id of a footnote before the undo of the person here has brought it back, for others do not know that."""
    match = _ID.fullmatch(id)
    return id if match is None else _name(document.anchors.redone.first(Id(int(match[1]), int(match[2]))))


def pen(document: Document, which: str = "") -> int:
    """By which number this copy writes in a note now; another one each time, for whoever writes puts in a unit.

    Args:
        document: the document.
        which: tells several apart by which it writes at one time.
    """
    clock = clock_of(document.state_vector(), document.client_id)
    number = blake2b(f"{document.client_id}-{clock}{which}".encode(), digest_size=4).digest()
    return max(int.from_bytes(number), MERGES + 1)


def _unit(document: Document, at: int) -> str:
    return _name(document.anchors.unit_at(at))


def _name(unit: Id) -> str:
    return f"{unit.client}-{unit.clock}"
