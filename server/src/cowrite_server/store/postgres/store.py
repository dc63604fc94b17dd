"""PostgresStore: a schema in a PostgreSQL database, for any number of nodes.

Commits have a connection of their own, so that they wait for no reader; everything else takes one from a pool.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Self, TypeVar
from uuid import uuid4

import psycopg
from psycopg_pool import AsyncConnectionPool, PoolClosed, PoolTimeout

from cowrite_server.errors import BackedUpElsewhere, StoreFailed
from cowrite_server.store.moving import Giving, Taking
from cowrite_server.store.postgres import forgetting as postgres_forgetting
from cowrite_server.store.postgres import log as postgres_log
from cowrite_server.store.postgres import moving as postgres_moving
from cowrite_server.store.postgres import soundness as postgres_soundness
from cowrite_server.store.postgres.database import (
    PATIENCE,
    Configure,
    Connection,
    check,
    compare_clocks,
    configure,
    configure_node,
    connect,
    database_name,
    failures,
    given_up_after,
    keep_nodes_away,
    options_of,
    prepare,
)
from cowrite_server.store.postgres.log import Commit
from cowrite_server.store.postgres.tables import PostgresTables, count_acts
from cowrite_server.store.records import (
    UNBOUNDED,
    Record,
)
from cowrite_server.store.soundness import Fault
from cowrite_server.store.table_store import TableStore
from cowrite_server.store.tables import Tables

P = ParamSpec("P")
T = TypeVar("T")

_READERS = 4
"""Connections of a server beside the one for commits."""

_RESTORING = 4
"""So many rooms are restored at once, each with a connection of its own."""

_POOL_SECONDS = 5.0
"""How long a question waits for a connection."""

_RECONNECT_SECONDS = 1.0
"""How long the pool tries by itself to replace a lost connection; afterwards the next question makes it try."""


class PostgresStore(TableStore):
    """A store in a PostgreSQL database; see `store.Store` for what its methods do."""

    shared = True

    def __init__(
        self,
        name: str,
        options: dict[str, Any],
        pool: AsyncConnectionPool[Connection],
        configured: Configure,
        guard: Connection | None,
    ) -> None:
        """Not for callers: `open` makes stores."""
        self._name = name
        self._configured = configured
        self._guard = guard
        self._options = options
        self._pool = pool
        self._closed = False
        self._turn = asyncio.Lock()
        self._restoring = asyncio.Semaphore(_RESTORING)
        self._id = uuid4()
        self._commits = 0
        self._writer: Connection | None = None
        self._doubt: Commit | None = None

    @classmethod
    async def open(cls, address: str, *, make: bool = True, serving: bool = False, alone: bool = False) -> Self:
        """Opens the store of a database.

        Args:
            address: `postgresql://…`, see
                https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS.
            make: whether to make the tables where they are missing.
            serving: whether a server will work on it.
            alone: whether no server may work on it for as long as it is open.

        Raises:
            BadStoreAddress: the address cannot be read.
            DatabaseInUse: a server works on it that may not, or somebody wants to be alone with it.
            DatabaseUnusable: the database cannot be reached, or its tables are missing or cannot be made or brought up
                to date.
            ForeignData: the tables are another program's. Nothing was touched.
            NewerData: the tables are of a newer version. Nothing was touched.
        """
        options = options_of(address)
        name = database_name(address)
        configured = configure_node if serving else configure
        await prepare(options, name, make=make, configured=configured)
        guard = await keep_nodes_away(options, name) if alone else None
        pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            kwargs=options,
            configure=configured,
            check=check,
            min_size=1,
            max_size=_READERS if serving else 1,
            timeout=_POOL_SECONDS,
            reconnect_timeout=_RECONNECT_SECONDS,
            name="cowrite-store",
            open=False,
        )
        await pool.open()
        store = cls(name, options, pool, configured, guard)
        if serving:
            with suppress(StoreFailed):  # as whoever asks next will find
                await store._ask(compare_clocks)
        return store

    async def commit(self, records: Sequence[Record], room_blob_bytes: int = UNBOUNDED) -> list[int]:
        async with self._turn:
            if self._closed:
                raise StoreFailed("it is closed")
            with failures():
                try:
                    return await self._commit(records, room_blob_bytes)
                except BaseException:
                    await self._drop_writer()  # whatever it is in the middle of
                    raise

    @asynccontextmanager
    async def turn_to_restore(self, room: int) -> AsyncIterator[None]:
        # Of a connection of its own: whoever waits with one of the pool keeps it from whoever has the turn.
        async with self._restoring, self._apart() as connection:
            with failures(), given_up_after(PATIENCE, connection):
                await connection.execute("SET lock_timeout = 0")  # a statement's own time is what it may take
                # Had for as long as there is the connection.
                await connection.execute(
                    "SELECT pg_advisory_lock(hashtextextended('cowrite restoring', %s::bigint))", (room,)
                )
            yield

    async def back_up(self, path: Path) -> None:
        raise BackedUpElsewhere(
            self._name, "`pg_dump --format=custom --schema=cowrite_server` writes a copy while servers work on it"
        )

    async def damage(self) -> list[Fault]:
        return await self._ask_for_long(postgres_soundness.damage)

    async def forget_room(self, name: str, now: int) -> None:
        await self._ask_for_long(lambda connection: postgres_forgetting.forget_room(connection, name, now))

    async def wipe(self) -> str:
        return await self._ask_for_long(postgres_forgetting.wipe)

    async def changes_by_others(self) -> int:
        return await self._ask(count_acts)

    def known_changes(self) -> int | None:
        return None

    @asynccontextmanager
    async def giving(self, without: Collection[int] = ()) -> AsyncIterator[Giving]:
        async with self._apart() as connection, postgres_moving.giving(connection, without) as giving:
            yield giving

    @asynccontextmanager
    async def taking(self) -> AsyncIterator[Taking]:
        async with self._apart() as connection, postgres_moving.taking(connection, self._name) as taking:
            yield taking

    async def announce(self, url: str) -> None:
        """Nothing: people reach the nodes through something in front of them."""

    async def announced(self) -> str | None:
        return None

    async def close(self) -> None:
        async with self._turn:
            if self._closed:
                return
            self._closed = True
            await self._drop_writer()
            await self._pool.close()
            if self._guard is not None:
                await self._guard.close()

    @asynccontextmanager
    async def _apart(self) -> AsyncIterator[Connection]:
        """A connection for something that takes long."""
        with failures():
            connection = await connect(self._options)
        try:
            yield connection
        finally:
            await connection.close()

    async def _commit(self, records: Sequence[Record], room_blob_bytes: int) -> list[int]:
        if self._writer is None:
            self._writer = await connect(self._options, self._configured)
        with given_up_after(PATIENCE, self._writer):
            return await self._write(self._writer, records, room_blob_bytes)

    async def _write(self, writer: Connection, records: Sequence[Record], room_blob_bytes: int) -> list[int]:
        known: Sequence[int] = ()
        if self._doubt is not None and self._doubt.begins(records):
            known = await postgres_log.known_of(writer, self._doubt)
        self._doubt = Commit(self._id, self._commits, records, known)
        self._commits += 1
        numbers = await postgres_log.write(writer, self._doubt, room_blob_bytes)
        self._doubt = None
        return numbers

    async def _drop_writer(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            await writer.close()

    async def with_tables(
        self, rule: Callable[Concatenate[Tables, P], Coroutine[Any, Any, T]], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        async def query(connection: Connection) -> T:
            return await rule(PostgresTables(connection), *args, **kwargs)

        return await self._ask(query)

    async def _ask(self, query: Callable[[Connection], Awaitable[T]]) -> T:
        async def within(connection: Connection) -> T:
            with given_up_after(PATIENCE, connection):
                return await query(connection)

        return await self._ask_for_long(within)

    async def _ask_for_long(self, query: Callable[[Connection], Awaitable[T]]) -> T:
        try:
            async with self._pool.connection() as connection:
                return await query(connection)
        except PoolClosed as error:
            raise StoreFailed("it is closed") from error
        except PoolTimeout as error:
            raise StoreFailed("it gives no connection") from error
        except psycopg.Error:
            with failures():
                raise
