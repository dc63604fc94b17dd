"""Documents that are closed, for tests of what is done to their files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from cowrite.storage.document.document_file import DocumentFile
from cowrite.storage.layout import Property


def write(path: Path, title: str, text: str, clock: Callable[[], int]) -> Path:
    """A closed document with a title and a text."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with DocumentFile.create(path, title=title, clock=clock) as file:
        file.append([text.encode()])
        file.properties[Property.TEXT] = text
    return path
