"""Where passages are in text that was restored: what was gone is written anew, so that their anchors find nothing.

Runs on the document's thread.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cowrite.core.crdt.anchor import Anchor
from cowrite.core.document.document import Document
from cowrite.core.text.richtext import Utf16, utf16_length
from cowrite.core.writing.places import Place

MOST_COMPARED = 1.0  # seconds for which two texts are compared; then the rest counts as written anew


class Restored:
    """A document that was made what it was.

    Args:
        document: as it is now; where people have written meanwhile, the places around that are known.
        then: the document as it was.
    """

    def __init__(self, document: Document, then: Document) -> None:
        self._document, self._then = document, then
        was, now = (each.rope.text(0, each.length) for each in (then, document))
        self._kept = list(_kept(was, now))

    def better(self, place: Place | None, passages: Iterable[tuple[Anchor, Anchor]]) -> Place | None:
        """Where the words are now that somebody has chosen; None where that is not known, or they are at the place.

        Args:
            place: where they are found by their anchors: nowhere, or in a part, where these lie by what was gone.
            passages: the ends of what was chosen; of several the first is meant that was there then.
        """
        found = next(filter(None, (self._place(*ends) for ends in passages)), None)
        if found is None or (place is not None and self._words(place) == self._words(found)):
            return None
        return found

    def _words(self, place: Place) -> str:
        return self._document.rope.text(*place)

    def _place(self, first: Anchor, last: Anchor) -> Place | None:
        """Where a passage is that stood between two anchors then; None where that is not known."""
        start, stop = self._then.resolve(first), self._then.resolve(last)
        if start is None or stop is None or start >= stop:
            return None
        for begin, end, shift in self._kept:
            if begin <= start and stop <= end:
                return Utf16(start + shift), Utf16(stop + shift)
        return None


def _kept(was: str, now: str) -> Iterator[tuple[int, int, int]]:
    """The stretches of a text that a later one has as well: where each begins and ends, and how much further on it is
    there, in UTF-16 units."""
    from diff_match_patch import diff_match_patch  # type: ignore[import-untyped]  # no start waits for it

    comparison = diff_match_patch()
    comparison.Diff_Timeout = MOST_COMPARED
    at = shift = 0
    for kind, text in comparison.diff_main(was, now):
        size = utf16_length(text)
        if kind == comparison.DIFF_INSERT:
            shift += size
        elif kind == comparison.DIFF_DELETE:
            at, shift = at + size, shift - size
        else:
            yield at, at + size, shift
            at += size
