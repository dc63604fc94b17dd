"""Corrections: how often a copy of a document has put each mark right.

Pure. Another copy may see a mark in another way, and the two would correct each other for ever.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from typing import TypeVar

MOST_OWN = 10
"""So often this copy takes away one mark, or sets one, that others' changes brought or took from its own text, and one
that is of its own change alone."""

MOST_OTHERS = 5
"""So often with others' text. Its writer knows better: text of this copy that somebody brings back is theirs then."""

Text = TypeVar("Text")
"""Text with a wrong mark."""


class Corrections:
    """Those of one copy."""

    def __init__(self) -> None:
        self._made: Counter[tuple[Hashable, int]] = Counter()

    def make(self, found: Sequence[tuple[Hashable, int, Text]]) -> Iterator[Text]:
        """What of the text is put right once more. In one change a mark counts once, in however many parts its text
        lies.

        Args:
            found: what has a wrong mark after a change: the mark, how often it is put right at most, and the text.
        """
        self._made.update({(mark, most) for mark, most, _ in found})
        return (text for mark, most, text in found if self._made[mark, most] <= most)
