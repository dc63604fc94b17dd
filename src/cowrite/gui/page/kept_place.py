"""KeptPlace: the caret, what is typed next and the lines in sight, while a change of others comes in.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QTextEdit

from cowrite.bridge.page.line_formats import line_style
from cowrite.bridge.page.text_formats import STYLE, TextFormats
from cowrite.core.crdt.anchor import Stick, moved
from cowrite.core.text.change import Change
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import Attributes, Format, Insert, utf16_length
from cowrite.gui.page.next_letters import NextLetters
from cowrite.gui.page.places import caret_rect
from cowrite.gui.page.text_page import TextPage

_NOT_HERE = (Origin.REMOTE, Origin.MENDING)
"""Where a change comes from that nobody makes at the page: what others do, and what that has the document put right."""


class HeldLine:
    """The line with the caret, or where that is not in sight the first that is: it stays at its height.

    Args:
        page: on which it is.
    """

    def __init__(self, page: QTextEdit) -> None:
        self._page = page
        self._held = (0, 0)  # a position, its height

    def hold(self) -> int:
        """Lines are about to get another place: the one at the caret is to stay, or the first in sight. Gives a
        position (UTF-16 units) in it."""
        page = self._page
        place, caret = QPoint(0, 0), page.cursorRect()
        if 0 <= caret.top() < page.viewport().height():
            place = caret.center()
        cursor = page.cursorForPosition(place)
        self._held = (cursor.position(), page.cursorRect(cursor).top())
        return cursor.position()

    def take_back(self, *, from_beginning: bool = False) -> None:
        """Lines have their new place.

        Args:
            from_beginning: whether they may move also where the page shows its beginning.
        """
        position, y = self._held
        bar = self._page.verticalScrollBar()
        if bar.value() or from_beginning:
            bar.setValue(bar.value() + caret_rect(self._page, position).top() - y)


class KeptPlace(HeldLine):
    """Where a person is on a page: others' changes leave it to them, and so does what is done beside the page, as by
    deciding on a change; their own undo takes them to what it changed.

    Args:
        page: it.
        next_letters: what is typed next on it.
        formats: of its text.
    """

    def __init__(self, page: TextPage, next_letters: NextLetters, formats: TextFormats) -> None:
        super().__init__(page)
        self._page: TextPage = page
        self._next_letters = next_letters
        self._formats = formats
        self._before: tuple[int, int] | None = None  # anchor and head
        self._scrolled: int | None = None  # how far the page was, where it is filled anew
        self._top = (-1, 0)  # the first position in sight, its height
        self._typing: Attributes | None = None

    def about_to_apply(self, change: Change, *, fills_anew: bool) -> None:
        """A change comes to the page.

        Args:
            change: it.
            fills_anew: whether the page is filled anew for it, with neither caret nor scroll bar in its place.
        """
        stays = change.origin in (*_NOT_HERE, Origin.LOCAL, Origin.ASSIST)
        if not stays and not fills_anew:
            return
        page = self._page
        self._scrolled = page.verticalScrollBar().value() if fills_anew else None
        top, y = -1, 0  # where the page shows its beginning, only what comes in there moves anything
        if page.verticalScrollBar().value() or any(op.at == 0 for op in change.ops):
            first = page.cursorForPosition(QPoint(0, 0))
            top, y = first.position(), page.cursorRect(first).top()
        self._top = top, y
        if change.origin in _NOT_HERE or fills_anew:
            self._before = page.caret()
            self._typing = self._next_letters.chosen_for_typing()

    def reach(self, change: Change) -> int:
        """How far the page goes at least that is filled anew for a change: a position (UTF-16 units) behind it."""
        places = {max(0, place) for place in (self._top[0], *(self._before or ()))}
        return max(moved(place, change.ops, _stick(change)) for place in places)

    def applied(self, change: Change) -> None:
        """The change is on the page."""
        if self._scrolled is not None:
            self._page.scroll_to(self._scrolled)
            self._scrolled = None
        if self._before is not None:
            self._return(change, *self._before)
            self._before = None
            self._go_among(change)
        elif self._leads_elsewhere(change):
            last = next((op for op in reversed(change.ops) if not isinstance(op, Format)), change.ops[-1])
            self._page.set_caret(last.at + (utf16_length(last.span.text) if isinstance(last, Insert) else 0))
        self._scroll_back(change, *self._top)
        self._top = -1, 0
        if not self._formats.is_plain:
            self._type_as_line()

    def _leads_elsewhere(self, change: Change) -> bool:
        """Whether a person's own undo or redo takes them to what it has changed."""
        return change.origin is Origin.UNDO and not self._is_where_only_looks_change(change)

    def _go_among(self, change: Change) -> None:
        """Leads a person to the first or the last place of what their undo or redo has changed everywhere, except from
        between these: there they see it where they are, and the page need not reach further."""
        if self._leads_elsewhere(change):
            ends = [op.at + (utf16_length(op.span.text) if isinstance(op, Insert) else 0) for op in change.ops]
            caret = self._page.caret()[1]
            place = min(max(caret, min(op.at for op in change.ops)), max(ends))
            if place != caret:
                self._page.set_caret(place)
                self._top = -1, 0

    def _return(self, change: Change, anchor: int, head: int) -> None:
        page, next_letters = self._page, self._next_letters
        stick = _stick(change)
        wanted = (moved(anchor, change.ops, stick), moved(head, change.ops, stick))
        if page.caret() != wanted:
            page.set_caret(wanted[1], wanted[0], scroll=False)
        if self._typing is not None and next_letters.chosen_for_typing() != self._typing:
            next_letters.type_with(self._typing)

    def _scroll_back(self, change: Change, top: int, y: int) -> None:
        """Has the line that was the first in sight be where it was."""
        if any(op.at <= top for op in change.ops):
            bar = self._page.verticalScrollBar()
            now = caret_rect(self._page, moved(top, change.ops, Stick.LEFT))
            bar.setValue(bar.value() + now.top() - y)

    def _is_where_only_looks_change(self, change: Change) -> bool:
        """Whether a change leaves all text as it is, and the caret and what is selected stand on its lines."""
        ranges = [(op.at, op.at + op.length) for op in change.ops if isinstance(op, Format)]
        if not ranges or len(ranges) < len(change.ops):
            return False
        first = self._page.document().findBlock(min(start for start, _ in ranges))
        last = self._page.document().findBlock(max(stop for _, stop in ranges) - 1)
        start, stop = self._page.selection()
        return bool(first.position() <= start and stop < last.position() + last.length())

    def _type_as_line(self) -> None:
        cursor = self._page.textCursor()
        if cursor.hasSelection():
            return
        # What was chosen for the next letters was chosen for the line as it was: now it may be a heading.
        format, line = cursor.charFormat(), self._formats.line_attributes(cursor.blockFormat())
        if format.intProperty(STYLE) != line_style(line):
            self._next_letters.type_with(self._formats.attributes(format))


def _stick(change: Change) -> Stick:
    """With which of its neighbours a caret stays, as a change comes in where it stands."""
    return Stick.LEFT if change.origin in _NOT_HERE else Stick.RIGHT  # Qt's goes along with what comes there
