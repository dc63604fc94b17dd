"""Keeping: writing what cowrite keeps of a person, such as settings, and saying where that fails.

Runs on the GUI thread; the writing on the storage thread.
"""

from __future__ import annotations

from collections.abc import Callable

from cowrite.bridge.file.storage_thread import StorageThread


class Keeping:
    """What is kept, each under the notice that says where it is not.

    Args:
        storage: where it is written.
        say: shows a sentence under a notice.
        take_back: takes a notice back.
    """

    def __init__(
        self, storage: StorageThread, say: Callable[[str, str], object], take_back: Callable[[str], object]
    ) -> None:
        self._storage = storage
        self._say = say
        self._take_back = take_back
        self._unkept = set[str]()  # notices of what could not be kept the last time

    def keep(self, notice: str, work: Callable[[], None], *, is_tried_again: bool = False) -> None:
        """Keeps something. Where that fails it is said until it succeeds; once, where it is tried again by itself.

        Args:
            notice: under which that is said.
            work: writes it.
            is_tried_again: whether somebody tries again by themselves.
        """

        def failed(error: Exception) -> None:
            if not (is_tried_again and notice in self._unkept):
                self._say(str(error), notice)
            self._unkept.add(notice)

        def kept(_none: None) -> None:
            if notice in self._unkept:
                self._unkept.remove(notice)
                self._take_back(notice)

        self._storage.run(work, kept, failed)
