"""People who suggest changes of a document, and the text with their marks in it."""

from __future__ import annotations

from random import Random

from cowrite.core.authors import Author
from cowrite.core.document import Document
from cowrite.core.richtext import DELETION, INSERTION, joined
from cowrite.core.suggested_changes import SuggestedChanges


def changes_of(document: Document, name: str = "Bo", *, suggests: bool = True) -> SuggestedChanges:
    """The suggested changes of a document as somebody sees them, who suggests from now on, or only decides."""
    changes = SuggestedChanges(document, lambda: Author(name, "", name), chance=Random(name), clock=lambda: 5)
    if suggests:
        document.suggester = changes
    return changes


def marked(document: Document) -> str:
    """The text with [-what goes-] and {+what comes+} marked, and without the break that closes it."""
    shown = ""
    for span in joined(document.spans()):
        text = span.text.replace("\n", "¶")
        text = f"{{+{text}+}}" if INSERTION in span.attributes else text
        shown += f"[-{text}-]" if DELETION in span.attributes else text
    return shown.removesuffix("¶")
