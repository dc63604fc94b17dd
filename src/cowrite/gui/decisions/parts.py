"""Parts that the sections of a card have in common.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QToolButton, QVBoxLayout, QWidget

from cowrite.gui.keyboard.reading_order import stops
from cowrite.gui.look.icons import icon_button
from cowrite.gui.look.theme import SPACING, TIGHT, set_look
from cowrite.gui.widgets.dialog_parts import scroll_past
from cowrite.gui.widgets.first_rows import FirstRows
from cowrite.gui.widgets.rows import Rows
from cowrite.gui.widgets.wrapping_label import WrappingLabel
from cowrite.gui.widgets.wrapping_row import row_of

Row = TypeVar("Row", bound=QWidget)
Value = TypeVar("Value")


def heading(text: str) -> QLabel:
    """A heading within a card."""
    label = QLabel(text)
    set_look(label, role="heading")
    return label


def words(text: str = "", *, role: str = "") -> QLabel:
    """Words that wrap and can be selected by keyboard."""
    label = WrappingLabel(text)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if role:
        set_look(label, role=role)
    return label


def model_sign() -> QLabel:
    """The sign of words that the assistant wrote; `show_of_model` shows it."""
    sign = QLabel("AI")
    sign.setToolTip("The assistant wrote this, or words of it")
    sign.setHidden(True)
    set_look(sign, role="muted")
    return sign


def show_of_model(sign: QLabel, field: QLineEdit, name: str, *, on: bool) -> None:
    """Says whether what stands in a field are words of the assistant's, also to who hears its name."""
    sign.setHidden(not on)
    field.setAccessibleName(f"{name}, from the assistant" if on else name)


def remover(act: Callable[[], object]) -> QToolButton:
    """A small button that takes something away; `called` says what."""
    made = icon_button("x", "")
    made.clicked.connect(lambda _checked=False: act())
    return made


def choice(parent: QWidget, entries: Sequence[str], act: Callable[[str], object]) -> QComboBox:
    """A box to choose one of several words from; `called` says which.

    Args:
        parent: what it is in. Were it put there later, the style sheet would dress it once more with its whole list.
        entries: the words.
        act: is called with the one that the person chooses.
    """
    box = QComboBox(parent)
    box.addItems(list(entries))
    box.textActivated.connect(act)
    scroll_past(box)
    return box


class RowColumn(QVBoxLayout, Generic[Row, Value]):
    """One row for each value, in order. A row stays with its value, so that whoever types in it still does when a
    teammate has put another one before it.

    Args:
        make: makes a row.
        show: shows a value in a row, and its place from 1 on.
        key: what is the same for a value while other things of it change; without it a row stays with its place.
        what: the values are called, "options" for instance.
        step: how many have a row at first, and how many more each time that more are wanted.
    """

    def __init__(
        self,
        make: Callable[[], Row],
        show: Callable[[Row, Value, int], object],
        key: Callable[[Value], str] | None = None,
        *,
        what: str,
        step: int = 40,
        spacing: int = SPACING,
    ) -> None:
        super().__init__()
        self._make = make
        self._show = show
        self._key = key
        self.values: Sequence[Value] = ()
        """What is shown, also of what has no row yet."""
        self._keys: list[str] = []  # of the rows
        self._placed: Rows[str, Row] = Rows(self)
        self.rows: list[Row] = []
        self.places: list[int] = []
        """For each row the place of its value, from 0 on."""
        self._first = FirstRows(what, step, self._show_more)
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(spacing)
        self.addLayout(row_of(self._first.button, spacing=0))

    def show_values(self, values: Sequence[Value]) -> None:
        """Shows these values."""
        self.values = values
        here: QWidget | None = QApplication.focusWidget()
        shown = zip(self._keys, self.rows, strict=True)
        entered = None if here is None else next((key for key, row in shown if row.isAncestorOf(here)), None)
        if entered is not None:
            self._first.keep(entered)
        keys = self._keys_of(values)
        self.places = self._first.of(keys)
        self._keys = [keys[place] for place in self.places]
        holder = self.parentWidget()
        if holder is not None and isinstance(here, QLineEdit) and entered is not None and entered not in self._keys:
            holder.setFocus(Qt.FocusReason.OtherFocusReason)  # what is typed on is not for the row that follows
        self.rows = self._placed.place(self._keys, lambda _key: self._make())
        for row, place in zip(self.rows, self.places, strict=True):
            self._show(row, values[place], place + 1)

    def begin(self) -> None:
        """Others are shown next: from the first one on."""
        self._first.begin()

    def place(self, row: Row) -> int:
        """The place of a row's value, from 0 on."""
        return self.places[self.rows.index(row)]

    def instead_of(self, row: Row, *values: Value) -> tuple[Value, ...]:
        """All values, with others in the place of a row's, or none."""
        at = self.place(row)
        return (*self.values[:at], *values, *self.values[at + 1 :])

    def row(self, place: int) -> Row | None:
        """The row of a value, shown where it was not; of the last one with -1. None where there is no such value."""
        count = len(self.values)
        if not -count <= place < count:
            return None
        if place % count not in self.places:
            self._first.keep(self._keys_of(self.values)[place])
            self.show_values(self.values)
        return self.rows[self.places.index(place % count)]

    def _keys_of(self, values: Sequence[Value]) -> list[str]:
        return [self._key(value) if self._key else str(at) for at, value in enumerate(values)]

    def _show_more(self, first: str) -> None:
        self.show_values(self.values)
        if first in self._keys and (controls := stops(self.rows[self._keys.index(first)])):
            controls[0].setFocus(Qt.FocusReason.OtherFocusReason)


class RowSection(QWidget):
    """Rows of one kind below a heading, and below them a button that adds one."""

    def __init__(self) -> None:
        super().__init__()
        self._is_read_only = False

    def lay_out(
        self, title: str, column: RowColumn[Any, Any], add: QWidget, *more: QWidget, note: QWidget | None = None
    ) -> None:
        """Puts the parts together.

        Args:
            title: the heading.
            column: the rows; each has `show_read_only`.
            add: adds a row.
            more: stands beside `add`.
            note: stands below the heading.
        """
        self._column, self._add = column, add
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(TIGHT)
        whole.addWidget(heading(title))
        if note is not None:
            whole.addWidget(note)
        whole.addLayout(column)
        whole.addLayout(row_of(add, *more, spacing=SPACING))

    @property
    def rows(self) -> list[Any]:
        """One for each value, in order."""
        return self._column.rows

    def begin(self) -> None:
        """Those of another decision are shown next: from the first one on."""
        self._column.begin()

    def show_read_only(self, on: bool) -> None:
        """Lets the person change nothing."""
        self._is_read_only = on
        self._add.setHidden(on)
        for row in self._column.rows:
            row.show_read_only(on)
