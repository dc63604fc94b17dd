"""What a kill leaves of a document that was open."""

from __future__ import annotations

import shutil
from pathlib import Path

from cowrite.storage.document.document_file import DocumentFile
from cowrite.storage.placing import companion


def killed(document: DocumentFile) -> Path:
    """The files of an open document as a kill leaves them, in a folder of their own."""
    folder = document.path.parent / "killed"
    folder.mkdir()
    for file in (document.path, companion(document.path, "-wal")):
        shutil.copy(file, folder)
    return folder / document.path.name
