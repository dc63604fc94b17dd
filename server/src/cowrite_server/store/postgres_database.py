"""The server's tables in PostgreSQL: how they are made, what is refused, and how connections are opened.

All tables are in a schema of their own, so that the database may serve other programs as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from cowrite_server.errors import BadStoreAddress, DatabaseUnusable, ForeignData, NewerData, StoreFailed

DATA_VERSION = 1

Connection = psycopg.AsyncConnection[Any]

_SCHEMA = """
CREATE SCHEMA cowrite_server;
CREATE TABLE cowrite_server.data (
    version int NOT NULL,
    withdrawals bigint NOT NULL     -- grows with every withdrawal of invites
);
CREATE TABLE cowrite_server.rooms (
    id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    name text NOT NULL UNIQUE,
    epoch text NOT NULL,            -- changes when the document is rebuilt from anything but its own log
    created bigint NOT NULL,        -- this and all other times: milliseconds since 1970
    last bigint NOT NULL DEFAULT 0  -- number of the last entry of the log; whoever gives numbers locks the row
);
CREATE TABLE cowrite_server.invites (
    id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    room bigint NOT NULL REFERENCES cowrite_server.rooms,
    role text NOT NULL,
    secret bytea NOT NULL UNIQUE,   -- SHA-256; the secret itself is never stored
    created bigint NOT NULL,
    withdrawn bigint                -- when, or NULL while the invite is good
);
CREATE INDEX ON cowrite_server.invites (room);
CREATE TABLE cowrite_server.updates (
    room bigint NOT NULL REFERENCES cowrite_server.rooms,
    seq bigint NOT NULL,            -- from 1 in each room, without gaps
    time bigint NOT NULL,
    member bigint REFERENCES cowrite_server.invites,
    data bytea NOT NULL,
    PRIMARY KEY (room, seq)
);
CREATE TABLE cowrite_server.commits (
    writer uuid PRIMARY KEY,        -- the last commit of each node, by which it finds out what became of it
    number bigint NOT NULL,
    rooms bigint[] NOT NULL,
    before bigint[] NOT NULL,       -- for each room the number after which it began
    time timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE cowrite_server.snapshots (
    room bigint PRIMARY KEY REFERENCES cowrite_server.rooms,
    seq bigint NOT NULL,            -- the snapshot contains every update up to this one
    time bigint NOT NULL,
    data bytea NOT NULL
);
CREATE TABLE cowrite_server.blobs (
    hash bytea PRIMARY KEY,         -- SHA-256 of the data
    media_type text NOT NULL,
    data bytea NOT NULL
);
CREATE TABLE cowrite_server.room_blobs (
    room bigint NOT NULL REFERENCES cowrite_server.rooms,
    hash bytea NOT NULL REFERENCES cowrite_server.blobs,
    PRIMARY KEY (room, hash)
);
"""

_TURN = 0x6377737600000001  # "cwsv"; nodes that start at one time prepare the database one after the other

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

_STATEMENT_MILLISECONDS = 30_000
_LOCK_MILLISECONDS = 5_000


def database_name(address: str) -> str:
    """What an address leads to, without the password in it.

    Raises:
        BadStoreAddress: it is no address of a PostgreSQL database.
    """
    with _addresses():
        parts = conninfo_to_dict(address)
    return f"{parts.get('host') or 'localhost'}/{parts.get('dbname') or parts.get('user') or ''}"


def options_of(address: str) -> dict[str, Any]:
    """What to connect with: what the address says, and what it leaves open.

    Raises:
        BadStoreAddress: it is no address of a PostgreSQL database.
    """
    with _addresses():
        return {**_DEFAULTS, **conninfo_to_dict(address), "autocommit": True}


async def configure(connection: Connection) -> None:
    """Bounds how long a statement may take, and makes a commit wait for the disk whatever the database's default."""
    await connection.execute(
        "SELECT set_config('statement_timeout', %s, false), set_config('lock_timeout', %s, false), "
        "set_config('idle_in_transaction_session_timeout', %s, false), "
        "set_config('synchronous_commit', CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on' "
        "ELSE current_setting('synchronous_commit') END, false)",
        (str(_STATEMENT_MILLISECONDS), str(_LOCK_MILLISECONDS), str(_STATEMENT_MILLISECONDS)),
    )


async def connect(options: dict[str, Any]) -> Connection:
    """A connection that is ready for use.

    Args:
        options: see `options_of`.
    """
    connection = await psycopg.AsyncConnection.connect(**options)
    try:
        await configure(connection)
    except BaseException:
        await connection.close()
        raise
    return connection


async def prepare(options: dict[str, Any], name: str, *, make: bool) -> None:
    """Makes the tables where there are none, in one transaction.

    Args:
        options: see `options_of`.
        name: see `database_name`.
        make: whether to make them.

    Raises:
        DatabaseUnusable: there is no connection, or the tables are missing or cannot be made.
        ForeignData: the schema is another program's. Nothing was touched.
        NewerData: the tables are of a newer version. Nothing was touched.
    """
    try:
        async with await connect(options) as connection, connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock(%s)", (_TURN,))
            if await _found(connection, "to_regnamespace('cowrite_server')"):
                await _check(connection, name)
            elif make:
                await connection.execute(_SCHEMA)
                await connection.execute("INSERT INTO cowrite_server.data VALUES (%s, 0)", (DATA_VERSION,))
            else:
                raise DatabaseUnusable(name, "it holds no data of cowrite-server")
    except psycopg.Error as error:
        raise DatabaseUnusable(name, _reason(error)) from error


@contextmanager
def failures() -> Iterator[None]:
    """Turns PostgreSQL's errors into StoreFailed."""
    try:
        yield
    except psycopg.Error as error:
        raise StoreFailed(_reason(error)) from error


async def _check(connection: Connection, name: str) -> None:
    if not await _found(connection, "to_regclass('cowrite_server.data')"):
        raise ForeignData(name)
    row = await (await connection.execute("SELECT version FROM cowrite_server.data")).fetchone()
    if row is None:
        raise ForeignData(name)
    if row[0] > DATA_VERSION:
        raise NewerData(name, row[0], DATA_VERSION)
    # Of nodes that are long gone.
    await connection.execute("DELETE FROM cowrite_server.commits WHERE time < now() - interval '30 days'")


async def _found(connection: Connection, what: str) -> bool:
    row = await (await connection.execute(f"SELECT {what} IS NOT NULL")).fetchone()
    return bool(row and row[0])


@contextmanager
def _addresses() -> Iterator[None]:
    try:
        yield
    except psycopg.Error as error:
        raise BadStoreAddress("postgresql://…") from error  # what cannot be read may hold a password


def _reason(error: psycopg.Error) -> str:
    text = error.diag.message_primary or str(error).partition("\n")[0]
    return text.rstrip(". ") or type(error).__name__
