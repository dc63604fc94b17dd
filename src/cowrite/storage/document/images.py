"""The images of a document file: which of them its updates name, and taking out those that nothing needs.

Functions over a connection, on whatever thread owns it; they raise sqlite3.Error.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Sequence, Set

from cowrite.storage.document.content import StoredBlob
from cowrite.storage.document.database import insert, property_value, put_property
from cowrite.storage.layout import BlobRow, Property, blob_digest, encoded

_NAME = re.compile(rb"sha256:[0-9a-f]{64}")


def images_named(content: bytes) -> set[str]:
    """The names ("sha256:…") of the images to which an update, or something else that was written, refers."""
    return {name.decode() for name in _NAME.findall(content)}


def keep_images(connection: sqlite3.Connection, named: Set[str], images: Sequence[StoredBlob], now: int) -> bool:
    """Leaves in a file the images that it names, and puts in those that it lacks; says whether any went."""
    there = {digest for (digest,) in connection.execute("SELECT hash FROM blobs")}
    wanted = {blob_digest(name) for name in named}
    _delete(connection, there - wanted)
    known = _known(connection)
    kept = {name: facts for name, facts in known.items() if name in named}
    for image in images:
        digest = blob_digest(image.name)
        if digest in wanted - there:
            insert(connection, BlobRow(digest, image.media_type, now, image.data))
            kept[image.name] = [image.media_type, len(image.data), now]
    if kept != known:
        put_property(connection, Property.IMAGES, encoded(kept))
    return bool(there - wanted)


def drop_images(connection: sqlite3.Connection, names: Set[str]) -> bool:
    """Takes images out of a file that nothing in its log names, within a transaction; says whether any went.

    Args:
        names: of those that may go.
    """
    named: set[str] = set()
    for table in ("snapshots", "updates"):
        for (data,) in connection.execute(f"SELECT data FROM {table}"):
            named |= images_named(data)
    gone = names - named
    known = _known(connection)
    kept = {name: facts for name, facts in known.items() if name not in gone}
    if kept != known:
        put_property(connection, Property.IMAGES, encoded(kept))
    return bool(_delete(connection, {blob_digest(name) for name in gone}))


def _delete(connection: sqlite3.Connection, digests: Iterable[bytes]) -> int:
    cursor = connection.executemany("DELETE FROM blobs WHERE hash = ?", [(digest,) for digest in digests])
    return cursor.rowcount


def _known(connection: sqlite3.Connection) -> dict[str, object]:
    names = property_value(connection, Property.IMAGES)
    return names if isinstance(names, dict) else {}
