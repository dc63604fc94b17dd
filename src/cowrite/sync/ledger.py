"""Counts local changes until the server says that they are on its disk.

Sans-I/O. Follows the counting of SAVED in `cowrite_server.wire.protocol`: what is sent on one connection is numbered
from 1, and `SAVED n` settles the first n. What a connection leaves unsettled when it ends travels again in the next
one's step 2, so it only goes back to being unsent.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class _Sent:
    """A numbered message on its way.

    Attributes:
        number: its number on this connection.
        changes: how many local changes it carries for the first time.
        state_vector: what the server knows with this message and all before it, or None where nobody worked it out.
    """

    number: int
    changes: int
    state_vector: bytes | None


class Ledger:
    """Which local changes are unsent, on their way, and held back."""

    def __init__(self, waiting: int = 0) -> None:
        """Starts with `waiting` changes from before that are not on the server's disk."""
        self._unsent = waiting
        self._held = 0
        self._holding = False
        self._sent: deque[_Sent] = deque()
        self._number = 0
        self._refused = 0  # the newest message that was sent before a refusal

    @property
    def waiting(self) -> int:
        """Number of local changes that are not known to be on the server's disk."""
        return self._unsent + self._held + sum(sent.changes for sent in self._sent)

    @property
    def in_flight(self) -> bool:
        """Whether the server still owes a confirmation, be it for a message without changes."""
        return bool(self._sent)

    @property
    def newest(self) -> int:
        """The number of the newest message of this connection; 0 before the first."""
        return self._number

    @property
    def holding(self) -> bool:
        """Whether a change was refused, so that later ones cannot be sent: they build on what the server lacks."""
        return self._holding

    def change(self) -> None:
        """Enters one local change."""
        if self._holding:
            self._held += 1
        else:
            self._unsent += 1

    def send_update(self, changes: int, state_vector: bytes | None) -> None:
        """Enters an update message that carries so many of the unsent changes, the oldest ones.

        Args:
            changes: their number.
            state_vector: the document's, where the document has no later change; otherwise None.
        """
        self._number += 1
        self._sent.append(_Sent(self._number, changes, state_vector))
        self._unsent -= changes

    def send_everything(self, state_vector: bytes) -> None:
        """Enters a step 2 message: it carries whatever the server lacks, refused changes too."""
        self._unsent += self._held
        self._held = 0
        self._holding = False
        self.send_update(self._unsent, state_vector)

    def send_unconfirmed(self) -> None:
        """Enters a message to a server that never confirms: what is sent to it is not counted any more."""
        self._unsent = self._held = 0
        self._holding = False

    def saved(self, count: int) -> bytes | None:
        """The first `count` messages of this connection are on the server's disk.

        Returns:
            the state vector that the server is now known to have, or None where nothing new is known.
        """
        newest = None
        while self._sent and self._sent[0].number <= count:
            newest = self._sent.popleft().state_vector or newest
        return newest

    def refused(self, number: int) -> bool:
        """Message `number` was refused. It and all later ones are held back until the next step 2.

        Returns:
            whether that is news: it was held back already where one before it was refused.
        """
        if number <= self._refused:
            return False
        self._refused = self._number
        if any(sent.number == number for sent in self._sent):
            self.hold()
            while self._sent and self._sent[-1].number >= number:
                self._held += self._sent.pop().changes
        return True

    def hold(self) -> None:
        """Holds unsent changes back: the server is known to refuse them."""
        self._holding = True
        self._held += self._unsent
        self._unsent = 0

    def disconnected(self) -> None:
        """The connection ended: everything that was not confirmed is unsent again."""
        self._unsent = self.waiting
        self._held = self._number = self._refused = 0
        self._holding = False
        self._sent.clear()
