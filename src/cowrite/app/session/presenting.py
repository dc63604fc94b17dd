"""Presenting: what everybody in a room may see of a session, on a screen of its own.

Runs on the GUI thread. Notes and polls come by way of `core.sessions.visibility`, as everybody has them: what lies
sealed is counted and nothing else, also what whoever presents has written.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from cowrite.app.session.open_things import action_in_words, due_in_words
from cowrite.app.session.polls import fitting_polls
from cowrite.bridge.single_shot import single_shot
from cowrite.core.board.frames import frame_of
from cowrite.core.board.items import Hand, Note
from cowrite.core.brainstorm.deciding import day
from cowrite.core.decisions.decisions import Decision
from cowrite.core.decisions.records import STATUS_WORDS
from cowrite.core.sessions.polls import told_apart
from cowrite.core.sessions.sealing import Contributions
from cowrite.core.sessions.sessions import Phase, Session
from cowrite.core.sessions.tally import tally
from cowrite.core.text.direction import from_left, isolated
from cowrite.core.text.first_words import shortened
from cowrite.gui.session.begin_dialog import NAMED, NAMELESS
from cowrite.gui.session.phase_words import words_of
from cowrite.gui.session.poll_words import asked, headline, voted_in_words
from cowrite.gui.session.presented import (
    LONGEST,
    Presented,
    PresentedContent,
    PresentedDecision,
    PresentedGroup,
    PresentedNote,
    names_in_words,
)
from cowrite.gui.widgets.dialog_parts import bring_to_front
from cowrite_server.counting import counted

if TYPE_CHECKING:
    from cowrite.app.bare_draft.bare_draft import BareDraft
    from cowrite.app.session.running import RunningSession
    from cowrite.app.session.timer import SessionTimer
    from cowrite.gui.session.presentation import Presentation
    from cowrite.gui.window.notice_bar import Notice

KEYS = ("session_next", "session_back", "session_done")
"""Commands whose keys hold while the presentation is in front."""
MOST_LINES = 20
"""Actions or options that are listed."""
PATIENCE = 3000
"""Milliseconds without a connection after which the room is told: most are back before."""
READ = 20_000
"""Milliseconds for which what whoever presents is told stays on the screen at most."""
APART = "This computer is offline, and the group may have gone on."
BEHIND = "There is a message for you in the document’s window; Esc leads there."
_VOTING = (Phase.RATE, Phase.DIFFERENCES, Phase.DECIDE)


class Presenting(QObject):
    """Presents the session of a draft.

    Args:
        running: the session.
        draft: of which document.
        timer: sets the time of its phases.
    """

    changed = Signal()
    """It fills a screen now, or does so no longer."""
    step_wanted = Signal(int)
    """This person takes the group one phase on (1) or back (-1)."""

    def __init__(self, running: RunningSession, draft: BareDraft, timer: SessionTimer) -> None:
        super().__init__(running)
        self._running = running
        self._draft = draft
        self._brainstorm = running.brainstorm
        self._timer = timer
        self._window: Presentation | None = None
        self._is_apart = False  # there has been no connection for a while
        self._apart_soon = single_shot(self, self._note_apart, PATIENCE)
        self._told: dict[str, str] = {}  # by notices their words, or that there is one
        self._read = single_shot(self, self._put_away, READ)
        draft.window.notices.told.connect(self._tell)
        draft.window.notices.removed.connect(self._forget_notice)
        draft.closed.connect(self.end)

    @property
    def is_shown(self) -> bool:
        """Whether it fills a screen."""
        return self._window is not None

    @property
    def front(self) -> QWidget:
        """The window in which this person is, and is asked."""
        is_here = self._window is not None and self._window.isActiveWindow()
        return self._window if self._window is not None and is_here else self._draft.window

    def begin(self) -> None:
        """Fills a screen, and takes the keyboard."""
        if self._running.last is None:
            return
        if self._window is None:
            self._window = self._make_window()
        self.show()
        self._window.showFullScreen()
        bring_to_front(self._window)
        self.changed.emit()

    def show(self) -> None:
        """Shows how the session stands, where it is presented; the one that ran last where none does."""
        session = self._running.last
        if self._window is not None and session is not None:
            self._window.show_session(self._draft.title, self._presented(session))

    def end(self) -> None:
        """Leaves the screen."""
        if self._window is not None:
            self._window.close()

    def _make_window(self) -> Presentation:
        from cowrite.gui.session.presentation import Presentation

        actions, brainstorm = self._draft.window.actions_, self._brainstorm
        window = Presentation(lambda: brainstorm.now, self._draft.window, [actions[name] for name in KEYS])
        window.step_wanted.connect(self.step_wanted)
        window.time_wanted.connect(self._timer.toggle)
        window.more_wanted.connect(self._timer.prolong)
        window.left.connect(self._forget)
        self._draft.window.destroyed.connect(window.deleteLater)
        return window

    def _forget(self) -> None:
        self._window = None
        self._told.clear()
        if not self._draft.is_closed:  # else it is there again with the document, where cowrite ends
            self.changed.emit()

    # What whoever presents is told

    def _tell(self, notice: Notice) -> None:
        """Says on the screen what comes into the window behind it, or, where the room is not to read it, that it
        has."""
        if self._window is None or self._window.screen() is not self._draft.window.screen():
            return
        if notice.id == "session":
            self._told[notice.id] = notice.sentence
        elif notice.kind in ("warning", "problem"):
            self._told[notice.id] = BEHIND
        else:
            return
        self._read.start()
        self.show()

    def _forget_notice(self, id: str) -> None:
        """Says no more of what was answered, or has passed."""
        if self._told.pop(id, ""):
            self.show()

    def _put_away(self) -> None:
        self._told.clear()
        self.show()

    def _note_apart(self) -> None:
        self._is_apart = True
        self.show()

    def _problem(self) -> str:
        """Why this may not be what the others have, or what could not be revealed; empty where all is well."""
        shared = self._draft.shared
        if not self._draft.connection.is_apart and (shared is None or not shared.status.final):
            self._is_apart = False
            self._apart_soon.stop()
            return self._not_opened()
        if not self._is_apart:
            if not self._apart_soon.isActive():
                self._apart_soon.start()
            return ""
        return f"{APART} {self._not_opened()}".strip()

    def _not_opened(self) -> str:
        """What is amiss with a box that is not open yet; what came late to one that is concerns its author alone."""
        session = self._running.last
        if session is None:
            return ""
        boxes = [] if session.is_revealed else [session.id]
        boxes += [poll.id for poll in self._brainstorm.visibility.open_polls(session.id)]
        return next(filter(None, map(self._brainstorm.box.problem, boxes)), "")

    # What is shown

    def _presented(self, session: Session) -> Presented:
        problem, told = self._problem(), " ".join(dict.fromkeys(self._told.values()))
        if session.is_over:
            decisions = self._decisions(session)
            groups = () if decisions else self._groups(session)
            content = PresentedContent(decisions, groups=groups)
            return Presented(session.question, "The session is over", content=content, problem=problem, told=told)
        words = words_of(session.phase, is_revealed=session.is_revealed)
        phases, phase = session.phases, session.phase
        done, people = self._brainstorm.sessions.done(session.id, phase), self._running.taking_part
        may_lead = self._running.may_lead
        return Presented(
            session.question,
            words.title,
            place=f"{phases.index(phase) + 1}/{len(phases)}" if phase in phases else "",
            purpose=words.purpose,
            ends=self._timer.ends,
            content=self._content(session),
            done=tuple(done),
            waits_for=tuple(name for name in people if name not in done) if done or session.defaults.is_silent else (),
            leader="" if may_lead else session.facilitator,
            may_lead=may_lead,
            is_first=phase in phases[:1],
            is_last=not session.later,
            problem=problem,
            told=told,
        )

    def _content(self, session: Session) -> PresentedContent:
        phase = session.phase
        if phase is Phase.OPEN:
            return PresentedContent(lines=self._open() or ("Nothing is open, and no decision is due.",))
        if phase is Phase.FRAME:
            return PresentedContent(lines=_frame(session))
        if not session.is_revealed and (session.seals or self._sealed(session).notes):
            return self._sealed_content(session)
        if phase in _VOTING:
            return self._poll_content(session)
        if phase is Phase.ACT:
            actions = [
                f"{'✓ ' if action.is_done else ''}{action_in_words(action)}"
                for action in self._brainstorm.decisions.actions.all()
                if action.session == session.id
            ]
            return PresentedContent(self._decisions(session), lines=_some(actions) or ("There are no actions yet.",))
        if phase is Phase.REVIEW:
            decisions = self._decisions(session)
            return PresentedContent(decisions, lines=() if decisions else ("No decision has been made.",))
        lines: tuple[str, ...] = ()
        if phase is Phase.CLARIFY:
            seen = self._brainstorm.visibility.coverage(session.id)
            lines = (f"{len(seen.seen)} of {len(seen.seen) + len(seen.unseen)} notes have been opened by others",)
        groups = self._groups(session)
        return PresentedContent(lines=lines if groups else ("There are no notes yet.",), groups=groups)

    def _open(self) -> tuple[str, ...]:
        due = map(due_in_words, self._brainstorm.decisions.due(day(self._running.clock())))
        return _some(
            [*due, *(action_in_words(each) for each in self._brainstorm.decisions.actions.all() if not each.is_done)]
        )

    def _sealed(self, session: Session) -> Contributions:
        return self._brainstorm.box.contributions(session.id)

    def _sealed_content(self, session: Session) -> PresentedContent:
        sealed = self._sealed(session)
        figure = f"{counted(sealed.notes, 'note')} by {counted(sealed.people, 'person', 'people')}"
        if not self._brainstorm.box.is_counted():
            figure = ""
        elif not sealed.notes:
            figure = "No notes yet"
        lines = []
        if not session.is_anonymous:
            wrote = self._brainstorm.sessions.contributed(session.id)
            missing = [name for name in self._running.taking_part if name not in wrote]
            lines += [f"Have written: {names_in_words(wrote)}" if wrote else ""]
            lines += [f"Nothing yet from: {names_in_words(missing)}" if wrote and missing else ""]
        at = self._timer.prompt  # which a session that has just begun may not have yet
        asked = "".join(session.prompts[max(at, 0) : at + 1])
        return PresentedContent(figure=figure, heading=asked, lines=tuple(filter(None, lines)))

    def _poll_content(self, session: Session) -> PresentedContent:
        """The poll that is open, or else the one that was closed last; a decision that was made comes before both."""
        is_proposal = session.phase is Phase.DECIDE
        fitting = fitting_polls(self._brainstorm, session, session.phase)
        decisions = self._decisions(session) if is_proposal else ()
        if not fitting:
            groups = () if decisions else self._groups(session)
            return PresentedContent(decisions, lines=("No poll has been opened yet.",), groups=groups)
        poll = fitting[0]
        title = asked(poll, told_apart(self._brainstorm.visibility.polls())[poll.id])
        if poll.is_closed and decisions:
            return PresentedContent(decisions, lines=(from_left(headline(poll, tally(poll))),))
        if poll.is_closed:
            by_spread = session.phase is Phase.DIFFERENCES
            return PresentedContent(heading=title, poll=poll, by_spread=by_spread)
        box = self._brainstorm.box
        voted = voted_in_words(box.voters(poll.id), self._running.asked, has_voted=False, may_vote=False)
        options = [shortened(option.text) for option in poll.options]
        return PresentedContent(figure=voted if box.is_counted() else "", heading=title, lines=_some(options))

    def _decisions(self, session: Session) -> tuple[PresentedDecision, ...]:
        return tuple(map(_decision, self._brainstorm.decisions.made_in(session.id)))

    def _groups(self, session: Session) -> tuple[PresentedGroup, ...]:
        """The notes of a session as everybody has them, below their frames and groups; where it has none, what
        was there before it began."""
        every = [note for note in self._brainstorm.visibility.published() if note.words]
        notes = [note for note in every if note.session == session.id] or every
        board = self._brainstorm.board
        frames = sorted(board.frames(), key=lambda frame: (frame.place.y, frame.place.x, frame.id))
        titles = {group.id: group.title or "Group" for group in board.groups()}
        names = {frame.id: frame.title or "Frame" for frame in frames}
        held: dict[tuple[str, str], list[PresentedNote]] = {
            (frame, group): [] for frame in (*names, "") for group in ("", *titles)
        }
        held["", ""] = held.pop(("", ""))  # what is in neither stands at the end
        for note in notes:
            frame = frame_of(note.place, frames)
            group = note.group if note.group in titles else ""
            held[frame.id if frame else "", group].append(_presented(note))
        filled = {place: tuple(within) for place, within in held.items() if within}
        has = {"frame": any(frame for frame, _ in filled), "group": any(group for _, group in filled)}
        without = " or ".join(kind for kind, is_there in has.items() if is_there)
        rest = f"In no {without}" if without else ""
        return tuple(
            PresentedGroup(" · ".join(filter(None, (names.get(frame), titles.get(group)))) or rest, within)
            for (frame, group), within in filled.items()
        )


def _presented(note: Note) -> PresentedNote:
    return PresentedNote(note.words, "the assistant" if note.hand is Hand.MODEL else note.author)


def _some(lines: Sequence[str]) -> tuple[str, ...]:
    more = len(lines) - MOST_LINES
    return (*lines[:MOST_LINES], *([f"and {more} more"] if more > 0 else []))


def _frame(session: Session) -> tuple[str, ...]:
    decider = f"{isolated(session.decider)} decides" if session.decider else ""
    return tuple(
        filter(None, (session.constraints, decider, session.rule, NAMELESS if session.is_anonymous else NAMED))
    )


def _decision(decision: Decision) -> PresentedDecision:
    again = f", comes back {decision.review_on}" if decision.review_on else ""
    return PresentedDecision(
        f"{STATUS_WORDS[decision.status]}{again}",
        shortened(decision.outcome, LONGEST),
        shortened(decision.dissent, LONGEST),
    )
