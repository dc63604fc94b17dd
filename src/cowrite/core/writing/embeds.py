"""Which embed stands at a place of a draft.

Runs on the document's thread; positions are UTF-16 units.
"""

from __future__ import annotations

from cowrite.core.document.document import Document
from cowrite.core.text.offsets import InsideCharacter
from cowrite.core.text.richtext import Span


def embed_at(document: Document, at: int) -> Span | None:
    """The embed that is the character behind a position; None for none, also where that is within an emoji."""
    try:
        span = next(document.spans(at)) if 0 <= at < document.length else None
    except InsideCharacter:
        return None
    return span if span is not None and span.embed is not None else None
