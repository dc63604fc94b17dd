"""What this client asks its server about members and invites.

Runs on the document's thread.
"""

from __future__ import annotations

from collections.abc import Callable

from cowrite.sync.questions import Patience, QuestionProblem, Questions, Readers, Sentences, Unanswered
from cowrite_server.wire.asking import (
    Asker,
    ask_to_write_message,
    askers_get_message,
    not_now_message,
    read_askers,
)
from cowrite_server.wire.hello import Hello
from cowrite_server.wire.members import (
    Act,
    Invited,
    InviteWish,
    MemberList,
    MembersReason,
    audit_get_message,
    invite_message,
    members_get_message,
    read_audit,
    read_invited,
    read_members,
    remove_member_message,
    rename_message,
    set_role_message,
    withdraw_message,
)
from cowrite_server.wire.names import NAME_UNITS
from cowrite_server.wire.protocol import Message, Role

PATIENCE = 15.0  # seconds that an answer may take


_SENTENCES: Sentences = {
    MembersReason.NOT_OWNER: "Only owners of this document may do that.",
    MembersReason.LAST_OWNER: "Nobody would be left who can manage this document; make somebody else an owner first.",
    MembersReason.NO_SUCH_MEMBER: "This person is not a member any more.",
    MembersReason.NO_SUCH_INVITE: "This link was withdrawn already.",
    MembersReason.BAD_REQUEST: "The server does not take this value; choose another one.",
    MembersReason.ELSEWHERE: "This comes from your team’s sign-in service and is changed there.",
    MembersReason.ASKED_LATELY: "You have asked a short while ago; wait some minutes before you ask again.",
    MembersReason.TOO_MANY_ASK: "So many people ask to write that nobody else can; tell an owner in another way.",
    MembersReason.UNREADABLE: "The server cannot read or write its disk at the moment; try again in a while.",
    MembersReason.BUSY: "The server is still busy with earlier requests; try again in a moment.",
    MembersReason.LATER: (
        "The server refused this for a reason that this version of cowrite does not know; update cowrite."
    ),
    Unanswered.OFFLINE: "There is no connection to the server, so nothing was changed; try again when it is back.",
    Unanswered.CUT: "The connection ended before the server answered; look again when it is back.",
    Unanswered.SILENT: "The server does not answer; look again in a moment whether it was done.",
    Unanswered.EARLIER: "This server does not keep a list of members; whoever runs it can update it.",
}


class MembersProblem(QuestionProblem):
    """A request about members or invites that was not carried out, as far as is known here."""

    sentences = _SENTENCES


Failed = Callable[[MembersProblem], None]


class MemberQuestions(Questions[MembersProblem]):
    """The requests of one document's connection; each is answered by one of its two functions."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Starts unconnected.

        Args:
            clock: seconds, monotonic.
        """
        patience = Patience(clock, PATIENCE)
        super().__init__(_ANSWERS, Message.MEMBERS_REFUSED, MembersReason, MembersProblem, patience)
        self._member: int | None = None
        self._takes_asking = False

    @property
    def member(self) -> int | None:
        """The number of the member that this client is; None while it is not known."""
        return self._member

    @property
    def takes_asking(self) -> bool:
        """Whether members can ask to write on the server, as it said last."""
        return self._takes_asking

    def list_members(self, then: Callable[[MemberList], None], failed: Failed) -> None:
        """Asks who is a member and which invites there are."""
        self._ask(members_get_message, Message.MEMBERS, then, failed)

    def invite(self, wish: InviteWish, then: Callable[[Invited], None], failed: Failed) -> None:
        """Asks for a new invite."""
        self._ask(lambda request: invite_message(request, wish), Message.INVITED, then, failed)

    def withdraw(self, invite: int, *, keep_members: bool, then: Callable[[], None], failed: Failed) -> None:
        """Asks to make an invite void; those who came by it stay or are cut off."""
        self._do(lambda request: withdraw_message(request, invite, keep_members), then, failed)

    def set_role(self, member: int, role: Role, then: Callable[[], None], failed: Failed) -> None:
        """Asks to give a member another role."""
        self._do(lambda request: set_role_message(request, member, role), then, failed)

    def remove(self, member: int, then: Callable[[], None], failed: Failed) -> None:
        """Asks to let a member in no more."""
        self._do(lambda request: remove_member_message(request, member), then, failed)

    def rename(self, name: str, then: Callable[[], None], failed: Failed) -> None:
        """Asks to be called by another name."""
        self._do(lambda request: rename_message(request, name.strip()[:NAME_UNITS]), then, failed)

    def list_acts(self, before: int, then: Callable[[tuple[Act, ...]], None], failed: Failed) -> None:
        """Asks what was done before the act of this number; 0 for the latest."""
        self._ask(lambda request: audit_get_message(request, before), Message.AUDIT, then, failed)

    def ask_to_write(self, then: Callable[[], None], failed: Failed) -> None:
        """Asks the owners to be let write."""
        self._do(ask_to_write_message, then, failed)

    def not_now(self, member: int, then: Callable[[], None], failed: Failed) -> None:
        """Answers a member who asks to write that it may not now."""
        self._do(lambda request: not_now_message(request, member), then, failed)

    def list_askers(self, then: Callable[[tuple[Asker, ...]], None], failed: Failed) -> None:
        """Asks who asks to write; whoever is no owner is told of themselves alone."""
        self._ask(askers_get_message, Message.ASKERS, then, failed)

    def connected(self, hello: Hello) -> None:
        """The server has greeted this client."""
        self._member = hello.member
        self._takes_asking = hello.takes_asking
        super().connected(hello)

    def _knows(self, hello: Hello) -> bool:
        return hello.member is not None

    def _do(self, message: Callable[[int], bytes], then: Callable[[], None], failed: Failed) -> None:
        """Asks for what is on the server's disk and in force when it says so."""
        self._ask(message, Message.DONE, lambda _: then(), failed)


_ANSWERS: Readers = {
    Message.MEMBERS: read_members,
    Message.INVITED: read_invited,
    Message.AUDIT: read_audit,
    Message.ASKERS: read_askers,
    Message.DONE: lambda reader: (reader.var_uint(), None),
}
