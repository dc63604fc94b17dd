"""Writing a copy of a document that is open, with what its own file does not hold yet.

Runs on the storage thread.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from cowrite.storage.content import Blob
from cowrite.storage.document_file import DocumentFile
from cowrite.storage.errors import StorageFailed, failures_of
from cowrite.storage.placing import temporary_beside

_log = logging.getLogger(__name__)


class InMemory(NamedTuple):
    """What the window holds of a document.

    Attributes:
        state: the whole document as one update.
        title: what it is called.
        missing: updates that are not in its file.
        images: those that the document names; some may not be in its file.
    """

    state: bytes
    title: str
    missing: Sequence[bytes]
    images: Sequence[Blob]


def copy_document(file: DocumentFile, path: Path, memory: InMemory) -> None:
    """Writes a copy, which is a document of its own and holds everything, also what the file does not.

    Args:
        file: the document's own file. Its disk may be the one that fails, and then what is in memory has to do.
        path: where the copy goes.
        memory: what the window holds.

    Raises:
        StorageError: there is no copy, or one without what is in memory alone.
    """
    try:
        file.save_copy(path, unwritten=memory.missing)
    except StorageFailed as error:
        if Path(os.path.realpath(path)) == file.path:
            raise
        _log.warning("a copy is made from memory: %s", error)
        with (
            failures_of(path),
            temporary_beside(path) as temporary,
            DocumentFile.create(temporary, title=memory.title) as copy,
        ):
            _add(copy, [memory.state], memory.images)
            copy.save_copy(path)
        return
    if memory.missing or memory.images:
        with DocumentFile.open(path) as copy:
            _add(copy, memory.missing, memory.images)


def _add(copy: DocumentFile, updates: Sequence[bytes], images: Sequence[Blob]) -> None:
    copy.append(updates)
    for image in images:
        copy.put_blob(image.data, image.media_type)
