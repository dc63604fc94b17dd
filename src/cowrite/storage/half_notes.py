"""What one person has begun to write on the pad of a document's sessions and not kept yet, new notes and other words
for those that are there: a small file in the application's data folder.

It is not in the document's file, which people copy and send. Like what is sealed it is written in place at once, from
when on kill -9 does not take it.

One thread at a time.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from cowrite.storage.json_file import read_object, write_own_object


class Half(NamedTuple):
    """What stands there.

    Attributes:
        words: it.
        before: the words of the note in whose place they are to come; empty for a new note.
    """

    words: str
    before: str = ""


class HalfNotes:
    """The file of one document.

    Args:
        path: the file; it and its folder need not be there.

    Attributes:
        kept_aside: where a broken file is now, once it was read.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.kept_aside: Path | None = None
        self._others: Mapping[str, Any] = {}  # what this version does not know, as a later one may write it

    def read(self) -> dict[str, Half]:
        """What is half written, by the id of its session, or of the note that it changes; nothing where there is no
        file, or a broken one, which is kept aside.

        Raises:
            StorageFailed: the system refuses to read it.
        """
        found = read_object(self._path)
        self.kept_aside = found.kept_aside
        halves = {id: _half(value) for id, value in found.values.items()}
        self._others = {id: found.values[id] for id, half in halves.items() if half is None}
        return {id: half for id, half in halves.items() if half is not None and half.words.strip()}

    def write(self, halves: Mapping[str, Half]) -> None:
        """Puts these in place of those that were there, for this person's eyes only; without any there is no file.

        Raises:
            DiskFull, StorageFailed: the file is as it was.
        """
        # A new note is its words alone, as an earlier cowrite has it.
        known = {id: half if half.before else half.words for id, half in halves.items()}
        write_own_object(self._path, {**self._others, **known})


def _half(value: Any) -> Half | None:
    match value:
        case str():
            return Half(value)
        case [str() as words, str() as before]:
            return Half(words, before)
    return None
