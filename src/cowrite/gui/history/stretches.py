"""Stretches: who wrote what of a document as it was, and what of it a moment had added.

Positions are UTF-16 units of the document as it is shown, with what was removed in its old place.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cowrite.core.document.earlier import Earlier
from cowrite.gui.history.moment_words import Author


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the body by one author.

    Attributes:
        start, stop: in UTF-16 units.
        author: who wrote it.
    """

    start: int
    stop: int
    author: Author


class Stretches:
    """Those of one moment.

    Args:
        earlier: the document, as it is shown.
        written: who wrote what, in order, in the body as it was.

    Attributes:
        all: those of the document, in order.
        added: what of it is emphasised as added, in order.
    """

    def __init__(self, earlier: Earlier, written: Sequence[Stretch]) -> None:
        placed = zip(written, earlier.places([(each.start, each.stop) for each in written]), strict=True)
        self.all = tuple(Stretch(*part, each.author) for each, parts in placed for part in parts)
        self.added = earlier.added
        self._starts = [stretch.start for stretch in self.all]
        self._added_starts = [start for start, _ in earlier.added]

    def author_at(self, position: int) -> Author | None:
        """Who wrote the character at a position; None for nobody known."""
        index = bisect_right(self._starts, position) - 1
        return self.all[index].author if index >= 0 and position < self.all[index].stop else None

    def authors_of_added(self) -> tuple[Author, ...]:
        """Who wrote what was added, each once."""
        return tuple(dict.fromkeys(author for added in self.added for _, _, author in self._within(*added)))

    def pieces(self, begin: int, end: int) -> Iterator[tuple[int, int, Author, bool]]:
        """The parts of a range with one author each that were added or were not: start, stop, author, whether added."""
        for start, stop, author in self._within(begin, end):
            for at, to, is_added in self._split(start, stop):
                yield at, to, author, is_added

    def _within(self, begin: int, end: int) -> Iterator[tuple[int, int, Author]]:
        """The parts of a range with one author each."""
        index = max(0, bisect_right(self._starts, begin) - 1)
        while index < len(self.all) and self.all[index].start < end:
            stretch = self.all[index]
            if stretch.stop > begin:
                yield max(begin, stretch.start), min(end, stretch.stop), stretch.author
            index += 1

    def _split(self, start: int, stop: int) -> Iterator[tuple[int, int, bool]]:
        index = max(0, bisect_right(self._added_starts, start) - 1)
        while start < stop:
            while index < len(self.added) and self.added[index][1] <= start:
                index += 1
            if index == len(self.added) or self.added[index][0] >= stop:
                yield start, stop, False
                return
            first, last = self.added[index]
            if start < first:
                yield start, first, False
            yield max(start, first), min(stop, last), True
            start = min(stop, last)
