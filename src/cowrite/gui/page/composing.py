"""Composing: what an input method is making, while changes of others come in.

Runs on the GUI thread. Qt has it in the layout of the line where it began, at its place of then, and leaves it there
until the input method says something: with a line break before it, it would be seen on two lines from then on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QInputMethodEvent, QTextCursor, QTextLayout

from cowrite.bridge.page.text_formats import TextFormats
from cowrite.core.text.richtext import SOFT_BREAK
from cowrite.core.writing.tables import in_table
from cowrite.gui.page.writing_keys import WritingKeys

if TYPE_CHECKING:
    from cowrite.gui.page.editor import Editor


class Composing:
    """What is being composed on one page.

    Args:
        editor: the page.
        keys: of the page.
        formats: of its text.
    """

    def __init__(self, editor: Editor, keys: WritingKeys, formats: TextFormats) -> None:
        self._editor = editor
        self._keys = keys
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
        editor = self._editor
        self._keys.compose(event)
        # Some say nothing where they are left or begun anew, which is no reason to take what is selected away.
        if event.preeditString() or event.commitString() or event.replacementLength():
            if editor.draft.suggester is not None:
                self._select_replaced(event)
                self._keys.make_room()
            if self._formats.has_tables:
                editor.tables.make_room()
        if "\n" in event.commitString() and in_table(editor.draft, editor.textCursor().position()):
            said = event.commitString().replace("\n", SOFT_BREAK)  # a break would be one of cells
            event.setCommitString(said, event.replacementStart(), event.replacementLength())
        if self._formats.has_bounds and event.commitString():
            if editor.textCursor().block().layout().preeditAreaText():
                pass_on(QInputMethodEvent())  # or it stays where the caret is led away from
            editor.formatting.before_key(writes=True)
        if editor.textCursor().hasSelection() and (event.preeditString() or event.commitString()):
            editor.formatting.turn_selection()
            cursor = editor.textCursor()
            look = cursor.charFormat()  # keys keep it; Qt takes that of the letter before, where nothing is left of it
            cursor.removeSelectedText()
            editor.setTextCursor(cursor)
            editor.setCurrentCharFormat(look)
        pass_on(event)
        self._text = event.preeditString()

    def _select_replaced(self, event: QInputMethodEvent) -> None:
        """Selects what is to come in the place of letters beside the caret, for these are to be suggested to go."""
        if event.replacementLength():
            start = self._editor.textCursor().position() + event.replacementStart()
            self._editor.set_caret(start + event.replacementLength(), start)
            event.setCommitString(event.commitString())

    def about_to_apply(self) -> None:
        """A change comes to the page: what is composed is taken from its line."""
        if not self._text:
            return
        cursor = self._editor.textCursor()
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
        cursor = self._editor.textCursor()
        at = cursor.positionInBlock()
        for look in self._looks:
            look.start += at - self._began
        self._put(cursor, at, self._text, self._looks)
        self._editor.updateMicroFocus()  # where the input method shows what it offers

    def _put(self, cursor: QTextCursor, at: int, text: str, looks: list[QTextLayout.FormatRange]) -> None:
        block = cursor.block()
        block.layout().setPreeditArea(at, text)
        block.layout().setFormats(looks)
        self._editor.document().markContentsDirty(block.position(), block.length())
