"""Which of several files with one identity is the document, and which are copies that somebody has made by hand.

A file manager copies a document with its identity. Opened as the same document, both would push into one room, and
what their owner meant to keep apart would merge. So it is noted where each document lies, in a folder of cowrite's own
and not in the document, which people give away. A file is a copy where the document lies elsewhere still; where it does
not, the document was moved.

One thread at a time. What lies elsewhere may be on a drive that does not answer any more, so it is looked at on a
thread of its own, and no longer than PATIENCE; then it is not there.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TypeVar

from cowrite.storage.layout import Property, checksum
from cowrite.storage.placing import has_other_names, is_same_file, temporary_beside
from cowrite.storage.reading import glance

PATIENCE = 2.0  # seconds
Answer = TypeVar("Answer")

_log = logging.getLogger(__name__)


class Originals:
    """Where the documents of this computer lie. Raises nothing: what cannot be noted is not known.

    Args:
        folder: where that is noted, a file for each.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def original_of(self, identity: str, path: Path) -> Path | None:
        """Where the document lies of which a file is a copy; None where the file is the document itself."""
        original = self._noted(identity)
        if original is None or original == path:
            return None

        def look() -> Path | None:
            return original if _is_there(original, identity) and not is_same_file(original, path) else None

        return _answer(look)

    def place_of(self, identity: str) -> Path | None:
        """Where a document lies; None where that is not known, or it is not there any more."""
        original = self._noted(identity)
        return original if original is not None and _answer(lambda: _is_there(original, identity)) else None

    def name_of(self, path: Path) -> Path:
        """The name by which a document is known of which a file is a hard link; else the file's own."""
        if not has_other_names(path):
            return path
        original = self._noted(str((glance(path) or {}).get(Property.DOCUMENT_ID, "")))
        return original if original is not None and _answer(lambda: is_same_file(original, path)) else path

    def note(self, identity: str, path: Path) -> None:
        """The document with this identity lies here."""
        if self._noted(identity) == path:
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with temporary_beside(self._note(identity)) as temporary:
                temporary.write_bytes(os.fsencode(path))
                temporary.replace(self._note(identity))
        except OSError as error:
            _log.warning("where a document lies could not be noted: %s", error)

    def _note(self, identity: str) -> Path:
        return self._folder / checksum(identity).hex()

    def _noted(self, identity: str) -> Path | None:
        with suppress(OSError):
            return Path(os.fsdecode(self._note(identity).read_bytes()))
        return None


def _is_there(path: Path, identity: str) -> bool:
    """Whether the document of this identity is in a file."""
    return (glance(path) or {}).get(Property.DOCUMENT_ID) == identity


def _answer(look: Callable[[], Answer]) -> Answer | None:
    """What is found where somebody looks; None where the drive does not answer."""
    answers: SimpleQueue[Answer] = SimpleQueue()
    Thread(target=lambda: answers.put(look()), name="originals", daemon=True).start()
    try:
        return answers.get(timeout=PATIENCE)
    except Empty:
        _log.warning("where a document was, the drive does not answer")
        return None
