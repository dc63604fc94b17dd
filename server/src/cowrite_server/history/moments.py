"""Moments: a room's history in steps that mean something to people, grouped by author and pause.

A moment goes on while the same people write without a long pause. Somebody else begins a new one, unless they write at
the same time. So does a restoring, and what takes much away at once, else nobody could choose what was there before
it. A moment that was given a name ends where it did then (`Replay`), else the name would come to stand for more.
Grouping looks at one entry after the other, so moments come out the same wherever it stopped between.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from cowrite_server.document.ranges import Ranges, add_ranges, encode_ranges, joined, read_ranges
from cowrite_server.store.records import Entry, Moment
from cowrite_server.wire.encoding import MalformedMessage, Reader, var_uint

PAUSE = 2 * 60_000
"""Milliseconds without an entry that end a moment, and by which the clock may be set back within one."""

LONGEST = 10 * 60_000
"""Milliseconds after which a moment ends even without a pause."""

TOGETHER = 5_000
"""Milliseconds within which two people write at the same time, in one moment."""

MOST_ENTRIES = 5_000
"""Entries after which a moment ends; opening the document within a moment reads its entries."""

MUCH = 100
"""Units that an entry takes away, before which a moment ends."""


@dataclass(slots=True)
class Part:
    """What one member did within a moment.

    Attributes:
        inserted: what it added, formats included.
        deleted: what it deleted.
    """

    inserted: Ranges = field(default_factory=dict)
    deleted: Ranges = field(default_factory=dict)


Parts = dict[int | None, Part]
"""What each member did, by its number; None for those who are none."""


@dataclass(slots=True)
class OpenMoment:
    """A moment to which entries may still be added; the fields are those of `store.records.Moment`."""

    room: int
    first: int
    last: int
    begun: int
    ended: int
    parts: Parts

    @classmethod
    def begin(cls, room: int, entry: Entry) -> OpenMoment:
        """The moment that begins with an entry."""
        return cls(room, entry.seq, entry.seq, entry.time, entry.time, {entry.member: Part()})

    @classmethod
    def reopen(cls, moment: Moment) -> OpenMoment:
        """A moment that was closed.

        Raises:
            MalformedMessage: it is damaged.
        """
        return cls(moment.room, moment.first, moment.last, moment.begun, moment.ended, decode_parts(moment.data))

    def takes(self, entry: Entry) -> bool:
        """Whether an entry belongs to this moment."""
        since = entry.time - self.ended
        # A clock that was set back by more than a pause does not say how long nobody wrote; it may have been days.
        if entry.begins or abs(since) > PAUSE:
            return False
        if entry.time - self.begun > LONGEST or entry.seq - self.first >= MOST_ENTRIES:
            return False
        alone = len(self.parts) == 1 and entry.member in self.parts
        return alone or since <= TOGETHER

    def take(self, entry: Entry) -> None:
        """Adds an entry; what it did has to be noted in `parts`."""
        self.last = entry.seq
        self.ended = max(self.ended, entry.time)  # clocks are set back at times
        self.parts.setdefault(entry.member, Part())

    def close(self) -> Moment:
        """The moment as the store keeps it."""
        data = encode_parts(self.parts)
        return Moment(self.room, self.first, self.last, self.begun, self.ended, data)


def encode_parts(parts: Parts) -> bytes:
    """The `data` of a moment: count of members, for each its number plus one (0 for none), and two sets of ranges."""
    encoded = bytearray(var_uint(len(parts)))
    for member, part in parts.items():
        encoded += var_uint(0 if member is None else member + 1)
        encoded += encode_ranges(joined(part.inserted)) + encode_ranges(joined(part.deleted))
    return bytes(encoded)


def decode_parts(data: bytes) -> Parts:
    """What `encode_parts` has written.

    Raises:
        MalformedMessage: it is damaged.
    """
    reader = Reader(data)
    parts: Parts = {}
    for _ in range(reader.var_uint()):
        number = reader.var_uint()
        parts[number - 1 if number else None] = Part(read_ranges(reader), read_ranges(reader))
    if not reader.at_end:
        raise MalformedMessage("a moment goes on after its end")
    return parts


def all_parts(moments: Iterable[Moment]) -> Parts:
    """What each member did in all of these moments together.

    Raises:
        MalformedMessage: a moment is damaged.
    """
    parts: Parts = {}
    for moment in moments:
        for member, part in decode_parts(moment.data).items():
            whole = parts.setdefault(member, Part())
            add_ranges(whole.inserted, part.inserted)
            add_ranges(whole.deleted, part.deleted)
    return parts
