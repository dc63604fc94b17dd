"""What one client asks of history: answered one after the other, beside everything else that the client does."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable

from cowrite_server.admission import Admission
from cowrite_server.encoding import Reader
from cowrite_server.errors import NoSuchMoment, StoreFailed
from cowrite_server.history import History
from cowrite_server.history_protocol import (
    HistoryReason,
    history_refused_message,
    moment_message,
    moments_message,
    restored_message,
)
from cowrite_server.log import Log
from cowrite_server.protocol import (
    Close,
    Message,
    Reason,
    Role,
)
from cowrite_server.replica import EMPTY_UPDATE
from cowrite_server.room import Room

_logger = logging.getLogger(__name__)

_WAITING_AT_MOST = 16


class HistoryRequests:
    """The requests of one client."""

    def __init__(
        self, history: History, admission: Admission, room: Room, log: Log, send: Callable[[bytes], None]
    ) -> None:
        """No requests yet.

        Args:
            history: where answers come from.
            admission: what the client may do.
            room: where it takes part.
            log: where the room's updates go; history is what came out of it.
            send: sends a message to it.
        """
        self._history = history
        self._admission = admission
        self._room = room
        self._log = log
        self._send = send
        self._waiting: deque[tuple[Message, int, int]] = deque()
        self._answering: asyncio.Task[None] | None = None

    def take(self, kind: Message, reader: Reader) -> None:
        """Takes a request.

        Args:
            kind: MOMENTS_GET, MOMENT_GET or RESTORE.
            reader: after the message's type.

        Raises:
            MalformedMessage: it is no such message.
        """
        request = reader.var_uint()
        seq = 0 if kind == Message.MOMENTS_GET else reader.var_uint()
        if kind == Message.RESTORE and not self._admission.role.may_edit:
            self._refuse(request, HistoryReason.READ_ONLY)
        elif len(self._waiting) >= _WAITING_AT_MOST:
            self._refuse(request, HistoryReason.BUSY)
        else:
            self._waiting.append((kind, request, seq))
            if self._answering is None:
                self._answering = asyncio.get_running_loop().create_task(self._answer_all(), name="history")

    def close(self) -> None:
        """The client is gone; what it restored before stays restored."""
        self._waiting.clear()
        if self._answering is not None:
            self._answering.cancel()

    async def _answer_all(self) -> None:
        try:
            while self._waiting:
                kind, request, seq = self._waiting.popleft()
                try:
                    await self._answer(kind, request, seq)
                except NoSuchMoment:
                    self._refuse(request, HistoryReason.NO_SUCH_MOMENT)
                except StoreFailed as error:
                    _logger.error("The history of the room %s cannot be read. %s", self._room.record.name, error)
                    self._refuse(request, HistoryReason.UNREADABLE)
        finally:
            self._answering = None

    async def _answer(self, kind: Message, request: int, seq: int) -> None:
        room = self._room.record
        self._room.flush()
        await self._log.caught_up()  # or the client's own last words would not be part of it
        if kind == Message.MOMENTS_GET:
            self._send(moments_message(request, await self._history.moments(room)))
        elif kind == Message.MOMENT_GET:
            self._send(moment_message(request, await self._history.open(room, seq)))
        else:
            update = await self._history.restoring(room, seq)
            if update == EMPTY_UPDATE:
                self._send(restored_message(request))
            elif not self._room.takes(update):
                self._refuse(request, HistoryReason.TOO_LARGE)
            else:
                restorer = _Restorer(self._admission, lambda: self._send(restored_message(request)))
                self._room.submit(restorer, 1, update)

    def _refuse(self, request: int, reason: HistoryReason) -> None:
        self._send(history_refused_message(request, reason))


class _Restorer:
    """The sender of a restoring: nobody in the room, so that the edit comes to all who are, and no one can undo it."""

    def __init__(self, admission: Admission, done: Callable[[], None]) -> None:
        self._admission = admission
        self._done = done

    @property
    def invite(self) -> int | None:
        """Id of the invite of whoever asked."""
        return self._admission.invite

    @property
    def role(self) -> Role:
        """What whoever asked may do."""
        return self._admission.role

    @property
    def person(self) -> object:
        """Who asked."""
        return self._admission.person

    @property
    def name(self) -> str | None:
        """Nobody sees it."""
        return None

    def send(self, frames: bytes) -> None:
        """Nobody listens."""

    def saved(self, last: int) -> None:
        """The edit is on disk."""
        self._done()

    def settled(self, number: int, reason: Reason | None = None) -> None:
        """The edit adds nothing."""
        self._done()

    def answered(self, update: bytes) -> None:
        """Nobody asked."""

    def wait(self) -> None:
        """There is nothing to stop."""

    def go_on(self) -> None:
        """There is nothing to go on with."""

    def close(self, code: Close) -> None:
        """There is nothing to end."""
