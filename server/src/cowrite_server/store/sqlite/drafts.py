"""Drafts: files that are written whole under another name before they get their own.

A process that is killed leaves its draft behind. A locked file beside each draft says that somebody works on it; the
system lets go of the lock when the process ends, however. (Not a lock on the draft: some systems would take that for
one of SQLite's.) Runs on whatever thread calls it.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from cowrite_server.folder import give_to_owner, lock_file

_BESIDE = ("", "-wal", "-shm", "-journal")
"""What SQLite adds to the name of a database for the files beside it."""

_LOCK = ".lock"
_TAKEN = PermissionError if os.name == "nt" else BlockingIOError
_MARK = re.compile(rf"(\.new-[0-9a-f]{{16}})(?:-wal|-shm|-journal|{re.escape(_LOCK)})?")


@contextmanager
def draft_of(target: Path) -> Iterator[Path]:
    """A free name beside `target`, for a file that this process alone works on.

    Whoever has made the file gives it its own name in time; what is left of the draft at the end is removed.

    Raises:
        OSError: there can be no file of such a name.
    """
    draft, lock = _begin(target)
    try:
        yield draft
    finally:
        with suppress(OSError):
            _remove(draft)
            _let_go(lock, _lock_path(draft))


def remove_stale_drafts(target: Path, keep: Path | None = None) -> None:
    """Removes the drafts of a file on which nobody works any more, as far as this process may.

    Args:
        target: the file.
        keep: a file that stays, whatever it looks like.
    """
    try:
        names = [path.name for path in target.parent.iterdir()]
    except OSError:
        return
    marks = {found[1] for name in names if (found := _MARK.fullmatch(name.removeprefix(target.name)))}
    for draft in sorted(target.with_name(target.name + mark) for mark in marks):
        with suppress(OSError):  # somebody works on it, or it is not this user's
            if keep is None or not (draft.exists() and keep.exists() and draft.samefile(keep)):
                _remove_stale(draft)


def _begin(target: Path) -> tuple[Path, IO[bytes]]:
    while True:
        draft = target.with_name(f"{target.name}.new-{secrets.token_hex(8)}")
        path = _lock_path(draft)
        lock = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "r+b")
        try:
            lock_file(lock)
        except _TAKEN:  # it was taken for a stale one, and is removed
            lock.close()
            continue
        except OSError:
            pass  # a disk without locks: nobody else will have one and remove the draft
        if os.fstat(lock.fileno()).st_nlink:
            with suppress(OSError):
                give_to_owner(path)
            return draft, lock
        lock.close()


def _remove_stale(draft: Path) -> None:
    path = _lock_path(draft)
    try:
        lock = path.open("r+b")
    except FileNotFoundError:  # a draft's lock is there before it and after it
        _remove(draft)
        return
    try:
        lock_file(lock)
        _remove(draft)
    except OSError:
        lock.close()
        raise
    _let_go(lock, path)


def _let_go(lock: IO[bytes], path: Path) -> None:
    if os.name != "nt":  # where no file is removed that is open
        path.unlink(missing_ok=True)  # before anybody can have the lock
    lock.close()
    path.unlink(missing_ok=True)


def _remove(draft: Path) -> None:
    for suffix in _BESIDE:
        draft.with_name(draft.name + suffix).unlink(missing_ok=True)


def _lock_path(draft: Path) -> Path:
    return draft.with_name(draft.name + _LOCK)
