"""PuttingMinutes: puts the minutes of a session into the draft, or goes to those that stand there.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from cowrite.app.session.minutes import minutes, title_of, titles_of
from cowrite.core.crdt.anchor import Stick
from cowrite.core.sessions.sessions import Session
from cowrite.core.text.offsets import utf16_of_code_point
from cowrite.core.text.richtext import utf16_length
from cowrite.gui.window.notice_bar import Answer

if TYPE_CHECKING:
    from cowrite.app.bare_draft.bare_draft import BareDraft
    from cowrite.core.brainstorm.brainstorm import Brainstorm

THERE = "minutes there"
_THERE = (
    "The minutes of this session stand in the draft already, and are in sight. New ones come below the line at the "
    "caret, with what has been added since."
)


class PuttingMinutes(QObject):
    """The minutes of the sessions of one draft.

    Args:
        draft: it.
        brainstorm: what it holds of its sessions.
        show_draft: shows the draft and gives it the keyboard.
    """

    def __init__(self, draft: BareDraft, brainstorm: Brainstorm, show_draft: Callable[[], None]) -> None:
        super().__init__(draft)
        self._draft = draft
        self._brainstorm = brainstorm
        self._show_draft = show_draft
        self._offered = ""  # the session whose minutes the person may put in again
        draft.window.notices.answered.connect(self._answered)

    def put(self) -> None:
        """Puts in those of the session that runs, or ran last; where they stand in the draft, they are shown there, and
        offered once more."""
        sessions = self._brainstorm.sessions.all()
        session = self._brainstorm.session or (sessions[-1] if sessions else None)
        if session is None:
            self._draft.say("minutes", "information", "There has been no session in this document yet.")
        elif (place := self._place_of(session)) is not None:
            self._offered = session.id
            self._show_draft()
            self._draft.editor.position_visible(place)
            self._draft.say(THERE, "information", _THERE, Answer("again", "Put them in again"))
        else:
            self._insert(session)

    # Inside

    def _insert(self, session: Session) -> None:
        """Puts them below the line at the caret; where nobody has gone to a place in the text, at its end."""
        self._draft.window.notices.remove(THERE)
        editor, document = self._draft.editor, self._draft.document
        self._show_draft()
        if editor.caret() == (0, 0) and not editor.isReadOnly():
            editor.set_caret(max(0, document.length - document.is_closed))
        start = editor.edits.insert_lines_below(minutes(self._brainstorm, session))
        if start is None:
            self._draft.say("minutes", "information", f"{self._draft.connection.rights.refusal}.")
            return
        if self._draft.connection.rights.may_edit:
            stop = start + utf16_length(title_of(session))
            anchors = document.anchor(start, Stick.RIGHT), document.anchor(stop, Stick.LEFT)
            self._brainstorm.sessions.say_minuted(session.id, *anchors)
        editor.position_visible(start)

    def _place_of(self, session: Session) -> int | None:
        """Where the minutes of a session stand (UTF-16 units): where they were put in, also under another heading, or
        below a heading that they get here or far away; None where they do not."""
        document = self._draft.document
        known = self._brainstorm.sessions.minuted(session.id)
        if known is not None:
            start, stop = map(document.resolve, known)
            if start is not None and stop is not None and start < stop:
                return start
        text = document.text()
        for title in titles_of(session, self._brainstorm.sessions.all()):
            at = f"\n{text}\n".find(f"\n{title}\n")
            if at >= 0:
                return utf16_of_code_point(text, at)
        return None

    def _answered(self, notice: str, _answer: str) -> None:
        session = self._brainstorm.sessions.get(self._offered) if notice == THERE else None
        if session is not None:
            self._insert(session)
