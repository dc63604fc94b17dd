"""Replay: a room's document rebuilt from its log, with everything that was ever deleted, and its moments.

Because nothing is lost in it, the document at any moment is a matter of leaving out what came later and of undeleting
what was deleted later; no state but the last one has to be kept. Runs on whatever thread calls it.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Mapping, Sequence

from cowrite_server.document.keystroke import is_keystroke
from cowrite_server.document.ranges import Ranges, add_ranges, count_units, joined, without
from cowrite_server.document.replica import Replica
from cowrite_server.document.structs import brought
from cowrite_server.document.updates import MERGE_RUN, RUN_BYTES, check_update, deletions
from cowrite_server.errors import BrokenUpdate, NoSuchMoment, RoomUnreadable
from cowrite_server.history.moments import MUCH, OpenMoment, Part, Parts, all_parts
from cowrite_server.history.odd_rows import odd_entries, odd_rows, refuse
from cowrite_server.store.records import Entry, Moment, RoomHistory, RoomRecord
from cowrite_server.wire.encoding import MalformedMessage

_CLOCK_BYTES = 8
"""To read so much of an update takes no longer than to read how many units the document has of one client."""


class Replay:
    """A room's document and its moments, up to some entry."""

    def __init__(
        self, room: RoomRecord, replica: Replica, moments: Sequence[Moment], seq: int, ends: frozenset[int]
    ) -> None:
        """Not for callers: `read` makes replays.

        Args:
            room: which room.
            replica: the document, which keeps what was deleted; belongs to this object.
            moments: all moments of the document.
            seq: number of the last entry.
            ends: numbers of the entries with which a moment ends in any case.
        """
        self._room = room
        self._ends = ends
        self._replica = replica
        self._moments = list(moments)
        self._open: OpenMoment | None = None
        self._clocks = replica.clocks()
        self._gone: Ranges | None = None  # what all moments have deleted, in order; None while nobody asked
        self.seq = seq
        """Number of the last entry in the document, 0 for none."""

    @classmethod
    def read(cls, room: RoomRecord, history: RoomHistory) -> Replay:
        """The document and the moments of all that is stored of a room.

        Raises:
            DamagedRow: something of it was never written so.
            RoomUnreadable: something of it is damaged.
        """
        refuse(odd_rows(room, history))
        seq = 0 if history.snapshot is None else history.snapshot.seq
        try:
            document = [] if history.snapshot is None else [history.snapshot.document()]
            for data in document:
                check_update(data)
            replay = cls(room, Replica(document, keeps_deleted=True), history.moments, seq, history.ends)
        except (BrokenUpdate, ValueError) as error:
            raise RoomUnreadable(room.name, seq, getattr(error, "reason", str(error))) from error
        replay.play(history.entries)
        return replay

    @property
    def moments(self) -> list[Moment]:
        """All moments of the document, the last one as far as it has come."""
        return self._moments if self._open is None else [*self._moments, self._open.close()]

    def play(self, entries: Sequence[Entry]) -> None:
        """Adds entries of the log, in their order.

        Raises:
            DamagedRow: something of them was never written so.
            RoomUnreadable: one of them is damaged. This object must be thrown away.
        """
        refuse(odd_entries(self._room, entries))
        run: list[Entry] = []
        size = 0
        for entry in entries:
            size += len(entry.data)
            gone = _gone_by(entry)
            if run and count_units(gone) >= MUCH:  # so that it is known what of this was gone before
                self._play_run(run)
                run, size = [], len(entry.data)
            goes_on = count_units(gone) < MUCH or count_units(self._not_gone(gone)) < MUCH
            is_full = len(run) == MERGE_RUN or size > RUN_BYTES
            if run and (is_full or entry.member != run[0].member or not self._takes(entry)):
                self._play_run(run)
                run, size = [], len(entry.data)
            self._moment_of(entry, goes_on=goes_on)
            run.append(entry)
        if run:
            self._play_run(run)

    def document(self) -> bytes:
        """The document as one update, with what was deleted still in it."""
        return self._replica.whole()

    def at(self, seq: int, entries: Sequence[Entry] = ()) -> Replay:
        """The document as it was when some entry had been added.

        Args:
            seq: number of the entry.
            entries: where it is not the last of a moment, the entries of its moment up to it.

        Raises:
            NoSuchMoment: there is no such entry, or the entries that it takes are not there.
            RoomUnreadable: what is stored is damaged.
        """
        if seq < 1 or seq > self.seq:
            raise NoSuchMoment(self._room.name, seq)
        return self._played(seq, seq, entries, self._ends)

    def pieces(self, moment: Moment, seq: int, entries: Sequence[Entry]) -> list[Moment]:
        """What takes the place of a moment, so that one ends with an entry within it.

        Args:
            moment: it, as it is stored.
            seq: number of the entry.
            entries: all of the moment.

        Raises:
            NoSuchMoment: not all of them are there.
            RoomUnreadable: what is stored is damaged.
        """
        before = moment.first - 1
        # What the moment before it once had is not its: it stays as it is.
        earlier = self._played(seq, moment.last, entries, self._ends | {before, seq})
        return [piece for piece in earlier.moments if piece.last > before]

    def _played(self, seq: int, upto: int, entries: Sequence[Entry], ends: frozenset[int]) -> Replay:
        """The document as it was before the moment of an entry, with all entries up to another one of that moment."""
        before = [moment for moment in self.moments if moment.last <= seq]
        last = before[-1].last if before else 0
        if [entry.seq for entry in entries] != list(range(last + 1, upto + 1)):
            raise NoSuchMoment(self._room.name, seq)
        try:
            parts = all_parts(before)
            earlier = Replay(self._room, self._replica.at(_clocks(parts), _deleted(parts)), before, last, ends)
        except (BrokenUpdate, MalformedMessage) as error:
            raise RoomUnreadable(self._room.name, seq, str(error)) from error
        earlier.play(entries)
        return earlier

    def needs(self, seq: int) -> tuple[int, int]:
        """Which entries `at` needs for an entry: those with larger numbers than the first, up to the second."""
        return max((moment.last for moment in self.moments if moment.last <= seq), default=0), seq

    def parts(self) -> Parts:
        """What each member has done, in all moments together.

        Raises:
            RoomUnreadable: what is stored is damaged.
        """
        try:
            return all_parts(self.moments)
        except MalformedMessage as error:
            raise RoomUnreadable(self._room.name, self.seq, str(error)) from error

    def knows_all_authors(self) -> bool:
        """Whether the moments say of everything in the document who wrote it.

        Raises:
            RoomUnreadable: what is stored is damaged.
        """
        return _clocks(self.parts()) == self._clocks

    def _moment(self) -> OpenMoment:
        assert self._open is not None
        return self._open

    def _takes(self, entry: Entry) -> bool:
        """Whether an entry belongs to the moment that may go on."""
        moment = self._moment()
        return moment.last not in self._ends and moment.takes(entry)

    def _moment_of(self, entry: Entry, *, goes_on: bool) -> None:
        if self._open is None and self._moments:
            try:
                self._open = OpenMoment.reopen(self._moments.pop())
            except MalformedMessage as error:
                raise RoomUnreadable(self._room.name, entry.seq, str(error)) from error
        if self._open is not None and goes_on and self._takes(entry):
            self._open.take(entry)
            return
        if self._open is not None:
            self._moments.append(self._open.close())
        self._open = OpenMoment.begin(self._room.id, entry)

    def _play_run(self, run: list[Entry]) -> None:
        """Adds entries of one member in one moment, and notes in the moment what they did."""
        for entry in run:
            try:
                check_update(entry.data)
            except BrokenUpdate as error:
                raise RoomUnreadable(self._room.name, entry.seq, error.reason) from error
        try:
            waited = self._replica.waits
            update = self._replica.add_known([entry.data for entry in run])
            deleted = {} if _only_writes(update) else self._newly_gone(self._replica.deleted_by(update))
            are_all = waited or not self._brings_all(update)
            if are_all:
                ends = self._replica.clocks()
            else:
                ends = {client: max(map(sum, units)) for client, units in brought(update)[0].items()}
        except BrokenUpdate as error:
            raise RoomUnreadable(self._room.name, run[-1].seq, error.reason) from error
        part = self._moment().parts.setdefault(run[0].member, Part())
        for client, end in ends.items():
            start = self._clocks.get(client, 0)
            if end > start:
                add_ranges(part.inserted, {client: [(start, end - start)]})
                self._clocks[client] = end
        if are_all:
            self._clocks = ends  # what had found its place may have lost it
        add_ranges(part.deleted, deleted)
        self.seq = run[-1].seq

    def _brings_all(self, update: bytes) -> bool:
        """Whether an update that was added where nothing waited has brought all that it holds and nothing else, and is
        sooner read than how many units the document has of each client. It may have thousands of these."""
        if len(update) > _CLOCK_BYTES * len(self._clocks) or self._replica.waits:
            return False
        return is_keystroke(update) or not self._replica.has_pairs

    def _newly_gone(self, deleted: Ranges) -> Ranges:
        """Of what an update deletes what nobody has before: whoever comes back sends with their own changes all that
        was ever deleted.

        Raises:
            RoomUnreadable: what is stored is damaged.
        """
        if not deleted:
            return deleted
        new = self._not_gone(deleted)
        assert self._gone is not None
        for client, found in new.items():
            known = self._gone.setdefault(client, [])
            for each in found:
                insort(known, each)
        return new

    def _not_gone(self, deleted: Ranges) -> Ranges:
        """Of some units those that nobody has deleted.

        Raises:
            RoomUnreadable: what is stored is damaged.
        """
        if self._gone is None:
            self._gone = joined(_deleted(self.parts()))
        return without(joined(deleted), self._gone)


def _gone_by(entry: Entry) -> Ranges:
    """What an entry deletes; nothing where its update cannot be read, which is said where it is added."""
    if _only_writes(entry.data):
        return {}
    try:
        return deletions(entry.data)
    except BrokenUpdate:
        return {}


def _only_writes(update: bytes) -> bool:
    """Whether an update deletes nothing: its list of deletions is empty."""
    return update.endswith(b"\0")


def _clocks(parts: Mapping[int | None, Part]) -> dict[int, int]:
    clocks: dict[int, int] = {}
    for part in parts.values():
        for client, ranges in part.inserted.items():
            clocks[client] = max(clocks.get(client, 0), *(at + length for at, length in ranges))
    return clocks


def _deleted(parts: Mapping[int | None, Part]) -> Ranges:
    deleted: Ranges = {}
    for part in parts.values():
        add_ranges(deleted, part.deleted)
    return deleted
