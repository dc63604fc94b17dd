"""How many words a person wants to write, and what they have written of it today; kept on this computer alone.

Runs on any thread.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from cowrite.storage.json_file import read_or_set_aside, write_object

MOST_WORDS = 1_000_000  # of a goal


class Goals(NamedTuple):
    """All goals. What differs from the defaults is made with `_replace`.

    Attributes:
        documents: how many words a document is to have, by its id.
        a_day: how many words are to be written a day, in all documents; 0 for no goal.
        day: the day on which something was counted last, as YYYY-MM-DD.
        written: by how many words the person has made documents longer on that day.
        kept_aside: where a broken file is now, where there are no goals because of it.
    """

    documents: Mapping[str, int] = MappingProxyType({})
    a_day: int = 0
    day: str = ""
    written: float = 0.0
    kept_aside: Path | None = None

    def with_document(self, id: str, words: int) -> Goals:
        """The same with another goal for a document; 0 for none."""
        rest = {other: goal for other, goal in self.documents.items() if other != id}
        return self._replace(documents={**rest, id: words} if words else rest)

    def with_changes(self, before: Goals, now: Goals) -> Goals:
        """The same with what another cowrite of this person has changed: from `before` to `now`."""
        ids = before.documents.keys() | now.documents.keys()
        changed = {id: goal for id in ids if (goal := now.documents.get(id, 0)) != before.documents.get(id, 0)}
        found = self._replace(a_day=now.a_day if now.a_day != before.a_day else self.a_day)
        for id, goal in changed.items():
            found = found.with_document(id, goal)
        if now.day < self.day:
            return found
        more = now.written - before.written_on(now.day)
        return found._replace(day=now.day, written=self.written_on(now.day) + more)

    def written_on(self, day: str) -> float:
        """By how many words the person has made documents longer on a day, which is the last one or later."""
        return self.written if day == self.day else 0.0


def load_goals(path: Path) -> Goals:
    """The goals in a file, without those that make no sense; none where there is no file, or one that is broken or
    cannot be read, which is kept aside.

    Raises:
        StorageFailed: it cannot be kept aside.
    """
    read = read_or_set_aside(path)
    values = read.values
    documents, day, written = values.get("documents"), values.get("day"), values.get("written")
    goals = {id: _goal(words) for id, words in documents.items()} if isinstance(documents, dict) else {}
    found = Goals(
        {id: goal for id, goal in goals.items() if goal}, _goal(values.get("a_day")), kept_aside=read.kept_aside
    )
    if isinstance(day, str) and isinstance(written, int | float) and abs(written) <= MOST_WORDS:
        return found._replace(day=day, written=float(written))
    return found


def save_goals(path: Path, goals: Goals) -> None:
    """Writes goals in one step.

    Raises:
        DiskFull, StorageFailed: the file is as it was.
    """
    values = {**goals._asdict(), "documents": dict(goals.documents)}
    del values["kept_aside"]
    write_object(path, values)


def _goal(value: object) -> int:
    """A goal; 0 for what makes no sense as one."""
    return value if isinstance(value, int) and 0 < value <= MOST_WORDS else 0
