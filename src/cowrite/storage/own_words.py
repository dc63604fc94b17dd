"""A person's own words, which are no mistakes: a text file with one a line, to be edited with any program.

Runs on any thread.
"""

from __future__ import annotations

from pathlib import Path

from cowrite.storage.errors import failures_of


def load_words(path: Path) -> frozenset[str]:
    """The words of a file; none where there is no file.

    Raises:
        StorageError: it cannot be read.
    """
    with failures_of(path):
        try:
            text = path.read_text(encoding="utf-8-sig", errors="replace")
        except FileNotFoundError:
            return frozenset()
    return frozenset(word for line in text.splitlines() if (word := line.strip()))


def add_word(path: Path, word: str) -> None:
    """Puts a word at the end of a file; it is made where there is none.

    Raises:
        StorageError: it cannot be written.
    """
    with failures_of(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        ends = not path.exists() or not path.stat().st_size or path.read_bytes().endswith(b"\n")
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{'' if ends else chr(10)}{word}\n")
