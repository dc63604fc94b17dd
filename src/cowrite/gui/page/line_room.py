"""Room around the line in which somebody writes: it does not stand at the very edge of the page's view.

Runs on the GUI thread. Qt scrolls only until the caret itself is seen, so who writes at the end would have what they
write next to the status bar all the time, and who goes to the beginning would not see where the page begins.
"""

from __future__ import annotations

from cowrite.gui.page.text_page import TextPage

_MOST = 8  # of so many parts of the view one is room, where lines are taller than that, as with an image in them


def keep_room(page: TextPage, before: int) -> None:
    """Something was done by key: where that has moved the caret, a line's height stays free above and below it, as
    far as the text goes, and with the first line the top of the page is seen.

    Args:
        page: what scrolls.
        before: where the caret was, in UTF-16 units.
    """
    caret, height = page.cursorRect(), page.viewport().height()
    top, bottom = caret.top(), caret.bottom()
    room = min(bottom - top + 1, height // _MOST)
    if top >= room and bottom + room <= height:
        return  # after nearly every key: no more is asked of Qt then
    if page.textCursor().position() != before:
        _make_room(page, top, bottom, room, height)


def _make_room(page: TextPage, top: int, bottom: int, room: int, height: int) -> None:
    bar = page.verticalScrollBar()
    if not page.textCursor().blockNumber() and bar.value() + bottom + room < height:
        bar.setValue(bar.minimum())
    elif top < room:
        bar.setValue(bar.value() + top - room)
    else:
        bar.setValue(bar.value() + bottom + room - height)
