"""WriteAheadLog: the log beside an open document's file, and the mark in the file that says that it is there.

Runs on the thread of the connection. A file that has the mark and no log, or an empty one, has lost it: the log was
deleted, or the file was copied without it. So the mark goes into the file before anything is in the log alone, and is
taken away before the log goes: when the file is closed, and in each pause, so that a copy of the file alone is whole.
SQLite begins a log anew whenever all of it is in the file, so each transaction writes the document's identity: where
the log is all that a kill leaves, it says whose it is (`storage.document.stray_log`).
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from cowrite.storage.document import database
from cowrite.storage.layout import Property, encoded

_log = logging.getLogger(__name__)


class WriteAheadLog:
    """The log of one connection.

    Args:
        connection: writes the document.
        path: the document's file.

    Attributes:
        is_there: whether commits go to a log; on a network share, say, they do not.

    Raises:
        sqlite3.Error: the file cannot be read.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path
        self.is_there = database.has_wal(connection)
        # After a crash the mark is there already, and it is ours to take away.
        self._is_marked = database.property_value(connection, Property.WRITING) is not None
        self._may_have_mark = self._is_marked

    def begin(self, now: int) -> None:
        """Makes sure that the mark is in the file itself: the log may be written.

        Args:
            now: milliseconds since 1970.

        Raises:
            sqlite3.Error: it may not.
        """
        if self._is_marked or not self.is_there:
            return
        self._may_have_mark = True  # from now on, whatever of this fails
        with database.committed(self._connection):
            database.put_property(self._connection, Property.WRITING, encoded(now))
            database.rewrite_identity(self._connection)
        # While somebody reads what was there before, it does not get there, and is tried again with what is next.
        self._is_marked = self._checkpoint("PASSIVE")

    def settle(self) -> bool:
        """Moves everything into the file and takes the mark away, until it is written again.

        Returns:
            Whether it could; not while somebody reads what was there before.

        Raises:
            sqlite3.Error: some of it is in the log still, and the mark is there.
        """
        if not self._may_have_mark:
            return True
        if not self._checkpoint("PASSIVE"):
            return False
        self._take_mark_away()
        return self._checkpoint("TRUNCATE")

    @contextmanager
    def ending(self) -> Iterator[None]:
        """Moves everything into the file; within, the connection is to be closed.

        Where the disk does not let us, the log stays beside the file, and the next `open` does the rest.
        """
        with ExitStack() as stack:
            # First what makes the room that the next step may need.
            self._attempt(lambda: self._checkpoint("PASSIVE"))
            if not self._may_have_mark or self._attempt(self._take_mark_away):
                self._attempt(lambda: self._checkpoint("TRUNCATE"))
            else:
                self._attempt(lambda: stack.callback(self._keeper().close))
            yield

    def _take_mark_away(self) -> None:
        with database.committed(self._connection):
            database.put_property(self._connection, Property.WRITING, None)
            database.rewrite_identity(self._connection)
        self._is_marked = self._may_have_mark = False

    def _keeper(self) -> sqlite3.Connection:
        """A connection beside which SQLite deletes no log when ours is closed; being read-only, nor with itself."""
        keeper = database.connect(self._path, read_only=True)
        keeper.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        return keeper

    def _attempt(self, step: Callable[[], object]) -> bool:
        """Does a step of ending, and says whether it could."""
        try:
            step()
        except sqlite3.Error as error:
            _log.warning("%s was closed with its write-ahead log: %s", self._path, error)
            return False
        return True

    def _checkpoint(self, mode: str) -> bool:
        """Moves what is in the log into the file; says whether that was all of it."""
        if not self.is_there:
            return True
        _busy, there, moved = self._connection.execute(f"PRAGMA wal_checkpoint({mode})").fetchone()
        return bool(there == moved)
