"""Moves: what others do to a session that this person leads, or takes a step of at the same moment.

Runs on the GUI thread. Of two steps that were taken without knowing of each other one holds, everywhere the same: be
it that of somebody who was offline, while the group has long gone on. And whoever presses “Next” just as somebody else
has would skip a phase.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cowrite.core.sessions.sessions import Phase, Session, Sessions
from cowrite.gui.session.phase_words import PHASES

if TYPE_CHECKING:
    from cowrite.app.bare_draft.bare_draft import BareDraft

AT_ONCE = 1000
"""Milliseconds after somebody else's step in which another is taken for the same one."""


class Moves:
    """The steps of one session.

    Args:
        draft: of which document.
        sessions: its.
        clock: milliseconds since 1970.
    """

    def __init__(self, draft: BareDraft, sessions: Sessions, clock: Callable[[], int]) -> None:
        self._draft = draft
        self._sessions = sessions
        self._clock = clock
        self._own: tuple[str, Phase, Phase] | None = None  # session, from where, and where to
        self._own_apart = False  # whether that was offline
        self._theirs_at = -AT_ONCE
        self._seen: Session | None = None
        self._about: tuple[str, ...] = ()  # the fields of the session that this person was told of last
        self._was_in_touch = True  # when the step was seen that brought the group where it is

    def note(self, session: Session, phase: Phase) -> None:
        """This person takes the group to another phase."""
        self._own = session.id, session.phase, phase
        self._own_apart = self._draft.connection.is_apart

    def follow(self, session: Session) -> None:
        """The group is at another phase; tells whoever took it elsewhere from the same one."""
        moved = session.moved
        if moved is None or moved.to is not session.phase or moved.by in ("", self._draft.called):
            return
        self._theirs_at = self._clock()
        own, self._own = self._own, None
        if own is not None and own[:2] == (session.id, moved.before):
            there, here = PHASES[own[2]].title, PHASES[moved.to].title
            words = f"{moved.by} took the group to {here} just as you took it to {there}. It is at {here}."
            self._say(words, "phase")
        elif own is not None and own[0] == session.id and self._own_apart and own[2] is not moved.to:
            there, here = PHASES[own[2]].title, PHASES[moved.to].title
            self._say(f"The group is at {here}; that you took it to {there} offline does not count.", "phase")

    def look(self, session: Session | None) -> None:
        """How it stands now: tells this person what nobody has asked them about, and puts back what nobody meant."""
        seen, self._seen = self._seen, session
        self._take_back(seen, session)
        if session is None or seen is None:
            self._was_in_touch = not self._draft.connection.is_apart
            return
        if seen.id == session.id:
            self._tell_taken_over(seen, session)
            if self._is_pulled_away(seen, session):
                self._put_back(seen)
            elif seen.moved != session.moved:
                self._was_in_touch = not self._draft.connection.is_apart
            return
        before = self._sessions.get(seen.id)
        if before is not None and not before.is_over:
            words = f"“{session.question}” has begun meanwhile; “{before.question}” goes on when it has ended."
            self._say(words, "id")

    def _tell_taken_over(self, seen: Session, session: Session) -> None:
        if seen.facilitator == self._draft.called and session.facilitator not in ("", seen.facilitator):
            self._say(f"{session.facilitator} leads this session now.", "facilitator")

    def _say(self, words: str, *about: str) -> None:
        """Tells this person something that is true as long as these fields of the session are as they are."""
        self._draft.say("session", "information", words)
        self._about = about

    def _take_back(self, seen: Session | None, session: Session | None) -> None:
        """Takes away what this person was told, once it is true no more."""
        if any(getattr(seen, name, None) != getattr(session, name, None) for name in self._about):
            self._about = ()
            self._draft.notices.take_back("session")

    def _is_pulled_away(self, seen: Session, session: Session) -> bool:
        """Whether a step takes the group from where this person leads it that somebody had taken from another phase, or
        out of silent writing: whoever led before was offline then."""
        me, moved = self._draft.called, session.moved
        if seen.phase is session.phase or moved is None or moved.by in ("", me) or moved.to is not session.phase:
            return False
        if seen.facilitator != session.facilitator or not self._draft.connection.rights.may_edit:
            return False
        if seen.facilitator:
            still_seals = seen.seals and not session.is_revealed
            return seen.facilitator == me and (moved.before is not seen.phase or still_seals)
        # Nobody leads: whoever has seen the group take more steps than whoever took this one had, and was not offline
        # there, knows that it has gone on without them.
        last = seen.moved.number if seen.moved is not None else 0
        return self._was_in_touch and 0 < moved.number < last

    def _put_back(self, seen: Session) -> None:
        last = seen.moved.number if seen.moved is not None else 0
        self._sessions.go_to(seen.id, seen.phase, self._draft.called, behind=last)
        self._sessions.set_deadline(seen.id, seen.deadline)
        self._seen = seen

    def is_taken(self, session: Session) -> bool:
        """Whether somebody else has just taken the step that this person is about to take; they are told so."""
        moved = session.moved
        if moved is None or self._clock() - self._theirs_at >= AT_ONCE:
            return False
        words = f"{moved.by} has just taken the group to {PHASES[session.phase].title}."
        self._say(words, "phase")
        return True
