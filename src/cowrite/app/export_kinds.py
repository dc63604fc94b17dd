"""The formats that a document can be exported to."""

from __future__ import annotations

EXPORTS = {
    "markdown": ("Markdown", ".md"),
    "odt": ("OpenDocument text", ".odt"),
    "html": ("Web page", ".html"),
    "pdf": ("PDF", ".pdf"),
    "text": ("Plain text", ".txt"),
}
"""Kinds of export: name and file ending."""
