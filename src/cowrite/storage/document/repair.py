"""Mends a damaged document: everything that is sound goes into a new file, which takes the damaged one's place.

Runs on the caller's thread, which holds the file's lock and has no connection to it. The damaged file is kept.
"""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from cowrite.storage.document import loss
from cowrite.storage.document.carving import Pages, carved_rows
from cowrite.storage.document.containment import brings_more
from cowrite.storage.document.database import (
    committed,
    connect,
    insert,
    last_seq,
    lay_out,
    property_value,
    put_identity,
    put_missing,
    put_property,
    stored_state,
)
from cowrite.storage.document.examination import has_lost_its_wal, is_sound, wal_has_content
from cowrite.storage.document.stray_log import bring_together, rejoin, set_aside
from cowrite.storage.document.wal_report import wal_report
from cowrite.storage.errors import failures_of
from cowrite.storage.layout import BlobRow, LogRow, Property, PropertyRow, blob_name, encoded, value_of
from cowrite.storage.names import name_beside
from cowrite.storage.placing import companion, place_document, sync_folder, temporary_beside

_KEPT_SNAPSHOTS = 2

_log = logging.getLogger(__name__)


@dataclass
class _Salvage:
    """What survived. Blobs are written at once, for there may be many and large ones."""

    snapshots: dict[tuple[int, bytes], LogRow] = field(default_factory=dict)
    updates: dict[tuple[int, bytes], LogRow] = field(default_factory=dict)
    properties: dict[str, PropertyRow] = field(default_factory=dict)
    blobs: set[str] = field(default_factory=set)

    def value(self, name: str) -> Any:
        """A property's value; None where it is not there."""
        return value_of(self.properties.get(name))


def repair(path: Path, now: int) -> None:
    """Makes the document at `path` sound if it is not, and notes in the file what is missing (`Property.MISSING`).

    Args:
        now: milliseconds since 1970.

    Raises:
        NotADocument, DocumentTooNew: it is left as it is.
        DiskFull, StorageFailed: it could not be repaired and is as it was.
    """
    with failures_of(path):
        set_aside(path, now)
        if companion(path, "-journal").exists():
            _play_back(path)
        if not is_sound(path):
            _rebuild(path, now)
        elif has_lost_its_wal(path) and not rejoin(path):
            with closing(connect(path)) as connection, committed(connection):
                marks = (property_value(connection, name) for name in (Property.WRITING, Property.MODIFIED))
                put_missing(connection, [], None, _newest(marks))
                put_property(connection, Property.WRITING, None)
        else:
            bring_together(path)


class Missing(NamedTuple):
    """What a repair could not save.

    Attributes:
        sentences: what is certainly missing, for people.
        since: as for `database.put_missing`.
    """

    sentences: list[str]
    since: int | None


def salvaged_to(path: Path, target: Path, now: int) -> Missing:
    """Builds at `target`, a name not taken yet, a sound document from what survives of the one at `path`.

    Raises:
        OSError, sqlite3.Error: it could not be done.
    """
    is_cut = wal_report(path).is_cut
    has_wal = wal_has_content(path)
    target.touch(exist_ok=False)
    with closing(connect(target)) as connection:
        connection.execute("PRAGMA synchronous = OFF")  # `place` syncs it as a whole
        lay_out(connection)
        with committed(connection):
            salvage = _salvaged(path, connection)
            sentences = _missing(salvage, is_cut=is_cut)
            _write_log(salvage, connection)
            _write_properties(salvage, connection, path.stem, now)
    writing = salvage.value(Property.WRITING)
    lost_wal = writing is not None and not has_wal
    return Missing(sentences, _newest((writing, salvage.value(Property.MODIFIED))) if lost_wal else None)


def _newest(times: Iterable[object]) -> int | None:
    return max((time for time in times if isinstance(time, int)), default=None)


def _play_back(path: Path) -> None:
    """Lets SQLite undo what a crash cut short on a drive without write-ahead logs."""
    connection = connect(path)
    try:
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except (sqlite3.DatabaseError, UnicodeDecodeError):
        return  # not a database as it is; the examination says more
    finally:
        connection.close()


def _rebuild(path: Path, now: int) -> None:
    original = name_beside(path, "damaged", now)
    with temporary_beside(path) as temporary:
        missing = salvaged_to(path, temporary, now)
        with closing(connect(temporary)) as connection, committed(connection):
            put_missing(connection, missing.sentences, original.name, missing.since)
        _keep(path, original)
        for ending in ("-wal", "-journal"):
            waiting = companion(path, ending)
            if waiting.exists() and waiting.stat().st_size:
                _keep(waiting, companion(original, ending))
        sync_folder(path.parent)
        # A crash in its middle leaves the damaged file without its log, to be repaired again; both are kept already.
        place_document(temporary, path)
    lost = "; ".join(missing.sentences) or "nothing"
    _log.info("repaired %s; the damaged file is %s; missing: %s", path, original.name, lost)


def _salvaged(path: Path, connection: sqlite3.Connection) -> _Salvage:
    salvage = _Salvage()
    with Pages(path) as pages:
        for row in carved_rows(pages):
            match row:
                case LogRow(kind="snapshots"):
                    salvage.snapshots[row.seq, row.data] = row
                case LogRow():
                    salvage.updates[row.seq, row.data] = row
                case PropertyRow():
                    known = salvage.properties.get(row.name)
                    if known is None or known.revision < row.revision:
                        salvage.properties[row.name] = row
                case BlobRow() if blob_name(row.hash) not in salvage.blobs:
                    salvage.blobs.add(blob_name(row.hash))
                    insert(connection, row)
    return salvage


def _missing(salvage: _Salvage, *, is_cut: bool) -> list[str]:
    if not (salvage.snapshots or salvage.updates or salvage.properties or salvage.blobs):
        return [loss.NOTHING_LEFT]
    base = salvage.snapshots[max(salvage.snapshots)] if salvage.snapshots else None
    updates = {seq: row for (seq, _), row in sorted(salvage.updates.items()) if not base or seq > base.seq}
    noted = salvage.value(Property.LAST_UPDATE)
    newest = max((*updates.values(), *((base,) if base else ())), key=lambda row: row.seq, default=None)
    last = max(noted or 0, newest.seq if newest else 0)
    found = loss.gaps(base, updates.values(), last, salvage.value(Property.MODIFIED))
    newest_time = newest.time if newest else None
    in_room = salvage.value(Property.LINK) is not None
    return [
        *loss.lost_edits(found, last, knows_last=noted is not None and not is_cut, newest=newest_time, in_room=in_room),
        *loss.lost_images(salvage.value(Property.IMAGES), salvage.blobs),
        *loss.lost_properties(salvage.value(Property.NAMES), salvage.properties),
    ]


def _write_log(salvage: _Salvage, connection: sqlite3.Connection) -> None:
    """Writes snapshots and updates, numbered anew without gaps, so that the file is complete from now on.

    Two updates of one number (one was written in a transaction that did not end) are both kept: whatever somebody
    wrote is worth keeping, and an update that is applied twice does nothing.
    """
    snapshots = {row.seq: row for row in salvage.snapshots.values()}
    kept = [snapshots[seq] for seq in sorted(snapshots)[-_KEPT_SNAPSHOTS:]]
    oldest = kept[0].seq if len(kept) == _KEPT_SNAPSHOTS else 0
    log = [row for row in salvage.updates.values() if row.seq > oldest]
    seq = 0
    for row in sorted((*log, *kept), key=lambda row: (row.seq, row.kind == "snapshots")):
        seq += row.kind == "updates"
        insert(connection, LogRow(row.kind, seq, row.time, row.data))
    # Of two states of the document (see `stray_log`) each has a snapshot that lacks what is in the other.
    base = kept[-1] if kept else LogRow("snapshots", 0, 0, b"")
    rows = (*salvage.updates.values(), *salvage.snapshots.values())
    others = sorted((row for row in rows if row.seq <= base.seq and row != base), key=lambda row: row.seq)
    if brings_more((row.data for row in others), stored_state(connection)[0]):
        for number, row in enumerate(others, seq + 1):
            insert(connection, LogRow("updates", number, row.time, row.data))


def _write_properties(salvage: _Salvage, connection: sqlite3.Connection, stem: str, now: int) -> None:
    for row in salvage.properties.values():
        insert(connection, row)
    names = salvage.value(Property.NAMES)
    # Without its epoch a document would join a rebuilt room as if it had never met it, and its text would be doubled.
    lost_epoch = Property.EPOCH not in salvage.properties and (names is None or Property.EPOCH in names)
    if salvage.value(Property.DOCUMENT_ID) is None:
        put_identity(connection, now)
    elif lost_epoch and Property.LINK in salvage.properties:
        put_property(connection, Property.LINK, None)
    for name, value in ((Property.TITLE, stem), (Property.CREATED, now), (Property.MODIFIED, now)):
        if name not in salvage.properties:
            put_property(connection, name, encoded(value))
    blobs = connection.execute("SELECT hash, media_type, length(data), time FROM blobs")
    images = {blob_name(digest): [media_type, size, time] for digest, media_type, size, time in blobs}
    put_property(connection, Property.IMAGES, encoded(images))
    put_property(connection, Property.LAST_UPDATE, encoded(last_seq(connection)))
    for name in (Property.WRITING, Property.CLEARED):  # rows come out in old versions, too
        put_property(connection, name, None)
    there = [name for (name,) in connection.execute("SELECT name FROM properties ORDER BY name")]
    put_property(connection, Property.NAMES, encoded(there))


def _keep(path: Path, target: Path) -> None:
    try:
        os.link(path, target)
    except OSError:  # a drive without hard links
        shutil.copy2(path, target)
