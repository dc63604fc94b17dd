"""Puts a backup in the place of the store that an address names; `Store.back_up` makes backups."""

from __future__ import annotations

from pathlib import Path

from cowrite_server.errors import BackedUpElsewhere
from cowrite_server.store.opening import POSTGRES, public_address, sqlite_folder
from cowrite_server.store.sqlite.backup import Restored, restore


def restore_store(address: str, backup: Path, *, keep_epochs: bool, stamp: str, now: int) -> Restored:
    """Puts a backup in the place of a store.

    Args:
        address: of the store; no server may work on it.
        backup: what `Store.back_up` has written.
        keep_epochs: whether all rooms keep their epochs, whatever clients may have that the backup lacks.
        stamp: goes into the name under which the former database is kept.
        now: milliseconds since 1970.

    Raises:
        BadStoreAddress: the address names no store.
        BackedUpElsewhere: such a store is restored with the tools of its database.
        BackupUnusable: the backup cannot be used. Nothing was changed.
        DataFolderInUse: a server works on the store.
        DataFolderUnusable: the store's folder cannot be written.
    """
    if address.startswith(POSTGRES):
        raise BackedUpElsewhere(
            public_address(address),
            "stop all nodes and rename the schema cowrite_server, then `pg_restore` puts back what pg_dump has written",
        )
    return restore(sqlite_folder(address), backup, keep_epochs=keep_epochs, stamp=stamp, now=now)
