"""Actions: what somebody will do, as rows of a card and as a page of all that are open.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from cowrite.core.decisions.actions import Action
from cowrite.gui.decisions.day_field import DayField
from cowrite.gui.decisions.fields import LineField
from cowrite.gui.decisions.parts import RowColumn, heading, model_sign, remover, show_of_model, words
from cowrite.gui.decisions.values import ActionLine
from cowrite.gui.keyboard.control_names import called
from cowrite.gui.keyboard.reading_order import ReadingOrder
from cowrite.gui.look.theme import MARGIN, SPACING, WIDE, set_look
from cowrite.gui.widgets.card_parts import Column, act_button
from cowrite.gui.widgets.dialog_parts import column_in
from cowrite.gui.widgets.tips import tip_of
from cowrite.gui.widgets.wrapping_row import reaching, row_of


class ActionRows(QWidget):
    """Rows of actions.

    Args:
        shows_decisions: whether each row names the decision that it follows from.
    """

    changed = Signal(object)
    """An Action, after the person has changed it."""
    removed = Signal(str)
    """The id of an action that is not to be done."""
    jumped = Signal(str)
    """The id of the decision that the person wants to see."""

    def __init__(self, *, shows_decisions: bool = False) -> None:
        super().__init__()
        self._shows_decisions = shows_decisions
        self._is_read_only = False
        self.column: RowColumn[_ActionRow, ActionLine] = RowColumn(
            self._make,
            lambda row, line, place: row.show_line(line, place),
            lambda line: line.action.id,
            what="actions",
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self.column)

    def show_read_only(self, on: bool) -> None:
        """Lets the person change nothing."""
        self._is_read_only = on
        for row in self.column.rows:
            row.show_read_only(on)

    def _make(self) -> _ActionRow:
        row = _ActionRow(self._shows_decisions, self)
        row.show_read_only(self._is_read_only)
        row.changed.connect(lambda: self.changed.emit(row.action()))
        row.removed.connect(self.removed)
        row.jumped.connect(self.jumped)
        return row


class _ActionRow(QFrame):
    """One action: when …, I will …; who, and until when."""

    changed = Signal()
    removed = Signal(str)
    jumped = Signal(str)

    def __init__(self, shows_decision: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self._action = Action("", "")
        self._shows_decision = shows_decision
        set_look(self, surface="card")
        self.done = QCheckBox("Done")
        self.done.clicked.connect(lambda _on: self.changed.emit())
        self.when = LineField("", "When …")
        self.what = LineField("", "… I will …")
        self.owner = LineField("", "Who")
        self.due = DayField("")
        self.overdue = QLabel("Overdue")
        set_look(self.overdue, tone="problem")
        self._decision = act_button("", "", self._on_jump, is_long=True)
        self._remove = remover(lambda: self.removed.emit(self._action.id))
        for part in (self.when, self.what, self.owner, self.due):
            part.typed.connect(lambda _text: self.changed.emit())
        self.owner.setMaximumWidth(160)
        top = QHBoxLayout()
        top.setSpacing(SPACING)
        top.addWidget(self.done)
        top.addWidget(self.when, 2)
        top.addWidget(self.what, 3)
        self.of_model = model_sign()
        top.addWidget(self.of_model)
        top.addWidget(self._remove)
        self.owner.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        below = row_of(self.owner, self.due, self.overdue, self._decision, spacing=SPACING)
        column_in(self, top, below, around=SPACING, spacing=SPACING)

    def action(self) -> Action:
        """The action as it is here."""
        return replace(
            self._action,
            when=self.when.text(),
            what=self.what.text(),
            owner=self.owner.text(),
            due=self.due.day(self._action.due),
            is_done=self.done.isChecked(),
        )

    def show_line(self, line: ActionLine, place: int) -> None:
        """Shows it; emits nothing."""
        for part, name in (
            (self.done, f"Action {place} is done"),
            (self.when, f"Occasion of action {place}"),
            (self.owner, f"Who does action {place}"),
            (self.due, f"By when action {place} is to be done"),
        ):
            part.setAccessibleName(name)
        called(self._decision, f"Go to the decision of action {place}")
        called(self._remove, f"Remove action {place}")
        action = self._action = line.action
        show_of_model(self.of_model, self.what, f"Action {place}", on=action.is_of_model)
        self.done.setChecked(action.is_done)
        self.when.show_text(action.when)
        self.what.show_text(action.what)
        self.owner.show_text(action.owner)
        self.due.show_text(action.due)
        self.overdue.setHidden(not line.is_overdue)
        shown = line.question if len(line.question) <= 48 else f"{line.question[:47].rstrip()}…"
        self._decision.setText(shown.replace("&", "&&"))
        self._decision.setToolTip(tip_of(line.question))
        self._decision.setHidden(not (self._shows_decision and line.question))

    def show_read_only(self, on: bool) -> None:
        """Lets the person change nothing."""
        for part in (self.when, self.what, self.owner, self.due):
            part.setReadOnly(on)
        self.done.setEnabled(not on)
        self._remove.setHidden(on)

    def _on_jump(self) -> None:
        self.jumped.emit(self._action.decision)


class ActionsPage(QWidget):
    """All open actions, the most urgent first, and those that are done where they are wanted."""

    added = Signal()
    """An action without a decision is wanted."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._lines: tuple[ActionLine, ...] = ()
        self._is_filled = False
        self.rows = ActionRows(shows_decisions=True)
        self.with_done = QCheckBox("Show what is done")
        self.with_done.toggled.connect(lambda _on: self._fill())
        self._add = act_button("Add an action", "Add an action", self.added.emit)
        self.nothing = words("No actions are open.", role="muted")
        inner = Column()
        scroll = ReadingOrder()
        scroll.setWidget(inner)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll)
        column = QVBoxLayout(inner)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, WIDE)
        column.setSpacing(SPACING)
        column.addWidget(heading("Actions"))
        column.addLayout(reaching(self.rows))
        column.addWidget(self.nothing)
        column.addLayout(row_of(self._add, self.with_done, spacing=SPACING))
        column.addStretch(1)

    def show_lines(self, lines: Sequence[ActionLine]) -> None:
        """Shows these actions, when the page is next shown; emits nothing."""
        self._lines = tuple(lines)
        self._is_filled = False
        if self.isVisible():
            self._fill()

    def showEvent(self, event: QShowEvent) -> None:
        """Has rows for what was to be shown meanwhile."""
        super().showEvent(event)
        if not self._is_filled:
            self._fill()

    def show_read_only(self, on: bool) -> None:
        """Lets the person change nothing."""
        self._add.setHidden(on)
        self.rows.show_read_only(on)

    def focus_action(self, id: str) -> None:
        """Gives the keyboard to an action, also where it is done."""
        if any(line.action.id == id and line.action.is_done for line in self._lines):
            self.with_done.setChecked(True)
        if not self._is_filled:
            self._fill()
        ids = [line.action.id for line in self._shown()]
        row = self.rows.column.row(ids.index(id)) if id in ids else None
        if row is not None:
            row.what.setFocus()

    def _fill(self) -> None:
        self._is_filled = True
        shown = self._shown()
        self.rows.column.show_values(shown)
        self.nothing.setHidden(bool(shown))

    def _shown(self) -> list[ActionLine]:
        return [line for line in self._lines if self.with_done.isChecked() or not line.action.is_done]
