"""What both ends of the wire agree on about blobs (images): the messages, and their encoding.

This module has no I/O and imports nothing but the standard library and the other messages.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from cowrite_server.wire.encoding import MalformedMessage, Reader, var_bytes, var_string, var_uint
from cowrite_server.wire.json_messages import expecting, json_object
from cowrite_server.wire.protocol import Message, Reason


@dataclass(frozen=True, slots=True)
class BlobPart:
    """A piece of a blob.

    Attributes:
        hash: SHA-256 of the whole blob, 32 bytes.
        media_type: such as `image/png`.
        total: size of the whole blob in bytes.
        offset: where this piece starts, in bytes.
        data: the piece.
    """

    hash: bytes
    media_type: str
    total: int
    offset: int
    data: bytes


def blob_part_message(part: BlobPart) -> bytes:
    """A BLOB_PART message."""
    head = var_uint(Message.BLOB_PART) + part.hash + var_string(part.media_type)
    return head + var_uint(part.total) + var_uint(part.offset) + var_bytes(part.data)


def read_blob_part(reader: Reader) -> BlobPart:
    """The content of a BLOB_PART message whose type has been read.

    Raises:
        MalformedMessage: it is no part of a blob, or lies outside of it.
    """
    part = BlobPart(reader.bytes(32), reader.var_string(), reader.var_uint(), reader.var_uint(), reader.var_bytes())
    if part.offset + len(part.data) > part.total:
        raise MalformedMessage("a part lies outside of its blob")
    return part


@dataclass(frozen=True, slots=True)
class BlobRefused:
    """A blob was not accepted.

    Attributes:
        hash: SHA-256 of the blob, 32 bytes.
        reason: why; MALFORMED where a part is missing or the content has another hash.
        limit: name of the limit in `Limits` that it passed, if it was a limit.
    """

    hash: bytes
    reason: Reason
    limit: str | None = None


def blob_refused_message(refused: BlobRefused) -> bytes:
    """A BLOB_REFUSED message."""
    content = {"reason": refused.reason.value, "limit": refused.limit}
    return var_uint(Message.BLOB_REFUSED) + refused.hash + var_string(json.dumps(content))


def read_blob_refused(reader: Reader) -> BlobRefused:
    """The content of a BLOB_REFUSED message whose type has been read.

    Raises:
        MalformedMessage: it is no refusal of a blob.
    """
    digest = reader.bytes(32)
    content = json_object(reader)
    with expecting("a refusal of a blob"):
        return BlobRefused(digest, Reason.told(str(content["reason"])), content.get("limit"))


def blob_message(kind: Message, digest: bytes) -> bytes:
    """A BLOB_SAVED, BLOB_GET or BLOB_MISSING message.

    Args:
        kind: which of the three.
        digest: SHA-256 of the blob, 32 bytes.
    """
    return var_uint(kind) + digest
