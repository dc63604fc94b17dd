"""ShownMoment: the document as it was, in the window of its history, or why it cannot be shown.

Runs on the GUI thread.
"""

from __future__ import annotations

from cowrite.app.history.people import HistoryPeople
from cowrite.app.history.words import no_answer
from cowrite.core.document.earlier import open_earlier
from cowrite.core.document.updates import EMPTY_UPDATE
from cowrite.errors import CowriteError
from cowrite.gui.history.window import HistoryWindow
from cowrite.sync.history_questions import HistoryProblem
from cowrite.sync.questions import Unanswered
from cowrite.sync.timeline import Timeline
from cowrite_server.wire.history import HistoryReason

_WORTH_ANOTHER_TRY = (HistoryReason.UNREADABLE, HistoryReason.BUSY)


class ShownMoment:
    """The moment of a timeline that is shown; is made anew only where it is another one, or is shown otherwise.

    Args:
        window: where it is shown.
        people: who wrote what.
    """

    def __init__(self, window: HistoryWindow, people: HistoryPeople) -> None:
        self._window = window
        self._people = people
        self._shown: tuple[object, ...] = ()

    def forget(self) -> None:
        """What is shown is of another history than what comes."""
        self._shown = ()

    def show(self, timeline: Timeline) -> None:
        """Shows where the timeline is."""
        opened, before = timeline.opened, timeline.before
        if opened is None:
            self.forget()
            problem = timeline.problem
            if problem is None:
                self._window.show_loading()
            else:
                again = [("again", "Try again")] if problem.reason in _WORTH_ANOTHER_TRY else []
                drawing = "cloud-off" if problem.reason is Unanswered.OFFLINE else "circle-alert"
                self._window.show_message(drawing, str(problem), again)
            return
        earlier_update = before.document if before is not None else None
        if not timeline.has_earlier:
            earlier_update = EMPTY_UPDATE
        against = None if before is None else before.seq
        shown = (opened.seq, earlier_update is not None, timeline.is_compared, against, self._people.authors)
        if shown == self._shown:
            return
        try:
            earlier = open_earlier(opened.document, earlier_update)
        except CowriteError:
            self._window.show_message(*no_answer(HistoryProblem(HistoryReason.UNREADABLE)))
            return
        stretches = self._people.stretches(opened)
        if self._shown[:1] == shown[:1] and not (earlier.removed or self._window.page.removed):
            self._window.show_added(earlier, stretches)
        else:
            self._window.show_earlier(earlier, stretches)
        self._shown = shown
