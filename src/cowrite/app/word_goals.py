"""WordGoals: how many words the person wants a document to have, and wants to write a day, in all windows.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from cowrite.app.draft.words import DraftWords
from cowrite.bridge.single_shot import every_minute, single_shot
from cowrite.errors import CowriteError
from cowrite.gui.widgets.asking import open_dialog
from cowrite.storage.goals import Goals, load_goals, save_goals

if TYPE_CHECKING:
    from cowrite.app.draft.draft import Draft

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

    def goal_of(self, draft: Draft) -> int:
        """How many words a document is to have; 0 for no goal."""
        return self._goals.documents.get(str(draft.document_id), 0)

    def write(self, words: float) -> None:
        """Some more words were written, or fewer are there."""
        self._loaded = self._goals._replace(day=self._day, written=self._goals.written_on(self._day) + words)
        if not self._pause.isActive():
            self._pause.start()
        self._show()

    @property
    def _goals(self) -> Goals:
        if self._loaded is None:
            try:
                self._loaded = self._kept = load_goals(self._path)
            except CowriteError as error:
                self._loaded = Goals()
                self._say(str(error), "goals")
        return self._loaded

    @property
    def _day(self) -> str:
        return self._today().isoformat()

    def add(self, draft: Draft) -> None:
        """Counts what is written in a draft that was opened, and shows there what is reached."""
        draft.window.actions_["word_goals"].triggered.connect(lambda _checked=False: self._ask(draft))
        DraftWords(draft, self)
        self._show()

    def _show(self) -> None:
        self._shown_on = self._day
        self.changed.emit()
        if not self.a_day:
            self._look.stop()
        elif not self._look.isActive():
            self._look.start()

    def _look_at_day(self) -> None:
        if self._day != self._shown_on:
            self._show()

    def _ask(self, draft: Draft) -> None:
        from cowrite.gui.dialogs.word_goals_dialog import WordGoalsDialog

        if draft.window.words.is_behind:
            draft.window.words.begin()
        words, before = draft.window.words.length.words, self.a_day
        dialog = WordGoalsDialog(self.goal_of(draft), before, words, self.written, draft.window)
        # What was chosen in another window while this one was asked stays.
        dialog.chosen.connect(lambda goal, a_day: self._choose(draft, goal, self.a_day if a_day == before else a_day))
        open_dialog(dialog)

    def _choose(self, draft: Draft, document: int, a_day: int) -> None:
        self._loaded = self._goals.with_document(str(draft.document_id), document)._replace(a_day=a_day)
        self._save()
        self._show()

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
