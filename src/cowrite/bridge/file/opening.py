"""Opening a document from its file, with all that the file knows of the document's server.

Runs on the GUI thread and waits for the storage thread, or is told by it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from cowrite.bridge.file.storage_thread import StorageThread
from cowrite.clock import milliseconds_now
from cowrite.core.document.document import Document
from cowrite.core.errors import MalformedUpdate
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin
from cowrite.paths import Paths
from cowrite.storage.document.content import Loaded
from cowrite.storage.document.document_file import DocumentFile
from cowrite.storage.document.loss import tells_of_new_identity
from cowrite.storage.document.quick_log import QuickLog, left_of
from cowrite.storage.document.reading import glance
from cowrite.storage.errors import DiskFull, NotWritable, UnreadableDocument
from cowrite.storage.layout import Property
from cowrite.storage.library.originals import Original, Originals
from cowrite.sync.record import SyncRecord
from cowrite.sync.rights import Rights

WAITING = "waiting_changes"
"""Property: number of changes that the server has not confirmed."""
SAVED_BLOBS = "saved_blobs"
"""Property: names of the images that the server has."""
JOINED = "joined"
"""Property: whether the document came into being to join the room that it is in."""
VIEW_ONLY = "view_only"
MAY_SUGGEST = "may_suggest"
MAY_COMMENT = "may_comment"
"""Properties: whether the server let this person not edit, suggest and comment, the last time that it said so."""
TAKES_SAID = "takes_said"
"""Property: see `Rights.takes_said`."""


class Opened(NamedTuple):
    """A document that was opened from its file.

    Attributes:
        file: the open file, for the storage thread.
        quick_log: where changes go before they are in the file.
        document: the draft.
        loaded: what was read, and what was missing.
        record: what the file knows of its server.
        saved_blobs: names of the images that the server has.
        document_id: identity of the document.
        written: when its file was written last, in milliseconds since 1970; None where it has just come into being.
        joined: whether it came into being to join a room.
        rights: what the server let this person do, the last time that it said so; or what a place lets them do that can
            only be read.
        called: what the server called this person the last time, by the name that they had then, as {name: called}.
        unsent: a comment and replies that were begun the last time; empty for none.
        seen_mentions: ids of comments and replies that mention this person, and that they have seen.
        unseen_since: when this person left, in milliseconds since 1970, where others have changed the text since and
            they have not seen it; else None.
        place: the server and the room where the document is shared; empty where it is not.
        shared_original: the document that is shared, and of which this is a copy that somebody has made by hand; it
            has just become a document of its own. None where it is none.
    """

    file: DocumentFile
    quick_log: QuickLog
    document: Document
    loaded: Loaded
    record: SyncRecord
    saved_blobs: frozenset[str]
    document_id: str
    written: int | None
    joined: bool
    rights: Rights = Rights()
    called: Mapping[str, Any] = MappingProxyType({})
    unsent: Mapping[str, Any] = MappingProxyType({})
    seen_mentions: tuple[str, ...] = ()
    unseen_since: int | None = None
    place: str = ""
    shared_original: Original | None = None

    def close(self) -> None:
        """Lets go of the file again, on the storage thread."""
        self.file.close()
        self.quick_log.close()


def open_document(
    path: Path, storage: StorageThread, paths: Paths, clock: Callable[[], int], *, create: bool, new: bool
) -> Opened:
    """Opens a document file; what a killed process could not write into it any more is written first.

    Args:
        path: the file.
        storage: where the file is worked on.
        paths: where the quick logs are, and what is known of where documents lie.
        clock: milliseconds, for undo steps.
        create: make the file; it must not exist.
        new: with `create`, the document is not one that is joined: it gets its first line.

    Raises:
        StorageError: it cannot be opened; nothing was changed.
    """
    # Written with the file, it waits for no disk of its own.
    first = MendedDocument.new(clock=clock).state() if new else None
    read = storage.run_now(lambda: _read(path, paths, create=create, first=first))
    with ExitStack() as stack:
        stack.callback(lambda: storage.run_now(read.close))
        opened = _opened(read, _document(read, clock))
        stack.pop_all()  # it stays open
    return opened


def open_soon(
    path: Path,
    storage: StorageThread,
    paths: Paths,
    clock: Callable[[], int],
    then: Callable[[Opened], None],
    failed: Callable[[Exception], None],
) -> None:
    """Opens a document file as `open_document` does, while the event loop goes on.

    Args:
        path: the file.
        storage: where the file is worked on, and the document is made.
        paths: where the quick logs are, and what is known of where documents lie.
        clock: milliseconds, for undo steps.
        then: is called with the document.
        failed: is called with the error instead, see `open_document`; with a RuntimeError for what is no Exception.
    """

    def work() -> Opened:
        read = _read(path, paths)
        with ExitStack() as stack:
            stack.callback(read.close)
            try:
                opened = _opened(read, _document(read, clock))
            except Exception:
                raise
            except BaseException as error:  # pyo3's PanicException; who waits for the document hears of it too
                raise RuntimeError(f"{path} could not be read: {error}") from error
            stack.pop_all()  # it stays open
        return opened

    def arrived(opened: Opened) -> None:
        opened.document.move_here()
        then(opened)

    storage.run(work, arrived, failed)


def kept_rights(path: Path) -> Rights:
    """What the server let this person do with the document in a file, the last time that it said so; whatever they like
    where the file cannot be looked into. Runs on any thread."""
    return _rights(glance(path) or {}, "")


class _Read(NamedTuple):
    """What was read of a document, see `Opened`.

    Attributes:
        left_deletions: whether anything was deleted by what a killed process could not write into the file any more.
    """

    file: DocumentFile
    quick_log: QuickLog
    loaded: Loaded
    properties: Mapping[str, Any]
    written: int | None
    shared_original: Original | None
    left_deletions: bool

    def close(self) -> None:
        """Lets go of the file again."""
        self.file.close()
        self.quick_log.close()


def _read(path: Path, paths: Paths, *, create: bool = False, first: bytes | None = None) -> _Read:
    """Reads a document file, on the storage thread; with `create` makes it, with a first change."""
    if create:
        return _read_from(DocumentFile.create(path, state=first), paths)._replace(written=None)
    path = Originals(paths.originals).name_of(path)
    try:
        return _read_from(DocumentFile.open(path), paths)
    except (NotWritable, DiskFull) as error:
        from cowrite.storage.document.read_only_file import ReadOnlyFile

        reason = error.reason if isinstance(error, NotWritable) else "its disk is full"
        path = Path(os.path.realpath(path))
        left = left_of(paths.quick_logs, _identity(glance(path) or {}), path)
        return _read_from(ReadOnlyFile.of(path, reason), paths, left)


def _read_from(file: DocumentFile, paths: Paths, left: Sequence[bytes] = ()) -> _Read:
    """Reads what an open file holds, and what was left beside it; closes it where that fails.

    Args:
        file: the file.
        paths: where the quick logs are, and what is known of where documents lie.
        left: what was left beside the file of which this one is a copy to be read.
    """
    originals = Originals(paths.originals)
    with ExitStack() as stack:
        stack.callback(file.close)
        written = _written(file.path)
        shared_original = None if file.protected else _set_apart(file, originals)
        properties = dict(file.properties)
        if not file.protected:
            originals.note(_identity(properties), file.path)
        missing = properties.get(Property.MISSING) or {"sentences": ()}
        quick_log = QuickLog(
            file.path.parent if file.protected else paths.quick_logs,  # it goes with the file
            _identity(properties),
            file.path,
            is_new_identity=tells_of_new_identity(missing["sentences"]),
        )
        stack.callback(quick_log.close)
        left = quick_log.left or left
        if left:
            file.append(left)
            quick_log.keep(())
        loaded = file.load()
        stack.pop_all()  # they stay open
    return _Read(file, quick_log, loaded, properties, written, shared_original, any(map(_deletes, left)))


def _written(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns // 1_000_000
    except OSError:  # taken away at this moment
        return milliseconds_now()


def _set_apart(file: DocumentFile, originals: Originals) -> Original | None:
    """Makes a copy that somebody has made by hand a document of its own; gives the original where that is shared."""
    original = originals.original_of(_identity(file.properties), file.path)
    if original is None:
        return None
    is_shared = Property.LINK in file.properties
    file.become_another()
    return original if is_shared else None


def _identity(properties: Mapping[str, Any]) -> str:
    return str(properties.get(Property.DOCUMENT_ID, ""))


def _deletes(update: bytes) -> bool:
    return not update.endswith(b"\x00")  # an update ends with what it deletes: a list, empty or its last one's length


def _document(read: _Read, clock: Callable[[], int]) -> Document:
    document = MendedDocument(clock=clock)
    try:
        for update in read.loaded.state:
            document.apply_update(update, Origin.STORAGE)
    except MalformedUpdate as error:
        raise UnreadableDocument(read.file.path) from error
    document.steps.forget()
    return document


def _opened(read: _Read, document: Document) -> Opened:
    properties = read.properties

    def kept(name: str, usual: Any) -> Any:
        """A property; the usual value also where something is there that cowrite never writes."""
        value = properties.get(name, usual)
        return value if isinstance(value, type(usual)) else usual

    rights = _rights(properties, read.file.protected)
    # The count reaches the disk later than what is counted, and no state vector shows a deletion.
    waiting = max(kept(WAITING, 0), int(read.left_deletions and rights.may_comment))
    record = SyncRecord(
        kept(Property.EPOCH, "") or None, kept(Property.ACKNOWLEDGED, SyncRecord().state_vector), waiting
    )
    return Opened(
        read.file,
        read.quick_log,
        document,
        read.loaded,
        record,
        frozenset(_texts(kept(SAVED_BLOBS, []))),
        _identity(properties),
        read.written,
        joined=bool(properties.get(JOINED)),
        rights=rights,
        called=kept(Property.CALLED, {}),
        unsent=kept(Property.UNSENT, {}),
        seen_mentions=_texts(kept(Property.SEEN_MENTIONS, [])),
        unseen_since=kept(Property.UNSEEN_SINCE, 0) or None,
        place=kept(Property.LINK, ""),
        shared_original=read.shared_original,
    )


def _texts(values: Sequence[Any]) -> tuple[str, ...]:
    return tuple(value for value in values if isinstance(value, str))


def _rights(properties: Mapping[str, Any], protected: str) -> Rights:
    if protected:
        return Rights(False, False, False, protected)
    if not properties.get(VIEW_ONLY) or not properties.get(Property.LINK):  # a copy is its owner's own
        return Rights()
    may_suggest, may_comment, takes_said = (
        bool(properties.get(name)) for name in (MAY_SUGGEST, MAY_COMMENT, TAKES_SAID)
    )
    return Rights(False, may_suggest, may_comment, takes_said=takes_said)
