"""TextPage: the text of a draft on a page: where the caret is, what is in sight, and what is told of it.

Runs on the GUI thread. What belongs to a page knows it as this; `Editor` is the page with all of that.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QTextEdit

from cowrite.bridge.page.laying_out import within_lines
from cowrite.core.document.document import Document
from cowrite.gui.page.places import caret_rect
from cowrite.gui.widgets.wait_cursor import MUCH, wait_cursor

_ABOVE = 24  # device-independent pixels that stay free above a line that one goes to


class TextPage(QTextEdit):
    """A page of one document.

    What raises NotImplementedError an `Editor` says for itself: Qt's classes have a metaclass of their own, which
    leaves no place for an abstract base class.

    Args:
        document: the draft.

    Attributes:
        draft: the same.
        is_dropping: whether something is being dropped: it is one undo step with taking it from where it was.
    """

    zoom_wanted = Signal(int)
    """By so many steps larger, or smaller."""
    caret_moved = Signal()
    """Caret or selection have moved, or what typing there would look like has changed."""
    slash_typed = Signal()
    """A slash was typed, where that is told of."""
    files_refused = Signal(list)
    """Of these files, which were pasted or dropped, not all are images."""
    paste_refused = Signal()
    """Of a long text that was pasted only the beginning is in, for the person may write no longer."""
    paste_too_long = Signal()
    """What was pasted is so long that nothing of it came in."""
    paste_told = Signal(str)
    """How far what was pasted or dropped is, where that takes long; nothing once it is over."""
    table_refused = Signal(str)
    """A table would become too large, which is said in a sentence."""
    pictures_missed = Signal()
    """Pictures of what was pasted or dropped are elsewhere."""
    pictures_named = Signal()
    """Copied text refers to pictures that other programs do not get with it."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.draft = document
        self.is_dropping = False

    def caret(self) -> tuple[int, int]:
        """Anchor and head of the selection in UTF-16 units; equal where nothing is selected."""
        cursor = self.textCursor()
        return cursor.anchor(), cursor.position()

    def selection(self) -> tuple[int, int]:
        """Start and end of the selection in UTF-16 units."""
        cursor = self.textCursor()
        return cursor.selectionStart(), cursor.selectionEnd()

    def in_sight(self) -> tuple[int, int]:
        """From where to where the lines go that are in sight (UTF-16 units)."""
        view = self.viewport().rect()
        scrolled = self.verticalScrollBar().value()
        bottom = int(within_lines(self.document(), view.bottom() + scrolled)) - scrolled
        last = self.cursorForPosition(QPoint(view.right(), bottom))
        last.movePosition(QTextCursor.MoveOperation.EndOfLine)
        if not scrolled:  # Qt takes lines that it has not laid out yet to be there too
            return 0, last.position()
        first = self.cursorForPosition(QPoint(0, 0))
        first.movePosition(QTextCursor.MoveOperation.StartOfLine)
        return first.position(), last.position()

    def set_caret(self, head: int, anchor: int | None = None, *, scroll: bool = True) -> None:
        """Puts the caret somewhere; with `anchor` selects from there."""
        self.reach(head if anchor is None else max(head, anchor))
        longest = self.document().characterCount() - 1
        cursor = self.textCursor()
        cursor.setPosition(max(0, min(head if anchor is None else anchor, longest)))
        if anchor is not None:
            cursor.setPosition(max(0, min(head, longest)), QTextCursor.MoveMode.KeepAnchor)
        bar = self.verticalScrollBar()
        before = bar.value()
        self.setTextCursor(cursor)
        if not scroll:
            bar.setValue(before)

    def undo_own(self) -> None:
        """Takes back one's own newest step."""
        if not self.isReadOnly():
            with wait_cursor(on=self.draft.steps.weight() > MUCH):
                self.draft.undo()
            self.caret_moved.emit()

    def redo_own(self) -> None:
        """Brings back the step that was taken back last."""
        if not self.isReadOnly():
            with wait_cursor(on=self.draft.steps.weight(is_redo=True) > MUCH):
                self.draft.redo()
            self.caret_moved.emit()

    def reach(self, position: int) -> None:
        """Has a position of a long text on the page, which may not be there yet."""
        raise NotImplementedError

    def scroll_to(self, place: int) -> None:
        """Scrolls to where the scroll bar was."""
        raise NotImplementedError

    def position_visible(self, position: int) -> None:
        """Scrolls so that a position is seen, without moving the caret."""
        self.reach(position)
        rect = caret_rect(self, position)
        bar = self.verticalScrollBar()
        height = self.viewport().height()
        if rect.top() < 0 or rect.bottom() > height:
            bar.setValue(bar.value() + rect.center().y() - height // 3)

    def go_to_line(self, at: int) -> None:
        """Puts the caret at the beginning of a line (UTF-16 units), which stands near the top of the view then."""
        self.set_caret(at)
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + self.cursorRect().top() - _ABOVE)
        self.setFocus()
