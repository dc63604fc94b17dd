"""SharedMembers: asks a document's server about its members.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import Signal

from cowrite.bridge.shared.questions import SharedQuestions, asking
from cowrite.sync.member_questions import MemberQuestions, MembersProblem


class SharedMembers(SharedQuestions[MemberQuestions]):
    """The members of one shared document."""

    changed = Signal()
    """The list is another one now, or the connection has come or gone."""
    unanswered = Signal(object)
    """MembersProblem of a request that nobody waits for, such as a new name."""

    @property
    def me(self) -> int | None:
        """The number of the member that sits here; None while it is not known."""
        return self._questions.member

    @property
    def problem(self) -> MembersProblem | None:
        """Why the server cannot be asked at the moment; None where it can."""
        return self._questions.problem

    @property
    def takes_asking(self) -> bool:
        """Whether members can ask to write on the server, as it said last."""
        return self._questions.takes_asking

    ask_to_write = asking(MemberQuestions.ask_to_write)
    not_now = asking(MemberQuestions.not_now)
    list_askers = asking(MemberQuestions.list_askers)
    list = asking(MemberQuestions.list_members)
    invite = asking(MemberQuestions.invite)
    withdraw = asking(MemberQuestions.withdraw)
    set_role = asking(MemberQuestions.set_role)
    remove = asking(MemberQuestions.remove)
    list_acts = asking(MemberQuestions.list_acts)

    def rename(self, name: str) -> None:
        """Asks to be called by another name; `unanswered` tells why it was not done."""
        self._questions.rename(name, lambda: None, self.unanswered.emit)
        self._asked()
