"""EntryUnits: which units of the CRDT hold what an entry says, so that it can be asked who has brought them.

Pure, and used by one thread at a time. The library tells nothing of the units in maps, so they are read from updates:
all of a document at first, then only what has come since.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from cowrite.core.crdt.structs import Content, Id, Struct, read_all

_NO_VALUES = frozenset((Content.GARBAGE, Content.GAP, Content.STRING, Content.EMBED, Content.FORMAT))


class _Place(NamedTuple):
    """Where a value of a map lies.

    Attributes:
        of: the map: a root by its name, any other by the unit that made it.
        key: under which it lies there.
    """

    of: str | Id
    key: str


class _Run(NamedTuple):
    """Units of one client, all of them values of one place."""

    clock: int
    stop: int
    place: _Place


class EntryUnits:
    """The units of one document's entries and of their fields.

    Args:
        fields: the names of those fields that matter, by the roots that do.
    """

    def __init__(self, fields: Mapping[str, Collection[str]]) -> None:
        self._fields = fields
        self._names = frozenset(name for names in fields.values() for name in names)
        self._values: dict[_Place, Id] = {}
        # By client, in order. What takes the place of another value names no place, only the unit that it follows.
        self._runs: dict[int, list[_Run]] = {}

    def take(self, update: bytes) -> None:
        """Reads what a document has beyond all that was read before, in Yjs' encoding (v1).

        Raises:
            MalformedUpdate: it cannot be read.
        """
        structs, deleted = read_all(update)
        new: dict[int, list[Struct]] = {}
        for struct in structs:
            if self._may_matter(struct):
                new.setdefault(struct.client, []).append(struct)
        found: dict[Id, _Place | None] = {}
        for struct in (each for of in new.values() for each in of):
            place = self._place_of(struct, new, found)
            if place is not None:
                stop = struct.clock + struct.length
                runs = self._runs.setdefault(struct.client, [])
                if _covering(runs, struct.clock) is None:  # what follows a gap comes again and again
                    insort(runs, _Run(struct.clock, stop, place), key=_clock)
                is_gone = any(stop - 1 in gone for gone in deleted.get(struct.client, ()))
                if struct.content is not Content.DELETED and not is_gone:
                    self._values[place] = Id(struct.client, stop - 1)

    def of(self, root: str, id: str) -> tuple[Id, ...]:
        """The unit of an entry, and those of its fields that matter; empty where the entry was not read yet."""
        made = self._values.get(_Place(root, id))
        if made is None:
            return ()
        values = (self._values.get(_Place(made, field)) for field in self._fields[root])
        return made, *(value for value in values if value is not None)

    def _may_matter(self, struct: Struct) -> bool:
        if struct.content in _NO_VALUES:
            return False
        if struct.key:
            return struct.root in self._fields or (struct.within is not None and struct.key in self._names)
        return struct.origin is not None

    def _place_of(self, struct: Struct, new: dict[int, list[Struct]], found: dict[Id, _Place | None]) -> _Place | None:
        """Where a struct lies: it says so itself, or lies where the unit lies that it follows.

        Args:
            struct: it.
            new: all those of the update, in order.
            found: of which of them it was found already.
        """
        way: list[Id] = []
        place: _Place | None = None
        at: Struct | None = struct
        while at is not None:
            start = Id(at.client, at.clock)
            if start in found:
                place = found[start]
                break
            found[start] = None  # a hostile update can lead in a circle
            way.append(start)
            if at.key:
                place = _Place(at.root or at.within or "", at.key)
                break
            assert at.origin is not None, "see `_may_matter`"
            known = _covering(self._runs.get(at.origin.client, ()), at.origin.clock)
            if known is not None:
                place = known.place
                break
            at = _holder(new.get(at.origin.client, ()), at.origin.clock)
        found |= dict.fromkeys(way, place)
        return place


def _clock(each: _Run | Struct) -> int:
    return each.clock


def _covering(runs: Sequence[_Run], clock: int) -> _Run | None:
    at = bisect_right(runs, clock, key=_clock) - 1
    return runs[at] if at >= 0 and clock < runs[at].stop else None


def _holder(structs: Sequence[Struct], clock: int) -> Struct | None:
    at = bisect_right(structs, clock, key=_clock) - 1
    return structs[at] if at >= 0 and clock < structs[at].clock + structs[at].length else None
