"""Puts the parts of uploaded blobs together. Without I/O.

A client may send several blobs at a time; the parts of each come in their order. What one connection has under way is
never larger than one blob may be; what all of them have together, `Unfinished` bounds.
"""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from dataclasses import dataclass, field

from cowrite_server.wire.blobs import BlobPart
from cowrite_server.wire.encoding import MalformedMessage
from cowrite_server.wire.protocol import Limits, Reason

_MEDIA_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]{1,63}/[A-Za-z0-9!#$&^_.+-]{1,63}")
_REMEMBERED = 64
_LEAST = 4096  # bytes for which a blob counts that is smaller, as many such ones take more than what is in them


class UploadRefused(Exception):
    """A blob is not accepted; the parts that came are dropped, and those that still come are passed over."""

    def __init__(self, reason: Reason, limit: str | None = None) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.limit = limit


@dataclass(slots=True)
class _Upload:
    total: int
    data: bytearray = field(default_factory=bytearray)


class Uploads:
    """The blobs that one connection is sending."""

    __slots__ = ("_limits", "_refused", "_under_way", "size")

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._under_way: dict[bytes, _Upload] = {}
        self._refused: OrderedDict[bytes, None] = OrderedDict()
        self.size = 0
        """Bytes that have come of blobs of which more is expected."""

    def is_under_way(self, digest: bytes) -> bool:
        """Whether more of a blob is expected."""
        return digest in self._under_way

    def take(self, part: BlobPart) -> bytes | None:
        """Adds a part.

        Returns:
            The whole blob with its last part, None before.

        Raises:
            UploadRefused: the blob is not accepted, for the first time.
            MalformedMessage: the part is larger than a part may be, or names no media type.
        """
        if len(part.data) > self._limits.blob_part_bytes:
            raise MalformedMessage("a part of a blob is larger than the server accepts")
        if not _MEDIA_TYPE.fullmatch(part.media_type):
            raise MalformedMessage("a blob has no media type")
        if part.offset == 0:
            self._begin(part)
        elif part.hash in self._refused:
            return None
        upload = self._under_way.get(part.hash)
        if upload is None or part.offset != len(upload.data) or part.total != upload.total:
            raise self.refuse(part.hash, Reason.MALFORMED)
        if len(upload.data) + len(part.data) > upload.total:
            raise self.refuse(part.hash, Reason.MALFORMED)
        upload.data += part.data
        self.size += len(part.data)
        if len(upload.data) < upload.total:
            return None
        self._drop(part.hash)
        if hashlib.sha256(upload.data).digest() != part.hash:
            raise self.refuse(part.hash, Reason.MALFORMED)
        return bytes(upload.data)

    def refuse(self, digest: bytes, reason: Reason, limit: str | None = None) -> UploadRefused:
        """Drops a blob; gives the error to raise."""
        self._drop(digest)
        self._refused[digest] = None
        if len(self._refused) > _REMEMBERED:
            self._refused.popitem(last=False)
        return UploadRefused(reason, limit)

    def _begin(self, part: BlobPart) -> None:
        self._refused.pop(part.hash, None)
        self._drop(part.hash)
        size = part.total + sum(max(upload.total, _LEAST) for upload in self._under_way.values())
        if size > self._limits.blob_bytes:
            raise self.refuse(part.hash, Reason.TOO_LARGE, "blob_bytes")
        self._under_way[part.hash] = _Upload(part.total)

    def _drop(self, digest: bytes) -> None:
        if (upload := self._under_way.pop(digest, None)) is not None:
            self.size -= len(upload.data)
