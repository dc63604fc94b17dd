"""AssistMarks: says of text that came from a language model whose it is, under the pointer and at the caret.

Runs on the GUI thread. While a draft holds no such text, nothing is listened to.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6 import QtGui, QtWidgets  # PySide makes a class when it is first named; these most drafts never need
from PySide6.QtCore import QEvent, QObject, Signal

from cowrite.core.crdt.anchor import Stick
from cowrite.core.crdt.structs import Id
from cowrite.core.document.assists import mark_of
from cowrite.gui.page.editor import Editor
from cowrite.gui.widgets.tips import tip_of


class AssistMarks(QObject):
    """The words about the marked text of one page.

    Args:
        editor: the page.
    """

    said = Signal(str)
    """What is to be said at the caret; empty for nothing."""

    def __init__(self, editor: Editor) -> None:
        super().__init__(editor)
        self._editor = editor
        self._is_listening = False
        self._notice = ""
        self.words: Callable[[str, Id | None], str] = lambda _assist, _unit: ""
        """Says of an assist, by its id, and of a unit of its text who accepted what from which model; empty where
        nobody knows it."""

    def show_notice(self, sentence: str) -> None:
        """Says something else there, such as that a suggestion is on its way; an empty sentence says it no more."""
        if sentence != self._notice:
            self._notice = sentence
            self.said.emit(sentence)
            self.refresh()

    def refresh(self) -> None:
        """Says what is at the caret now."""
        if not self._editor.formats.has_marks or self._notice:
            return
        if not self._is_listening:
            self._is_listening = True
            self._editor.viewport().installEventFilter(self)
        self.said.emit(self.at_caret())

    def at_caret(self) -> str:
        """Whose the text at the caret is, where it came from a model and that is marked; else empty, as while another
        view hides the page."""
        editor, formats = self._editor, self._editor.formats
        is_shown = formats.has_marks and formats.shows_assists and editor.isVisibleTo(editor.window())
        return self.words_at(editor.caret()[1]) if is_shown else ""

    def words_at(self, at: int) -> str:
        """Whose the character before or else behind a position is, where it came from a model; else empty."""
        document = self._editor.draft
        rope = document.rope
        for stick, attributes in (
            (Stick.LEFT, rope.attributes_before(at)),
            (Stick.RIGHT, rope.attributes_at(min(at, rope.units))),
        ):
            if assist := mark_of(attributes):
                return self.words(assist, document.anchor(at, stick).id)
        return ""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Says what is under the pointer."""
        is_tip = event.type() == QEvent.Type.ToolTip and self._editor.formats.shows_assists
        if is_tip and isinstance(event, QtGui.QHelpEvent):
            words = self.words_at(self._editor.cursorForPosition(event.pos()).position())
            if words:
                QtWidgets.QToolTip.showText(event.globalPos(), tip_of(words), self._editor.viewport())
                return True
            QtWidgets.QToolTip.hideText()
        return super().eventFilter(watched, event)
