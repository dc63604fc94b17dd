"""The server's tables in PostgreSQL: how they are made and brought up to date, what is refused, and connections.

All tables are in a schema of their own, so that the database may serve other programs as well.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
import socket
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg_pool import AsyncConnectionPool

from cowrite_server.errors import DatabaseInUse, DatabaseUnusable, ForeignData, NewerData, StoreFailed
from cowrite_server.store.postgres.schema import DATA_VERSION, STEPS, TABLES
from cowrite_server.wrong_use import BadStoreAddress

_logger = logging.getLogger(__name__)

Connection = psycopg.AsyncConnection[Any]

Configure = Callable[[Connection], Awaitable[None]]
"""Makes a connection ready for use."""

_TURN = 0x6377737600000001  # "cwsv"; nodes that start at one time prepare the database one after the other

_SERVING = _TURN + 1
"""A lock that all connections of nodes share, and that whoever keeps nodes away has for itself."""

# A lost machine is noticed by the system within about ten seconds, whatever the database is doing. Where the address
# names several machines, the one that can be written is the one to ask: another may lag behind.
_DEFAULTS = {
    "target_session_attrs": "read-write",
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
    "application_name": "cowrite-server",
}

_ENCODINGS = ("UTF8", "SQL_ASCII")
"""Those that take every text; the latter keeps the bytes as they come."""

_NOISE = re.compile(r"^connection (?:failed|is bad): |(?<=: )FATAL: +|\[Errno -?\d+\] ")
"""What its client puts around what went wrong where there is no connection."""

_CLOCKS_SECONDS = 10.0
"""Clocks that are further apart are worth a word; tokens allow for as much."""

_STATEMENT_MILLISECONDS = 30_000
_LOCK_MILLISECONDS = 5_000
PATIENCE = 45.0
"""Seconds after which a connection is given up that has not answered; a database that works would have said by then
that a statement took too long."""
_SIGN_OF_LIFE = 10.0
"""The same where next to nothing is asked."""


def database_name(address: str) -> str:
    """What an address leads to, without the password in it.

    Raises:
        BadStoreAddress: it is no address of a PostgreSQL database.
    """
    parts = _read(address)
    return f"{parts.get('host') or 'localhost'}/{parts.get('dbname') or parts.get('user') or ''}"


def options_of(address: str) -> dict[str, Any]:
    """What to connect with: what the address says, and what it leaves open.

    Raises:
        BadStoreAddress: it is no address of a PostgreSQL database.
    """
    # As SQL_ASCII, which is the default where a cluster was made under the locale C, text would come as bytes.
    return {**_DEFAULTS, **_read(address), "autocommit": True, "client_encoding": "UTF8"}


@contextmanager
def given_up_after(seconds: float, connection: Connection) -> Iterator[None]:
    """What is asked meanwhile fails as over a lost connection when there is no answer in time.

    A frozen database, or a pooler whose database is gone, keeps connections open and says nothing; and the library
    waits on for an answer even to what was cancelled.
    """

    def cut() -> None:
        with suppress(OSError, psycopg.Error), socket.socket(fileno=os.dup(connection.fileno())) as same:
            same.shutdown(socket.SHUT_RDWR)

    timer = asyncio.get_running_loop().call_later(seconds, cut)
    try:
        yield
    finally:
        timer.cancel()


async def configure(connection: Connection) -> None:
    """Has the tables found by their names, bounds how long a statement may take, and makes a commit wait for the disk,
    and transactions for each other, whatever the database's defaults: where they fail instead of waiting, nodes on one
    room would fail all the time.

    The database, too, notices a lost machine soon: it would hold what that had locked for hours."""
    with given_up_after(_SIGN_OF_LIFE, connection):
        await connection.execute(
            "SELECT set_config('search_path', 'cowrite_server', false), "
            "set_config('statement_timeout', %s, false), set_config('lock_timeout', %s, false), "
            "set_config('idle_in_transaction_session_timeout', %s, false), "
            "set_config('default_transaction_isolation', 'read committed', false), "
            "set_config('synchronous_commit', CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on' "
            "ELSE current_setting('synchronous_commit') END, false), "
            "set_config('tcp_keepalives_idle', '5', false), set_config('tcp_keepalives_interval', '2', false), "
            "set_config('tcp_keepalives_count', '3', false)",
            (str(_STATEMENT_MILLISECONDS), str(_LOCK_MILLISECONDS), str(_STATEMENT_MILLISECONDS)),
        )


async def configure_node(connection: Connection) -> None:
    """The same for a connection of a node, which others see by it.

    Raises:
        psycopg.OperationalError: nodes are kept away.
    """
    await configure(connection)
    with given_up_after(_SIGN_OF_LIFE, connection):
        cursor = await connection.execute("SELECT pg_try_advisory_lock_shared(%s)", (_SERVING,))
        if await cursor.fetchone() == (False,):
            raise psycopg.OperationalError("`cowrite-server move` works on it; let that end")


async def keep_nodes_away(options: dict[str, Any], name: str) -> Connection:
    """A connection for as long as which no node works on the database.

    Args:
        options: see `options_of`.
        name: see `database_name`.

    Raises:
        DatabaseInUse: a node does, or somebody else keeps them away.
        DatabaseUnusable: there is no connection.
    """
    try:
        connection = await connect(options)
        try:
            cursor = await connection.execute("SELECT pg_try_advisory_lock(%s)", (_SERVING,))
            if await cursor.fetchone() == (False,):
                raise DatabaseInUse(name)
        except BaseException:
            await connection.close()
            raise
    except psycopg.Error as error:
        raise DatabaseUnusable(name, reason(error)) from error
    return connection


async def check(connection: Connection) -> None:
    """Makes sure that a connection which was idle still answers.

    Raises:
        psycopg.OperationalError: it does not.
    """
    with given_up_after(_SIGN_OF_LIFE, connection):
        await AsyncConnectionPool.check_connection(connection)


async def connect(options: dict[str, Any], configured: Configure = configure) -> Connection:
    """A connection that is ready for use.

    Args:
        options: see `options_of`.
        configured: makes it ready.
    """
    connection = await psycopg.AsyncConnection.connect(**options)
    try:
        await configured(connection)
    except BaseException:
        await connection.close()
        raise
    return connection


async def prepare(options: dict[str, Any], name: str, *, make: bool, configured: Configure = configure) -> None:
    """Makes the tables where there are none, or brings them up to date, in one transaction.

    Args:
        options: see `options_of`.
        name: see `database_name`.
        make: whether to make them where there are none.
        configured: makes a connection ready.

    Raises:
        DatabaseUnusable: there is no connection, or the tables are missing or cannot be made or brought up to date.
        ForeignData: the schema is another program's. Nothing was touched.
        NewerData: the tables are of a newer version. Nothing was touched.
    """
    try:
        async with await connect(options, configured) as connection, connection.transaction():
            # Bringing a large database up to date takes as long as it takes, also for the nodes that wait their turn.
            await connection.execute("SET LOCAL statement_timeout = 0")
            await connection.execute("SET LOCAL lock_timeout = 0")
            await connection.execute("SELECT pg_advisory_xact_lock(%s)", (_TURN,))
            # Whoever waits for a table keeps the nodes that serve from it.
            await connection.execute(f"SET LOCAL lock_timeout = {_LOCK_MILLISECONDS}")
            if await _found(connection, "to_regnamespace('cowrite_server')"):
                await _update_schema(connection, await _version(connection, name))
                await _refuse_part(connection, name)
            elif make:
                _refuse_encoding(connection, name)
                await _update_schema(connection, 0)
                await connection.execute("INSERT INTO cowrite_server.data VALUES (%s, 0)", (DATA_VERSION,))
            else:
                raise DatabaseUnusable(name, "it holds no data of cowrite-server")
    except psycopg.errors.InsufficientPrivilege as error:
        advice = "let the user as whom the server connects own the database and its schema cowrite_server"
        raise DatabaseUnusable(name, f"{reason(error)}; {advice}") from error
    except psycopg.Error as error:
        raise DatabaseUnusable(name, reason(error)) from error


async def compare_clocks(connection: Connection) -> None:
    """Says so where this machine's clock and the database's are apart.

    Nodes write times by their own clocks. Where those are minutes apart, each change of the node on which somebody
    writes begins a moment of history.
    """
    before = time.time()
    cursor = await connection.execute("SELECT extract(epoch FROM clock_timestamp())::float8")
    (there,) = [row[0] for row in await cursor.fetchall()]
    apart = (before + time.time()) / 2 - there
    if abs(apart) > _CLOCKS_SECONDS:
        _logger.warning(
            "This machine's clock is %d s %s the database's; set both right, or history falls into small pieces, and "
            "invites and tokens end at the wrong time.",
            abs(apart),
            "ahead of" if apart > 0 else "behind",
        )


@contextmanager
def failures() -> Iterator[None]:
    """Turns PostgreSQL's errors into StoreFailed."""
    try:
        yield
    except psycopg.Error as error:
        raise StoreFailed(reason(error)) from error


def reason(error: psycopg.Error) -> str:
    """What PostgreSQL says of an error, without a full stop."""
    text = _NOISE.sub("", error.diag.message_primary or str(error).partition("\n")[0])
    return text.rstrip(". ") or type(error).__name__


def _refuse_encoding(connection: Connection, name: str) -> None:
    """Begins in no database in which not everybody's name can be written.

    Raises:
        DatabaseUnusable: it is such a one.
    """
    encoding = connection.info.parameter_status("server_encoding")
    if encoding not in _ENCODINGS:
        raise DatabaseUnusable(
            name,
            f"not everybody's name can be written in its encoding, {encoding}; make one with "
            "`createdb --encoding=UTF8 --locale=C --template=template0`",
        )


async def _version(connection: Connection, name: str) -> int:
    if not await _found(connection, "to_regclass('cowrite_server.data')"):
        raise ForeignData(name)
    try:
        row = await (await connection.execute("SELECT version FROM cowrite_server.data")).fetchone()
    except psycopg.errors.UndefinedColumn as error:
        raise ForeignData(name) from error
    if row is None or not isinstance(row[0], int):
        raise ForeignData(name)
    if row[0] > DATA_VERSION:
        raise NewerData(name, row[0], DATA_VERSION)
    return int(row[0])


async def _refuse_part(connection: Connection, name: str) -> None:
    """Makes sure that all tables are there; a server without some would be ready, and let in nobody.

    Raises:
        DatabaseUnusable: one is not.
    """
    lost = await connection.execute(
        "SELECT name FROM unnest(%s::text[]) AS name WHERE to_regclass('cowrite_server.' || name) IS NULL",
        (list(TABLES),),
    )
    if row := await lost.fetchone():
        advice = "where a backup was restored in part, rename the schema and restore it with --single-transaction"
        raise DatabaseUnusable(name, f"it has no table {row[0]}; {advice}")


async def _update_schema(connection: Connection, version: int) -> None:
    for step in STEPS[version:]:
        await connection.execute(step)
    await connection.execute("UPDATE cowrite_server.data SET version = %s WHERE version < %s", (DATA_VERSION,) * 2)
    # Of nodes that are long gone.
    await connection.execute("DELETE FROM cowrite_server.commits WHERE time < now() - interval '30 days'")


async def _found(connection: Connection, what: str) -> bool:
    row = await (await connection.execute(f"SELECT {what} IS NOT NULL")).fetchone()
    return bool(row and row[0])


def _read(address: str) -> dict[str, Any]:
    """What an address says.

    Raises:
        BadStoreAddress: it is none. What cannot be read may hold a password, and is not repeated.
    """
    person, at, place = address.partition("://")[2].partition("?")[0].partition("@")
    if "@" in place or (at and "/" in person):  # the library would take a part of the password for a host or a port
        raise BadStoreAddress("postgresql://…")
    try:
        return conninfo_to_dict(address)
    except psycopg.Error as error:
        raise BadStoreAddress("postgresql://…") from error
