"""The plainer pages of a session: sentences and buttons, the frame, what is still open from earlier.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from cowrite.core.text.direction import from_left
from cowrite.gui.keyboard.control_names import called
from cowrite.gui.keyboard.tab_order import reach_the_chosen
from cowrite.gui.keyboard.usual_key import usual_key
from cowrite.gui.look.reading_sides import SidedDelegate
from cowrite.gui.look.theme import LOOSE, MARGIN, SPACING, set_look
from cowrite.gui.session.parts import Paragraph
from cowrite.gui.session.phase_words import RULES
from cowrite.gui.session.values import FrameShown, OpenRow, PageQuestion, PlainShown
from cowrite.gui.widgets.dialog_parts import (
    add_row,
    button,
    column_in,
    note,
    plain_label,
    scroll_past,
    title_label,
    wrapping_form,
)
from cowrite.gui.widgets.wrapping_row import FRAMELESS, row_of

WIDEST = 760  # of a page, in device-independent pixels; longer lines are hard to read
NARROW = 480  # the same of one that says how to begin
LIST = 240  # height of what is still open, in device-independent pixels
_ROW = Qt.ItemDataRole.UserRole


class PlainPage(QWidget):
    """Sentences, a question perhaps, and buttons: `asked(id of a button or an answer)`."""

    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: PlainShown | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(LOOSE)

    def show_page(self, shown: PlainShown) -> None:
        """Shows it; what is the same already keeps the keyboard."""
        if shown == self._shown:
            return
        focus = self.window().focusWidget()
        name = next((each.accessibleName() for each in self.findChildren(QAbstractButton) if each is focus), "")
        self._shown = shown
        while self._column.count():
            item = self._column.takeAt(0)
            old = item.widget() if item is not None else None
            if old is not None:
                for part in (old, *old.findChildren(QWidget)):  # or a button in it would still count as shown
                    part.hide()
                old.deleteLater()
        self.setMaximumWidth((NARROW if shown.steps else WIDEST) + 2 * FRAMELESS)
        if shown.steps:  # nothing is here yet: that stands in the middle, as in the other views
            self._column.addStretch(1)
        for label in (title_label(shown.heading), *map(plain_label, shown.lines)):
            self._column.addWidget(label)
        answers: list[QAbstractButton] = [] if shown.question is None else self._ask(shown.question)
        ways = [button(each.text, each.tip, each.kind) for each in shown.buttons]
        for way, each in zip(ways, shown.buttons, strict=True):
            way.clicked.connect(partial(self.asked.emit, each.id))
        box = QWidget()
        box.setLayout(row_of(*ways, spacing=SPACING))
        self._column.addWidget(box)
        if shown.steps:
            self._column.addWidget(_steps(shown.steps))
        self._column.addStretch(1)
        if name:  # else Qt gives the keyboard to whatever comes next in the window, such as somebody to follow
            same = [each for each in (*answers, *ways) if each.accessibleName() == name]
            for again in same or ways[:1] or [self]:
                again.setFocus()

    def _ask(self, question: PageQuestion) -> list[QAbstractButton]:
        """Puts a question into the column; gives its answers."""
        answers: list[QAbstractButton] = []
        for each in question.answers:
            answer = QRadioButton(each.text)
            called(answer, f"{question.words} {each.text}", each.tip)
            answer.setChecked(each.id == question.chosen)
            answer.clicked.connect(partial(self.asked.emit, each.id))
            answers.append(answer)
        reach_the_chosen(answers)
        box = QWidget()  # the answers exclude each other in it
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING)
        column.addWidget(plain_label(question.words))
        column.addLayout(row_of(*answers, spacing=MARGIN))
        if question.said:
            column.addWidget(note(question.said))
        self._column.addWidget(box)
        return answers

    def focus_first(self) -> None:
        """Gives the keyboard to the first button."""
        made = next((each for each in self.findChildren(QPushButton) if not each.isHidden()), None)
        if made is not None:
            made.setFocus()


def _steps(steps: Sequence[tuple[str, str]]) -> QWidget:
    """Steps below each other: their names, and what each is for."""
    box = QWidget()
    rows = QGridLayout(box)
    rows.setContentsMargins(0, LOOSE, 0, 0)
    rows.setHorizontalSpacing(MARGIN)
    rows.setVerticalSpacing(SPACING)
    rows.setColumnStretch(1, 1)
    for row, (name, purpose) in enumerate(steps):
        title = QLabel(name)
        set_look(title, role="heading")
        rows.addWidget(title, row, 0, Qt.AlignmentFlag.AlignTop)
        rows.addWidget(note(purpose), row, 1)
    return box


class FramePage(QWidget):
    """The question and how it will be decided: `changed(name of a field of Session, text)`."""

    changed = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        heading = title_label("What is it about?")
        self._question = Paragraph("Question", "What the session is about", self)
        self._constraints = Paragraph("Constraints", "What an answer has to keep to", self)
        self._decider = QLineEdit(self)
        self._decider.setAccessibleName("Who decides")
        self._decider.setToolTip("Whose word counts in the end; empty for everybody together")
        self._rule = QComboBox(self)
        self._rule.setEditable(True)
        scroll_past(self._rule)
        self._rule.addItems(list(RULES))
        self._rule.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._rule.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._rule.setAccessibleName("Rule")
        self._rule.setToolTip("How it will be decided, in your own words if you like")
        rule = self._rule.lineEdit()
        self._paragraphs = {"question": self._question, "constraints": self._constraints}
        self._lines = {"decider": self._decider}
        if rule is not None:
            rule.setAccessibleName("Rule")
            rule.setToolTip(self._rule.toolTip())
            self._lines["rule"] = rule
            self._rule.activated.connect(lambda _at: self._tell("rule", rule))
        for name, paragraph in self._paragraphs.items():
            paragraph.finished.connect(partial(self._tell, name, paragraph))
        for name, line in self._lines.items():
            line.editingFinished.connect(partial(self._tell, name, line))
        self._told: dict[str, str] = {}
        self._anonymity = note("")
        self._anonymity.setAccessibleDescription("What becomes of names")
        form = wrapping_form()
        for words, widget in (
            ("Question", self._question),
            ("Constraints", self._constraints),
            ("Who decides", self._decider),
            ("Rule", self._rule),
        ):
            add_row(form, words, widget)
        column_in(self, heading, form, self._anonymity, spacing=LOOSE)
        self.setFocusProxy(self._question)

    def show_frame(self, shown: FrameShown) -> None:
        """Shows it; a field in which somebody types is left alone."""
        for name, paragraph in self._paragraphs.items():
            text = getattr(shown, name)
            if paragraph.is_kept and not (paragraph.hasFocus() and paragraph.text().strip() == text):
                self._told[name] = text
                if paragraph.text() != text:
                    paragraph.show_text(text)
            paragraph.setReadOnly(not shown.may_change)
        for name, line in self._lines.items():
            text = getattr(shown, name)
            if not (line.hasFocus() and line.isModified()):
                self._told[name] = text
                if line.text() != text:
                    line.setText(text)
            line.setReadOnly(not shown.may_change)
        self._rule.setEnabled(shown.may_change)
        leads = "" if shown.may_change or not shown.leader else f"{shown.leader} leads, and fills this in. "
        self._anonymity.setText(from_left(f"{leads}{shown.anonymity}"))

    def keep(self) -> None:
        """Keeps what stands in the fields."""
        fields: dict[str, QLineEdit | Paragraph] = {**self._paragraphs, **self._lines}
        for name, field in fields.items():
            if not field.isReadOnly():
                self._tell(name, field)

    def _tell(self, name: str, field: QLineEdit | Paragraph) -> None:
        if isinstance(field, QLineEdit):
            field.setModified(False)
        text = field.text().strip()
        if text != self._told.get(name, ""):
            self._told[name] = text
            self.changed.emit(name, text)


class OpenPage(QWidget):
    """What is still open from earlier: `carried(id)` into this session, `ticked(id, is done)`, `opened(id)`."""

    carried = Signal(str)
    ticked = Signal(str, bool)
    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        heading = title_label("Still open from earlier")
        self._nothing = note("")
        self._nothing.setAccessibleDescription("What is still open")
        self._rows: list[OpenRow] = []
        self._list = _OpenList(self)
        self._list.setAccessibleName("Still open")
        self._list.setToolTip("C carries an action on, Space ticks it off, Enter opens it")
        self._list.setWordWrap(True)
        self._list.setItemDelegate(SidedDelegate(self._list))
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        set_look(self._list, surface="field")
        self._carry = button("&Carry on", "Take this action on into this session (C)")
        self._open = button("O&pen", "Show it among the decisions (Enter)")
        self._carry.clicked.connect(lambda: self._on_key("carry"))
        self._open.clicked.connect(lambda: self._on_key("open"))
        self._list.pressed_key.connect(self._on_key)
        self._list.itemChanged.connect(self._tell_tick)
        self._list.currentRowChanged.connect(lambda _row: self._show_buttons())
        self._list.setMinimumHeight(LIST)
        row = row_of(self._carry, self._open, spacing=SPACING)
        column_in(self, heading, self._nothing, self._list, row, spacing=LOOSE)
        self.setFocusProxy(self._list)

    def show_rows(self, rows: Sequence[OpenRow], *, may_lead: bool) -> None:
        """Lists these; the one that was marked stays so. Where there are none, who may lead is told how to go on."""
        nothing = "Nothing is open, and no decision is due."
        self._nothing.setText(f"{nothing} Go on with Next." if may_lead else nothing)
        if list(rows) != self._rows:
            self._fill(rows)
        for widget in (self._list, self._carry, self._open):
            widget.setVisible(bool(rows))
        self._nothing.setVisible(not rows)
        self._show_buttons()

    def _fill(self, rows: Sequence[OpenRow]) -> None:
        self._rows = list(rows)
        at, marked = self._list.currentRow(), self._current()
        with QSignalBlocker(self._list):
            self._list.clear()
            for row in rows:
                kind = "Decision" if row.is_decision else "Action"
                state = ", carried on" if row.is_carried else ""
                item = QListWidgetItem(f"{row.text}{'  →  this session' if row.is_carried else ''}")
                item.setData(_ROW, row)
                item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{kind}: {row.text}{state}")
                if not row.is_decision:
                    item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                    item.setCheckState(Qt.CheckState.Checked if row.is_done else Qt.CheckState.Unchecked)
                self._list.addItem(item)
            here = next((place for place, row in enumerate(rows) if marked is not None and row.id == marked.id), at)
            if rows:  # where what was marked is gone, the one in its place
                self._list.setCurrentRow(min(max(0, here), len(rows) - 1))

    def _current(self) -> OpenRow | None:
        row: OpenRow | None = self._list.currentItem().data(_ROW) if self._list.currentRow() >= 0 else None
        return row

    def _show_buttons(self) -> None:
        row = self._current()
        self._carry.setEnabled(row is not None and not row.is_decision and not row.is_carried)
        self._open.setEnabled(row is not None)

    def _on_key(self, what: str) -> None:
        row = self._current()
        if row is None:
            return
        if what == "open":
            self.opened.emit(row.id)
        elif not row.is_decision and not row.is_carried:
            self.carried.emit(row.id)

    def _tell_tick(self, item: QListWidgetItem) -> None:
        row: OpenRow = item.data(_ROW)
        is_done = item.checkState() is Qt.CheckState.Checked
        if is_done != row.is_done:
            self.ticked.emit(row.id, is_done)


class _OpenList(QListWidget):
    """A list with keys of its own: `pressed_key("carry" or "open")`."""

    pressed_key = Signal(str)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """C carries on, Enter opens."""
        if usual_key(event) == Qt.Key.Key_C and not event.modifiers():
            self.pressed_key.emit("carry")
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.pressed_key.emit("open")
        else:
            super().keyPressEvent(event)
