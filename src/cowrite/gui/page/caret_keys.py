"""Keys that lead the caret further than Qt's own: by paragraphs, and by words beside images and of scripts that set no
spaces.

Runs on the GUI thread.
"""

from __future__ import annotations

import sys

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QTextCursor
from PySide6.QtWidgets import QTextEdit

from cowrite.gui.page.unspaced_words import word_at, word_before


def go_by_lines(edit: QTextEdit, key: int, modifiers: Qt.KeyboardModifier) -> bool:
    """Ctrl+Up and Ctrl+Down go from paragraph to paragraph, with Shift selecting; Qt knows it on the Mac only."""
    held = modifiers & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier)
    is_other = key not in (Qt.Key.Key_Up, Qt.Key.Key_Down) or held != Qt.KeyboardModifier.ControlModifier
    if is_other or sys.platform == "darwin":  # where these lead to the ends of the text
        return False
    cursor = edit.textCursor()
    mode = QTextCursor.MoveMode.MoveAnchor
    if modifiers & Qt.KeyboardModifier.ShiftModifier:
        mode = QTextCursor.MoveMode.KeepAnchor
    if key == Qt.Key.Key_Down:
        if not cursor.movePosition(QTextCursor.MoveOperation.NextBlock, mode):
            cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, mode)
    elif cursor.atBlockStart():
        cursor.movePosition(QTextCursor.MoveOperation.PreviousBlock, mode)
    else:
        cursor.movePosition(QTextCursor.MoveOperation.StartOfBlock, mode)
    edit.setTextCursor(cursor)
    return True


def go_by_unspaced_words(edit: QTextEdit, event: QKeyEvent) -> bool:
    """Goes on or back by a word where a script sets no spaces or an image stands, or selects it; says whether there is
    one."""
    key, cursor = QKeySequence.StandardKey, edit.textCursor()
    line = cursor.block()
    if line.text().isascii() or line.textDirection() == Qt.LayoutDirection.RightToLeft:
        return False
    goes_on = event.matches(key.MoveToNextWord) or event.matches(key.SelectNextWord)
    selects = event.matches(key.SelectNextWord) or event.matches(key.SelectPreviousWord)
    if not goes_on and not selects and not event.matches(key.MoveToPreviousWord):
        return False
    at = cursor.positionInBlock()
    word = word_at(line.text(), at) if goes_on else word_before(line.text(), at)
    if word is None:
        return False
    mode = QTextCursor.MoveMode.KeepAnchor if selects else QTextCursor.MoveMode.MoveAnchor
    cursor.setPosition(line.position() + word[goes_on], mode)
    edit.setTextCursor(cursor)
    return True
