"""FindNotes: a small bar that finds words in notes.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget

from cowrite.core.board.layout import reading_order
from cowrite.core.text.search import compiled, has_all
from cowrite.gui.board.board_scene import BoardScene
from cowrite.gui.keyboard.key_groups import ENTERS
from cowrite.gui.keyboard.speaking import say
from cowrite.gui.look.icons import icon_button
from cowrite.gui.look.theme import MARGIN, SPACING, set_look
from cowrite.gui.widgets.dialog_parts import in_one_line


class FindNotes(QWidget):
    """Says what is looked for, and goes from note to note.

    Args:
        scene: the board.
        show_note: selects a note and brings it into sight.
    """

    closed = Signal()

    def __init__(self, scene: BoardScene, show_note: Callable[[str], None]) -> None:
        super().__init__()
        self._scene = scene
        self._show_note = show_note
        self._found: list[str] = []
        self._current = -1
        self.setAccessibleName("Find on the board")
        set_look(self, surface="bar")
        self.field = QLineEdit()
        self.field.setPlaceholderText("Find")
        self.field.setAccessibleName("Find")
        self.field.setToolTip("Words to find in notes and authors")
        self.field.textChanged.connect(self._find)
        self.count = QLabel()
        self.count.setAccessibleDescription("Notes found")
        set_look(self.count, role="muted")
        self._previous = icon_button("arrow-up", "Previous note (Shift+F3)")
        self._next = icon_button("arrow-down", "Next note (F3)")
        self._close = icon_button("x", "Close (Esc)")
        self._previous.clicked.connect(lambda: self.step(-1))
        self._next.clicked.connect(lambda: self.step(1))
        self._close.clicked.connect(self.close_bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(MARGIN, SPACING, SPACING, SPACING)
        row.setSpacing(SPACING)
        row.addWidget(self.field, 1)
        for part in (self.count, self._previous, self._next, self._close):
            row.addWidget(part)
        scene.changed_on_board.connect(self._again)
        self.hide()

    def open_bar(self) -> None:
        """Shows the bar and starts in its field."""
        self.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()
        self._find()

    def close_bar(self) -> None:
        """Hides the bar; nothing is marked any more."""
        self.hide()
        self._scene.show_found(())
        self.closed.emit()

    def step(self, by: int) -> None:
        """Goes to the next note that was found, or with -1 to the one before."""
        if self.isHidden():
            self.open_bar()
            return
        if self._found:
            self._current = (self._current + by) % len(self._found) if self._current >= 0 else (0 if by > 0 else -1)
            self._current %= len(self._found)
            self._show_note(self._found[self._current])
        self._tell()
        self._say_nothing_found()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on, Shift+Enter goes back, Escape closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        elif event.key() in ENTERS:
            self.step(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        else:
            super().keyPressEvent(event)

    def _find(self) -> None:
        self._look()
        self._current = 0 if self._found else -1
        if self._found:
            self._show_note(self._found[0])
        self._tell()
        self._say_nothing_found()

    def _again(self) -> None:
        """The board has changed while the bar is open."""
        if not self.isHidden():
            current = self._found[self._current] if self._current >= 0 else ""
            self._look()
            self._current = self._found.index(current) if current in self._found else -1
            self._tell()

    def _look(self) -> None:
        words = in_one_line(self.field.text()).strip()
        looked_for = [compiled(words)]
        places = {
            id: item.place
            for id, item in self._scene.notes.items()
            if words and has_all(looked_for, item.note.text, item.note.author)
        }
        self._found = reading_order(places)
        self._scene.show_found(places.keys())

    def _say_nothing_found(self) -> None:
        """A note that is gone to is read out by the board."""
        say(self, "" if self._found else self.count.text())

    def _tell(self) -> None:
        total = len(self._found)
        found = f"{self._current + 1} of {total}" if self._current >= 0 else f"{total} found"
        self.count.setText("" if not self.field.text() else found if total else "No results")
        for button in (self._previous, self._next):
            button.setEnabled(total > 0)
