"""All that PostgreSQL keeps, read and written as a whole; see `store.moving`.

Rows go by COPY, one after the other, so that no more than a batch of them is in memory.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager

from cowrite_server.errors import NotEmpty
from cowrite_server.store.moving import BATCH_BYTES, BATCH_ROWS, TABLES, Batch, Kind, Row, Table, kept, size_of
from cowrite_server.store.postgres.database import Connection, failures

# As binary, JSON is its text.
_TYPES = {Kind.NUMBER: "int8", Kind.TEXT: "text", Kind.BYTES: "bytea", Kind.TRUTH: "bool", Kind.JSON: "text"}

_NUMBERED = ("rooms", "invites", "members", "audit")
"""Tables whose rows PostgreSQL numbers."""

_CREATOR = "invites_creator_fkey"


class PostgresMoving:
    """One transaction on a connection for this alone."""

    def __init__(self, connection: Connection, without: Collection[int] = ()) -> None:
        """Within a transaction.

        Args:
            connection: for this alone.
            without: keys of rooms of which nothing is read.
        """
        self._connection = connection
        self._without = without

    async def batches(self, table: Table) -> AsyncIterator[Batch]:
        """See `moving.Giving.batches`."""
        columns = ", ".join(table.columns)
        order = ", ".join(f'{each} COLLATE "C"' if table.columns[each] is Kind.TEXT else each for each in table.key)
        which = kept(table, self._without)
        question = f"SELECT {columns} FROM {table.name} WHERE {which} ORDER BY {order}"
        with failures():
            async with (
                self._connection.cursor() as cursor,
                cursor.copy(f"COPY ({question}) TO STDOUT (FORMAT BINARY)".encode()) as copy,
            ):
                copy.set_types(_types(table))
                batch: list[Row] = []
                size = 0
                async for row in copy.rows():
                    batch.append(row)
                    size += size_of(row)
                    if len(batch) == BATCH_ROWS or size >= BATCH_BYTES:
                        yield batch
                        batch, size = [], 0
                if batch:
                    yield batch

    async def take(self, table: Table, batches: AsyncIterator[Batch]) -> None:
        """See `moving.Taking.take`."""
        columns = ", ".join(table.columns)
        with failures():
            async with (
                self._connection.cursor() as cursor,
                cursor.copy(f"COPY {table.name} ({columns}) FROM STDIN (FORMAT BINARY)".encode()) as copy,
            ):
                copy.set_types(_types(table))
                async for batch in batches:
                    for row in batch:
                        await copy.write_row(row)


@asynccontextmanager
async def giving(connection: Connection, without: Collection[int]) -> AsyncIterator[PostgresMoving]:
    """A transaction that sees one moment, and during which nobody writes.

    Args:
        connection: for this alone.
        without: keys of rooms of which nothing is read.
    """
    with failures():
        async with connection.transaction():
            await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            await _unbounded(connection)
            await connection.execute(f"LOCK TABLE {_tables()} IN SHARE MODE")
            yield PostgresMoving(connection, without)


@asynccontextmanager
async def taking(connection: Connection, name: str) -> AsyncIterator[PostgresMoving]:
    """A transaction that fills an empty database.

    Args:
        connection: for this alone.
        name: what people know the database by.

    Raises:
        NotEmpty: there is something in it.
    """
    with failures():
        async with connection.transaction():
            await _unbounded(connection)
            await connection.execute(f"LOCK TABLE {_tables()} IN EXCLUSIVE MODE")
            for table in TABLES:
                cursor = await connection.execute(f"SELECT FROM {table.name} LIMIT 1")
                if await cursor.fetchone() is not None:
                    raise NotEmpty(name)
            # An invite may refer to a member that comes after it.
            await connection.execute(f"ALTER TABLE invites DROP CONSTRAINT {_CREATOR}")
            yield PostgresMoving(connection)
            await _finish(connection)


async def _unbounded(connection: Connection) -> None:
    """Lets the transaction take as long as it takes."""
    await connection.execute("SET LOCAL statement_timeout = 0")
    await connection.execute("SET LOCAL idle_in_transaction_session_timeout = 0")


async def _finish(connection: Connection) -> None:
    """Makes of what was taken what only PostgreSQL keeps."""
    await connection.execute(f"ALTER TABLE invites ADD CONSTRAINT {_CREATOR} FOREIGN KEY (creator) REFERENCES members")
    await connection.execute(
        "UPDATE rooms SET last = greatest(0, "
        "(SELECT max(seq) FROM updates WHERE room = id), "
        "(SELECT seq FROM snapshots WHERE room = id))"
    )
    for table in _NUMBERED:
        await connection.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), "
            f"1 + greatest(0, (SELECT max(id) FROM {table}), "
            "(SELECT max(room) FROM forgotten)), false)"
        )
    await connection.execute("UPDATE data SET acts = acts + 1")


def _tables() -> str:
    return ", ".join(table.name for table in TABLES)


def _types(table: Table) -> list[str]:
    return [_TYPES[kind] for kind in table.columns.values()]
