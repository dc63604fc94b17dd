"""Footnotes in drafts, and two replicas of one."""

from __future__ import annotations

from collections.abc import Callable

from cowrite.core.document.document import Document
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.footnotes import embed_of, text_of
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import Span

Apart = tuple[Document, Document, Callable[[], None]]
"""Two replicas, and what brings each to the other."""


def words(text: str, **looks: object) -> tuple[Span, ...]:
    return (Span(text, looks),)


def notes(document: Document) -> list[str]:
    return [text_of(span.embed) for span in document.spans() if span.embed is not None]


def apart() -> Apart:
    """Two replicas of “one¹ two”, and what brings each to the other."""
    left, right = MendedDocument(client_id=7, clock=lambda: 0), MendedDocument(client_id=8, clock=lambda: 0)
    with left.edit(Origin.IMPORT) as edit:
        edit.insert(0, "one two\n")
        edit.insert_embed(3, embed_of(words("See Smith")))

    def meet() -> None:
        for one, other in ((left, right), (right, left)) * 2:  # and what that has put right
            other.apply_remote(one.update_since(other.state_vector()))

    meet()
    return left, right, meet
