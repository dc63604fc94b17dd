"""What this client asks its server about members and invites.

Sans-I/O: gives messages, takes answers and the time. Each request is answered exactly once: by the server, or with the
reason why there will be no answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from cowrite.errors import CowriteError
from cowrite_server.encoding import Reader
from cowrite_server.members_protocol import (
    NAME_UNITS,
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
    read_members_refused,
    remove_member_message,
    rename_message,
    set_role_message,
    withdraw_message,
)
from cowrite_server.protocol import Hello, Message, Role

PATIENCE = 15.0  # seconds that an answer may take

ANSWERS = frozenset({Message.MEMBERS, Message.INVITED, Message.DONE, Message.AUDIT, Message.MEMBERS_REFUSED})


class Unanswered(StrEnum):
    """Why the server was not asked, or did not answer."""

    OFFLINE = "offline"
    """There is no connection."""
    CUT = "cut"
    """The connection ended before the answer."""
    SILENT = "silent"
    """The answer takes too long."""
    NO_MEMBERS = "no-members"
    """The server keeps no members."""


_SENTENCES: dict[MembersReason | Unanswered, str] = {
    MembersReason.NOT_OWNER: "Only owners of this document may do that.",
    MembersReason.LAST_OWNER: "Nobody would be left who can manage this document; make somebody else an owner first.",
    MembersReason.NO_SUCH_MEMBER: "This person is not a member any more.",
    MembersReason.NO_SUCH_INVITE: "This link was withdrawn already.",
    MembersReason.BAD_REQUEST: "The server does not take this value; choose another one.",
    MembersReason.ELSEWHERE: "This comes from your team’s sign-in service and is changed there.",
    MembersReason.UNREADABLE: "The server cannot read or write its disk at the moment; try again in a while.",
    MembersReason.BUSY: "The server is still busy with earlier requests; try again in a moment.",
    Unanswered.OFFLINE: "There is no connection to the server, so nothing was changed; try again when it is back.",
    Unanswered.CUT: "The connection ended before the server answered; look again when it is back.",
    Unanswered.SILENT: "The server does not answer; look again in a moment whether it was done.",
    Unanswered.NO_MEMBERS: "This server does not keep a list of members; whoever runs it can update it.",
}


class MembersProblem(CowriteError):
    """A request about members or invites that was not carried out, as far as is known here.

    Attributes:
        reason: why.
    """

    def __init__(self, reason: MembersReason | Unanswered) -> None:
        self.reason = reason
        super().__init__(_SENTENCES[reason])


@dataclass(frozen=True, slots=True)
class Done:
    """What was asked for is on the server's disk and in force."""


Answer = MemberList | Invited | tuple[Act, ...] | Done | MembersProblem


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer to one request.

    Attributes:
        request: its number.
        answer: what came of it.
    """

    request: int
    answer: Answer


class MemberRequests:
    """The requests of one document's connection; whoever asks gets a number, and `take_events` the answer to it."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Starts unconnected.

        Args:
            clock: seconds, monotonic.
        """
        self._clock = clock
        self._problem: Unanswered | None = Unanswered.OFFLINE
        self._member: int | None = None
        self._number = 0
        self._due: dict[int, float] = {}
        self._outbox: list[bytes] = []
        self._events: list[Answered] = []

    @property
    def member(self) -> int | None:
        """The number of the member that this client is; None while it is not known."""
        return self._member

    @property
    def problem(self) -> MembersProblem | None:
        """Why the server cannot be asked at the moment; None where it can."""
        return None if self._problem is None else MembersProblem(self._problem)

    def list_members(self) -> int:
        """Asks who is a member and which invites there are."""
        return self._ask(members_get_message)

    def invite(self, wish: InviteWish) -> int:
        """Asks for a new invite."""
        return self._ask(lambda request: invite_message(request, wish))

    def withdraw(self, invite: int, *, keep_members: bool) -> int:
        """Asks to make an invite void; those who came by it stay or are cut off."""
        return self._ask(lambda request: withdraw_message(request, invite, keep_members))

    def set_role(self, member: int, role: Role) -> int:
        """Asks to give a member another role."""
        return self._ask(lambda request: set_role_message(request, member, role))

    def remove(self, member: int) -> int:
        """Asks to let a member in no more."""
        return self._ask(lambda request: remove_member_message(request, member))

    def rename(self, name: str) -> int:
        """Asks to be called by another name."""
        return self._ask(lambda request: rename_message(request, name.strip()[:NAME_UNITS]))

    def list_acts(self, before: int = 0) -> int:
        """Asks what was done before the act of this number; 0 for the latest."""
        return self._ask(lambda request: audit_get_message(request, before))

    def connected(self, hello: Hello) -> None:
        """The server has greeted this client."""
        self._member = hello.member
        self._problem = Unanswered.NO_MEMBERS if hello.member is None else None

    def disconnected(self) -> None:
        """The connection has ended: open requests will not be answered."""
        self._problem = Unanswered.OFFLINE
        self._outbox.clear()
        self._fail(list(self._due), Unanswered.CUT)

    def receive(self, kind: int, reader: Reader) -> None:
        """Takes an answer in.

        Args:
            kind: one of ANSWERS.
            reader: after the message's type.

        Raises:
            MalformedMessage: it is no such message.
        """
        request, answer = _read(kind, reader)
        if self._due.pop(request, None) is not None:  # otherwise it has been given up
            self._events.append(Answered(request, answer))

    def messages_to_send(self) -> list[bytes]:
        """Requests for the open connection; what is returned counts as sent."""
        messages, self._outbox = self._outbox, []
        return messages

    def tick(self) -> None:
        """Gives up what has taken too long."""
        now = self._clock()
        self._fail([request for request, due in self._due.items() if due <= now], Unanswered.SILENT)

    def next_tick(self) -> float | None:
        """When `tick` is to be called, in seconds of the clock."""
        return min(self._due.values(), default=None)

    def take_events(self) -> list[Answered]:
        """Answers that nobody has taken yet."""
        events, self._events = self._events, []
        return events

    def _ask(self, message: Callable[[int], bytes]) -> int:
        self._number += 1
        if self._problem is not None:
            self._events.append(Answered(self._number, MembersProblem(self._problem)))
        else:
            self._due[self._number] = self._clock() + PATIENCE
            self._outbox.append(message(self._number))
        return self._number

    def _fail(self, requests: list[int], reason: Unanswered) -> None:
        for request in requests:
            del self._due[request]
            self._events.append(Answered(request, MembersProblem(reason)))


def _read(kind: int, reader: Reader) -> tuple[int, Answer]:
    match kind:
        case Message.MEMBERS:
            return read_members(reader)
        case Message.INVITED:
            return read_invited(reader)
        case Message.AUDIT:
            return read_audit(reader)
        case Message.MEMBERS_REFUSED:
            request, reason = read_members_refused(reader)
            return request, MembersProblem(reason)
        case _:
            return reader.var_uint(), Done()
