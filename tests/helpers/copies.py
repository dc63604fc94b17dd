"""Copies of a document, as teammates have them."""

from __future__ import annotations

from cowrite.core.document.document import Document
from cowrite.core.mending.mended_document import MendedDocument


def copy_of(document: Document) -> Document:
    """A teammate's copy."""
    other = MendedDocument(clock=lambda: 0)
    other.apply_remote(document.state())
    return other


def meet(one: Document, other: Document) -> None:
    """Brings each of two copies what the other has."""
    one.apply_remote(other.update_since(one.state_vector()))
    other.apply_remote(one.update_since(other.state_vector()))
