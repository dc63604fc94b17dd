"""How a document stands on this computer's disk, and what of it is on its way there.

Runs anywhere; a batch is one thread's at a time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from cowrite.storage.document.document_file import DocumentFile


class Safety(StrEnum):
    """Whether the changes are on this computer's disk."""

    SAVED = "saved"
    SAVING = "saving"
    SILENT = "silent"
    """They are being written, and the disk has not answered for a while, as one in a network that is gone."""
    FAILED = "failed"


class OnDisk(NamedTuple):
    """How the document stands on this computer.

    Attributes:
        safety: whether all changes are on disk.
        problem: one sentence on why not, for FAILED.
    """

    safety: Safety
    problem: str = ""


@dataclass(slots=True)
class Batch:
    """What is to be written to the file; what of it is in the file goes from here, on the storage thread."""

    updates: list[bytes] = field(default_factory=list)
    properties: dict[str, Any] = field(default_factory=dict)

    def write_to(self, file: DocumentFile) -> None:
        """Writes what is not in the file; without anything, looks after the file's place."""
        file.append(self.updates)
        self.updates = []
        if self.properties:
            file.properties.set_all(self.properties)
            self.properties = {}
