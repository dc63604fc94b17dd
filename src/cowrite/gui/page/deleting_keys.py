"""DeletingKeys: what Backspace and Delete do on a page where that is more than Qt knows.

Runs on the GUI thread.
"""

from __future__ import annotations

import re

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QTextCursor

from cowrite.core.text.richtext import DELETION, utf16_length
from cowrite.core.writing import alone, lines
from cowrite.gui.commands.action_specs import IS_MAC
from cowrite.gui.page.tables import PageTables
from cowrite.gui.page.text_page import TextPage
from cowrite.gui.page.unspaced_words import word_at, word_before

# Accents and vowel signs are taken off one by one, as everywhere; the parts of an emoji mean nothing by themselves.
_EMOJI_PARTS = re.compile("[\U00010000-\U0010ffff].|.[\ufe0f\u20e3]")
_WORD = Qt.KeyboardModifier.AltModifier if IS_MAC else Qt.KeyboardModifier.ControlModifier
"""Held with Backspace and Delete it takes away a word."""


class DeletingKeys:
    """The keys of one page that take something away.

    Args:
        page: it.
        tables: those on it.
    """

    def __init__(self, page: TextPage, tables: PageTables) -> None:
        self._page = page
        self._draft = page.draft
        self._tables = tables

    def press(self, event: QKeyEvent) -> bool:
        """Does what a key takes away; says whether Qt has nothing to do any more."""
        key, modifiers = event.key(), event.modifiers()
        back = key == Qt.Key.Key_Backspace
        is_plain = modifiers in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        deletes = _deletes(key, modifiers)
        if deletes and self._deletes_in_table(modifiers, back=back):
            return True
        if not is_plain and self._deletes_unspaced_word(event):
            return True
        if deletes and self._draft.suggester is not None:
            self._suggest_deletion(modifiers, back=back)
            return True
        if deletes and modifiers & _WORD:
            return self._takes_out_beside(back=back)
        if back and (is_plain or modifiers == Qt.KeyboardModifier.ShiftModifier):
            return self._press_backspace()
        return key == Qt.Key.Key_Delete and is_plain and self._press_delete()

    def _deletes_in_table(self, modifiers: Qt.KeyboardModifier, *, back: bool) -> bool:
        if back and self._draft.suggester is None and not modifiers & _WORD:
            return self._tables.clear_selected()  # a cell may have a style, which goes first
        return self._tables.press_deleting(back=back)

    def _deletes_unspaced_word(self, event: QKeyEvent) -> bool:
        """Deletes the word beside the caret where a script sets no spaces or an image stands; says whether there is
        one."""
        cursor, key = self._page.textCursor(), QKeySequence.StandardKey
        back = event.matches(key.DeleteStartOfWord)
        if cursor.hasSelection() or not (back or event.matches(key.DeleteEndOfWord)):
            return False
        line, at = cursor.block(), cursor.positionInBlock()
        if line.text().isascii():
            return False
        word = word_before(line.text(), at) if back else word_at(line.text(), at)
        if word is None:
            return False
        other = line.position() + word[0 if back else 1]
        start, stop = sorted((cursor.position(), other))
        behind = lines.delete(self._draft, start, stop)
        self._page.set_caret(start if back else behind)
        return True

    def _takes_out_beside(self, *, back: bool) -> bool:
        """Takes out what stands alone on the line above or below, as the keys do without one held; says whether it
        did."""
        cursor = self._page.textCursor()
        press = alone.press_backspace if back else alone.press_delete
        caret = None if cursor.hasSelection() else press(self._draft, cursor.position())
        if caret is not None:
            self._page.set_caret(caret)
        return caret is not None

    def _press_backspace(self) -> bool:
        start, stop = self._page.selection()
        if start != stop:
            # Where the selection ends at the start of a line that stands further in, Qt would move lines out instead.
            self._page.textCursor().removeSelectedText()
            return True
        caret = lines.press_backspace(self._draft, start)
        caret = alone.press_backspace(self._draft, start) if caret is None else caret
        if caret is None:
            return self._delete_emoji()
        self._page.set_caret(caret)
        return True

    def _press_delete(self) -> bool:
        cursor = self._page.textCursor()
        if cursor.hasSelection() or not cursor.atBlockEnd():
            return False
        caret = alone.press_delete(self._draft, cursor.position())
        if caret is not None:
            self._page.set_caret(caret)
        return caret is not None

    def _delete_emoji(self) -> bool:
        """Deletes the emoji before the caret where it has several parts, of which Qt would take the last alone; says
        whether there is one."""
        cursor = self._page.textCursor()
        cursor.movePosition(QTextCursor.MoveOperation.PreviousCharacter, QTextCursor.MoveMode.KeepAnchor)
        if not _EMOJI_PARTS.search(cursor.selectedText()):
            return False
        cursor.removeSelectedText()
        return True

    def _suggest_deletion(self, modifiers: Qt.KeyboardModifier, *, back: bool) -> None:
        """Backspace and Delete where what they take away is only suggested to go: the caret steps over it and over what
        was suggested to go before."""
        move, cursor, rope = QTextCursor.MoveOperation, self._page.textCursor(), self._draft.rope
        if not cursor.hasSelection():
            if back and lines.may_look_otherwise(self._draft, cursor.position()) and self._leaves_style():
                return
            step = move.PreviousCharacter if back else move.NextCharacter
            beside = rope.attributes_before if back else rope.attributes_at
            while DELETION in beside(cursor.position()) and cursor.movePosition(step):
                pass
            if modifiers & _WORD:
                step = move.PreviousWord if back else move.NextWord
            cursor.setPosition(cursor.position())
            cursor.movePosition(step, QTextCursor.MoveMode.KeepAnchor)
            gone = cursor.selectedText()
            if step == move.PreviousCharacter and gone and not _EMOJI_PARTS.search(gone):
                cursor.setPosition(cursor.anchor() - utf16_length(gone[-1]), QTextCursor.MoveMode.KeepAnchor)
        start = cursor.selectionStart()
        behind = lines.delete(self._draft, start, cursor.selectionEnd())
        self._page.set_caret(start if back else behind)

    def _leaves_style(self) -> bool:
        """Takes its style from the line that begins at the caret, as Backspace does first; says whether it had one."""
        caret = lines.press_backspace(self._draft, self._page.textCursor().position())
        if caret is not None:
            self._page.set_caret(caret)
        return caret is not None


def _deletes(key: int, modifiers: Qt.KeyboardModifier) -> bool:
    """Whether a key takes away the character or the word beside the caret: Shift+Delete cuts, and others do nothing."""
    held = modifiers & ~Qt.KeyboardModifier.KeypadModifier
    nothing = Qt.KeyboardModifier.NoModifier
    if key == Qt.Key.Key_Backspace:
        return held in (nothing, _WORD, Qt.KeyboardModifier.ShiftModifier)
    return key == Qt.Key.Key_Delete and held in (nothing, _WORD)
