"""Keeping: writing what cowrite keeps of a person, such as settings, and saying where that fails.

Runs on the GUI thread; the writing on the storage thread.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from cowrite.bridge.file.storage_thread import StorageThread
from cowrite.bridge.single_shot import single_shot

TRY_AGAIN = 30_000  # milliseconds until what could not be kept is written again


class Keeping(QObject):
    """What is kept, each under the notice that says where it is not.

    Args:
        storage: where it is written.
        say: shows a sentence under a notice.
        take_back: takes a notice back.
        parent: Qt parent.
    """

    def __init__(
        self,
        storage: StorageThread,
        say: Callable[[str, str], object],
        take_back: Callable[[str], object],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._storage = storage
        self._say = say
        self._take_back = take_back
        self._newest: dict[str, Callable[[], None]] = {}  # by their notices
        self._unkept = set[str]()  # notices of what could not be kept the last time
        self._again = single_shot(self, self._try_again, TRY_AGAIN)

    def keep(self, notice: str, work: Callable[[], None], *, by_itself: bool = False) -> None:
        """Keeps something. Where that fails it is said until it succeeds, and tried again now and then.

        Args:
            notice: under which that is said.
            work: writes it, in place of all that was to be written under this notice before.
            by_itself: whether nobody asked for it, who would have to be told anew.
        """
        self._newest[notice] = work

        def failed(error: Exception) -> None:
            if not (by_itself and notice in self._unkept):
                self._say(str(error), notice)
            self._unkept.add(notice)
            self._again.start()

        def kept(_none: None) -> None:
            if notice in self._unkept:
                self._unkept.remove(notice)
                self._take_back(notice)

        self._storage.run(work, kept, failed)

    def _try_again(self) -> None:
        for notice in self._unkept:
            self.keep(notice, self._newest[notice], by_itself=True)
