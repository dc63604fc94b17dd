"""Gives a document that is closed another title."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cowrite.bridge.file.opening import kept_rights, open_document
from cowrite.errors import CowriteError

if TYPE_CHECKING:
    from cowrite.bridge.file.storage_thread import StorageThread
    from cowrite.paths import Paths
    from cowrite.storage.library.library import Library


class TitleRefused(CowriteError):
    """Whoever has a document may not change its title.

    Attributes:
        refusal: why, without a full stop.
    """

    def __init__(self, refusal: str) -> None:
        super().__init__(f"{refusal}.")
        self.refusal = refusal


def rename(path: Path, title: str, library: Library) -> Path:
    """Gives a document's file a title and a name, on the storage thread; the text has its title by `give_title`.

    Args:
        path: the document's file.
        title: the title.
        library: what knows the file.

    Returns:
        The new path.

    Raises:
        TitleRefused: the text may not have that title, and would bring the old one back.
        CowriteError: see `Library.rename`.
    """
    if refusal := kept_rights(path).refusal:
        raise TitleRefused(refusal)
    return library.rename(path, title)


def give_title(path: Path, title: str, storage: StorageThread, paths: Paths) -> None:
    """Writes a title into a document's text, where whoever has it may edit it, on the GUI thread.

    Args:
        path: the document's file.
        title: the title.
        storage: where files are worked on.
        paths: where the application has its files.

    Raises:
        CowriteError: the document cannot be opened or written.
    """
    opened = open_document(path, storage, paths, lambda: 0, create=False, new=False)
    updates: list[bytes] = []
    try:
        opened.document.observe_updates(lambda update: updates.append(update[0]))
        if opened.rights.may_edit:
            opened.document.meta.set_title(title)
        storage.run_now(lambda: opened.file.append(updates))
    finally:
        storage.run_now(opened.file.close)
        storage.run_quickly_now(opened.quick_log.close)  # or who opens it at once would find it taken
