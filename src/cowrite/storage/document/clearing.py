"""Clearing: a document's log gives way to one state that holds nothing of what was deleted.

A log tells how a text came to be, so all that was deleted on the way is in it; so it is in a snapshot that was made
while an undo could still bring it back. Whoever is given the file could read it there. A Doc that has only merged
updates, and has no undo, drops deleted content and keeps its place: such a state merges with any other replica as the
log did.

Functions over a connection, on whatever thread owns it; they raise sqlite3.Error.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

from pycrdt import Doc

from cowrite.core.crdt.depth import Depth
from cowrite.core.document.arrivals import check, parts
from cowrite.core.document.emptying import SIGNS, empty_removed
from cowrite.core.document.updates import EMPTY_UPDATE
from cowrite.core.document.waiting import Waiting
from cowrite.core.errors import MalformedUpdate, is_panic
from cowrite.storage.document.containment import Holdings
from cowrite.storage.document.database import insert, last_seq, property_value, put_property
from cowrite.storage.layout import PAGE_SIZE, LogRow, Property, Value, encoded

_SECURE_DELETE = ("OFF", "ON", "FAST")  # as SQLite counts them
_LARGEST_ROW = 64 * 1024 * 1024  # bytes
_MANY_PAGES = 256  # to make a file smaller that has fewer in no use is not worth writing it

_log = logging.getLogger(__name__)


class Cleared(NamedTuple):
    """What updates amount to.

    Attributes:
        state: one update without deleted content; None where there is nothing in it.
        waiting: those of the updates that are not all in it, because they build on something that is not there, or
            cannot be read.
        emptying: the update that took out what was only marked as removed; EMPTY_UPDATE for none.
    """

    state: bytes | None
    waiting: tuple[bytes, ...]
    emptying: bytes


def cleared(updates: Iterable[bytes], *, empties: bool = False) -> Cleared:
    """Merges updates, in their order, and lets go of all that they delete.

    Args:
        updates: of a document.
        empties: whether also what is only marked as removed goes, see `core.document.emptying`.
    """
    updates = tuple(updates)
    doc: Doc[Any] = Doc()
    depth, early = Depth(), Waiting()
    for update in updates:
        with suppress(MalformedUpdate):
            counted = check(update)
            depth.note(counted, doc)
            for part in parts(counted, doc):
                early.merge(part, doc)
                early.look_again(doc)
    emptying = EMPTY_UPDATE
    if empties:
        try:
            emptying = empty_removed(doc)
        except BaseException as error:  # where another program wrote what cannot be read, it stays
            if not is_panic(error):
                raise
            _log.warning("what was removed stays in a file: %s", error)
    state = doc.get_update()
    holdings = Holdings(state)
    waiting = tuple(update for update in updates if not holdings.include(update))
    return Cleared(None if state == EMPTY_UPDATE else state, waiting, emptying)


def is_clear(connection: sqlite3.Connection, *, empties: bool = False) -> bool:
    """Whether nothing was deleted or removed since the log was cleared last, or since there is one.

    Args:
        empties: whether what was only marked as removed is to be gone as well.
    """
    newest, is_emptied = _cleared_with(connection)
    if newest != _newest_snapshot(connection) or (empties and not is_emptied):
        return False
    # An update ends with the set of what it deletes: a zero where that is empty, else the length of a range.
    removes = " OR ".join("instr(data, ?)" for _ in SIGNS)
    query = f"SELECT EXISTS (SELECT 1 FROM updates WHERE seq > ? AND (substr(data, -1) != x'00' OR {removes}))"
    return not connection.execute(query, (newest, *SIGNS)).fetchone()[0]


def note_clear(connection: sqlite3.Connection, *, empties: bool | None = None) -> None:
    """Notes that the newest snapshot, like what was there before it, holds nothing that was deleted.

    Args:
        empties: whether what was only marked as removed is gone as well; None where that is as it was.
    """
    is_emptied = _cleared_with(connection)[1] if empties is None else empties
    put_property(connection, Property.CLEARED, encoded([_newest_snapshot(connection), is_emptied]))


def put_cleared(
    connection: sqlite3.Connection,
    state: bytes | None,
    waiting: Iterable[LogRow],
    properties: Mapping[str, Value],
    now: int,
    *,
    empties: bool,
) -> None:
    """Puts a state in the place of the log, within a transaction, and writes over all that the file held before.

    Args:
        state: as `cleared` gives it.
        waiting: updates that it does not hold, and that stay.
        properties: what the document is called and the like, which goes with the state.
        now: milliseconds since 1970.
        empties: what `cleared` was told.
    """
    waiting = tuple(waiting)
    with overwriting(connection):
        seq = last_seq(connection) if state is not None else 0
        connection.execute("DELETE FROM updates")
        connection.execute("DELETE FROM snapshots")
        if state is not None:
            # Twice, with an update between that says nothing, so that a damage to one of them loses nothing.
            insert(connection, LogRow("snapshots", seq, now, state))
            seq += 1
            insert(connection, LogRow("updates", seq, now, EMPTY_UPDATE))
            insert(connection, LogRow("snapshots", seq, now, state))
        for number, row in enumerate(waiting, seq + 1):
            insert(connection, LogRow("updates", number, row.time, row.data))
        put_property(connection, Property.LAST_UPDATE, encoded(seq + len(waiting)))
        note_clear(connection, empties=empties)
        for name in properties:  # what they were before need not be written anew
            put_property(connection, name, None)
        _write_properties_anew(connection)
        for name, value in properties.items():
            put_property(connection, name, encoded(value))
        _overwrite_free_pages(connection)


def shrink(connection: sqlite3.Connection) -> None:
    """Makes a file smaller of which more is in no use than in use; no transaction may be open."""
    free = _free_pages(connection)
    if free > _MANY_PAGES and 2 * free > int(connection.execute("PRAGMA page_count").fetchone()[0]):
        connection.execute("VACUUM")


@contextmanager
def overwriting(connection: sqlite3.Connection) -> Iterator[None]:
    """What is deleted within, SQLite writes zeros over; also in pages that are in no use then."""
    before = int(connection.execute("PRAGMA secure_delete").fetchone()[0])
    connection.execute("PRAGMA secure_delete = ON")
    try:
        yield
    finally:
        connection.execute(f"PRAGMA secure_delete = {_SECURE_DELETE[before]}")


def _cleared_with(connection: sqlite3.Connection) -> tuple[int, bool]:
    """With which snapshot the log was cleared last, and whether it was emptied."""
    match property_value(connection, Property.CLEARED):
        case [int(seq), bool(is_emptied)]:
            return seq, is_emptied
        case _:
            return 0, True


def _newest_snapshot(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT coalesce(max(seq), 0) FROM snapshots").fetchone()[0])


def _write_properties_anew(connection: sqlite3.Connection) -> None:
    # A page that SQLite has split keeps, where nothing is, what it moved to another one.
    rows = connection.execute("SELECT * FROM properties").fetchall()
    connection.execute("DELETE FROM properties")
    connection.executemany("INSERT INTO properties VALUES (?, ?, ?, ?)", rows)


def _overwrite_free_pages(connection: sqlite3.Connection) -> None:
    """Writes zeros over the pages that are in no use: rows that take all of them come and go."""
    free = _free_pages(connection)
    seq = last_seq(connection)
    while free:
        size = min((free + 1) * PAGE_SIZE, _LARGEST_ROW)
        seq += 1
        connection.execute("INSERT INTO updates VALUES (?, 0, zeroblob(?), x'')", (seq, size))
        free = _free_pages(connection)
    connection.execute("DELETE FROM updates WHERE checksum = x''")


def _free_pages(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA freelist_count").fetchone()[0])
