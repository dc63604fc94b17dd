"""Whether a file whose ending says nothing, such as a log, is a text that can be opened. Runs on any thread."""

from __future__ import annotations

from pathlib import Path

from cowrite.storage.errors import advice_for
from cowrite.storage.layout import SUFFIX

_BEGINNING = 64 * 1024  # bytes by which it is told


def is_text(path: Path) -> bool:
    """Whether a file is no document by its ending and begins as a text does, in whichever encoding, or is empty.

    Args:
        path: the file, or a place where there is none.
    """
    if path.suffix.lower() == SUFFIX or advice_for(path):
        return False
    from cowrite.convert.errors import ConvertError, UnknownEncoding  # most files are documents
    from cowrite.convert.notes.list_file import list_text

    try:
        if not path.is_file():
            return False  # a pipe waits for who writes it
        with path.open("rb") as file:
            beginning = file.read(_BEGINNING)
    except (OSError, ValueError):
        return False  # who opens it says why
    try:
        list_text(beginning, path)
    except UnknownEncoding:
        return True  # or its last character is cut
    except ConvertError:
        return False
    return True
