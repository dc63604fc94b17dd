"""Redone: text that this replica's undo has brought back. Yjs writes it anew, so it goes by other ids then.

Pure. Other replicas cannot know that the text is the same, in Yjs as here.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from cowrite.core.crdt.structs import Content, Id, Struct


class _Stretch(NamedTuple):
    """Units of one client that were deleted, and the first of those that an undo wrote in their place."""

    clock: int
    length: int
    by: Id


class Redone:
    """What one replica's undo and redo have brought back.

    Args:
        client: the replica's number in the CRDT.
    """

    def __init__(self, client: int) -> None:
        self._client = client
        self._of: dict[int, list[_Stretch]] = {}  # by the client that wrote what was deleted

    def note(self, structs: Iterable[Struct]) -> None:
        """Takes in what an undo or redo has written.

        It writes text just left of the deleted block and as long.

        Args:
            structs: of the update of the undo's transaction.
        """
        for struct in structs:
            if struct.client == self._client and struct.content in (Content.STRING, Content.EMBED):
                deleted = struct.right_origin
                if deleted is not None:
                    stretch = _Stretch(deleted.clock, struct.length, Id(struct.client, struct.clock))
                    insort(self._of.setdefault(deleted.client, []), stretch)

    def newest(self, id: Id) -> Id:
        """The id by which a unit goes after undo has brought it back, perhaps more than once."""
        while True:
            redone = self._of.get(id.client)
            if not redone:
                return id
            index = bisect_right(redone, id.clock, key=lambda each: each.clock) - 1
            if index < 0 or id.clock >= redone[index].clock + redone[index].length:
                return id
            by = redone[index].by
            id = Id(by.client, by.clock + id.clock - redone[index].clock)

    def newest_of(self, client: int, units: range) -> Iterator[tuple[int, range]]:
        """By which ids units go then: clients and their clocks."""
        waiting = [(client, units)]
        while waiting:
            client, units = waiting.pop()
            redone, start = self._of.get(client, []), units.start
            first = max(0, bisect_right(redone, start, key=lambda each: each.clock) - 1)
            for at in range(first, len(redone)):
                each = redone[at]
                if each.clock >= units.stop:
                    break
                back = range(max(start, each.clock), min(units.stop, each.clock + each.length))
                if not back:
                    continue
                if start < back.start:
                    yield client, range(start, back.start)
                moved = each.by.clock - each.clock
                waiting.append((each.by.client, range(back.start + moved, back.stop + moved)))
                start = back.stop
            if start < units.stop:
                yield client, range(start, units.stop)

    def all_of(self, client: int, units: range) -> Iterator[tuple[int, range]]:
        """By which ids units have gone since, the first ones included: clients and their clocks."""
        waiting = [(client, units)]
        while waiting:
            client, units = waiting.pop()
            yield client, units
            redone = self._of.get(client, [])
            first = max(0, bisect_right(redone, units.start, key=lambda each: each.clock) - 1)
            for at in range(first, bisect_left(redone, units.stop, key=lambda each: each.clock)):
                each = redone[at]
                back = range(max(units.start, each.clock), min(units.stop, each.clock + each.length))
                if back:
                    moved = each.by.clock - each.clock
                    waiting.append((each.by.client, range(back.start + moved, back.stop + moved)))

    def first(self, id: Id) -> Id:
        """Of a unit that was brought back, that which was deleted first; of any other, itself."""
        while (former := self._former(id)) is not None:
            id = former
        return id

    def _former(self, id: Id) -> Id | None:
        """The deleted unit as which undo has brought one back; None for none."""
        if id.client != self._client:
            return None
        found = (
            Id(client, each.clock + id.clock - each.by.clock)
            for client, redone in self._of.items()
            for each in redone
            if each.by.clock <= id.clock < each.by.clock + each.length
        )
        return next(found, None)
