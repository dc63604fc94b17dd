"""PollPage: the polls of a session: one's own ballot while one is open, the result once it is closed.

Runs on the GUI thread. What the others say is not known here before a poll is closed.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import QSignalBlocker, Qt, Signal, SignalInstance
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from cowrite.core.sessions.polls import Ballot, Poll
from cowrite.core.sessions.tally import tally
from cowrite.gui.keyboard.speaking import say
from cowrite.gui.look.theme import LOOSE, SPACING, set_look
from cowrite.gui.session.ballot_form import BallotForm
from cowrite.gui.session.ballot_forms import make_form
from cowrite.gui.session.poll_words import asked, headline, voted_in_words
from cowrite.gui.session.results import Results
from cowrite.gui.session.values import PollsShown
from cowrite.gui.widgets.dialog_parts import Message, button, note, plain_label, scroll_past
from cowrite.gui.widgets.elided_box import ElidedBox
from cowrite.gui.widgets.wrapping_row import ReachingColumn, row_of

SEALED = "Your ballot lies sealed; you can change it until the poll is closed."


class _Stand(NamedTuple):
    """Which poll is shown, whether it is closed, and whether one's own ballot lies sealed."""

    poll: str = ""
    is_closed: bool = False
    has_voted: bool = False


class PollPage(QWidget):
    """`open_wanted`, `voted(poll id, Ballot)`, `close_wanted(poll id)`, `revote_wanted(poll id)`,
    `decision_wanted(poll id)`, `minutes_wanted`, `begun` where something else is shown while nobody fills in a
    ballot."""

    open_wanted = Signal()
    voted = Signal(str, object)
    close_wanted = Signal(str)
    revote_wanted = Signal(str)
    decision_wanted = Signal(str)
    minutes_wanted = Signal()
    begun = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = PollsShown("")
        self._body_of: tuple[object, ...] = ()
        self._body: QWidget | None = None
        self._refusal = ""  # why the person may not vote
        self._stood: _Stand | None = None  # what whoever reads by ear knows
        self._said = Ballot()  # what the form was filled in with, or has told since
        self._heading = plain_label("")
        set_look(self._heading, role="title")
        self._lines = plain_label("")
        self._which = ElidedBox(self)
        self._which.setAccessibleName("Poll")
        scroll_past(self._which)
        self._which.setToolTip("The polls of this session, newest first")
        self._which.currentIndexChanged.connect(lambda _at: self._show_other())
        self._nothing = note("")
        self._question = plain_label("")
        self._question.setAccessibleDescription("Question of the poll")
        set_look(self._question, role="heading")
        self._place = ReachingColumn()
        self._status = note("")
        self._status.setAccessibleDescription("How many have voted")
        self._problem = Message("What is wrong with the ballots")
        self._close = button("&Close the poll", "End the poll and show what everybody said", "primary")
        self._close.clicked.connect(lambda: self._tell(self.close_wanted))
        self._again = button("Vote once &more", "Ask the same once more, now that you have talked about it")
        self._again.clicked.connect(lambda: self._tell(self.revote_wanted))
        self._decide = button("", "")
        self._decide.clicked.connect(self._tell_decision)
        self._minutes = button("Put the &minutes into the draft", "Write below the line at the caret what came of it")
        self._minutes.clicked.connect(self.minutes_wanted)
        self._open = button("Open a poll…", "Ask everybody")
        self._open.clicked.connect(self.open_wanted)
        row = row_of(self._close, self._again, self._decide, self._minutes, self._open, spacing=SPACING)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(LOOSE)
        for widget in (self._heading, self._lines, self._which, self._nothing, self._question):
            column.addWidget(widget)
        column.addLayout(self._place)
        column.addWidget(self._status)
        column.addWidget(self._problem)
        column.addLayout(row)
        column.addStretch(1)

    def show_polls(self, shown: PollsShown) -> None:
        """Shows how they stand; a ballot that is being filled in stays as it is, though there is a newer one."""
        before = self._current()
        new = len(shown.polls) > len(self._shown.polls) and not self._is_busy()
        begins = shown.heading != self._shown.heading and not self._is_busy()
        self._shown = shown
        self._heading.setText(shown.heading)
        if begins:
            self.begun.emit()
        self._lines.setText("\n".join(shown.lines))
        self._lines.setHidden(not shown.lines)
        apart = [(poll, asked(poll, shown.titles.get(poll.id, ""))) for poll in shown.polls]
        titles = [title if poll.is_closed else f"Open: {title}" for poll, title in apart]
        if titles != [self._which.itemText(at) for at in range(self._which.count())]:
            with QSignalBlocker(self._which):
                self._which.clear()
                for title, poll in zip(titles, shown.polls, strict=True):
                    self._which.addItem(title, poll.id)
                at = self._which.findData(before.id) if before is not None and not new else 0
                self._which.setCurrentIndex(max(0, at))
        self._which.setVisible(len(shown.polls) > 1)
        self._open.setText(shown.offers)
        self._open.setAccessibleName(shown.offers.removesuffix("…"))
        self._open.setVisible(bool(shown.offers))
        self._minutes.setVisible(shown.may_put_minutes)
        set_look(self._open, kind="" if shown.polls else "primary")
        self._nothing.setText(
            "Nothing has been asked yet." if shown.may_lead else "Nothing has been asked yet. Whoever leads asks."
        )
        self._nothing.setVisible(not shown.polls)
        self._show_poll()
        self._let_vote()
        self._say_how_it_stands()

    def choose(self, id: str) -> None:
        """Shows one of the polls, by its id."""
        at = self._which.findData(id)
        if at >= 0:
            self._which.setCurrentIndex(at)

    def show_read_only(self, reason: str) -> None:
        """Lets the person look at everything and vote nowhere, for a reason; an empty one lets them vote again."""
        self._refusal = reason
        self._let_vote()

    def focus_first(self) -> None:
        """Gives the keyboard to the ballot, or to the first button."""
        if self._body is not None and not isinstance(self._body, Results):
            controls = self._body.findChildren(QWidget)
            first = next((each for each in controls if each.focusPolicy() & Qt.FocusPolicy.TabFocus), None)
            if first is not None:
                first.setFocus(Qt.FocusReason.TabFocusReason)
        elif self._open.isVisible():
            self._open.setFocus()

    # Inside

    def _current(self) -> Poll | None:
        at = self._which.currentIndex()
        return self._shown.polls[at] if 0 <= at < len(self._shown.polls) else None

    def _show_other(self) -> None:
        """Shows the poll that the person has chosen, which is no news."""
        self._show_poll()
        self._stood = self._stand()

    def _show_poll(self) -> None:
        poll = self._current()
        problem = self._shown.problems.get(poll.id, "") if poll is not None else ""
        tone = "offline" if self._shown.is_offline and not self._shown.refusal else "problem"
        self._problem.show_sentence(self._shown.refusal or problem, tone)
        self._show_buttons(poll)
        self._question.setVisible(poll is not None)
        self._status.setVisible(poll is not None and not poll.is_closed)
        if poll is None:
            self._put(None, ())
            return
        self._question.setText(asked(poll))
        self._status.setText(self._status_of(poll))
        if poll.is_closed:
            key: tuple[object, ...] = (poll, self._shown.by_spread)
            if key != self._body_of:
                if isinstance(self._body, BallotForm) and self._body_of[:1] == (poll.id,):
                    self._body.keep()  # what somebody was just writing is not to vanish without a word
                self._put(Results(poll, by_spread=self._shown.by_spread), key)
        else:
            self._show_form(poll)

    def _show_buttons(self, poll: Poll | None) -> None:
        """Shows what can be done with a poll; without one, a decision can be written down all the same."""
        shown = self._shown
        is_open = poll is not None and not poll.is_closed
        is_closed = poll is not None and poll.is_closed
        asked_once = poll is not None and not poll.revote_of and poll.id not in shown.revoted
        is_decided = poll is not None and poll.id in shown.decided
        self._close.setVisible(shown.may_lead and is_open)
        self._again.setVisible(shown.may_lead and is_closed and asked_once and not shown.refusal)
        self._show_decide(is_decided=is_decided)
        self._decide.setVisible((shown.may_decide and not is_open) or (is_closed and (shown.may_lead or is_decided)))

    def _show_decide(self, *, is_decided: bool) -> None:
        words, tip = (
            ("Go to the &decision", "See the decision that was made from this result")
            if is_decided
            else ("&Write down the decision…", "Make a decision from this result, if there is one")
        )
        self._decide.setText(words)
        self._decide.setAccessibleName(words.replace("&", "").removesuffix("…"))
        self._decide.setToolTip(tip)

    def _stand(self) -> _Stand:
        poll = self._current()
        return _Stand(poll.id, poll.is_closed, poll.id in self._shown.ballots) if poll is not None else _Stand()

    def _say_how_it_stands(self) -> None:
        """Has whoever reads by ear know that a poll is asked, that their ballot is kept, and what came of a poll."""
        before, poll = self._stood, self._current()
        self._stood = now = self._stand()
        if not self.isVisible() or poll is None or before is None or before == now:
            return
        if before.poll != now.poll:
            say(self._status, "" if poll.is_closed else f"A poll is asked: {asked(poll)}")
        elif before.is_closed != now.is_closed:
            say(self._status, f"The poll is closed. {headline(poll, tally(poll))}")
        elif now.has_voted:
            say(self._status, SEALED)

    def _show_form(self, poll: Poll) -> None:
        """Shows what lies sealed; what is being filled in, and came from here, stays as it is."""
        said = replace(self._shown.ballots.get(poll.id, Ballot()), voter="")
        within = tuple(tuple(self._shown.within.get(option.id, ())) for option in poll.options)
        key: tuple[object, ...] = (poll.id, within)
        is_begun = isinstance(self._body, BallotForm) and self._body.ballot() != said
        is_same = said == self._said and (self._body_of == key or is_begun)
        if self._body_of[:1] == (poll.id,) and (self._is_busy() or is_same):
            return
        form = make_form(poll, said, self._shown.within)
        form.changed.connect(partial(self._vote, poll.id))
        self._said = said
        self._put(form, key)

    def _is_busy(self) -> bool:
        """Whether somebody is filling a ballot in."""
        return self._holds(QApplication.focusWidget())

    def _holds(self, keyboard: QWidget | None) -> bool:
        return isinstance(self._body, BallotForm) and keyboard is not None and self._body.isAncestorOf(keyboard)

    def _vote(self, id: str, ballot: Ballot) -> None:
        self._said = ballot
        self.voted.emit(id, ballot)

    def _status_of(self, poll: Poll) -> str:
        mine = poll.id in self._shown.ballots
        voted, votes, voters = self._shown.voters.get(poll.id), self._shown.may_vote, ""
        if voted is not None:
            voters = f"{voted_in_words(voted, self._shown.people, has_voted=mine, may_vote=votes)}."
        own = SEALED if mine else ""
        lead = "" if mine or not self._shown.may_lead else "Whoever leads may leave it to the others."
        names = "Nobody will learn who voted how." if poll.is_anonymous else "Names stand beside the result."
        return " ".join(part for part in (voters, own, lead, names) if part)

    def _put(self, body: QWidget | None, key: tuple[object, ...]) -> None:
        if body is not None:
            self._take_keyboard_back()
        if self._body is not None:
            self._place.removeWidget(self._body)
            self._body.hide()
            self._body.deleteLater()
        self._body, self._body_of = body, key
        if body is not None:
            self._let_vote()
            self._place.put(body)
            body.show()  # the layout would show it later, and until then it takes no keyboard

    def _let_vote(self) -> None:
        if isinstance(self._body, BallotForm):
            refusal = self._refusal or self._shown.refusal
            if refusal:
                self._take_keyboard_back()
            self._body.setEnabled(not refusal)
            self._body.setToolTip(refusal)

    def _take_keyboard_back(self) -> None:
        """Qt would give the keyboard of a ballot to the next button, which a space, the next letter, would press, or to
        nothing at all, where the person looks at another program for a moment."""
        if self._holds(self.window().focusWidget()):
            self._question.setFocus(Qt.FocusReason.OtherFocusReason)

    def _tell_decision(self) -> None:
        poll = self._current()
        self.decision_wanted.emit(poll.id if poll is not None else "")

    def _tell(self, signal: SignalInstance) -> None:
        poll = self._current()
        if poll is not None:
            signal.emit(poll.id)
