"""The document as it was at a moment, and what that moment had added to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cowrite.core.change import Change
from cowrite.core.document import Document
from cowrite.core.richtext import Insert, utf16_length


@dataclass(frozen=True, slots=True)
class Earlier:
    """A document as it was.

    Attributes:
        document: the document; nobody else has it, and nothing comes to it.
        added: stretches of the body that the last step had added, as (start, stop) in UTF-16 units, in order.
    """

    document: Document
    added: tuple[tuple[int, int], ...]


def open_earlier(update: bytes, before: bytes | None = None) -> Earlier:
    """Opens a document as it was.

    Args:
        update: the document as one update.
        before: the same document a step earlier; without it nothing counts as added.

    Raises:
        MalformedUpdate: one of the two is no update.
    """
    document = Document(clock=lambda: 0)
    if before is None:
        document.apply_remote(update)
        return Earlier(document, ())
    document.apply_remote(before)
    changes: list[Change] = []
    stop = document.observe_changes(changes.append)
    document.apply_remote(update)
    stop()
    return Earlier(document, tuple(_added(changes)))


def _added(changes: Sequence[Change]) -> list[tuple[int, int]]:
    """The stretches that one update has put in; its steps go from the body's beginning to its end."""
    stretches: list[tuple[int, int]] = []
    for change in changes:
        for op in change.ops:
            if isinstance(op, Insert):
                stop = op.at + utf16_length(op.span.text)
                if stretches and stretches[-1][1] == op.at:
                    stretches[-1] = (stretches[-1][0], stop)
                else:
                    stretches.append((op.at, stop))
    return stretches
