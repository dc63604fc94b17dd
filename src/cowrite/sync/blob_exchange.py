"""Sends and fetches blobs (pictures) in parts, over the connection that carries the document.

Sans-I/O: takes messages and the time in seconds, gives messages and events. A blob is named by its SHA-256. Parts are
small and only a few are handed out before the transport has taken them, so that typed text never queues behind a
picture. The wire knows no "from there on": what a lost connection cut off is sent or asked for again.

Runs on the document's thread.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

from cowrite.errors import CowriteError
from cowrite.sync.blob import Blob
from cowrite_server.wire.blobs import BlobPart, BlobRefused, blob_message, blob_part_message
from cowrite_server.wire.protocol import Limits, Message, Reason

PART = 32 * 1024  # bytes of one part sent: a tenth of a second on an uplink of 2.5 Mbit/s
PARTS_OUTSTANDING = 4  # parts handed out before the transport reports that it has taken them
UPLOADS_UNCONFIRMED = 4  # blobs sent whole for which the server's confirmation is awaited
FETCHES_AT_A_TIME = 2  # blobs asked for and not whole yet
FIRST_RETRY = 1.0  # seconds until a missing blob is asked for again; doubles each time: its owner may still upload it
LAST_RETRY = 60.0  # seconds
PATIENCE = 30.0  # seconds without a part after which a blob is asked for again


@dataclass(frozen=True, slots=True)
class BlobArrived:
    """A wanted blob is here and has been verified. To be done: store it."""

    digest: bytes
    blob: Blob


@dataclass(frozen=True, slots=True)
class BlobSaved:
    """An offered blob is on the server's disk. To be done: remember it, and offer it no more."""

    digest: bytes


@dataclass(frozen=True, slots=True)
class BlobRejected:
    """An offered blob was not accepted; it counts as waiting, and is tried again with the next connection.

    Attributes:
        digest: its name.
        reason: why.
        limit: name of the limit in `protocol.Limits` that was passed, if it was one.
    """

    digest: bytes
    reason: Reason
    limit: str | None


BlobEvent = BlobArrived | BlobSaved | BlobRejected


@dataclass(slots=True)
class _Upload:
    blob: Blob | None = None  # read when its first part is sent, dropped after the last
    offset: int = 0
    complete: bool = False
    unreadable: bool = False  # here, for the moment
    rejected: BlobRejected | None = None


@dataclass(slots=True)
class _Fetch:
    asked: bool = False
    due: float = 0.0  # when to ask, or to ask again
    retry: float = FIRST_RETRY
    received: bytearray = field(default_factory=bytearray)
    hash: hashlib._Hash = field(default_factory=hashlib.sha256)  # fed part by part: hashing megabytes at once is felt


class BlobExchange:
    """What blobs the server lacks and what blobs are lacking here, and the messages that mend both."""

    def __init__(self, read: Callable[[bytes], Blob | None]) -> None:
        """Starts unconnected.

        Args:
            read: gives a stored blob by its digest, or None where it is gone. Called once for each sending of a blob.
                Where it raises a CowriteError, the blob counts as waiting, and is tried with the next connection.
        """
        self._read = read
        self._limits = Limits()
        self._online = False
        self._may_upload = False
        self._credit = PARTS_OUTSTANDING
        self._uploads: dict[bytes, _Upload] = {}
        self._fetches: dict[bytes, _Fetch] = {}
        self._events: list[BlobEvent] = []

    @property
    def waiting(self) -> int:
        """Number of offered blobs of which the server has not said that they are on its disk."""
        return len(self._uploads)

    @property
    def rejection(self) -> BlobRejected | None:
        """Why the server does not take one of the offered blobs; None where it takes them all."""
        return next((upload.rejected for upload in self._uploads.values() if upload.rejected), None)

    @property
    def rejected(self) -> frozenset[bytes]:
        """Those of the offered blobs that the server does not take."""
        return frozenset(digest for digest, upload in self._uploads.items() if upload.rejected)

    def offer(self, digest: bytes) -> None:
        """Has a blob sent that the server may lack; offering it again changes nothing."""
        self._uploads.setdefault(digest, _Upload())

    def withdraw(self, digest: bytes) -> None:
        """Has a blob sent no more, until it is offered again."""
        self._uploads.pop(digest, None)

    def want(self, digest: bytes) -> None:
        """Has a blob fetched that the document names and that is not stored here."""
        self._fetches.setdefault(digest, _Fetch())

    def connected(self, limits: Limits, may_upload: bool) -> None:
        """A server that keeps blobs has greeted this client."""
        self._limits = limits
        self._online = True
        self._may_upload = may_upload
        self._credit = PARTS_OUTSTANDING

    def disconnected(self) -> None:
        """The connection ended: what was under way begins again with the next one."""
        self._online = False
        self._uploads = {digest: _Upload() for digest in self._uploads}
        self._fetches = {digest: _Fetch() for digest in self._fetches}

    def drained(self) -> None:
        """The transport has handed everything over to the network: more parts may follow."""
        self._credit = PARTS_OUTSTANDING

    def messages_to_send(self, now: float) -> list[bytes]:
        """Requests that are due, and as many parts as may be outstanding."""
        if not self._online:
            return []
        messages = self._requests(now)
        if self._may_upload:
            messages += self._parts()
        return messages

    def part_received(self, part: BlobPart, now: float) -> None:
        """Takes in a part of a wanted blob. Parts that nobody asked for, or that are here already, have no effect."""
        fetch = self._fetches.get(part.hash)
        if fetch is None or not fetch.asked or part.offset < len(fetch.received):
            return
        if part.offset > len(fetch.received) or part.total > self._limits.blob_bytes:
            self._put_off(fetch, now)
            return
        fetch.received += part.data
        fetch.hash.update(part.data)
        fetch.due = now + PATIENCE
        if len(fetch.received) < part.total:
            return
        if fetch.hash.digest() == part.hash:
            del self._fetches[part.hash]
            self._events.append(BlobArrived(part.hash, Blob(part.media_type, bytes(fetch.received))))
        else:
            self._put_off(fetch, now)

    def missing(self, digest: bytes, now: float) -> None:
        """The server does not have a wanted blob."""
        fetch = self._fetches.get(digest)
        if fetch is not None and fetch.asked:
            self._put_off(fetch, now)

    def saved(self, digest: bytes) -> None:
        """The server has a blob on its disk, wherever it has it from."""
        if self._uploads.pop(digest, None) is not None:
            self._events.append(BlobSaved(digest))

    def refused(self, refused: BlobRefused) -> None:
        """The server does not accept a blob."""
        if refused.hash in self._uploads:
            self._reject(refused.hash, refused.reason, refused.limit)

    def take_events(self) -> list[BlobEvent]:
        """What happened since the last call."""
        events, self._events = self._events, []
        return events

    def next_tick(self) -> float | None:
        """The time at which `messages_to_send` is to be called again, if nothing happens before."""
        if not self._online:
            return None
        # With all places taken, only a fetch under way can fall due.
        full = self._asked() >= FETCHES_AT_A_TIME
        return min((fetch.due for fetch in self._fetches.values() if fetch.asked or not full), default=None)

    def _asked(self) -> int:
        return sum(fetch.asked for fetch in self._fetches.values())

    def _requests(self, now: float) -> list[bytes]:
        for fetch in self._fetches.values():
            if fetch.asked and now >= fetch.due:
                self._put_off(fetch, now)
        messages = []
        free = FETCHES_AT_A_TIME - self._asked()
        for digest, fetch in self._fetches.items():
            if free > 0 and not fetch.asked and now >= fetch.due:
                fetch.asked, fetch.due = True, now + PATIENCE
                free -= 1
                messages.append(blob_message(Message.BLOB_GET, digest))
        return messages

    def _put_off(self, fetch: _Fetch, now: float) -> None:
        fetch.asked, fetch.due = False, now + fetch.retry
        fetch.retry = min(2 * fetch.retry, LAST_RETRY)
        fetch.received.clear()
        fetch.hash = hashlib.sha256()

    def _parts(self) -> list[bytes]:
        messages: list[bytes] = []
        while self._credit > 0 and (digest := self._next_upload()) is not None:
            part = self._next_part(digest, self._uploads[digest])
            if part is not None:
                self._credit -= 1
                messages.append(blob_part_message(part))
        return messages

    def _next_upload(self) -> bytes | None:
        """The blob to send from: the first that is not complete, unless too many await their confirmation."""
        uploads = {
            digest: upload for digest, upload in self._uploads.items() if not (upload.rejected or upload.unreadable)
        }
        if sum(upload.complete for upload in uploads.values()) >= UPLOADS_UNCONFIRMED:
            return None
        return next((digest for digest, upload in uploads.items() if not upload.complete), None)

    def _next_part(self, digest: bytes, upload: _Upload) -> BlobPart | None:
        try:
            blob = upload.blob = upload.blob or self._read(digest)
        except CowriteError:
            upload.unreadable = True
            return None
        if blob is None:  # deleted here in the meantime: there is nothing to send
            del self._uploads[digest]
            return None
        if len(blob.data) > self._limits.blob_bytes:
            self._reject(digest, Reason.TOO_LARGE, "blob_bytes")
            return None
        end = upload.offset + min(PART, self._limits.blob_part_bytes)
        part = BlobPart(digest, blob.media_type, len(blob.data), upload.offset, blob.data[upload.offset : end])
        upload.offset = end
        if end >= len(blob.data):
            upload.complete, upload.blob = True, None
        return part

    def _reject(self, digest: bytes, reason: Reason, limit: str | None) -> None:
        rejected = BlobRejected(digest, reason, limit)
        self._uploads[digest].rejected = rejected
        self._uploads[digest].blob = None
        self._events.append(rejected)
