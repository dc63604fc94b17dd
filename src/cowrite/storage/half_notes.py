"""What one person has begun to write on the pad of a document's sessions and not kept yet: a small file in the
application's data folder.

It is not in the document's file, which people copy and send. Like what is sealed it is written in place at once, from
when on kill -9 does not take it.

One thread at a time.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from cowrite.storage.errors import failures_of
from cowrite.storage.json_file import read_object
from cowrite.storage.placing import write_for_oneself


class HalfNotes:
    """The file of one document.

    Args:
        path: the file; it and its folder need not be there.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> dict[str, str]:
        """The words by the ids of their sessions; none where there is no file, or a broken one, which is kept aside.

        Raises:
            StorageFailed: the system refuses to read it.
        """
        values = read_object(self._path).values
        return {session: words for session, words in values.items() if isinstance(words, str) and words.strip()}

    def write(self, words: Mapping[str, str]) -> None:
        """Puts these in place of what was there, for this person's eyes only; without any there is no file.

        Raises:
            DiskFull, StorageFailed: the file is as it was.
        """
        with failures_of(self._path):
            if words:
                write_for_oneself(self._path, json.dumps(words).encode())
            else:
                self._path.unlink(missing_ok=True)
