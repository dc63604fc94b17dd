"""BallotForm: what one person fills in, for each kind of poll.

Runs on the GUI thread. A form is told a poll and the ballot that lies sealed so far; it says at each change what the
ballot is now. It never knows another person's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QGridLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QRadioButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from cowrite.core.sessions.polls import ABSTAIN, HIGHEST_SCORE, POSITIONS, Ballot, Option, Poll, PollKind
from cowrite.gui.keyboard.tab_order import reach_in_order, reach_the_chosen
from cowrite.gui.look.key_names import with_keys
from cowrite.gui.look.reading_sides import SidedDelegate
from cowrite.gui.look.theme import set_look
from cowrite.gui.session.poll_words import POSITION_WORDS, within_words
from cowrite.gui.widgets.dialog_parts import Message, note, plain_label
from cowrite.gui.widgets.first_rows import FirstRows
from cowrite.gui.widgets.number import Number
from cowrite.gui.widgets.wrapping_row import row_of

LINE = 20  # height of a line in a list
BOXES = 200  # numbers that are asked for at first, and more each time
INDENT = 26  # of what is said below a choice: where its words begin, in device-independent pixels
_OPTION = Qt.ItemDataRole.UserRole
Within = Mapping[str, Sequence[str]]
_NOTHING: Within = {}


class BallotForm(QWidget):
    """`changed(Ballot)` whenever the person has changed what they say; without voter."""

    changed = Signal(object)

    def keep(self) -> None:
        """Takes what is being written for said."""

    def ballot(self) -> Ballot:
        """What the person says now."""
        raise NotImplementedError  # each kind of poll says it; Qt's metaclass leaves no place for an abstract class


def make_form(poll: Poll, ballot: Ballot, within: Within = _NOTHING) -> BallotForm:
    """The form for a poll, filled in with what was said so far.

    Args:
        poll: it.
        ballot: what lies sealed.
        within: what the notes of options that are groups say, by the ids of the options.
    """
    kinds: Mapping[PollKind, type[DotsForm | ScoresForm | RankedForm | PositionForm]] = {
        PollKind.DOTS: DotsForm,
        PollKind.SCORES: ScoresForm,
        PollKind.RANKED: RankedForm,
        PollKind.CONSENT: PositionForm,
        PollKind.STANCE: PositionForm,
    }
    return kinds[poll.kind](poll, ballot, within)


class OptionsForm(BallotForm):
    """Numbers for each option; of many options the first, and more when they are wanted.

    Args:
        poll: it.
        within: see `make_form`.
        numbers: how many for each option.
    """

    def __init__(self, poll: Poll, within: Within, numbers: int) -> None:
        super().__init__()
        self._options = poll.options
        self._within = within
        self._grid = _grid(self)
        self._shown: dict[str, Sequence[QWidget]] = {}
        self._first = FirstRows("options", max(1, BOXES // numbers), self._show_more)

    def _fill(self) -> None:
        """Makes the rows of the options that are to be shown, and are not."""
        for at in self._first.of([option.id for option in self._options]):
            option = self._options[at]
            if option.id not in self._shown:
                self._shown[option.id] = self._add(option, 2 * at + 2)
        if self._first.button.parentWidget() is None:  # Tab comes to it behind the first options
            self._grid.addLayout(row_of(self._first.button, spacing=0), 2 * len(self._options) + 2, 0)

    def _add(self, option: Option, row: int) -> Sequence[QWidget]:
        """Makes a row of the grid; gives what is filled in there."""
        raise NotImplementedError  # see `BallotForm.ballot`

    def _show_more(self, first: str) -> None:
        self._fill()
        reach_in_order(*(box for boxes in self._shown.values() for box in boxes), self._first.button)
        for box in self._shown.get(first, ())[:1]:
            box.show()  # the layout would show it later, and until then it takes no keyboard
            box.setFocus(Qt.FocusReason.OtherFocusReason)


class DotsForm(OptionsForm):
    """A number of dots for each option, within the budget."""

    def __init__(self, poll: Poll, ballot: Ballot, within: Within = _NOTHING) -> None:
        super().__init__(poll, within, 1)
        self._budget, self._most = poll.budget, poll.most
        self._given = {option.id: min(poll.most, ballot.dots.get(option.id, 0)) for option in poll.options}
        self._boxes: dict[str, QSpinBox] = {}
        self._dots: dict[str, QLabel] = {}
        self._left = QLabel()
        self._left.setAccessibleDescription("Dots left")
        self._grid.addWidget(self._left, 0, 0, 1, 3)
        self._fill()

    def ballot(self) -> Ballot:
        """See `BallotForm.ballot`."""
        return Ballot(dots={id: dots for id, dots in self._given.items() if dots})

    def changeEvent(self, event: QEvent) -> None:
        """Whoever may not vote has no dots left to give."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.EnabledChange:
            self._left.setVisible(self.isEnabled())

    def _fill(self) -> None:
        super()._fill()
        self._show()

    def _add(self, option: Option, row: int) -> Sequence[QWidget]:
        tip = f"Up to {self._most} for one idea; Up and Down change it"
        box = Number(f"Dots for {option.text}", tip, 0, self._most)
        box.setValue(self._given[option.id])
        box.valueChanged.connect(self._tell)
        self._boxes[option.id] = box
        self._dots[option.id] = QLabel()
        self._dots[option.id].setMinimumWidth(64)
        set_look(self._dots[option.id], tone="waiting")
        _put_option(self._grid, row, option, self._within, [box])
        self._grid.addWidget(self._dots[option.id], row, 1)
        self._grid.addWidget(box, row, 2)
        return [box]

    def _tell(self) -> None:
        self._given |= {id: box.value() for id, box in self._boxes.items()}
        self._show()
        self.changed.emit(self.ballot())

    def _show(self) -> None:
        left = max(0, self._budget - sum(self._given.values()))
        self._left.setText(f"{left} of your {self._budget} {'dot' if self._budget == 1 else 'dots'} left")
        for id, box in self._boxes.items():
            with QSignalBlocker(box):
                box.setMaximum(min(self._most, box.value() + left))
            self._dots[id].setText("●" * min(box.value(), 8) + ("…" if box.value() > 8 else ""))


class ScoresForm(OptionsForm):
    """A score for each option on each criterion; a dash says nothing about it."""

    def __init__(self, poll: Poll, ballot: Ballot, within: Within = _NOTHING) -> None:
        self._criteria = poll.criteria or ("",)
        super().__init__(poll, within, len(self._criteria))
        self._given = {
            (criterion, option.id): ballot.scores.get(criterion, {}).get(option.id, -1)
            for option in poll.options
            for criterion in self._criteria
        }
        grid = self._grid
        intro = note(f"From 0 to {HIGHEST_SCORE}; where you have no opinion, leave the dash.")
        grid.addWidget(intro, 0, 0, 1, len(self._criteria) + 1)
        for column, criterion in enumerate(self._criteria, 1):
            head = plain_label(criterion)
            head.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
            set_look(head, role="heading")
            grid.addWidget(head, 1, column)
        self._fill()

    def ballot(self) -> Ballot:
        """See `BallotForm.ballot`."""
        scores: dict[str, dict[str, int]] = {}
        for (criterion, option), score in self._given.items():
            if score >= 0:
                scores.setdefault(criterion, {})[option] = score
        return Ballot(scores=scores)

    def _add(self, option: Option, row: int) -> Sequence[QWidget]:
        boxes: list[QSpinBox] = []
        for column, criterion in enumerate(self._criteria, 1):
            name = criterion or "Score"
            tip = f"{name} from 0 to {HIGHEST_SCORE}; a dash is no opinion"
            box = Number(f"{name} of {option.text}", tip, -1, HIGHEST_SCORE, "–")
            box.setValue(self._given[criterion, option.id])
            box.valueChanged.connect(lambda score, what=(criterion, option.id): self._take(what, score))
            self._grid.addWidget(box, row, column)
            boxes.append(box)
        _put_option(self._grid, row, option, self._within, boxes)
        return boxes

    def _take(self, what: tuple[str, str], score: int) -> None:
        self._given[what] = score
        self.changed.emit(self.ballot())


class RankedForm(BallotForm):
    """Options in order, as many as one likes."""

    def __init__(self, poll: Poll, ballot: Ballot, within: Within = _NOTHING) -> None:
        super().__init__()
        self._list = _Ranking()
        self._list.setAccessibleName("Your order")
        self._list.setToolTip(with_keys("Space ticks an idea or takes its tick away, Alt+Up and Alt+Down move it"))
        self._list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self._list.setWordWrap(True)
        self._list.setItemDelegate(SidedDelegate(self._list))
        set_look(self._list, surface="field")
        words = {option.id: option.text for option in poll.options}
        ranked = [id for id in ballot.ranking if id in words]
        for id in (*ranked, *(id for id in words if id not in ranked)):
            item = QListWidgetItem(words[id])
            below = within_words(within.get(id, ()))
            item.setData(_OPTION, (id, words[id], below))
            item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, _spoken(below))
            # Between others it can be dropped, and on none: Qt would put it behind all of them.
            item.setFlags((item.flags() | Qt.ItemFlag.ItemIsUserCheckable) & ~Qt.ItemFlag.ItemIsDropEnabled)
            item.setCheckState(Qt.CheckState.Checked if id in ranked else Qt.CheckState.Unchecked)
            self._list.addItem(item)
        self._list.setCurrentRow(0)
        self._number()
        self._list.itemChanged.connect(lambda _item: self._tell())
        self._list.moved.connect(self._tell)
        self._list.model().rowsMoved.connect(lambda *_: self._tell())
        self.setFocusProxy(self._list)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        how = "Tick what you would choose, and put the best first: Space ticks, Alt+Up moves up."
        column.addWidget(note(with_keys(how)))
        column.addWidget(self._list)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        lines = sum(2 + 2 * bool(within.get(option.id)) for option in poll.options)
        self._list.setFixedHeight(min(LINE * lines + 12, 420))

    def ballot(self) -> Ballot:
        """See `BallotForm.ballot`."""
        items = [self._list.item(row) for row in range(self._list.count())]
        return Ballot(ranking=tuple(item.data(_OPTION)[0] for item in items if _is_in(item)))

    def _tell(self) -> None:
        self._number()
        self.changed.emit(self.ballot())

    def _number(self) -> None:
        with QSignalBlocker(self._list):
            rank = 0
            for row in range(self._list.count()):
                item = self._list.item(row)
                rank += _is_in(item)
                _, words, below = item.data(_OPTION)
                item.setText("\n".join(filter(None, (f"{rank}.  {words}" if _is_in(item) else words, below))))
                item.setData(
                    Qt.ItemDataRole.AccessibleTextRole,
                    f"{words}, number {rank}" if _is_in(item) else f"{words}, not taken",
                )
        self._list.viewport().update()


class PositionForm(BallotForm):
    """Where one stands towards a proposal, and why."""

    def __init__(self, poll: Poll, ballot: Ballot, within: Within = _NOTHING) -> None:
        super().__init__()
        self._names = POSITIONS[poll.kind]
        self._choices = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for option in poll.options:
            words = plain_label(option.text)
            words.setAccessibleDescription("Proposal")
            set_look(words, role="title")
            column.addWidget(words)
            if below := within_words(within.get(option.id, ())):
                inside = note(below)
                inside.setAccessibleDescription("In it")
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
            words.setContentsMargins(INDENT, 0, 0, 4)
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
        if lacks and self._said.position:
            words += f" Until then “{POSITION_WORDS[self._said.position][0]}” counts."
        self._missing.show_sentence(words, "waiting")
        if ballot.position and not lacks and ballot != self._said:
            self._said = ballot
            self.changed.emit(ballot)


class _Ranking(QListWidget):
    """A list whose rows move with Alt and the arrows."""

    moved = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt+Up and Alt+Down move the row that is marked."""
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if not (event.modifiers() & Qt.KeyboardModifier.AltModifier and event.key() in steps):
            super().keyPressEvent(event)
            return
        row = self.currentRow()
        to = row + steps[Qt.Key(event.key())]
        if row >= 0 and 0 <= to < self.count():
            self.insertItem(to, self.takeItem(row))
            self.setCurrentRow(to)
            self.moved.emit()


def _is_in(item: QListWidgetItem) -> bool:
    return item.checkState() is Qt.CheckState.Checked


def _grid(form: QWidget) -> QGridLayout:
    grid = QGridLayout(form)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(6)
    grid.setColumnStretch(0, 1)
    return grid


def _put_option(grid: QGridLayout, row: int, option: Option, within: Within, boxes: Sequence[QWidget]) -> None:
    """Puts an option's words before its boxes, and in the row below what is in it where it is a group; a screen reader
    says this with the boxes."""
    label = plain_label(option.text)
    label.setMinimumWidth(60)
    label.setBuddy(boxes[0])
    grid.addWidget(label, row, 0)
    below = within_words(within.get(option.id, ()))
    if not below:
        return
    inside = note(below)
    inside.setAccessibleDescription(f"In {option.text}")
    inside.setContentsMargins(0, 0, 0, 8)  # it belongs to what stands above it
    grid.addWidget(inside, row + 1, 0, 1, grid.columnCount())
    for box in boxes:
        box.setAccessibleDescription(_spoken(below))


def _spoken(below: str) -> str:
    return f"In it: {below}" if below else ""
