"""Imprint: what a document's file was like when it was written here last, by which it is seen that another program has
written over it in its place, as `cp` does with a backup and some programs that keep folders alike.

SQLite does not look at a file whose log it keeps: it goes on from what it remembers of the file, and the document would
be torn. Runs on the connection's thread.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing, suppress
from pathlib import Path
from types import MappingProxyType

from cowrite.storage.document.content import blobs_from
from cowrite.storage.document.database import (
    committed,
    connect,
    connect_alone,
    insert,
    property_row,
    property_value,
    put_property,
)
from cowrite.storage.layout import KEPT_BY_THE_FILE, BlobRow, Property, PropertyRow, blob_digest, encoded, sound_row

_UNREADABLE = (sqlite3.Error, UnicodeDecodeError)  # the latter in SQLite's message; see `errors.failures_of`
_LEFT_OUT = (KEPT_BY_THE_FILE - {Property.CREATED}) | {Property.TEXT}


class Imprint:
    """The imprint of one connection.

    Args:
        connection: writes the document.
        path: the document's file.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path
        self._stamp: tuple[int, int] | None = None
        self._row: PropertyRow | None = None
        self._properties: Mapping[str, PropertyRow] = MappingProxyType({})
        self.note()

    def note(self) -> None:
        """This connection has just written: the file is as it has left it."""
        with suppress(OSError, *_UNREADABLE):  # the next look at it shows
            stamp = _stamp(self._path)
            if stamp == self._stamp:
                return
            row, newest = _identity(self._path), property_row(self._connection, Property.DOCUMENT_ID)
            if self._row is None or _is_between(row, self._row, newest):
                self._stamp, self._row = stamp, row
                self._properties = _properties(self._connection)

    @property
    def is_lost(self) -> bool:
        """Whether the file is one now that this connection has not written.

        Each transaction counts the identity up, so another state of the document, an earlier one or a later one from
        another computer, is told from that which was left here; a time alone tells nothing, for some drives and
        programs set it as they like.

        Raises:
            OSError: it cannot be looked at.
        """
        stamp = _stamp(self._path)
        if stamp == self._stamp:
            return False
        row = _identity(self._path)
        if self._row is not None and row != self._row:
            return True
        self._stamp, self._row = stamp, row
        return False

    def put_into(self, path: Path) -> None:
        """Gives a file that was made anew what the document had beside its text, as far as that can be read: its
        identity and other properties, and its images.

        Raises:
            sqlite3.Error: it cannot be written.
        """
        rows = {**self._properties, **_properties(self._connection)}
        images: dict[str, list[object]] = {}
        with closing(connect(path)) as new:
            new.execute("PRAGMA synchronous = OFF")  # `place` syncs it as a whole
            with committed(new):
                for blob in self._blobs():
                    insert(new, blob)
                    images[f"sha256:{blob.hash.hex()}"] = [blob.media_type, len(blob.data), blob.time]
                put_property(new, Property.IMAGES, encoded(images))
                for row in rows.values():
                    put_property(new, row.name, row.value)

    def _blobs(self) -> list[BlobRow]:
        found: list[BlobRow] = []
        with suppress(*_UNREADABLE):
            for entry in blobs_from(self._connection):
                with suppress(*_UNREADABLE):
                    query = "SELECT * FROM blobs WHERE hash = ?"
                    values = self._connection.execute(query, (blob_digest(entry.name),)).fetchone()
                    row = sound_row("blobs", values) if values else None
                    if isinstance(row, BlobRow):
                        found.append(row)
        return found


def _stamp(path: Path) -> tuple[int, int]:
    facts = path.stat()
    return facts.st_size, facts.st_mtime_ns


def _identity(path: Path) -> PropertyRow | None:
    """The identity that the file itself has, without its log; None where there is none that can be read."""
    with suppress(*_UNREADABLE), closing(connect_alone(path)) as alone:
        return property_row(alone, Property.DOCUMENT_ID)
    return None


def _is_between(row: PropertyRow | None, first: PropertyRow, last: PropertyRow | None) -> bool:
    """Whether a connection that has written the one identity and then the other can have put a row into the file."""
    if row is None or last is None:
        return False
    return row.value in (first.value, last.value) and first.revision <= row.revision <= last.revision


def _properties(connection: sqlite3.Connection) -> Mapping[str, PropertyRow]:
    with suppress(*_UNREADABLE):
        names = property_value(connection, Property.NAMES) or ()
        rows = [property_row(connection, name) for name in names if name not in _LEFT_OUT]
        return {row.name: row for row in rows if row is not None}
    return {}
