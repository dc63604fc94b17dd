"""Opens the store that an address names."""

from __future__ import annotations

import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from cowrite_server.errors import ExtraMissing
from cowrite_server.store.sqlite.store import SqliteStore
from cowrite_server.store.store import Store
from cowrite_server.wrong_use import BadStoreAddress, PostgresOnWindows

_SQLITE = "sqlite:"
POSTGRES = ("postgresql://", "postgres://")


def sqlite_address(folder: Path | str) -> str:
    """The address of the SQLite database in a data folder."""
    return f"{_SQLITE}{folder}"


def path_of(text: str) -> Path:
    """The path that somebody has named, in whose place no shell may have put the home folder."""
    return Path(os.path.expanduser(text))  # noqa: PTH111 - Path fails at a user that there is not


def public_address(address: str) -> str:
    """A store's address as anybody may read it: that of a PostgreSQL database may hold a password."""
    return "postgresql://…" if address.startswith(POSTGRES) else address


async def open_store(
    address: str,
    *,
    make: bool = True,
    serving: bool = False,
    alone: bool = False,
    before: Callable[[], Awaitable[None]] | None = None,
) -> Store:
    """Opens a store.

    Args:
        address: `sqlite:DIR`, an SQLite database in the data folder DIR, or `postgresql://…`, a PostgreSQL database.
        make: whether to make what is missing.
        serving: whether a server will work on it, rather than a command beside one.
        alone: whether no server may work on it for as long as it is open.
        before: what is to succeed before anything is made or changed there, but after a server that works on it was
            found; what it raises passes through.

    Raises:
        BadStoreAddress: the address names no store.
        DamagedData: it is damaged. Nothing was touched.
        DataFolderInUse, DatabaseInUse: a server works on it that has to be the only one, or that may not.
        DataFolderUnusable, DatabaseUnusable: it cannot be opened.
        ExtraMissing: what opens it is not installed.
        ForeignData: it is another program's. Nothing was touched.
        NewerData: it is of a newer version. Nothing was touched.
        PostgresOnWindows: its client does not work there.
    """
    if address.startswith(POSTGRES):
        if sys.platform == "win32":  # in asyncio's usual loop, see psycopg's documentation
            raise PostgresOnWindows
        try:
            from cowrite_server.store.postgres.store import PostgresStore
        except ImportError as error:
            raise ExtraMissing("--store postgresql://…", "postgres") from error
        if before is not None:
            await before()
        return await PostgresStore.open(address, make=make, serving=serving, alone=alone)
    return await SqliteStore.open(sqlite_folder(address), make=make, serving=serving or alone, before=before)


def sqlite_folder(address: str) -> Path:
    """The data folder of an SQLite database's address.

    Raises:
        BadStoreAddress: it is no such address.
    """
    folder = address.removeprefix(_SQLITE)
    if folder == address or not folder:
        raise BadStoreAddress(address)
    return path_of(folder)
