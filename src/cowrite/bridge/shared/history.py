"""SharedHistory: asks the server of a shared document for its history.

Runs on the GUI thread.
"""

from __future__ import annotations

from cowrite.bridge.shared.questions import SharedQuestions, asking
from cowrite.sync.history_questions import HistoryProblem, HistoryQuestions


class SharedHistory(SharedQuestions[HistoryQuestions]):
    """The history of one shared document."""

    @property
    def is_online(self) -> bool:
        """Whether there is a server to ask."""
        return self._questions.problem is None

    @property
    def problem(self) -> HistoryProblem | None:
        """Why the server cannot be asked at the moment; None where it can."""
        return self._questions.problem

    @property
    def gives_names(self) -> bool:
        """Whether that server gives versions names; one of an earlier version does not."""
        return self._questions.gives_names

    ask_moments = asking(HistoryQuestions.ask_moments)
    ask_brought = asking(HistoryQuestions.ask_brought)
    ask_moment = asking(HistoryQuestions.ask_moment)
    restore = asking(HistoryQuestions.ask_restore)
    name = asking(HistoryQuestions.ask_name)
