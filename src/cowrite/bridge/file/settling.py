"""Settling: moves what was written into the one file of a document in each pause, for people copy that file alone.

Runs on the GUI thread and hands the work to the storage thread.
"""

from __future__ import annotations

import logging

from PySide6.QtCore import QObject

from cowrite.bridge.file.storage_thread import StorageThread
from cowrite.bridge.single_shot import single_shot
from cowrite.storage.document.document_file import DocumentFile

PAUSE = 3000  # milliseconds without a write until it is done
LONGEST = 30_000  # milliseconds until it is done where there is no such pause

_log = logging.getLogger(__name__)


class Settling(QObject):
    """Settles one document's file.

    Args:
        file: it.
        storage: where it is worked on.
        parent: Qt parent.
    """

    def __init__(self, file: DocumentFile, storage: StorageThread, parent: QObject) -> None:
        super().__init__(parent)
        self._file = file
        self._storage = storage
        self._is_over = False
        self._pause = single_shot(self, self._settle, PAUSE)
        self._longest = single_shot(self, self._settle, LONGEST)

    def written(self) -> None:
        """Something was written."""
        if self._is_over:
            return
        self._pause.start()
        if not self._longest.isActive():
            self._longest.start()

    def tried(self, is_done: bool) -> None:
        """Everything was to be moved into the file, which could be done or not."""
        if not is_done:  # somebody reads the file, such as a backup: the next pause comes whether one writes or not
            self.written()

    def end(self) -> None:
        """The file is about to be closed, which settles it."""
        self._is_over = True
        self._pause.stop()
        self._longest.stop()

    def _settle(self) -> None:
        self._pause.stop()
        self._longest.stop()
        self._storage.run(self._file.settle, self.tried, self._failed)

    def _failed(self, error: Exception) -> None:
        # Nothing depends on it but a copy of the file alone, which somebody may make once a full disk has room again.
        _log.info("the newest of %s is in the log beside it alone: %s", self._file.path.name, error)
        self.written()
