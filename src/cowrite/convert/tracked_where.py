"""The tracked changes of a file that is being read, as suggested ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from cowrite.core.entries.authors import Authorship
from cowrite.core.text.richtext import DELETION, INSERTION, Line
from cowrite.core.text.suggested_text import MOST_TYPED, suggested_part, with_marks

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class TrackedWhere:
    """The tracked changes of one file.

    Files have an element for each run or place. While one is read, a mark has the number of its author and moment; in
    the end, what one person has changed at one moment side by side is one change, and so is what they have moved then:
    the same words go in one place and come in another.
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
        texts: dict[tuple[str, str], str] = {}  # by the name of a mark and the id

        def settle(attributes: Mapping[str, Any], text: str = "\n") -> Mapping[str, Any]:
            nonlocal open_
            marks = suggested_part(attributes)
            before, open_ = open_, {}
            for number in marks.values():
                id = before.get(number) or f"change:{len(found) + 1}"
                found.setdefault(id, authorships[number])
                open_[number] = id
            for name, number in marks.items():
                key = name, open_[number]
                texts[key] = texts.get(key, "") + text
            return {**attributes, **{name: open_[number] for name, number in marks.items()}}

        settled = [
            Line(
                tuple(replace(span, attributes=settle(span.attributes, span.text)) for span in line.spans),
                settle(line.attributes),
            )
            for line in lines
        ]
        if moves := dict(_moves(texts, found)):
            settled = [_renamed(line, moves) for line in settled]
            found = {id: authorship for id, authorship in found.items() if id not in moves}
        if settled:
            settled[-1] = with_marks(settled[-1], {})
        return settled, found


def _moves(texts: Mapping[tuple[str, str], str], of: Mapping[str, Authorship]) -> Iterator[tuple[str, str]]:
    """The changes by which only words come that go in another one of the same person and moment, each with that one.

    Args:
        texts: of the changes, by the name of a mark and the id of the change.
        of: who has made each change, and when.
    """
    gone: dict[tuple[Authorship, str], list[str]] = {}
    for (name, id), text in texts.items():
        if name == DELETION and (INSERTION, id) not in texts:
            gone.setdefault((of[id], text.strip("\n")), []).append(id)
    for (name, id), text in texts.items():
        words = text.strip("\n")
        is_new = name == INSERTION and (DELETION, id) not in texts and len(words) > MOST_TYPED
        if is_new and (ids := gone.get((of[id], words))):
            yield id, ids.pop(0)


def _renamed(line: Line, ids: Mapping[str, str]) -> Line:
    """A line with other ids in its marks."""

    def rename(attributes: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**attributes, **{name: ids.get(id, id) for name, id in suggested_part(attributes).items()}}

    return Line(
        tuple(replace(span, attributes=rename(span.attributes)) for span in line.spans), rename(line.attributes)
    )


def moment(stated: str) -> int:
    """A moment by its milliseconds since 1970; 0 for what is none. What names no clock is taken for UTC."""
    try:
        found = datetime.fromisoformat(stated)
        return (found.replace(tzinfo=found.tzinfo or UTC) - EPOCH) // timedelta(milliseconds=1)
    except (ValueError, OverflowError):
        return 0
