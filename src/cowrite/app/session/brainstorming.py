"""Brainstorming: what one draft holds besides its text, and the views of it.

Runs on the GUI thread. Nothing of it is loaded before somebody looks at it.
"""

from __future__ import annotations

from collections.abc import Callable
from random import SystemRandom
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from cowrite.bridge.single_shot import single_shot
from cowrite.clock import milliseconds_now
from cowrite.core.sessions.running import when_running
from cowrite.gui.commands.brainstorm_actions import NO_SESSION, SESSION_COMMANDS
from cowrite.gui.window.views import View
from cowrite.storage.sealed_items import may_be_kept

if TYPE_CHECKING:
    from cowrite.app.bare_draft.bare_draft import BareDraft
    from cowrite.app.session.flow import SessionFlow
    from cowrite.app.session.putting_minutes import PuttingMinutes
    from cowrite.bridge.likeness import Encoder
    from cowrite.bridge.shared.kept_box import KeptBox
    from cowrite.core.brainstorm.brainstorm import Brainstorm
    from cowrite.core.writing.restored import Restored


DECISIONS = "decisions"  # the root that `core.decisions` names, which is not loaded for this
GONE = "What you want to see is not in this document any more."
KEPT = "What you took back stays, because a teammate has written in it; it can be deleted."

_SHOWN_IN = {"decision": "decisions", "action": "decisions", "poll": "session", "session": "session"}


class Brainstorming(QObject):
    """Board, sessions, polls and decisions of a draft, and where they are shown.

    Args:
        draft: it.
    """

    presented = Signal()
    """Its session fills a screen now, or does so no longer."""
    decision_wanted = Signal(list)
    """The ids of notes and groups, or that of a poll, of which the person wants to make a decision."""
    actions_wanted = Signal()
    """The person wants to see what is to be done."""

    def __init__(self, draft: BareDraft) -> None:
        super().__init__(draft)
        self._draft = draft
        self._views = draft.window.views
        self._brainstorm: Brainstorm | None = None
        self._box: KeptBox | None = None
        self.encoder: Encoder | None = None
        """Makes vectors of notes; None where the application has no such thing."""
        self._sessions: SessionFlow | None = None
        self._minutes: PuttingMinutes | None = None
        for name in SESSION_COMMANDS:
            draft.window.actions_.show_refusal(name, NO_SESSION)
        self._follow_soon = single_shot(self, self._follow_sessions)
        self._stop_looking = when_running(draft.document, self._follow_soon.start)
        draft.connection.called_changed.connect(self._set_me)
        draft.connection.renaming.connect(self._leave_name)
        if may_be_kept(draft.sealed):  # it may still have to go to the server
            QTimer.singleShot(0, self, self._begin)

    @property
    def brainstorm(self) -> Brainstorm:
        """What the draft holds besides its text; from now on it is followed."""
        if self._brainstorm is None:
            from cowrite.app.session.sealed import make_box
            from cowrite.core.brainstorm.brainstorm import Brainstorm

            draft = self._draft
            self._box = box = make_box(draft)
            self._brainstorm = Brainstorm(
                draft.document, box, draft.called, chance=SystemRandom(), clock=milliseconds_now
            )
            self._brainstorm.is_shared = lambda: draft.connection.has_server
            self._brainstorm.ahead = lambda: draft.shared.ahead if draft.shared is not None else None
            self._brainstorm.observe_kept(lambda _ids: draft.say("kept", "information", KEPT))
        return self._brainstorm

    @property
    def sessions(self) -> SessionFlow:
        """The sessions of the draft; from now on the bar shows the one that runs."""
        if self._sessions is None:
            from cowrite.app.session.flow import SessionFlow

            self._stop_looking()
            self._sessions = sessions = SessionFlow(
                self._draft, self.brainstorm, lambda: self.encoder, milliseconds_now
            )
            sessions.presenting.changed.connect(self.presented)
            sessions.opened.connect(self.go_to)
            sessions.decision_wanted.connect(self.decision_wanted)
            sessions.actions_wanted.connect(self.actions_wanted)
            sessions.minutes_wanted.connect(self.put_minutes)
        return self._sessions

    @property
    def is_presented(self) -> bool:
        """Whether its session fills a screen."""
        return self._sessions is not None and self._sessions.presenting.is_shown

    def put_minutes(self) -> None:
        """Puts the minutes of the session that runs, or ran last, into the draft."""
        if self._minutes is None:
            from cowrite.app.session.putting_minutes import PuttingMinutes

            self._minutes = PuttingMinutes(self._draft, self.brainstorm, lambda: self.show("draft"))
        self._minutes.put()

    def _follow_sessions(self) -> None:
        if not self._draft.is_closed:
            _ = self.sessions

    def close(self) -> None:
        """The draft is closed: what is sealed and half a note are on this computer's disk when this returns."""
        if self._sessions is not None:
            self._sessions.close()
        if self._box is not None:
            self._box.end()

    def _begin(self) -> None:
        if not self._draft.is_closed:
            _ = self.brainstorm

    def _leave_name(self) -> None:
        if self._sessions is not None:
            self._sessions.leave_name()

    def _set_me(self, before: str) -> None:
        """The person may be called otherwise now than `before`; see `DraftConnection.called_changed`."""
        if self._brainstorm is not None:
            self._brainstorm.me = self._draft.called
        if self._sessions is not None and before not in ("", self._draft.called):
            self._sessions.go_on_from(before)

    def stand_again(self, restored: Callable[[], Restored]) -> None:
        """Has decisions rest on the words on which they rested, in text that was restored.

        Args:
            restored: gives the document as it was made what it was.
        """
        if self._draft.document.entries(DECISIONS).ids("decision"):
            self.brainstorm.decisions.stand_again(restored())

    def view(self, name: str) -> View:
        """A view by its name, made where it was not yet."""
        return self._views.view(name)

    def show(self, name: str) -> None:
        """Shows a view and gives it the keyboard."""
        self._views.show_view(name)

    def go_to(self, id: str) -> None:
        """Shows what has this id, in the view that it belongs to; says so where it is not here any more."""
        if not self.brainstorm.is_there(id):
            self._draft.say("gone", "information", GONE)
            return
        self._draft.notices.take_back("gone")
        name = _SHOWN_IN.get(id.partition(":")[0], "")
        if not name:
            name = self._views.name if self._views.name in ("board", "ideas") else "board"
        if name in self._views.names:
            self.show(name)
            self.view(name).go_to(id)
