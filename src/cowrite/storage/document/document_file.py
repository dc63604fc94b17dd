"""One document on disk: the log of its updates, snapshots of its state, its images and its properties.

Runs on the thread that opened it, the caller's storage thread; every call from another thread is refused.

Durability. The database is in WAL mode with synchronous = FULL. What `append` has written when it returns is in the
operating system's hands, so kill -9 never takes it; and SQLite has asked the disk to keep it (fsync), so a power loss
takes it only where the disk itself lies. The caller gathers keystrokes for a fraction of a second and waits on no
window's thread, so a few fsyncs per second are affordable; synchronous = NORMAL would save them and lose the last
minutes of typing in a power loss. What waits for an fsync is in the `quick_log`. On macOS fsync leaves data in the
drive's cache, and only checkpoints pay for F_FULLFSYNC: a power loss there may take the last seconds, and never harms
the file.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence, Set
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Self

from cowrite.clock import milliseconds_now
from cowrite.storage.document import database
from cowrite.storage.document.beginning import write_first
from cowrite.storage.document.clearing import cleared, is_clear, note_clear, overwriting, put_cleared, shrink
from cowrite.storage.document.containment import Holdings
from cowrite.storage.document.content import BlobEntry, Loaded, StoredBlob, blob_from, blobs_from, loaded_from
from cowrite.storage.document.copying import Unwritten, replace_with_copy
from cowrite.storage.document.examination import expect_file, is_in_use_by_another_name
from cowrite.storage.document.held_file import HeldFile
from cowrite.storage.document.images import drop_images
from cowrite.storage.document.properties import Properties
from cowrite.storage.document.stray_log import set_aside
from cowrite.storage.errors import AlreadyThere, NotWritable, OpenElsewhere, StorageError, StorageFailed, failures_of
from cowrite.storage.layout import BlobRow, LogRow, Property, Value, blob_name, encoded
from cowrite.storage.lock import FileLock
from cowrite.storage.placing import COMPANIONS, companion, place, protection, temporary_beside

KEPT_UPDATES = 200
"""Updates that stay in the file although a snapshot holds them."""

_PATIENCE = 0.3  # seconds: a reader holds the lock for a moment to see whether anybody has the document open


class DocumentFile:
    """An open `.cowrite` file. Nobody else can open it until `close`, in this process or another.

    A call that raises a StorageError has changed nothing: the caller keeps its updates and may try again.

    Attributes:
        protected: why the document can only be read where the person has it, in words; empty where it can be written.
    """

    protected = ""

    def __init__(self, path: Path, lock: FileLock, clock: Callable[[], int]) -> None:
        """For `create` and `open`: takes over the lock of a file that is known to be sound."""
        self._held = HeldFile(path, lock, clock)
        self.properties = Properties(self._held.reading, self._held.transaction)

    @classmethod
    def create(
        cls,
        path: Path,
        *,
        title: str | None = None,
        state: bytes | None = None,
        clock: Callable[[], int] = milliseconds_now,
    ) -> Self:
        """A new document with an id of its own.

        Args:
            path: where; its folder exists.
            title: its title; the file's name where it is None.
            state: the update that it begins with; without one it is empty.
            clock: milliseconds since 1970.

        Raises:
            AlreadyThere: there is a file of this name.
            StoreLocked, DiskFull, StorageFailed: nothing was made.
        """
        path = path.absolute()
        lock = FileLock(path)
        try:
            if path.exists():
                raise AlreadyThere(path)
            with failures_of(path), temporary_beside(path) as temporary:
                set_aside(path, clock())
                temporary.touch()
                write_first(temporary, path.stem if title is None else title, state, clock())
                place(temporary, path)
            try:
                return cls(path, lock, clock)
            except StorageError:  # nobody has seen it yet, and who tries again must not find it in the way
                for file in (path, *(companion(path, ending) for ending in COMPANIONS)):
                    with suppress(OSError):
                        file.unlink(missing_ok=True)
                raise
        except BaseException:
            lock.release()
            raise

    @classmethod
    def open(cls, path: Path, *, clock: Callable[[], int] = milliseconds_now) -> Self:
        """The document at `path`, repaired where it was damaged.

        Reads the whole file once and checks every row. Where something is damaged, the original is kept beside it as
        `NAME.damaged-YYYYMMDD-HHMMSS.cowrite`, a file with everything that is sound takes its place, and
        `load().missing` says what is not in it.

        Args:
            clock: milliseconds since 1970.

        Raises:
            NotThere: there is no such file.
            StoreLocked: it is open elsewhere.
            OpenElsewhere: it is open by another name.
            NotWritable: it can only be read, see `read_only_file`.
            NotADocument: it is some other kind of file, or a folder.
            DocumentTooNew: a newer cowrite wrote it.
            DiskFull, StorageFailed: it could not be opened, or not be repaired; it is as it was.
        """
        with failures_of(path):
            path = Path(os.path.realpath(path))  # one document has one lock, whatever link leads to it
            expect_file(path)
        if reason := protection(path):
            raise NotWritable(path, reason)
        lock = FileLock(path, patience=_PATIENCE)
        try:
            from cowrite.storage.document.repair import repair

            with failures_of(path):
                if is_in_use_by_another_name(path):
                    raise OpenElsewhere(path)
            repair(path, clock())
            return cls(path, lock, clock)
        except BaseException:
            lock.release()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @property
    def path(self) -> Path:
        """Where its file is."""
        return self._held.path

    @property
    def place(self) -> Path:
        """Where the person has it."""
        return self.path

    def load(self) -> Loaded:
        """The document's state and what is missing from it.

        Raises:
            StorageFailed: it cannot be read.
        """
        with self._held.reading() as connection:
            return loaded_from(connection, self.path)

    def forget_missing(self) -> None:
        """Somebody has read what is missing: later calls of `load` say nothing about it.

        Raises:
            DiskFull, StorageFailed: it is still noted.
        """
        with self._held.transaction() as connection:
            database.put_property(connection, Property.MISSING, None)

    def append(self, updates: Sequence[bytes]) -> None:
        """Adds updates to the log; all of them are on disk when it returns. Without any, looks after the file's place.

        Raises:
            FileGone, DriveAway, StoreLocked, DiskFull, StorageFailed: none of them is in the file.
            Overwritten: likewise; after `begin_anew` all can be.
        """
        if not updates:
            self._held.look_after()
            return
        now = self._held.now()
        with self._held.transaction() as connection:
            last = database.last_seq(connection)
            for seq, data in enumerate(updates, last + 1):
                database.insert(connection, LogRow("updates", seq, now, bytes(data)))
            database.put_property(connection, Property.LAST_UPDATE, encoded(last + len(updates)))
            database.put_property(connection, Property.MODIFIED, encoded(now))

    def write_snapshot(self, state: bytes, *, keep: int = KEPT_UPDATES) -> None:
        """Stores the whole state, so that the next `load` need not read the log before it.

        The previous snapshot and the updates after it stay, so that a damaged snapshot loses nothing; what is older
        goes. Updates that the state does not hold, because they wait for others, are carried over.

        Args:
            state: the whole document as one update, from the document's `get_update`.
            keep: so many of the newest updates stay in any case.

        Raises:
            BrokenState: it is no update.
            DiskFull, StorageFailed: the log is as it was.
        """
        holdings = Holdings(state)
        now = self._held.now()
        with self._held.transaction() as connection:
            was_clear = is_clear(connection)
            last = database.last_seq(connection)
            previous = database.last_snapshot(connection, before=last)
            waiting = [row for row in database.updates_after(connection, previous) if not holdings.include(row.data)]
            database.insert(connection, LogRow("snapshots", last, now, bytes(state)))
            connection.execute("DELETE FROM snapshots WHERE seq < ?", (previous,))
            connection.execute("DELETE FROM updates WHERE seq <= ?", (min(previous, last - keep),))
            if was_clear:
                note_clear(connection)
            for seq, row in enumerate(waiting, last + 1):
                database.insert(connection, LogRow("updates", seq, row.time, row.data))
            if waiting:
                database.put_property(connection, Property.LAST_UPDATE, encoded(last + len(waiting)))

    def clear(
        self, state: bytes, properties: Mapping[str, Value] = MappingProxyType({}), *, empties: bool = False
    ) -> bytes | None:
        """Stores the whole state as `write_snapshot` does, and with it removes from the file whatever was deleted from
        the document; one who gets the file does not find it there. Pictures stay, for a history may show them.

        Args:
            state: the whole document as one update, from the document's `get_update`.
            properties: what goes with it, such as the text for searching; see `Properties.set_all`.
            empties: the document is nobody else's, and what is only marked as removed in it goes as well.

        Returns:
            What it took out that was only marked as removed, as an update, which may be empty. None where it did
            nothing, for nothing was deleted or removed since the last time.

        Raises:
            DiskFull, StorageFailed: the log is as it was.
        """
        with self._held.reading() as connection:
            if is_clear(connection, empties=empties):
                return None
        new, lacking, emptying = cleared([state], empties=empties)
        if new is None or lacking:
            return None  # it is no state of a document
        holdings = Holdings(new)
        with self._held.transaction() as connection:
            previous = database.last_snapshot(connection, before=database.last_seq(connection))
            waiting = [row for row in database.updates_after(connection, previous) if not holdings.include(row.data)]
            put_cleared(connection, new, waiting, properties, self._held.now(), empties=empties)
        with suppress(StorageError), self._held.writing() as connection:  # it is clear, whatever its size
            shrink(connection)
        return emptying

    def settle(self) -> bool:
        """Moves everything into the one file, so that a copy which somebody makes of that alone is whole.

        It takes several fsyncs, so it is called in a pause, and once in a while where there is none.

        Returns:
            Whether it could; not while somebody reads what was there before.

        Raises:
            DiskFull, StorageFailed: nothing is lost, and a copy of the file alone may lack the newest.
            Overwritten: see `append`.
        """
        return self._held.settle()

    def begin_anew(self, state: bytes) -> None:
        """Writes the document anew at its path where another program has written over it, which is kept beside it.

        Args:
            state: the whole document as one update.

        Raises:
            DiskFull, StorageFailed: it could not.
        """
        self._held.begin_anew(state)

    def become_another(self) -> None:
        """Makes it a document of its own, as a copy is: it has a new id, and is in no room.

        Raises:
            DiskFull, StorageFailed: it is what it was.
        """
        with self._held.transaction():
            pass  # the log has the old identity, too, by which it is known to go with the file
        with self._held.transaction() as connection:
            database.put_identity(connection, self._held.now())
        with suppress(StorageError):
            self.settle()  # a copy of the file alone is another document as well then

    def follow(self, path: Path) -> bool:
        """Goes on at another path where its folder was moved or renamed, so that all its files are there now.

        Returns:
            Whether it does.

        Raises:
            StorageFailed: it is as it was.
        """
        return self._held.follow(path)

    def put_blob(self, data: bytes, media_type: str) -> str:
        """Stores a blob and gives its name, `sha256:` and hex; it is on disk when it returns.

        Raises:
            DiskFull, StorageFailed: it is not in the file.
        """
        digest = hashlib.sha256(data).digest()
        name = blob_name(digest)
        if self.blob(name) is not None:
            return name
        now = self._held.now()
        with self._held.transaction() as connection:
            database.insert(connection, BlobRow(digest, media_type, now, bytes(data)))
            images = database.property_value(connection, Property.IMAGES) or {}
            images[name] = [media_type, len(data), now]
            database.put_property(connection, Property.IMAGES, encoded(images))
        return name

    def blob(self, name: str) -> StoredBlob | None:
        """The blob of this name, or None where the file has no sound one.

        Raises:
            StorageFailed: it cannot be read.
        """
        with self._held.reading() as connection:
            return blob_from(connection, name)

    def blobs(self) -> tuple[BlobEntry, ...]:
        """All blobs, oldest first.

        Raises:
            StorageFailed: they cannot be read.
        """
        with self._held.reading() as connection:
            return blobs_from(connection)

    def drop_images(self, names: Set[str]) -> None:
        """Takes out, to the last byte, those of some images that nothing in the document names any more.

        Raises:
            DiskFull, StorageFailed: they are in the file.
        """
        with self._held.transaction() as connection, overwriting(connection):
            have_gone = drop_images(connection, names)
        if have_gone:
            with self._held.writing() as connection:  # what SQLite has moved to another page is where it was, too
                connection.execute("VACUUM")

    def take_notice(self) -> str:
        """What happened to the file since this was asked last, in one sentence for people; empty where nothing did."""
        return self._held.take_notice()

    def save_copy(self, path: Path, *, unwritten: Unwritten | None = None) -> None:
        """Writes a consistent copy; another document at `path` is replaced in one step.

        A copy is a document of its own: it gets a new id and forgets room, epoch and what a server acknowledged.
        Otherwise two files, edited apart, would both push into one room, and what their owner meant to keep apart
        would merge. That holds for Save As too, because the file it started from stays. Nothing is in it that was
        deleted from the document.

        Args:
            path: where to; its folder exists.
            unwritten: what the copy gets besides.

        Raises:
            StoreLocked: a document at `path` is open.
            DiskFull, StorageFailed: what was at `path` is as it was.
        """
        self._held.assert_home_thread()
        path = Path(os.path.realpath(path))
        if path == self.path:
            raise StorageFailed(path, "a document cannot be copied onto itself")
        now = self._held.now()
        replace_with_copy(self._held.connection, path, now=now, unwritten=unwritten)

    def close(self) -> None:
        """Moves everything into the one file and lets others open it; a second call does nothing.

        Nothing is lost when the disk is too full for that: the next `open` does the rest.
        """
        self._held.close()
