"""Passages: what a thread of comments is about, as its entry tells of it.

Runs on the document's thread. A passage is known by its anchors and, where it is the reference of a footnote, by which
footnote that is. Text that is moved, or that an undo brings back, is written anew, and its anchors are written down
again behind those before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from cowrite.core.crdt.anchor import Anchor, BadAnchor
from cowrite.core.document.document import Document
from cowrite.core.entries.fields import Fields, objects, text
from cowrite.core.footnotes.note import note_id, places_in_line
from cowrite.core.marks.comeback import Comeback, again
from cowrite.core.text.richtext import Utf16
from cowrite.core.writing.places import Place, Places

MOST_MOVES = 16
"""So many passages are kept on which a thread came to stand, the newest ones; undo leads back to one of them."""

_MOVED = "moved"
_NOTE = "footnote"


class Passage(NamedTuple):
    """What a thread is about, or was before its text was moved.

    Attributes:
        key: see `Places`.
        ends: its anchors.
        note: which footnote it is, where it is the reference of one; else empty.
    """

    key: str
    ends: tuple[Anchor, Anchor]
    note: str


def passages_of(id: str, fields: Fields) -> tuple[Passage, ...]:
    """The passages that the entry of a thread tells of, the newest first; of those that can be read."""
    found = []
    for passage in _stored(fields):
        with suppress(BadAnchor):
            start, stop = Anchor.from_json(passage.get("start")), Anchor.from_json(passage.get("stop"))
            found.append(Passage(f"{id} {start} {stop}", (start, stop), text(passage, _NOTE)))
    return tuple(found)


def passage_fields(document: Document, place: Place, ends: tuple[Anchor, Anchor]) -> dict[str, Any]:
    """What is written down of a passage.

    Args:
        document: has it.
        place: where it is.
        ends: its anchors.
    """
    passage = {"start": ends[0].to_json(), "stop": ends[1].to_json()}
    note = note_id(document, place[0]) if place[1] - place[0] == 1 else ""
    return {**passage, _NOTE: note} if note else passage


def moved_to(passage: dict[str, Any], fields: Fields) -> dict[str, Any]:
    """What changes in the entry of a thread that comes to stand on another passage; nothing where it is on that."""
    if _stored(fields)[0] == passage:
        return {}
    return {_MOVED: [*objects(fields, _MOVED)[1 - MOST_MOVES :], passage]}


def place_of(
    passages: Iterable[Passage], places: Places, document: Document, back: Callable[[], Sequence[Comeback]]
) -> Place | None:
    """Where a thread stands: on the newest of its passages of which there is text. Who writes in a footnote puts
    another reference in the place of its reference.

    Args:
        passages: of the thread, the newest first.
        places: of passages.
        document: has it.
        back: gives what was put back of suggested changes.
    """
    passages = list(passages)
    for key, (start, stop), note in passages:
        place = places.place(key, start, stop)
        if place is None and note and (at := document.resolve(start)) is not None:
            place = next(((Utf16(at), Utf16(at + 1)) for at in places_in_line(document, at, note)), None)
        if place is not None:
            return place
    for key, ends, _note in passages:
        start, stop = (again(end, back()) for end in ends)
        if (start, stop) != ends and (place := places.place(f"{key} {start} {stop}", start, stop)) is not None:
            return place
    return None


def _stored(fields: Fields) -> list[Fields]:
    """The passages on which a thread came to stand as they are written down, the newest first."""
    first = {name: fields[name] for name in ("start", "stop", _NOTE) if name in fields}
    return [*reversed(objects(fields, _MOVED)[-MOST_MOVES:]), first]
