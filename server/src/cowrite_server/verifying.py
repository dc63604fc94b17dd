"""Verifying: walks all that is stored and says what is unsound, in one sentence each. Changes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

from cowrite_server.errors import BrokenUpdate, DamagedRow, RoomUnreadable
from cowrite_server.replay import Replay
from cowrite_server.replica import Replica
from cowrite_server.store.records import Entry, RoomHistory, RoomRecord
from cowrite_server.store.soundness import is_time
from cowrite_server.store.store import Store
from cowrite_server.updates import check_update


async def faults(store: Store) -> AsyncIterator[str]:
    """What is unsound in a store.

    Raises:
        StoreFailed: something could not be read at all.
    """
    for sentence in await store.damage():
        yield sentence
    for room in await store.list_rooms():
        try:
            history = await store.read_history(room.id)
        except DamagedRow as error:
            yield error.sentence
            continue
        covered = 0 if history.snapshot is None else history.snapshot.seq
        older = await store.read_after(room.id, 0, covered)
        for sentence in await asyncio.to_thread(room_faults, room, history, older):
            yield sentence


def room_faults(room: RoomRecord, history: RoomHistory, older: Sequence[Entry]) -> list[str]:
    """What is unsound in one room.

    Args:
        room: which room.
        history: its snapshot, its moments, and its log after the snapshot.
        older: the entries up to the snapshot that are still kept.
    """
    if found := _odd_rows(room, history, older):
        return found  # of such a log no document is made
    found = _gaps(room, history, older)
    try:
        replay = Replay.read(room, history)
        document = Replica([replay.document()])
        if not replay.knows_all_authors():
            found.append(f"The moments of the room {room.name} do not say who wrote all of its document.")
    except RoomUnreadable as error:
        return [*found, f"{error.reason[0].upper()}{error.reason[1:]}."]
    except BrokenUpdate as error:
        return [*found, f"The document of the room {room.name} cannot be put together ({error.reason})."]
    if document.waits:
        found.append(f"The room {room.name} holds changes that build on others which never arrived.")
    for entry in older:
        try:
            check_update(entry.data)
            if not document.has_all_of(entry.data):
                found.append(f"The snapshot of the room {room.name} lacks what entry {entry.seq} holds.")
        except BrokenUpdate as error:
            found.append(f"Entry {entry.seq} of the room {room.name} is damaged ({error.reason}).")
    return found


def _odd_rows(room: RoomRecord, history: RoomHistory, older: Sequence[Entry]) -> list[str]:
    """Rows that hold what is never written into them, which a database need not mind."""
    found = []

    def look(what: str, holds: bool, reason: str) -> None:
        if not holds:
            found.append(f"{what} of the room {room.name} is damaged ({reason}).")

    for entry in [*older, *history.entries]:
        what = f"Entry {entry.seq}"
        look(what, is_time(entry.time), "its time is none")
        look(what, isinstance(entry.data, bytes), "it holds no update")
        look(what, isinstance(entry.member, int | None), "who wrote it is nobody")
    if history.snapshot is not None:
        look("The snapshot", is_time(history.snapshot.time), "its time is none")
        look("The snapshot", isinstance(history.snapshot.data, bytes), "it holds no update")
    for moment in history.moments:
        what = f"The moment up to entry {moment.last}"
        look(what, all(isinstance(number, int) for number in (moment.first, moment.last)), "its numbers are none")
        times = (moment.begun, moment.ended)
        look(what, all(map(is_time, times)) and times[0] <= times[1], "its times are none")
        look(what, isinstance(moment.data, bytes), "it does not say who did what")
    return found


def _gaps(room: RoomRecord, history: RoomHistory, older: Sequence[Entry]) -> list[str]:
    found = []
    last = 0
    for moment in history.moments:
        if moment.first != last + 1 or moment.last < moment.first:
            found.append(f"The history of the room {room.name} has no moment for the entries after {last}.")
        last = moment.last
    covered = 0 if history.snapshot is None else history.snapshot.seq
    if last != covered:
        found.append(f"The moments of the room {room.name} end with entry {last}, its snapshot with entry {covered}.")
    last = older[0].seq - 1 if older else covered
    for entry in [*older, *history.entries]:
        if entry.seq != last + 1:
            found.append(f"The log of the room {room.name} lacks the entries between {last} and {entry.seq}.")
        last = entry.seq
    return found
