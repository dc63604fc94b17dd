"""Walking through the body by the steps in which it changes.

Runs on whichever thread has the document.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cowrite_server.document.view import Span


def length_of(value: object) -> int:
    """The length of what a step keeps, deletes or inserts, in the library's units."""
    if isinstance(value, str):
        return len(value.encode())
    return value if isinstance(value, int) and not isinstance(value, bool) else 1


class TooFar(Exception):
    """A step goes beyond the end."""


class Walk:
    """Goes through the body's spans and cuts them where steps end."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._spans = spans
        self._index = self._offset = 0
        self.left = sum(span.length for span in spans)

    @property
    def run(self) -> int:
        """Length of what is left of the current span; 0 at the end."""
        return self._spans[self._index].length - self._offset if self._index < len(self._spans) else 0

    def pass_equal(self, other: Walk, most: int) -> int:
        """Goes on together with another walk over whole spans that are equal; gives their length, at most `most`."""
        passed = 0
        if not self._offset and not other._offset:
            ours, theirs = self._spans, other._spans
            while self._index < len(ours) and other._index < len(theirs):
                span = ours[self._index]
                if span[:4] != theirs[other._index][:4] or passed + span.length > most:
                    break
                passed += span.length
                self._index += 1
                other._index += 1
        self.left -= passed
        other.left -= passed
        return passed

    def pass_over(self, length: int) -> None:
        """Goes on by `length` units."""
        for _ in self.take(length):
            pass

    def take(self, length: int) -> Iterator[Span]:
        """The next `length` units, span by span."""
        if length > self.left:
            raise TooFar
        self.left -= length
        while length:
            span = self._spans[self._index]
            step = min(length, self.run)
            if step < span.length:
                assert span.text is not None
                yield span._replace(text=span.text[self._offset : self._offset + step], length=step)
            else:
                yield span
            self._offset += step
            if self._offset == span.length:
                self._index, self._offset = self._index + 1, 0
            length -= step
