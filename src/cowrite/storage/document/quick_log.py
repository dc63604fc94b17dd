"""Changes that are on the way to a document's file, kept where they outlive the process.

A document's file is written with fsync, which takes as long as the disk likes, behind whatever else the disk is asked
to do. A quick log is written before and without fsync: what `write` was given is in the operating system's hands when
it returns, so kill -9 does not take it. Only a power loss does, until the document's file has it too.

A log is a sequence of frames: length of the data (4 bytes), checksum, data. The first one says, as JSON, which document
it belongs to and where that is; each of the others is an update. What stands in the document already may stand in its
log as well, for an update that is applied twice does nothing.

One thread at a time. Logs lie in a folder of the application's, which is on this computer even where a document is not.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

from cowrite.storage.document.reading import glance
from cowrite.storage.errors import StorageError, StoreLocked
from cowrite.storage.layout import CHECKSUM_SIZE, Property, checksum
from cowrite.storage.lock import FileLock
from cowrite.storage.placing import replace, temporary_beside

_ENDING = ".log"
_LENGTH_SIZE = 4  # bytes
_HEAD_SIZE = 64 * 1024  # bytes in which the first frame certainly is: a path and an identity
_LARGE = 1024 * 1024  # bytes from which on a log is written anew with what is still on the way
_FLAGS = os.O_RDWR | os.O_APPEND | getattr(os, "O_BINARY", 0)

_log = logging.getLogger(__name__)


class QuickLog:
    """The quick log of one open document.

    It raises nothing: while it cannot be written, as on a full disk, the document is as safe as its file makes it.

    Attributes:
        left: updates that a process wrote which ended before they were said to be in the document's file.
    """

    def __init__(self, folder: Path, document_id: str, document: Path, *, is_new_identity: bool = False) -> None:
        """Opens or makes the log of a document, whose file is open for writing.

        A log that was left for the same document at another place belongs to it as well where the file was moved from
        there: the folder is there, and no file in it, or that of another document. Where the folder is not there, as on
        a drive that is not plugged in, the log stays for the file that may be in it. A document that has lost its
        identity to a damage is known by its place: it gets what was left there, under whatever identity.

        Args:
            folder: where the logs are.
            document_id: the document's identity.
            document: the document's file.
            is_new_identity: the identity is new, for a damage took the one before.
        """
        self.left: tuple[bytes, ...] = ()
        self._document_id = document_id
        self._head = _head(document_id, document)
        self._path = _path(folder, document_id, document)
        self._descriptor = -1
        self._is_given_up = False
        self._lock: FileLock | None = None
        lock: FileLock | None = None
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self._path)
            with ExitStack() as stack:
                others: list[Path] = []
                for path in _left_elsewhere(folder, document_id, document, self._path, is_new_identity=is_new_identity):
                    with suppress(StoreLocked):  # its document is open and has lost its file
                        stack.callback(FileLock(path).release)
                        others.append(path)
                self.left = tuple(update for path in (self._path, *others) for update in _read(path))
                self._lock, lock = lock, None  # not earlier: what is left and not known must not be let go of
                self._write_anew(self.left)
                for path in others:
                    path.unlink(missing_ok=True)
        except (OSError, StorageError) as error:
            self._give_up(error)
            if lock is not None:
                lock.release()

    def write(self, updates: Iterable[bytes]) -> None:
        """Adds updates; kill -9 does not take them once it returns."""
        if self._descriptor < 0:
            return
        try:
            rest = memoryview(b"".join(map(_frame, updates)))
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
        except OSError as error:
            self._give_up(error)

    def keep(self, updates: Sequence[bytes]) -> None:
        """Lets go of what is in the document's file by now; a log that could not be written begins anew.

        Args:
            updates: those that are not in the file.
        """
        if self._lock is None:
            return
        try:
            if self._descriptor < 0 or (updates and os.fstat(self._descriptor).st_size > _LARGE):
                self._write_anew(updates)
            elif not updates:
                os.ftruncate(self._descriptor, len(self._head))
        except OSError as error:
            self._give_up(error)

    def follow(self, document: Path, updates: Sequence[bytes]) -> None:
        """The document lies elsewhere from now on.

        Args:
            document: its file.
            updates: those that are not in it.
        """
        if self._lock is None:
            return
        self._head = _head(self._document_id, document)
        try:
            self._write_anew(updates)
        except OSError as error:
            self._give_up(error)

    def close(self) -> None:
        """Ends writing; a log in which nothing is left is deleted."""
        try:
            is_empty = self._descriptor >= 0 and os.fstat(self._descriptor).st_size == len(self._head)
            self._let_go()
            if is_empty:
                self._path.unlink(missing_ok=True)
        except OSError as error:
            _log.warning("a quick log stays: %s", error)
        if self._lock is not None:
            self._lock.release()

    def _write_anew(self, updates: Iterable[bytes]) -> None:
        """Puts a log with these updates in place of this one, in one step.

        Raises:
            OSError: what was there is there still.
        """
        self._let_go()
        with temporary_beside(self._path) as temporary:
            temporary.write_bytes(b"".join((self._head, *map(_frame, updates))))
            replace(temporary, self._path)
        self._descriptor = os.open(self._path, _FLAGS)
        self._is_given_up = False

    def _let_go(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _give_up(self, error: Exception) -> None:
        if not self._is_given_up:  # it is tried again with each change
            _log.warning("changes go to the document's file only: %s", error)
        self._is_given_up = True
        self._let_go()  # behind a frame that is not whole nothing could be read


def left_of(folder: Path, document_id: str, document: Path) -> tuple[bytes, ...]:
    """What the logs of a document have that can only be read at the moment; they stay for when it can be written.

    Args:
        folder: where the logs are.
        document_id: the document's identity; empty where it cannot be read.
        document: the document's file.
    """
    own = _path(folder, document_id, document)
    try:
        paths = (own, *_left_elsewhere(folder, document_id, document, own, is_new_identity=not document_id))
        return tuple(update for path in paths for update in _read(path))
    except OSError as error:
        _log.warning("a quick log cannot be read: %s", error)
        return ()


def _path(folder: Path, document_id: str, document: Path) -> Path:
    return folder / f"{checksum(document_id, str(document)).hex()}{_ENDING}"


def _left_elsewhere(
    folder: Path, document_id: str, document: Path, own: Path, *, is_new_identity: bool
) -> Iterator[Path]:
    """The other logs of a document: from where it was before it was moved, and of the identity that it had before."""
    for path in sorted(folder.glob(f"*{_ENDING}")):
        head = {} if path == own else _read_head(path)
        if not head:
            continue
        if head["document"] == document_id:
            if head["path"] == str(document) or _was_moved_from(Path(head["path"]), document_id):
                yield path
        elif is_new_identity and head["path"] == str(document):
            yield path


def _was_moved_from(path: Path, document_id: str) -> bool:
    """Whether a document's file is certainly not at a path any more; a copy may be opened while a drive is away."""
    try:
        path.stat()
    except FileNotFoundError:
        return path.parent.is_dir()
    except OSError:
        return False
    found = (glance(path) or {}).get(Property.DOCUMENT_ID, document_id)
    return bool(found != document_id)


def _head(document_id: str, document: Path) -> bytes:
    return _frame(json.dumps({"document": document_id, "path": str(document)}).encode())


def _frame(data: bytes) -> bytes:
    return len(data).to_bytes(_LENGTH_SIZE, "big") + checksum(data) + data


def _read_head(path: Path) -> dict[str, str]:
    """What another document's log says of its document; nothing where it is none, or cannot be read."""
    try:
        with path.open("rb") as file:
            return _told(next(_frames(file.read(_HEAD_SIZE)), b""))
    except FileNotFoundError:
        return {}
    except OSError as error:  # which is no reason to write no log of this document
        _log.warning("a quick log cannot be read: %s", error)
        return {}


def _read(path: Path) -> list[bytes]:
    """A log's updates up to the first that is not whole; nothing where it is none."""
    try:
        head, *updates = _frames(path.read_bytes())
    except (FileNotFoundError, ValueError):  # there is not even a head
        return []
    return updates if _told(head) else []


def _told(head: bytes) -> dict[str, str]:
    """What a log's first frame says: identity and place of a document; nothing where it is another program's."""
    try:
        document, path = (json.loads(head)[name] for name in ("document", "path"))
    except (ValueError, LookupError, TypeError):
        return {}
    return {"document": str(document), "path": str(path)}


def _frames(content: bytes) -> Iterator[bytes]:
    start = 0
    while start < len(content):
        length = int.from_bytes(content[start : start + _LENGTH_SIZE], "big")
        start += _LENGTH_SIZE
        mark = content[start : start + CHECKSUM_SIZE]
        start += CHECKSUM_SIZE
        data = content[start : start + length]
        start += length
        if mark != checksum(data):
            return
        yield data
