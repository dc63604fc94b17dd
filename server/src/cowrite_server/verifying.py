"""Verifying: walks all that is stored and says what is unsound, in one sentence each. Changes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

from cowrite_server.errors import BrokenUpdate, RoomUnreadable
from cowrite_server.replay import Replay
from cowrite_server.replica import Replica, check_update
from cowrite_server.store.soundness import is_time
from cowrite_server.store.store import Entry, RoomHistory, RoomRecord, Store


async def faults(store: Store) -> AsyncIterator[str]:
    """What is unsound in a store.

    Raises:
        StoreFailed: something could not be read at all.
    """
    for sentence in await store.damage():
        yield sentence
    for room in await store.list_rooms():
        history = await store.read_history(room.id)
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
    if found := _times(room, history, older):
        return found  # what comes of such a log is not worth a look
    found = _gaps(room, history, older)
    try:
        replay = Replay.read(room, history)
        document = Replica([replay.document()])
        replay.parts()
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


def _times(room: RoomRecord, history: RoomHistory, older: Sequence[Entry]) -> list[str]:
    found = [
        f"Entry {entry.seq} of the room {room.name} is damaged (its time is none)."
        for entry in [*older, *history.entries]
        if not is_time(entry.time)
    ]
    if history.snapshot is not None and not is_time(history.snapshot.time):
        found.append(f"The snapshot of the room {room.name} is damaged (its time is none).")
    for moment in history.moments:
        if not is_time(moment.begun) or not is_time(moment.ended) or moment.ended < moment.begun:
            found.append(
                f"The moment of the room {room.name} that ends with entry {moment.last} is damaged (its times are none)."
            )
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
