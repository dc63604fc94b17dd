"""What of a long page has not been laid out yet: Qt does so piece by piece, from the beginning, while nothing happens.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QTextCursor, QTextDocument
from PySide6.QtWidgets import QTextEdit

from cowrite.bridge.editor_binding import EditorBinding

_WRITING = frozenset({QEvent.Type.KeyPress, QEvent.Type.InputMethod, QEvent.Type.Drop})


class RestOfPage(QObject):
    """Opens a page at its beginning, and has all of it laid out before anything on it changes.

    WORKAROUND Qt stops for good at the line that a change has reached, and takes the page for longer than it is.

    Args:
        edit: the page.
        binding: fills it.
    """

    def __init__(self, edit: QTextEdit, binding: EditorBinding) -> None:
        super().__init__(edit)
        self._edit = edit
        binding.caret_held.connect(self._go_to_beginning)
        binding.filled.connect(self._watch)
        binding.about_to_apply.connect(lambda _change: self._finish())
        self._go_to_beginning()  # behind a long text the caret would have all of it laid out before it is seen
        self._watch()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What is written waits for the rest of the page."""
        if event.type() in _WRITING:
            self._finish()
        return False

    def _go_to_beginning(self) -> None:
        self._edit.moveCursor(QTextCursor.MoveOperation.Start)

    def _watch(self) -> None:
        for each in (self._edit, self._edit.viewport()):
            each.installEventFilter(self)

    def _finish(self) -> None:
        lay_out(self._edit.document())
        for each in (self._edit, self._edit.viewport()):
            each.removeEventFilter(self)


def lay_out(text: QTextDocument) -> None:
    """Lays out what of a text is not yet."""
    last = text.lastBlock()
    if not last.layout().lineCount():
        text.documentLayout().blockBoundingRect(last)


def scroll_to(edit: QTextEdit, place: int) -> None:
    """Scrolls a page to where its scroll bar was."""
    if place:
        lay_out(edit.document())
        layout = edit.document().documentLayout()
        layout.documentSizeChanged.emit(layout.documentSize())  # which Qt would tell later
    edit.verticalScrollBar().setValue(place)
