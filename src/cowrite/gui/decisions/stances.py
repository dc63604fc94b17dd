"""StancesSection: what each person said of a decision, by name, and why.

Runs on the GUI thread.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QWidget

from cowrite.core.brainstorm.deciding import STANCES
from cowrite.core.decisions.parts import Stance
from cowrite.core.sessions.polls import POSITIONS
from cowrite.gui.decisions.fields import LineField
from cowrite.gui.decisions.parts import RowColumn, RowSection, choice, remover, words
from cowrite.gui.keyboard.control_names import called
from cowrite.gui.widgets.card_parts import act_button

NARROW = 480  # device-independent pixels of a row
LONGEST = max(len(word) for words in (STANCES, *POSITIONS.values()) for word in words)


class StancesSection(RowSection):
    """The stances of one decision."""

    changed = Signal(object)
    """The stances as a tuple of Stance, after the person has changed them."""
    jumped = Signal(str)
    """The id of the poll that the person wants to see."""

    def __init__(self) -> None:
        super().__init__()
        self._poll = ""
        column: RowColumn[_StanceRow, Stance] = RowColumn(
            self._make,
            lambda row, stance, place: row.show_stance(stance, place),
            lambda stance: stance.id,
            what="stances",
        )
        add = act_button("Add a stance", "Add what somebody said of it", self._on_add)
        self._to_poll = act_button("Go to the vote", "Go to the vote", lambda: self.jumped.emit(self._poll))
        self.vote = words(role="muted")
        self.lay_out("Stances", column, add, self._to_poll, note=self.vote)

    @property
    def rows(self) -> list[_StanceRow]:
        """One for each stance, in order."""
        return self._column.rows

    def show_stances(self, stances: tuple[Stance, ...], vote: tuple[str, ...], poll: str) -> None:
        """Shows these stances and what the vote came to; emits nothing."""
        self._poll = poll
        self._column.show_values(stances)
        self.vote.setText(f"The vote: {' · '.join(vote)}")
        self.vote.setHidden(not vote)
        self._to_poll.setHidden(not poll)

    def _make(self) -> _StanceRow:
        row = _StanceRow(self)
        row.show_read_only(self._is_read_only)
        row.changed.connect(lambda: self.changed.emit(self._column.instead_of(row, row.stance())))
        row.removed.connect(lambda: self.changed.emit(self._column.instead_of(row)))
        return row

    def _on_add(self) -> None:
        self.changed.emit((*self._column.values, Stance(position=STANCES[0])))
        if (row := self._column.row(-1)) is not None:
            row.who.setFocus()


class _StanceRow(QWidget):
    """What one person said."""

    changed = Signal()
    removed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._stance = Stance()
        self.who = LineField("", "Name", self)
        self.who.setMaximumWidth(180)
        self.position = choice(self, STANCES, lambda _word: self.changed.emit())
        # A word that only a poll knows would make the box of its row wider than those above and below.
        self.position.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.position.setMinimumContentsLength(LONGEST)
        self.why = LineField("", "Why")
        self._remove = remover(self.removed.emit)
        for part in (self.who, self.why):
            part.typed.connect(lambda _text: self.changed.emit())
        self._cells = QGridLayout(self)
        self._cells.setContentsMargins(0, 0, 0, 0)
        self._cells.setColumnStretch(0, 2)
        self._cells.setColumnStretch(2, 3)
        self._cells.addWidget(self.who, 0, 0)
        self._cells.addWidget(self.position, 0, 1)
        self._cells.addWidget(self.why, 0, 2)
        self._cells.addWidget(self._remove, 0, 3)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The reason goes below where a sentence would find no room beside the name."""
        super().resizeEvent(event)
        is_narrow = self.width() < NARROW
        self._cells.addWidget(self.why, *((1, 0, 1, 4) if is_narrow else (0, 2)))
        self._cells.setColumnStretch(2, 0 if is_narrow else 3)

    def stance(self) -> Stance:
        """The stance as it is here."""
        return replace(
            self._stance, voter=self.who.text(), position=self.position.currentText(), reason=self.why.text()
        )

    def show_stance(self, stance: Stance, place: int) -> None:
        """Shows it; emits nothing. A position that only a poll knows is kept."""
        self._stance = stance
        self.who.setAccessibleName(f"Person {place}")
        called(self.position, f"What person {place} says")
        self.why.setAccessibleName(f"Reason of person {place}")
        called(self._remove, f"Remove the stance of person {place}")
        self.who.show_text(stance.voter)
        if self.position.findText(stance.position) < 0:
            self.position.addItem(stance.position)
        self.position.setCurrentText(stance.position)
        self.why.show_text(stance.reason)

    def show_read_only(self, on: bool) -> None:
        """Lets the person change nothing."""
        self.who.setReadOnly(on)
        self.why.setReadOnly(on)
        self.position.setEnabled(not on)
        self._remove.setHidden(on)
