"""How a `.cowrite` file is laid out: an SQLite 3 database with four tables, a checksum in every row.

A file is one of ours when bytes 68 to 71 of its header (SQLite's application_id) are "cowr"; user_version is the
version of this layout. The page size is fixed, and every row can be recognised on its own by its shape and checksum,
so that rows can be told from any page that survives (`storage.document.carving`).

Runs on any thread: it holds no state.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import PurePath
from typing import Any, NamedTuple

APPLICATION_ID = int.from_bytes(b"cowr", "big")
VERSION = 1
PAGE_SIZE = 4096  # bytes
CHECKSUM_SIZE = 16  # bytes
SUFFIX = ".cowrite"

_BLOB_NAME = re.compile(r"sha256:[0-9a-f]{64}")

Value = Any
"""What a property holds: bytes, or a JSON value (None, bool, int, float, str, list, dict)."""

SCHEMA = {
    "updates": "CREATE TABLE updates(seq INTEGER PRIMARY KEY, time INTEGER, data BLOB, checksum BLOB)",
    "snapshots": "CREATE TABLE snapshots(seq INTEGER PRIMARY KEY, time INTEGER, data BLOB, checksum BLOB)",
    "blobs": "CREATE TABLE blobs(hash BLOB PRIMARY KEY, media_type TEXT, time INTEGER, data BLOB, checksum BLOB)",
    "properties": "CREATE TABLE properties(name TEXT PRIMARY KEY, revision INTEGER, value, checksum BLOB)",
}
"""Table to its SQL. `updates.seq` counts from 1 without gaps; `snapshots.seq` is the last update that the state holds;
times are milliseconds since 1970; `blobs.hash` is the SHA-256 of `data`; a property's value is JSON as TEXT, or bytes
as BLOB, or NULL once it is taken away, and the row with the highest revision counts."""


class Property(StrEnum):
    """Properties that every reader of the file understands; others may be added freely."""

    DOCUMENT_ID = "document_id"
    """Identity of the document: two files that have it in common are the same document."""
    TITLE = "title"
    EPOCH = "epoch"
    """The server's epoch that the file has met."""
    LINK = "link"
    """The room that the document is shared in."""
    ACKNOWLEDGED = "acknowledged"
    """Bytes: the state vector of what the server has on disk."""
    UNSENT = "unsent_comment"
    """JSON: a comment that was begun and neither made nor given up, as `app.comments.unsent` has it; nobody else's."""
    SEEN_MENTIONS = "seen_mentions"
    """JSON: ids of comments and replies that mention the person who has this file, and that they have seen."""
    UNSEEN_SINCE = "unseen_since"
    """Milliseconds since 1970: when the person left who has this file, where others have changed the text since; nobody
    else's."""
    CALLED = "called"
    """JSON: what the server called this person the last time, by the name that they had then, as {name: called}."""
    TEXT = "text"
    """Plain text for the library's search."""
    CREATED = "created"
    """Milliseconds since 1970."""
    MODIFIED = "modified"
    """Milliseconds since 1970 of the newest append; written with it."""
    LAST_UPDATE = "last_update"
    """seq of the newest append; written with it. Kept by the file itself: it tells how many edits a damage took."""
    IMAGES = "images"
    """JSON: blob name to [media type, bytes, time] of every blob. Kept by the file itself, for the same reason."""
    NAMES = "names"
    """JSON: the names of all properties that were ever set. Kept by the file itself, for the same reason."""
    CLEARED = "cleared"
    """JSON: seq of the newest snapshot, if nothing was in the file then of what was deleted, and whether what is only
    marked as removed was gone as well; see `clearing`. Kept by the file itself."""
    WRITING = "writing"
    """Milliseconds since 1970: the file was written since and is not closed, so a write-ahead log belongs to it.
    Kept by the file itself."""
    MISSING = "missing"
    """JSON, see `database.put_missing`: what is not in it any more. Kept by the file until somebody has read it."""


KEPT_BY_THE_FILE = frozenset(
    {
        *(Property.CREATED, Property.MODIFIED, Property.LAST_UPDATE, Property.IMAGES),
        *(Property.NAMES, Property.CLEARED, Property.WRITING, Property.MISSING),
    }
)
"""Properties that only the file writes."""


class LogRow(NamedTuple):
    """An update or a snapshot.

    Attributes:
        kind: "updates" or "snapshots".
        seq: number of the update, or of the last update in the snapshot.
        time: milliseconds since 1970.
    """

    kind: str
    seq: int
    time: int
    data: bytes

    def values(self) -> tuple[object, ...]:
        """The row as it is stored, checksum included."""
        return self.seq, self.time, self.data, checksum(self.kind, self.seq, self.time, self.data)


class BlobRow(NamedTuple):
    """A binary object, such as an image.

    Attributes:
        hash: SHA-256 of `data`, 32 bytes.
        media_type: such as `image/png`.
        time: milliseconds since 1970.
    """

    hash: bytes
    media_type: str
    time: int
    data: bytes

    def values(self) -> tuple[object, ...]:
        """The row as it is stored, checksum included. The hash covers the data, so the checksum need not."""
        return (
            *(self.hash, self.media_type, self.time, self.data),
            checksum("blobs", self.hash, self.media_type, self.time),
        )


class PropertyRow(NamedTuple):
    """A property.

    Attributes:
        revision: counts the property's changes from 1.
        value: JSON as str, bytes, or None once taken away.
    """

    name: str
    revision: int
    value: str | bytes | None

    def values(self) -> tuple[object, ...]:
        """The row as it is stored, checksum included."""
        return self.name, self.revision, self.value, checksum("properties", self.name, self.revision, self.value)


Row = LogRow | BlobRow | PropertyRow


def checksum(*parts: str | bytes | int | None) -> bytes:
    """CHECKSUM_SIZE bytes that depend on every part, its type and its place."""
    # The version is part of it: rows of another layout are never taken for ours.
    digest = hashlib.blake2b(digest_size=CHECKSUM_SIZE, person=b"cowrite-%d" % VERSION)
    for part in parts:
        match part:
            case bytes():
                kind, data = b"b", part
            case str():
                kind, data = b"s", part.encode("utf-8", "surrogatepass")
            case _:
                kind, data = b"v", str(part).encode()
        digest.update(b"%s%d:" % (kind, len(data)))
        digest.update(data)
    return digest.digest()


def sound_row(table: str, values: Sequence[object]) -> Row | None:
    """The row with these stored values, or None where they are not what was once written."""
    row: Row
    match table, values:
        case (("updates" | "snapshots"), (int(seq), int(time), bytes(data), bytes(mark))):
            row = LogRow(table, seq, time, data)
        case "blobs", (bytes(digest), str(media_type), int(time), bytes(data), bytes(mark)):
            if hashlib.sha256(data).digest() != digest:
                return None
            row = BlobRow(digest, media_type, time, data)
        case "properties", (str(name), int(revision), str() | bytes() | None as value, bytes(mark)):
            row = PropertyRow(name, revision, value)
        case _:
            return None
    return row if row.values()[-1] == mark else None


def encoded(value: Value) -> str | bytes:
    """A property's value as it is stored.

    Raises:
        TypeError: it is neither bytes nor a JSON value.
    """
    if isinstance(value, bytes | bytearray):
        return bytes(value)
    escaped = json.dumps(value)  # of a long text this takes a fifth of the other, and no other thread has its turn
    if "\\u" not in escaped:
        return escaped
    text = json.dumps(value, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:  # half of a surrogate pair is JSON when escaped, but no UTF-8
        return escaped
    return text


def decoded(stored: str | bytes) -> Value:
    """The value of a property from what is stored; None for what is no JSON that can be read."""
    try:
        return stored if isinstance(stored, bytes) else json.loads(stored)
    except (ValueError, RecursionError):
        return None


def value_of(row: PropertyRow | None) -> Value:
    """The value of a property as it is stored; None where it has none, or one that cannot be meant: whoever has made
    the file can have written anything there."""
    if row is None or row.value is None:
        return None
    value, fits = decoded(row.value), _FITTING.get(row.name)
    return value if fits is None or fits(value) else None


def _is_whole(value: Value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63


def _are_texts(value: Value) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _is_identity(value: Value) -> bool:
    return isinstance(value, str) and value.isprintable() and 0 < len(value) <= _LONGEST_IDENTITY


def _are_images(value: Value) -> bool:
    return isinstance(value, dict) and all(
        isinstance(facts, list) and [type(fact) for fact in facts] == [str, int, int] for facts in value.values()
    )


def _is_missing(value: Value) -> bool:
    if not isinstance(value, dict) or not _are_texts(value.get("sentences")):
        return False
    original, since = value.get("original"), value.get("since")
    has_name = original is None or (isinstance(original, str) and PurePath(original).name == original)
    return has_name and (since is None or _is_whole(since))


_LONGEST_IDENTITY = 200  # characters
_FITTING: dict[str, Callable[[Value], bool]] = {
    Property.DOCUMENT_ID: _is_identity,
    Property.CREATED: _is_whole,
    Property.MODIFIED: _is_whole,
    Property.LAST_UPDATE: _is_whole,
    Property.WRITING: _is_whole,
    Property.IMAGES: _are_images,
    Property.NAMES: _are_texts,
    Property.MISSING: _is_missing,
}
"""Whether a value can be that of a property on which the file itself relies."""


def blob_name(digest: bytes) -> str:
    """How the document names a blob: `sha256:` and hex."""
    return f"sha256:{digest.hex()}"


def blob_digest(name: str) -> bytes:
    """SHA-256 from a blob's name; empty bytes, which no blob has, where the name is none."""
    return bytes.fromhex(name.removeprefix("sha256:")) if _BLOB_NAME.fullmatch(name) else b""
