"""SessionTimer: sets until when the phase of a session is meant to last, by the clock that all share, and says which of
the session's prompts it is the turn of.

Runs on the GUI thread.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from cowrite.core.sessions.sessions import Deadline, Phase, Session
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
        self.prompt = -1
        """Which of the session's prompts everybody looks at, as `follow` took it in; -1 where each turns them."""
        self._of = ""  # the session of which that is
        self._deadline: Deadline | None = None  # as it was taken in last
        self._reached = 0  # the prompt at which that was prolonged

    @property
    def ends(self) -> int:
        """When it ends by the clock that all share, `Brainstorm.now`; 0 for no time."""
        session, ahead = self._running.session, self._running.brainstorm.ahead()
        deadline = session.deadline if session is not None else None
        return deadline.ends_here(ahead) + (ahead or 0) if deadline is not None else 0

    def follow(self) -> int:
        """Takes in which prompt it is the turn of: each has an equal share of the minutes for silent writing, counted
        from the end. A minute more makes the present turn longer, and leads to no earlier one.

        Returns:
            Milliseconds until the turn of the next one; 0 where none comes by itself.
        """
        session, ends = self._running.session, self.ends
        many = len(session.prompts) if session is not None and session.phase is Phase.WRITE else 0
        turn = session.minutes_for(Phase.WRITE) * MINUTE / many if session is not None and many > 1 else 0
        if session is None or not ends or not turn or session.writes_until:
            self.prompt, self._deadline, self._reached = -1, None, 0
            return 0
        if session.id != self._of:
            self._of, self.prompt, self._deadline = session.id, -1, None
        if session.deadline != self._deadline:
            self._deadline, self._reached = session.deadline, max(self.prompt, 0)
        left = ends - self._running.brainstorm.now
        self.prompt = min(many - 1, max(self._reached, many - ceil(left / turn)))
        later = many - 1 - self.prompt
        return max(1, ceil(left - later * turn)) if later else 0

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
