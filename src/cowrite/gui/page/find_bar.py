"""Find and replace, in a bar above the page.

Runs on the GUI thread. FindBar says what is looked for and shows how many places there are; the caller searches.
"""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QWidget

from cowrite.gui.keyboard.control_names import called
from cowrite.gui.keyboard.key_groups import ENTERS
from cowrite.gui.look.icons import icon_button
from cowrite.gui.look.theme import CLOSE, MARGIN, SPACING, set_look
from cowrite.gui.widgets.dialog_parts import button, in_one_line
from cowrite.gui.widgets.elided_label import ElidedLabel
from cowrite.gui.widgets.wrapping_label import WrappingLabel


class FindQuery(NamedTuple):
    """What to look for; an empty text looks for nothing."""

    text: str
    match_case: bool = False
    whole_words: bool = False
    is_pattern: bool = False
    """Whether the text is a regular expression."""


class FindBar(QWidget):
    """`query_changed(FindQuery)` as it is typed and when the bar opens or closes (then with an empty text);
    `next_requested`, `previous_requested`; `replace_requested(text)` for the current place, `replace_all_requested`.
    """

    query_changed = Signal(FindQuery)
    next_requested = Signal()
    previous_requested = Signal()
    replace_requested = Signal(str)
    replace_all_requested = Signal(str)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Find and replace")
        set_look(self, surface="bar")
        self._find = self._field("Find", "Words to find in this document")
        self._find.textChanged.connect(self._tell)
        self._count = ElidedLabel()
        self._count.setAccessibleDescription("Places found")
        self._count.setMinimumWidth(self._count.fontMetrics().horizontalAdvance("No results  "))
        self._case = icon_button("case-sensitive", "Match case", checkable=True)
        self._words = icon_button("whole-word", "Whole words only", checkable=True)
        self._pattern = icon_button("regex", "Regular expression", checkable=True)
        self._previous = icon_button("arrow-up", "Previous place (Shift+F3)")
        self._next = icon_button("arrow-down", "Next place (F3)")
        self._close = icon_button("x", "Close (Esc)")
        self._problem = WrappingLabel()
        set_look(self._problem, tone="problem")
        self._case.toggled.connect(self._tell)
        self._words.toggled.connect(self._tell)
        self._pattern.toggled.connect(self._tell)
        self._previous.clicked.connect(self.previous_requested)
        self._next.clicked.connect(self.next_requested)
        self._close.clicked.connect(self.close_bar)
        self._replacement = self._field("Replace with", "Words to put in their place; leave it empty to delete them")
        self._replace = button("Replace", "Replace this one and go to the next")
        self._replace.clicked.connect(lambda: self.replace_requested.emit(in_one_line(self._replacement.text())))
        self._all = button("Replace all", "Replace every place in this document; one undo takes it back")
        self._all.clicked.connect(lambda: self.replace_all_requested.emit(in_one_line(self._replacement.text())))
        self._lay_out()
        self.setTabOrder(self._find, self._replacement)  # the buttons for what is found come behind both
        self._problem.hide()
        self.show_replace(False)
        self.show_count(0, 0, 0)
        self.hide()

    def open_bar(self, *, replace: bool, text: str = "") -> None:
        """Shows the bar and starts in its field, with `text`, such as the selected words, when there is any."""
        self.show_replace(replace)
        if text:
            with QSignalBlocker(self._find):  # a query is told below
                self._find.setText(text)
        self.show()
        self._find.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._find.selectAll()
        self._tell()

    def close_bar(self) -> None:
        """Hides the bar; nothing is marked in the page any more."""
        self.hide()
        self.query_changed.emit(FindQuery(""))
        self.closed.emit()

    def query(self) -> FindQuery:
        """What is looked for."""
        how = (each.isChecked() for each in (self._case, self._words, self._pattern))
        return FindQuery(in_one_line(self._find.text()), *how)

    def show_replace(self, on: bool) -> None:
        """Shows or hides the second line; a reader has none."""
        for widget in (self._replacement, self._replace, self._all):
            widget.setVisible(on)

    def show_count(self, current: int, total: int, replaceable: int, replaced: int | None = None) -> None:
        """Says "3 of 12"; `current` is 0 while the caret is at none of them. So many of them can be replaced. Where so
        many have just been `replaced` together, which may be none, says that in its place."""
        nothing = not self._find.text()
        found = f"{current} of {total}" if current else f"{total} found"
        is_told = replaced is not None
        told = f"{replaced or 'None'} replaced" if is_told else found if total else "No results"
        set_look(self._count, tone="" if nothing or total or is_told else "problem", role="muted")
        self._count.show_text("" if nothing else told, "Places found in this document")
        self._problem.setText("")
        self._problem.hide()
        for each, there in zip(
            (self._previous, self._next, self._replace, self._all),
            (total, total, replaceable, replaceable),
            strict=True,
        ):
            if not there and self.window().focusWidget() is each:  # Qt would give the next keys to the page
                self._find.setFocus(Qt.FocusReason.OtherFocusReason)
            each.setEnabled(there > 0)

    def show_problem(self, sentence: str) -> None:
        """Says why nothing can be looked for, behind `show_count`: in the place of the count, and where there is no
        room on lines below."""
        self._problem.setText(sentence)
        self._fit_problem()

    @property
    def told(self) -> str:
        """What it says of the places, or why there are none; empty where nothing is looked for."""
        return self._problem.text() or self._count.text()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on, Shift+Enter goes back, Escape closes; Enter in the second field replaces."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        elif event.key() in ENTERS:
            if self._replacement.hasFocus():
                self._replace.click()
            elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self.previous_requested.emit()
            else:
                self.next_requested.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width may have room for what is said, or no longer."""
        super().resizeEvent(event)
        if self._problem.text():
            self._fit_problem()

    def _lay_out(self) -> None:
        above = self._above = QHBoxLayout()
        above.setSpacing(CLOSE)
        for each in (self._case, self._words, self._pattern):
            above.addWidget(each)
        above.addSpacing(SPACING)
        above.addWidget(self._count)
        above.addSpacing(SPACING)
        for each in (self._previous, self._next):
            above.addWidget(each)
        above.addStretch(1)
        above.addWidget(self._close)
        below = QHBoxLayout()
        below.setSpacing(SPACING)
        below.addWidget(self._replace)
        below.addWidget(self._all)
        below.addStretch(1)
        grid = QGridLayout(self)
        grid.setContentsMargins(MARGIN, SPACING, SPACING, SPACING)
        grid.setHorizontalSpacing(SPACING)
        grid.setVerticalSpacing(SPACING)
        grid.addWidget(self._find, 0, 0)
        grid.addLayout(above, 0, 1)
        grid.addWidget(self._replacement, 1, 0)
        grid.addLayout(below, 1, 1)
        grid.addWidget(self._problem, 2, 0, 1, 2)
        grid.setColumnStretch(0, 2)
        grid.setColumnStretch(1, 3)

    def _fit_problem(self) -> None:
        sentence = self._problem.text()
        room = self._above.geometry().width() - self._above.sizeHint().width() + self._count.sizeHint().width()
        has_room = self._count.fontMetrics().horizontalAdvance(sentence) < room
        self._count.show_text(sentence if has_room else "")
        self._problem.setVisible(not has_room)

    def _tell(self) -> None:
        self.query_changed.emit(self.query())
        if not self._find.text():
            self.show_count(0, 0, 0)

    def _field(self, name: str, tip: str) -> QLineEdit:
        field = QLineEdit()
        field.setPlaceholderText(name)
        called(field, name, tip)
        field.setMinimumWidth(120)
        return field
