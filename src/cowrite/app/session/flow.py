"""SessionFlow: the session of one draft: what the bar says, who may move the group on, and where this person looks.

Runs on the GUI thread. The group's phase is in the document; where a person looks is theirs alone. They go along with
the group while they are where it was and not in the middle of writing; otherwise it is an offer.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog

from cowrite.app.session.arrival import Arrival
from cowrite.app.session.bar import BarKeeper
from cowrite.app.session.leading import Leading
from cowrite.app.session.moves import Moves
from cowrite.app.session.pages import WRITING, SessionPages, fitting_views
from cowrite.app.session.presenting import Presenting
from cowrite.app.session.timer import SessionTimer
from cowrite.bridge.single_shot import single_shot
from cowrite.core.sessions.sessions import Phase, Session, Worth
from cowrite.gui.commands.brainstorm_actions import NO_SESSION, SESSION_COMMANDS
from cowrite.gui.session.begin_dialog import BeginDialog
from cowrite.gui.session.session_view import SessionView, has_words

if TYPE_CHECKING:
    from cowrite.app.draft.draft import Draft
    from cowrite.core.brainstorm.brainstorm import Brainstorm
    from cowrite.gui.session.session_bar import SessionBar

GATHERED = 20  # milliseconds in which changes are gathered before they are shown
GATHERED_BOARD = 150  # the same for what moves on the board, which can be much
_ON_THE_BOARD = ("note:", "group:", "frame:", "link:", "seen:")
"""Ids of what moves often, and only concerns the session's own place."""
_FOR_ALL = ("session_go", "session_present")
"""Commands of a session that change nothing."""


class SessionFlow(QObject):
    """Sessions of a draft.

    Args:
        draft: it.
        clock: milliseconds since 1970.
    """

    def __init__(self, draft: Draft, clock: Callable[[], int]) -> None:
        super().__init__(draft)
        self._draft = draft
        self._clock = clock
        self._brainstorm: Brainstorm = draft.brainstorming.brainstorm
        self._known: tuple[bool, int | None, list[str]] = (False, None, [])
        self._asked: dict[int, str] = {}  # by their clients the names of those who were here since a poll is open
        self._session: Session | None = None
        self._session_read = False
        self._id = ""
        self._seen_at: Phase | None = None  # where the group was when this person last went along
        self._looks_at = Phase.FRAME
        timer = SessionTimer(self)
        self._bar = BarKeeper(self, draft, timer)
        self.presenting: Presenting = Presenting(self, draft, timer, clock)
        self._arrival = Arrival(self._brainstorm, draft.window.views, self)
        self._moves = Moves(draft, clock)
        self.leading: Leading = Leading(self, self._moves)
        self.pages: SessionPages | None = None
        self.dialog: QDialog | None = None
        self._soon = single_shot(self, self.refresh)
        self._brainstorm.observe(self._on_change)
        draft.window.views.shown.connect(lambda _name: self.refresh_soon())
        draft.connection.changed.connect(self._on_shared)
        self._on_shared()
        self.refresh()

    @property
    def session(self) -> Session | None:
        """The one that runs."""
        if not self._session_read:  # looking for it among a thousand notes takes its time
            self._session, self._session_read = self._brainstorm.session, True
        return self._session

    @property
    def last(self) -> Session | None:
        """The one that runs, or that ran last."""
        return self.session or next(reversed(self._brainstorm.sessions.all()), None)

    @property
    def brainstorm(self) -> Brainstorm:
        """All of the draft besides its text."""
        return self._brainstorm

    @property
    def looks_at(self) -> Phase:
        """The phase at which this person looks."""
        return self._looks_at

    @property
    def people(self) -> list[str]:
        """The names of all who are here and may write, this person's first where they may."""
        me = (self._brainstorm.me,) if self.may_write else ()
        return list(dict.fromkeys((*me, *self._mates.values())))

    @property
    def _mates(self) -> dict[int, str]:
        """The names of the others who are here and may write, by their clients."""
        shared = self._draft.shared
        mates = shared.presence.teammates() if shared is not None else []
        return {mate.client: mate.name for mate in mates if mate.may_edit}

    @property
    def asked(self) -> int:
        """How many people are here, or were since a poll is open: whoever votes and leaves has voted all the same."""
        return len({*self._asked.values(), *self.people})

    @property
    def may_lead(self) -> bool:
        """Whether this person may move the group on: whoever leads, or everybody where nobody does."""
        session = self.session
        return self.may_write and session is not None and session.facilitator in ("", self._brainstorm.me)

    @property
    def refusal(self) -> str:
        """Why this person may not move the group on, without a full stop; empty where they may."""
        return self._refusal("session_next", self.session)

    @property
    def may_write(self) -> bool:
        """Whether this person may change the document."""
        return self._draft.connection.rights.may_edit

    @property
    def bar(self) -> SessionBar | None:
        """The bar above all tabs; None while no session runs."""
        return self._bar.bar

    # The view

    def make_view(self) -> SessionView:
        """The session's own place, when its tab is first chosen."""
        window = self._draft.window
        view = SessionView(self._clock, self._brainstorm, window.views)
        self.pages = SessionPages(self, self._draft, view, self._clock)
        if (session := self.session) is not None and self.pages.half_note.words(session.id):
            self._stay_writing(session)
        self.pages.show()
        return view

    def close(self) -> None:
        """The draft is closed: what is half written is kept when this returns."""
        self._arrival.close()
        if self.pages is not None:
            self.pages.close()

    def refresh(self) -> None:
        """Shows how it stands."""
        if self._draft.is_closed:
            return
        self._moves.look(self.session)
        session = self.session
        self._follow(session)
        is_asking = session is not None and bool(self._brainstorm.visibility.open_polls(session.id))
        self._asked = {**self._asked, **self._mates} if is_asking else {}  # who is called otherwise now is no other
        self._show_actions(session)
        self._bar.show(session)
        self._arrival.follow(session)
        self.presenting.show()
        # What is half written asks what is to become of it before the document is closed, also where nobody looks.
        if self.pages is not None and (self.pages.view.isVisible() or self.pages.view.pad.holds_words):
            self.pages.show()
            self.pages.view.state_changed.emit()
        if session is not None:
            self.leading.lay_out(session)

    def refresh_soon(self) -> None:
        """Shows how it stands once what changes now is there."""
        self._soon.start(GATHERED)

    def _on_change(self, ids: frozenset[str]) -> None:
        if any(id.startswith("session:") for id in ids):
            self._session_read = False
        concerns = any(not id.startswith(_ON_THE_BOARD) for id in ids)
        is_here = (self.pages is not None and self.pages.view.isVisible()) or self.presenting.is_shown
        if concerns:
            self.refresh_soon()
        elif is_here and not self._soon.isActive():
            self._soon.start(GATHERED_BOARD)

    def _follow(self, session: Session | None) -> None:
        if session is None:
            self._id, self._seen_at = "", None
            return
        if session.id != self._id:
            self._id, self._seen_at, self._looks_at = session.id, session.phase, session.phase
            self._draft.attention_wanted.emit(self._draft)
        elif session.phase is not self._seen_at:
            was_along = self._looks_at is self._seen_at
            if was_along and not self.is_writing:
                self._looks_at = session.phase
            self._seen_at = session.phase
            self._moves.follow(session)
            self._draft.attention_wanted.emit(self._draft)  # the group waits for whoever is in another program

    def _stay_writing(self, session: Session) -> None:
        """Whoever has half a note from the last time was writing, and is still there."""
        if session.phase not in WRITING and Phase.WRITE in session.phases:
            self._looks_at = Phase.WRITE
            self.refresh_soon()

    @property
    def is_writing(self) -> bool:
        """Whether this person is in the middle of something, on the pad or in a note elsewhere."""
        if self.pages is not None and self.pages.view.is_writing:
            return True
        focus, shown = self._draft.window.focusWidget(), self._draft.window.views.current
        return shown is not None and shown.isAncestorOf(focus or shown) and has_words(focus)

    # What this person does

    def begin(self, templates: Path) -> BeginDialog | None:
        """Asks for a question, and begins a session with it; not while somebody else leads one.

        Args:
            templates: the folder of the person's own templates.
        """
        from cowrite.app.session.begin import ask_begin

        running = self.session
        if running is not None and not self.may_lead:
            who = f"{running.facilitator} leads a session here"
            self._draft.say("session", "information", f"{who}; it has to end before another begins.")
            return None
        dialog = ask_begin(self, self._draft, templates)
        self.dialog = dialog
        return dialog

    def look(self, phase: Phase) -> None:
        """Shows this person a phase; the group stays where it is."""
        self._looks_at = phase
        self.refresh()
        self._draft.brainstorming.show("session")

    def go_there(self) -> None:
        """Takes this person to where the group is."""
        session = self.session
        if session is None:
            return
        self._looks_at = self._seen_at = session.phase
        self.refresh()
        views = self._draft.window.views
        wanted = fitting_views(session.phase)
        if views.name not in wanted:
            self._draft.brainstorming.show(next((name for name in wanted if name in views.names), "session"))

    def toggle_done(self) -> None:
        """Says that this person is done with the phase, or is not after all."""
        self.say_done(not self._is_done())

    def say_done(self, is_done: bool) -> None:
        """Tells the others that this person is done with the phase, or is not."""
        session = self.session
        if session is not None and self.may_write:
            self._brainstorm.sessions.say_done(session.id, session.phase, self._brainstorm.me, is_done)

    def say_worth(self, worth: Worth) -> None:
        """Says whether the session was worth this person's time."""
        session = self.session
        if session is not None and self.may_write:
            self._brainstorm.sessions.say_worth(session.id, self._brainstorm.me, worth)

    def go_on_from(self, before: str) -> None:
        """Lets this person lead on, and be done still, who was called otherwise before."""
        session, me = self.session, self._brainstorm.me
        if session is None or not self.may_write or before in self.people:
            return
        if session.facilitator == before:
            self.change(facilitator=me)
        if before in self._brainstorm.sessions.done(session.id, session.phase):
            for name in (before, me):
                self._brainstorm.sessions.say_done(session.id, session.phase, name, name == me)

    def change(self, **fields: object) -> None:
        """Sets fields of the session, where the person may: they may have been asked while they might."""
        session = self.session
        if session is not None and self.may_write:
            self._brainstorm.sessions.change(session.id, **fields)

    # Inside

    def _is_done(self) -> bool:
        session = self.session
        done = self._brainstorm.sessions.done(session.id, session.phase) if session is not None else []
        return self._brainstorm.me in done

    def _on_shared(self) -> None:
        if self._draft.shared is not None:
            self._draft.shared.presence.changed.connect(self._on_presence)
            self._draft.shared.role_changed.connect(lambda _role: self.refresh_soon())
            self._draft.shared.status_changed.connect(lambda _status: self._on_presence())
        self.refresh_soon()

    def _on_presence(self) -> None:
        # Carets move all the time; here it matters who is there, and by what clock.
        known = self._draft.connection.is_apart, self._brainstorm.ahead(), self.people
        if known != self._known:
            self._known = known
            self.refresh_soon()

    def _refusal(self, name: str, session: Session | None) -> str:
        """Why a command of the session cannot be done; empty where it can."""
        if session is None:
            return NO_SESSION
        if name not in _FOR_ALL and not self.may_write:
            return self._draft.connection.rights.refusal
        leads = name in ("session_next", "session_back", "session_end")
        return f"{session.facilitator} leads this session" if leads and not self.may_lead else ""

    def _show_actions(self, session: Session | None) -> None:
        actions = self._draft.window.actions_
        for name in SESSION_COMMANDS:
            actions.show_refusal(name, self._refusal(name, session))
        actions["session_done"].setChecked(self._is_done())
