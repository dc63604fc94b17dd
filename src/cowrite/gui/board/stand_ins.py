"""StandIns: which notes of a board stand for those that were merged into them. Without Qt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from cowrite.core.board.items import Note


class StandIns:
    """The stand-ins among some notes."""

    def __init__(self) -> None:
        self._found: dict[str, str] = {}

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self._found)

    def __contains__(self, id: str) -> bool:
        """Whether another note stands for this one."""
        return id in self._found

    def of(self, id: str) -> str:
        """The id of the note that stands for one; that one's own where none does."""
        return self._found.get(id, id)

    def counts(self) -> Counter[str]:
        """For how many others each stands."""
        return Counter(self._found.values())

    def find(self, notes: Mapping[str, Note]) -> set[str]:
        """Finds them among other notes than before; gives the ids of those that show, or count, otherwise now."""
        before, self._found = self._found, {}
        for id, note in notes.items():
            at = note
            while at.merged_into in notes:  # every path ends at one that stands for itself
                at = notes[at.merged_into]
            if at is not note:
                self._found[id] = at.id
        return {each for pair in before.items() ^ self._found.items() for each in pair}
