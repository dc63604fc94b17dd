"""The tables in PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

import psycopg

from cowrite_server.store.postgres.database import Connection
from cowrite_server.store.records import Moment
from cowrite_server.store.tables import Row, Value


class PostgresTables:
    """The tables of a connection; see `tables.Tables`."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        """Args: connection: of the database."""
        self._connection = connection

    async def rows(self, question: str, *values: Value) -> list[Row]:
        return await (await self._connection.cursor(binary=True).execute(question, values)).fetchall()

    async def row(self, question: str, *values: Value) -> Row | None:
        return await (await self._connection.cursor(binary=True).execute(question, values)).fetchone()

    async def run(self, statement: str, *values: Value) -> int:
        return (await self._connection.execute(statement, values)).rowcount

    async def insert(self, statement: str, *values: Value) -> int:
        [(number,)] = await self.rows(f"{statement} RETURNING id", *values)
        return int(number)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        async with self._connection.transaction():
            yield

    @asynccontextmanager
    async def at_one_moment(self) -> AsyncIterator[None]:
        async with self._connection.transaction():
            await self._connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield

    @asynccontextmanager
    async def changing(self, room: int) -> AsyncIterator[None]:
        async with self._connection.transaction():
            await self._connection.execute("SELECT FROM rooms WHERE id = %s FOR NO KEY UPDATE", (room,))
            yield
            await self._connection.execute("UPDATE data SET acts = acts + 1")

    async def make_room(self, name: str, epoch: str, now: int, *, anew: bool, last: int = 0) -> None:
        await self.run(
            "INSERT INTO rooms (name, epoch, created, last) SELECT %s, %s, %s, %s "
            "WHERE %s OR NOT EXISTS (SELECT 1 FROM forgotten WHERE name = %s) ON CONFLICT (name) DO NOTHING",
            *(name, epoch, now, last, anew, name),
        )

    async def last_numbers(self, rooms: Sequence[int]) -> dict[int, int]:
        return dict(await self.rows("SELECT id, last FROM rooms WHERE id = ANY(%s)", list(rooms)))

    async def lock_moments(self, room: int) -> None:
        # A room that was never compacted has no row for that.
        await self._lock("cowrite moments", room)

    async def write_moments(self, room: int, moments: Sequence[Moment]) -> None:
        await self._connection.execute(
            "INSERT INTO moments (room, first, last, begun, ended, data) SELECT %s, * "
            "FROM unnest(%b::bigint[], %b::bigint[], %b::bigint[], %b::bigint[], %b::bytea[])",
            (
                room,
                [moment.first for moment in moments],
                [moment.last for moment in moments],
                [moment.begun for moment in moments],
                [moment.ended for moment in moments],
                [moment.data for moment in moments],
            ),
        )

    async def give_back(self) -> None:
        """Nothing: it uses the space again."""

    @asynccontextmanager
    async def changing_boxes(self, room: int) -> AsyncIterator[None]:
        async with self._connection.transaction():
            # Commits to the log do not wait for it.
            await self._lock("cowrite sealed", room)
            yield

    async def empty_box(self, room: int, box: str) -> None:
        await self.run("DELETE FROM sealed WHERE room = %s AND box = %s", room, box)

    async def clean_up_boxes(self) -> None:
        # What is deleted stays in the table's file until then. Whoever may not, or is in somebody's way, leaves it to
        # the database's own housekeeping.
        with suppress(psycopg.Error):
            await self._connection.execute("VACUUM sealed")

    async def _lock(self, what: str, room: int) -> None:
        await self._connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, %s::bigint))", (what, room))


async def count_acts(connection: Connection) -> int:
    """A number that grows with every act on invites or members."""
    cursor = await connection.execute("SELECT acts FROM data")
    return sum(row[0] for row in await cursor.fetchall())
