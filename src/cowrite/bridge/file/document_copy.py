"""Writing a copy of a document that is open, with what its own file does not hold yet.

Runs on the storage thread.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from cowrite.storage.document.clearing import cleared
from cowrite.storage.document.content import StoredBlob
from cowrite.storage.document.copying import Unwritten
from cowrite.storage.document.document_file import DocumentFile
from cowrite.storage.document.images import images_named
from cowrite.storage.errors import StorageError, StorageFailed, failures_of
from cowrite.storage.placing import temporary_beside

_log = logging.getLogger(__name__)


class InMemory(NamedTuple):
    """What the window holds of a document.

    Attributes:
        state: the whole document as one update.
        missing: updates that are not in its file.
        images: those that may not be in its file. What the document does not name, as what lies in a sealed note,
            does not come into the copy.
    """

    state: bytes
    missing: Sequence[bytes]
    images: Sequence[StoredBlob]


def copy_document(file: DocumentFile, path: Path, memory: InMemory) -> int:
    """Writes a copy, which is a document of its own and holds everything, also what the file does not.

    Args:
        file: the document's own file. Its disk may be the one that fails, and then what is in memory has to do.
        path: where the copy goes.
        memory: what the window holds.

    Returns:
        How many images of the document the copy lacks, because nobody has them any more.

    Raises:
        StorageError: there is no copy.
    """
    try:
        file.save_copy(path, unwritten=Unwritten(memory.missing, memory.images))
    except StorageFailed as error:
        if Path(os.path.realpath(path)) == file.path:
            raise
        _log.warning("a copy is made from memory: %s", error)
        images = {image.name: image for image in memory.images}
        lacking = 0
        for name in images_named(cleared([memory.state]).state or b"") - images.keys():
            image = _read(file, name)
            if image is None:
                lacking += 1
            else:
                images[name] = image
        with (
            failures_of(path),
            temporary_beside(path) as temporary,
            DocumentFile.create(temporary) as copy,
        ):
            copy.save_copy(path, unwritten=Unwritten([memory.state], tuple(images.values())))
        return lacking
    return 0


def _read(file: DocumentFile, name: str) -> StoredBlob | None:
    try:
        return file.blob(name)  # of a file that is damaged in one place the others can be read
    except StorageError as error:
        _log.warning("an image is not in the copy: %s", error)
        return None
