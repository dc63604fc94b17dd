"""One client's images: their parts as they come in, and those that it asks for.

Runs on the server's event loop. An image is written with the updates, in groups; it is read and sent beside everything
else that the client does, one after the other.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial

from cowrite_server.connections.uploads import UploadRefused, Uploads
from cowrite_server.errors import StoreFailed
from cowrite_server.rooms.burden import part_of
from cowrite_server.rooms.client import Admitted
from cowrite_server.services import Services
from cowrite_server.sockets.framing import frame
from cowrite_server.sockets.websocket import Socket
from cowrite_server.store.records import NO_SPACE, ROOM_GONE, Blob, RoomRecord
from cowrite_server.wire.blobs import (
    BlobPart,
    BlobRefused,
    blob_message,
    blob_part_message,
    blob_refused_message,
)
from cowrite_server.wire.protocol import Close, Message, Reason

_WANTED_AT_MOST = 64
"""Blobs that a client may ask for ahead; beyond that it is read on only as they are sent."""


class BlobRequests:
    """The blobs that one client sends, and those that it wants."""

    def __init__(
        self,
        client: Admitted,
        socket: Socket,
        room: RoomRecord,
        services: Services,
        logged: Callable[[], None],
    ) -> None:
        """None yet.

        Args:
            client: what it may do.
            socket: its WebSocket.
            room: its room.
            services: what the server does for it.
            logged: called when one was put into the log, which may be full then.
        """
        self._client = client
        self._socket = socket
        self._room = room
        self._log = services.log
        self._store = services.store
        self._limits = services.limits
        self._refusals = services.figures.refusals
        self._unfinished = services.unfinished_blobs
        self._on_their_way = services.blobs_on_their_way
        self._logged = logged
        self._uploads = Uploads(services.limits)
        self._wanted: deque[bytes] = deque()
        self._sending: asyncio.Task[None] | None = None

    def take(self, part: BlobPart) -> None:
        """Takes a part of a blob; with the last one the blob is logged, and the client hears when it is on disk."""
        try:
            data = self._put_together(part)
        except UploadRefused as error:
            self._refuse(BlobRefused(part.hash, error.reason, error.limit))
            data = None
        if data is not None:
            share = part_of(self._client.role)
            blob = Blob(self._room.id, part.hash, part.media_type, data, share, self._room.name)
            self._log.append([blob], partial(self._committed, part.hash))
            self._logged()
        self._unfinished.note(self, self._uploads.size)

    def send(self, digest: bytes) -> None:
        """Sends a blob when those are sent that the client has wanted before."""
        self._wanted.append(digest)
        if len(self._wanted) > _WANTED_AT_MOST:
            self._socket.hold("blobs")
        if self._sending is None:
            self._sending = asyncio.get_running_loop().create_task(self._send_all(), name="blobs to a client")

    def cut(self) -> None:
        """Cuts the connection for the sake of others: see `Unfinished`."""
        self._refusals["unfinished_blobs"] += 1
        self._socket.abort()

    def close(self) -> None:
        """The client is gone."""
        self._uploads = Uploads(self._limits)
        self._unfinished.note(self, 0)
        if self._sending is not None:
            self._sending.cancel()

    def _put_together(self, part: BlobPart) -> bytes | None:
        """The whole blob with its last part; see `Uploads.take`."""
        if self._client.role.may_comment:  # a suggestion may hold an image, and so may a note that lies sealed
            return self._uploads.take(part)
        if part.offset == 0 or self._uploads.is_under_way(part.hash):
            raise self._uploads.refuse(part.hash, self._client.role.refusal)
        return None

    def _committed(self, digest: bytes, numbers: Sequence[int]) -> None:
        if ROOM_GONE in numbers:
            return  # the client is about to be closed, see `Attendance`
        if NO_SPACE in numbers:
            self._refuse(BlobRefused(digest, Reason.TOO_LARGE, "room_blob_bytes"))
        else:
            self._socket.send(frame(blob_message(Message.BLOB_SAVED, digest)))

    def _refuse(self, refused: BlobRefused) -> None:
        self._refusals[refused.limit or refused.reason] += 1
        self._socket.send(frame(blob_refused_message(refused)))

    async def _send_all(self) -> None:
        try:
            while self._wanted:
                await self._send_one(self._wanted.popleft())
                if len(self._wanted) <= _WANTED_AT_MOST:
                    self._socket.resume("blobs")
        except StoreFailed:
            self._socket.close(Close.STORE_FAILED)
        finally:
            self._sending = None

    async def _send_one(self, digest: bytes) -> None:
        blob = await self._read(digest)
        if blob is None:
            self._socket.send(frame(blob_message(Message.BLOB_MISSING, digest)))
            return
        total, size = len(blob.data), self._limits.blob_part_bytes
        with self._socket.keeping(blob.data):
            for offset in range(0, max(total, 1), size):
                await self._socket.writable()
                part = BlobPart(digest, blob.media_type, total, offset, blob.data[offset : offset + size])
                self._socket.reply(frame(blob_part_message(part)))

    async def _read(self, digest: bytes) -> Blob | None:
        key = self._room.id, digest
        blob = self._on_their_way.get(key) or await self._store.read_blob(*key)
        return None if blob is None else self._on_their_way.setdefault(key, blob)
