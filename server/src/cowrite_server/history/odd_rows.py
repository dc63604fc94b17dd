"""Odd rows: of what is stored of a room's document and history, what was never written so. No history is made of it.

PostgreSQL minds what kind of value goes into a column; SQLite does not. Without I/O.
"""

from __future__ import annotations

from collections.abc import Sequence

from cowrite_server.errors import DamagedRow
from cowrite_server.store.records import Entry, RoomHistory, RoomRecord
from cowrite_server.store.soundness import is_number, is_time


def odd_entries(room: RoomRecord, entries: Sequence[Entry]) -> list[DamagedRow]:
    """What is odd in entries of a room's log."""
    return [
        DamagedRow(f"entry {entry.seq} of the room {room.name}", reason)
        for entry in entries
        for holds, reason in (
            (isinstance(entry.seq, int), "its number is not valid"),
            (is_time(entry.time), "its time is not valid"),
            (isinstance(entry.data, bytes), "it holds no update"),
            (is_number(entry.member), "who wrote it is nobody"),
        )
        if not holds
    ]


def odd_rows(room: RoomRecord, history: RoomHistory) -> list[DamagedRow]:
    """What is odd in all else of which its history is made."""
    found: list[DamagedRow] = []

    def look(what: str, holds: bool, reason: str) -> None:
        if not holds:
            found.append(DamagedRow(f"{what} of the room {room.name}", reason))

    if history.snapshot is not None:
        look("the snapshot", is_time(history.snapshot.time), "its time is not valid")
        look("the snapshot", isinstance(history.snapshot.data, bytes), "it holds no update")
    for moment in history.moments:
        what = f"the moment up to entry {moment.last}"
        look(what, all(isinstance(number, int) for number in (moment.first, moment.last)), "its numbers are not valid")
        is_sound = is_time(moment.begun) and is_time(moment.ended) and moment.begun <= moment.ended
        look(what, is_sound, "its times are not valid")
        look(what, isinstance(moment.data, bytes), "it does not say who did what")
    for version in history.versions:
        what = f"the named version {version.seq}"
        look(what, isinstance(version.seq, int), "its number is not valid")
        look(what, isinstance(version.name, str), "its name is not valid")
        look(what, is_time(version.time), "the time when it was named is not valid")
        look(what, is_number(version.member), "who named it is nobody")
    return found


def refuse(odd: Sequence[DamagedRow]) -> None:
    """Makes sure that nothing is odd.

    Raises:
        DamagedRow: something is; the first of it.
    """
    if odd:
        raise odd[0]
