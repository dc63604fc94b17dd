"""SessionSpread: what a session's pages say of how much the assistant's ideas have widened what people wrote.

Runs on the GUI thread. Asked for each time a page is shown; counts anew only where notes have changed.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from cowrite.bridge.likeness import Encoder
from cowrite.bridge.spread_work import SpreadWork
from cowrite.core.board.items import Hand
from cowrite.core.board.spread import Spread
from cowrite.core.brainstorm.brainstorm import Brainstorm
from cowrite.core.brainstorm.model_notes import is_silent
from cowrite.core.sessions.sessions import Session
from cowrite_server.counting import counted


class SessionSpread(QObject):
    """The spread of a session's notes.

    Args:
        brainstorm: what the draft holds besides its text.
        encoder: gives what makes vectors of notes, where there is something.
        parent: Qt parent.
    """

    changed = Signal()
    """`words` are others now."""

    def __init__(self, brainstorm: Brainstorm, encoder: Callable[[], Encoder | None], parent: QObject) -> None:
        super().__init__(parent)
        self._brainstorm = brainstorm
        self._encoder = encoder
        self._counted: object = None
        self._words = ""
        self._work = SpreadWork(self)
        self._work.counted.connect(self._show)

    def close(self) -> None:
        """The draft is closed."""
        self._work.close()

    def words(self, session: Session) -> str:
        """How many topics people’s own notes touch, and how many with the assistant's; nothing where it has given none,
        or while people work alone and the model is told nothing."""
        notes = self._brainstorm.visibility.notes_of(session.id)
        if is_silent(self._brainstorm) or all(note.hand is Hand.PERSON for note in notes):
            self._counted, self._words = None, ""
            return ""
        known = [(note.id, note.text, note.group, note.hand) for note in notes]
        if known != self._counted:
            self._counted = known
            self._work.count(notes, self._encoder())
        return self._words

    def _show(self, found: Spread) -> None:
        if self._counted is None:
            return
        topics = counted(found.before, "topic")
        self._words = f"What people wrote touches {topics}; with the assistant’s it is {found.after}."
        self.changed.emit()
