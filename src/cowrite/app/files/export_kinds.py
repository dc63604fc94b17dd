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

WORD = frozenset({".docx", ".docm", ".dotx", ".dotm"})
OPEN_DOCUMENT = frozenset({".odt", ".ott", ".fodt"})
"""Endings of Word files and of OpenDocument texts: packed, templates, with macros, and single files of XML."""

TABLES = frozenset({".csv", ".tsv", ".tab"})
"""Endings of files of separated values."""

IMPORTS = frozenset({".md", ".markdown", ".html", ".htm", ".txt", ".text"}) | TABLES | WORD | OPEN_DOCUMENT
"""Endings of the files of other programs that can be opened."""

OTHER_WRITERS = frozenset(".doc .dot .rtf .pages .sxw .wpd .wps .hwp .epub".split())
"""Endings of the files of writing programs that cannot be opened, but saved anew by the program that wrote them."""

OPEN_FILTER = f"Documents (*.cowrite {' '.join(f'*{ending}' for ending in sorted(IMPORTS))});;All files (*)"
"""What a dialog for opening offers."""
