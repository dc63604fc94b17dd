"""HeldFile: the file of the model that is loaded, which somebody can write over meanwhile.

Runs in the worker. llama.cpp reads the weights from where the system has mapped the file. So what is written into it
is what the model thinks with from then on, and its words would be recorded as those of the model that was taken in.
"""

from __future__ import annotations

from typing import NamedTuple

from cowrite.assist.engine.wire import FailureCode
from cowrite.worker.work import Failure, Loading


class _Imprint(NamedTuple):
    """Which file it is, and when it was written last."""

    device: int
    inode: int
    size: int
    modified: int


class HeldFile:
    """The file as it was before it was loaded.

    Args:
        loading: which one.

    Raises:
        Failure: it is another one than that whose hash is known, and would go into records.
    """

    def __init__(self, loading: Loading) -> None:
        self._loading = loading
        self._before = self._imprint()
        if loading.modified and self._before is None:
            raise Failure(FailureCode.BAD_MODEL, f"The file of the model “{loading.name}” is not where it was.")
        if loading.modified and self._before is not None and self._before.modified != loading.modified:
            raise self._changed("since it was added")

    def require_unwritten(self) -> None:
        """Raises:
        Failure: it was written since.
        """
        now = self._imprint()
        # One that is gone, or has another in its place, is held by the system as it was.
        is_there = now is not None and self._before is not None and now[:2] == self._before[:2]
        if is_there and now != self._before:
            raise self._changed("while it was in use")

    def _imprint(self) -> _Imprint | None:
        try:
            found = self._loading.path.stat()
        except OSError:
            return None
        return _Imprint(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)

    def _changed(self, when: str) -> Failure:
        sentence = f"The file of the model “{self._loading.name}” has changed {when}."
        return Failure(FailureCode.BAD_MODEL, f"{sentence} Check it in Assistant → Models.")
