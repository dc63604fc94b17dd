"""HeldFile: a document's file that is held open, by its lock and its connection, wherever it goes.

Runs on the thread that opened it, the caller's storage thread; every call from another thread is refused.

A file that is deleted or moved while it is open would take what is written to it along, and so would its write-ahead
log. So each transaction first looks whether the paths still lead to them, and where not, the whole document is written
anew at its path, from the files that the connection still holds (`placing.Whereabouts`).
"""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from cowrite.storage.document import database
from cowrite.storage.document.beginning import write_first
from cowrite.storage.document.connected import Connected
from cowrite.storage.document.copying import write_anew
from cowrite.storage.errors import DriveAway, FileGone, NotThere, Overwritten, failures_of
from cowrite.storage.lock import FileLock
from cowrite.storage.placing import companion, is_file, place_document, temporary_beside

_log = logging.getLogger(__name__)


class HeldFile:
    """A file that nobody else can open until `close`, in this process or another.

    Attributes:
        path: where it is.
        connection: writes it; another one where the file is written anew or followed.
        now: milliseconds since 1970.
    """

    def __init__(self, path: Path, lock: FileLock, clock: Callable[[], int]) -> None:
        """Takes over the lock of a file that is known to be sound.

        Args:
            path: where it is.
            lock: held, and let go by `close`.
            clock: milliseconds since 1970.

        Raises:
            DiskFull, StorageFailed: it cannot be written.
        """
        self.path = path
        self._lock = lock
        self.now = clock
        self._home_thread = threading.get_ident()
        self._is_open = True
        self._has_followed = False
        self._notice = ""
        self._connect()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Gives the connection to somebody who only reads.

        Raises:
            StorageFailed: it cannot be read.
        """
        self.assert_home_thread()
        with failures_of(self.path):
            yield self.connection

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Gives the connection to somebody who writes; all of it is on disk afterwards, or nothing.

        Raises:
            FileGone, DriveAway, Overwritten, StoreLocked, DiskFull, StorageFailed: nothing was written.
        """
        self.assert_home_thread()
        with failures_of(self.path):
            self._keep_in_place()
            with self.writing():
                self._wal.begin(self.now())
                with database.committed(self.connection) as connection:
                    database.rewrite_identity(connection)
                    yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Gives the connection to somebody who writes as SQLite does by itself, such as a checkpoint.

        Raises:
            DiskFull, StorageFailed: it could not be written.
        """
        with failures_of(self.path):
            try:
                yield self.connection
            finally:
                self._imprint.note()

    def look_after(self) -> None:
        """Writes the whole document anew at its path where that does not lead to the open file any more.

        Raises:
            FileGone, DriveAway, StoreLocked, DiskFull, StorageFailed: it could not.
            Overwritten: the path leads to it, and another program has written over it; see `begin_anew`.
        """
        self.assert_home_thread()
        with failures_of(self.path):
            self._keep_in_place()

    def settle(self) -> bool:
        """See `DocumentFile.settle`."""
        self.assert_home_thread()
        with failures_of(self.path):
            if self._whereabouts.gone is None and self._imprint.is_lost:
                raise Overwritten(self.path)
            with self.writing():
                return self._wal.settle()

    def begin_anew(self, state: bytes) -> None:
        """See `DocumentFile.begin_anew`."""
        self.assert_home_thread()
        now = self.now()
        with failures_of(self.path):
            with temporary_beside(self.path) as temporary:
                temporary.touch()
                write_first(temporary, "", state, now)
                self._imprint.put_into(temporary)
                other = self._whereabouts.set_other_aside(now, is_overwritten=True)
                place_document(temporary, self.path)
            self._connect_anew(
                f"Another program has written over “{self.path}” while it was open. The whole document is written "
                f"there anew.{other}"
            )

    def follow(self, path: Path) -> bool:
        """See `DocumentFile.follow`."""
        self.assert_home_thread()
        path = Path(os.path.realpath(path))
        with failures_of(path):
            if is_file(self.path) or not self._whereabouts.are_at(path):
                return False
            with ExitStack() as stack:
                connected = Connected.to(path)
                stack.callback(connected.connection.close)
                if not self._lock.follow(path):
                    return False
                stack.pop_all()  # it stays open
            moved = self.connection
            self._take(connected)
            self.path, self._has_followed = path, True
            with suppress(sqlite3.Error):
                moved.close()
        return True

    def take_notice(self) -> str:
        """What happened to the file since this was asked last, in one sentence for people; empty where nothing did."""
        notice, self._notice = self._notice, ""
        return notice

    def close(self) -> None:
        """Moves everything into the one file and lets others open it; a second call does nothing.

        Nothing is lost when the disk is too full for that: the next opening does the rest.
        """
        self.assert_home_thread()
        if not self._is_open:
            return
        self._is_open = False
        with ExitStack() as stack:
            stack.callback(self._lock.release)
            stack.enter_context(self._wal.ending())
            self.connection.close()
            if self._has_followed and not companion(self.path, "-wal").exists():
                with suppress(OSError):  # SQLite looks for its shared memory where that was made
                    companion(self.path, "-shm").unlink(missing_ok=True)

    def assert_home_thread(self) -> None:
        """Refuses a call from another thread."""
        if threading.get_ident() != self._home_thread:
            raise RuntimeError("a DocumentFile is used on the thread that opened it, and on no other")

    def _connect(self) -> None:
        """Connects to the file at the path; where that fails, what was connected stays so."""
        with failures_of(self.path):
            self._take(Connected.to(self.path))

    def _take(self, connected: Connected) -> None:
        self.connection = connected.connection
        self._wal = connected.wal
        self._whereabouts = connected.whereabouts
        self._imprint = connected.imprint

    def _keep_in_place(self) -> None:
        gone = self._whereabouts.gone
        if gone is None:
            if self._imprint.is_lost:
                raise Overwritten(self.path)
            return
        if self._whereabouts.drive_is_away:
            raise DriveAway(self.path)
        if not self.path.parent.is_dir():  # which the lock does not tell on Windows
            raise FileGone(self.path)
        try:
            if not self._lock.is_held():
                lost, self._lock = self._lock, FileLock(self.path)
                lost.release()
        except NotThere as error:
            raise FileGone(self.path) from error
        now = self.now()
        other = ""

        def make_room() -> None:
            nonlocal other
            other = self._whereabouts.set_other_aside(now)

        write_anew(self.connection, self.path, make_room)
        self._connect_anew(
            f"“{gone}” was deleted or moved while it was open. The whole document is written there anew.{other}"
        )

    def _connect_anew(self, notice: str) -> None:
        """Goes on with the file that was written anew at the path."""
        self._whereabouts.take_over()  # where it cannot be opened, the next try meets it there
        self._notice = notice
        moved = self.connection
        self._connect()
        # SQLite sees that its file has moved, and neither writes to it nor deletes what the new one has beside it.
        with suppress(sqlite3.Error):
            moved.close()
        _log.info("%s was written anew", self.path)
