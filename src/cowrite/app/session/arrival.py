"""Arrival: lets whoever is at the board see the notes that have been revealed.

Runs on the GUI thread. They come all at once, and whoever leads lays them out below all else, where they may be out
of sight.
"""

from __future__ import annotations

from PySide6.QtCore import QObject

from cowrite.bridge.single_shot import single_shot
from cowrite.core.brainstorm.brainstorm import Brainstorm
from cowrite.core.sessions.sessions import Session
from cowrite.gui.window.views import Views

SETTLED = 400  # milliseconds of quiet among the notes after which they lie where they will


class Arrival(QObject):
    """Watches for the reveal of one draft's session.

    Args:
        brainstorm: what the draft holds besides its text.
        views: of the draft.
        parent: what it ends with.
    """

    def __init__(self, brainstorm: Brainstorm, views: Views, parent: QObject) -> None:
        super().__init__(parent)
        self._brainstorm = brainstorm
        self._views = views
        self._sealed = ""  # the id of the session that was seen with its notes still sealed
        self._revealed = ""
        self._settled = single_shot(self, self._show, SETTLED)
        self._brainstorm.observe(self._on_change)

    def follow(self, session: Session | None) -> None:
        """Takes how the session stands now; None where none runs."""
        if session is not None and session.is_revealed and session.id == self._sealed:
            self._revealed = session.id
            self._settled.start()
        self._sealed = session.id if session is not None and not session.is_revealed else ""

    def close(self) -> None:
        """The draft is closed."""
        self._settled.stop()

    def _on_change(self, ids: frozenset[str]) -> None:
        if self._settled.isActive() and any(id.startswith("note:") for id in ids):
            self._settled.start()

    def _show(self) -> None:
        view = self._views.current
        if view is not None:
            view.show_arrived([note.id for note in self._brainstorm.visibility.notes_of(self._revealed)])
