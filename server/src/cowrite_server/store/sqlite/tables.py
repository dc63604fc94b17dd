"""The tables in SQLite. Runs on the thread of the connection."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager, nullcontext
from functools import cache
from typing import Any, Concatenate, ParamSpec, TypeVar

from cowrite_server.store.records import Moment
from cowrite_server.store.soundness import number_in
from cowrite_server.store.sqlite.database import failures, transaction
from cowrite_server.store.sqlite.traces import empty_box, empty_log, without_traces
from cowrite_server.store.tables import Row, Tables, Value

P = ParamSpec("P")
T = TypeVar("T")

_NEEDLESS = re.compile(r'::\w+| FOR NO KEY UPDATE| COLLATE "C"')
"""What SQLite needs not: it takes any kind of value, whoever writes is alone, and text is sorted by its bytes."""

_FREED_PAGES = 1000
"""Pages that one `give_back` gives back to the system at most, beside those that were freed just before."""


class SqliteTables:
    """The tables of a connection; see `tables.Tables`."""

    __slots__ = ("_connection",)

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Args: connection: the database."""
        self._connection = connection

    async def rows(self, question: str, *values: Value) -> list[Row]:
        with failures():
            return self._execute(question, values).fetchall()

    async def row(self, question: str, *values: Value) -> Row | None:
        with failures():
            found: Row | None = self._execute(question, values).fetchone()
        return found

    async def run(self, statement: str, *values: Value) -> int:
        with failures():
            return self._execute(statement, values).rowcount

    async def insert(self, statement: str, *values: Value) -> int:
        with failures():
            number = self._execute(statement, values).lastrowid
        assert number is not None
        return number

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        with transaction(self._connection):
            yield

    @asynccontextmanager
    async def at_one_moment(self) -> AsyncIterator[None]:
        with transaction(self._connection, "DEFERRED"):
            yield

    @asynccontextmanager
    async def changing(self, room: int) -> AsyncIterator[None]:
        with nullcontext() if self._connection.in_transaction else transaction(self._connection):
            yield

    async def make_room(self, name: str, epoch: str, now: int, *, anew: bool, last: int = 0) -> None:
        # A server may still have records for a room that was forgotten, under its key.
        await self.run(
            "INSERT INTO rooms (id, name, epoch, created) SELECT 1 + max(ifnull((SELECT max(id) FROM rooms), 0), "
            "ifnull((SELECT max(room) FROM forgotten), 0)), %s, %s, %s "
            "WHERE %s OR NOT EXISTS (SELECT 1 FROM forgotten WHERE name = %s) ON CONFLICT (name) DO NOTHING",
            *(name, epoch, now, anew, name),
        )

    async def last_numbers(self, rooms: Sequence[int]) -> dict[int, int]:
        with failures():
            return {room: last_number(self._connection, room) for room in rooms}

    async def lock_moments(self, room: int) -> None:
        """Nothing: whoever writes is alone."""

    async def write_moments(self, room: int, moments: Sequence[Moment]) -> None:
        with failures():
            self._connection.executemany(
                "INSERT INTO moments (room, first, last, begun, ended, data) VALUES (?, ?, ?, ?, ?, ?)",
                [(room, moment.first, moment.last, moment.begun, moment.ended, moment.data) for moment in moments],
            )

    async def give_back(self) -> None:
        with failures():
            # `execute` would take the first step of this statement only, which frees one page.
            self._connection.executescript(f"PRAGMA incremental_vacuum({_FREED_PAGES})")

    @asynccontextmanager
    async def changing_boxes(self, room: int) -> AsyncIterator[None]:
        with without_traces(self._connection), transaction(self._connection):
            yield

    async def empty_box(self, room: int, box: str) -> None:
        empty_box(self._connection, room, box)

    async def clean_up_boxes(self) -> None:
        empty_log(self._connection)

    def _execute(self, statement: str, values: tuple[Value, ...]) -> sqlite3.Cursor:
        taken = [json.dumps(list(each)) if isinstance(each, list | tuple) else each for each in values]
        return self._connection.execute(_put(statement), taken)


def at_once(
    rule: Callable[Concatenate[Tables, P], Coroutine[Any, Any, T]],
) -> Callable[Concatenate[sqlite3.Connection, P], T]:
    """What is done with tables, as something that is done on a connection."""

    def done(connection: sqlite3.Connection, /, *args: P.args, **kwargs: P.kwargs) -> T:
        doing = rule(SqliteTables(connection), *args, **kwargs)
        try:
            doing.send(None)
        except StopIteration as end:
            result: T = end.value
            return result
        raise AssertionError("nothing in SQLite waits")

    return done


def last_number(connection: sqlite3.Connection, room: int) -> int:
    """The number of a room's last entry, 0 for none; within a transaction."""
    # A number that a snapshot names was given, wherever its entry is now.
    row = connection.execute(
        "SELECT max(ifnull((SELECT max(seq) FROM updates WHERE room = ?1), 0), "
        "ifnull((SELECT seq FROM snapshots WHERE room = ?1), 0))",
        (room,),
    ).fetchone()
    return number_in(f"an entry of the room with the key {room}", row[0])


@cache
def _put(statement: str) -> str:
    plain = _NEEDLESS.sub("", statement)
    return plain.replace("= ANY(%s)", "IN (SELECT value FROM json_each(?))").replace("%s", "?")
