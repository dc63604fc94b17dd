"""StancesSection: what each person said of a decision, by name, and why.

Runs on the GUI thread.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from cowrite.core.deciding import STANCES
from cowrite.core.polls import Ballot
from cowrite.gui.decisions.fields import LineField
from cowrite.gui.decisions.parts import RowColumn, RowSection, button, choice, remover, show_icon_of, words
from cowrite.gui.theme import Theme


class StancesSection(RowSection):
    """The stances of one decision."""

    changed = Signal(object)
    """The stances as a tuple of Ballot, after the person has changed them."""
    left = Signal()
    """The person has left a field."""
    jumped = Signal(str)
    """The id of the poll that the person wants to see."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._stances: tuple[Ballot, ...] = ()
        self._poll = ""
        column: RowColumn[_StanceRow, Ballot] = RowColumn(self._make, lambda row, stance: row.show_stance(stance))
        add = button("Add a stance", "Add what somebody said of it", self._on_add)
        self._to_poll = button("Go to the vote", "Go to the vote", lambda: self.jumped.emit(self._poll))
        self.vote = words(role="muted")
        self.lay_out("Stances", column, add, self._to_poll, note=self.vote)

    @property
    def rows(self) -> list[_StanceRow]:
        """One for each stance, in order."""
        return self._column.rows

    def show_stances(self, stances: tuple[Ballot, ...], vote: tuple[str, ...], poll: str) -> None:
        """Shows these stances and what the vote came to; emits nothing."""
        self._stances, self._poll = stances, poll
        self._column.show_values(stances)
        self.vote.setText(f"The vote: {' · '.join(vote)}")
        self.vote.setHidden(not vote)
        self._to_poll.setHidden(not poll)

    def _make(self, at: int) -> _StanceRow:
        row = _StanceRow(self._theme, at)
        row.show_read_only(self._is_read_only)
        row.changed.connect(lambda: self._put(at, row.stance()))
        row.left.connect(self.left)
        row.removed.connect(lambda: self.changed.emit((*self._stances[:at], *self._stances[at + 1 :])))
        return row

    def _put(self, at: int, stance: Ballot) -> None:
        stances = list(self._stances)
        stances[at] = stance
        self.changed.emit(tuple(stances))

    def _on_add(self) -> None:
        self.changed.emit((*self._stances, Ballot(position=STANCES[0])))
        if self.rows:
            self.rows[-1].who.setFocus()


class _StanceRow(QWidget):
    """What one person said."""

    changed = Signal()
    left = Signal()
    removed = Signal()

    def __init__(self, theme: Theme, at: int) -> None:
        super().__init__()
        self._stance = Ballot()
        self.who = LineField(f"Person {at + 1}", "Name")
        self.who.setMaximumWidth(180)
        self.position = choice(f"What person {at + 1} says", STANCES, lambda _word: self.changed.emit())
        self.why = LineField(f"Reason of person {at + 1}", "Why")
        self._remove = remover(f"Remove the stance of person {at + 1}", theme, self.removed.emit)
        for part in (self.who, self.why):
            part.typed.connect(lambda _text: self.changed.emit())
            part.left.connect(self.left)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.who)
        row.addWidget(self.position)
        row.addWidget(self.why, 1)
        row.addWidget(self._remove)

    def stance(self) -> Ballot:
        """The stance as it is here."""
        return replace(
            self._stance, voter=self.who.text(), position=self.position.currentText(), reason=self.why.text()
        )

    def show_stance(self, stance: Ballot) -> None:
        """Shows it; emits nothing. A position that only a poll knows is kept."""
        self._stance = stance
        self.who.show_text(stance.voter)
        if self.position.findText(stance.position) < 0:
            self.position.addItem(stance.position)
        self.position.setCurrentText(stance.position)
        self.why.show_text(stance.reason)

    def show_theme(self, theme: Theme) -> None:
        """Takes another look."""
        show_icon_of(self._remove, theme)

    def show_read_only(self, on: bool) -> None:
        """Lets the person change nothing."""
        self.who.setReadOnly(on)
        self.why.setReadOnly(on)
        self.position.setEnabled(not on)
        self._remove.setHidden(on)
