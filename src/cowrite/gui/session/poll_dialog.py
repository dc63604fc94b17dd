"""Opening a poll: of which kind, about what, with how many dots.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QWidget,
)

from cowrite.bridge.page.taking_over import plain_text
from cowrite.core.sessions.polls import (
    MOST_CRITERIA,
    MOST_OPTIONS,
    POSITIONS,
    QUESTIONS,
    Option,
    Poll,
    PollKind,
    suggested_budget,
)
from cowrite.gui.keyboard.control_names import called
from cowrite.gui.look.reading_sides import SidedDelegate
from cowrite.gui.look.theme import set_look
from cowrite.gui.session.poll_words import KINDS
from cowrite.gui.widgets.dialog_parts import (
    Message,
    add_row,
    button,
    last_row,
    note,
    resize_for_letters,
    scroll_past,
    text_field,
    title_label,
    together,
    wrapping_form,
)
from cowrite.gui.widgets.number import Number
from cowrite.gui.widgets.scrolled import lay_out_scrolled
from cowrite_server.counting import counted

MOST_DOTS = 99
_OPTION = Qt.ItemDataRole.UserRole


class PollDialog(QDialog):
    """`open_wanted(Poll)`, without id, session and time.

    Args:
        options: what can be voted for, and is taken in unless the person says otherwise.
        kind: of the poll that is offered first.
        criteria: that the template suggests.
        others: what can be taken in besides.
        is_anonymous: whether ballots come without names unless the person says otherwise.
        proposal: what was proposed before and is to be worded anew.
    """

    open_wanted = Signal(object)

    def __init__(
        self,
        options: Sequence[Option],
        kind: PollKind,
        criteria: Sequence[str] = (),
        *,
        others: Sequence[Option] = (),
        is_anonymous: bool = False,
        proposal: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._is_budget_own = False
        self.setWindowTitle("Open a poll")
        self.setMinimumSize(340, 380)
        resize_for_letters(self, QSize(560, 620))
        self._kind = QComboBox()
        called(self._kind, "Kind of poll", "How people answer")
        scroll_past(self._kind)
        self._kind.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for each in PollKind:
            self._kind.addItem(KINDS[each].title, str(each))
        self._tip = note("")
        self._question = QLineEdit()
        called(self._question, "Question", "What people are asked")
        what = "What is proposed, as it would be decided"
        self._proposal = text_field("Proposal", what, what, 84)
        self._proposal.setPlainText(proposal)
        self._proposal.moveCursor(QTextCursor.MoveOperation.End)
        self._make_options(options, others)
        self._budget = Number("Dots for each person", "How many dots each person has", 1, MOST_DOTS)
        self._most = Number("Most for one idea", "How many dots one idea can get from one person", 1, MOST_DOTS)
        self._suggestion = note("")
        self._suggestion.setAccessibleDescription("Suggested dots")
        self._criteria = QLineEdit(", ".join(criteria or ("Impact", "Ease")))
        called(self._criteria, "Criteria", "What is scored, separated by commas")
        self._nameless = QCheckBox("Without &names")
        called(self._nameless, "Without names", "Nobody will learn who voted how")
        self._nameless.setChecked(is_anonymous)
        self._message = Message("What is missing")
        self._open = button("&Open the poll", "Let everybody vote; ballots lie sealed until it is closed", "primary")
        self._open.setDefault(True)
        self._open.clicked.connect(self._tell)
        self._lay_out()
        self._kind.currentIndexChanged.connect(lambda _at: self._show_kind())
        self._options.itemChanged.connect(lambda _item: self._show_suggestion())
        self._budget.valueChanged.connect(self._take_budget)
        self._kind.setCurrentIndex(list(PollKind).index(kind))
        self._show_kind()
        if kind in POSITIONS:
            self._proposal.setFocus()  # what is typed into a list of kinds would choose another one

    def poll(self) -> Poll:
        """What is chosen now."""
        kind = self._chosen()
        proposal = plain_text(self._proposal.document()).strip()
        dots = kind is PollKind.DOTS
        criteria = [each.strip() for each in self._criteria.text().split(",")]
        return Poll(
            id="",
            kind=kind,
            question=self._question.text().strip() or QUESTIONS[kind],
            options=(Option("proposal", proposal),) if kind in POSITIONS else tuple(self._taken()),
            budget=self._budget.value() if dots else 0,
            most=min(self._most.value(), self._budget.value()) if dots else 0,
            criteria=tuple(dict.fromkeys(filter(None, criteria))) if kind is PollKind.SCORES else (),
            is_anonymous=self._nameless.isChecked(),
        )

    def show_problem(self, sentence: str) -> None:
        """Says why it cannot be opened."""
        self._message.show_sentence(sentence, "problem")

    # Inside

    def _make_options(self, options: Sequence[Option], others: Sequence[Option]) -> None:
        self._options = QListWidget()
        called(self._options, "What can be voted for", "Space ticks one or takes its tick away")
        self._options.setWordWrap(True)
        self._options.setItemDelegate(SidedDelegate(self._options))
        self._options.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._options.setMinimumHeight(150)
        set_look(self._options, surface="field")
        for option in (*options, *others):
            item = QListWidgetItem(option.text)
            item.setData(_OPTION, option.id)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if option in options else Qt.CheckState.Unchecked)
            self._options.addItem(item)

    def _lay_out(self) -> None:
        cancel = button("Cancel", "Close without opening a poll")
        cancel.clicked.connect(self.reject)
        self._form = form = wrapping_form()
        self._dots = together(self._budget, self._suggestion)
        first = {"Kind": self._kind, "&Dots each": self._budget}
        for words, field in (
            ("Kind", together(self._kind, self._tip)),
            ("&Question", self._question),
            ("&Proposal", self._proposal),
            ("&Ideas", self._options),
            ("&Dots each", self._dots),
            ("&Most for one", self._most),
            ("&Criteria", self._criteria),
            ("Names", self._nameless),
        ):
            add_row(form, words, field, first.get(words))
        whole = lay_out_scrolled(self, [title_label("Open a poll")], "The poll", form)
        whole.addWidget(self._message)
        whole.addLayout(last_row(cancel, self._open))

    def _chosen(self) -> PollKind:
        return PollKind(self._kind.currentData())

    def _taken(self) -> list[Option]:
        items = (self._options.item(row) for row in range(self._options.count()))
        return [Option(item.data(_OPTION), item.text()) for item in items if item.checkState() is Qt.CheckState.Checked]

    def _show_kind(self) -> None:
        kind = self._chosen()
        self._tip.setText(f"{KINDS[kind].tip}.")
        self._question.setPlaceholderText(QUESTIONS[kind])
        is_proposal, dots = kind in POSITIONS, kind is PollKind.DOTS
        for field, is_shown in (
            (self._proposal, is_proposal),
            (self._options, not is_proposal),
            (self._dots, dots),
            (self._most, dots),
            (self._criteria, kind is PollKind.SCORES),
        ):
            self._form.setRowVisible(field, is_shown)
        self._message.show_sentence("", "problem")
        self._show_suggestion()

    def _show_suggestion(self) -> None:
        many = len(self._taken())
        suggested = suggested_budget(many)
        if not self._is_budget_own:
            with QSignalBlocker(self._budget):
                self._budget.setValue(suggested)
            self._most.setMaximum(suggested)
            self._most.setValue(max(1, min(2, suggested)))
        self._suggestion.setText(f"Suggested for {counted(many, 'idea')}: {counted(suggested, 'dot')} each.")

    def _take_budget(self, budget: int) -> None:
        self._is_budget_own = True
        self._most.setMaximum(budget)

    def _tell(self) -> None:
        poll = self.poll()
        lacks = ""
        if poll.kind in POSITIONS:
            lacks = "" if poll.options[0].text else "Write down what is proposed."
        elif len(poll.options) < 2:
            lacks = (
                "Tick at least two ideas."
                if self._options.count() > 1
                else "There are not two ideas to choose from yet; write them on the board or in the list."
            )
        elif len(poll.options) > MOST_OPTIONS:
            lacks = f"These are {len(poll.options):,} ideas; one poll asks about at most {MOST_OPTIONS:,}."
        elif len(poll.criteria) > MOST_CRITERIA:
            lacks = f"These are {len(poll.criteria)} criteria; one poll asks for at most {MOST_CRITERIA}."
        self._message.show_sentence(lacks, "problem")
        if not lacks:
            self.open_wanted.emit(poll)
