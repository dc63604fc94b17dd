"""Spreading: over what text the marks of suggested changes reach, along with what others have written.

Pure. Positions are UTF-16 units. For example, Ada rejects that "two three" goes, while Bo writes "X" before "three". In
Yjs her copy takes the mark away up to "X", and his has set it again behind that: it lies over "three" still, and over
all that follows. That it comes right behind what somebody has brought tells it from a mark that somebody has set there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from cowrite.core.marks.ai_marks import Runs
from cowrite.core.marks.deeds import MARKS, Mark, hashable
from cowrite.core.marks.turns import Spans, Turn
from cowrite.core.text.richtext import DELETION, INSERTION, Span, utf16_length


class Brought(NamedTuple):
    """Text that a change of others brings.

    Attributes:
        at: where it is.
        span: it.
        is_within: whether it is to go, and what stands on both sides of it was to go in the same change before.
    """

    at: int
    span: Span
    is_within: bool

    @property
    def stop(self) -> int:
        """Where it ends."""
        return self.at + utf16_length(self.span.text)

    @property
    def goes_in(self) -> Any:
        """The change in which it is to go; None for none."""
        return hashable(self.span.attributes.get(DELETION))


def comes_along(turned: Turn, brought: Sequence[Brought], spans: Spans) -> bool:
    """Whether the mark of a decided change, which text has got that had none, comes along with what was written within
    that. Nobody else suggests text that is there; who goes on with the change marks more of it to go, but in another
    place than right behind new text."""
    if not brought or turned.name == INSERTION:
        return bool(brought)
    behind = (each.stop for each in brought if each.stop <= turned.at and each.goes_in != hashable(turned.now))
    end = max(behind, default=None)
    return end is not None and all(turned.name in span.attributes for span in spans(end, turned.at))


def goes_on_from(client: int, turned: Turn, runs: Runs, spans: Spans) -> bool:
    """Whether a mark that text has got comes from where a client wrote beside it: nothing that has none is in between.
    Only who goes on with a change marks text to go elsewhere too."""
    if turned.name == INSERTION:
        return True
    stop = turned.at
    for span in reversed(list(spans(0, stop))):
        if turned.name not in span.attributes:
            writers = [id.client for _, id in runs(stop - utf16_length(span.text), span.text)]
            return writers[-1:] == [client]
        stop -= utf16_length(span.text)
    return False


def marks_of(spans: Iterable[Span]) -> set[Mark]:
    """The marks in rich text."""
    return {(name, mark) for span in spans for name in MARKS if (mark := hashable(span.attributes.get(name)))}
