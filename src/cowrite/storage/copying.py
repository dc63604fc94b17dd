"""Writing a consistent copy of an open database to another place. Runs on the connection's thread."""

from __future__ import annotations

import errno
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterable
from itertools import chain
from pathlib import Path

from cowrite.storage.database import (
    address,
    committed,
    connect,
    property_row,
    property_value,
    put_identity,
    put_property,
)
from cowrite.storage.errors import failures_of
from cowrite.storage.layout import Property, encoded
from cowrite.storage.lock import FileLock
from cowrite.storage.placing import companion, place_document, temporary_beside
from cowrite.storage.stray_log import set_aside

_COPY_TRIES = 5
_NAME = re.compile(rb"sha256:[0-9a-f]{64}")


def images_named(update: bytes) -> set[str]:
    """The names ("sha256:…") of the images to which an update refers."""
    return {name.decode() for name in _NAME.findall(update)}


def copy_files(path: Path, folder: Path, *, with_log: bool = True) -> Path:
    """Copies a document's file into a folder as it is, for reading it there.

    Args:
        path: the file.
        folder: the folder.
        with_log: whether to copy what SQLite has beside it as well.

    Raises:
        OSError: it could not be done.
    """
    copy = folder / f"document{path.suffix}"  # its own name may be too long for what is to be beside it
    endings = ("", "-wal", "-journal") if with_log else ("",)
    files = [companion(path, ending) for ending in endings]
    for _ in range(_COPY_TRIES):  # somebody else may be writing it
        before = [_stamp(file) for file in files]
        for file, ending, stamp in zip(files, endings, before, strict=True):
            target = companion(copy, ending)
            target.unlink(missing_ok=True)
            if stamp is not None:
                shutil.copyfile(file, target)
        if before == [_stamp(file) for file in files]:
            break
    return copy


def _stamp(file: Path) -> tuple[int, int] | None:
    try:
        facts = file.stat()
    except OSError as error:
        if error.errno not in (errno.ENOENT, errno.ENAMETOOLONG):  # nothing of such a name is there
            raise
        return None
    return facts.st_size, facts.st_mtime_ns


def replace_with_copy(
    source: sqlite3.Connection,
    path: Path,
    *,
    same_document: bool,
    now: int,
    title: str | None = None,
    unwritten: Iterable[bytes] = (),
) -> None:
    """Copies what `source` is connected to into the file `path`, which is replaced where it is there.

    A document of its own has only those images that it shows or has shown: one in a note that still lies sealed on
    this computer is in the file, and not for whoever gets the copy.

    Args:
        same_document: whether the copy keeps the document's identity and its room.
        now: milliseconds since 1970.
        title: the copy's title; the same one where it is None.
        unwritten: updates that are to come into the copy and are not in the file; the images they name stay.

    Raises:
        StoreLocked: a document at `path` is open.
        DiskFull, StorageFailed: what was at `path` is as it was.
    """
    lock = FileLock(path)
    try:
        with failures_of(path):
            set_aside(path, now)
        write_copy(source, path, same_document=same_document, now=now, title=title, unwritten=unwritten)
    finally:
        lock.release()


def write_copy(
    source: sqlite3.Connection,
    path: Path,
    *,
    same_document: bool,
    now: int,
    title: str | None = None,
    unwritten: Iterable[bytes] = (),
    make_room: Callable[[], None] = lambda: None,
) -> None:
    """Does what `replace_with_copy` does, for who has the lock of `path` already.

    Args:
        make_room: is called once the copy is whole, right before it takes its place.

    Raises:
        DiskFull, StorageFailed: what was at `path` is as it was.
    """
    with failures_of(path), temporary_beside(path) as temporary:
        source.execute("VACUUM INTO ?", (address(temporary, mode="rwc"),))
        _settle(temporary, same_document=same_document, now=now, title=title, unwritten=unwritten)
        make_room()
        place_document(temporary, path)


def _settle(path: Path, *, same_document: bool, now: int, title: str | None, unwritten: Iterable[bytes]) -> None:
    connection = connect(path)
    try:
        connection.execute("PRAGMA secure_delete = ON")  # nothing of the room's link stays in a copy given away
        with committed(connection):
            if property_row(connection, Property.WRITING):
                put_property(connection, Property.WRITING, None)
            if not same_document:
                put_identity(connection, now)
                _drop_unnamed_images(connection, unwritten)
            if title is not None:
                put_property(connection, Property.TITLE, encoded(title))
    finally:
        connection.close()


def _drop_unnamed_images(connection: sqlite3.Connection, unwritten: Iterable[bytes]) -> None:
    there = {digest for (digest,) in connection.execute("SELECT hash FROM blobs")}
    if not there:
        return
    rows = connection.execute("SELECT data FROM updates UNION ALL SELECT data FROM snapshots")
    written = (data for (data,) in rows if isinstance(data, bytes))
    named = set().union(*map(images_named, chain(unwritten, written)))
    unnamed = there - {bytes.fromhex(name.removeprefix("sha256:")) for name in named}
    connection.executemany("DELETE FROM blobs WHERE hash = ?", [(digest,) for digest in unnamed])
    names = property_value(connection, Property.IMAGES)
    if unnamed and isinstance(names, dict):
        gone = {f"sha256:{digest.hex()}" for digest in unnamed}
        kept = {name: media_type for name, media_type in names.items() if name not in gone}
        put_property(connection, Property.IMAGES, encoded(kept))
