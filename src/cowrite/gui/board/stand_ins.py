"""StandIns: the notes of a board, and which of them stand for those that were merged into them. Without Qt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

from cowrite.core.board.items import Note


class StandIns:
    """The notes that have been read, and the stand-ins among them."""

    def __init__(self) -> None:
        self._notes: dict[str, Note] = {}
        self._found: dict[str, str] = {}

    def shown(self, id: str) -> Note | None:
        """A note that stands for itself; None where it is gone, or where another stands for it."""
        return None if id in self._found else self._notes.get(id)

    def of(self, id: str) -> str:
        """The id of the note that stands for one; that one's own where none does."""
        return self._found.get(id, id)

    def counts(self) -> Counter[str]:
        """For how many others each stands."""
        return Counter(self._found.values())

    def merges(self, read: Collection[Note], asked: Collection[str]) -> bool:
        """Whether a change may let other notes than these stand for themselves, or not any more.

        Args:
            read: notes as they are now.
            asked: the ids of these, and of those that are gone.
        """
        if not self._found and not any(note.merged_into for note in read):
            return False
        known = {note.id: note for note in read}
        return any(
            id not in known or id not in self._notes or known[id].merged_into != self._notes[id].merged_into
            for id in asked
        )

    def take(self, read: Mapping[str, Note], asked: Collection[str] | None = None) -> list[str]:
        """Takes notes as they are now.

        Args:
            read: they, by id.
            asked: what was asked for, or None for all; what is not among `read` is gone.

        Returns:
            The ids of those that are to be shown otherwise: first what has changed, as it was read, and last what is
            gone.
        """
        before = self._notes
        gone = [id for id in (before if asked is None else asked) if id not in read and id in before]
        changed = {id: note for id, note in read.items() if before.get(id) != note}
        merging = bool(gone) or any(
            id not in before or before[id].merged_into != note.merged_into for id, note in changed.items()
        )
        self._notes = {**before, **changed}
        for id in gone:
            del self._notes[id]
        others = self._find() - changed.keys() - set(gone) if merging else set()
        return [*changed, *others, *gone]

    def _find(self) -> set[str]:
        """Finds the stand-ins anew; gives the ids of notes that show, or count, otherwise now."""
        before, self._found = self._found, {}
        for id, note in self._notes.items():
            at = note
            while at.merged_into in self._notes:  # every path ends at one that stands for itself
                at = self._notes[at.merged_into]
            if at is not note:
                self._found[id] = at.id
        return {each for pair in before.items() ^ self._found.items() for each in pair}
