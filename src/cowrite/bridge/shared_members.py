"""SharedMembers: asks a document's server about its members, and tells the answers.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from cowrite.sync.member_requests import MemberRequests, MembersProblem
from cowrite_server.members_protocol import Act, Invited, InviteWish, MemberList
from cowrite_server.protocol import Role

Failed = Callable[[MembersProblem], None]


class SharedMembers(QObject):
    """The members of one shared document. Each call is answered by exactly one of its two functions, and later.

    Args:
        requests: what is asked, without I/O.
        send: has the network told of what was asked.
        parent: Qt parent.
    """

    changed = Signal()
    """The list is another one now, or the connection has come or gone."""
    unanswered = Signal(object)
    """MembersProblem of a request that nobody waits for, such as a new name."""

    def __init__(self, requests: MemberRequests, send: Callable[[], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._requests = requests
        self._send = send
        self._waiting: dict[int, tuple[Callable[[Any], None], Failed]] = {}

    @property
    def me(self) -> int | None:
        """The number of the member that sits here; None while it is not known."""
        return self._requests.member

    @property
    def problem(self) -> MembersProblem | None:
        """Why the server cannot be asked at the moment; None where it can."""
        return self._requests.problem

    def list(self, then: Callable[[MemberList], None], failed: Failed) -> None:
        """Asks who is a member and, for owners, which invites there are."""
        self._wait(self._requests.list_members(), then, failed)

    def invite(self, wish: InviteWish, then: Callable[[Invited], None], failed: Failed) -> None:
        """Asks for a new invite."""
        self._wait(self._requests.invite(wish), then, failed)

    def withdraw(self, invite: int, *, keep_members: bool, then: Callable[[], None], failed: Failed) -> None:
        """Asks to make an invite void; those who came by it stay or are cut off."""
        self._wait(self._requests.withdraw(invite, keep_members=keep_members), lambda _done: then(), failed)

    def set_role(self, member: int, role: Role, then: Callable[[], None], failed: Failed) -> None:
        """Asks to give a member another role."""
        self._wait(self._requests.set_role(member, role), lambda _done: then(), failed)

    def remove(self, member: int, then: Callable[[], None], failed: Failed) -> None:
        """Asks to let a member in no more."""
        self._wait(self._requests.remove(member), lambda _done: then(), failed)

    def rename(self, name: str) -> None:
        """Asks to be called by another name; `unanswered` tells why it was not done."""
        self._wait(self._requests.rename(name), lambda _done: None, self.unanswered.emit)

    def list_acts(self, before: int, then: Callable[[tuple[Act, ...]], None], failed: Failed) -> None:
        """Asks what was done before the act of a number; 0 for the latest."""
        self._wait(self._requests.list_acts(before), then, failed)

    def end(self) -> None:
        """There will be no answers any more."""
        self._requests.disconnected()
        self.deliver()

    def deliver(self) -> None:
        """Tells the answers that have come."""
        for event in self._requests.take_events():
            then, failed = self._waiting.pop(event.request)
            if isinstance(event.answer, MembersProblem):
                failed(event.answer)
            else:
                then(event.answer)

    def _wait(self, request: int, then: Callable[[Any], None], failed: Failed) -> None:
        self._waiting[request] = (then, failed)
        if self._requests.problem is None:
            self._send()
        else:  # whoever asked is answered later all the same
            QTimer.singleShot(0, self, self.deliver)
