"""What a draft says of text that came from a language model: who accepted it, from which model, and when.

Runs on the GUI thread.
"""

from __future__ import annotations

from cowrite.core.document import Document


def assist_words(document: Document, assist: str) -> str:
    """One assist in words; empty where the document has no record of it."""
    return ""
