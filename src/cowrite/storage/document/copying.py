"""Writing a consistent copy of an open database to another place. Runs on the connection's thread."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple

from cowrite.core.document.arrivals import check
from cowrite.core.document.particulars import particulars
from cowrite.core.errors import MalformedUpdate
from cowrite.storage.document.clearing import cleared, put_cleared, shrink
from cowrite.storage.document.content import StoredBlob
from cowrite.storage.document.database import (
    address,
    committed,
    connect,
    property_row,
    put_identity,
    put_missing,
    put_property,
    stored_state,
)
from cowrite.storage.document.images import images_named, keep_images
from cowrite.storage.document.stray_log import set_aside
from cowrite.storage.errors import failures_of
from cowrite.storage.layout import LogRow, Property
from cowrite.storage.lock import FileLock
from cowrite.storage.placing import companion, place_document, temporary_beside
from cowrite_server.counting import counted

_COPY_TRIES = 5


class Unwritten(NamedTuple):
    """What is to come into a copy and may not be in the document's own file.

    Attributes:
        updates: changes, in their order.
        images: of which the copy gets those that it names.
    """

    updates: Sequence[bytes] = ()
    images: Sequence[StoredBlob] = ()


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
    now: int,
    title: str | None = None,
    unwritten: Unwritten | None = None,
) -> None:
    """Copies what `source` is connected to into the file `path`, which is replaced where it is there.

    The copy is a document of its own and goes to others, so nothing is in it that was deleted (see `clearing`), and of
    the images only those that it names: one in a note that still lies sealed on this computer is in the file, and not
    for whoever gets the copy.

    Args:
        now: milliseconds since 1970.
        title: the copy's title; what the document is called where it is None.
        unwritten: what it gets besides.

    Raises:
        StoreLocked: a document at `path` is open.
        DiskFull, StorageFailed: what was at `path` is as it was.
    """

    def become_another(connection: sqlite3.Connection) -> bool:
        put_identity(connection, now)
        return _clear(connection, unwritten or Unwritten(), title, path.stem, now)

    with FileLock(path):
        with failures_of(path):
            set_aside(path, now)
        _write(source, path, become_another)


def write_anew(source: sqlite3.Connection, path: Path, make_room: Callable[[], None]) -> None:
    """Writes the document that `source` is connected to into the file `path` as it is, for who has the lock of that.

    Args:
        make_room: is called once the file is whole, right before it takes its place.

    Raises:
        DiskFull, StorageFailed: what was at `path` is as it was.
    """
    _write(source, path, lambda _: False, make_room)


def _write(
    source: sqlite3.Connection,
    path: Path,
    change: Callable[[sqlite3.Connection], bool],
    make_room: Callable[[], None] = lambda: None,
) -> None:
    """Writes a copy that is changed before it takes its place; `change` says whether images went."""
    with failures_of(path), temporary_beside(path) as temporary:
        source.execute("VACUUM INTO ?", (address(temporary, mode="rwc"),))
        _settle(temporary, change)
        make_room()
        place_document(temporary, path)


def _settle(path: Path, change: Callable[[sqlite3.Connection], bool]) -> None:
    with closing(connect(path)) as connection:
        connection.execute("PRAGMA synchronous = OFF")  # `place` syncs it as a whole
        connection.execute("PRAGMA secure_delete = ON")  # nothing of the room's link stays in a copy given away
        with committed(connection):
            if property_row(connection, Property.WRITING):
                put_property(connection, Property.WRITING, None)
            lost_images = change(connection)
        if lost_images:
            connection.execute("VACUUM")  # what SQLite has moved to another page is where it was, too
        else:
            shrink(connection)


def _is_harmless(update: bytes) -> bool:
    """Whether the library can look at an update that somebody else has put into a file; see `arrivals.check`."""
    try:
        check(update)
    except MalformedUpdate:
        return False
    return True


def _clear(connection: sqlite3.Connection, unwritten: Unwritten, title: str | None, stem: str, now: int) -> bool:
    """Leaves in a copy what the document holds, and nothing that it has held before; says whether images went."""
    updates, unsound = stored_state(connection)
    harmful = [update for update in updates if not _is_harmless(update)]  # goes along; who opens the copy is told
    state, waiting, _ = cleared([*(each for each in updates if each not in harmful), *unwritten.updates], empties=True)
    waiting = (*harmful, *waiting)
    if unsound:
        edits = f"{counted(unsound, 'edit')} that could not be read"
        put_missing(connection, [edits], None, None)
    properties: dict[str, str] = {}
    if state is not None:
        properties = {Property.TITLE: stem, Property.TEXT: ""}
        with suppress(MalformedUpdate):  # who opens the copy is told
            found = particulars(state)
            properties = {Property.TITLE: found.title or stem, Property.TEXT: found.text}
    if title is not None:
        properties[Property.TITLE] = title
    rows = [LogRow("updates", 0, now, update) for update in waiting]
    put_cleared(connection, state, rows, properties, now, empties=True)
    return keep_images(connection, set().union(*map(images_named, (state or b"", *waiting))), unwritten.images, now)
