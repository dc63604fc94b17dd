"""Change: what one transaction did to a document's body, as whoever watches the document is told."""

from __future__ import annotations

from typing import NamedTuple

from cowrite.core.origin import Origin
from cowrite.core.richtext import Delete, Insert, Op, utf16_length


class Change(NamedTuple):
    """What happened to the body in one transaction.

    Attributes:
        ops: the steps, in order; positions count in the text that the steps before have left.
        origin: where the change comes from.
        source: the object that made it through `Document.edit`, so that it can ignore its own echo; or None.
    """

    ops: tuple[Op, ...]
    origin: Origin
    source: object | None = None

    def moved(self, position: int) -> int:
        """Where a position is after the change; what comes in just at the position comes behind it."""
        for op in self.ops:
            if isinstance(op, Insert) and op.at < position:
                position += utf16_length(op.span.text)
            elif isinstance(op, Delete) and op.at < position:
                position = max(op.at, position - op.length)
        return position
