"""UnmendedDocument: a document that stays what its updates make of it, to read what was, or what somebody else has."""

from __future__ import annotations

from cowrite.core.document.document import Document
from cowrite.core.document.mending import Mender


class UnmendedDocument(Document):
    """A document in which nothing is put right that others have done: neither marks, nor lines, nor footnotes."""

    def __init__(self, *, client_id: int | None = None) -> None:
        super().__init__(client_id=client_id, clock=lambda: 0)
        self.mends = False

    def _menders(self) -> tuple[Mender, ...]:
        return ()
