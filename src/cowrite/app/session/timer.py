"""SessionTimer: sets until when the phase of a session is meant to last, by the clock that all share.

Runs on the GUI thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cowrite.core.sessions.sessions import Deadline, Session
from cowrite.gui.look.times import MINUTE

if TYPE_CHECKING:
    from cowrite.app.session.running import RunningSession

USUAL = 5
"""Minutes for a phase that suggests none."""


def minutes_of(session: Session) -> int:
    """For how many minutes the timer would be started."""
    return session.minutes_for(session.phase) or USUAL


class SessionTimer:
    """Starts, prolongs and stops the time of the phase, where this person may write.

    Args:
        running: the session.
    """

    def __init__(self, running: RunningSession) -> None:
        self._running = running

    @property
    def ends(self) -> int:
        """When it ends by the clock that all share, `Brainstorm.now`; 0 for no time."""
        session, ahead = self._running.session, self._running.brainstorm.ahead()
        deadline = session.deadline if session is not None else None
        return deadline.ends_here(ahead) + (ahead or 0) if deadline is not None else 0

    def start(self, minutes: int) -> None:
        """Gives the phase so many minutes from now."""
        self._set(self._running.brainstorm.now + minutes * MINUTE)

    def toggle(self) -> None:
        """Starts it, for as long as the phase suggests, or stops it."""
        session = self._running.session
        if session is None:
            return
        if session.deadline is None:
            self.start(minutes_of(session))
        else:
            self.stop()

    def prolong(self) -> None:
        """Gives the phase a minute more, from now where its time is over."""
        if ends := self.ends:
            self._set(max(ends, self._running.brainstorm.now) + MINUTE)

    def stop(self) -> None:
        """Takes the time away."""
        self._set(None)

    def _set(self, ends: int | None) -> None:
        session, brainstorm = self._running.session, self._running.brainstorm
        if session is not None and self._running.may_write:
            ahead = brainstorm.ahead()
            here = ends - (ahead or 0) if ends is not None else 0
            deadline = None if ends is None else Deadline(here, 0 if ahead is None else ends)
            brainstorm.sessions.set_deadline(session.id, deadline)
