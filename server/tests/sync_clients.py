"""Small clients for tests: one that speaks `cowrite.v1` and one that is a stock Yjs provider in all but the language.

Tests wait on what a client has received (`until`), never on time.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

from pycrdt import Doc, Text
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from cowrite_server.wire.asking import read_askers
from cowrite_server.wire.awareness import Presence, awareness_message, read_awareness
from cowrite_server.wire.blobs import (
    BlobPart,
    BlobRefused,
    blob_message,
    blob_part_message,
    read_blob_part,
    read_blob_refused,
)
from cowrite_server.wire.encoding import Reader
from cowrite_server.wire.hello import Hello, read_hello
from cowrite_server.wire.history import (
    Brought,
    HistoryReason,
    MomentList,
    Naming,
    brought_get_message,
    moment_get_message,
    moments_get_message,
    name_version_message,
    read_brought,
    read_moment,
    read_moments,
    restore_message,
)
from cowrite_server.wire.json_messages import read_refusal
from cowrite_server.wire.members import (
    MembersReason,
    read_audit,
    read_invited,
    read_members,
    read_role,
)
from cowrite_server.wire.protocol import SUBPROTOCOL, Message, Refused, Role, Sync, read_refused, sync_message
from cowrite_server.wire.sealed import Count, SealedReason, read_sealed, read_sealed_counts

ANSWERS: dict[Message, Callable[[Reader], tuple[int, object]]] = {
    Message.MOMENTS: read_moments,
    Message.MOMENT: read_moment,
    Message.BROUGHT: read_brought,
    Message.RESTORED: lambda reader: (reader.var_uint(), None),
    Message.VERSION_NAMED: lambda reader: (reader.var_uint(), reader.var_uint()),
    Message.HISTORY_REFUSED: partial(read_refusal, reasons=HistoryReason),
    Message.MEMBERS: read_members,
    Message.INVITED: read_invited,
    Message.DONE: lambda reader: (reader.var_uint(), None),
    Message.MEMBERS_REFUSED: partial(read_refusal, reasons=MembersReason),
    Message.AUDIT: read_audit,
    Message.ASKERS: read_askers,
    Message.SEALED: read_sealed,
    Message.SEAL_DONE: lambda reader: (reader.var_uint(), None),
    Message.SEAL_REFUSED: partial(read_refusal, reasons=SealedReason),
}

PATIENCE = 30.0
"""Seconds after which a test gives up waiting for something that should have come."""


async def until(condition: Callable[[], object]) -> None:
    """Waits for a state of the server that no message tells of."""
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - nobody could set an event for it
            await asyncio.sleep(0.002)


async def until_true(ask: Callable[[], Awaitable[object]]) -> None:
    """Waits for a state that has to be asked for, because nothing tells of it."""
    async with asyncio.timeout(PATIENCE):
        while not await ask():  # noqa: ASYNC110 - nobody could set an event for it
            await asyncio.sleep(0.01)


@dataclass(frozen=True)
class Closed:
    """How the server ended a connection."""

    code: int
    reason: str


class Client:
    """A client that speaks `cowrite.v1` and keeps a document in step with the room."""

    subprotocol: str | None = SUBPROTOCOL

    def __init__(
        self, doc: Doc[Any] | None = None, answers: bool = True, member: str | None = None, name: str | None = None
    ) -> None:
        self.doc: Doc[Any] = doc or Doc()
        self.answers = answers
        self.headers = {
            **({} if member is None else {"Cowrite-Member": member}),
            **({} if name is None else {"Cowrite-Name": quote(name)}),
        }
        self.body: Text = self.doc.get("body", type=Text)
        self.hello: Hello | None = None
        self.saved = 0
        self.sent = 0
        self.refused: list[Refused] = []
        self.steps: list[bytes] = []
        self.updates: list[bytes] = []
        self.present: dict[int, Presence] = {}
        self.blobs: dict[bytes, bytearray] = {}
        self.blobs_saved: set[bytes] = set()
        self.blobs_missing: set[bytes] = set()
        self.blobs_refused: list[BlobRefused] = []
        self.answers_by_request: dict[int, object] = {}
        self.roles: list[Role] = []
        self.members_changed = 0
        self.counts: dict[str, Count] = {}
        self.sealed_elsewhere = 0
        """How often it was told that it has sealed something else on another connection."""
        self.messages: list[int] = []
        self.closed: Closed | None = None
        self._requests = 0
        self._news = asyncio.Condition()
        self._socket: ClientConnection | None = None
        self._reading: asyncio.Task[None] | None = None
        self._observer = self.doc.observe(lambda event: self._edited(event.update))
        self._remote = False
        self._outgoing: list[bytes] = []

    async def open(
        self, url: str, room: str = "room", secret: str | None = None, epoch: str | None = None, **options: Any
    ) -> Self:
        """Connects; the first messages of both sides are on their way afterwards."""
        headers = self.headers if secret is None else {**self.headers, "Authorization": f"Bearer {secret}"}
        query = "" if epoch is None else f"?epoch={epoch}"
        self._socket = await connect(
            f"{url}/{room}{query}",
            additional_headers=headers,
            subprotocols=None if self.subprotocol is None else [Subprotocol(self.subprotocol)],
            compression=None,
            max_size=None,
            ping_interval=None,  # who does not read for long would take its own connection for dead
            **options,
        )
        self._reading = asyncio.create_task(self._read())
        if self.answers:
            # Whoever is not let in hears of it from `until_closed`.
            await self.send_anyhow(sync_message(Sync.STEP_1, self.doc.get_state()))
        return self

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        await self.leave()

    @property
    def socket(self) -> ClientConnection:
        """The WebSocket."""
        assert self._socket is not None
        return self._socket

    @property
    def text(self) -> str:
        """The text of the document."""
        return str(self.body)

    async def until(self, condition: Callable[[], object]) -> None:
        """Waits until a condition holds that only a message to this client can make true."""
        async with asyncio.timeout(PATIENCE), self._news:
            await self._news.wait_for(condition)

    async def until_closed(self) -> Closed:
        """Waits until the server has ended the connection."""
        await self.until(lambda: self.closed is not None)
        assert self.closed is not None
        return self.closed

    async def until_synced(self) -> None:
        """Waits until the first answer to this client's step 1 has come."""
        await self.until(lambda: self.steps)

    async def until_saved(self) -> None:
        """Waits until everything that this client sent is on the server's disk."""
        await self.until(lambda: self.saved >= self.sent)

    async def send(self, message: bytes | Sequence[bytes]) -> None:
        """Sends one message as it is; a sequence of bytes in so many frames."""
        await self.socket.send(message)

    @property
    def socket_is_gone(self) -> bool:
        """Whether there is no connection, or none any more."""
        return self._socket is None or self.closed is not None

    async def send_anyhow(self, message: bytes | Sequence[bytes]) -> None:
        """Sends one message, or nothing where the server has just ended the connection."""
        with suppress(ConnectionClosed):
            await self.send(message)

    async def send_update(self, update: bytes, kind: Sync = Sync.UPDATE) -> None:
        """Sends an update and counts it."""
        self.sent += 1
        await self.send(sync_message(kind, update))

    async def write(self, text: str) -> None:
        """Appends to the document and sends the update."""
        self.body.insert(len(self.text.encode()), text)
        await self.push()

    async def push(self) -> None:
        """Sends the updates of edits made in `doc`."""
        outgoing, self._outgoing = self._outgoing, []
        for update in outgoing:
            await self.send_update(update)

    async def show(self, state: dict[str, object] | None, clock: int = 1, client: int | None = None) -> None:
        """Sends an awareness state."""
        await self.send(awareness_message([Presence(client or self.doc.client_id, clock, state)]))

    async def upload(self, data: bytes, part: int = 256 * 1024, media_type: str = "image/png") -> bytes:
        """Sends a blob in parts; gives its hash."""
        digest = hashlib.sha256(data).digest()
        for offset in range(0, max(len(data), 1), part):
            piece = BlobPart(digest, media_type, len(data), offset, data[offset : offset + part])
            await self.send(blob_part_message(piece))
        return digest

    async def want(self, digest: bytes) -> None:
        """Asks for a blob."""
        await self.send(blob_message(Message.BLOB_GET, digest))

    async def moments(self) -> MomentList:
        """The room's moments."""
        found = await self.request(moments_get_message)
        assert isinstance(found, MomentList), found
        return found

    async def moment(self, seq: int) -> object:
        """The document as it was after an entry: an OpenedMoment, or the reason why not."""
        return await self.request(moment_get_message, seq)

    async def brought(self, *clients: int) -> tuple[Brought, ...]:
        """Which member has brought which units of some client ids."""
        found = await self.request(brought_get_message, clients)
        assert isinstance(found, tuple), found
        return found

    async def restore(self, seq: int) -> object:
        """Asks the server to restore the document; gives None or the reason why not."""
        return await self.request(restore_message, seq)

    async def name(self, name: str, seq: int = 0, before: str = "") -> object:
        """Asks the server to give a moment a name, that of now with 0; gives its last entry or the reason why not."""
        return await self.request(name_version_message, Naming(seq, before, name))

    async def request(self, message: Callable[..., bytes], *arguments: object) -> object:
        """Asks the server something; gives its answer: None where it was done, or the reason why not."""
        self._requests += 1
        request = self._requests
        await self.send(message(request, *arguments))
        await self.until(lambda: request in self.answers_by_request)
        return self.answers_by_request[request]

    async def leave(self) -> None:
        """Ends the connection in good order."""
        if self._socket is not None and self.closed is None:
            await self._socket.close()
        if self._reading is not None:
            await self._reading

    def cut(self) -> None:
        """Ends the connection as a power failure would."""
        self.socket.transport.abort()

    def _edited(self, update: bytes) -> None:
        if not self._remote:
            self._outgoing.append(update)

    def apply(self, update: bytes) -> None:
        """Adds an update from elsewhere."""
        self._remote = True
        try:
            self.doc.apply_update(update)
        finally:
            self._remote = False

    async def _read(self) -> None:
        try:
            async for message in self.socket:
                assert isinstance(message, bytes)
                await self._take(message)
                async with self._news:
                    self._news.notify_all()
        except ConnectionClosed:
            pass
        async with self._news:
            self.closed = Closed(self.socket.close_code or 0, self.socket.close_reason or "")
            self._news.notify_all()

    async def _take(self, message: bytes) -> None:
        reader = Reader(message)
        kind = reader.var_uint()
        self.messages.append(kind)
        if kind == Message.SYNC:
            await self._take_sync(reader)
        elif kind == Message.AWARENESS:
            self.present.update({entry.client: entry for entry in read_awareness(reader)})
        elif kind == Message.HELLO:
            self.hello = read_hello(reader)
        elif kind == Message.SAVED:
            self.saved = reader.var_uint()
        elif kind == Message.REFUSED:
            self.refused.append(read_refused(reader))
        elif kind == Message.BLOB_PART:
            part = read_blob_part(reader)
            self.blobs.setdefault(part.hash, bytearray()).extend(part.data)
        elif kind == Message.BLOB_SAVED:
            self.blobs_saved.add(reader.bytes(32))
        elif kind == Message.BLOB_MISSING:
            self.blobs_missing.add(reader.bytes(32))
        elif kind in ANSWERS:
            request, answer = ANSWERS[Message(kind)](reader)
            self.answers_by_request[request] = answer
        elif kind == Message.ROLE:
            self.roles.append(read_role(reader))
        elif kind == Message.SEALED_COUNTS:
            self.counts.update(read_sealed_counts(reader))
        elif kind == Message.SEALED_CHANGED:
            self.sealed_elsewhere += 1
        elif kind == Message.MEMBERS_CHANGED:
            self.members_changed += 1
        elif kind == Message.BLOB_REFUSED:
            self.blobs_refused.append(read_blob_refused(reader))
        else:
            raise AssertionError(f"unexpected message {kind}")

    async def _take_sync(self, reader: Reader) -> None:
        kind, data = reader.var_uint(), reader.var_bytes()
        if kind == Sync.STEP_1:
            if self.answers:
                await self.send_update(self.doc.get_update(data), Sync.STEP_2)
            return
        self.apply(data)
        (self.steps if kind == Sync.STEP_2 else self.updates).append(data)


class StockClient(Client):
    """A client that asks for no subprotocol, like every Yjs provider."""

    subprotocol = None
