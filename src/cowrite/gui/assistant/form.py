"""TaskForm: what the person asks the assistant for.

Runs on the GUI thread. It is told the tasks that there are and what is selected, and emits an Order.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QSizePolicy, QStyleOptionComboBox, QWidget

from cowrite.gui.assistant.source_field import SourceField
from cowrite.gui.assistant.values import Order, Source, Subject, TaskChoice
from cowrite.gui.keyboard.key_groups import ENTERS
from cowrite.gui.look.icons import show_icon
from cowrite.gui.look.theme import SPACING, set_look
from cowrite.gui.widgets.dialog_parts import button, column_in, note
from cowrite_server.counting import counted

_TASK = Qt.ItemDataRole.UserRole


class TaskForm(QWidget):
    """`asked(Order)` and `stop_requested()`; `left()` when Escape gives the keyboard back."""

    asked = Signal(object)
    stop_requested = Signal()
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._tasks: dict[str, TaskChoice] = {}
        self._selected = 0
        self._total = 0
        self._is_busy = False
        self._is_written_in = False
        self._words: dict[str, str] = {}
        self._shown_task = ""
        self._task = _TaskBox(self)
        self._task.setAccessibleName("Task")
        self._task.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._task.setMaxVisibleItems(24)
        self._field = QLineEdit()
        self._field.setMaxLength(2000)
        self._field.returnPressed.connect(self.ask)
        self._field.textEdited.connect(self._note_writing)
        self.source = SourceField(self)
        self.source.pasted.textChanged.connect(self._note_writing)
        self._subject = note("")
        self._subject.setAccessibleDescription("What it works on")
        self._ask = button("Ask", "Ask the model (Enter)", "primary")
        self._ask.clicked.connect(self.ask)
        self.stop = button("Stop", "Stop the model (Esc)")
        show_icon(self.stop, "circle-stop", "danger")
        self.stop.clicked.connect(self.stop_requested)
        for part in (self._task, self._field, self.source.box, self.source.pasted, self._ask, self.stop):
            part.installEventFilter(self)
        row = QHBoxLayout()
        row.setSpacing(SPACING)
        row.addWidget(self._subject, 1)
        row.addWidget(self._ask)
        row.addWidget(self.stop)
        column_in(self, self._task, self.source, self._field, row, spacing=SPACING)
        self._task.currentIndexChanged.connect(lambda _place: self._show_task())
        self.source.changed.connect(self._show_task)
        self.show_busy(False)

    @property
    def task(self) -> TaskChoice | None:
        """The task that is chosen."""
        return self._tasks.get(str(self._task.currentData(_TASK) or ""))

    @property
    def is_written_in(self) -> bool:
        """Whether the person has gone on writing here, and still does, since they asked."""
        return self._is_written_in and (self._field.hasFocus() or self.source.pasted.hasFocus())

    def show_tasks(self, tasks: Sequence[TaskChoice]) -> None:
        """Offers these tasks, in this order; the chosen one stays chosen where it is still there."""
        chosen = self.task.id if self.task is not None else ""
        self._tasks = {task.id: task for task in tasks}
        model = QStandardItemModel(self._task)
        group = ""
        for task in tasks:
            if task.group != group:
                group = task.group
                heading = QStandardItem(group)
                heading.setFlags(Qt.ItemFlag.NoItemFlags)
                model.appendRow(heading)
            item = QStandardItem(f"  {task.title}")
            item.setData(task.id, _TASK)
            item.setToolTip(task.tip)
            item.setAccessibleText(f"{task.title}: {task.tip}")
            model.appendRow(item)
        self._task.setModel(model)
        self.choose(chosen if chosen in self._tasks else next(iter(self._tasks), ""))

    def choose(self, task: str) -> None:
        """Chooses a task by its id."""
        place = self._task.findData(task, _TASK)
        if place >= 0:
            self._task.setCurrentIndex(place)
            self._show_task()

    def show_subject(self, selected: int, total: int) -> None:
        """Says what a task would work on: so many selected words of so many in the document."""
        if (selected, total) != (self._selected, self._total):
            self._selected, self._total = selected, total
            self._show_task()

    def show_busy(self, busy: bool) -> None:
        """Shows that there is something to stop, or that something can be asked."""
        self._is_busy = busy
        had_keyboard = self.window().focusWidget() in (self._ask, self.stop)
        self.stop.setVisible(busy)
        self._ask.setVisible(not busy)
        if had_keyboard:
            (self.stop if busy else self._ask).setFocus(Qt.FocusReason.OtherFocusReason)
        self._show_task()

    def lead(self, on: bool) -> None:
        """Shows asking as what one does next, or as one of several things."""
        set_look(self._ask, kind="primary" if on else "")

    def take_keyboard(self) -> None:
        """Puts the keyboard where the person says what they want."""
        parts = (self._field, self.stop, self._ask, self._task)
        next(each for each in parts if each.isVisible() and each.isEnabled()).setFocus(Qt.FocusReason.OtherFocusReason)

    def ask(self) -> None:
        """Asks for what is chosen, where that can be."""
        task = self.task
        if task is None or self._why_not(task) or self._is_busy:
            return
        if self._lacks_words(task):
            self._field.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._is_written_in = False
        source = self._source(task)
        pasted = self.source.text() if source is Source.PASTED else ""
        self.asked.emit(Order(task.id, self._field.text().strip() if task.asks else "", source, pasted))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Escape stops what runs, and otherwise gives the keyboard back to the page."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Escape:
                (self.stop_requested if self._is_busy else self.left).emit()
                return True
            if event.key() in ENTERS and watched is self._task:
                self.ask()
                return True
        return super().eventFilter(watched, event)

    def _note_writing(self) -> None:
        self._is_written_in = True

    def _show_task(self) -> None:
        task = self.task
        if task is None:
            return
        if task.id != self._shown_task:
            self._words[self._shown_task] = self._field.text()
            self._shown_task = task.id
            self._field.setText(self._words.get(task.id, ""))
        self.source.show_sources(task.sources)
        self._task.setToolTip(task.tip)
        self._task.setAccessibleDescription(task.tip)
        self._field.setVisible(bool(task.asks))
        self._field.setPlaceholderText(task.asks)
        self._field.setAccessibleName(task.asks or "What you say to it")
        self._field.setToolTip(task.asks or "What you say to it")
        why_not = self._why_not(task)
        self._subject.setText(self._about(task) if self._is_busy or not why_not else why_not)
        self._ask.setEnabled(not why_not)

    def _source(self, task: TaskChoice) -> Source:
        return self.source.source if len(task.sources) > 1 else Source.DRAFT

    def _about(self, task: TaskChoice) -> str:
        source = self._source(task)
        if source is not Source.DRAFT:
            return "The pasted text" if source is Source.PASTED else "The notes that everybody has"
        if task.subject is not Subject.DOCUMENT and self._selected:
            return counted(self._selected, "selected word")
        return "The whole document"

    def _why_not(self, task: TaskChoice) -> str:
        source = self._source(task)
        if source is not Source.DRAFT:
            return "Paste some text first." if source is Source.PASTED and not self.source.text().strip() else ""
        if task.subject is Subject.SELECTION and not self._selected:
            return "Select the text first."
        if not self._total:
            return "There is no text yet."
        return ""

    def _lacks_words(self, task: TaskChoice) -> bool:
        return bool(task.asks) and not task.may_be_silent and not self._field.text().strip()


class _TaskBox(QComboBox):
    """In the list tasks stand in from their groups; the chosen one, alone, does not."""

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        """What is painted while the list is closed."""
        super().initStyleOption(option)
        option.currentText = option.currentText.strip()
