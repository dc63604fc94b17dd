"""Change: what one transaction did to a document's body, as whoever watches the document is told."""

from __future__ import annotations

from typing import NamedTuple

from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import Op


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
