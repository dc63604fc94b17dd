"""SharedHistory: asks the server of a shared document for its history.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable

from cowrite.bridge.shared_questions import SharedQuestions
from cowrite.sync.history_exchange import Failed, HistoryExchange, HistoryFailure
from cowrite_server.history_protocol import MomentList, Naming, OpenedMoment


class SharedHistory(SharedQuestions[HistoryExchange]):
    """The history of one shared document."""

    @property
    def is_online(self) -> bool:
        """Whether there is a server to ask."""
        return self._questions.problem is None

    @property
    def problem(self) -> HistoryFailure | None:
        """Why the server cannot be asked at the moment; None where it can."""
        return self._questions.problem

    @property
    def gives_names(self) -> bool:
        """Whether that server gives versions names; one of an earlier version does not."""
        return self._questions.gives_names

    def ask_moments(self, then: Callable[[MomentList], None], failed: Failed) -> None:
        """Asks for all moments."""
        self._questions.ask_moments(then, failed)
        self._asked()

    def ask_moment(self, seq: int, then: Callable[[OpenedMoment], None], failed: Failed) -> None:
        """Asks for the document as it was after an entry."""
        self._questions.ask_moment(seq, then, failed)
        self._asked()

    def restore(self, seq: int, then: Callable[[], None], failed: Failed) -> None:
        """Makes the document what it was after an entry, for everybody, by an edit that nobody can undo."""
        self._questions.ask_restore(seq, then, failed)
        self._asked()

    def name(self, naming: Naming, then: Callable[[int], None], failed: Failed) -> None:
        """Gives a moment a name for everybody, or takes it away; with the number 0 what has been written so far."""
        self._questions.ask_name(naming, then, failed)
        self._asked()
