"""Resizing: what stays in sight while a page gets another size.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent

from cowrite.gui.page.kept_place import KeptPlace

if TYPE_CHECKING:
    from cowrite.gui.page.editor import Editor


class Resizing:
    """Keeps the column of text in the middle, what is in sight where it is, and the line that is written in sight when
    the page gets lower.

    Args:
        editor: the page.
        place: keeps what is in sight.
        fit: puts the page in the middle of its view.
    """

    def __init__(self, editor: Editor, place: KeptPlace, fit: Callable[[], None]) -> None:
        self._editor = editor
        self._place = place
        self._fit = fit
        self._is_fitting = False  # margins are being set, of which the view hears as of another size

    def take(self, event: QResizeEvent, resize: Callable[[QResizeEvent], None]) -> None:
        """The view has another size; `resize` does what Qt does then."""
        if self._is_fitting:
            return
        editor, before, now = self._editor, event.oldSize(), event.size()
        holds, was_seen = editor.typewriter.holds, False
        if now.height() < before.height() and editor.hasFocus():  # asking for the caret can lay out the whole text
            caret = editor.cursorRect()
            was_seen = caret.top() >= 0 and caret.bottom() <= before.height()
        moves_lines = now.width() != before.width() and editor.verticalScrollBar().value() > 0
        if moves_lines:
            self._place.hold()
        # First: Qt lays the text out for the view as it is then, and hears of no change that is made while it appears.
        # That takes a long text a while, and margins often leave it as wide as it was: so Qt is told that width.
        self._is_fitting = True
        self._fit()
        self._is_fitting = False
        size, width = editor.viewport().size(), round(editor.document().textWidth())
        resize(QResizeEvent(size, QSize(width, before.height())))
        if moves_lines:
            self._place.take_back()
        if holds:
            editor.typewriter.centre()
        elif was_seen:
            editor.ensureCursorVisible()
        editor.hint.follow()
