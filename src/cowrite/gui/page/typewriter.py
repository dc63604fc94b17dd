"""Typewriter: the line in which somebody writes stands in the middle of the page's view, and the text moves.

Runs on the GUI thread. Only what is written and where one goes by keys brings a line there: who scrolls or clicks to
read, or is led elsewhere, stays there. The first and the last line have room to stand in the middle by what can be
scrolled, which costs no layout; margins would, of the whole text at each change of the view's height.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QSizeF

from cowrite.gui.page.text_page import TextPage


class Typewriter:
    """Typewriter scrolling on one page; off until it is switched on.

    Args:
        page: it.
    """

    def __init__(self, page: TextPage) -> None:
        self._page = page
        self._bar = page.verticalScrollBar()
        self._place: tuple[int, int] | None = None  # of scroll bar and line, once it was put in the middle
        self._is_making_room = False
        self.is_on = False

    @property
    def holds(self) -> bool:
        """Whether the line with the caret stands in the middle, where it was put by writing."""
        if not self.is_on or self._place is None or self._place[0] != self._bar.value():
            return False
        return abs(self._height - self._place[1]) <= 1

    def switch(self, on: bool) -> None:
        """Begins with it, at the line with the caret, or ends it. A text that is just opened is seen from where it is
        opened."""
        if on == self.is_on:
            return
        self.is_on = on
        if on:
            self._bar.rangeChanged.connect(self._make_room)
            if self._page.isVisible() or self._page.document().isEmpty():
                self.centre()
        else:
            self._bar.rangeChanged.disconnect(self._make_room)
            self._place = None
            self._ask_for_range()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Something is done by key while it is on: the line with the caret comes to the middle, where it writes or
        goes anywhere."""
        before = None if self._page.isReadOnly() else self._standing()
        yield
        if before is not None and self._standing() != before:
            self.centre()

    def centre(self) -> None:
        """Brings the line with the caret to the middle."""
        self._ask_for_range()
        self._bar.setValue(self._bar.value() + self._height - self._middle)
        self._place = self._bar.value(), self._height

    @property
    def _middle(self) -> int:
        return self._page.viewport().height() // 2

    @property
    def _height(self) -> int:
        """At which height of the view the line with the caret stands."""
        return self._page.cursorRect().center().y()

    def _standing(self) -> tuple[int, int, int]:
        return (*self._page.caret(), self._page.document().revision())

    def _ask_for_range(self) -> None:
        """Has Qt say how far one can scroll, which it does where that has changed."""
        self._page.document().documentLayout().documentSizeChanged.emit(QSizeF())
        if self.is_on and not self._bar.minimum():
            self._make_room(0, self._bar.maximum())

    def _make_room(self, lowest: int, highest: int) -> None:
        """Lets the first and the last line be scrolled to the middle. Qt looks at where it is only after this."""
        if self._is_making_room:
            return
        self._is_making_room = True
        margins = self._page.document().rootFrame().frameFormat()
        longer = highest
        if not highest:  # for all texts that are no longer than the view
            longer = int(self._page.document().size().height()) - self._page.viewport().height()
        above = max(0, self._middle - int(margins.topMargin()))
        below = max(0, self._middle - int(margins.bottomMargin()))
        lowest, highest = lowest - above, longer + below
        if self._page.document().isEmpty():  # which has one line, and nothing to scroll
            lowest = highest = self._bar.value() + self._height - self._middle
        self._bar.setRange(lowest, highest)
        self._is_making_room = False
