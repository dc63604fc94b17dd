"""Where passages are in text that was restored: what was gone is written anew, so that their anchors find nothing.

Runs on the document's thread.
"""

from __future__ import annotations

from cowrite.core.crdt.anchor import Anchor
from cowrite.core.document.document import Document
from cowrite.core.text.merging import common_beginning
from cowrite.core.text.richtext import Utf16
from cowrite.core.writing.places import Place


class Restored:
    """A document that was made what it was.

    Args:
        document: as it is now; where somebody has changed it meanwhile, the places before and behind that are known.
        then: the document as it was.
    """

    def __init__(self, document: Document, then: Document) -> None:
        self._then = then
        now, was = (each.rope.text(0, each.length).encode("utf-16-le") for each in (document, then))
        self._before = common_beginning(now, was) // 2
        self._behind = then.length - common_beginning(now[::-1], was[::-1]) // 2
        self._longer = document.length - then.length

    def place(self, first: Anchor, last: Anchor) -> Place | None:
        """Where a passage is that stood between two anchors then; None where that is not known."""
        start, stop = self._then.resolve(first), self._then.resolve(last)
        if start is None or stop is None or not (start < stop and (stop <= self._before or start >= self._behind)):
            return None
        shift = 0 if stop <= self._before else self._longer
        return Utf16(start + shift), Utf16(stop + shift)
