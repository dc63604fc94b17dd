"""What the file of another writing program holds, as its reader gives it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cowrite.core.authors import Authorship
from cowrite.core.comments import Placed
from cowrite.core.richtext import Span


@dataclass(frozen=True, slots=True)
class FileRead:
    """What a Word file or an OpenDocument text holds.

    Attributes:
        spans: its rich text, in normal form.
        changed: what in it came in otherwise than it was, in words such as "merged cells".
        left_out: what of it is left out.
        suggested: who suggests each change of which the spans have marks, and when, by its id.
        comments: what is said about it, and where.
    """

    spans: list[Span]
    changed: tuple[str, ...]
    left_out: tuple[str, ...]
    suggested: Mapping[str, Authorship] = field(default_factory=dict)
    comments: tuple[Placed, ...] = ()
