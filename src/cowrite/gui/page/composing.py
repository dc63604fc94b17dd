"""Composing: what an input method is making, while changes of others come in.

Runs on the GUI thread. Qt has it in the layout of the line where it began, at its place of then, and leaves it there
until the input method says something: with a line break before it, it would be seen on two lines from then on.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QTextCursor, QTextLayout

from cowrite.bridge.page.text_formats import TextFormats
from cowrite.core.text.richtext import SOFT_BREAK
from cowrite.core.writing.tables import in_table
from cowrite.gui.page.next_letters import NextLetters
from cowrite.gui.page.tables import PageTables
from cowrite.gui.page.text_page import TextPage
from cowrite.gui.page.writing_keys import WritingKeys

_ALONE, _KEPT = QTextCursor.MoveMode.MoveAnchor, QTextCursor.MoveMode.KeepAnchor


class Composing:
    """What is being composed on one page.

    Args:
        page: it.
        keys: of the page.
        next_letters: what is typed next on it.
        tables: those on it.
        formats: of its text.
    """

    def __init__(
        self, page: TextPage, keys: WritingKeys, next_letters: NextLetters, tables: PageTables, formats: TextFormats
    ) -> None:
        self._page = page
        self._keys = keys
        self._next_letters = next_letters
        self._tables = tables
        self._formats = formats
        self._text = ""
        self._looks: list[QTextLayout.FormatRange] = []
        self._began = 0  # where it stood in its line, in UTF-16 units

    def take(self, event: QInputMethodEvent, pass_on: Callable[[QInputMethodEvent], None]) -> None:
        """Takes what the input method says: what there is now, or is to come in.

        Args:
            event: it.
            pass_on: has Qt do what it does.
        """
        page = self._page
        self._keys.compose(event)
        # Some say nothing where they are left or begun anew, which is no reason to take what is selected away.
        if event.preeditString() or event.commitString() or event.replacementLength():
            if page.draft.suggester is not None:
                self._select_replaced(event)
                self._keys.make_room()
            if self._formats.has_tables:
                self._tables.make_room()
        if "\n" in event.commitString() and in_table(page.draft, page.textCursor().position()):
            said = event.commitString().replace("\n", SOFT_BREAK)  # a break would be one of cells
            event.setCommitString(said, event.replacementStart(), event.replacementLength())
        if self._formats.has_bounds and event.commitString():
            if page.textCursor().block().layout().preeditAreaText():
                pass_on(QInputMethodEvent())  # or it stays where the caret is led away from
            self._next_letters.before_key(writes=True)
        if page.textCursor().hasSelection() and (event.preeditString() or event.commitString()):
            self._next_letters.turn_selection()
            cursor = page.textCursor()
            look = cursor.charFormat()  # keys keep it; Qt takes that of the letter before, where nothing is left of it
            cursor.removeSelectedText()
            page.setTextCursor(cursor)
            page.setCurrentCharFormat(look)
        pass_on(event)
        self._text = event.preeditString()

    @property
    def is_on(self) -> bool:
        """Whether there is anything."""
        return bool(self._text)

    def press(self, event: QKeyEvent, pass_on: Callable[[QKeyEvent], None]) -> None:
        """Handles a key that the input method has left to the page, perhaps because it is gone: beside what is
        composed, Qt moves the caret by units, and half a character is no place to be.

        Args:
            event: it.
            pass_on: has Qt do what it does.
        """
        if not self._text:
            self._keys.take(event, pass_on)
            return
        before = self._page.textCursor().position()
        self._keys.take(event, pass_on)
        cursor = self._page.textCursor()
        at = cursor.position()
        if "\udc00" <= self._page.document().characterAt(at) <= "\udfff":
            cursor.setPosition(at + (1 if at > before else -1), _KEPT if cursor.hasSelection() else _ALONE)
            self._page.setTextCursor(cursor)

    def _select_replaced(self, event: QInputMethodEvent) -> None:
        """Selects what is to come in the place of letters beside the caret, for these are to be suggested to go."""
        if event.replacementLength():
            start = self._page.textCursor().position() + event.replacementStart()
            self._page.set_caret(start + event.replacementLength(), start)
            event.setCommitString(event.commitString())

    def about_to_apply(self) -> None:
        """A change comes to the page: what is composed is taken from its line."""
        if not self._text:
            return
        cursor = self._page.textCursor()
        layout = cursor.block().layout()
        if layout.preeditAreaText() != self._text:  # the caret was put elsewhere
            self._text = ""
            return
        self._looks, self._began = layout.formats(), layout.preeditAreaPosition()
        self._put(cursor, -1, "", [])

    def applied(self) -> None:
        """The change is on the page, and the caret where it is to be: what is composed is shown there."""
        if not self._text:
            return
        cursor = self._page.textCursor()
        at = cursor.positionInBlock()
        for look in self._looks:
            look.start += at - self._began
        self._put(cursor, at, self._text, self._looks)
        self._page.updateMicroFocus()  # where the input method shows what it offers

    def _put(self, cursor: QTextCursor, at: int, text: str, looks: list[QTextLayout.FormatRange]) -> None:
        block = cursor.block()
        block.layout().setPreeditArea(at, text)
        block.layout().setFormats(looks)
        self._page.document().markContentsDirty(block.position(), block.length())
