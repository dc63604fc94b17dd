"""MendedDocument: the document as people write in it.

Runs on the thread that made it, or to which it was moved. What no part of the document holds together by itself, as
several change it at the same moment, is put right here.
"""

from __future__ import annotations

from cowrite.core.document.document import Document
from cowrite.core.document.mending import Mender
from cowrite.core.mending.joined_footnotes import JoinedFootnotes
from cowrite.core.mending.linked_headings import LinkedHeadings
from cowrite.core.mending.whole_tables import WholeTables


class MendedDocument(Document):
    """A document in which links follow their headings, footnotes are one, and tables whole."""

    def _menders(self) -> tuple[Mender, ...]:
        return LinkedHeadings(self), JoinedFootnotes(self), WholeTables(self)
