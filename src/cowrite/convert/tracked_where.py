"""The tracked changes of a file that is being read, as suggested ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from cowrite.core.entries.authors import Authorship
from cowrite.core.text.richtext import Line
from cowrite.core.text.suggested_text import suggested_part, with_marks

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class TrackedWhere:
    """The tracked changes of one file.

    Files have an element for each run or place. While one is read, a mark has the number of its author and moment; in
    the end, what one person has changed at one moment side by side is one change.
    """

    def __init__(self) -> None:
        self._authorships: dict[Authorship, str] = {}

    def number(self, by: Authorship) -> str:
        """The number of who has changed something, and when."""
        return self._authorships.setdefault(by, str(len(self._authorships)))

    def settled(self, lines: Iterable[Line]) -> tuple[list[Line], dict[str, Authorship]]:
        """The lines of the file with the ids of changes as marks, and whose each is. The last line's break stays.

        Args:
            lines: all lines, marked with numbers.
        """
        authorships = {number: authorship for authorship, number in self._authorships.items()}
        found: dict[str, Authorship] = {}
        open_: dict[str, str] = {}

        def settle(attributes: Mapping[str, Any]) -> Mapping[str, Any]:
            nonlocal open_
            marks = suggested_part(attributes)
            before, open_ = open_, {}
            for number in marks.values():
                id = before.get(number) or f"change:{len(found) + 1}"
                found.setdefault(id, authorships[number])
                open_[number] = id
            return {**attributes, **{name: open_[number] for name, number in marks.items()}}

        settled = [
            Line(
                tuple(replace(span, attributes=settle(span.attributes)) for span in line.spans), settle(line.attributes)
            )
            for line in lines
        ]
        if settled:
            settled[-1] = with_marks(settled[-1], {})
        return settled, found


def moment(stated: str) -> int:
    """A moment by its milliseconds since 1970; 0 for what is none. What names no clock is taken for UTC."""
    try:
        found = datetime.fromisoformat(stated)
        return (found.replace(tzinfo=found.tzinfo or UTC) - EPOCH) // timedelta(milliseconds=1)
    except (ValueError, OverflowError):
        return 0
