"""ReviewBox: whether a decision has held, asked on its day, and what earlier looks back have found.

Runs on the GUI thread.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from cowrite.core.decisions.decisions import Decision, Status
from cowrite.core.decisions.reviews import Finding
from cowrite.gui.decisions.day_field import DayField
from cowrite.gui.decisions.fields import ShortenedLine
from cowrite.gui.decisions.parts import heading, words
from cowrite.gui.decisions.values import Sheet
from cowrite.gui.look.theme import SPACING, set_look
from cowrite.gui.widgets.card_parts import act_button
from cowrite.gui.widgets.dialog_parts import column_in
from cowrite.gui.widgets.wrapping_row import row_of

_WORDS = {Finding.HELD: "It held", Finding.CHANGED: "It changed", Finding.SUPERSEDED: "Superseded"}


class ReviewBox(QWidget):
    """The question and its answers."""

    reviewed = Signal(str, str, str)
    """A word of Finding, a note, and the next day or nothing."""

    def __init__(self) -> None:
        super().__init__()
        self._is_read_only = False
        self._can = self._is_wanted = False
        self._id = ""
        self.past = words()
        self.question = words("Did it hold?", role="heading")
        self.note = ShortenedLine()  # whose undo is its own: it is in no document yet
        self.note.setAccessibleName("What has been seen since")
        self.note.setPlaceholderText("What has been seen since")
        self.note.setToolTip("What has been seen since")
        self._begun: dict[str, str] = {}  # by the ids of other decisions what one has begun to note of them
        self.next = DayField("Next look back on")
        self._offered = ""  # the day that was put there last; in its place one may have chosen another
        self.asked = QFrame()
        set_look(self.asked, surface="card")
        rows = QVBoxLayout(self.asked)
        rows.addWidget(self.question)
        rows.addWidget(self.note)
        self.answers = {
            finding: act_button(said, f"{said}, as this review finds", partial(self._answer, finding))
            for finding, said in _WORDS.items()
        }
        rows.addLayout(row_of(QLabel("Next look back"), self.next, spacing=SPACING))
        for answer in self.answers.values():
            set_look(answer, kind="choice")
        rows.addLayout(row_of(*self.answers.values(), spacing=SPACING))
        self.history = QWidget()
        """What earlier looks back have found, for another place of the card."""
        column_in(self.history, heading("Reviews"), self.past)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.asked)

    def show_sheet(self, sheet: Sheet) -> None:
        """Asks about a decision that is due, and shows what was found before."""
        decision = sheet.decision
        if decision.id != self._id or decision.status is not Status.ACCEPTED:
            self._is_wanted = False
        if decision.id != self._id:
            self._begun[self._id] = self.note.text()
            self.note.setText(self._begun.pop(decision.id, ""))
            self._offered = ""
        self._id = decision.id
        self._can = decision.status is Status.ACCEPTED and (sheet.is_due or self._is_wanted)
        self.question.setText("It is due for review. Did it hold?" if sheet.is_due else "Did it hold?")
        if sheet.next_review != self._offered:
            self._offered = sheet.next_review
            self.next.show_text(sheet.next_review)
        self.past.setText(_past(decision))
        self.history.setHidden(not decision.reviews)
        self._show()

    def ask(self) -> None:
        """Asks before the day has come."""
        self._can = self._is_wanted = True
        self._show()
        self.note.setFocus()

    def show_read_only(self, on: bool) -> None:
        """Lets the person answer nothing."""
        self._is_read_only = on
        self._show()

    def _show(self) -> None:
        self.asked.setHidden(self._is_read_only or not self._can)

    def _answer(self, finding: Finding) -> None:
        note, next_day = self.note.text(), self.next.day("")
        self.note.clear()
        self._offered = ""
        self._is_wanted = False
        self.reviewed.emit(finding.value, note, next_day)


def _past(decision: Decision) -> str:
    rows = []
    for review in decision.reviews:
        by = f" ({review.by})" if review.by else ""
        rows.append(f"{review.on}: {_WORDS[review.finding]}{by}{f'. {review.note}' if review.note else ''}")
    return "\n".join(rows)
