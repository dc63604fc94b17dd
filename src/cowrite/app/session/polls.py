"""SessionPolls: the polls of a session: opening, voting, closing, asking once more.

Runs on the GUI thread. Ballots lie in the sealed box until a poll is closed, and what is shown comes by way of
`core.sessions.visibility`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from cowrite.app.session.asking import ask_close
from cowrite.core.sessions.polls import POSITIONS, Ballot, Poll, PollKind, told_apart
from cowrite.core.sessions.sessions import Phase, Session
from cowrite.core.sessions.tally import tally
from cowrite.gui.session.poll_dialog import PollDialog
from cowrite.gui.session.poll_page import PollPage
from cowrite.gui.session.session_view import SessionView
from cowrite.gui.session.values import PollsShown

if TYPE_CHECKING:
    from cowrite.app.bare_draft.bare_draft import BareDraft
    from cowrite.app.session.running import RunningSession
    from cowrite.core.brainstorm.brainstorm import Brainstorm

_HEADINGS = {
    Phase.RATE: "What weighs most?",
    Phase.DIFFERENCES: "Where are we furthest apart?",
    Phase.DECIDE: "Shall we do this?",
}

_LATE = "The poll was closed before your ballot, so it does not count."
_LATE_CHANGE = "The poll was closed before you changed your ballot, so it counts as it was before."


def fitting_polls(brainstorm: Brainstorm, session: Session, phase: Phase) -> list[Poll]:
    """The polls of a session, the open ones first, and then those that a phase is about; of equals the newest first."""
    is_proposal = phase is Phase.DECIDE
    every = reversed(brainstorm.visibility.polls_of(session.id))
    return sorted(every, key=lambda poll: (poll.is_closed, (poll.kind in POSITIONS) != is_proposal))


class SessionPolls(QObject):
    """Polls of the session that runs.

    Args:
        running: the session.
        draft: of which document.
        page: where they are shown.
    """

    def __init__(self, running: RunningSession, draft: BareDraft, page: PollPage) -> None:
        super().__init__(page)
        self._running = running
        self._draft = draft
        self._brainstorm = running.brainstorm
        self._page = page
        self._phase = Phase.RATE
        self._voted: set[str] = set()  # the open polls in which this person's ballot was seen
        self._asked_again: set[str] = set()  # the polls by which this person has asked something once more
        page.open_wanted.connect(self.ask)
        page.voted.connect(self._vote)
        page.close_wanted.connect(self._close)
        page.revote_wanted.connect(self._ask_again)
        page.decision_wanted.connect(self._decide)
        page.minutes_wanted.connect(running.minutes_wanted)

    def show(self, session: Session, phase: Phase) -> None:
        """Shows the polls of a session, the open ones first, and then those that a phase is about."""
        self._phase = phase
        self._take_back(session)
        every = polls = fitting_polls(self._brainstorm, session, phase)
        refusal = self._brainstorm.box.no_polls()
        if phase is Phase.DIFFERENCES:
            polls = [poll for poll in polls if poll.is_closed] or polls
        ballots = {poll.id: own for poll in polls if (own := self._brainstorm.box.ballot(poll.id)) is not None}
        self._voted.update(ballots)
        self._page.show_polls(
            PollsShown(
                heading=_HEADINGS[phase],
                polls=tuple(polls),
                ballots=ballots,
                voters=self._voters(polls),
                people=self._running.asked,
                may_lead=self._running.may_lead,
                may_vote=self._running.may_seal and not refusal,
                revoted=frozenset(poll.revote_of for poll in every),
                by_spread=phase is Phase.DIFFERENCES,
                problems=self._problems(polls),
                is_offline=self._running.is_apart,
                refusal=refusal,
                offers=("Put a proposal…" if phase is Phase.DECIDE else "Open a poll…")
                if self._running.may_lead and not refusal
                else "",
                may_decide=phase is Phase.DECIDE and self._running.may_lead,
                within=self._brainstorm.visibility.within(poll for poll in polls if not poll.is_closed),
                decided=frozenset(self._decisions()),
                titles=told_apart(self._brainstorm.visibility.polls()),
            )
        )

    def show_past(self, view: SessionView, lines: Sequence[str], begin: str) -> bool:
        """Shows the results that sessions have left; says whether there are any.

        Args:
            view: where.
            lines: what is said of the last session.
            begin: the words that begin another session, for whoever may.
        """
        closed = [poll for poll in reversed(self._brainstorm.visibility.polls()) if poll.is_closed]
        closed.sort(key=lambda poll: not poll.ballots)  # what nobody voted in, such as one that the end closed, is last
        if closed:
            self._page.show_polls(
                PollsShown(
                    "The session is over",
                    tuple(closed),
                    may_lead=False,
                    problems=self._problems(closed),
                    may_decide=self._running.may_write,
                    offers=begin if self._running.may_write else "",
                    may_put_minutes=self._running.may_put,
                    decided=frozenset(self._decisions()),
                    titles=told_apart(self._brainstorm.visibility.polls()),
                    lines=tuple(lines),
                )
            )
            view.show_page(view.polls)
        return bool(closed)

    def go_to(self, id: str) -> None:
        """Shows a poll by its id."""
        poll = self._brainstorm.visibility.poll(id)
        session = self._running.session
        if poll is None:
            return
        if session is not None and poll.session == session.id:
            self._running.look(Phase.DECIDE if poll.kind in POSITIONS else Phase.RATE)
        self._page.choose(id)

    def ask(self) -> PollDialog | None:
        """Asks what is to be voted on, and opens a poll."""
        session = self._running.session
        if session is None:
            self._draft.window.actions_["session_begin"].trigger()
            return None
        if refusal := self._brainstorm.box.no_polls():
            self._draft.say("poll", "information", refusal)
            return None
        kind = PollKind.CONSENT if self._phase is Phase.DECIDE else PollKind.DOTS
        options = self._brainstorm.visibility.options(session.id)
        known = {option.id for option in options}
        others = [option for option in self._brainstorm.visibility.options("") if option.id not in known]
        if not options:  # all that there is was written before the session began
            options, others = others, []
        dialog = PollDialog(
            options,
            kind,
            session.criteria,
            others=others,
            is_anonymous=session.is_anonymous,
            proposal=self._fallen(session),
            parent=self._draft.window,
        )

        known = {poll.id for poll in self._brainstorm.visibility.open_polls(session.id)}

        def open_poll(poll: Poll) -> None:
            now = self._running.session
            if now is None or now.id != session.id:  # somebody has ended it meanwhile
                dialog.show_problem("This session has ended meanwhile; a poll can be opened in one that runs.")
                return
            if not self._running.may_lead:
                dialog.show_problem(f"{self._running.refusal}.")
                return
            new = [each for each in self._brainstorm.visibility.open_polls(session.id) if each.id not in known]
            if new:  # somebody else who may lead was faster, with the same question as like as not
                known.update(each.id for each in new)
                dialog.show_problem(
                    f"“{new[-1].question}” has been asked meanwhile; press Open once more to ask this too."
                )
                return
            id = self._brainstorm.polls.open(replace(poll, session=session.id))
            dialog.accept()
            self._running.refresh()
            self._page.choose(id)
            self._page.focus_first()

        dialog.open_wanted.connect(open_poll)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        self._running.dialog = dialog
        return dialog

    def _fallen(self, session: Session) -> str:
        """The last proposal of a session where it did not stand: what speaks against it is worked into it."""
        every = reversed(self._brainstorm.visibility.polls_of(session.id))
        last = next((each for each in every if each.is_closed and each.kind in POSITIONS), None)
        if last is None or tally(last).is_carried:
            return ""
        return "\n".join(option.text for option in last.options)

    def _voters(self, polls: Iterable[Poll]) -> dict[str, int]:
        """How many have voted, by the ids of open polls; nothing as long as that is not known."""
        box = self._brainstorm.box
        return {poll.id: box.voters(poll.id) for poll in polls if not poll.is_closed} if box.is_counted() else {}

    def _vote(self, id: str, ballot: Ballot) -> None:
        poll = self._brainstorm.visibility.poll(id)
        if poll is None:
            return
        if poll.is_closed:  # while somebody was filling it in
            wrote = f" You wrote: “{ballot.reason}”." if ballot.reason else ""
            self._draft.say("ballot", "warning", f"{_LATE_CHANGE if id in self._voted else _LATE}{wrote}")
            return
        if refusal := self._brainstorm.box.no_polls():
            self._draft.say("ballot", "warning", refusal)
            return
        self._draft.notices.take_back("ballot")  # what was said of an earlier one
        self._brainstorm.box.put_ballot(id, replace(ballot, voter="" if poll.is_anonymous else self._brainstorm.me))

    def _close(self, id: str) -> None:
        if not self._running.may_lead:
            return
        voters, asked = self._brainstorm.box.voters(id), self._running.asked
        if voters < asked:
            self._running.dialog = ask_close(voters, asked, self._draft.window, lambda: self._close_now(id))
        else:
            self._brainstorm.box.close(id)

    def _close_now(self, id: str) -> None:
        """The person was asked, and may lead no more, or the poll is closed, since."""
        poll = self._brainstorm.visibility.poll(id)
        if self._running.may_lead and poll is not None and not poll.is_closed:
            self._brainstorm.box.close(id)

    def _ask_again(self, id: str) -> None:
        poll = self._brainstorm.visibility.poll(id)
        if poll is not None and self._running.may_lead and not self._brainstorm.box.no_polls():
            again = replace(poll, id="", created=0, is_closed=False, ballots=(), revote_of=id)
            self._asked_again.add(self._brainstorm.polls.open(again))

    def _take_back(self, session: Session) -> None:
        """Where somebody else has asked the same once more at the same moment, the later poll goes, by whoever opened
        it, as long as nobody has voted there."""
        box, polls = self._brainstorm.box, self._brainstorm.visibility.polls_of(session.id)
        first: dict[str, str] = {}
        for poll in polls:  # in the order in which they were opened, everywhere the same
            is_first = first.setdefault(poll.revote_of, poll.id) == poll.id
            if poll.id in self._asked_again and not (is_first or poll.is_closed or box.voters(poll.id)):
                self._asked_again.discard(poll.id)
                self._brainstorm.polls.remove(poll.id)

    def _problems(self, polls: Iterable[Poll]) -> dict[str, str]:
        """What is amiss with this person's own ballots, by the ids of polls."""
        return {poll.id: words for poll in polls if (words := self._brainstorm.box.problem(poll.id))}

    def _decisions(self) -> dict[str, str]:
        """The ids of decisions by those of the polls from which they were made; of several the newest."""
        return {each.poll: each.id for each in self._brainstorm.decisions.all() if each.poll}

    def _decide(self, id: str) -> None:
        if made := self._decisions().get(id):
            self._running.opened.emit(made)
        else:
            self._running.decision_wanted.emit([id] if id else [])
