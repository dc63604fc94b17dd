"""RequestKind: what one client asks of one thing, carried out or refused with a reason."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum
from functools import partial
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from cowrite_server.connections.answering import Answering
from cowrite_server.errors import ServerError
from cowrite_server.rooms.client import Admitted
from cowrite_server.rooms.room import Room
from cowrite_server.services import Services
from cowrite_server.wire.encoding import Reader
from cowrite_server.wire.json_messages import RefusalReason, refusal_message
from cowrite_server.wire.protocol import Message

Why = TypeVar("Why", bound=RefusalReason)

Work = Callable[[int], Awaitable[bytes | None]]
"""Does what a request of this number asks; gives the answer, or None where that comes later."""


class Send(Protocol):
    """Sends a message to a client."""

    def __call__(self, message: bytes, rest: bytes = b"") -> None:
        """Sends it.

        Args:
            message: the message, or its beginning.
            rest: its end; where that is long, all who wait for the same have it once.
        """


class Refused(Exception):
    """A request is not carried out."""

    def __init__(self, reason: StrEnum, limit: str | None = None) -> None:
        super().__init__(reason)
        self.reason: Any = reason  # of the kind's own
        self.limit = limit  # its name in `Limits` or the settings, where it is not the reason's in LIMITS


class RequestKind(ABC, Generic[Why]):
    """The requests of one kind of one client; `Why` says why one is refused."""

    KINDS: ClassVar[frozenset[Message]]
    """The messages that are requests."""
    REFUSED: ClassVar[Message]
    """The message that refuses one."""
    FAILURE: ClassVar[str]
    """What the log is told where one cannot be answered, with places for the room's name and the error."""
    LIMITS: ClassVar[Mapping[StrEnum, str]] = {}
    """Reasons that are limits, with their names in `Limits`, by which they are counted."""

    reasons: Mapping[type[ServerError], Why]
    """Why a request is refused that ends with an error; where that is another one, it is `unreadable`."""
    unreadable: Why
    busy: Why

    def __init__(self, client: Admitted, room: Room, services: Services, answering: Answering, send: Send) -> None:
        """No requests yet.

        Args:
            client: who asks.
            room: where the client takes part.
            services: what the server does for it.
            answering: answers them one after the other.
            send: sends messages to the client.
        """
        self._client = client
        self._room = room
        self._services = services
        self._answering = answering
        self._send = send

    @property
    def _room_name(self) -> str:
        return self._room.record.name

    @abstractmethod
    def take(self, kind: Message, reader: Reader) -> None:
        """Takes a request.

        Args:
            kind: one of KINDS.
            reader: after the message's type.

        Raises:
            MalformedMessage: it is no such message.
        """

    def close(self) -> None:
        """The client is gone; what was done for it before stays done."""
        self._answering.close()

    def _begin(self, request: int, work: Work) -> bool:
        """Has a request carried out when all before it are; whether there is room for it."""
        has_room = self._answering.add(
            partial(self._answer, request, work), partial(self._refuse, request, self.unreadable)
        )
        if not has_room:
            self._refuse(request, self.busy)
        return has_room

    async def _answer(self, request: int, work: Work) -> None:
        try:
            answer = await work(request)
        except Refused as refused:
            self._refuse(request, refused.reason, refused.limit)
        except ServerError as error:
            reason = self.reasons.get(type(error))
            if reason is None:
                self._answering.tell(self.FAILURE, self._room_name, error)
            self._refuse(request, reason or self.unreadable)
        else:
            if answer is not None:
                self._send(answer)

    def _refuse(self, request: int, reason: Why, limit: str | None = None) -> None:
        limit = limit or self.LIMITS.get(reason)
        self._services.figures.refusals[limit or reason] += 1
        self._send(refusal_message(self.REFUSED, request, reason, limit))
