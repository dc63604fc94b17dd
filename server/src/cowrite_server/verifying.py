"""Verifying: walks all that is stored and says what is unsound, and in which room. Changes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Sequence

from cowrite_server.document.replica import Replica
from cowrite_server.document.updates import EMPTY_UPDATE, check_update, merge
from cowrite_server.errors import BrokenUpdate, DamagedRow, RoomUnreadable
from cowrite_server.history.odd_rows import odd_entries, odd_rows
from cowrite_server.history.replay import Replay
from cowrite_server.store.records import Entry, RoomHistory, RoomRecord, split_by
from cowrite_server.store.soundness import Fault
from cowrite_server.store.store import Store

_AT_ONCE = 5000
"""Entries that are looked at together."""


async def faults(
    store: Store, without: Collection[int] = (), tell: Callable[[str], None] = lambda _: None
) -> AsyncIterator[Fault]:
    """What is unsound in a store.

    Args:
        store: the store.
        without: keys of rooms that are not looked at, nor what is theirs alone.
        tell: takes sentences about what is sound and worth knowing.

    Raises:
        StoreFailed: something could not be read at all.
    """
    left = frozenset(without)
    for fault in await store.damage():
        if not fault.rooms or fault.rooms - left:
            yield fault
    for room in await store.list_rooms():
        if room.id not in left:
            async for sentence in _faults_of(room, store, tell):
                yield Fault(sentence, frozenset((room.id,)))


async def _faults_of(room: RoomRecord, store: Store, tell: Callable[[str], None]) -> AsyncIterator[str]:
    """What is unsound in the document and the history of a room."""
    try:
        history = await store.read_history(room.id)
    except DamagedRow as error:
        yield error.sentence
        return
    covered = 0 if history.snapshot is None else history.snapshot.seq
    check = await asyncio.to_thread(RoomCheck, room, history)
    is_sound = not check.found
    for sentence in check.found:
        yield sentence
    # Those that are still kept of the entries up to the snapshot may be more than fit into memory.
    for after in range(max(history.fine_from - 1, 0), covered, _AT_ONCE):
        older = await store.read_after(room.id, after, min(after + _AT_ONCE, covered))
        if not older:
            break
        for sentence in await asyncio.to_thread(check.older, older):
            is_sound = False
            yield sentence
    for sentence in check.end():
        is_sound = False
        yield sentence
    if check.waits and is_sound:
        # A program that has gone in the middle of sending is enough for that, and no backup would have them.
        tell(
            f"The room {room.name} holds changes that build on others which have not come yet; whoever wrote those "
            "brings them when they come back."
        )


class RoomCheck:
    """What is unsound in one room, looked at part by part."""

    def __init__(self, room: RoomRecord, history: RoomHistory) -> None:
        """Looks at what the room's document and history are made of.

        Args:
            room: which room.
            history: its snapshot, its moments, and its log after the snapshot.
        """
        self._room = room
        self._history = history
        self._covered = 0 if history.snapshot is None else history.snapshot.seq
        self._last: int | None = None
        self._document: Replica | None = None
        odd = odd_entries(room, history.entries) + odd_rows(room, history)
        self.found = [each.sentence for each in odd]
        """What is unsound in that."""
        self.waits = False
        """Whether changes in it build on others that it lacks."""
        if not self.found:  # of such a log no document is made
            self.found = _gaps_of_moments(room, history) + _misplaced_versions(room, history)
            self._read()

    def older(self, entries: Sequence[Entry]) -> list[str]:
        """What is unsound in the next entries up to the snapshot."""
        if found := [odd.sentence for odd in odd_entries(self._room, entries)]:
            return found
        found = self._gaps(entries)
        if self._document is None or _holds_all(self._document, entries):
            return found
        for entry in entries:
            try:
                check_update(entry.data)
                if not self._document.has_all_of(entry.data) and not _waits_for_more(self._document, entry.data):
                    found.append(f"The snapshot of the room {self._room.name} lacks what entry {entry.seq} holds.")
            except BrokenUpdate as error:
                found.append(f"Entry {entry.seq} of the room {self._room.name} is damaged ({error.reason}).")
        return found

    def end(self) -> list[str]:
        """What is lacking between the entries up to the snapshot and those after it."""
        if self._last is None:
            self._last = self._covered
        return self._gaps(self._history.entries)

    def _gaps(self, entries: Sequence[Entry]) -> list[str]:
        found = []
        for entry in entries:
            if self._last is not None and entry.seq != self._last + 1:
                found.append(
                    f"The log of the room {self._room.name} lacks the entries between {self._last} and {entry.seq}."
                )
            self._last = entry.seq
        return found

    def _read(self) -> None:
        name = self._room.name
        try:
            replay = Replay.read(self._room, self._history)
            self._document = Replica([replay.document()])
            if not replay.knows_all_authors():
                self.found.append(f"The moments of the room {name} do not say who wrote all of its document.")
            self.waits = self._document.waits
        except RoomUnreadable as error:
            self.found.append(f"{error.reason[0].upper()}{error.reason[1:]}.")
        except BrokenUpdate as error:
            self.found.append(f"The document of the room {name} cannot be put together ({error.reason}).")


def _waits_for_more(document: Replica, update: bytes) -> bool:
    """Whether a document holds all that an update brings, though some of it waits for other content."""
    whole = document.whole()
    return document.waits and merge([whole, update]) == merge([whole, EMPTY_UPDATE])


def _holds_all(document: Replica, entries: Sequence[Entry]) -> bool:
    """Whether a document has all of some entries, which are sound; to ask it for each takes very much longer."""
    try:
        for entry in entries:
            check_update(entry.data)
        return document.has_all_of(merge([entry.data for entry in entries]))
    except BrokenUpdate:
        return False


def _misplaced_versions(room: RoomRecord, history: RoomHistory) -> list[str]:
    last = history.entries[-1].seq if history.entries else 0 if history.snapshot is None else history.snapshot.seq
    return [
        f"The named version {version.seq} of the room {room.name} is not valid: {reason}."
        for version in history.versions
        for holds, reason in (
            (1 <= version.seq <= last, "there is no such entry"),
            (split_by(history.moments, (version.seq,)) is None, "a moment goes on after it"),
        )
        if not holds
    ]


def _gaps_of_moments(room: RoomRecord, history: RoomHistory) -> list[str]:
    found = []
    last = 0
    for moment in history.moments:
        if moment.first != last + 1 or moment.last < moment.first:
            found.append(f"The history of the room {room.name} has no moment for the entries after {last}.")
        last = moment.last
    covered = 0 if history.snapshot is None else history.snapshot.seq
    if last != covered:
        found.append(f"The moments of the room {room.name} end with entry {last}, its snapshot with entry {covered}.")
    return found
