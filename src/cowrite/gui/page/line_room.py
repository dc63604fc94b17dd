"""Room around the line in which somebody writes: it does not stand at the very edge of the page's view.

Runs on the GUI thread. Qt scrolls only until the caret itself is seen, so who writes at the end would have what they
write next to the status bar all the time, and who goes to the beginning would not see where the page begins.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from cowrite.gui.page.text_page import TextPage

_MOST = 8  # of so many parts of the view one is room, where lines are taller than that, as with an image in them


@contextmanager
def room_around_line(page: TextPage, *, on: bool = True) -> Iterator[None]:
    """Something is done by key: where that writes or moves the caret, a line's height stays free above and below it, as
    far as the text goes, and with the first line the top of the page is seen.

    Args:
        page: what scrolls.
        on: whether; where not, what scrolls otherwise is left to itself.
    """
    before = _standing(page) if on and not page.isReadOnly() else None
    yield
    if before is not None and _standing(page) != before:
        _make_room(page)


def _standing(page: TextPage) -> tuple[int, int, int]:
    return (*page.caret(), page.document().revision())


def _make_room(page: TextPage) -> None:
    bar, caret, height = page.verticalScrollBar(), page.cursorRect(), page.viewport().height()
    room = min(caret.height(), height // _MOST)
    if not page.textCursor().blockNumber() and bar.value() + caret.bottom() + room < height:
        bar.setValue(bar.minimum())
    elif caret.top() < room:
        bar.setValue(bar.value() + caret.top() - room)
    elif caret.bottom() + room > height:
        bar.setValue(bar.value() + caret.bottom() + room - height)
