"""BroughtBack: what came back here as a suggestion, and is taken out of it where it is put back besides.

Runs on the document's thread. Who may not edit suggests anew what a decision had taken out; see `overruled`. The
server, which lets nobody take out like that what is accepted, may put the same text back, or a part of it: that would
be there twice.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence, Set
from typing import NamedTuple

from cowrite.core.crdt.anchor import Anchor, Stick, moved
from cowrite.core.crdt.structs import Id
from cowrite.core.document.document import Document
from cowrite.core.marks.turns import held_parts
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import INSERTION, Insert, Op, Span, plain_text, utf16_length
from cowrite_server.document.ranges import Ranges, joined

MOST_KNOWN = 20
"""So many texts that were brought back here as a suggestion are known."""


class _Letter(NamedTuple):
    """A letter that was suggested anew, its first unit, and how many it has."""

    text: str
    id: Id
    units: int


class _Text(NamedTuple):
    """Text that was suggested anew: in which change, where it begins, and its letters."""

    id: str
    start: Anchor
    letters: tuple[_Letter, ...]

    @property
    def words(self) -> str:
        """It."""
        return "".join(each.text for each in self.letters)

    def divided(self, text: str) -> tuple[_Text, _Text]:
        """What of it a text is, see `_is_of`, and the rest."""
        first, rest = max(0, self.words.find(text)), deque(text)
        part, other = list[_Letter](), list[_Letter]()
        for index, letter in enumerate(self.letters):
            is_in = index >= first and bool(rest) and letter.text == rest[0]
            (part if is_in else other).append(letter)
            if is_in:
                rest.popleft()
        return self._replace(letters=tuple(part)), self._replace(letters=tuple(other))


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

    def of(self, words: str, start: int | None, stop: int | None = None) -> str:
        """What of it that is at a position, or in or beside a range; empty for nothing."""
        if start is None:
            return ""
        last = start if stop is None else stop
        parts = zip(self._parts, self._texts, strict=True)
        here = [text for part, text in parts if part[0] <= last and start <= part[1]]
        return next((text for text in (self._whole, *here) if _is_of(text, words)), "") if here else ""


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
        """Notes what was suggested anew, instead of what was known of the same change.

        Args:
            id: of the change.
            found: where each text came back, from left to right, as positions from before any did; and it.

        Returns:
            The ids of each text: the first unit and the number of each part that was written in a row.
        """
        self._known = [each for each in self._known if each.id != id]
        shift = 0
        ids: list[list[tuple[Id, int]]] = []
        for at, spans in found:
            words = plain_text(spans)
            ids.append([(run, units) for units, run in self._document.anchors.runs(at + shift, words)])
            start = self._document.anchor(at + shift, Stick.RIGHT)
            self._known.append(_Text(id, start, tuple(_letters(words, ids[-1]))))
            shift += utf16_length(words)
        del self._known[:-MOST_KNOWN]
        return ids

    def take_out(self, came: Came) -> tuple[Op, ...]:
        """Takes out of its change what has come besides; gives the steps."""
        known: list[_Text] = []
        stretches: list[tuple[int, int]] = []
        for each in self._known:
            at = self._document.resolve(each.start) if came.may_have(each.words) else None
            text = came.of(each.words, at, self._end(each.id, at)) if at is not None else ""
            twice, rest = each.divided(text) if text else (None, each)
            if twice is not None and at is not None:
                stretches += self._stretches(twice, at)
            if rest.letters:
                known.append(rest)
        self._known = known
        if not stretches:
            return ()
        stretches.sort()
        with self._document.edit(Origin.MENDING, directly=True) as edit:
            edit.delete_all(stretches)
        return tuple(edit.ops)

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
        ids: Ranges = {}
        for each in back.letters:
            ids.setdefault(each.id.client, []).append((each.id.clock, each.units))
        held = [
            (Id(client, clocks.start), len(clocks))
            for writer, runs in joined(ids).items()
            for clock, units in runs
            for client, clocks in document.newest_of(writer, range(clock, clock + units))
        ]
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


def _letters(words: str, runs: Iterable[tuple[Id, int]]) -> Iterator[_Letter]:
    """The letters of words, each of which is in one of the runs by which these go."""
    parts = iter(runs)
    id, left = Id(0, 0), 0
    for letter in words:
        if not left:
            id, left = next(parts)
        units = utf16_length(letter)
        yield _Letter(letter, id, units)
        id, left = Id(id.client, id.clock + units), left - units


def _is_of(text: str, words: str) -> bool:
    """Whether a text is what is left of words: at least half of them, in their order."""
    rest = iter(words)
    return 2 * len(text) >= len(words) and all(letter in rest for letter in text)
