"""What one client asks of sealed boxes."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from functools import partial

from cowrite_server.connections.answering import Answering
from cowrite_server.connections.request_kind import Refused, RequestKind, Send, Work
from cowrite_server.errors import BoxFull, BoxOpened, DocumentFull, NoSuchBox, ServerError
from cowrite_server.rooms.client import Admitted
from cowrite_server.rooms.room import Room
from cowrite_server.services import Services
from cowrite_server.wire.encoding import Reader
from cowrite_server.wire.protocol import Message, Role
from cowrite_server.wire.sealed import (
    Count,
    ItemTooLarge,
    SealedItem,
    SealedReason,
    read_box,
    read_item,
    read_seal,
    seal_done_message,
    sealed_changed_message,
    sealed_counts_message,
    sealed_message,
)


class SealedRequests(RequestKind[SealedReason]):
    """The requests of one client."""

    KINDS = frozenset({Message.SEALED_GET, Message.SEAL, Message.TAKE_BACK, Message.OPEN_BOX})
    REFUSED = Message.SEAL_REFUSED
    FAILURE = "The sealed boxes of the room %s cannot be used. %s"

    unreadable = SealedReason.UNREADABLE
    busy = SealedReason.BUSY
    reasons: Mapping[type[ServerError], SealedReason] = {
        BoxFull: SealedReason.TOO_MANY,
        BoxOpened: SealedReason.OPENED,
        DocumentFull: SealedReason.DOCUMENT_FULL,
        NoSuchBox: SealedReason.NO_SUCH_BOX,
    }

    def __init__(self, client: Admitted, room: Room, services: Services, answering: Answering, send: Send) -> None:
        """No requests yet; see `RequestKind`."""
        super().__init__(client, room, services, answering, send)
        self._boxes = services.sealed
        self._due: dict[int, Work] = {}  # by requests what is to be sealed or taken back, and was not begun

    def take(self, kind: Message, reader: Reader) -> None:
        """Takes a request; see `RequestKind.take`."""
        request, work = reader.var_uint(), self._read(kind, reader)
        if kind in (Message.SEAL, Message.TAKE_BACK):
            self._due[request] = work
        if not self._begin(request, work):
            self._due.pop(request, None)

    def close(self) -> None:
        """The client is gone; what it sealed stays sealed."""
        super().close()
        self._boxes.news.leave(self._room.record.id, self)

    @property
    def has_unbegun(self) -> bool:
        """Whether something is to be sealed or taken back that was not begun."""
        return bool(self._due)

    async def finish(self) -> None:
        """Does what had arrived of a client that has gone and was not begun: whoever writes a note and goes at once
        has it revealed with those of the others."""
        due, self._due = self._due, {}
        for work in due.values():
            with suppress(Refused, ServerError):
                await work(0)

    @property
    def author(self) -> str | None:
        """See `Listener.author`."""
        return self._client.admission.author

    def counted(self, counts: Mapping[str, Count]) -> None:
        """See `Listener.counted`."""
        self._send(sealed_counts_message(counts))

    def changed_elsewhere(self) -> None:
        """See `Listener.changed_elsewhere`."""
        self._send(sealed_changed_message())

    async def _answer(self, request: int, work: Work) -> None:
        self._due.pop(request, None)
        await super()._answer(request, work)

    def _read(self, kind: Message, reader: Reader) -> Work:
        match kind:
            case Message.SEAL:
                try:
                    return partial(self._seal, read_seal(reader))
                except ItemTooLarge:
                    return self._refuse_large
            case Message.TAKE_BACK:
                return partial(self._take_back, *read_item(reader))
            case Message.OPEN_BOX:
                return partial(self._open, read_box(reader))
            case _:
                return self._list

    async def _list(self, request: int) -> bytes:
        self._boxes.news.enter(self._room.record.id, self)  # before it is read, so that nothing is missed
        return sealed_message(request, await self._boxes.listing(self._room, self.author))

    async def _seal(self, item: SealedItem, request: int) -> bytes:
        await self._boxes.put(self._room.record.id, self._require_author(), item, self)
        return seal_done_message(request)

    async def _refuse_large(self, _request: int) -> bytes:
        self._require_author()
        raise Refused(SealedReason.TOO_LARGE)

    async def _take_back(self, box: str, item: str, request: int) -> bytes:
        await self._boxes.take_back(self._room.record.id, self._require_author(), box, item, self)
        return seal_done_message(request)

    async def _open(self, box: str, request: int) -> bytes:
        if not self._client.role.may_edit:
            raise Refused(SealedReason.READ_ONLY)
        await self._boxes.open(self._room, box)
        return seal_done_message(request)

    def _require_author(self) -> str:
        if self._client.role is Role.VIEWER:
            raise Refused(SealedReason.READ_ONLY)
        if self.author is None:
            raise Refused(SealedReason.UNKNOWN)
        return self.author
