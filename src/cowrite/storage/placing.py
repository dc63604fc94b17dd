"""Putting a finished file into its place in one step, so that a crash leaves the old one or the new one."""

from __future__ import annotations

import os
import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

COMPANIONS = ("-wal", "-shm", "-journal")
"""What SQLite adds to a database's name for the files beside it."""

TEMPORARY = ".cowrite-{}.tmp"
_REPLACE_TRIES = 20
_REPLACE_WAIT = 0.05  # seconds between tries


def companion(path: Path, ending: str) -> Path:
    """A file that SQLite keeps beside the database `path`."""
    return path.with_name(path.name + ending)


@contextmanager
def temporary_beside(path: Path) -> Iterator[Path]:
    """The name of a file, not there yet, in the folder of `path`; gone after the block unless it was moved."""
    temporary = path.with_name(TEMPORARY.format(secrets.token_hex(8)))
    try:
        yield temporary
    finally:
        for file in (temporary, *(companion(temporary, ending) for ending in COMPANIONS)):
            with suppress(OSError):  # what is left is hidden and in nobody's way
                file.unlink(missing_ok=True)


def place(finished: Path, path: Path) -> None:
    """Moves a finished file to `path` in the same folder; what was there is replaced. Both last through a power loss.

    Raises:
        OSError: it could not be done; `path` is as it was.
    """
    with finished.open("rb+") as file:
        os.fsync(file.fileno())
    _replace(finished, path)
    sync_folder(path.parent)


def write_in_place(path: Path, data: bytes) -> None:
    """Writes `path` as `place` does.

    Raises:
        OSError: it could not be done; `path` is as it was.
    """
    with temporary_beside(path) as temporary:
        temporary.write_bytes(data)
        place(temporary, path)


def sync_folder(folder: Path) -> None:
    """Makes names that were given or taken in `folder` last, where the system can."""
    if sys.platform == "win32":
        return  # NTFS keeps a journal of its names, and a folder cannot be opened
    with suppress(OSError):  # some network drives cannot; there is nothing else to try
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _replace(source: Path, target: Path) -> None:
    if sys.platform == "win32":
        # WORKAROUND: virus scanners and the search indexer open a new file for a moment, and Windows refuses to
        # replace an open one.
        for _ in range(_REPLACE_TRIES):
            with suppress(PermissionError):
                source.replace(target)
                return
            time.sleep(_REPLACE_WAIT)
    source.replace(target)
