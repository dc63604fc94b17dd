"""KeptStore: what one person has sealed of one document, in memory and in its file.

Runs on the GUI thread. A change is written at once by the thread that waits for no disk, behind what the document has
given it before; the storage thread then makes it last. While it cannot be written it is tried again. Nothing is written
before what was there is read, as where too many files are open: what lies sealed would be gone.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from threading import Lock

from PySide6.QtCore import QObject

from cowrite.bridge.file.storage_thread import StorageThread
from cowrite.bridge.single_shot import single_shot
from cowrite.errors import CowriteError
from cowrite.storage.errors import StorageError
from cowrite.storage.sealed_items import Gone, KeptItem, KeptItems, SealedItems

RETRY_DELAY = 1000  # milliseconds after a failed write

Key = tuple[str, str]
"""Box and id of an item."""

_log = logging.getLogger(__name__)


class KeptStore(QObject):
    """The items of one document, and what was taken back; `save` after each change.

    Args:
        file: where they are kept.
        storage: where that is worked on.
        told: called when `problem` is another one, and with boxes and ids of what has come from the file late.
        parent: Qt parent.
    """

    def __init__(
        self,
        file: SealedItems,
        storage: StorageThread,
        told: Callable[[Iterable[str]], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._file = file
        self._storage = storage
        self._told = told
        self._lock = Lock()  # both threads write the file, the newer state last
        self._version = self._written = self._settled = 0
        self._is_settling = self._is_closed = self._is_read = False
        self._timer = single_shot(self, self._settle, RETRY_DELAY)
        self.problem = ""
        """Why the last change is not on this computer's disk, in one sentence; empty where it is."""
        self.items: dict[Key, KeptItem] = {}
        self.gone: dict[Key, Gone] = {}
        if not self._read():
            self._timer.start()

    def save(self) -> None:
        """Writes what is there now."""
        self._version += 1
        if not self._read():
            self._timer.start()
            return
        version, kept = self._version, self._kept()
        self._storage.run_quickly(lambda: self._write_quickly(version, kept))
        if not self._is_settling and not self._timer.isActive():
            self._settle()

    def close(self) -> None:
        """Waits until all of it is on the disk; what cannot be written is lost with this process."""
        self._is_closed = True
        self._timer.stop()
        if self._settled < self._version:
            self._read()  # what it still cannot read the file keeps aside
            version, kept = self._version, self._kept()
            try:
                self._storage.run_now(lambda: self._write_and_settle(version, kept))
            except CowriteError as error:
                _log.warning("sealed notes cannot be written: %s", error)

    def _kept(self) -> KeptItems:
        return KeptItems(tuple(self.items.values()), dict(self.gone))

    def _read(self) -> bool:
        """Takes in what the file holds, beside what was written since that was tried; says whether that is done."""
        if self._is_read:
            return True
        try:
            kept = self._file.read()  # a small file on this computer; whoever had the document before has written it
        except CowriteError as error:
            self._tell(str(error))
            return False
        self._is_read = True
        there = {(item.box, item.id): item for item in kept.items}
        found = there.keys() - self.items.keys() - self.gone.keys()
        self.gone = {**{key: gone for key, gone in kept.gone.items() if key not in self.items}, **self.gone}
        self.items = {**{key: item for key, item in there.items() if key in found}, **self.items}
        if kept.kept_aside is not None:
            _log.warning("sealed notes cannot be read; their file is kept as %s", kept.kept_aside)
            self._tell(f"What you had sealed here could not be read; its file is kept as “{kept.kept_aside}”.")
        elif self.problem and not self._is_closed:  # which stays until what came meanwhile is written, too
            self._told({each for key in found for each in key})
        return True

    def _settle(self) -> None:
        if not self._read():
            self._timer.start()
            return
        self._is_settling = True
        version, kept = self._version, self._kept()

        def done(_: None) -> None:
            if self._is_closed:
                return
            self._is_settling = False
            self._settled = version
            self._tell("")
            if version < self._version:
                self._settle()

        def failed(error: Exception) -> None:
            if self._is_closed:
                return
            self._is_settling = False
            self._tell(str(error))
            self._timer.start()

        self._storage.run(lambda: self._write_and_settle(version, kept), done, failed)

    def _tell(self, problem: str) -> None:
        if problem != self.problem:
            self.problem = problem
            if not self._is_closed:
                self._told(())

    # On the other threads

    def _write_quickly(self, version: int, kept: KeptItems) -> None:
        with suppress(StorageError):  # the storage thread tries again, and says so
            self._write(version, kept)

    def _write_and_settle(self, version: int, kept: KeptItems) -> None:
        self._write(version, kept)
        self._file.settle()

    def _write(self, version: int, kept: KeptItems) -> None:
        with self._lock:
            if version > self._written:
                self._file.write(kept)
                self._written = version
