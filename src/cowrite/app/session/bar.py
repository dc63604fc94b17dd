"""BarKeeper: what the bar of a session says, and what becomes of what a person does there.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from cowrite.app.session.polls import fitting_polls
from cowrite.app.session.running import RunningSession, fitting_views
from cowrite.app.session.timer import SessionTimer, minutes_of
from cowrite.core.sessions.sessions import Phase, Session
from cowrite.gui.keyboard.speaking import say
from cowrite.gui.session.poll_words import voted_in_words
from cowrite.gui.session.session_bar import SessionBar
from cowrite.gui.session.values import BarShown, PhaseRow
from cowrite.gui.window.views import DRAFT
from cowrite_server.counting import counted

if TYPE_CHECKING:
    from cowrite.app.bare_draft.bare_draft import BareDraft
    from cowrite.app.session.leading import Leading


class BarKeeper(QObject):
    """Puts the bar above the tabs while a session runs.

    Args:
        running: the session.
        draft: of which document.
        leading: leads the group.
        timer: sets the time of its phases.
    """

    def __init__(self, running: RunningSession, draft: BareDraft, leading: Leading, timer: SessionTimer) -> None:
        super().__init__(running)
        self._running = running
        self._draft = draft
        self._leading = leading
        self._brainstorm = running.brainstorm
        self._timer = timer
        self.bar: SessionBar | None = None

    def show(self, session: Session | None) -> None:
        """Shows how it stands; without a session there is no bar."""
        views = self._draft.window.views
        if session is None:
            if self.bar is not None:
                views.set_bar(None)
                self.bar.deleteLater()
                self.bar = None
                say(self._draft.window, "The session is over")
            return
        if self.bar is None:
            self.bar = self._make_bar()
            views.set_bar(self.bar)
        self.bar.show_bar(self._bar_of(session))

    def _make_bar(self) -> SessionBar:
        window, brainstorm = self._draft.window, self._brainstorm
        bar = SessionBar(lambda: brainstorm.now, window.actions_["timer_sound"], window.actions_["session_present"])
        bar.look_wanted.connect(self._running.look)
        bar.move_wanted.connect(self._leading.move)
        bar.step_wanted.connect(self._leading.step)
        bar.go_wanted.connect(self._running.go_there)
        bar.order_wanted.connect(self._ask_order)
        bar.countdown.start_wanted.connect(self._timer.start)
        bar.countdown.more_wanted.connect(self._timer.prolong)
        bar.countdown.stop_wanted.connect(self._timer.stop)
        bar.done.connect(self._running.say_done)
        bar.passed.connect(lambda name: self._running.change(facilitator=name))
        bar.taken_over.connect(lambda: self._running.change(facilitator=self._brainstorm.me))
        bar.end_wanted.connect(self._leading.ask_end)
        return bar

    def _bar_of(self, session: Session) -> BarShown:
        me, people, present = self._brainstorm.me, self._running.people, self._running.taking_part
        done = self._brainstorm.sessions.done(session.id, session.phase)
        counts, tip = self._counts(session)
        view = self._draft.window.views.name
        fits = view in fitting_views(session.phase) or (view == "ideas" and self._is_done_in_the_list(session))
        return BarShown(
            question=session.question,
            phase=session.phase,
            rows=tuple(PhaseRow(each, session.minutes_for(each), each is session.phase) for each in session.phases),
            looks_at=self._running.looks_at,
            may_lead=self._running.may_lead,
            has_later=bool(session.later),
            is_revealed=session.is_revealed,
            facilitator=session.facilitator,
            is_apart=self._running.is_apart,
            may_take_over=self._running.may_write and session.facilitator not in ("", *people),
            may_write=self._running.may_write,
            may_say=self._running.may_say,
            people=tuple(name for name in people if name != me),
            ends=self._timer.ends,
            minutes=minutes_of(session),
            done=tuple(done),
            present=len({*present, *done}),
            is_done=me in done,
            counts=counts,
            counts_tip=tip,
            is_away=self._running.looks_at is not session.phase or not fits,
            is_at_draft=view == DRAFT,
        )

    def _is_done_in_the_list(self, session: Session) -> bool:
        """Whether the list has all that a phase needs: the line to write in, or the ballot of an open poll."""
        votes = session.phase in (Phase.RATE, Phase.DECIDE) and bool(self._brainstorm.visibility.open_polls(session.id))
        return session.phase is Phase.WRITE or votes

    def _counts(self, session: Session) -> tuple[str, str]:
        """What lies sealed, and a tooltip to it; nothing as long as that is not known."""
        if not self._brainstorm.box.is_counted():
            return "", ""
        if session.seals:
            sealed = self._brainstorm.box.contributions(session.id)
            if not sealed.notes:
                return "No notes yet", ""
            people = counted(sealed.people, "person", "people")
            names = [] if session.is_anonymous else self._brainstorm.sessions.contributed(session.id)
            tip = f"Have written: {', '.join(names)}" if names else ""
            return f"{people}, {counted(sealed.notes, 'note')} sealed", tip
        fitting = fitting_polls(self._brainstorm, session, session.phase)
        if fitting and not (poll := fitting[0]).is_closed:
            box = self._brainstorm.box
            has_voted = box.ballot(poll.id) is not None
            voters, may_vote = box.voters(poll.id), self._running.may_seal
            return voted_in_words(voters, self._running.asked, has_voted=has_voted, may_vote=may_vote), poll.question
        return "", ""

    def _ask_order(self) -> None:
        from cowrite.gui.session.order_dialog import OrderDialog

        session = self._running.session
        if session is None:
            return
        dialog = OrderDialog(session.phases, session.minutes, self._draft.window)
        dialog.order_wanted.connect(partial(self._set_order, session.id))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        self._running.dialog = dialog

    def _set_order(self, id: str, phases: tuple[Phase, ...], minutes: Mapping[Phase, int]) -> None:
        session = self._running.session
        if session is not None and session.id == id and self._running.may_lead:  # it can have ended meanwhile
            self._running.change(phases=phases, minutes=minutes)
