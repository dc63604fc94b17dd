"""HalfNote: the note that a person has begun on the pad of one draft, or is changing there, kept until it is a note or
given up.

Runs on the GUI thread. It is kept on this computer alone, by its session or by the note that it changes, and comes back
on the pad of that one.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from PySide6.QtCore import QObject

from cowrite.bridge.file.storage_thread import StorageThread
from cowrite.bridge.single_shot import single_shot
from cowrite.errors import CowriteError
from cowrite.storage.errors import StorageError
from cowrite.storage.half_notes import Half, HalfNotes

KEEP_DELAY = 300  # milliseconds of quiet until the words of a note that is being written are kept
TRY_AGAIN = 30_000  # milliseconds until a file that the system refused to read or to write is tried again

_log = logging.getLogger(__name__)


class HalfNote(QObject):
    """What is half written for the sessions of one draft.

    Args:
        file: where it is kept.
        storage: writes that file.
        say: shows a sentence to the person.
        take_back: takes it back.
        parent: Qt parent.
    """

    def __init__(
        self,
        file: HalfNotes,
        storage: StorageThread,
        say: Callable[[str], None],
        take_back: Callable[[], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._say = say
        self._take_back = take_back
        self._file = file
        self._storage = storage
        self._halves: dict[str, Half] = {}
        self._kept: dict[str, Half] | None = {}  # None where that is not known
        self._is_read = self._is_closed = False
        self._problem = ""  # what was said last of what the system refuses
        self._timer = single_shot(self, self.keep, KEEP_DELAY)
        self._read()

    @property
    def ids(self) -> list[str]:
        """The ids of the sessions, and of the notes, for which something is half written."""
        return list(self._halves)

    def words(self, id: str) -> str:
        """What is half written for a session, or in the place of a note; empty for nothing."""
        return self._halves.get(id, Half("")).words

    def before(self, note: str) -> str:
        """The words that a note had when it began to be changed; empty where it is not being changed."""
        return self._halves.get(note, Half("")).before

    def take(self, id: str, words: str, before: str = "") -> None:
        """Has these words for a session, or in the place of those that a note had before, and keeps them in a moment;
        empty ones where they are a note now, or gone."""
        if words.strip():
            self._halves[id] = Half(words, before)
        else:
            self._halves.pop(id, None)
        self._timer.start(KEEP_DELAY)

    def keep(self) -> None:
        """Keeps it now, behind what the document and the box have been given."""
        self._timer.stop()
        if not self._read():
            self._timer.start(TRY_AGAIN)
            return
        if self._halves != self._kept:
            self._kept = halves = dict(self._halves)
            self._storage.run_quickly(lambda: self._file.write(halves), self._on_kept, self._not_kept)

    def close(self) -> None:
        """Keeps it, and waits until that is done."""
        self._is_closed = True
        self._timer.stop()
        if self._read() and self._halves != self._kept:
            try:
                self._storage.run_quickly_now(lambda: self._file.write(self._halves))
            except StorageError as error:
                _log.warning("what is half written cannot be kept: %s", error)

    def _read(self) -> bool:
        """Takes in what was kept the last time, where there is nothing newer; says whether that is done."""
        if not self._is_read:
            try:
                kept = self._file.read()  # a small file on this computer
            except CowriteError as error:
                _log.warning("what is half written cannot be read: %s", error)
                self._tell(f"What you had begun on the pad cannot be read now. {error}")
                return False
            self._is_read = True
            if (aside := self._file.kept_aside) is not None:
                self._say(f"What you had begun on the pad could not be read; its file is kept as “{aside}”.")
            self._kept, self._halves = kept, {**kept, **self._halves}
        return True

    def _not_kept(self, error: Exception) -> None:
        self._kept = None
        if not self._is_closed:
            self._tell(f"What you have begun on the pad cannot be kept on this computer now. {error}")
            self._timer.start(TRY_AGAIN)

    def _on_kept(self, _none: None) -> None:
        if self._problem and not self._is_closed:
            self._problem = ""
            self._take_back()

    def _tell(self, problem: str) -> None:
        if problem != self._problem:
            self._problem = problem
            self._say(problem)
