"""Forms in which each option gets a number: dots within a budget, or scores on criteria.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QSignalBlocker, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSpinBox, QVBoxLayout, QWidget

from cowrite.bridge.single_shot import single_shot
from cowrite.core.sessions.polls import HIGHEST_SCORE, Ballot, Option, Poll
from cowrite.gui.keyboard.tab_order import reach_in_order
from cowrite.gui.look.theme import LOOSE, SPACING, TIGHT, set_look
from cowrite.gui.session.ballot_form import BallotForm, Within
from cowrite.gui.session.poll_words import within_spoken, within_words
from cowrite.gui.widgets.dialog_parts import ABOVE_LINE, note, plain_label
from cowrite.gui.widgets.first_rows import FirstRows
from cowrite.gui.widgets.number import Number
from cowrite.gui.widgets.sideways import Sideways
from cowrite.gui.widgets.wrapping_row import row_of
from cowrite_server.counting import counted

_TOP = Qt.AlignmentFlag.AlignTop
BOXES = 200  # numbers that are asked for at first, and more each time
IN_SIGHT = 30  # of these, which are made before the form is shown
TOGETHER = 10  # of the others, which follow while nobody waits for them
WORDS = 160  # width that an option's words have beside scores at least, in device-independent pixels
LEAST = 80  # width of an option's words, in device-independent pixels; most words are whole in it
PAUSE = 5  # milliseconds before each of such steps


class NumberForm(BallotForm):
    """Numbers for each option; of many options the first, and more when they are wanted. Where there is no room for all
    columns they are scrolled to the side.

    Args:
        poll: it.
        within: see `ballot_forms.make_form`.
        numbers: how many for each option.
        above: what stands above the options.
    """

    def __init__(self, poll: Poll, within: Within, numbers: int, above: QLabel) -> None:
        super().__init__()
        self._options = poll.options
        self._within = within
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING)
        column.addWidget(above)
        table = QWidget()
        self._grid = _grid(table)
        column.addWidget(Sideways(table, "Options"))
        self._shown: dict[str, Sequence[QWidget]] = {}
        self._numbers = numbers
        self._first = FirstRows("options", max(1, BOXES // numbers), self._show_more)
        self._rest = single_shot(self, self._fill, PAUSE)

    def _fill(self) -> None:
        """Makes rows of options that are to be shown, and are not: those in sight at once, and then others."""
        places = self._first.of([option.id for option in self._options])
        missing = [at for at in places if self._options[at].id not in self._shown]
        before = [box for boxes in list(self._shown.values())[-1:] for box in boxes[-1:]]
        together = max(1, (TOGETHER if self._shown else IN_SIGHT) // self._numbers)
        new: list[QWidget] = []
        for at in missing[:together]:
            option = self._options[at]
            self._shown[option.id] = made = self._add(option, (at + 1) * (self._numbers + 1))
            new += made
        if before:
            reach_in_order(*before, *new, self._first.button)
        if missing[together:]:
            self._rest.start()
        if self._first.button.parentWidget() is None:  # Tab comes to it behind the first options
            last = (len(self._options) + 1) * (self._numbers + 1)
            self._grid.addLayout(row_of(self._first.button, spacing=0), last, 0, 1, self._numbers + 1)

    def _add(self, option: Option, row: int) -> Sequence[QWidget]:
        """Makes what stands in the grid from a row on; gives what is filled in there."""
        raise NotImplementedError  # see `BallotForm.ballot`

    def _show_more(self, first: str) -> None:
        self._fill()
        for box in self._shown.get(first, ())[:1]:
            box.show()  # the layout would show it later, and until then it takes no keyboard
            box.setFocus(Qt.FocusReason.OtherFocusReason)


class DotsForm(NumberForm):
    """A number of dots for each option, within the budget."""

    def __init__(self, poll: Poll, ballot: Ballot, within: Within) -> None:
        left = QLabel()
        super().__init__(poll, within, 1, left)
        self._budget, self._most = poll.budget, poll.most
        self._given = {option.id: min(poll.most, ballot.dots.get(option.id, 0)) for option in poll.options}
        self._boxes: dict[str, QSpinBox] = {}
        self._dots: dict[str, QLabel] = {}
        self._left = left
        self._left.setAccessibleDescription("Dots left")
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
        dots = self._dots[option.id] = QLabel()
        dots.setMinimumWidth(64)
        dots.setContentsMargins(0, ABOVE_LINE, 0, 0)
        set_look(dots, tone="waiting")
        self._grid.addWidget(_words_of(option, self._within, [box]), row, 0)
        self._grid.addWidget(dots, row, 1, _TOP)
        self._grid.addWidget(box, row, 2, _TOP)
        return [box]

    def _tell(self) -> None:
        self._given |= {id: box.value() for id, box in self._boxes.items()}
        self._show()
        self.changed.emit(self.ballot())

    def _show(self) -> None:
        left = max(0, self._budget - sum(self._given.values()))
        most = f", up to {self._most} for one idea" if self._most < self._budget else ""
        self._left.setText(f"{left} of your {counted(self._budget, 'dot')} left{most}")
        for id, box in self._boxes.items():
            with QSignalBlocker(box):
                box.setMaximum(min(self._most, box.value() + left))
            self._dots[id].setText("●" * min(box.value(), 8) + ("…" if box.value() > 8 else ""))


class _Scored(NamedTuple):
    """What the form has of an option: from which row on, its words, the names of the criteria for where they stand
    below it, and the scores."""

    row: int
    words: QWidget
    names: Sequence[QLabel]
    boxes: Sequence[QSpinBox]


class ScoresForm(NumberForm):
    """A score for each option on each criterion; a dash says nothing about it. Where there is no room for all criteria
    beside each other they stand below each option."""

    def __init__(self, poll: Poll, ballot: Ballot, within: Within) -> None:
        self._criteria = poll.criteria or ("",)
        intro = note(f"From 0 to {HIGHEST_SCORE}; where you have no opinion, leave the dash.")
        super().__init__(poll, within, len(self._criteria), intro)
        self._given = {
            (criterion, option.id): ballot.scores.get(criterion, {}).get(option.id, -1)
            for option in poll.options
            for criterion in self._criteria
        }
        self._rows: list[_Scored] = []
        self._are_below = False
        self._heads: list[QLabel] = []
        for column, criterion in enumerate(self._criteria, 1):
            head = plain_label(criterion)
            head.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
            set_look(head, role="heading")
            self._grid.addWidget(head, 0, column)
            self._heads.append(head)
        self._fill()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width has room for all criteria beside each other, or no longer."""
        super().resizeEvent(event)
        count = len(self._criteria)
        width = max((box.sizeHint().width() for each in self._rows[:1] for box in each.boxes), default=0)
        are_below = count > 1 and self.width() < WORDS + count * (width + LOOSE)
        if are_below != self._are_below:
            self._are_below = are_below
            for head in self._heads:
                head.setVisible(not are_below)
            for each in self._rows:
                self._place(each)

    def ballot(self) -> Ballot:
        """See `BallotForm.ballot`."""
        scores: dict[str, dict[str, int]] = {}
        for (criterion, option), score in self._given.items():
            if score >= 0:
                scores.setdefault(criterion, {})[option] = score
        return Ballot(scores=scores)

    def _add(self, option: Option, row: int) -> Sequence[QWidget]:
        boxes: list[QSpinBox] = []
        for criterion in self._criteria:
            name = criterion or "Score"
            tip = f"{name} from 0 to {HIGHEST_SCORE}; a dash is no opinion"
            box = Number(f"{name} of {option.text}", tip, -1, HIGHEST_SCORE, "–")
            box.setValue(self._given[criterion, option.id])
            box.valueChanged.connect(lambda score, what=(criterion, option.id): self._take(what, score))
            boxes.append(box)
        words = _words_of(option, self._within, boxes)
        made = _Scored(row, words, [plain_label(each) for each in self._criteria], boxes)
        for label in made.names:
            label.setContentsMargins(LOOSE, ABOVE_LINE, 0, 0)
            set_look(label, role="muted")
        self._rows.append(made)
        self._place(made)
        return boxes

    def _place(self, scored: _Scored) -> None:
        row, columns = scored.row, len(self._criteria) + 1
        self._grid.addWidget(scored.words, row, 0, 1, columns if self._are_below else 1)
        for number, (name, box) in enumerate(zip(scored.names, scored.boxes, strict=True), 1):
            if self._are_below:
                self._grid.addWidget(name, row + number, 0)
                self._grid.addWidget(box, row + number, columns - 1, _TOP)
            else:
                self._grid.removeWidget(name)
                self._grid.addWidget(box, row, number, _TOP)
            name.setParent(self._grid.parentWidget())
            name.setVisible(self._are_below)

    def _take(self, what: tuple[str, str], score: int) -> None:
        self._given[what] = score
        self.changed.emit(self.ballot())


def _grid(form: QWidget) -> QGridLayout:
    grid = QGridLayout(form)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(LOOSE)
    grid.setVerticalSpacing(SPACING)
    grid.setColumnStretch(0, 1)
    return grid


def _words_of(option: Option, within: Within, boxes: Sequence[QWidget]) -> QWidget:
    """An option's words, level with what stands in boxes beside them, and close below them what is in it where it is a
    group; a screen reader says this with the boxes."""
    words = QWidget()
    label = plain_label(option.text)
    label.setMinimumWidth(LEAST)
    label.setBuddy(boxes[0])
    column = QVBoxLayout(words)
    column.setContentsMargins(0, ABOVE_LINE, 0, 0)
    column.setSpacing(TIGHT)
    column.addWidget(label)
    if below := within_words(within.get(option.id, ())):
        inside = note(below)
        inside.setAccessibleDescription(f"In {option.text}")
        column.addWidget(inside)
        for box in boxes:
            box.setAccessibleDescription(within_spoken(below))
    column.addStretch(1)
    return words
