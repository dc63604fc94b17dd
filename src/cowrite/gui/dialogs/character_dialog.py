"""CharacterDialog: a character that the keyboard does not have, found by the words of its name.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QDialog, QListView, QListWidget, QListWidgetItem, QWidget

from cowrite.core.text.characters import INVISIBLE, found_by, name_of
from cowrite.gui.keyboard.speaking import say
from cowrite.gui.look.theme import set_look
from cowrite.gui.widgets.dialog_parts import Message, button, dialog_column, last_row, resize_on_screen
from cowrite.gui.widgets.list_search import ListSearch

COLUMNS, LINES = 12, 6
LARGER = 1.5  # a character, than the words around it
SMALLER = 0.7  # the short name of one that cannot be seen


class CharacterDialog(QDialog):
    """The dialog.

    Args:
        used: the characters that the person has put in before, the last one first.
        parent: the document's window.
    """

    chosen = Signal(str)
    """The character; the dialog is closed then."""

    def __init__(self, used: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self._used = used
        self.setWindowTitle("Insert a character")
        self.list = QListWidget()
        self.list.setAccessibleName("Characters")
        self.list.setViewMode(QListView.ViewMode.IconMode)
        self.list.setMovement(QListView.Movement.Static)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.setTextElideMode(Qt.TextElideMode.ElideNone)  # an emoji may be wider than its place
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its keys work in the field above it
        set_look(self.list, surface="field")
        hint = "Its name, such as “em dash”, “arrow” or “heart”"
        tip = "Type a few words of its name; the arrow keys choose a character, Enter inserts it"
        self.search = ListSearch(self.list, "Name of the character", hint, tip, is_grid=True)
        font = self.list.font()
        font.setPointSizeF(font.pointSizeF() * LARGER)
        self.list.setFont(font)
        side = 2 * self.fontMetrics().height()
        self.list.setGridSize(QSize(side, side))
        self.message = Message("What the character is called")
        self.give = button("&Insert", "Put the character in at the caret (Enter)", "primary")
        self.give.setDefault(True)
        cancel = button("Cancel", "Close and insert nothing (Esc)")
        column = dialog_column(self)
        column.addWidget(self.search)
        column.addWidget(self.list, 1)
        column.addWidget(self.message)
        column.addLayout(last_row(cancel, self.give))
        self.search.textChanged.connect(lambda _text: self._fill())
        self.list.itemClicked.connect(lambda _item: self._give())
        self.list.currentItemChanged.connect(lambda item, _before: self._show_chosen(item))
        self.give.clicked.connect(self._give)
        cancel.clicked.connect(self.reject)
        resize_on_screen(self, QSize(COLUMNS * side + 80, LINES * side + 190))
        self._fill()

    def _fill(self) -> None:
        self.list.clear()
        side = 2 * self.fontMetrics().height()
        small = self.list.font()
        small.setPointSizeF(small.pointSizeF() * SMALLER / LARGER)
        text = self.search.text()
        found = found_by(text)
        for character in found if text.strip() else dict.fromkeys((*self._used, *found)):
            item = QListWidgetItem(character, self.list)
            item.setData(Qt.ItemDataRole.UserRole, character)
            if short := INVISIBLE.get(character):
                item.setText(short)
                item.setSizeHint(QSize(side, side))  # in the middle, as the others
                item.setFont(small)
            item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
            item.setToolTip(name_of(character))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, name_of(character))
        self.list.setCurrentRow(0)
        self.give.setEnabled(bool(found))
        if not found:
            self.message.show_sentence(f"No character has “{text.strip()}” in its name.", "ok")

    def _show_chosen(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            character = item.data(Qt.ItemDataRole.UserRole)
            name = name_of(character)
            say(self.search, name)
            self.message.show_sentence(
                f"{INVISIBLE.get(character, character)}  {name}, U+{ord(character[0]):04X}", "ok"
            )

    def _give(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self.accept()
            self.chosen.emit(item.data(Qt.ItemDataRole.UserRole))
