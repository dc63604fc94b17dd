"""The formats that a document can be exported to."""

from __future__ import annotations

EXPORTS = {
    "markdown": ("Markdown", ".md"),
    "docx": ("Word", ".docx"),
    "odt": ("OpenDocument text", ".odt"),
    "html": ("Web page", ".html"),
    "pdf": ("PDF", ".pdf"),
    "text": ("Plain text", ".txt"),
}
"""Kinds of export: name and file ending."""

IMPORTS = frozenset({".md", ".markdown", ".html", ".htm", ".docx", ".txt", ".text"})
"""Endings of the files of other programs that can be opened."""

OPEN_FILTER = f"Documents (*.cowrite {' '.join(f'*{ending}' for ending in sorted(IMPORTS))});;All files (*)"
"""What a dialog for opening offers."""
