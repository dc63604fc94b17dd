"""WordGoals: how many words the person wants a document to have, and wants to write a day, in all windows.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from cowrite.bridge.single_shot import every_minute, single_shot
from cowrite.errors import CowriteError
from cowrite.storage.goals import Goals, load_goals, save_goals

PAUSE = 5_000  # milliseconds in which what is written is gathered until it is kept


class WordGoals(QObject):
    """The goals of one person.

    Args:
        path: where they are kept.
        keep: does work on the storage thread.
        say: shows a sentence under the name of a notice.
        parent: Qt parent.
        today: gives the day.
    """

    changed = Signal()
    """A goal, or what is reached of the day's."""
    ending = Signal()
    """What was written just now is to be told, to be kept."""

    def __init__(
        self,
        path: Path,
        keep: Callable[[Callable[[], None]], None],
        say: Callable[[str, str], object],
        parent: QObject,
        today: Callable[[], date] = date.today,
    ) -> None:
        super().__init__(parent)
        self._path = path
        self._keep = keep
        self._say = say
        self._today = today
        self._loaded: Goals | None = None
        self._kept = Goals()  # as they were loaded, or kept last
        self._pause = single_shot(self, self._save, PAUSE)
        self._shown_on = ""
        self._look = every_minute(self, self._look_at_day)

    @property
    def a_day(self) -> int:
        """How many words are to be written a day; 0 for no goal."""
        return self._goals.a_day

    @property
    def written(self) -> int:
        """How many words were written today; 0 where there are fewer than at its beginning."""
        return max(0, round(self._goals.written_on(self._day)))

    def goal_of(self, document_id: str) -> int:
        """How many words a document is to have; 0 for no goal."""
        return self._goals.documents.get(document_id, 0)

    def write(self, words: float) -> None:
        """Some more words were written, or fewer are there."""
        self._loaded = self._goals._replace(day=self._day, written=self._goals.written_on(self._day) + words)
        if not self._pause.isActive():
            self._pause.start()
        self.tell()

    def choose(self, document_id: str, document: int, a_day: int) -> None:
        """The person wants a document to have so many words, and to write so many a day; 0 for no goal."""
        self._loaded = self._goals.with_document(document_id, document)._replace(a_day=a_day)
        self._save()
        self.tell()

    def tell(self) -> None:
        """Has what is reached shown, and from now on also on another day."""
        self._shown_on = self._day
        self.changed.emit()
        if not self.a_day:
            self._look.stop()
        elif not self._look.isActive():
            self._look.start()

    @property
    def _goals(self) -> Goals:
        if self._loaded is None:
            try:
                self._loaded = self._kept = load_goals(self._path)
            except CowriteError as error:
                self._loaded = Goals()
                self._say(str(error), "goals")
            else:
                if (aside := self._loaded.kept_aside) is not None:
                    self._say(f"Your goals for words could not be read; their file is kept as “{aside}”.", "goals")
        return self._loaded

    @property
    def _day(self) -> str:
        return self._today().isoformat()

    def _look_at_day(self) -> None:
        if self._day != self._shown_on:
            self.tell()

    def _save(self) -> None:
        self._pause.stop()
        goals = self._goals

        def work() -> None:
            save_goals(self._path, load_goals(self._path).with_changes(self._kept, goals))
            self._kept = goals

        self._keep(work)

    def end(self) -> None:
        """The app ends: what was written is kept."""
        self.ending.emit()
        if self._pause.isActive():
            self._save()
