"""What one client asks of sealed boxes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from functools import partial

from cowrite_server.connections.requests import Requests
from cowrite_server.errors import BoxFull, BoxOpened, DocumentFull, NoSuchBox, ServerError
from cowrite_server.rooms.client import Admitted
from cowrite_server.rooms.room import Room
from cowrite_server.rooms.sealed import SealedBoxes
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
    seal_refused_message,
    sealed_changed_message,
    sealed_counts_message,
    sealed_message,
)

_REASONS: dict[type[ServerError], SealedReason] = {
    BoxFull: SealedReason.TOO_MANY,
    BoxOpened: SealedReason.OPENED,
    DocumentFull: SealedReason.DOCUMENT_FULL,
    NoSuchBox: SealedReason.NO_SUCH_BOX,
}

_Work = Callable[[int], Awaitable[bytes]]
"""Does what was asked by a request of this number; gives the answer."""


class SealedRequests:
    """The requests of one client."""

    KINDS = frozenset({Message.SEALED_GET, Message.SEAL, Message.TAKE_BACK, Message.OPEN_BOX})
    """The messages that are requests."""

    def __init__(
        self,
        boxes: SealedBoxes,
        client: Admitted,
        room: Room,
        requests: Requests,
        send: Callable[[bytes], None],
        refusals: Counter[str],
    ) -> None:
        """No requests yet.

        Args:
            boxes: where things lie.
            client: who asks.
            room: where it takes part.
            requests: answers them one after the other.
            send: sends a message to it.
            refusals: counts what is refused, by its reason.
        """
        self._boxes = boxes
        self._client = client
        self._room = room
        self._send = send
        self._refusals = refusals
        self._requests = requests
        self._due: dict[int, _Work] = {}  # by requests what is to be sealed or taken back, and was not begun

    def take(self, kind: Message, reader: Reader) -> None:
        """Takes a request.

        Args:
            kind: one of KINDS.
            reader: after the message's type.

        Raises:
            MalformedMessage: it is no such message.
        """
        request = reader.var_uint()
        work: _Work
        if kind == Message.SEALED_GET:
            work = self._list
        elif kind == Message.SEAL:
            try:
                work = partial(self._seal, read_seal(reader))
            except ItemTooLarge:
                work = self._refuse_large
        elif kind == Message.TAKE_BACK:
            work = partial(self._take_back, *read_item(reader))
        else:
            work = partial(self._open, read_box(reader))
        if kind in (Message.SEAL, Message.TAKE_BACK):
            self._due[request] = work
        unreadable = partial(self._refuse, request, SealedReason.UNREADABLE)
        if not self._requests.add(partial(self._answer, work, request), unreadable):
            self._due.pop(request, None)
            self._refuse(request, SealedReason.BUSY)

    def close(self) -> None:
        """The client is gone; what it sealed stays sealed."""
        self._requests.close()
        self._boxes.leave(self._room.record.id, self)

    @property
    def has_unbegun(self) -> bool:
        """Whether something is to be sealed or taken back that was not begun."""
        return bool(self._due)

    async def finish(self) -> None:
        """Does what had arrived of a client that has gone and was not begun: whoever writes a note and goes at once
        has it revealed with those of the others."""
        due, self._due = self._due, {}
        for work in due.values():
            with suppress(_Refused, ServerError):
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

    async def _answer(self, work: _Work, request: int) -> None:
        self._due.pop(request, None)
        try:
            self._send(await work(request))
        except _Refused as refused:
            self._refuse(request, refused.reason)
        except ServerError as error:
            reason = _REASONS.get(type(error), SealedReason.UNREADABLE)
            if reason is SealedReason.UNREADABLE:
                self._requests.tell("The sealed boxes of the room %s cannot be used. %s", self._room.record.name, error)
            self._refuse(request, reason)

    async def _list(self, request: int) -> bytes:
        self._boxes.enter(self._room.record.id, self)  # before it is read, so that nothing is missed
        return sealed_message(request, await self._boxes.listing(self._room, self.author))

    async def _seal(self, item: SealedItem, request: int) -> bytes:
        await self._boxes.put(self._room.record.id, self._require_author(), item, self)
        return seal_done_message(request)

    async def _refuse_large(self, _request: int) -> bytes:
        self._require_author()
        raise _Refused(SealedReason.TOO_LARGE)

    async def _take_back(self, box: str, item: str, request: int) -> bytes:
        await self._boxes.take_back(self._room.record.id, self._require_author(), box, item, self)
        return seal_done_message(request)

    async def _open(self, box: str, request: int) -> bytes:
        if not self._client.role.may_edit:
            raise _Refused(SealedReason.READ_ONLY)
        await self._boxes.open(self._room, box)
        return seal_done_message(request)

    def _require_author(self) -> str:
        if self._client.role is Role.VIEWER:
            raise _Refused(SealedReason.READ_ONLY)
        if self.author is None:
            raise _Refused(SealedReason.UNKNOWN)
        return self.author

    def _refuse(self, request: int, reason: SealedReason) -> None:
        self._refusals[reason] += 1
        self._send(seal_refused_message(request, reason))


class _Refused(Exception):
    """A request is not carried out."""

    def __init__(self, reason: SealedReason) -> None:
        super().__init__(reason)
        self.reason = reason
