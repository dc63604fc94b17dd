"""PositionForm: where one stands towards a proposal, and why.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtWidgets import QButtonGroup, QLineEdit, QRadioButton, QVBoxLayout

from cowrite.core.sessions.polls import ABSTAIN, POSITIONS, Ballot, Poll
from cowrite.gui.keyboard.tab_order import reach_the_chosen
from cowrite.gui.look.theme import SPACING, set_look, worn
from cowrite.gui.session.ballot_form import BallotForm, Within
from cowrite.gui.session.poll_words import POSITION_WORDS, within_words
from cowrite.gui.widgets.dialog_parts import Message, note, plain_label

BESIDE = 10  # device-independent pixels from a choice's disc to where its words begin, with the disc's border


class PositionForm(BallotForm):
    """Where one stands towards a proposal, and why."""

    def __init__(self, poll: Poll, ballot: Ballot, within: Within) -> None:
        super().__init__()
        self._names = POSITIONS[poll.kind]
        self._choices = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for option in poll.options:
            words = plain_label(option.text)
            words.setAccessibleDescription("Proposal")
            set_look(words, role="title")
            column.addWidget(words)
            if below := within_words(within.get(option.id, ())):
                inside = note(below)
                inside.setAccessibleDescription("In it")
                inside.setContentsMargins(0, 0, 0, SPACING)
                column.addWidget(inside)
        for at, name in enumerate(self._names):
            title, meaning = POSITION_WORDS[name]
            choice = QRadioButton(title)
            choice.setAccessibleName(title)
            choice.setAccessibleDescription(meaning)
            choice.setToolTip(meaning)
            choice.setChecked(ballot.position == name)
            self._choices.addButton(choice, at)
            words = note(meaning)
            words.setContentsMargins(worn().metrics.sign + BESIDE, 0, 0, SPACING)
            column.addWidget(choice)
            column.addWidget(words)
        reach_the_chosen(self._choices.buttons())
        self._reason = QLineEdit(ballot.reason)
        self._reason.setAccessibleName("Reason")
        self._reason.setToolTip("Why you stand there; it is shown with the result")
        self._reason.setPlaceholderText("Why")
        self._missing = Message("What is missing")
        column.addWidget(self._reason)
        column.addWidget(self._missing)
        self._choices.idClicked.connect(lambda _at: self._tell())
        self._reason.editingFinished.connect(self._tell)
        self._said = self.ballot()

    def keep(self) -> None:
        """See `BallotForm.keep`; also of a reason to which one has not said yet where one stands."""
        ballot = self.ballot()
        if ballot != self._said and (ballot.position or ballot.reason):
            self._said = ballot
            self.changed.emit(ballot)

    def ballot(self) -> Ballot:
        """See `BallotForm.ballot`."""
        at = self._choices.checkedId()
        return Ballot(position=self._names[at] if at >= 0 else "", reason=self._reason.text().strip())

    def _tell(self) -> None:
        ballot = self.ballot()
        needs = bool(ballot.position) and ballot.position in self._names[1:] and ballot.position != ABSTAIN
        lacks = needs and not ballot.reason
        words = "Say why, in a few words, so that the others can do something about it." if lacks else ""
        if lacks:
            before = self._said.position
            words += (
                f" Until then “{POSITION_WORDS[before][0]}” counts." if before else " Until then it does not count."
            )
        self._missing.show_sentence(words, "waiting")
        if ballot.position and not lacks and ballot != self._said:
            self._said = ballot
            self.changed.emit(ballot)
