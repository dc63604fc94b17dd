"""What a document's file holds when it is made.

Runs on the caller's thread.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from cowrite.storage.document.database import committed, connect, insert, lay_out, put_identity, put_property
from cowrite.storage.layout import LogRow, Property, encoded


def write_first(path: Path, title: str, state: bytes | None, now: int) -> None:
    """Makes an empty file a document of its own, which is complete before it gets its place.

    Args:
        path: the file.
        title: the document's.
        state: the update that it begins with; None for none.
        now: milliseconds since 1970.

    Raises:
        OSError, sqlite3.Error: it could not be done.
    """
    with closing(connect(path)) as connection:
        connection.execute("PRAGMA synchronous = OFF")  # `place` syncs it as a whole
        lay_out(connection)
        with committed(connection):
            put_identity(connection, now)
            values = {
                Property.TITLE: title,
                Property.MODIFIED: now,
                Property.LAST_UPDATE: 0 if state is None else 1,
                Property.IMAGES: {},
            }
            for name, value in values.items():
                put_property(connection, name, encoded(value))
            if state is not None:
                insert(connection, LogRow("updates", 1, now, state))
        connection.execute("PRAGMA journal_mode = WAL")  # here it waits for no disk
