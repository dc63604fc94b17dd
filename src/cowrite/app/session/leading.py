"""Leading: what whoever leads a session does with the group: takes it on, reveals what lies sealed, ends the session.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cowrite.app.session.asking import ask_end, ask_reveal
from cowrite.core.brainstorm.session_places import laid_out
from cowrite.core.sessions.sessions import Deadline, Phase, Session
from cowrite.core.text.origin import Origin

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cowrite.app.session.running import RunningSession


class Leading:
    """Leads the group of one draft.

    Args:
        running: its session.
        front: gives the window in which this person is, and is asked.
    """

    def __init__(self, running: RunningSession, front: Callable[[], QWidget]) -> None:
        self._running = running
        self._brainstorm = running.brainstorm
        self._front = front
        self._lays_out = False

    @property
    def is_revealing(self) -> bool:
        """Whether this person has revealed the notes, and they are not there yet."""
        return self._lays_out

    def step(self, step: int) -> None:
        """Takes the group one phase on (1) or back (-1), in the order of this session; after the last one it asks
        whether the session is to end."""
        session = self._running.session
        if session is None or self._running.moves.is_taken(session):
            return
        later = session.later
        earlier = [phase for phase in session.phases if phase is not session.phase and phase not in later]
        following = later[:1] if step > 0 else earlier[-1:]
        if following:
            self.move(following[0])
        elif step > 0:
            self.ask_end()

    def move(self, phase: Phase) -> None:
        """Takes the group to a phase. What lies sealed is revealed with the step out of silent writing."""
        session = self._running.session
        if session is None or not self._running.may_lead:
            return
        if session.seals and phase in session.later:
            self._ask_reveal(session, lambda: self._move_from(session, phase))
        else:
            self._move(session, phase, reveals=False)

    def reveal(self) -> None:
        """Reveals the notes of the silent phase where they are still sealed."""
        session = self._running.session
        if session is not None and not session.is_revealed and self._running.may_lead:
            self._ask_reveal(session, lambda: self._reveal_still(session))

    def ask_end(self) -> None:
        """Asks whether the session is to end; what lies sealed is revealed with it."""
        session = self._running.session
        if session is None or not self._running.may_lead:
            return
        sealed = 0 if session.is_revealed else self._brainstorm.box.contributions(session.id).notes
        asked = len(self._brainstorm.visibility.open_polls(session.id))
        self._running.dialog = ask_end(
            sealed, asked, self._front(), lambda: self.end(session.id) if self._running.may_lead else None
        )

    def end(self, id: str) -> None:
        """Ends the session of an id, where it still runs; what lies sealed is revealed, and polls are closed."""
        session = self._running.session
        if session is None or session.id != id:  # somebody else has ended it while this person was asked
            return
        if not session.is_revealed and self._brainstorm.box.contributions(session.id).notes:
            self._brainstorm.box.reveal(session.id)
        for poll in self._brainstorm.visibility.open_polls(session.id):
            self._brainstorm.box.close(poll.id)
        self._brainstorm.sessions.change(session.id, is_over=True)

    def lay_out(self, session: Session) -> None:
        """Lays out the notes of the session that runs, where this person has revealed them and they are there."""
        if self._lays_out and session.is_revealed:
            self._lays_out = False
            self._brainstorm.board.change(laid_out(self._brainstorm, session.id), Origin.SAID)

    # Inside

    def _move(self, session: Session, phase: Phase, *, reveals: bool) -> None:
        writes = self._running.is_writing
        self._running.moves.note(session, phase)
        self._brainstorm.sessions.go_to(session.id, phase, self._brainstorm.me)
        until = session.writes_until
        if phase is Phase.WRITE and until > self._brainstorm.now:
            self._brainstorm.sessions.set_deadline(session.id, Deadline(until, until))
        if reveals:
            self._reveal(session)
        if not writes:
            self._running.go_along()
        else:
            self._running.refresh()

    def _move_from(self, before: Session, phase: Phase) -> None:
        """Moves the group and reveals, where it is still where it was when this person was asked: somebody else may
        have led it on meanwhile, and nobody is to be pulled back."""
        session = self._running.session
        if session is not None and self._running.may_lead and (session.id, session.phase) == (before.id, before.phase):
            self._move(session, phase, reveals=True)

    def _reveal_still(self, before: Session) -> None:
        session = self._running.session
        if session is not None and self._running.may_lead and session.id == before.id and not session.is_revealed:
            self._reveal(session)

    def _reveal(self, session: Session) -> None:
        self._lays_out = True
        self._brainstorm.box.reveal(session.id)
        self._running.refresh_soon()

    def _ask_reveal(self, session: Session, act: Callable[[], object]) -> None:
        done = self._brainstorm.sessions.done(session.id, session.phase)
        missing = [name for name in self._running.taking_part if name not in done and name != self._brainstorm.me]
        if not missing:
            act()
            return
        box = self._brainstorm.box
        has_notes = bool(box.contributions(session.id).notes) or not box.is_counted()
        self._running.dialog = ask_reveal(missing, self._front(), act, has_notes=has_notes)
