"""Gives a document that is closed another title.

Runs on the GUI thread.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cowrite.bridge.file.opening import open_document

if TYPE_CHECKING:
    from cowrite.bridge.file.storage_thread import StorageThread
    from cowrite.paths import Paths


def give_title(path: Path, title: str, storage: StorageThread, paths: Paths) -> None:
    """Writes a title into a document's text, where whoever has it may edit it.

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
