"""SessionFlow: shows the session of one draft: in the bar, on its own pages, on a screen, and on the board.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from cowrite.app.session.arrival import Arrival
from cowrite.app.session.bar import BarKeeper
from cowrite.app.session.leading import Leading
from cowrite.app.session.pages import SessionPages
from cowrite.app.session.presenting import Presenting
from cowrite.app.session.running import RunningSession
from cowrite.app.session.timer import SessionTimer
from cowrite.bridge.single_shot import single_shot
from cowrite.gui.commands.brainstorm_actions import SESSION_COMMANDS
from cowrite.gui.session.begin_dialog import BeginDialog
from cowrite.gui.session.session_view import SessionView

if TYPE_CHECKING:
    from cowrite.app.bare_draft.bare_draft import BareDraft
    from cowrite.bridge.likeness import Encoder
    from cowrite.core.brainstorm.brainstorm import Brainstorm
    from cowrite.gui.session.session_bar import SessionBar

_ON_THE_BOARD = ("note:", "group:", "frame:", "link:", "seen:")
"""Ids of what moves often, and only concerns the session's own place."""


class SessionFlow(RunningSession):
    """Sessions of a draft, and where they are shown.

    Args:
        draft: it.
        brainstorm: what it holds besides its text.
        encoder: gives what makes vectors of notes; None for no such thing.
        clock: milliseconds since 1970.
    """

    def __init__(
        self, draft: BareDraft, brainstorm: Brainstorm, encoder: Callable[[], Encoder | None], clock: Callable[[], int]
    ) -> None:
        super().__init__(draft, brainstorm, clock)
        self._encoder = encoder
        self._timer = timer = SessionTimer(self)
        self._next_prompt = single_shot(self, self.refresh, precision=Qt.TimerType.PreciseTimer)  # all read it at once
        self.presenting = Presenting(self, draft, timer)
        self.leading = Leading(self, lambda: self.presenting.front)
        self.presenting.step_wanted.connect(self.leading.step)
        self._bar = BarKeeper(self, draft, self.leading, timer)
        self._arrival = Arrival(brainstorm, draft.window.views, self)
        self.pages: SessionPages | None = None
        brainstorm.observe(self._on_change)
        draft.window.views.shown.connect(lambda _name: self.refresh_soon())
        self.changed.connect(self._show)
        self.refresh()

    @property
    def bar(self) -> SessionBar | None:
        """The bar above all tabs; None while no session runs."""
        return self._bar.bar

    def make_view(self) -> SessionView:
        """The session's own place, when its tab is first chosen."""
        view = self.view = SessionView(self.clock, self.brainstorm, self._draft.window.views)
        self.pages = SessionPages(self, self._draft, self.leading, self._timer, view, self._encoder)
        if (session := self.session) is not None and self.pages.half_note.words(session.id):
            self.stay_writing()
        self.pages.show()
        return view

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
        dialog = ask_begin(self, self.leading, self._draft, templates)
        self.dialog = dialog
        return dialog

    def close(self) -> None:
        """The draft is closed: what is half written is kept when this returns."""
        self._arrival.close()
        if self.pages is not None:
            self.pages.close()

    # Inside

    def _on_change(self, ids: frozenset[str]) -> None:
        concerns = any(not id.startswith(_ON_THE_BOARD) for id in ids)
        is_here = (self.view is not None and self.view.isVisible()) or self.presenting.is_shown
        if concerns:
            self.refresh_soon()
        elif is_here:
            self.refresh_later()

    def _show(self) -> None:
        session = self.session
        actions = self._draft.window.actions_
        for name in SESSION_COMMANDS:
            actions.show_refusal(name, self.refusal_of(name))
        actions["session_done"].setChecked(self.is_done)
        if wait := self._timer.follow():
            self._next_prompt.start(wait)
        self._bar.show(session)
        self._arrival.follow(session)
        self.presenting.show()
        # What is half written asks what is to become of it before the document is closed, also where nobody looks.
        if self.pages is not None and (self.pages.view.isVisible() or self.pages.view.pad.holds_words):
            self.pages.show()
            self.pages.view.state_changed.emit()
        if session is not None:
            self.leading.lay_out(session)
