"""What of a long page is not there or not laid out yet: both comes piece by piece, from the beginning, while nothing
happens.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF, QSizeF, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QTextCursor, QTextDocument
from PySide6.QtWidgets import QTextEdit

from cowrite.bridge.page.editor_binding import EditorBinding

PART = 60_000  # characters of a long text that come onto the page at a time: a few milliseconds

_GOING = frozenset({QEvent.Type.MouseButtonPress, QEvent.Type.DragEnter})
_MOVING = range(Qt.Key.Key_Home.value, Qt.Key.Key_PageDown.value + 1)
_SILENT = range(Qt.Key.Key_Shift.value, Qt.Key.Key_F35.value + 1)
"""Keys that go nowhere and write nothing: those that are held, and those of functions."""


class RestOfPage(QObject):
    """Opens a page at its beginning. All of it is there before a caret goes anywhere, and laid out before anything on
    it changes.

    WORKAROUND Qt stops for good at the line that a change has reached, and takes the page for longer than it is.

    Args:
        edit: the page.
        binding: fills it, and keeps this object.
    """

    def __init__(self, edit: QTextEdit, binding: EditorBinding) -> None:
        super().__init__(binding)
        self._edit = edit
        self._binding = binding
        self._place = 0  # of the scroll bar
        binding.caret_held.connect(self._go_to_beginning)
        binding.filled.connect(self._watch)
        binding.about_to_apply.connect(lambda _change: self._finish())
        binding.about_to_complete.connect(self._note_place)
        binding.completed.connect(self._return)
        self._go_to_beginning()  # behind a long text the caret would have all of it laid out before it is seen
        self._watch()

    def scroll_to(self, place: int) -> None:
        """Scrolls the page to where its scroll bar was."""
        scroll_to(self._edit, place)
        if self._edit.verticalScrollBar().value() < place and not self._binding.is_complete:
            self._binding.complete()
            scroll_to(self._edit, place)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What is written waits for the rest of the page."""
        if event.type() in _GOING or (isinstance(event, QKeyEvent) and event.key() in _MOVING):
            self._binding.complete()
        elif _writes(event):
            self._binding.complete()
            self._finish()
        return False

    def _go_to_beginning(self) -> None:
        self._edit.moveCursor(QTextCursor.MoveOperation.Start)

    def _watch(self) -> None:
        for each in (self._edit, self._edit.viewport()):
            each.installEventFilter(self)

    def _note_place(self) -> None:
        self._place = self._edit.verticalScrollBar().value()

    def _return(self) -> None:
        self.scroll_to(self._place)

    def _finish(self) -> None:
        lay_out(self._edit.document())
        for each in (self._edit, self._edit.viewport()):
            each.removeEventFilter(self)


def _writes(event: QEvent) -> bool:
    """Whether an event may change a page: no input method that says nothing, as some do where they are left."""
    if isinstance(event, QKeyEvent):
        return event.type() == QEvent.Type.KeyPress and event.key() not in _SILENT
    if isinstance(event, QInputMethodEvent):
        return bool(event.preeditString() or event.commitString() or event.replacementLength())
    return event.type() == QEvent.Type.Drop


def lay_out(text: QTextDocument) -> None:
    """Lays out what of a text is not yet."""
    last, layout = text.lastBlock(), text.documentLayout()
    if not last.layout().lineCount():
        layout.blockBoundingRect(last)
        layout.documentSizeChanged.emit(QSizeF())  # which Qt would tell later; the view asks for the size itself


def scroll_to(edit: QTextEdit, place: int) -> None:
    """Scrolls a page to where its scroll bar was."""
    if place:
        layout = edit.document().documentLayout()
        layout.hitTest(QPointF(0, place + edit.viewport().height()), Qt.HitTestAccuracy.FuzzyHit)  # lays it out so far
        layout.documentSizeChanged.emit(QSizeF())  # as in `lay_out`
    edit.verticalScrollBar().setValue(place)
