"""Renaming and deleting the file of a document that nobody has open. Runs on any thread but the window's."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext, suppress
from pathlib import Path

from cowrite.clock import milliseconds_now
from cowrite.storage.document.document_file import DocumentFile
from cowrite.storage.document.examination import expect_file
from cowrite.storage.document.stray_log import set_aside
from cowrite.storage.errors import AlreadyThere, NotADocument, failures_of
from cowrite.storage.layout import SUFFIX, Property
from cowrite.storage.library.trash import move_to_trash
from cowrite.storage.lock import FileLock
from cowrite.storage.names import folded, name_in
from cowrite.storage.placing import COMPANIONS, companion, move, move_to_free, sync_folder


def rename_closed(path: Path, title: str, clock: Callable[[], int] = milliseconds_now) -> Path:
    """Gives a document a title and its file the name that goes with it, and returns the new path.

    Args:
        path: the file.
        title: the title; the one inside the shared text is the caller's to change.
        clock: milliseconds since 1970.

    Raises:
        AlreadyThere: another file has that name.
        StoreLocked: the document is open.
        StorageError: it could not be renamed.
    """
    target = path.with_name(name_in(path.parent, title) + SUFFIX)
    if target.exists() and not (path.exists() and target.samefile(path)):
        raise AlreadyThere(target)
    with DocumentFile.open(path, clock=clock) as file:  # folds a crash's write-ahead log in, too
        file.properties[Property.TITLE] = title
    if target != path:
        move_closed(path, target, clock)
    return target


def move_closed(path: Path, target: Path, clock: Callable[[], int]) -> None:
    """Gives the file of a closed document another name in its folder.

    Args:
        path: the file.
        target: the name, or another spelling of the one that it has.
        clock: milliseconds since 1970.

    Raises:
        AlreadyThere: another file has that name.
        StoreLocked: the document is open, or one is that was called so and has lost its file.
        StorageError: it could not be moved.
    """
    is_other = folded(target.name) != folded(path.name)  # no other spelling of it, whose lock is this one
    with FileLock(path), FileLock(target) if is_other else nullcontext(), failures_of(path):
        if target.exists() and target.samefile(path):
            move(path, target)
        else:
            set_aside(target, clock())
            try:
                move_to_free(path, target)
            except FileExistsError as error:
                raise AlreadyThere(target) from error
        sync_folder(path.parent)


def trash_closed(path: Path, clock: Callable[[], int] = milliseconds_now) -> None:
    """Moves a document to the system's trash, with everything in one file.

    Args:
        path: the file.
        clock: milliseconds since 1970.

    Raises:
        NotThere: there is no such file.
        NotADocument: it is a folder, or what else is no file.
        StoreLocked: it is open.
        CannotTrash: the system has no trash for it; it is where it was.
    """
    with failures_of(path):
        expect_file(path)
    if any(companion(path, ending).exists() for ending in COMPANIONS):
        # What a crash left in the write-ahead log belongs to the document. What is no document has none.
        with suppress(NotADocument):
            DocumentFile.open(path, clock=clock).close()
    with FileLock(path):
        move_to_trash(path)
