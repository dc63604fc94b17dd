"""SharedMembers: asks a document's server about its members.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal

from cowrite.bridge.shared_questions import SharedQuestions
from cowrite.sync.member_requests import Failed, MemberRequests, MembersProblem
from cowrite_server.members_protocol import Act, Invited, InviteWish, MemberList
from cowrite_server.protocol import Role


class SharedMembers(SharedQuestions[MemberRequests]):
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

    def list(self, then: Callable[[MemberList], None], failed: Failed) -> None:
        """Asks who is a member and, for owners, which invites there are."""
        self._questions.list_members(then, failed)
        self._asked()

    def invite(self, wish: InviteWish, then: Callable[[Invited], None], failed: Failed) -> None:
        """Asks for a new invite."""
        self._questions.invite(wish, then, failed)
        self._asked()

    def withdraw(self, invite: int, *, keep_members: bool, then: Callable[[], None], failed: Failed) -> None:
        """Asks to make an invite void; those who came by it stay or are cut off."""
        self._questions.withdraw(invite, keep_members=keep_members, then=then, failed=failed)
        self._asked()

    def set_role(self, member: int, role: Role, then: Callable[[], None], failed: Failed) -> None:
        """Asks to give a member another role."""
        self._questions.set_role(member, role, then, failed)
        self._asked()

    def remove(self, member: int, then: Callable[[], None], failed: Failed) -> None:
        """Asks to let a member in no more."""
        self._questions.remove(member, then, failed)
        self._asked()

    def rename(self, name: str) -> None:
        """Asks to be called by another name; `unanswered` tells why it was not done."""
        self._questions.rename(name, lambda: None, self.unanswered.emit)
        self._asked()

    def list_acts(self, before: int, then: Callable[[tuple[Act, ...]], None], failed: Failed) -> None:
        """Asks what was done before the act of a number; 0 for the latest."""
        self._questions.list_acts(before, then, failed)
        self._asked()
