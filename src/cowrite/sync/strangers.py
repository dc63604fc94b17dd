"""Keeps a document out of a room that holds another one, until the person wants the two to become one.

Sans-I/O. Only the server's step 1 tells what a room holds. What comes before it is held, for it may be a stranger's.
"""

from __future__ import annotations

from cowrite.sync import state_vector


class StrangersGuard:
    """Whether a document and a room belong together.

    Args:
        passed: whether that is known already, because they have met before or the document came to join the room.
    """

    def __init__(self, *, passed: bool) -> None:
        self._passed = passed
        self._are_strangers = False
        self._held: list[tuple[int, bytes]] = []

    @property
    def passed(self) -> bool:
        """Whether what the room sends may be taken in."""
        return self._passed

    @property
    def are_strangers(self) -> bool:
        """Whether the room was last met with another document in it."""
        return self._are_strangers

    def connected(self) -> None:
        """Forgets all that holds for one connection."""
        self._are_strangers = False
        self._held.clear()

    def let_pass(self) -> None:
        """Document and room are to become one, whatever the room holds."""
        self._passed = True

    def hold(self, kind: int, update: bytes) -> None:
        """Keeps a sync message that came too early."""
        self._held.append((kind, update))

    def meet(self, here: bytes, room: bytes) -> list[tuple[int, bytes]]:
        """Compares the state vectors of document and room.

        Returns:
            The held messages, now to be taken in; none where the two are strangers.
        """
        held, self._held = self._held, []
        self._are_strangers = not self._passed and state_vector.are_strangers(here, room)
        self._passed = not self._are_strangers
        return held if self._passed else []
