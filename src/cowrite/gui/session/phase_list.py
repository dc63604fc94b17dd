"""The phases of a session as a list to tick, to order and to give minutes.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QItemSelectionModel, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QLabel, QListWidget, QListWidgetItem, QWidget

from cowrite.core.sessions.sessions import DEFAULTS, Phase
from cowrite.gui.look.icons import icon_button
from cowrite.gui.look.key_names import with_keys
from cowrite.gui.look.theme import SPACING, set_look
from cowrite.gui.session.phase_words import PHASES, minutes_in_words
from cowrite.gui.widgets.dialog_parts import column_in
from cowrite.gui.widgets.number import Number
from cowrite.gui.widgets.wrapping_row import row_of

MOST_MINUTES = 60 * 24 * 7
_PHASE, _MINUTES = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1


class PhaseList(QWidget):
    """`changed` whenever phases, their order or their minutes are others.

    Args:
        begins: whether a session begins with them, which looks at what is open only where something is.
    """

    changed = Signal()

    def __init__(self, *, begins: bool = False) -> None:
        super().__init__()
        self._begins = begins
        self._list = _List()
        self._list.setAccessibleName("Phases")
        self._list.setToolTip(
            with_keys("Space ticks a phase, Alt+Up and Alt+Down move it, plus and minus change its minutes")
        )
        self._list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        set_look(self._list, surface="field")
        self._list.currentItemChanged.connect(self._show_current)
        self._list.itemChanged.connect(lambda _item: self.changed.emit())
        self._list.model().rowsMoved.connect(lambda *_: self.changed.emit())
        self._list.step_wanted.connect(self.move_current)
        self._list.minutes_wanted.connect(self._add_minutes)
        self._up = icon_button("arrow-up", "Earlier (Alt+Up)")
        self._down = icon_button("arrow-down", "Later (Alt+Down)")
        self._up.clicked.connect(lambda: self.move_current(-1))
        self._down.clicked.connect(lambda: self.move_current(1))
        self._minutes = Number("Minutes", "A suggestion: nobody is cut off when it is over", 0, MOST_MINUTES, "no time")
        self._minutes.setSuffix(" min")
        self._minutes.valueChanged.connect(self._set_minutes)
        self._label = QLabel()
        self._label.setBuddy(self._minutes)
        below = row_of(self._up, self._down, self._label, self._minutes, spacing=SPACING)
        column_in(self, self._list, below, spacing=SPACING)

    def show_phases(self, phases: Sequence[Phase], minutes: Mapping[Phase, int]) -> None:
        """Ticks these, in their order and before the others; emits nothing."""
        with QSignalBlocker(self._list):
            self._list.clear()
            for phase in (*phases, *(each for each in Phase if each not in phases)):
                item = QListWidgetItem()
                item.setData(_PHASE, str(phase))
                item.setData(_MINUTES, minutes.get(phase, DEFAULTS[phase].minutes))
                # Between others it can be dropped, and on none: Qt would put it behind all of them.
                item.setFlags((item.flags() | Qt.ItemFlag.ItemIsUserCheckable) & ~Qt.ItemFlag.ItemIsDropEnabled)
                item.setCheckState(Qt.CheckState.Checked if phase in phases else Qt.CheckState.Unchecked)
                self._list.addItem(item)
                self._show(item)
            self._list.setCurrentRow(0)
        self._list.setFixedHeight(self._list.sizeHintForRow(0) * min(12, self._list.count()) + 12)
        self._show_current()

    def phases(self) -> tuple[Phase, ...]:
        """Those that are ticked, in their order."""
        return tuple(_phase(item) for item in self._items() if item.checkState() is Qt.CheckState.Checked)

    def minutes(self) -> dict[Phase, int]:
        """The lengths that differ from the defaults."""
        every = {_phase(item): int(item.data(_MINUTES)) for item in self._items()}
        return {phase: minutes for phase, minutes in every.items() if minutes != DEFAULTS[phase].minutes}

    def in_all(self) -> int:
        """How many minutes those take together that are ticked and have a length."""
        return sum(int(item.data(_MINUTES)) for item in self._items() if item.checkState() is Qt.CheckState.Checked)

    def move_current(self, step: int) -> None:
        """Moves the phase that is marked one place up (-1) or down (1)."""
        row = self._list.currentRow()
        to = row + step
        if row < 0 or not 0 <= to < self._list.count():
            return
        item = self._list.takeItem(row)
        self._list.insertItem(to, item)
        self._list.setCurrentRow(to, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.changed.emit()

    def _items(self) -> list[QListWidgetItem]:
        return [self._list.item(row) for row in range(self._list.count())]

    def _show_current(self, *_: object) -> None:
        is_there = self._list.currentRow() >= 0
        for widget in (self._up, self._down, self._minutes):
            widget.setEnabled(is_there)
        if not is_there:
            return
        item = self._list.currentItem()
        title = PHASES[_phase(item)].title
        self._label.setText(f"Time for {title}")
        self._minutes.setAccessibleName(f"Minutes for {title}")
        with QSignalBlocker(self._minutes):
            self._minutes.setValue(int(item.data(_MINUTES)))

    def _set_minutes(self, minutes: int) -> None:
        if self._list.currentRow() >= 0:
            item = self._list.currentItem()
            item.setData(_MINUTES, minutes)
            self._show(item)

    def _show(self, item: QListWidgetItem) -> None:
        words = PHASES[_phase(item)]
        length = minutes_in_words(int(item.data(_MINUTES)))
        when = "if something is left" if self._begins and _phase(item) is Phase.OPEN else ""
        item.setText("  ·  ".join(filter(None, (words.title, when, length))))
        item.setToolTip(words.purpose)
        said = ", ".join(filter(None, (words.title, when, length or "no time")))
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{said}: {words.purpose}")

    def _add_minutes(self, more: int) -> None:
        self._minutes.setValue(self._minutes.value() + more)


class _List(QListWidget):
    """A list with keys of its own: `step_wanted(-1 or 1)`, `minutes_wanted(-1 or 1)`."""

    step_wanted = Signal(int)
    minutes_wanted = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt with an arrow moves the phase, plus and minus change its minutes."""
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if event.modifiers() & Qt.KeyboardModifier.AltModifier and event.key() in steps:
            self.step_wanted.emit(steps[Qt.Key(event.key())])
        elif event.text() in ("+", "-"):
            self.minutes_wanted.emit(1 if event.text() == "+" else -1)
        else:
            super().keyPressEvent(event)


def _phase(item: QListWidgetItem) -> Phase:
    return Phase(item.data(_PHASE))
