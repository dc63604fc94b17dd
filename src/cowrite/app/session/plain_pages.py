"""PlainPages: what the session's own place says where one only reads and goes on: phases at the board, and between
sessions.

Runs on the GUI thread.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cowrite.app.session.spread import SessionSpread
from cowrite.app.session.worth import worth_question
from cowrite.core.decisions.records import STATUS_WORDS
from cowrite.core.sessions.sessions import Phase, Session
from cowrite.core.text.direction import isolated
from cowrite.core.text.first_words import shortened
from cowrite.gui.commands.own_keys import words_of
from cowrite.gui.look.key_names import and_key, with_keys
from cowrite.gui.session.phase_words import PHASES
from cowrite.gui.session.values import PageButton, PlainShown
from cowrite_server.counting import counted

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

    from cowrite.app.session.leading import Leading
    from cowrite.app.session.running import RunningSession
    from cowrite.gui.window.views import Views

_THE_WAY = (Phase.WRITE, Phase.REVEAL, Phase.BUILD, Phase.GROUP, Phase.RATE, Phase.DECIDE, Phase.ACT)
BEGIN = PageButton("begin", "Begin a session…", "Ask a question that the others answer too", "primary")
_BOARD = PageButton("board", "&Go to the board", "See the notes side by side", "primary")
_LIST = PageButton("ideas", "Go to the &list", "See the notes as a list, for the keyboard")
_DECISIONS = PageButton("decisions", "Go to &decisions", "Actions and decisions of this document", "primary")
_ACTIONS = PageButton("actions", "Go to ac&tions", "See what is to be done, and add to it", "primary")
_MINUTES = PageButton("minutes", "Put the &minutes into the draft", "Write below the line at the caret what came of it")


class PlainPages:
    """Words and ways on of these pages.

    Args:
        running: the session.
        leading: leads the group.
        views: of the document.
        begin: the command that begins a session.
        spread: how far the ideas go.
    """

    def __init__(
        self, running: RunningSession, leading: Leading, views: Views, begin: QAction, spread: SessionSpread
    ) -> None:
        self._running = running
        self._leading = leading
        self._views = views
        self._begin = begin
        self._brainstorm = running.brainstorm
        self._spread = spread

    def between(self) -> PlainShown:
        """What is shown while no session runs: where the notes of the last one are, or what a session is."""
        tip = and_key(BEGIN.tip, words_of(self._begin.shortcut()))
        begin = (replace(BEGIN, tip=tip),) if self._running.may_write else ()
        last = self._running.last
        made = [] if last is None else self._brainstorm.decisions.made_in(last.id)
        if last is None or not (made or self.notes_of(last)):
            line = "A session takes a group from a question to a decision: first everybody writes alone."
            steps = tuple((PHASES[phase].title, f"{PHASES[phase].purpose}.") for phase in _THE_WAY)
            return PlainShown("No session is running", (line,), begin, steps=steps)
        rest = tuple(replace(each, kind="") for each in begin)
        notes = self.notes_of(last)
        lines = (*self.came_to(), *([self._many(last)] if notes else []))
        to_notes = self._where_notes_are() if notes else ()
        decisions = replace(_DECISIONS, kind="" if notes else "primary")
        to_made = (decisions,) if made and "decisions" in self._views.names else ()
        return PlainShown("The session is over", lines, (*to_notes, *to_made, *self._to_minutes(), *rest))

    def came_to(self) -> tuple[str, ...]:
        """What the last session asked, what it decided, and what of one's own came too late; nothing where there was
        none."""
        last = self._running.last
        if last is None:
            return ()
        every = self._brainstorm.decisions.made_in(last.id)
        made = [(STATUS_WORDS[each.status], isolated(shortened(each.outcome))) for each in every]
        late = filter(None, (self._brainstorm.box.problem(last.id),))
        return (f"“{last.question}”", *(f"{status}: {outcome}" for status, outcome in made), *late)

    def notes_of(self, session: Session) -> list[str]:
        """The ids of the notes of a session that everybody sees."""
        return [note.id for note in self._brainstorm.visibility.notes_of(session.id)]

    def _many(self, session: Session) -> str:
        notes = len(self.notes_of(session))
        return f"{notes or 'No'} {'note is' if notes == 1 else 'notes are'} on the board."

    def _where_notes_are(self) -> tuple[PageButton, ...]:
        return tuple(each for each in (_BOARD, _LIST) if each.id in self._views.names)

    def _to_minutes(self) -> tuple[PageButton, ...]:
        return (_MINUTES,) if self._running.may_put else ()

    def page(self, session: Session, phase: Phase) -> PlainShown:
        """What is shown in a phase."""
        views = self._views.names
        there, many = self._where_notes_are(), self._many(session)
        wide = tuple(filter(None, (self._spread.words(session), self._brainstorm.box.problem(session.id))))
        if not session.is_revealed and self._brainstorm.box.contributions(session.id).notes:
            return self._sealed_page(session)
        if phase is Phase.REVEAL:
            late = ("What is written now is accepted too, and marked as late.",)
            return PlainShown("All notes at once", (many, *wide, *(late if self._running.may_write else ())), there)
        if phase is Phase.GROUP:
            drag = with_keys("Drag notes onto each other, or select some and press Ctrl+G.")
            lines = (many, *wide, *((drag,) if self._running.may_write else ()))
            return PlainShown("What belongs together?", lines, there)
        if phase is Phase.CLARIFY:
            seen = self._brainstorm.visibility.coverage(session.id)
            total = len(seen.seen) + len(seen.unseen)
            words = f"{len(seen.seen)} of {total} notes have been opened by somebody besides their author."
            return PlainShown("What is meant?", ("Open every group once.", words, *wide), there)
        decisions = (_DECISIONS,) if "decisions" in views else ()
        if phase is Phase.ACT:
            how = "An action that names its occasion is done more often: “When it is Monday, I will …”."
            return PlainShown("Who does what, and when?", (how,), (_ACTIONS,) if decisions else ())
        end = PageButton("end", "E&nd the session…", "Close it for everybody; all of it stays in the document")
        lines = ("Give each decision the day on which it comes back.",)
        buttons = (*decisions, *self._to_minutes(), *((end,) if self._running.may_lead else ()))
        question = worth_question(self._brainstorm, session) if self._running.may_say else None
        return PlainShown("When do we look at it again?", lines, buttons, question)

    def _sealed_page(self, session: Session) -> PlainShown:
        sealed = self._brainstorm.box.contributions(session.id)
        people = counted(sealed.people, "person", "people")
        words = f"{counted(sealed.notes, 'note lies', 'notes lie')} sealed, by {people}."
        problem = tuple(filter(None, (self._brainstorm.box.problem(session.id),)))
        if self._leading.is_revealing and not problem:
            return PlainShown("The notes are being revealed", ("They are on the board in a moment.",))
        if self._running.may_lead:
            reveal = PageButton("reveal", "&Reveal all notes", "Put them on the board, in shuffled order", "primary")
            return PlainShown("The notes are still sealed", (words, *problem), (reveal,))
        return PlainShown("The notes are still sealed", (words, "Whoever leads reveals them.", *problem))
