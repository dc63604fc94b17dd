"""Composing: what an input method is making, while changes of others come in.

Runs on the GUI thread. Qt has it in the layout of the line where it began, at its place of then, and leaves it there
until the input method says something: with a line break before it, it would be seen on two lines from then on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QInputMethodEvent, QTextCursor, QTextLayout

if TYPE_CHECKING:
    from cowrite.gui.editor import Editor


class Composing:
    """What is being composed on one page.

    Args:
        editor: the page.
    """

    def __init__(self, editor: Editor) -> None:
        self._editor = editor
        self._text = ""
        self._looks: list[QTextLayout.FormatRange] = []
        self._began = 0  # where it stood in its line, in UTF-16 units

    def follow(self, event: QInputMethodEvent) -> None:
        """The input method has said what there is now."""
        self._text = event.preeditString()

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
