"""Which of several files with one identity is the document, and which are copies that somebody has made by hand.

A file manager copies a document with its identity. Opened as the same document, both would push into one room, and
what their owner meant to keep apart would merge. So it is noted where each document lies, in a folder of cowrite's own
and not in the document, which people give away. A file is a copy where the document lies elsewhere still, or on a drive
that is away: it comes back some day, and goes on in its room then. Where the drive is there and the document is not, it
was moved.

One thread at a time. What lies elsewhere may be on a drive that does not answer any more, so it is looked at on a
thread of its own, and no longer than PATIENCE; then that drive is away.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import NamedTuple, Self, TypeVar

from cowrite.storage.document.reading import glance
from cowrite.storage.layout import Property, checksum
from cowrite.storage.placing import has_other_names, is_same_file, replace, temporary_beside

PATIENCE = 2.0  # seconds
SWEEP = 50  # notes with each so many of which those that lead nowhere are looked for
Answer = TypeVar("Answer")

_log = logging.getLogger(__name__)


class Original(NamedTuple):
    """The document of which a file is a copy.

    Attributes:
        path: where it lies.
        is_away: whether its drive is away.
    """

    path: Path
    is_away: bool


class Originals:
    """Where the documents of this computer lie. Raises nothing: what cannot be noted is not known.

    Args:
        folder: where that is noted, a file for each.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def original_of(self, identity: str, path: Path) -> Original | None:
        """The document of which a file is a copy; None where the file is the document itself."""
        noted = self._noted(identity)
        if noted is None or noted.path == path:
            return None

        def look() -> tuple[Original | None]:
            if _is_there(noted.path, identity):
                return (None if is_same_file(noted.path, path) else Original(noted.path, is_away=False),)
            # A file that is renamed with its folder, or mounted elsewhere, is the same one.
            return (Original(noted.path, is_away=True) if noted.is_away and noted.file != _number(path) else None,)

        found = _answer(look)
        return Original(noted.path, is_away=True) if found is None else found[0]

    def place_of(self, identity: str) -> Path | None:
        """Where a document lies; None where that is not known, or it is not there now."""
        noted = self._noted(identity)
        return noted.path if noted is not None and _answer(lambda: _is_there(noted.path, identity)) else None

    def may_be_somewhere(self, identity: str) -> bool:
        """Whether a document lies where it was noted, or may: its drive is away, or does not answer."""
        noted = self._noted(identity)
        return noted is not None and _answer(lambda: noted.is_away or _is_there(noted.path, identity)) is not False

    def name_of(self, path: Path) -> Path:
        """The name by which a document is known of which a file is a hard link; else the file's own."""
        if not has_other_names(path):
            return path
        noted = self._noted(str((glance(path) or {}).get(Property.DOCUMENT_ID, "")))
        return noted.path if noted is not None and _answer(lambda: is_same_file(noted.path, path)) else path

    def note(self, identity: str, path: Path) -> None:
        """The document with this identity lies here."""
        noted, known = _Noted.of(path), self._noted(identity)
        if noted == known:
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with temporary_beside(self._note(identity)) as temporary:
                temporary.write_bytes(noted.written())
                replace(temporary, self._note(identity))
            if known is None and sum(1 for _note in self._folder.iterdir()) % SWEEP == 0:
                self._sweep()
        except OSError as error:
            _log.warning("where a document lies could not be noted: %s", error)

    def _sweep(self) -> None:
        """Takes away the notes of documents that are not where they were, though their drive is there."""
        notes = {note: noted for note in self._folder.iterdir() if (noted := _read(note)) is not None}
        nowhere = _answer(lambda: [note for note, noted in notes.items() if noted.leads_nowhere])
        for note in nowhere or ():
            note.unlink(missing_ok=True)

    def _note(self, identity: str) -> Path:
        return self._folder / checksum(identity).hex()

    def _noted(self, identity: str) -> _Noted | None:
        return _read(self._note(identity))


class _Noted(NamedTuple):
    """Where a document lies.

    Attributes:
        path: there.
        drive: the folder at which its drive is mounted; None where that was not noted.
        file: the number of its file on that drive.
    """

    path: Path
    drive: Path | None = None
    file: str = ""

    @classmethod
    def of(cls, path: Path) -> Self:
        """What there is to be noted of a document at a path."""
        return cls(path, next(_drives_of(path), None), _number(path))

    def written(self) -> bytes:
        """As it is kept; `_read` reads it."""
        return b"\0".join((os.fsencode(self.path), os.fsencode(self.drive or ""), self.file.encode()))

    @property
    def is_away(self) -> bool:
        """Whether its drive is."""
        return self.drive is not None and not _is_drive(self.drive)

    @property
    def leads_nowhere(self) -> bool:
        """Whether there is nothing at the path, although its drive is there."""
        if self.drive is None or self.is_away:
            return False
        try:
            self.path.lstat()
        except (FileNotFoundError, NotADirectoryError):
            return True
        except OSError:  # what cannot be looked at may be there
            return False
        return False


def _read(note: Path) -> _Noted | None:
    with suppress(OSError):
        path, drive, file = (*map(os.fsdecode, note.read_bytes().split(b"\0")), "", "")[:3]
        return _Noted(Path(path), Path(drive) if drive else None, file)
    return None


def _drives_of(path: Path) -> Iterator[Path]:
    """Folders above a path at which drives are mounted, the nearest one first."""
    return (folder for folder in path.parents if _is_drive(folder))


def _is_drive(folder: Path) -> bool:
    """Whether a drive is mounted at a folder."""
    with suppress(OSError):
        # WORKAROUND python/cpython#73045: on Windows each letter is said to be a drive, and below one that is none a
        # question fails.
        return os.path.ismount(folder) and folder.exists()
    return False


def _number(path: Path) -> str:
    with suppress(OSError):
        return str(path.stat().st_ino)
    return ""


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
