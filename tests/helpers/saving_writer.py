"""A person who writes, and whose changes go into a file when the test says so."""

from __future__ import annotations

import itertools

from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin
from cowrite.storage.document.document_file import DocumentFile


class Writer:
    """A person who writes in a Document and can take back what was done."""

    def __init__(self, *updates: bytes) -> None:
        self.made: list[bytes] = []
        self.document = MendedDocument(clock=itertools.count(0, 1000).__next__)
        for update in updates:
            self.document.apply_update(update, Origin.STORAGE)
        self.document.observe_updates(lambda told: self.made.append(told[0]))

    def types(self, text: str) -> None:
        with self.document.edit(Origin.LOCAL) as edit:
            edit.insert(self.document.length, text)

    def deletes(self, text: str) -> None:
        with self.document.edit(Origin.LOCAL) as edit:
            edit.delete(self.document.text().index(text), len(text))


def saved(writer: Writer, file: DocumentFile) -> None:
    """Puts what somebody has written since into the file."""
    file.append(writer.made)
    writer.made.clear()
