"""MemoryBox: notes and ballots that lie sealed in this process alone.

Runs on the document's thread. What is revealed is put on the board here, so this is for one person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from random import Random

from cowrite.core.board.board import ROOT, Board
from cowrite.core.board.items import Note
from cowrite.core.document.document import Document
from cowrite.core.entries.observers import Observers
from cowrite.core.sessions.polls import Ballot, Polls
from cowrite.core.sessions.sealing import Contributions
from cowrite.core.sessions.sessions import Sessions
from helpers.closed_polls import close_poll


class MemoryBox:
    """A `SealedBox` of one person.

    Args:
        document: where things are revealed.
        chance: draws the order in which they are.
        clock: milliseconds since 1970.
    """

    def __init__(self, document: Document, *, chance: Random, clock: Callable[[], int]) -> None:
        self._board = Board(document, chance=chance, clock=clock)
        self._sessions = Sessions(document, chance=chance, clock=clock)
        self._polls = Polls(document, chance=chance, clock=clock)
        self._chance = chance
        self._entries = document.entries(ROOT)
        self._notes: dict[str, Note] = {}
        self._ballots: dict[str, Ballot] = {}
        self._changes: Observers[frozenset[str]] = Observers()

    def notes(self, session: str) -> list[Note]:
        """See `SealedBox.notes`."""
        return [note for note in self._notes.values() if note.session == session]

    def put(self, notes: Iterable[Note]) -> None:
        """See `SealedBox.put`."""
        new = {note.id: replace(note, is_sealed=True) for note in notes}
        self._notes |= new
        self._changes.tell(frozenset({*new, *(note.session for note in new.values())}))

    def take_back(self, ids: Iterable[str]) -> None:
        """See `SealedBox.take_back`."""
        gone = [self._notes.pop(id) for id in ids if id in self._notes]
        self._changes.tell(frozenset({each for note in gone for each in (note.id, note.session)}))

    def contributions(self, session: str) -> Contributions:
        """See `SealedBox.contributions`."""
        notes = len(self.notes(session))
        return Contributions(notes, min(notes, 1))

    def is_counted(self) -> bool:
        """See `SealedBox.is_counted`."""
        return True

    def reveal(self, session: str) -> None:
        """See `SealedBox.reveal`."""
        notes = self.notes(session)
        self._chance.shuffle(notes)
        begun = self._sessions.get(session)
        hides = begun is not None and begun.is_anonymous
        self._board.add(replace(note, author="" if hides else note.author, is_sealed=False) for note in notes)
        self._sessions.change(session, is_revealed=True)
        self.take_back([note.id for note in notes])

    def ballot(self, poll: str) -> Ballot | None:
        """See `SealedBox.ballot`."""
        return self._ballots.get(poll)

    def put_ballot(self, poll: str, ballot: Ballot) -> None:
        """See `SealedBox.put_ballot`."""
        self._ballots[poll] = ballot
        self._changes.tell(frozenset({poll}))

    def voters(self, poll: str) -> int:
        """See `SealedBox.voters`."""
        return int(poll in self._ballots)

    def close(self, poll: str) -> None:
        """See `SealedBox.close`."""
        ballot = self._ballots.pop(poll, None)
        close_poll(self._polls, poll, [] if ballot is None else [ballot])
        self._changes.tell(frozenset({poll}))

    def no_polls(self) -> str:
        """See `SealedBox.no_polls`."""
        return ""

    def problem(self, box: str) -> str:
        """See `SealedBox.problem`."""
        return ""

    def observe(self, callback: Callable[[frozenset[str]], None]) -> Callable[[], None]:
        """See `SealedBox.observe`."""
        return self._changes.add(callback)
