"""A write-ahead log that lies beside another document than its own.

It stays where cowrite was killed and its document was then deleted, or something else put in its place: a backup, say.
SQLite cannot tell, and would put what is in the log over the document that it lies beside. Runs on the caller's thread,
which holds the lock of the document's path.
"""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from pathlib import Path

from cowrite.storage.database import connect, property_value
from cowrite.storage.examination import wal_has_content, wal_report
from cowrite.storage.layout import Property
from cowrite.storage.names import name_beside
from cowrite.storage.placing import companion

_log = logging.getLogger(__name__)


def is_stray(path: Path) -> bool:
    """Whether the log beside the document at `path` is that of another one; not where either cannot be read.

    A document that has just become another one (`DocumentFile.become_another`) has its old identity in the file and its
    new one in the log, and there all that was in the file.
    """
    if not wal_has_content(path):
        return False
    try:
        with closing(connect(path, read_only=True, immutable=True)) as alone:
            identity, rows = property_value(alone, Property.DOCUMENT_ID), _rows(alone)
        log = companion(path, "-wal").read_bytes()
        # SQLite makes the shared memory beside a log anew, which tells where one is cut: it is not to see one that is.
        is_ours = not isinstance(identity, str) or identity.encode() in log or Property.DOCUMENT_ID.encode() not in log
        if is_ours or wal_report(path).is_damaged:
            return False
        with closing(connect(path, read_only=True)) as both:
            return property_value(both, Property.DOCUMENT_ID) != identity and bool(rows - _rows(both))
    except (sqlite3.Error, UnicodeDecodeError):  # the latter in SQLite's message; see `errors.failures_of`
        return False


def set_aside(path: Path, now: int) -> None:
    """Keeps the log beside `path` under another name.

    Args:
        path: a document's, be there one or not.
        now: milliseconds since 1970.

    Raises:
        OSError: it could not be done.
    """
    kept = companion(name_beside(path, "other", now), "-wal")
    companion(path, "-wal").rename(kept)
    companion(path, "-shm").unlink(missing_ok=True)
    _log.info("the log of another document beside %s is kept as %s", path, kept.name)


def _rows(connection: sqlite3.Connection) -> set[tuple[int, bytes]]:
    """What there is of updates and snapshots, by number and checksum."""
    query = "SELECT seq, checksum FROM updates UNION ALL SELECT -seq, checksum FROM snapshots"
    return set(connection.execute(query))
