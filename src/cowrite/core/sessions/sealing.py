"""Sealing: where notes lie until they are revealed, and ballots until a poll is closed.

Runs on the document's thread. What lies in a box is not in the document, nor in anything that reaches others. A box
knows the contents of whoever sits here alone, and of the others only how many there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from cowrite.core.board.items import Note
from cowrite.core.sessions.polls import Ballot


@dataclass(frozen=True, slots=True)
class Contributions:
    """What everybody may know of the notes that lie sealed.

    Attributes:
        notes: how many there are.
        people: by how many people they are.
    """

    notes: int = 0
    people: int = 0


class SealedBox(Protocol):
    """Where notes and ballots lie sealed, as those see it who write them."""

    def notes(self, session: str) -> list[Note]:
        """One's own notes of a session that lie here, in the order in which they were put in."""

    def put(self, notes: Iterable[Note]) -> None:
        """Puts notes in; each names its session. A note whose id lies here already takes that one's place."""

    def take_back(self, ids: Iterable[str]) -> None:
        """Takes one's own notes out again; ids that do not lie here are passed over."""

    def contributions(self, session: str) -> Contributions:
        """How much lies sealed for a session, by everybody."""

    def is_counted(self) -> bool:
        """Whether it is known how much others have put in; before the server has said so, it is not."""

    def reveal(self, session: str) -> None:
        """Has all notes of a session put on the board, in an order that says nothing; they arrive there later."""

    def ballot(self, poll: str) -> Ballot | None:
        """One's own ballot, or None where there is none yet."""

    def put_ballot(self, poll: str, ballot: Ballot) -> None:
        """Puts one's ballot in, in place of an earlier one."""

    def voters(self, poll: str) -> int:
        """How many ballots lie here."""

    def close(self, poll: str) -> None:
        """Has a poll closed with all its ballots; they arrive in the document later."""

    def no_polls(self) -> str:
        """Why no ballots of several people can be counted here, in one sentence; empty where they can."""

    def problem(self, box: str) -> str:
        """What of one's own in the box of a session or poll lies on this computer alone, or was refused, in one
        sentence; empty where there is no such thing."""

    def observe(self, callback: Callable[[frozenset[str]], None]) -> Callable[[], None]:
        """Calls back with the ids of the sessions, polls and notes of which more or less is known now.

        Returns:
            The function that ends it.
        """
