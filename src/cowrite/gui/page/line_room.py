"""Room around the line in which somebody writes: it does not stand at the very edge of the page's view.

Runs on the GUI thread. Qt scrolls only until the caret itself is seen, so who writes at the end would have what they
write next to the status bar all the time, and who goes to the beginning would not see where the page begins.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QRect

from cowrite.gui.page.text_page import TextPage

_MOST = 8  # of so many parts of the view one is room, where lines are taller than that, as with an image in them


@contextmanager
def room_around_line(page: TextPage, *, on: bool = True) -> Iterator[None]:
    """Something is done by key: where that moves the caret, a line's height stays free above and below it, as
    far as the text goes, and with the first line the top of the page is seen.

    Args:
        page: what scrolls.
        on: whether; where not, what scrolls otherwise is left to itself.
    """
    before = page.textCursor().position() if on else None
    yield
    if before is None:
        return
    caret, height = page.cursorRect(), page.viewport().height()
    room = min(caret.height(), height // _MOST)
    if caret.top() >= room and caret.bottom() + room <= height:
        return  # after nearly every key: no more is asked of Qt then
    if page.textCursor().position() != before:
        _make_room(page, caret, room, height)


def _make_room(page: TextPage, caret: QRect, room: int, height: int) -> None:
    bar = page.verticalScrollBar()
    if not page.textCursor().blockNumber() and bar.value() + caret.bottom() + room < height:
        bar.setValue(bar.minimum())
    elif caret.top() < room:
        bar.setValue(bar.value() + caret.top() - room)
    else:
        bar.setValue(bar.value() + caret.bottom() + room - height)
