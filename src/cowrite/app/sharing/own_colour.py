"""OwnColour: of two people in one room who have the same colour, one takes another, unless they have chosen theirs.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from cowrite.bridge.single_shot import single_shot

if TYPE_CHECKING:
    from cowrite.app.choices import Choices
    from cowrite.app.draft.draft import Draft
    from cowrite.bridge.shared.document import SharedDocument

PATIENCE = 2000
"""Milliseconds in which the other one may take another colour; after that they have chosen theirs."""


class OwnColour(QObject):
    """The colour of who sits here, beside those of the others in the room of one draft. It ends with the draft.

    Args:
        draft: it.
        drafts: all open ones, in whose rooms the person has the same colour.
        choices: have it.
    """

    def __init__(self, draft: Draft, drafts: Sequence[Draft], choices: Choices) -> None:
        super().__init__(draft)
        self._draft = draft
        self._drafts = drafts
        self._choices = choices
        self._shared: SharedDocument | None = None
        self._timer = single_shot(self, self._give_way, PATIENCE)
        draft.connection.changed.connect(self._follow)

    def _follow(self) -> None:
        shared = self._draft.connection.shared
        if shared is not None and shared is not self._shared:
            shared.presence.changed.connect(self._look)
        self._shared = shared

    def _look(self) -> None:
        """The higher client id gives way, so that only one of the two does; the lower one only where it does not."""
        mates = self._with_mine()
        if any(client < self._draft.document.client_id for client in mates):
            self._give_way()
        elif mates and not self._timer.isActive():
            self._timer.start()

    def _with_mine(self) -> list[int]:
        """The clients in the room that have this person's colour."""
        mine = self._choices.settings.person.colour
        mates = self._shared.presence.teammates() if self._shared is not None else []
        return [mate.client for mate in mates if mate.colour == mine]

    def _give_way(self) -> None:
        if self._with_mine():
            rooms = [draft.shared.presence for draft in self._drafts if draft.shared is not None]
            # Also those in other rooms: what is free in one and not in the next would change there and back for ever.
            self._choices.leave_colour({mate.colour for room in rooms for mate in room.teammates()})
