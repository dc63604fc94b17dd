"""BroughtBack: what came back here as a suggestion, and is taken out of it where it is put back besides.

Runs on the document's thread. Who may not edit suggests anew what a decision had taken out; see `overruled`. The
server, which lets nobody take out like that what is accepted, may put the same text back: then it would be there twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from typing import NamedTuple

from cowrite.core.crdt.anchor import Anchor, Stick, moved
from cowrite.core.crdt.structs import Id
from cowrite.core.document.document import Document
from cowrite.core.marks.turns import held_parts
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import INSERTION, Insert, Op, Span, plain_text, utf16_length

MOST_KNOWN = 20
"""So many texts that were brought back here as a suggestion are known."""


class _Text(NamedTuple):
    """Text that was suggested anew: in which change, its first letter, its words, and their ids."""

    id: str
    start: Anchor
    words: str
    clocks: range


class Came:
    """The text that a change has brought and that nobody suggests.

    Args:
        ops: of the change.
        document: as it is behind it.
        ids: of changes whose mark may lie over it all the same.
    """

    def __init__(self, ops: Sequence[Op], document: Document, ids: Set[str]) -> None:
        self._parts: list[tuple[int, int]] = []
        for index, op in enumerate(ops):
            if isinstance(op, Insert) and op.span.attributes.get(INSERTION) in {None, *ids}:
                start: int = moved(op.at, tuple(ops[index + 1 :]), Stick.RIGHT)
                stop = start + utf16_length(op.span.text)
                if self._parts and self._parts[-1][1] == start:
                    start = self._parts.pop()[0]
                self._parts.append((start, stop))
        self._texts = [document.rope.text(start, stop) for start, stop in self._parts]
        self._whole = "".join(self._texts)  # somebody may have written in the middle of what is put back

    def may_have(self, words: str) -> bool:
        """Whether some of it may be what a text was put back as."""
        return any(_is_of(text, words) for text in (self._whole, *self._texts))

    def has(self, words: str, start: int | None, stop: int | None = None) -> bool:
        """Whether that stands at a position, or in or beside a range."""
        if start is None:
            return False
        last = start if stop is None else stop
        parts = zip(self._parts, self._texts, strict=True)
        here = [text for part, text in parts if part[0] <= last and start <= part[1]]
        return bool(here) and any(_is_of(text, words) for text in (self._whole, *here))


class BroughtBack:
    """What was suggested anew in one document.

    Args:
        document: the draft.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._known: list[_Text] = []

    @property
    def ids(self) -> set[str]:
        """The changes in which it was."""
        return {each.id for each in self._known}

    def note(self, id: str, found: Sequence[tuple[int, Sequence[Span]]]) -> list[list[tuple[Id, int]]]:
        """Notes what was suggested anew.

        Args:
            id: of the change.
            found: where each text came back, from left to right, as positions from before any did; and it.

        Returns:
            The ids of each text: the first unit and the number of each part that was written in a row.
        """
        shift = 0
        ids: list[list[tuple[Id, int]]] = []
        for at, spans in found:
            words = plain_text(spans)
            ids.append([(run, units) for units, run in self._document.anchors.runs(at + shift, words)])
            clocks = range(min(run.clock for run, _ in ids[-1]), max(run.clock + units for run, units in ids[-1]))
            start = self._document.anchor(at + shift, Stick.RIGHT)
            self._known.append(_Text(id, start, words, clocks))
            shift += utf16_length(words)
        del self._known[:-MOST_KNOWN]
        return ids

    def take_out(self, came: Came) -> tuple[Op, ...]:
        """Takes out of its change what has come besides; gives the steps."""
        twice = [(each, at) for each, at in self._found(came) if came.has(each.words, at, self._end(each.id, at))]
        if not twice:
            return ()
        gone = {(each.id, each.words) for each, _ in twice}
        self._known = [each for each in self._known if (each.id, each.words) not in gone]
        stretches = sorted(stretch for each, at in twice for stretch in self._stretches(each, at))
        with self._document.edit(Origin.MENDING, directly=True) as edit:
            edit.delete_all(stretches)
        return tuple(edit.ops)

    def _found(self, came: Came) -> Iterator[tuple[_Text, int]]:
        """What was brought back here that may be among what has come, and where it is."""
        for each in self._known:
            if came.may_have(each.words) and (at := self._document.resolve(each.start)) is not None:
                yield each, at

    def _end(self, id: str, start: int) -> int:
        """Where the last text behind a position ends that is to come in in a change."""
        at = stop = start
        for span in self._document.spans(start):
            at += utf16_length(span.text)
            if span.attributes.get(INSERTION) == id:
                stop = at
        return stop

    def _stretches(self, back: _Text, start: int) -> Iterator[tuple[int, int]]:
        """Where text that was brought back stands in its change, behind a position: position and units of each part.
        Its author may have written in it since, and taken some of it elsewhere."""
        document = self._document
        newest = document.newest_of(document.client_id, back.clocks)
        held = [(Id(client, clocks.start), len(clocks)) for client, clocks in newest]
        places, at = list[tuple[int, str]](), start
        for span in document.spans(start):
            if span.attributes.get(INSERTION) == back.id:
                places.append((at, span.text))
            at += utf16_length(span.text)
        units_of = document.anchors.units_of([(at, utf16_length(words)) for at, words in places])
        for at, words in places:
            for units, run in units_of.runs(at, words):
                for offset, length, is_held in held_parts(run, units, held):
                    if is_held:
                        yield at + offset, length
                at += units


def _is_of(text: str, words: str) -> bool:
    """Whether a text is what is left of words: at least half of them, in their order."""
    rest = iter(words)
    return 2 * len(text) >= len(words) and all(letter in rest for letter in text)
