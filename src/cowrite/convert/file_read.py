"""What the file of another writing program holds, as its reader gives it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from cowrite.convert.normal import normal_lines, spans_from
from cowrite.core.comments.comments import Placed
from cowrite.core.document.watched import Check, watched
from cowrite.core.entries.authors import Authorship
from cowrite.core.text.richtext import PAGE_BREAK, Line, Span, without
from cowrite.core.text.table import row_id

OTHER_NUMBERS = "numbers of items"
"""What comes in otherwise where items have other numbers than here before them, or words."""
READINGS = "the readings above characters"
"""What is left out of Japanese and Chinese texts that say how characters are read (ruby)."""


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


class Losses:
    """What one file holds that rich text has no place for; each kind once, as it was met first.

    Attributes:
        changed: see `FileRead.changed`.
        left_out: see `FileRead.left_out`.
    """

    def __init__(self) -> None:
        self.changed: dict[str, None] = {}
        self.left_out: dict[str, None] = {}

    def change(self, what: str) -> None:
        """Takes note of what comes in otherwise than it was."""
        self.changed[what] = None

    def leave_out(self, what: str) -> None:
        """Takes note of what does not come in."""
        self.left_out[what] = None


class Tracked(Protocol):
    """What is suggested in one file."""

    def settled(self, lines: list[Line]) -> tuple[list[Line], dict[str, Authorship]]:
        """The lines with the ids of changes as marks, and whose each is."""


class Remarks(Protocol):
    """What is said about one file."""

    def settled(self, lines: list[Line]) -> tuple[list[Line], tuple[Placed, ...]]:
        """The lines without pieces, and what is said about them."""


def whole(lines: Iterable[Line], check: Check) -> list[Line]:
    """All lines of a file in normal form; behind a table at its end stands an empty one, and that a page begins with
    the first line says nothing.

    Args:
        lines: as they are read.
        check: ends the reading.
    """
    found = normal_lines(watched(lines, check), keeps_suggested=True)
    if found and PAGE_BREAK in found[0].attributes:
        rest = without(found[0].attributes, PAGE_BREAK)
        found[0] = Line(found[0].spans, rest)
    return [*found, Line(())] if found and row_id(found[-1].attributes) else found


def file_read(lines: list[Line], losses: Losses, tracked: Tracked, comments: Remarks, check: Check) -> FileRead:
    """What a file holds, once all of it is read.

    Args:
        lines: all of them, see `whole`.
        losses: what is not in them as it was.
        tracked: what is suggested.
        comments: what is said.
        check: ends the reading.
    """
    lines, suggested = tracked.settled(lines)
    lines, placed = comments.settled(lines)
    spans = spans_from(watched(lines, check))
    return FileRead(spans, tuple(losses.changed), tuple(losses.left_out), suggested, placed)
