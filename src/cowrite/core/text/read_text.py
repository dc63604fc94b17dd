"""ReadText: the characters of rich text in which changes are suggested, as somebody reads them, and where they stand.

Positions are UTF-16 units, in what is read and in the text itself.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from cowrite.core.text.footnotes import text_of
from cowrite.core.text.richtext import Span, Utf16, utf16_length


class ReadText:
    """A text without what one of both marks says.

    Args:
        spans: all of it.
        without: INSERTION for the text as it stands, DELETION for the text as it is suggested.
        start: where the spans begin, in the text that positions are given in.
        with_embeds: whether embeds are read, each as EMBED_CHARACTER.
        tells_notes: whether what footnotes say is read in their place, in brackets.

    Attributes:
        text: what is read.
    """

    def __init__(
        self,
        spans: Iterable[Span],
        without: str,
        start: int = 0,
        *,
        with_embeds: bool = True,
        tells_notes: bool = False,
    ) -> None:
        texts: list[str] = []
        self._read = [0]  # where each stretch that is read begins, in what is read
        self._at = [start]  # the same in the text
        read, at = 0, start
        for span in spans:
            units = utf16_length(span.text)
            note = text_of(span.embed) if tells_notes else ""
            is_read = with_embeds or span.embed is None or bool(note)
            if is_read and without not in span.attributes:
                if at - self._at[-1] != read - self._read[-1]:
                    self._read.append(read)
                    self._at.append(at)
                texts.append(f" ({note})" if note else span.text)
                read += utf16_length(texts[-1])
                if note:
                    self._read.append(read)
                    self._at.append(at + units)
            at += units
        self._end = at
        self.text = "".join(texts)

    def place(self, start: int, stop: int) -> tuple[Utf16, Utf16]:
        """Where characters that are read stand in the text, with what is not read between them; for two equal positions
        behind what is read before them."""
        end = self._in_text(stop, max(0, bisect_left(self._read, stop) - 1))
        if start >= stop:
            return end, end
        first = bisect_right(self._read, start) - 1
        return Utf16(min(self._in_text(start, first), self._stop(first) - 1)), end

    def places(self, ranges: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        """Where several stretches that are read stand, see `place`."""
        if len(self._read) == 1 and not self._at[0]:  # all is read, and a letter may be in it a hundred thousand times
            return list(ranges)
        return [self.place(*each) for each in ranges]

    def position(self, at: int) -> int:
        """How much is read before a position of the text."""
        index = max(0, bisect_right(self._at, at) - 1)
        stop = self._read[index + 1] if index + 1 < len(self._read) else utf16_length(self.text)
        return min(self._read[index] + max(0, at - self._at[index]), stop)

    def _in_text(self, at: int, index: int) -> Utf16:
        return Utf16(min(self._at[index] + at - self._read[index], self._stop(index)))  # within what a footnote says

    def _stop(self, index: int) -> int:
        return self._at[index + 1] if index + 1 < len(self._at) else self._end
