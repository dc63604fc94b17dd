"""Restoring: the way of one draft back to what it was at a moment.

Runs on the GUI thread. It goes on when the window of the history has been closed meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from cowrite.app.draft.draft import Draft
from cowrite.app.history.words import ask_restoring, why_no_restoring
from cowrite.core.document.earlier import open_earlier
from cowrite.core.writing.restored import Restored
from cowrite.gui.history.window import HistoryWindow
from cowrite.sync.history_questions import HistoryProblem
from cowrite.sync.questions import Unanswered
from cowrite_server.wire.history import OpenedMoment

_NOT_STANDING = (
    "The text was restored, but comments on words that came back do not stand on them yet; restore the same moment "
    "once more to have them do so."
)


class Restoring:
    """Restores one draft.

    Args:
        draft: it.
        window: before which is asked whether to.
        begun: is called when it begins.
        done: is called when the draft is what it was.
        failed: is called with the reason where that cannot be.
    """

    def __init__(
        self,
        draft: Draft,
        window: HistoryWindow,
        begun: Callable[[], None],
        done: Callable[[], None],
        failed: Callable[[HistoryProblem], None],
    ) -> None:
        self._draft = draft
        self._window = window
        self._begun = begun
        self._done = done
        self._failed = failed

    @property
    def why_not(self) -> str:
        """Why the draft cannot be made what it was at any moment now; empty where it can."""
        return "The document is being restored" if self._draft.history.is_restoring else why_no_restoring(self._draft)

    def ask(self, seq: int, time: str, opened: OpenedMoment | None) -> None:
        """Makes the draft what it was at a moment, if the person says so once more.

        Args:
            seq: number of the moment.
            time: when it was that, as in "today at 10:15".
            opened: the document at that moment, where it is here already: what comments stand on is looked up in it.
        """
        ask_restoring(self._window, self._draft, time, lambda: self._begin(seq, time, opened))

    def _begin(self, seq: int, time: str, opened: OpenedMoment | None) -> None:
        history = self._draft.history.source
        if history is None:
            self._fail(HistoryProblem(Unanswered.OFFLINE))
            return
        self._draft.history.begin_restoring()
        self._begun()
        history.restore(seq, lambda: self._end(seq, time, opened), self._fail)

    def _end(self, seq: int, time: str, opened: OpenedMoment | None) -> None:
        history = self._draft.history.source
        kept = " The history keeps what was there before." if self._draft.history.is_kept else ""
        self._draft.say("restored", "success", f"The text is what it was {time}.{kept}")
        self._done()
        if opened is not None or history is None:
            self._stand_again(opened)
        else:
            history.ask_moment(seq, self._stand_again, lambda _problem: self._stand_again(None))

    def _stand_again(self, opened: OpenedMoment | None) -> None:
        """Has comments and evidence stand on words that came back; nobody can say what they were where it is None."""
        problem = _NOT_STANDING if opened is None and self._draft.comments.placed() else ""
        try:
            if opened is not None:
                self._put_back(opened)
            elif problem:
                self._draft.say("restored", "warning", problem)
        finally:
            self._draft.history.end_restoring(problem)

    def _put_back(self, opened: OpenedMoment) -> None:
        if not self._draft.is_closed:
            # Once for both: to compare two long texts may take a second.
            restored = cache(lambda: Restored(self._draft.document, open_earlier(opened.document).document))
            self._draft.comments.stand_again(restored)
            self._draft.brainstorming.stand_again(restored)

    def _fail(self, problem: HistoryProblem) -> None:
        self._draft.history.end_restoring(problem.restoring_sentence)
        self._failed(problem)
