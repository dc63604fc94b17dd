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
        names: of the attributes and embeds that the steps bring; None where nobody has gathered them.
    """

    ops: tuple[Op, ...]
    origin: Origin
    source: object | None = None
    names: frozenset[str] | None = None

    def may_bring(self, *names: str) -> bool:
        """Whether it may bring attributes or embeds of these names."""
        return self.names is None or not self.names.isdisjoint(names)

    def followed_by(self, ops: tuple[Op, ...]) -> Change:
        """It with more steps behind its own."""
        return self._replace(ops=self.ops + ops, names=None)
