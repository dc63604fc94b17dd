"""Resizing: what stays in sight while a page gets another size.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent

from cowrite.gui.page.hint import PageHint
from cowrite.gui.page.kept_place import KeptPlace
from cowrite.gui.page.text_page import TextPage
from cowrite.gui.page.typewriter import Typewriter


class Resizing:
    """Keeps the column of text in the middle, what is in sight where it is, and the line that is written in sight when
    the page gets lower.

    Args:
        page: it.
        place: keeps what is in sight.
        typewriter: keeps the line that is written in the middle, where that is wanted.
        hint: what the page says while it is empty.
        fit: puts the page in the middle of its view.
    """

    def __init__(
        self, page: TextPage, place: KeptPlace, typewriter: Typewriter, hint: PageHint, fit: Callable[[], None]
    ) -> None:
        self._page = page
        self._place = place
        self._typewriter = typewriter
        self._hint = hint
        self._fit = fit
        self._is_fitting = False  # margins are being set, of which the view hears as of another size

    def take(self, event: QResizeEvent, resize: Callable[[QResizeEvent], None]) -> None:
        """The view has another size; `resize` does what Qt does then."""
        if self._is_fitting:
            return
        page, before, now = self._page, event.oldSize(), event.size()
        holds, was_seen = self._typewriter.holds, False
        if now.height() < before.height() and page.hasFocus():  # asking for the caret can lay out the whole text
            caret = page.cursorRect()
            was_seen = caret.top() >= 0 and caret.bottom() <= before.height()
        moves_lines = now.width() != before.width() and page.verticalScrollBar().value() > 0
        if moves_lines:
            self._place.hold()
        # First: Qt lays the text out for the view as it is then, and hears of no change that is made while it appears.
        # That takes a long text a while, and margins often leave it as wide as it was: so Qt is told that width.
        self._is_fitting = True
        self._fit()
        self._is_fitting = False
        size, width = page.viewport().size(), round(page.document().textWidth())
        resize(QResizeEvent(size, QSize(width, before.height())))
        if moves_lines:
            self._place.take_back()
        if holds:
            self._typewriter.centre()
        elif was_seen:
            page.ensureCursorVisible()
        self._hint.follow()
