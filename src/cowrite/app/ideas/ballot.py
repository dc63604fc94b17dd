"""IdeasBallot: the ballot of an open poll beside the list of ideas.

Runs on the GUI thread. Loaded when a poll is open while somebody looks at the list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from cowrite.app.session.polls import SessionPolls
from cowrite.bridge.single_shot import single_shot
from cowrite.core.sessions.polls import POSITIONS
from cowrite.core.sessions.sessions import Phase, Session
from cowrite.gui.look.theme import LOOSE, MARGIN
from cowrite.gui.session.poll_page import PollPage
from cowrite.gui.session.values import PollsShown
from cowrite.gui.widgets.dialog_parts import scrolling

if TYPE_CHECKING:
    from cowrite.app.draft.draft import Draft
    from cowrite.gui.ideas.view import IdeasView

GATHERED = 20  # milliseconds in which changes are gathered


class IdeasBallot(QObject):
    """Shows the ballot while a poll is open.

    Args:
        draft: of which document.
        view: the list.
    """

    def __init__(self, draft: Draft, view: IdeasView) -> None:
        super().__init__(view)
        self._view = view
        self._brainstorm = draft.brainstorming.brainstorm
        self._page = PollPage()
        self._page.layout().setContentsMargins(MARGIN, LOOSE, MARGIN, LOOSE)  # type: ignore[union-attr]  # it has made one
        self._area = scrolling(self._page, "Ballot")
        self._area.hide()
        self._polls = SessionPolls(draft.brainstorming.sessions, draft, self._page)
        self._page.show_polls(PollsShown(""))  # what is asked from now on is news
        self._shown: tuple[Session, Phase] | None = None
        self._page.show_read_only(view.read_only)
        view.read_only_shown.connect(self._page.show_read_only)
        view.list.side.other_wanted.connect(self._page.focus_first)
        soon = single_shot(self, self.refresh, GATHERED)
        end = self._brainstorm.observe(lambda _ids: soon.start())
        draft.closed.connect(end)
        draft.closed.connect(soon.stop)
        self.refresh()

    def refresh(self) -> None:
        """Shows how it stands."""
        before, self._shown = self._shown, None
        session = self._brainstorm.session
        if session is not None and (polls := self._brainstorm.visibility.open_polls(session.id)):
            self._shown = session, Phase.DECIDE if polls[-1].kind in POSITIONS else Phase.RATE
        if self._shown and not before:
            self._view.set_side(self._area)  # first: what comes into sight is read out
        if shown := self._shown or before:  # once more when the last is closed: who was writing learns of it
            self._polls.show(*shown)
        if before and not self._shown:
            self._view.set_side(None)
