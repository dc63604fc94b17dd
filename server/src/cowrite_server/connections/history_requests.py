"""What one client asks of history."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Set
from contextlib import suppress
from enum import StrEnum
from functools import partial
from typing import ClassVar

from cowrite_server import audit
from cowrite_server.audit import Deed
from cowrite_server.background import beside
from cowrite_server.connections.answering import Answering
from cowrite_server.connections.request_kind import Refused, RequestKind, Send
from cowrite_server.document.updates import EMPTY_UPDATE
from cowrite_server.errors import (
    BadVersionName,
    NamedOtherwise,
    NoSuchMoment,
    ServerError,
    StoreFailed,
    TooManyVersions,
)
from cowrite_server.rooms.client import Absent, Admitted
from cowrite_server.rooms.room import Room
from cowrite_server.services import Services
from cowrite_server.wire.encoding import Reader
from cowrite_server.wire.history import (
    HistoryReason,
    Naming,
    brought_message,
    moment_head,
    moments_message,
    read_brought_get,
    read_naming,
    restored_message,
    version_named_message,
)
from cowrite_server.wire.protocol import Close, Message, Reason, Role

_NAMINGS, _NAMING_SECONDS = 20, 60.0
"""So many times within so many seconds a client may name versions: each time all in the room are told."""

_RUNS_AT_MOST = 100_000
"""So many runs of units a client is told the members of: of a client id by which one person has written it is one."""


class HistoryRequests(RequestKind[HistoryReason]):
    """The requests of one client."""

    KINDS = frozenset(
        {Message.MOMENTS_GET, Message.MOMENT_GET, Message.RESTORE, Message.NAME_VERSION, Message.BROUGHT_GET}
    )
    REFUSED = Message.HISTORY_REFUSED
    FAILURE = "The history of the room %s cannot be read or written. %s"
    LIMITS: ClassVar[Mapping[StrEnum, str]] = {HistoryReason.TOO_MANY_NAMES: "room_versions"}

    unreadable = HistoryReason.UNREADABLE
    busy = HistoryReason.BUSY
    reasons: Mapping[type[ServerError], HistoryReason] = {
        NoSuchMoment: HistoryReason.NO_SUCH_MOMENT,
        BadVersionName: HistoryReason.BAD_NAME,
        NamedOtherwise: HistoryReason.NAMED_OTHERWISE,
        TooManyVersions: HistoryReason.TOO_MANY_NAMES,
    }

    def __init__(self, client: Admitted, room: Room, services: Services, answering: Answering, send: Send) -> None:
        """No requests yet; see `RequestKind`."""
        super().__init__(client, room, services, answering, send)
        self._history = services.history
        self._log = services.log
        self._namings: deque[float] = deque(maxlen=_NAMINGS)

    def take(self, kind: Message, reader: Reader) -> None:
        """Takes a request; see `RequestKind.take`."""
        request = reader.var_uint()
        match kind:
            case Message.NAME_VERSION:
                naming, ends = read_naming(reader), list[int]()
                if self._begin(request, partial(self._name, naming, ends)) and not naming.seq:
                    self._note_end(ends)
            case Message.RESTORE:
                self._begin(request, partial(self._restore, reader.var_uint()))
            case Message.MOMENT_GET:
                self._begin(request, partial(self._open, reader.var_uint()))
            case Message.BROUGHT_GET:
                self._begin(request, partial(self._tell_brought, read_brought_get(reader)))
            case _:
                self._begin(request, self._list)

    async def _list(self, request: int) -> bytes:
        with suppress(StoreFailed):
            await self._catch_up()
        return await beside(moments_message, request, await self._history.moments(self._room.record))

    async def _open(self, seq: int, request: int) -> None:
        with suppress(StoreFailed):
            await self._catch_up()
        opened = await self._history.open(self._room.record, seq)
        self._send(await beside(moment_head, request, opened), opened.document)

    async def _tell_brought(self, clients: Set[int], request: int) -> bytes:
        with suppress(StoreFailed):
            await self._catch_up()
        found = await self._history.brought(self._room.record, clients)
        if sum(len(each.units) for each in found) > _RUNS_AT_MOST:
            raise Refused(HistoryReason.TOO_LARGE)
        return await beside(brought_message, request, found)

    async def _restore(self, seq: int, request: int) -> None:
        self._require_editor()
        room = self._room.record
        async with self._room.restoring, self._history.turn_to_restore(room):
            await self._catch_up()  # or it would leave in the document what is not on disk
            self._submit(request, seq, await self._history.restoring(room, seq))
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

    async def _name(self, naming: Naming, ends: list[int], request: int) -> bytes:
        if self._client.role.may_edit:
            await self._log.caught_up()
        self._require_editor()  # still
        now = asyncio.get_running_loop().time()
        if len(self._namings) == _NAMINGS and now - self._namings[0] < _NAMING_SECONDS:
            raise Refused(HistoryReason.BUSY)
        self._namings.append(now)
        if not naming.seq:
            if not ends:
                raise StoreFailed("the document is being read again")
            naming = naming._replace(seq=ends[0])
        await self._services.versions.name(self._room.record, naming, self._client.id)
        return version_named_message(request, naming.seq)

    async def _catch_up(self) -> None:
        """Waits until all that has come in is on disk, or the client's own last words would not be part of history."""
        self._room.flush()
        await self._log.caught_up()

    def _submit(self, request: int, seq: int, update: bytes) -> None:
        if update == EMPTY_UPDATE:
            self._send(restored_message(request))
            return
        self._require_editor()  # still
        limit = self._room.refuses(update, self._client.role)
        if limit is not None:
            raise Refused(HistoryReason.TOO_LARGE, limit)
        restorer = _Restorer(
            self._client, seq, lambda: self._send(restored_message(request)), partial(self._refuse, request)
        )
        self._room.submit(restorer, 1, update)
        self._room.pass_on()

    def _require_editor(self) -> None:
        if not self._client.role.may_edit:
            raise Refused(HistoryReason.READ_ONLY)


class _Restorer(Absent):
    """The sender of a restoring, which no one can undo."""

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

    def saved(self, last: int) -> None:
        """The edit is on disk."""
        self._done()

    def settled(self, number: int, reason: Reason | None = None, limit: str | None = None) -> None:
        """The edit adds nothing, or whoever asked may not edit any more."""
        if reason is None:
            self._done()
        else:
            self._failed(HistoryReason.READ_ONLY)

    def close(self, code: Close) -> None:
        """The room could not take the edit."""
        self._failed(HistoryReason.UNREADABLE)
