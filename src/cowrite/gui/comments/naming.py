"""Naming: offers people's names while somebody writes a sign and letters in a field.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit

from cowrite.core.comments.mentions import SIGN, Names, begun
from cowrite.core.text.richtext import utf16_length
from cowrite.gui.comments.name_list import NameList
from cowrite.gui.keyboard.key_groups import ENTERS
from cowrite.gui.keyboard.speaking import say
from cowrite_server.counting import counted

KnownNames = Callable[[], Names]


class Naming(QObject):
    """Offers names in one field.

    Args:
        field: it.
        names: gives those that are known when they are needed.
    """

    def __init__(self, field: QPlainTextEdit, names: KnownNames) -> None:
        super().__init__(field)
        self._field = field
        self._names = names
        self._list: NameList | None = None
        self._at = -1  # where the mention begins for which names are offered
        self._left = -1  # where one begins that needs no more names
        field.textChanged.connect(self.offer)
        field.cursorPositionChanged.connect(self._follow)

    @property
    def list(self) -> NameList | None:
        """The names that are offered; None where there are none."""
        return self._list

    def offer(self) -> None:
        """Offers the names that fit what is being written."""
        at, typed = self._begun()
        if at != self._left:
            self._left = -1
        names = self._names().offered(typed) if at not in (-1, self._left) and self._field.hasFocus() else []
        if not names:
            self.close()
            return
        is_new = self._list is None or self._list.names != names
        if self._list is None:
            self._list = NameList(self._field)
            self._list.lost.connect(self.close)
            self._list.itemClicked.connect(lambda item: self._take(item.text()))
        self._at = at
        self._list.show_names(names, at)
        if is_new:
            self._say(f"{counted(len(names), 'person', 'people')} to mention. ")

    def takes(self, event: QKeyEvent) -> bool:
        """Does what a key means while names are offered; says whether it means something here."""
        if self._list is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        step = (event.key() == Qt.Key.Key_Down) - (event.key() == Qt.Key.Key_Up)
        if step:
            self._list.step(step)
            self._say("")
        elif event.key() in (*ENTERS, Qt.Key.Key_Tab):
            self._take(self._list.chosen)
        elif event.key() == Qt.Key.Key_Escape:
            self._leave()
        else:
            return False
        return True

    def place(self) -> None:
        """The field has another size."""
        if self._list is not None:
            self._list.place()

    def close(self) -> None:
        """Offers nothing any more."""
        if self._list is not None:
            self._list.hide()
            self._list.deleteLater()
            self._list = None

    def announce(self, words: str) -> None:
        """Has a screen reader say something: the keyboard stays in the field, so it reads nothing of the list."""
        say(self._field, words)

    # Inside

    def _follow(self) -> None:
        """The caret may have left the mention."""
        if self._list is not None and self._begun()[0] != self._at:
            self.close()

    def _begun(self) -> tuple[int, str]:
        """Where the mention begins that is being written (UTF-16 units), and what stands behind its sign; -1 for
        none."""
        cursor = self._field.textCursor()
        line, here = cursor.block().text().encode("utf-16-le"), 2 * cursor.positionInBlock()
        before, behind = line[:here].decode("utf-16-le"), line[here:].decode("utf-16-le")
        at = begun(before)
        if at is None or cursor.hasSelection() or behind[:1].isalnum():
            return -1, ""
        return cursor.position() - utf16_length(before[at:]), before[at + 1 :]

    def _take(self, name: str) -> None:
        """Writes a name in the place of what was written of it, with a blank behind it."""
        at, _ = self._begun()
        cursor = self._field.textCursor()
        has_blank = self._field.document().characterAt(cursor.position()) == " "
        cursor.setPosition(at, QTextCursor.MoveMode.KeepAnchor)
        self._leave()
        cursor.insertText(f"{SIGN}{name}" + " " * (not has_blank))
        if has_blank:
            cursor.movePosition(QTextCursor.MoveOperation.NextCharacter)
        self._field.setTextCursor(cursor)

    def _leave(self) -> None:
        self._left = self._at
        self.close()

    def _say(self, words: str) -> None:
        """Says which name is chosen, behind other words."""
        if self._list is not None:
            self.announce(f"{words}{self._list.chosen}, {self._list.currentRow() + 1} of {self._list.count()}")
