"""StepLooks: which looks one step has set on text that was there, or taken from it, and where.

Runs on the document's thread. A look reaches from the place where it is set to the place where it is taken away. For
example, Bo makes a paragraph bold, and Ada makes a word of it plain: behind her word stands where bold goes on. Yjs'
undo takes out what Bo has written, so that all the rest of the document would be bold from there. So where bold goes on
is taken out with Bo's step; and what stands outside of his paragraph keeps the looks that it had before the undo.

Only where Ada had seen that step. Else what she has set may have been hidden behind it until then, and Yjs is right.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from pycrdt import Doc, StackItem

from cowrite.core.crdt.structs import Id, Struct, read_all
from cowrite.core.document.step_text import StepText
from cowrite.core.marks.step_marks import looks_of
from cowrite.core.marks.turns import Turn
from cowrite.core.text.richtext import Attributes, Format, Op
from cowrite_server.document.ranges import Ranges, add_ranges, joined, read_ranges, without
from cowrite_server.wire.encoding import Reader

AT_ENDS = 20
"""Of units that were written in a row, so many at each end tell how far they reach: all that one format is made of."""

MOST_UNITS = 500
"""So many units of a step are looked for, each from the beginning of the text."""


class End(NamedTuple):
    """Where somebody's look ends within a step's, and that one goes on.

    Attributes:
        id: of what is written there.
        at: where that is.
        name: of the look.
        wanted: which look the text behind it is to have without the step.
    """

    id: Id
    at: int
    name: str
    wanted: Any


class StepLooks:
    """The looks of one step.

    Args:
        clocks: the state vector of the document when the first of them was set.
        others: see below.
        text: what is known of the text.

    Attributes:
        others: how often others had changed the document by then.
    """

    def __init__(self, clocks: bytes, others: int, text: StepText) -> None:
        self._clocks = clocks
        self.others = others
        self._text = text
        self._values: dict[str, list[Any]] = {}
        self._is_seen = False
        self._first: list[Id] = []  # what it had written and deleted at first; others may have deleted some of that
        self._units: list[Id] = []  # that, and what it has been turned into
        self._ends: list[tuple[Id, str, Id | None]] = []  # see `_ends_in`

    @property
    def names(self) -> frozenset[str]:
        """Which these are."""
        return frozenset(self._values)

    def add(self, ops: Sequence[Op]) -> None:
        """Notes what an edit has set.

        Args:
            ops: its steps.
        """
        for op in ops:
            for name in looks_of((op,)):
                assert isinstance(op, Format)
                values = self._values.setdefault(name, [])
                if op.attributes[name] not in values:
                    values.append(op.attributes[name])

    def is_seen(self, doc: Doc[Any], step: StackItem[Any], steps: Iterable[StackItem[Any]], *, is_redo: bool) -> bool:
        """Whether somebody else has gone on from what the step has set; as far as it is worth the time to know.

        Args:
            doc: the CRDT.
            step: the step, which is to be turned.
            steps: all that this person has done.
            is_redo: whether it is to be brought back.
        """
        now = list(_ends_of(step))
        self._first = self._first or now
        self._units = [*{*self._first, *now}]
        if len(self._units) > MOST_UNITS:
            return False
        structs, deleted = read_all(doc.get_update(self._clocks))
        is_apart = _is_taken_apart(step, steps, deleted)
        self._ends = [] if is_redo else list(self._ends_in(structs, doc.client_id, has_lone=is_apart))
        is_beside = _is_written_beside(structs, doc.client_id, _ranges(step.insertions))
        self._is_seen = self._is_seen or is_apart or is_beside or bool(self._ends)
        return self._is_seen

    def ends(self, look_before: Callable[[int], Attributes]) -> Iterator[End]:
        """Where others' looks end within the step's, and that one goes on.

        Args:
            look_before: the look of the character before a position.
        """
        for id, name, begun in self._ends:
            at = self._text.place_of(id)
            begin = at if begun is None else self._text.place_of(begun)
            if at is not None and begin is not None:
                yield End(id, at, name, look_before(begin).get(name))

    def divided(self, turned: Iterable[Turn]) -> tuple[list[Turn], list[Turn]]:
        """What of text that was turned lies within what the step has set, and what outside.

        Args:
            turned: the text, and its looks.
        """
        start, stop = self._reach()
        inside, outside = list[Turn](), list[Turn]()
        for each in turned:
            end = each.at + each.units
            first, last = min(max(start, each.at), end), min(max(stop, each.at), end)
            for at, behind, parts in ((each.at, first, outside), (first, last, inside), (last, end, outside)):
                if at < behind:
                    parts.append(each._replace(at=at, units=behind - at))
        return inside, outside

    def _ends_in(
        self, structs: Iterable[Struct], client: int, *, has_lone: bool
    ) -> Iterator[tuple[Id, str, Id | None]]:
        """Where others have set a look of their own within the step's, and this one again behind it: what they have
        written there, its name, and what they have written where theirs begins; None where it begins with the step's.

        Args:
            structs: what was written since.
            client: this replica's.
            has_lone: whether others have taken away where the step's begins.
        """
        formats = [each for each in structs if each.client != client and each.name in self._values]
        begun: dict[tuple[int, str], Struct] = {}
        found = list[tuple[Struct, Struct | None]]()
        for each in formats if len(formats) <= MOST_UNITS else ():
            if not self._text.is_brought_back(_id(each)):  # that stands in any order
                first = begun.pop((each.client, each.name), None)
                if first is None:
                    begun[each.client, each.name] = each
                else:
                    found.append((each, first))
        if has_lone:
            found += [(each, None) for each in begun.values()]
        else:  # one that is left over says that they were not written two by two
            found = [each for each in found if (each[0].client, each[0].name) not in begun]
        found = [each for each in found if _value_of(each[0]) in self._values[each[0].name]]
        start, stop = self._reach() if found else (0, 0)
        for last, beginning in found:
            at = self._text.place_of(_id(last))
            begin = start if beginning is None else self._text.place_of(_id(beginning))
            is_other = beginning is None or beginning.value != last.value
            if at is not None and begin is not None and is_other and begin <= at and start <= at < stop:
                yield _id(last), last.name, None if beginning is None else _id(beginning)

    def _reach(self) -> tuple[int, int]:
        """From where to where the step has set looks."""
        places = [at for at in map(self._text.place_of, self._units) if at is not None]
        return (min(places), max(places)) if places else (0, 0)


def _id(struct: Struct) -> Id:
    return Id(struct.client, struct.clock)


def _value_of(struct: Struct) -> Any:
    """What a format sets; itself where that is no JSON, which no step of ours has set."""
    try:
        return json.loads(struct.value)
    except ValueError:
        return struct


def _is_written_beside(structs: Iterable[Struct], client: int, written: Ranges) -> bool:
    """Whether others have written beside what a step has written."""
    own = written.get(client, ())
    beside = (id for each in structs if each.client != client for id in (each.origin, each.right_origin) if id)
    return any(
        id.client == client and any(clock <= id.clock < clock + length for clock, length in own) for id in beside
    )


def _is_taken_apart(step: StackItem[Any], steps: Iterable[StackItem[Any]], deleted: dict[int, list[range]]) -> bool:
    """Whether others have deleted something of what a step has written."""
    written = joined(_ranges(step.insertions))
    all_gone = {client: [(each.start, len(each)) for each in found] for client, found in deleted.items()}
    gone = without(written, joined(without(written, joined(all_gone))))
    own: Ranges = {}
    for each in steps if gone else ():
        add_ranges(own, _ranges(each.deletions))
    return bool(without(gone, joined(own)))


def _ends_of(step: StackItem[Any]) -> Iterator[Id]:
    """The units at the ends of all that a step has written and deleted in a row."""
    for units in (step.insertions, step.deletions):
        for client, found in _ranges(units).items():
            for clock, length in found:
                for offset in sorted({*range(length)[:AT_ENDS], *range(length)[-AT_ENDS:]}):
                    yield Id(client, clock + offset)


def _ranges(units: Any) -> Ranges:
    return read_ranges(Reader(units.encode()))
