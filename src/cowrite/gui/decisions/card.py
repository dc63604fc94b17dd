"""DecisionCard: one decision, read and written in place.

Runs on the GUI thread. It says what the person does and shows what it is told; every field is in the order in which a
decision is made, and the keyboard goes through them in that order.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from cowrite.core.decisions.decisions import Status
from cowrite.core.decisions.records import superseded_words, supersedes_words
from cowrite.gui.decisions.action_rows import ActionRows
from cowrite.gui.decisions.day_field import DayField
from cowrite.gui.decisions.evidence import EvidenceSection
from cowrite.gui.decisions.facts import Facts
from cowrite.gui.decisions.fields import LineField, ShortenedLine, WrittenField
from cowrite.gui.decisions.options import OptionsSection
from cowrite.gui.decisions.parts import heading, words
from cowrite.gui.decisions.review_box import ReviewBox
from cowrite.gui.decisions.stances import StancesSection
from cowrite.gui.decisions.values import Sheet
from cowrite.gui.keyboard.reading_order import ReadingOrder
from cowrite.gui.look.key_names import with_keys
from cowrite.gui.look.theme import LOOSE, MARGIN, SPACING, set_look
from cowrite.gui.widgets.card_parts import Column, act_button
from cowrite.gui.widgets.dialog_parts import ABOVE_LINE, scroll_past, together
from cowrite.gui.widgets.tips import tip_of
from cowrite.gui.widgets.wrapping_row import ReachingColumn, reaching, row_of

RULES = ("", "consent", "majority", "advice", "one person")
WIDEST = 860  # of the card, in device-independent pixels; longer lines are hard to read
_WRITTEN = {
    "question": ("Question", "What is to be decided?"),
    "context": ("Context", "What makes it necessary?"),
    "outcome": ("Outcome", "What was decided, in your own words"),
    "consequences": ("Consequences", "One per line; + before what is good, - before what is bad"),
    "dissent": ("Dissent", "Who sees it differently, and why?"),
    "confirmation": ("Confirmation", "How will you see whether it holds?"),
}
_HOW = "How is it decided?"
_TONES = {"Accepted": "success", "Proposed": "waiting", "Rejected": "problem", "Superseded": "offline"}


class DecisionCard(ReadingOrder):
    """The card of the chosen decision."""

    typed = Signal(str, object)
    """Name of a field and its value, in a burst of typing."""
    written = Signal(str, str, int)
    """Name of a field in which several people can type, its text, and where the caret is, in characters."""
    put = Signal(str, object)
    """Name of a field and its value, as one act."""
    asked = Signal(str)
    """What is to be done with the decision: a key of `commands`."""
    jumped = Signal(str)
    """The id of what the person wants to see."""
    evidence = Signal(str, int)
    """What is to be done with a passage ("open", "renew", "remove"), and its place in the order."""
    reviewed = Signal(str, str, str)
    """See `ReviewBox.reviewed`."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._is_read_only = False
        self._sheet: Sheet | None = None
        self.setAccessibleName("Decision")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keyboard goes to what is in it
        self.status = QLabel()
        set_look(self.status, role="heading")
        self.commands = {
            name: act_button(text, tip, partial(self.asked.emit, name), kind=kind)
            for name, text, tip, kind in (
                ("accept", "Accept", "Accept the decision", "primary"),
                ("reject", "Reject", "Reject the proposal", "choice"),
                ("reopen", "Open again", "Make it a proposal again", "choice"),
                ("supersede", "Supersede", "Propose a decision that takes its place", "choice"),
                ("review", "Look back", "Say whether the decision has held", "quiet"),
                ("draft", "Put into the draft", "Put it into the draft, below the line at the caret", "choice"),
                ("remove", "Remove", "Take the decision out of the log", "quiet"),
            )
        }
        self.hindrance = words(role="muted")
        self.wording = words(role="muted")
        self.fields = {name: WrittenField(title, hint) for name, (title, hint) in _WRITTEN.items()}
        self.decider = LineField("Decider", "Who decides?")
        self.rule = QComboBox()
        self.rule.setLineEdit(ShortenedLine())
        scroll_past(self.rule)
        self.rule.addItems(list(RULES))
        self.rule.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.rule.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for part in (self.rule, self.rule.lineEdit()):
            if part is not None:
                part.setAccessibleName("Rule")
                part.setPlaceholderText(_HOW)
        self.owner = LineField("Owner", "Who sees to it?")
        self.decided_on = DayField("Decided on")
        self.review_on = DayField("Review on")
        self.options = OptionsSection()
        self.stances = StancesSection()
        self.passages = EvidenceSection()
        self.action_rows = ActionRows()
        self.review = ReviewBox()
        self._add_action = act_button("Add an action", "Add what somebody will do", lambda: self.asked.emit("action"))
        self._supersedes, self._superseded = (
            act_button("", f"Go to the decision {which}", partial(self._jump, name), is_long=True)
            for name, which in (("supersedes", "whose place it takes"), ("superseded_by", "that takes its place"))
        )
        # From wherever one writes in it: the way back to the button is long.
        accept = QShortcut(QKeySequence("Ctrl+Return"), self)
        accept.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        accept.activated.connect(self._accept)
        self.commands["accept"].setToolTip(with_keys("Accept the decision (Ctrl+Enter)"))
        self._lay_out()
        self._connect()

    @property
    def shown(self) -> str:
        """The id of the decision that is shown; empty for none."""
        return self._sheet.decision.id if self._sheet is not None else ""

    def entries(self) -> list[tuple[str, QPushButton]]:
        """What the menu of the decision offers: its words, and the button that does it."""
        words = {name: f"&{each.text()}" for name, each in self.commands.items()}
        words |= {"reopen": "&Open again", "review": "&Look back", "reject": "Re&ject", "remove": "&Remove\tDel"}
        return [(words[name], each) for name, each in self.commands.items()]

    def show_sheet(self, sheet: Sheet) -> None:
        """Shows a decision; emits nothing. What the person is typing in stays where it is."""
        is_other = self._sheet is None or self._sheet.decision.id != sheet.decision.id
        self._sheet = sheet
        decision = sheet.decision
        for name, field in self.fields.items():
            field.show_text(getattr(decision, name))
        for line in (self.decider, self.owner, self.decided_on, self.review_on):
            line.show_text(getattr(decision, _NAMES[line.accessibleName()]))
        if self.rule.currentText() != decision.rule:
            self.rule.setEditText(decision.rule)
            if not self.rule.hasFocus() and (rule := self.rule.lineEdit()) is not None:
                rule.setCursorPosition(0)  # its first words say more than its last
        self.rule.setToolTip(tip_of(decision.rule) or _HOW)
        self.status.setText(sheet.status)
        self.status.setAccessibleName(f"Status: {sheet.status}")
        set_look(self.status, tone=_TONES.get(sheet.status, ""))
        self.wording.setText(sheet.wording)
        self.wording.setHidden(not sheet.wording)
        if is_other:
            for rows in (self.options, self.stances, self.passages, self.action_rows.column):
                rows.begin()
        self.options.show_options(decision.options)
        self.stances.show_stances(decision.stances, sheet.vote, decision.poll)
        self.passages.show_quotes(sheet.quotes)
        self.action_rows.column.show_values(sheet.actions)
        self.action_rows.setHidden(not sheet.actions)  # or there would be a gap
        self.review.show_sheet(sheet)
        for link, question, sentence in (
            (self._supersedes, sheet.supersedes, supersedes_words(decision)),
            (self._superseded, sheet.superseded_by, superseded_words(decision)),
        ):
            link.setText(f"{sentence}: {question}".replace("&", "&&"))
            link.setToolTip(tip_of(f"{link.accessibleName()}: {question}"))
            link.setHidden(not question)
        self._show_commands()
        if is_other:
            self.verticalScrollBar().setValue(0)

    def show_read_only(self, on: bool) -> None:
        """Lets the person change nothing."""
        self._is_read_only = on
        for field in self.fields.values():
            field.setReadOnly(on)
        for line in (self.decider, self.owner, self.decided_on, self.review_on):
            line.setReadOnly(on)
        self.rule.setEnabled(not on)
        for part in (self.options, self.stances, self.passages, self.action_rows, self.review):
            part.show_read_only(on)
        self._add_action.setHidden(on)
        self._show_commands()

    def focus_first(self) -> None:
        """Lets the person write the question, or the outcome where that is all that lacks."""
        has_question = self._sheet is not None and bool(self._sheet.decision.question.strip())
        self.fields["outcome" if has_question else "question"].setFocus()

    def focus_last_action(self) -> None:
        """Lets the person say what is done in the action that was added last."""
        if (row := self.action_rows.column.row(-1)) is not None:
            row.when.setFocus()

    # Inside

    def _show_commands(self) -> None:
        if self._sheet is None:
            return
        status, on = self._sheet.decision.status, not self._is_read_only
        shown = {
            "accept": on and status in (Status.PROPOSED, Status.REJECTED),
            "reject": on and status is Status.PROPOSED,
            "reopen": on and status is not Status.PROPOSED,
            "supersede": on and status is Status.ACCEPTED and not self._sheet.decision.superseded_by,
            "review": on and status is Status.ACCEPTED and not self._sheet.is_due,
            "draft": on,
            "remove": on,
        }
        for name, command in self.commands.items():
            command.setHidden(not shown[name])
        self.commands["accept"].setEnabled(not self._sheet.hindrance)
        self.hindrance.setText(f"It cannot be accepted yet. {self._sheet.hindrance}")
        self.hindrance.setHidden(not (shown["accept"] and self._sheet.hindrance))

    def _lay_out(self) -> None:
        inner = Column()
        inner.setMaximumWidth(WIDEST)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.setWidget(inner)  # while it is empty: Qt asks what goes into another for its size, and dresses it for that
        column = QVBoxLayout(inner)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, 2 * MARGIN)
        column.setSpacing(LOOSE)
        commands = (self.commands[name] for name in ("accept", "reject", "reopen", "supersede", "draft"))
        self.status.setContentsMargins(0, ABOVE_LINE, 0, 0)  # level with the words of the buttons
        top = QHBoxLayout()
        top.addWidget(self.status, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(row_of(*commands, spacing=SPACING, at_end=True), 1)
        column.addLayout(top)
        column.addWidget(self.hindrance)
        column.addWidget(self.wording)
        for link in (self._supersedes, self._superseded):
            column.addLayout(row_of(link, spacing=0))
        column.addWidget(self.review)
        self._add_written(column, "question")
        self._add_written(column, "context")
        facts = ReachingColumn()
        facts.addWidget(self._facts())
        column.addLayout(facts)
        column.addLayout(reaching(self.options))
        self._add_written(column, "outcome")
        self._add_written(column, "consequences")
        column.addLayout(reaching(self.stances))
        self._add_written(column, "dissent")
        self._add_written(column, "confirmation")
        column.addLayout(reaching(self.passages))
        actions = reaching(self.action_rows), row_of(self._add_action, spacing=0)
        column.addLayout(together(heading("Actions"), *actions))
        column.addWidget(self.review.history)
        # Out of the way of what one does every day.
        column.addLayout(row_of(self.commands["remove"], spacing=0, at_end=True))
        column.addStretch(1)

    def _add_written(self, column: QVBoxLayout, name: str) -> None:
        label = heading(_WRITTEN[name][0])
        label.setBuddy(self.fields[name])
        column.addLayout(together(label, self.fields[name]))

    def _facts(self) -> Facts:
        parts: list[tuple[str, tuple[QWidget, ...]]] = [
            ("Decider", (self.decider,)), ("Rule", (self.rule,)), ("Owner", (self.owner,)),
            ("Decided on", (self.decided_on,)), ("Review on", (self.review_on, self.commands["review"])),
        ]  # fmt: skip
        return Facts(parts)

    def _connect(self) -> None:
        for name, field in self.fields.items():
            field.typed.connect(partial(self.written.emit, name))
        for line in (self.decider, self.owner, self.decided_on, self.review_on):
            name = _NAMES[line.accessibleName()]
            line.typed.connect(lambda text, name=name: self.typed.emit(name, text))
        self.rule.textActivated.connect(lambda text: self.put.emit("rule", text))
        edit = self.rule.lineEdit()
        if edit is not None:
            edit.textEdited.connect(lambda text: self.typed.emit("rule", text))
        self.options.changed.connect(lambda options: self.typed.emit("options", options))
        self.stances.changed.connect(lambda stances: self.typed.emit("stances", stances))
        for part in (self.options, self.stances):
            part.jumped.connect(self.jumped)
        self.passages.opened.connect(lambda at: self.evidence.emit("open", at))
        self.passages.renewed.connect(lambda at: self.evidence.emit("renew", at))
        self.passages.removed.connect(lambda at: self.evidence.emit("remove", at))
        self.passages.wanted.connect(lambda: self.asked.emit("evidence"))
        self.review.reviewed.connect(self.reviewed)
        self.commands["review"].clicked.connect(lambda _checked=False: self.review.ask())

    def _accept(self) -> None:
        if not self.commands["accept"].isHidden():  # of one that was accepted or superseded it would change more
            self.commands["accept"].click()

    def _jump(self, name: str) -> None:
        if self._sheet is not None:
            self.jumped.emit(getattr(self._sheet.decision, name))


_NAMES = {"Decider": "decider", "Owner": "owner", "Decided on": "decided_on", "Review on": "review_on"}
