"""What a document file hands out, and how it is read from a connection: to the one writer and to readers alike.

The functions run on their connection's thread and raise sqlite3.Error.
"""

from __future__ import annotations

import logging
import sqlite3
from pathlib import Path
from typing import NamedTuple

from cowrite.storage.document import loss
from cowrite.storage.document.database import property_value, stored_state
from cowrite.storage.layout import BlobRow, Property, blob_digest, blob_name, sound_row

_log = logging.getLogger(__name__)


class Loaded(NamedTuple):
    """The content of a document file.

    Attributes:
        state: updates which, applied in this order or merged by pycrdt, give the document; a snapshot comes first.
        missing: what a damage took, in words that follow "missing is:", an item each; empty when nothing is known to
            be missing.
        damaged_original: where the damaged file was kept, when this one was repaired.
        behind: where the file was copied while the document was open, or has lost the log beside it: what may not be in
            it for that reason, as a sentence without its full stop.
    """

    state: tuple[bytes, ...]
    missing: tuple[str, ...] = ()
    damaged_original: Path | None = None
    behind: str = ""


class BlobEntry(NamedTuple):
    """A binary object, such as an image, without its data.

    Attributes:
        name: how the document refers to it: `sha256:` and hex.
        media_type: such as `image/png`.
        size: bytes of data.
    """

    name: str
    media_type: str
    size: int


class StoredBlob(NamedTuple):
    """A binary object, such as an image.

    Attributes:
        name: how the document refers to it: `sha256:` and hex.
        media_type: such as `image/png`.
        data: its bytes.
    """

    name: str
    media_type: str
    data: bytes


def loaded_from(connection: sqlite3.Connection, path: Path) -> Loaded:
    """The state of the document at `path` and what is missing from it."""
    state, unsound = stored_state(connection)
    noted = property_value(connection, Property.MISSING) or {"sentences": [], "original": None}
    missing, since = tuple(noted["sentences"]), noted.get("since")
    if unsound:
        # Sound when it was opened and not now: the disk changed under us.
        missing = (*missing, f"{unsound:,} edits that became unreadable while it was open; close it and open it again")
    original = path.with_name(noted["original"]) if noted["original"] else None
    return Loaded(state, missing, original, loss.behind(since) if since else "")


def blob_from(connection: sqlite3.Connection, name: str) -> StoredBlob | None:
    """The blob of this name, or None where there is no sound one."""
    found = connection.execute("SELECT * FROM blobs WHERE hash = ?", (blob_digest(name),)).fetchone()
    row = sound_row("blobs", found) if found else None
    if found and row is None:
        _log.warning("a blob is damaged: %s", name)
    return StoredBlob(name, row.media_type, row.data) if isinstance(row, BlobRow) else None


def blobs_from(connection: sqlite3.Connection) -> tuple[BlobEntry, ...]:
    """All blobs, oldest first."""
    rows = connection.execute("SELECT hash, media_type, length(data) FROM blobs ORDER BY time, hash")
    return tuple(BlobEntry(blob_name(digest), media_type, size) for digest, media_type, size in rows)
