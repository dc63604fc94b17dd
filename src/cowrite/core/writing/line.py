"""A line of a draft: where it lies, and what its attributes say.

Runs on the document's thread; positions are UTF-16 units.
"""

from __future__ import annotations

from typing import NamedTuple

from cowrite.core.document.document import Document
from cowrite.core.text.direction import RTL, begins_from_right, stated_direction
from cowrite.core.text.richtext import DEEPEST_INDENT, LARGEST_NUMBER, Attributes, block_part

LISTS = ("bullet", "ordered", "checked", "unchecked")


class LineHere(NamedTuple):
    """The line that a position lies in.

    Attributes:
        start: where its text begins.
        end: where its break stands, or the document's length where the last line is open.
        attributes: its block attributes.
    """

    start: int
    end: int
    attributes: Attributes

    @property
    def is_empty(self) -> bool:
        """Whether it has no characters."""
        return self.start == self.end


def line_at(document: Document, at: int) -> LineHere:
    """The line that position `at` lies in."""
    end = document.line_breaks(at, at)[0]
    start = document.rope.rfind("\n", at) + 1
    attributes = block_part(document.rope.attributes_at(end))
    return LineHere(start, end, attributes)


def is_line_from_right(document: Document, line: LineHere) -> bool:
    """Whether a line of a document is read from right to left."""
    stated = stated_direction(line.attributes)
    return begins_from_right(document.rope.text(line.start, line.end)) if stated is None else stated == RTL


def are_whole_lines(document: Document, start: int, stop: int) -> bool:
    """Whether a range is several lines from the beginning of the first to the end of the last, the break of which stays
    where they are deleted."""
    first = line_at(document, start)
    return first.start == start and first.end < stop == line_at(document, stop).end


def heading_level(line: Attributes) -> int:
    """1 to 6 for a heading, else 0: also where another program has written something else there."""
    level = line.get("header")
    return level if isinstance(level, int) and level in range(1, 7) else 0


def list_kind(line: Attributes) -> str | None:
    """One of LISTS, or None for a line that is no list item."""
    kind = line.get("list")
    return kind if isinstance(kind, str) and kind in LISTS else None


def stated_number(line: Attributes) -> int | None:
    """The number that a line states for itself and from which the items below it count on; None for one that counts on
    itself, and for what is no item of a numbered list."""
    start = line.get("start")
    is_number = isinstance(start, int) and not isinstance(start, bool) and 0 <= start <= LARGEST_NUMBER
    return start if is_number and line.get("list") == "ordered" else None


def depth(line: Attributes) -> int:
    """How many steps in a line stands: 0 to DEEPEST_INDENT."""
    indent = line.get("indent")
    return min(max(indent, 0), DEEPEST_INDENT) if isinstance(indent, int) else 0
