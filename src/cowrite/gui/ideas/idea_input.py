"""IdeaInput: the line in which ideas are written, one after the other.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit

from cowrite.core.text.richtext import utf16_length
from cowrite.gui.keyboard.speaking import say


class IdeaInput(QLineEdit):
    """Enter writes and stays; several pasted lines are several ideas."""

    written = Signal(str)
    """A text that is to be a note."""
    list_pasted = Signal(str)
    """A text of several lines."""
    other_pasted = Signal()
    """What is on the clipboard is no text."""
    left_downwards = Signal()
    """The person goes on into the list."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Write an idea")
        self.setMinimumHeight(38)
        self.setMaxLength(20_000)
        self.group = ""
        """The id of the group that it writes into, or empty."""
        self._title = ""
        self._is_sealed = False
        self._show()

    def begin(self, group: str, title: str) -> None:
        """Takes the keyboard and writes into a group."""
        self.show_group(group, title)
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_group(self, group: str, title: str) -> None:
        """Writes into a group, of that id and title, or into none."""
        self.group, self._title = group, title
        self._show()

    def show_sealed(self, is_sealed: bool) -> None:
        """Says whether what is written lies sealed."""
        self._is_sealed = is_sealed
        self._show()

    def paste(self) -> None:
        """Takes in what is on the clipboard: several lines as a list, one as it is, and as a list where it has no room
        here; what is no text is for the list."""
        text = QGuiApplication.clipboard().text()
        room = self.maxLength() - utf16_length(self.text()) + utf16_length(self.selectedText())
        if not text.strip():
            self.other_pasted.emit()
        elif len(text.strip().splitlines()) < 2 and utf16_length(text) <= room:
            super().paste()
        else:
            self.list_pasted.emit(text)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Its menu pastes as its keys do."""
        menu = self.createStandardContextMenu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for action in menu.actions():
            if action.objectName() == "edit-paste":
                action.triggered.disconnect()
                action.triggered.connect(lambda _checked=False: self.paste())
        menu.popup(event.globalPos())

    def commit(self) -> None:
        """Writes what stands in it, where that is something."""
        text = self.text().strip()
        if text:
            self.clear()
            self.written.emit(text)
            say(self, "Written")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter writes; Down goes into the list; Escape leaves the group, then the line."""
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
            return
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.commit()
            case Qt.Key.Key_Down:
                self.left_downwards.emit()
            case Qt.Key.Key_Escape:
                if self.group:
                    self.begin("", "")
                else:
                    self.left_downwards.emit()
                    if self.hasFocus():
                        event.ignore()  # where there is no list to go to, the key is for the window
            case _:
                super().keyPressEvent(event)

    def _show(self) -> None:
        is_grouped = self.group and not self._is_sealed  # what lies sealed is in no group
        words = f"Write an idea for “{self._title}”" if is_grouped else "Write an idea"
        if self._is_sealed:
            words += "; it lies sealed until all are revealed"
        self.setPlaceholderText(words)
        self.setAccessibleName(words)
