"""Asks a server for a document's history, and takes its answers, over the connection that carries the document.

Sans-I/O: gives messages, takes messages, gives events. Each request has a number; its answer, or why there is none, is
an event with the same number. No request outlives its connection: what is not answered by then is answered here.

Runs on the document's thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cowrite_server.encoding import Reader
from cowrite_server.history_protocol import (
    HistoryReason,
    MomentList,
    OpenedMoment,
    moment_get_message,
    moments_get_message,
    read_history_refused,
    read_moment,
    read_moments,
    restore_message,
)
from cowrite_server.protocol import Hello, Message

_QUESTIONS = {
    Message.MOMENTS: frozenset({Message.MOMENTS_GET}),
    Message.MOMENT: frozenset({Message.MOMENT_GET}),
    Message.RESTORED: frozenset({Message.RESTORE}),
    Message.HISTORY_REFUSED: frozenset({Message.MOMENTS_GET, Message.MOMENT_GET, Message.RESTORE}),
}

ANSWERS = frozenset(_QUESTIONS)
"""Types of the messages that `HistoryExchange.receive` reads."""


class HistoryFailure(StrEnum):
    """Why a request came to nothing."""

    READ_ONLY = "read-only"
    NO_SUCH_MOMENT = "no-such-moment"
    UNREADABLE = "unreadable"
    TOO_LARGE = "too-large"
    BUSY = "busy"
    OFFLINE = "offline"
    """There is no connection to a server that keeps history, or there is none any more."""
    UNCERTAIN = "uncertain"
    """The connection went away while the server was restoring."""

    @property
    def sentence(self) -> str:
        """What a person reads."""
        return _SENTENCES[self]


_SENTENCES = {
    HistoryFailure.READ_ONLY: "You may look at the history of this document and not restore it.",
    HistoryFailure.NO_SUCH_MOMENT: "The server no longer keeps this moment by itself; choose another one.",
    HistoryFailure.UNREADABLE: "The server could not read this moment; try again later.",
    HistoryFailure.TOO_LARGE: "The document has no space for what would come back; delete something first.",
    HistoryFailure.BUSY: "The server is still busy with your earlier wishes; try again in a moment.",
    HistoryFailure.OFFLINE: "You are offline; the server keeps the history and shows it when the connection is back.",
    HistoryFailure.UNCERTAIN: (
        "The connection was lost while the document was being restored; whether it was shows when it is back."
    ),
}


@dataclass(frozen=True, slots=True)
class MomentsListed:
    """The moments that were asked for."""

    request: int
    found: MomentList


@dataclass(frozen=True, slots=True)
class MomentOpened:
    """The moment that was asked for."""

    request: int
    opened: OpenedMoment


@dataclass(frozen=True, slots=True)
class Restored:
    """The document is what it was; the edit came, or comes, like one of somebody else's."""

    request: int


@dataclass(frozen=True, slots=True)
class HistoryFailed:
    """A request came to nothing.

    Attributes:
        request: its number.
        failure: why.
    """

    request: int
    failure: HistoryFailure


HistoryEvent = MomentsListed | MomentOpened | Restored | HistoryFailed


class HistoryExchange:
    """The requests of one document, and what came of them."""

    def __init__(self) -> None:
        """Starts unconnected."""
        self._last = 0
        self._hello: Hello | None = None
        self._open: dict[int, Message] = {}
        self._sent: set[int] = set()
        self._outbox: list[tuple[int, bytes]] = []
        self._events: list[HistoryEvent] = []

    @property
    def hello(self) -> Hello | None:
        """How the server of the present connection greeted; None where none has."""
        return self._hello

    def ask_moments(self) -> int:
        """Asks for all moments; gives the request's number."""
        return self._ask(Message.MOMENTS_GET, moments_get_message(self._last + 1))

    def ask_moment(self, seq: int) -> int:
        """Asks for the document as it was after an entry; gives the request's number."""
        return self._ask(Message.MOMENT_GET, moment_get_message(self._last + 1, seq))

    def ask_restore(self, seq: int) -> int:
        """Asks to make the document what it was after an entry; gives the request's number."""
        return self._ask(Message.RESTORE, restore_message(self._last + 1, seq))

    def connected(self, hello: Hello) -> None:
        """A server that keeps history has greeted this client."""
        self._hello = hello

    def disconnected(self) -> None:
        """The connection ended, and with it all that is not answered."""
        self._hello = None
        for request, kind in self._open.items():
            uncertain = kind is Message.RESTORE and request in self._sent
            failure = HistoryFailure.UNCERTAIN if uncertain else HistoryFailure.OFFLINE
            self._events.append(HistoryFailed(request, failure))
        self._open.clear()
        self._sent.clear()
        self._outbox.clear()

    def messages_to_send(self) -> list[bytes]:
        """Requests that wait. What is returned counts as sent."""
        waiting, self._outbox = self._outbox, []
        self._sent |= {request for request, _ in waiting}
        return [message for _, message in waiting]

    def receive(self, kind: int, reader: Reader) -> None:
        """Takes in an answer; one to a question that nobody asked has no effect.

        Args:
            kind: one of ANSWERS.
            reader: after the message's type.

        Raises:
            MalformedMessage: it is no such message.
        """
        event: HistoryEvent
        match kind:
            case Message.MOMENTS:
                event = MomentsListed(*read_moments(reader))
            case Message.MOMENT:
                event = MomentOpened(*read_moment(reader))
            case Message.RESTORED:
                event = Restored(reader.var_uint())
            case _:
                request, reason = read_history_refused(reader)
                event = HistoryFailed(request, _FAILURES[reason])
        if self._open.get(event.request) in _QUESTIONS[Message(kind)]:
            del self._open[event.request]
            self._sent.discard(event.request)
            self._events.append(event)

    def take_events(self) -> list[HistoryEvent]:
        """What came of requests since the last call."""
        events, self._events = self._events, []
        return events

    def _ask(self, kind: Message, message: bytes) -> int:
        self._last += 1
        if self._hello is None:
            self._events.append(HistoryFailed(self._last, HistoryFailure.OFFLINE))
        else:
            self._open[self._last] = kind
            self._outbox.append((self._last, message))
        return self._last


_FAILURES = {reason: HistoryFailure(reason.value) for reason in HistoryReason}
