"""Comments on passages of a small draft."""

from __future__ import annotations

from cowrite.core.comments.comments import Comments
from cowrite.core.document.document import Document
from cowrite.core.entries.authors import Author

ADA, BO = Author("Ada", "#c4314b", "a1"), Author("Bo", "#2f5fd0", "b2")
TEXT = "Ada: 👍 we plant herbs.\nBo: good."


def on(comments: Comments, document: Document, words: str, said: str = "Why?", author: Author = ADA) -> str:
    """A comment on the first place where some words stand."""
    start = len(document.text().partition(words)[0].encode("utf-16-le")) // 2
    return comments.add(start, start + len(words.encode("utf-16-le")) // 2, said, author)


def place(comments: Comments, document: Document, id: str) -> str | None:
    """The words on which a thread stands now."""
    placed = comments.get(id)
    assert placed is not None
    return None if placed.place is None else document.rope.text(*placed.place)
