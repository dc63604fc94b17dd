"""RunningSession: the session of one draft, who is in it, what this person may do there, and where they look.

Runs on the GUI thread. The group's phase is in the document; where a person looks is theirs alone. They go along with
the group while they are where it was and not in the middle of writing; otherwise it is an offer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog

from cowrite.app.session.moves import Moves
from cowrite.bridge.single_shot import single_shot
from cowrite.core.sessions.sessions import Phase, Session, Worth
from cowrite.gui.commands.brainstorm_actions import NO_SESSION
from cowrite.gui.session.session_view import SessionView, has_words

if TYPE_CHECKING:
    from cowrite.app.bare_draft.bare_draft import BareDraft
    from cowrite.bridge.shared.presence import Teammate
    from cowrite.core.brainstorm.brainstorm import Brainstorm

GATHERED = 20  # milliseconds in which changes are gathered before they are shown
GATHERED_BOARD = 150  # the same for what moves on the board, which can be much
WRITING = (Phase.WRITE, Phase.BUILD)
_ON_THE_BOARD = (Phase.REVEAL, Phase.BUILD, Phase.GROUP, Phase.CLARIFY)
_FOR_ALL = ("session_go", "session_present")
"""Commands of a session that change nothing."""


def fitting_views(phase: Phase) -> tuple[str, ...]:
    """The views in which the work of a phase can be done, the best one first."""
    if phase in (Phase.GROUP, Phase.CLARIFY):
        return ("board", "ideas", "session")
    if phase in _ON_THE_BOARD:
        return ("session", "board", "ideas")
    if phase in (Phase.OPEN, Phase.DECIDE, Phase.ACT, Phase.REVIEW):
        return ("session", "decisions")
    return ("session",)


class RunningSession(QObject):
    """The session that runs in a draft, for the person who sits here.

    Args:
        draft: it.
        brainstorm: what the draft holds besides its text.
        clock: milliseconds since 1970.
    """

    changed = Signal()
    """It stands otherwise now."""
    opened = Signal(str)
    """The id of something that the person wants to see in the view that it belongs to."""
    decision_wanted = Signal(list)
    """The id of the poll of which the person wants to make a decision; of nothing where there is none."""
    actions_wanted = Signal()
    """The person wants to see what is to be done."""
    minutes_wanted = Signal()
    """The person wants the minutes of the session in the draft."""

    def __init__(self, draft: BareDraft, brainstorm: Brainstorm, clock: Callable[[], int]) -> None:
        super().__init__(draft)
        self._draft = draft
        self.brainstorm = brainstorm
        """All of the draft besides its text."""
        self.clock = clock
        """Milliseconds since 1970."""
        self.moves = Moves(draft, brainstorm.sessions, clock)
        """What others do to it."""
        self.view: SessionView | None = None
        """The session's own place, once its tab has been chosen."""
        self.dialog: QDialog | None = None
        """What this person was asked last."""
        self._known: tuple[bool, int | None, list[str], list[str]] = (False, None, [], [])
        self._done_before: tuple[str, Phase] | None = None  # with what this person was, by the name that they had
        self._called: dict[int, str] = {}  # by their clients the names of those who are or were here
        self._asked: dict[int, str] = {}  # by their clients the names of those who were here since a poll is open
        self._session: Session | None = None
        self._session_read = False
        self._id = ""
        self._seen_at: Phase | None = None  # where the group was when this person last went along
        self._looks_at = Phase.FRAME
        self._soon = single_shot(self, self.refresh)
        brainstorm.observe(self._forget)
        draft.connection.rights_changed.connect(self.refresh_soon)
        draft.connection.changed.connect(self._on_shared)
        self._on_shared()

    @property
    def session(self) -> Session | None:
        """The one that runs."""
        if not self._session_read:  # looking for it among a thousand notes takes its time
            self._session, self._session_read = self.brainstorm.session, True
        return self._session

    @property
    def last(self) -> Session | None:
        """The one that runs, or that ran last."""
        return self.session or next(reversed(self.brainstorm.sessions.all()), None)

    @property
    def looks_at(self) -> Phase:
        """The phase at which this person looks."""
        return self._looks_at

    @property
    def people(self) -> list[str]:
        """The names of all who are here and may write, this person's first where they may."""
        me = (self.brainstorm.me,) if self.may_write else ()
        return list(dict.fromkeys((*me, *(mate.name for mate in self._mates if mate.may_edit))))

    @property
    def taking_part(self) -> list[str]:
        """The names of all who are here and may write sealed notes and vote, this person's first where they may."""
        me = (self.brainstorm.me,) if self.may_seal else ()
        return list(dict.fromkeys((*me, *self._voters.values())))

    @property
    def _mates(self) -> list[Teammate]:
        shared = self._draft.shared
        return shared.presence.teammates() if shared is not None else []

    @property
    def _voters(self) -> dict[int, str]:
        """The names of the others who are here and may vote, by their clients."""
        return {mate.client: mate.name for mate in self._mates if mate.may_seal}

    @property
    def asked(self) -> int:
        """How many people are here, or were since a poll is open: whoever votes and leaves has voted all the same."""
        return len({*self._asked.values(), *self.taking_part})

    @property
    def may_lead(self) -> bool:
        """Whether this person may move the group on: whoever leads, or everybody where nobody does."""
        session = self.session
        return self.may_write and session is not None and session.facilitator in ("", self.brainstorm.me)

    @property
    def refusal(self) -> str:
        """Why this person may not move the group on, without a full stop; empty where they may."""
        return self.refusal_of("session_next")

    def refusal_of(self, command: str) -> str:
        """Why a command of the session cannot be done; empty where it can."""
        session = self.session
        if session is None:
            return NO_SESSION
        if command == "session_done":
            return self._draft.connection.rights.saying_refusal
        if command not in _FOR_ALL and not self.may_write:
            return self._draft.connection.rights.refusal
        leads = command in ("session_next", "session_back", "session_end")
        return f"{session.facilitator} leads this session" if leads and not self.may_lead else ""

    @property
    def may_write(self) -> bool:
        """Whether this person may change the document."""
        return self._draft.connection.rights.may_edit

    @property
    def may_put(self) -> bool:
        """Whether this person may put something into the draft, be it as a suggestion."""
        return self._draft.connection.rights.may_suggest

    @property
    def may_seal(self) -> bool:
        """Whether this person may write notes that lie sealed, and vote."""
        return self._draft.connection.rights.may_seal

    @property
    def may_say(self) -> bool:
        """Whether this person may say something of themselves here: that they are done, or what it was worth."""
        return self._draft.connection.rights.may_say

    @property
    def is_apart(self) -> bool:
        """Whether the group may have gone on without this person, who is not connected."""
        return self._draft.connection.is_apart

    @property
    def is_done(self) -> bool:
        """Whether this person has said that they are done with the phase."""
        session = self.session
        done = self.brainstorm.sessions.done(session.id, session.phase) if session is not None else []
        return self.brainstorm.me in done

    @property
    def is_writing(self) -> bool:
        """Whether this person is in the middle of something, on the pad or in a note elsewhere."""
        if self.view is not None and self.view.is_writing:
            return True
        focus, shown = self._draft.window.focusWidget(), self._draft.window.views.current
        return shown is not None and shown.isAncestorOf(focus or shown) and has_words(focus)

    def refresh(self) -> None:
        """Takes in how it stands."""
        if self._draft.is_closed:
            return
        self.moves.look(self.session)
        session = self.session
        self._follow(session)
        self._drop_former_names(session)
        is_asking = session is not None and bool(self.brainstorm.visibility.open_polls(session.id))
        self._asked = {**self._asked, **self._voters} if is_asking else {}  # who is called otherwise now is no other
        self.changed.emit()

    def refresh_soon(self) -> None:
        """Takes in how it stands once what changes now is there."""
        self._soon.start(GATHERED)

    def refresh_later(self) -> None:
        """The same, of much that may change for a while."""
        if not self._soon.isActive():
            self._soon.start(GATHERED_BOARD)

    # What this person does

    def look(self, phase: Phase) -> None:
        """Shows this person a phase; the group stays where it is."""
        self._looks_at = phase
        self.refresh()
        self._draft.window.views.show_view("session")

    def go_there(self) -> None:
        """Takes this person to where the group is, with the keyboard: to the ballot of an open poll, or to what else
        there is to do."""
        self.go_along()
        view = self._draft.window.views.current
        if view is not None:
            view.enter()

    def go_along(self) -> None:
        """Takes this person to where the group is; the keyboard stays with the button that they have pressed."""
        session = self.session
        if session is None:
            return
        self._looks_at = self._seen_at = session.phase
        self.refresh()
        views = self._draft.window.views
        wanted = fitting_views(session.phase)
        if views.name not in wanted:
            views.show_view(next((name for name in wanted if name in views.names), "session"))

    def stay_writing(self) -> None:
        """Whoever has half a note from the last time was writing, and is still there."""
        session = self.session
        if session is not None and session.phase not in WRITING and Phase.WRITE in session.phases:
            self._looks_at = Phase.WRITE
            self.refresh_soon()

    def toggle_done(self) -> None:
        """Says that this person is done with the phase, or is not after all."""
        self.say_done(not self.is_done)

    def say_done(self, is_done: bool) -> None:
        """Tells the others that this person is done with the phase, or is not."""
        session = self.session
        if session is not None and self.may_say:
            self.brainstorm.sessions.say_done(session.id, session.phase, self.brainstorm.me, is_done)

    def say_worth(self, worth: Worth) -> None:
        """Says whether the session was worth this person's time."""
        session = self.session
        if session is not None and self.may_say:
            self.brainstorm.sessions.say_worth(session.id, self.brainstorm.me, worth)

    def leave_name(self) -> None:
        """Takes back that this person is done who may say so by the name alone that they have, and takes another one
        now."""
        session = self.session
        if session is not None and self.may_say and not self.may_write and self.is_done:
            self._done_before = session.id, session.phase
            if not self.is_apart:  # else the server hears of the name first, and takes nothing of the former one
                self.say_done(False)

    def go_on_from(self, before: str) -> None:
        """Lets this person lead on, and be done still, who was called otherwise before."""
        session, me = self.session, self.brainstorm.me
        if session is not None and (session.id, session.phase) == self._done_before:
            self._done_before = None
            self.say_done(True)
        if session is None or not self.may_write or before in self.people:
            return
        if session.facilitator == before:
            self.change(facilitator=me)
        if before in self.brainstorm.sessions.done(session.id, session.phase):
            for name in (before, me):
                self.brainstorm.sessions.say_done(session.id, session.phase, name, name == me)

    def change(self, **fields: object) -> None:
        """Sets fields of the session, where the person may: they may have been asked while they might."""
        session = self.session
        if session is not None and self.may_write:
            self.brainstorm.sessions.change(session.id, **fields)

    # Inside

    def _forget(self, ids: frozenset[str]) -> None:
        if any(id.startswith("session:") for id in ids):
            self._session_read = False

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
            self.moves.follow(session)
            self._draft.attention_wanted.emit(self._draft)  # the group waits for whoever is in another program

    def _drop_former_names(self, session: Session | None) -> None:
        """Takes back, where this person may, that somebody is done by a name that is theirs no more: whoever may not
        edit and took another one offline may not do so themselves."""
        now = {mate.client: mate.name for mate in self._mates}
        former = {before for client, before in self._called.items() if now.get(client, before) != before}
        self._called |= now
        if session is not None and self.may_write:
            done = self.brainstorm.sessions.done(session.id, session.phase)
            for name in former.intersection(done).difference(self.taking_part):
                self.brainstorm.sessions.say_done(session.id, session.phase, name, False)

    def _on_shared(self) -> None:
        if (shared := self._draft.shared) is not None:
            shared.presence.changed.connect(self._on_presence)
            shared.status_changed.connect(lambda _status: self._on_presence())
        self.refresh_soon()

    def _on_presence(self) -> None:
        # Carets move all the time; here it matters who is there, and by what clock.
        known = self.is_apart, self.brainstorm.ahead(), self.people, self.taking_part
        if known != self._known:
            self._known = known
            self.refresh_soon()
