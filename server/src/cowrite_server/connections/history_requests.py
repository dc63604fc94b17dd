"""What one client asks of history."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from cowrite_server import audit
from cowrite_server.audit import Deed
from cowrite_server.background import beside
from cowrite_server.connections.requests import Answer, Requests
from cowrite_server.document.updates import EMPTY_UPDATE
from cowrite_server.errors import (
    BadVersionName,
    NamedOtherwise,
    NoSuchMoment,
    ServerError,
    StoreFailed,
    TooManyVersions,
)
from cowrite_server.history.history import History
from cowrite_server.history.versions import Versions
from cowrite_server.rooms.client import Admitted
from cowrite_server.rooms.log import Log
from cowrite_server.rooms.room import Room
from cowrite_server.wire.encoding import Reader
from cowrite_server.wire.history import (
    HistoryReason,
    Naming,
    history_refused_message,
    moment_message,
    moments_message,
    read_naming,
    restored_message,
    version_named_message,
)
from cowrite_server.wire.protocol import Close, Message, Reason, Role

_REASONS: dict[type[ServerError], HistoryReason] = {
    NoSuchMoment: HistoryReason.NO_SUCH_MOMENT,
    BadVersionName: HistoryReason.BAD_NAME,
    NamedOtherwise: HistoryReason.NAMED_OTHERWISE,
    TooManyVersions: HistoryReason.TOO_MANY_NAMES,
}

_LIMITS = {HistoryReason.TOO_LARGE: "document_bytes", HistoryReason.TOO_MANY_NAMES: "room_versions"}
"""The limits by which something is refused."""

_NAMINGS, _NAMING_SECONDS = 20, 60.0
"""So many times within so many seconds a client may name versions: each time all in the room are told."""


class HistoryRequests:
    """The requests of one client."""

    def __init__(
        self,
        history: History,
        client: Admitted,
        room: Room,
        log: Log,
        requests: Requests,
        send: Callable[[bytes], None],
        refusals: Counter[str],
        versions: Versions,
    ) -> None:
        """No requests yet.

        Args:
            history: where answers come from.
            client: who asks.
            room: where it takes part.
            log: where the room's updates go; history is what came out of it.
            requests: answers them one after the other.
            send: sends a message to it.
            refusals: counts what is refused, by its limit or reason.
            versions: gives moments names.
        """
        self._history = history
        self._client = client
        self._room = room
        self._log = log
        self._send = send
        self._refusals = refusals
        self._requests = requests
        self._versions = versions
        self._namings: deque[float] = deque(maxlen=_NAMINGS)

    def take(self, kind: Message, reader: Reader) -> None:
        """Takes a request.

        Args:
            kind: MOMENTS_GET, MOMENT_GET, RESTORE or NAME_VERSION.
            reader: after the message's type.

        Raises:
            MalformedMessage: it is no such message.
        """
        request = reader.var_uint()
        naming, ends = None, list[int]()
        if kind == Message.NAME_VERSION:
            naming = read_naming(reader)
            look_up = partial(self._name, request, naming, ends)
        else:
            seq = 0 if kind == Message.MOMENTS_GET else reader.var_uint()
            look_up = partial(self._look_up, kind, request, seq)
        unreadable = partial(self._refuse, request, HistoryReason.UNREADABLE)
        if not self._requests.add(partial(self._answer, request, look_up), unreadable):
            self._refuse(request, HistoryReason.BUSY)
        elif naming is not None and not naming.seq:
            self._note_end(ends)

    def close(self) -> None:
        """The client is gone; what it restored before stays restored."""
        self._requests.close()

    async def _answer(self, request: int, look_up: Answer) -> None:
        try:
            await look_up()
        except tuple(_REASONS) as error:
            self._refuse(request, _REASONS[type(error)])
        except StoreFailed as error:
            name = self._room.record.name
            self._requests.tell("The history of the room %s cannot be read or written. %s", name, error)
            self._refuse(request, HistoryReason.UNREADABLE)

    async def _look_up(self, kind: Message, request: int, seq: int) -> None:
        room = self._room.record
        if kind == Message.RESTORE:
            await self._look_up_restoring(request, seq)
            return
        with suppress(StoreFailed):
            await self._catch_up()
        if kind == Message.MOMENTS_GET:
            self._send(await beside(moments_message, request, await self._history.moments(room)))
        else:
            self._send(await beside(moment_message, request, await self._history.open(room, seq)))

    async def _look_up_restoring(self, request: int, seq: int) -> None:
        if not self._client.role.may_edit:
            self._refuse(request, HistoryReason.READ_ONLY)
            return
        room = self._room.record
        async with self._room.restoring, self._history.turn_to_restore(room):
            await self._catch_up()  # or it would leave in the document what is not on disk
            self._restore(request, seq, await self._history.restoring(room, seq))
            await self._store()

    async def _store(self) -> None:
        """Waits until what was restored is on disk, where whoever restores next finds it, on whichever node."""
        caught_up = asyncio.ensure_future(self._catch_up())
        with suppress(StoreFailed):  # whoever asked hears when it is on disk after all
            try:
                await asyncio.shield(caught_up)
            except asyncio.CancelledError:  # they have gone, and it is on its way all the same
                await caught_up
                raise

    def _note_end(self, ends: list[int]) -> None:
        """Notes which moment is that of now: the one in which a name was asked for, whatever comes meanwhile."""
        # Not where it is for nothing: what waits for a disk that fails is in nobody's count.
        if self._client.role.may_edit and self._log.failure is None:
            self._room.tell_end(ends.append)

    async def _name(self, request: int, naming: Naming, ends: list[int]) -> None:
        if self._client.role.may_edit:
            await self._log.caught_up()
        if not self._client.role.may_edit:  # or not any more
            self._refuse(request, HistoryReason.READ_ONLY)
            return
        now = asyncio.get_running_loop().time()
        if len(self._namings) == _NAMINGS and now - self._namings[0] < _NAMING_SECONDS:
            self._refuse(request, HistoryReason.BUSY)
            return
        self._namings.append(now)
        if not naming.seq:
            if not ends:
                raise StoreFailed("the document is being read again")
            naming = naming._replace(seq=ends[0])
        await self._versions.name(self._room.record, naming, self._client.id)
        self._send(version_named_message(request, naming.seq))

    async def _catch_up(self) -> None:
        """Waits until all that has come in is on disk, or the client's own last words would not be part of history."""
        self._room.flush()
        await self._log.caught_up()

    def _restore(self, request: int, seq: int, update: bytes) -> None:
        if update == EMPTY_UPDATE:
            self._send(restored_message(request))
        elif not self._client.role.may_edit:  # any more
            self._refuse(request, HistoryReason.READ_ONLY)
        elif self._room.refuses(update) is not None:
            self._refuse(request, HistoryReason.TOO_LARGE)
        else:
            restorer = _Restorer(
                self._client,
                seq,
                lambda: self._send(restored_message(request)),
                partial(self._refuse, request),
            )
            self._room.submit(restorer, 1, update)
            self._room.pass_on()

    def _refuse(self, request: int, reason: HistoryReason) -> None:
        limit = _LIMITS.get(reason)
        self._refusals[limit or reason] += 1
        self._send(history_refused_message(request, reason, limit))


class _Restorer(Admitted):
    """The sender of a restoring: nobody in the room, so that the edit comes to all who are, and no one can undo it."""

    def __init__(
        self, client: Admitted, seq: int, done: Callable[[], None], failed: Callable[[HistoryReason], None]
    ) -> None:
        super().__init__(client.admission)
        self._client = client
        self._seq = seq
        self._done = done
        self._failed = failed

    @property
    def role(self) -> Role:
        """What whoever asked may do now."""
        return self._client.role

    @property
    def deed(self) -> Deed | None:
        """What its update does."""
        return audit.history_restored(self._seq)

    def send(self, frames: bytes) -> None:
        """Nobody listens."""

    def saved(self, last: int) -> None:
        """The edit is on disk."""
        self._done()

    def settled(self, number: int, reason: Reason | None = None) -> None:
        """The edit adds nothing, or whoever asked may not edit any more."""
        if reason is None:
            self._done()
        else:
            self._failed(HistoryReason.READ_ONLY)

    def answered(self, update: bytes) -> None:
        """Nobody asked."""

    def wait(self) -> None:
        """There is nothing to stop."""

    def go_on(self) -> None:
        """There is nothing to go on with."""

    def close(self, code: Close) -> None:
        """The room could not take the edit."""
        self._failed(HistoryReason.UNREADABLE)
