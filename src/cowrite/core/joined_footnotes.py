"""JoinedFootnotes: the footnotes of a document that are one, as several have written in it at the same moment.

Runs on the document's thread; positions are UTF-16 units. Who writes in a footnote puts another embed in the place of
its embed, so of two who do so apart both embeds stand there, and both say which note they are. Every copy in which
somebody may write puts one in their place, with the words of both, and where one of them has all words it is that one
which stays: each that goes leaves one behind that holds all of it, so nothing goes round, and nothing is lost. Only
what stands in one line is joined, for two who moved it apart have two lines with it; and nothing that is only
suggested.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import blake2b
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from cowrite.core.anchor import Stick, moved
from cowrite.core.change import Change
from cowrite.core.clocks import clock_of
from cowrite.core.embeds import embed_at
from cowrite.core.errors import MalformedUpdate
from cowrite.core.footnotes import LARGEST_STATE, Identity, embed_of, footnote_of, identity_of, is_footnote
from cowrite.core.origin import Origin
from cowrite.core.richtext import (
    DELETION,
    EMBED_CHARACTER,
    INSERTION,
    MARK,
    Format,
    Insert,
    Op,
    Span,
    for_typing,
    inline_part,
    utf16_length,
)

if TYPE_CHECKING:
    from cowrite.core.document import Document
    from cowrite.core.shared_words import SharedWords

FEW = 8
"""With so many steps at most only the lines that they change are looked at, and not the whole text."""

_MERGES = 2
"""The number of who writes nothing."""


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
    from cowrite.core.shared_words import SharedWords  # in most documents nobody writes in footnotes

    client = _pen(document)
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
                return Note(at, span, identity.id, words)
    return Note(at, span, _unit(document, at), SharedWords.begun(said, client))


def note_id(document: Document, at: int) -> str:
    """Which footnote it is whose reference stands at a position; empty where there is none."""
    span = embed_at(document, at)
    if span is None or not is_footnote(span.embed):
        return ""
    identity = identity_of(span.embed)
    return _unit(document, at) if identity is None else identity.id


def places_in_line(document: Document, at: int, id: str) -> list[int]:
    """Where in the line around a position a footnote stands in which somebody has written."""
    rope = document.rope
    start, stop = rope.rfind("\n", at) + 1, rope.find("\n", at)
    found, place = list[int](), start
    for span in rope.spans(start, rope.units if stop < 0 else stop):
        identity = identity_of(span.embed)
        if identity is not None and identity.id == id:
            found.append(place)
        place += utf16_length(span.text)
    return found


def _unit(document: Document, at: int) -> str:
    unit = document.unit_at(at)
    return f"{unit.client}-{unit.clock}"


def _pen(document: Document) -> int:
    """By which number this copy writes in a note now; another one each time, for whoever writes puts in a unit."""
    clock = clock_of(document.state_vector(), document.client_id)
    number = blake2b(f"{document.client_id}-{clock}".encode(), digest_size=4).digest()
    return max(int.from_bytes(number), _MERGES + 1)


class JoinedFootnotes:
    """The footnotes of one document.

    Args:
        document: it.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._is_joining = False

    def after(self, change: Change) -> None:
        """A change was made, and everybody has been told: what is one footnote now is joined."""
        if self._is_joining or change.origin is Origin.STORAGE or not any(map(_may_bring, change.ops)):
            return
        if not self._document.mends or self._document.suggester is not None:
            return
        steps = [step for notes in self._several(change.ops) for step in _joined(notes, change.origin)]
        if not steps:
            return
        origin = Origin.LOCAL if change.origin.is_own else Origin.MENDING
        self._is_joining = True
        try:
            if origin is Origin.LOCAL:
                self._document.go_on_with_undo_step()
            with self._document.edit(origin, directly=True) as edit:
                for at, put in sorted(steps, key=itemgetter(0), reverse=True):
                    if put is not None:
                        edit.insert_span(at, put)
                    edit.delete(at + (put is not None), 1)
        finally:
            self._is_joining = False

    def _several(self, ops: Sequence[Op]) -> Iterator[list[Note]]:
        """The references within one line that are to one footnote, wherever steps may have brought some."""
        for start, stop in self._stretches(ops):
            at, line = start, list[tuple[int, Span]]()
            for span in self._document.spans(start, stop):
                if is_footnote(span.embed) and not {INSERTION, DELETION} & span.attributes.keys():
                    line.append((at, span))
                elif "\n" in span.text:
                    yield from self._alike(line)
                    line = []
                at += utf16_length(span.text)
            yield from self._alike(line)

    def _stretches(self, ops: Sequence[Op]) -> Iterator[tuple[int, int]]:
        """Whole lines in which steps may have brought a footnote; of many steps all of the text."""
        document, rope = self._document, self._document.rope
        if len(ops) > FEW:
            yield 0, document.length
            return
        lines = set[tuple[int, int]]()
        for number, op in enumerate(ops, 1):
            if _may_bring(op):
                at = moved(op.at, tuple(ops[number:]), Stick.LEFT)
                stop = rope.find("\n", min(at + _units(op), rope.units))
                lines.add((rope.rfind("\n", at) + 1, rope.units if stop < 0 else stop))
        yield from lines

    def _alike(self, line: Sequence[tuple[int, Span]]) -> Iterator[list[Note]]:
        """The references of a line that are to one footnote."""
        if len(line) < 2:
            return
        alike: dict[str, list[tuple[int, Span]]] = {}
        for at, span in line:
            identity = identity_of(span.embed)
            alike.setdefault(_unit(self._document, at) if identity is None else identity.id, []).append((at, span))
        for id, each in alike.items():
            notes = [note for at, span in each if (note := note_of(self._document, at, span)).id == id]
            if len(notes) > 1:
                yield notes


def _joined(notes: Sequence[Note], origin: Origin) -> Iterator[tuple[int, Span | None]]:
    """What makes one of several references to one footnote: where each stands that goes, and what comes in before it.

    Args:
        notes: the references, in their order.
        origin: of the change that brought them together. What an undo has brought never stays: its redo takes it out.
    """
    from cowrite.core.shared_words import SharedWords

    whole = SharedWords(_MERGES)
    try:
        for note in notes:
            whole.take(note.words.state)
    except MalformedUpdate:
        return
    stays = None if origin is Origin.UNDO else next((note for note in notes if note.words.is_all_of(whole)), None)
    put = None
    if stays is None and whole.words:
        state = whole.state
        if len(state) > LARGEST_STATE:
            return
        marks = {note.span.attributes.get(MARK) for note in notes}
        looks = for_typing(inline_part(notes[0].span.attributes))
        put = Span(
            EMBED_CHARACTER,
            {**looks, MARK: mark} if len(marks) == 1 and (mark := marks.pop()) is not None else looks,
            embed_of(whole.words, Identity(notes[0].id, state)),
        )
    for note in notes:
        if note is not stays:
            yield note.at, put
            put = None


def _may_bring(op: Op) -> bool:
    """Whether a step may bring a footnote to where its like stands, or have one that was only suggested stand there."""
    if isinstance(op, Insert):
        return is_footnote(op.span.embed)
    return isinstance(op, Format) and any(name in op.attributes for name in (INSERTION, DELETION))


def _units(op: Op) -> int:
    return utf16_length(op.span.text) if isinstance(op, Insert) else op.length
