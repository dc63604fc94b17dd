"""SavedDocument: keeps a Document on disk while it is edited.

Runs on the GUI thread and hands all work on the file to the storage thread. A change goes into the quick log at once,
where it outlives the process, and is on its way to the file SAVE_DELAY after it was made, or as soon as the disk has
done what it was at. Both keep the order in which changes were made. When the disk fails, the changes wait in memory
and in the quick log, and are tried again until they are written.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence, Set
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal

from cowrite.bridge.file.document_copy import InMemory, copy_document
from cowrite.bridge.file.kept_properties import KeptProperties
from cowrite.bridge.file.noting import Note, Noting
from cowrite.bridge.file.on_disk import Batch, OnDisk, Safety
from cowrite.bridge.file.opening import Opened
from cowrite.bridge.file.settling import Settling
from cowrite.bridge.file.storage_thread import StorageThread
from cowrite.bridge.single_shot import single_shot
from cowrite.core.document.updates import EMPTY_UPDATE
from cowrite.core.text.origin import Origin
from cowrite.errors import CowriteError
from cowrite.storage.document.containment import BrokenState
from cowrite.storage.document.content import StoredBlob
from cowrite.storage.document.document_file import DocumentFile
from cowrite.storage.errors import Overwritten, StorageError
from cowrite.storage.layout import Property

SAVE_DELAY = 80  # milliseconds from the first change that is not on its way to the disk
RETRY_DELAY = 1000  # milliseconds after a failed write
SILENCE = 5000  # milliseconds that a write takes until it is told that the disk does not answer
SNAPSHOT_AFTER = 1000  # updates

_log = logging.getLogger(__name__)


class SavedDocument(QObject):
    """Keeps one document on disk.

    Args:
        opened: the document and its file.
        storage: where the file is worked on.
        note: tells the library what is in it.
        parent: Qt parent.

    Attributes:
        properties: what the file keeps beside the text.
    """

    on_disk_changed = Signal(object)
    """OnDisk."""
    written_anew = Signal(str)
    """The file was deleted or moved, and is there again; one sentence for people."""

    def __init__(
        self,
        opened: Opened,
        storage: StorageThread,
        note: Note,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._file = opened.file
        self._quick_log = opened.quick_log
        self._document = opened.document
        self._storage = storage
        self._note = note
        self._pending: list[bytes] = []
        self._batch = Batch()  # the newest that was given to the storage thread
        self._writing = False
        self._closed = False
        self._place: Path | None = None  # where the file is since it was closed
        self._since_snapshot = len(opened.loaded.state)
        self._is_newer = False  # than the file's snapshot, by what was written since it was opened
        self.properties = KeptProperties(opened.saved_blobs, self._save_soon)
        self._on_disk = OnDisk(Safety.SAVED)
        self._save_timer = single_shot(self, self._save, SAVE_DELAY, Qt.TimerType.PreciseTimer)
        self._retry_timer = single_shot(self, self._save, RETRY_DELAY, Qt.TimerType.PreciseTimer)
        self._silence_timer = single_shot(self, self._tell_silence, SILENCE)
        self.settling = Settling(opened.file, storage, self)
        self._noting = Noting(opened.document, opened.file, storage, note, self.settling, self)
        self._unobserve = opened.document.observe_updates(self._on_update)
        self._end_announcements = opened.document.observe_announcements(self._on_announcement)

    @property
    def path(self) -> Path:
        """The document's file, where the person has it."""
        return self._place or self._file.place

    @property
    def protected(self) -> str:
        """Why the document can only be read, in words; empty where it can be written."""
        return self._file.protected

    @property
    def file(self) -> DocumentFile:
        """The open file; only for work on the storage thread."""
        return self._file

    @property
    def on_disk(self) -> OnDisk:
        """How the document stands on this computer."""
        return self._on_disk

    def forget_missing(self) -> None:
        """The person has read what is missing from a document that was damaged."""
        self._storage.run(self._file.forget_missing, None, lambda error: self._show(OnDisk(Safety.FAILED, str(error))))

    def save_copy(
        self, path: Path, images: Sequence[StoredBlob], then: Callable[[int], None], failed: Callable[[Exception], None]
    ) -> None:
        """Writes a copy, which is a document of its own; tells how it went.

        Args:
            path: where to.
            images: those that may not be in the document's own file yet.
            then: is called when the copy holds everything, also what the document's own disk does not take; with the
                number of images that are lacking because that disk does not give them back.
            failed: is called with the error instead.
        """
        self._save()
        batch, pending = self._batch, list(self._pending)
        state = self._document.state()

        def work() -> int:
            # Asked behind the write of the batch, which leaves in it what is not in the file.
            return copy_document(self._file, path, InMemory(state, (*batch.updates, *pending), images))

        self._storage.run(work, then, failed)

    def save_now(self) -> None:
        """Writes what waits, and looks after the file's place, without waiting for the disk."""
        self._save(look=True)

    def follow(self, path: Path) -> bool:
        """Goes on at another path where its folder was moved there; says whether it does."""
        try:
            follows = self._storage.run_now(lambda: self._file.follow(path))
        except CowriteError as error:
            _log.warning("a document does not go on where it was moved: %s", error)
            return False
        if follows:
            place, on_the_way = self.path, self._on_the_way()
            self._storage.run_quickly(lambda: self._quick_log.follow(place, on_the_way))
        return follows

    def write(self) -> None:
        """Writes what waits, and waits for the disk.

        Raises:
            StorageError: changes could not be written; they wait in memory and are tried again.
        """
        if self._closed or self.protected:
            return
        self._document.settle()
        before, batch, count = self._batch, Batch(self._pending, self.properties.waiting), len(self._pending)

        def work() -> str:
            before.write_to(self._file)  # it is empty, unless its own write has failed
            batch.write_to(self._file)
            return self._file.take_notice()

        try:
            try:
                notice = self._storage.run_now(work)
            except Overwritten:
                state = self._document.state()
                self._storage.run_now(lambda: self._file.begin_anew(state))
                notice = self._storage.run_now(work)
        except CowriteError as error:
            self._show(OnDisk(Safety.FAILED, str(error)))
            self._retry_timer.start()
            raise
        finally:
            self._pending, self.properties.waiting = batch.updates, batch.properties
        self._count(count)
        self._document.settle()
        self._shorten_quick_log()
        self.settling.written()
        self._tell(notice)
        if not self._writing:
            self._show(OnDisk(Safety.SAVED))

    def close(
        self,
        *,
        is_shared: bool = True,
        needless: Set[str] = frozenset(),
        name: Callable[[Path, str], Path] = lambda path, _title: path,
    ) -> bytes:
        """Writes everything, and closes the file, in which nothing is left then of what was deleted.

        Args:
            is_shared: whether a server has the document too. Where none has, nobody can bring back any more what was
                removed, and its words go as well.
            needless: names of images that go where nothing in the document names them any more.
            name: gives the closed file the name that goes with a title, or leaves the one that it has, and returns its
                path; runs on the storage thread.

        Returns:
            The update with which these words went; EMPTY_UPDATE where none did.

        Raises:
            StorageError: changes could not be written; the file is open still, and they wait in memory.
        """
        emptying = EMPTY_UPDATE
        if self._closed:
            return emptying
        if self.protected:
            self.abandon()
            return emptying
        self.write()
        state, needs_snapshot = self._document.state(), self._is_newer or self._since_snapshot > SNAPSHOT_AFTER
        known = self._noting.known()

        def note() -> None:
            # Searching and opening are slower without these, and what was deleted is in the file until it is closed the
            # next time; nothing that was written depends on them.
            nonlocal emptying
            done = self._file.clear(state, known, empties=not is_shared)
            if done is not None:
                emptying = done
                return
            if new := {name: value for name, value in known.items() if self._file.properties.get(name) != value}:
                self._file.properties.set_all(new)
            if needs_snapshot:
                self._file.write_snapshot(state)

        def work() -> None:
            _try(note)
            if needless:
                _try(lambda: self._file.drop_images(needless))
            self._file.close()
            place = self._file.path
            with suppress(StorageError):  # it keeps the name that it has
                place = self._place = name(place, known[Property.TITLE])
            _try(lambda: self._note(place, known[Property.TITLE], known[Property.TEXT], is_shared))

        self._end(work)
        return emptying

    def abandon(self) -> None:
        """Closes the file without what could not be written."""
        if not self._closed:
            self._end(self._file.close)

    def _end(self, work: Callable[[], None]) -> None:
        for timer in (self._save_timer, self._retry_timer, self._silence_timer):
            timer.stop()
        self._noting.end()
        self.settling.end()
        self._closed = True
        self._unobserve()
        self._end_announcements()
        self._pending, self.properties.waiting = [], {}
        # First the log and then the file: who has the file open may have its log.
        self._storage.run_quickly_now(self._drop_quick_log)
        self._storage.run_now(work)

    def _on_the_way(self) -> tuple[bytes, ...]:
        # What the storage thread is writing is not known to be in the file yet.
        return (*self._batch.updates, *self._pending) if self._writing else tuple(self._pending)

    def _shorten_quick_log(self) -> None:
        on_the_way = self._on_the_way()
        self._storage.run_quickly(lambda: self._quick_log.keep(on_the_way))

    def _drop_quick_log(self) -> None:
        self._quick_log.keep(())
        self._quick_log.close()

    def _on_update(self, update: tuple[bytes, Origin]) -> None:
        if update[1] is Origin.STORAGE:
            return
        self._pending.append(update[0])
        self._storage.run_quickly(lambda: self._quick_log.write((update[0],)))
        self._noting.changed()
        self._save_soon()

    def _on_announcement(self, _nothing: None) -> None:
        if self._on_disk.safety is Safety.SAVED:
            self._show(OnDisk(Safety.SAVING))

    def _save_soon(self) -> None:
        if self._pending and self._on_disk.safety is Safety.SAVED:
            self._show(OnDisk(Safety.SAVING))
        if not self._save_timer.isActive() and not self._retry_timer.isActive():
            self._save_timer.start()

    def _save(self, *, look: bool = False) -> None:
        self._document.settle()
        # What failed without anything to write, as when the file was gone, is tried again as well.
        is_due = look or self._pending or self.properties.waiting or self._on_disk.safety is Safety.FAILED
        if self._writing or self._closed or self.protected or not is_due:
            return
        batch = self._batch = Batch(self._pending, self.properties.waiting)
        self._pending, self.properties.waiting = [], {}
        self._writing = True
        self._count(len(batch.updates))

        def work() -> str:
            batch.write_to(self._file)
            return self._file.take_notice()

        def failed(error: Exception) -> None:
            self._writing = False
            if self._closed:
                return
            self._pending = batch.updates + self._pending
            self.properties.waiting = {**batch.properties, **self.properties.waiting}
            self._batch = Batch()
            if isinstance(error, Overwritten):
                self._begin_anew()
                return
            self._show(OnDisk(Safety.FAILED, str(error)))
            self._retry_timer.start()

        self._storage.run(work, self._written, failed)
        self._silence_timer.start()

    def _begin_anew(self) -> None:
        """Another program has written over the file: writes the whole document there, and then what waits."""
        state = self._document.state()

        def failed(error: Exception) -> None:
            self._show(OnDisk(Safety.FAILED, str(error)))
            self._retry_timer.start()

        self._storage.run(lambda: self._file.begin_anew(state), lambda _none: self._save(look=True), failed)

    def _tell_silence(self) -> None:
        if self._writing and self._on_disk.safety is Safety.SAVING:
            self._show(OnDisk(Safety.SILENT))
        elif self._writing:  # nothing of the person's so far: it looks after the file's place
            self._silence_timer.start()

    def _count(self, updates: int) -> None:
        self._since_snapshot += updates
        self._is_newer |= updates > 0

    def _written(self, notice: str) -> None:
        self._writing = False
        self._batch = Batch()
        if self._closed:
            return
        self._document.settle()
        self._shorten_quick_log()
        self.settling.written()
        self._tell(notice)
        if not self._pending and not self.properties.waiting:
            self._show(OnDisk(Safety.SAVED))
        else:
            if self._on_disk.safety is Safety.SILENT:
                self._show(OnDisk(Safety.SAVING))
            if not self._save_timer.isActive():  # their time came while the disk was busy
                self._save()
        if self._since_snapshot > SNAPSHOT_AFTER and not self._pending:
            self._since_snapshot, self._is_newer = 0, False
            state = self._document.state()
            self._storage.run(lambda: self._file.write_snapshot(state), None, self._snapshot_failed)

    def _snapshot_failed(self, error: Exception) -> None:
        # Only opening takes longer without it: it is written after as many updates again, or on closing.
        _log.info("no snapshot of %s: %s", self.path.name, error)
        self._is_newer = True

    def _tell(self, notice: str) -> None:
        if notice:
            self.written_anew.emit(notice)

    def _show(self, on_disk: OnDisk) -> None:
        if on_disk != self._on_disk:
            self._on_disk = on_disk
            self.on_disk_changed.emit(on_disk)


def _try(work: Callable[[], None]) -> None:
    try:
        work()
    except (CowriteError, BrokenState) as error:
        _log.warning("left out at closing: %s", error)
