"""Drives: looks for files that may lie on a drive that does not answer, such as a share of a network that is away.

The system waits for such a drive, for twenty seconds or for ever, and with it would wait whatever was to be done next,
such as saving. So each folder is looked into on a thread of its own, no longer than one can wait, and not again before
it has answered. Any thread may ask.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from threading import Lock, Thread

from cowrite.storage.placing import is_file

PATIENCE = 2.0  # seconds


class Drives:
    """What is known of folders on any drive.

    Args:
        patience: seconds until a drive counts as silent; PATIENCE where it is None.
    """

    def __init__(self, patience: float | None = None) -> None:
        self._patience = PATIENCE if patience is None else patience
        self._lock = Lock()
        self._asked: dict[Path, tuple[Thread, float]] = {}  # by folder, what may not have answered yet, and by when

    def are_there(self, paths: Iterable[Path]) -> dict[Path, bool]:
        """Whether files are there; those on a silent drive, of which nobody knows, are left out."""
        folders: dict[Path, list[Path]] = {}
        for path in paths:
            folders.setdefault(path.parent, []).append(path)
        found: dict[Path, bool] = {}

        def look(wanted: Sequence[Path]) -> None:
            for path in wanted:
                found[path] = is_file(path)

        with self._lock:
            before = [self._asked[folder] for folder in folders if folder in self._asked]
        for thread, end in before:  # another thread may ask just now, of a drive that answers
            _wait(thread, end)
        end = time.monotonic() + self._patience
        with self._lock:
            self._asked = {folder: asked for folder, asked in self._asked.items() if asked[0].is_alive()}
            begun = {
                folder: Thread(target=look, args=(wanted,), name="drives", daemon=True)
                for folder, wanted in folders.items()
                if folder not in self._asked
            }
            self._asked |= {folder: (thread, end) for folder, thread in begun.items()}
            for thread in begun.values():
                thread.start()
        for thread in begun.values():
            _wait(thread, end)
        return found.copy()  # who is late may be about to answer


def _wait(thread: Thread, end: float) -> None:
    thread.join(max(0.0, end - time.monotonic()))
