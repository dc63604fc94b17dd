"""Places: where stretches of the body are that are known by their anchors.

Runs on the document's thread. To resolve an anchor can mean to read much of the document (see `core.crdt.anchors`), so
a place that was found moves on with the changes of the body, and is found anew only where something is inserted just at
its start or stop: there the character may be deleted by which the anchor lies, or come back by an undo. Where many
places would move by many steps that go to and fro, it is quicker to find them anew.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence

from cowrite.core.crdt.anchor import Anchor, Stick, moved
from cowrite.core.document.document import Document
from cowrite.core.text.change import Change
from cowrite.core.text.richtext import Delete, Insert, Op, Span, Utf16, utf16_length

MANY = 50
"""From so many stretches on it is quicker to go through the text once."""

MOST_STEPS = 20_000
"""So many steps places move on, all together, until they are found anew."""

MOST_STEPS_EACH = 50
"""So many steps each of them moves on all the same: to find one anew takes at least as long as a hundred."""

Place = tuple[Utf16, Utf16]
"""Start and stop, in UTF-16 units; equal where the text is gone."""


def shifted(place: Place, by: int) -> Place:
    """A place so many units further on."""
    return Utf16(place[0] + by), Utf16(place[1] + by)


class Places:
    """The places of stretches of one document.

    Args:
        document: whose body they are in.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._found: dict[str, Place] = {}
        self._changes: list[_Steps] = []  # since it was looked last: a key costs little more than an entry here
        self._steps = 0  # in these
        document.observe_changes(self._on_change)

    def place(self, key: str, start: Anchor, stop: Anchor) -> Place | None:
        """Where a stretch is now; None where its text is gone or has not arrived.

        Args:
            key: of the stretch; its anchors never change.
            start: anchor of its first character.
            stop: anchor behind its last character.
        """
        self._catch_up()
        found = self._found.get(key)
        if found is None:
            first, last = self._document.resolve(start), self._document.resolve(stop)
            if first is None or last is None:
                return None
            found = self._found[key] = first, last
        return found if found[0] < found[1] else None

    def find(self, stretches: Mapping[str, tuple[Anchor, Anchor]]) -> None:
        """Finds many stretches at once, where none was found before.

        Args:
            stretches: start and stop of each, by its key; see `place`.
        """
        self._catch_up()
        if self._found or len(stretches) < MANY:
            return
        places = self._document.anchors.resolve_all([anchor for ends in stretches.values() for anchor in ends])
        for key, first, last in zip(stretches, places[::2], places[1::2], strict=True):
            if first is not None and last is not None:
                self._found[key] = first, last

    def note(self, key: str, place: Place) -> None:
        """Takes note of where a stretch is whose anchors were made just now, so that it need not be found."""
        if not self._changes:
            self._found[key] = place

    def _catch_up(self) -> None:
        self._document.settle()
        if self._changes:
            changes, self._changes, self._steps = self._changes, [], 0
            moved_on = ((key, _moved(place, changes)) for key, place in self._found.items())
            found = {key: place for key, place in moved_on if place is not None}
            self._found = found if len(self._found) - len(found) < MANY else {}

    def _on_change(self, change: Change) -> None:
        if not self._found:
            return
        row = _row(self._changes[-1].ops, change.ops) if self._changes else None
        if row is not None:
            self._changes[-1] = _Steps((row,))
            return
        steps = _Steps(change.ops)
        self._changes.append(steps)
        self._steps += steps.cost
        if self._steps > max(MOST_STEPS // len(self._found), MOST_STEPS_EACH):
            self._found, self._changes, self._steps = {}, [], 0


class _Steps:
    """The steps of one change by which positions move.

    Args:
        ops: all its steps.

    Attributes:
        ops: those that insert or delete.
        cost: about so many of them are looked at for each position; of those that go through the text from its
            beginning to its end, as most changes do, few are.
    """

    __slots__ = ("_ends", "_shifts", "cost", "ops")

    def __init__(self, ops: Sequence[Op]) -> None:
        self.ops = [op for op in ops if isinstance(op, Insert | Delete)]
        self._ends: list[int] = []  # of each step, in the text before the change, as long as they go through it
        self._shifts = [0]  # by how much what lies behind as many steps has moved
        for op in self.ops:
            shift = self._shifts[-1]
            start = op.at - shift
            if self._ends and start < self._ends[-1]:
                self._ends = []
                break
            length = utf16_length(op.span.text) if isinstance(op, Insert) else -op.length
            self._ends.append(start - min(0, length))
            self._shifts.append(shift + length)
        self.cost = 1 if self._ends else len(self.ops)

    def moved(self, position: int, stick: Stick) -> int | None:
        """Where a position is after them; None where something is inserted just there."""
        first = bisect_left(self._ends, position)  # those before lie wholly before the position
        position += self._shifts[first]
        for index in range(first, len(self.ops)):
            op = self.ops[index]
            if op.at > position and self._ends:
                break
            if isinstance(op, Insert) and op.at == position:
                return None
            position = moved(position, (op,), stick)
        return position


def _row(before: Sequence[Op], behind: Sequence[Op]) -> Op | None:
    """Two changes as one step, where each is one, such as letters that are typed or deleted one after the other."""
    if len(before) != 1 or len(behind) != 1:
        return None
    first, then = before[0], behind[0]
    if isinstance(first, Insert) and isinstance(then, Insert):
        text = first.span.text
        return Insert(first.at, Span(text + then.span.text)) if then.at == first.at + utf16_length(text) else None
    if isinstance(first, Delete) and isinstance(then, Delete) and first.at in (then.at, then.at + then.length):
        return Delete(then.at, Utf16(first.length + then.length))
    return None


def _moved(place: Place, changes: Sequence[_Steps]) -> Place | None:
    """Where a place is after some changes; None where it has to be found anew."""
    start, stop = map(int, place)
    for change in changes:
        first, last = change.moved(start, Stick.RIGHT), change.moved(stop, Stick.LEFT)
        if first is None or last is None:
            return None
        start, stop = first, last
    return Utf16(start), Utf16(stop)
