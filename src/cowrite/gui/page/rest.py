"""What of a long page is not there or not laid out yet: both comes piece by piece, from the beginning, while nothing
happens.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPointF, QSizeF, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QKeySequence, QTextCursor
from PySide6.QtWidgets import QTextEdit

from cowrite.bridge.page.editor_binding import EditorBinding
from cowrite.bridge.page.laying_out import is_laid_out, lay_out, lay_out_more
from cowrite.bridge.single_shot import single_shot
from cowrite.gui.keyboard.key_groups import COMMANDING, MOVING

PART = 30_000  # characters of a long text that come onto the page at a time: a few milliseconds
LOOK = 10  # milliseconds from one look whether keys need wait no longer to the next

_POINTING = frozenset(
    {QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick, QEvent.Type.DragEnter, QEvent.Type.Drop}
)
_LEAVING = frozenset({QEvent.Type.Close, QEvent.Type.FocusOut})
_TO_THE_END = (
    QKeySequence.StandardKey.MoveToEndOfDocument,
    QKeySequence.StandardKey.SelectEndOfDocument,
    QKeySequence.StandardKey.SelectAll,
)
_SILENT = range(Qt.Key.Key_Shift.value, Qt.Key.Key_F35.value + 1)
"""Keys that go nowhere and write nothing: those that are held, and those of functions."""


class RestOfPage(QObject):
    """Opens a page at its beginning. What is there is laid out before anything on it changes; there is always more
    than the next key or click can reach. Keys that go to the end wait until all of it is there, and keys that write
    wait while a long page is laid out for another width: the event loop turns meanwhile.

    Args:
        edit: the page.
        binding: fills it, and keeps this object.
        part: so many characters of it are laid out at a time.
    """

    def __init__(self, edit: QTextEdit, binding: EditorBinding, part: int = PART) -> None:
        super().__init__(binding)
        self._edit = edit
        self._binding = binding
        self._part = part
        self._caret: tuple[int, int] | None = None  # anchor and head, where more text would take it along
        self._kept: list[QKeyEvent] = []  # keys for when all of the page is there
        self._is_giving = False
        self._timer = single_shot(self, self._look, LOOK)
        self._turn = single_shot(self, self._give)  # of its own: each key takes a while in a text so long
        binding.caret_held.connect(self._go_to_beginning)
        binding.filled.connect(self.watch)
        binding.about_to_apply.connect(lambda _change: lay_out(self._edit.document()))
        binding.about_to_go_on.connect(self._note_caret)
        binding.went_on.connect(self._return_caret)
        self._go_to_beginning()  # behind a long text the caret would have all of it laid out before it is seen
        self.watch()

    def scroll_to(self, place: int) -> None:
        """Scrolls the page to where its scroll bar was."""
        scroll_to(self._edit, place)
        if self._edit.verticalScrollBar().value() < place and not self._binding.is_complete:
            self._binding.complete()
            scroll_to(self._edit, place)

    def watch(self) -> None:
        """The page is laid out anew: has what is done there wait for that."""
        for each in (self._edit, self._edit.viewport()):
            each.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keeps keys for which something is not there yet, until it is; anything else that is done then has it at
        once."""
        if self._is_giving:
            return False
        if event.type() in _LEAVING:
            self._give_all()
        elif isinstance(event, QKeyEvent):
            return watched is self._edit and self._take_key(event)
        elif event.type() in _POINTING or (isinstance(event, QInputMethodEvent) and _says_something(event)):
            self._give_all()
            self._reach_ahead()
            if event.type() in (QEvent.Type.Drop, QEvent.Type.InputMethod):
                lay_out(self._edit.document())
        return False

    def _take_key(self, event: QKeyEvent) -> bool:
        """Takes a key; gives whether it is kept."""
        if event.type() == QEvent.Type.ShortcutOverride:
            if self._kept and event.modifiers() & COMMANDING:  # a command is about to act on what the keys have done
                self._give_all()
            return False
        if not self._kept and not self._must_wait(event):
            if event.type() == QEvent.Type.KeyPress:
                self._reach_ahead()
            return False
        if not self._kept:
            self._edit.window().installEventFilter(self)  # it may be closed before
        self._kept.append(event.clone())
        self._timer.start()
        return True

    def _must_wait(self, event: QKeyEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or event.key() in _SILENT:
            return False
        if any(event.matches(key) for key in _TO_THE_END) and not self._binding.is_complete:
            return True
        is_writing = event.key() not in MOVING
        return is_writing and not lay_out_more(self._edit.document(), self._part)

    def _look(self) -> None:
        if self._binding.is_complete and is_laid_out(self._edit.document()):
            self._turn.start()
        else:
            self._timer.start()

    def _give_all(self) -> None:
        """Has what keys wait for now, and gives them to the page."""
        if self._kept:
            self._binding.complete()
            lay_out(self._edit.document())
            self._give()

    def _give(self) -> None:
        self._timer.stop()
        self._turn.stop()
        self._edit.window().removeEventFilter(self)
        keys, self._kept = self._kept, []
        self._is_giving = True
        for key in keys:
            QCoreApplication.sendEvent(self._edit, key)
        self._is_giving = False

    def _reach_ahead(self) -> None:
        """Has enough behind the caret for a key or a click."""
        if not self._binding.is_complete:
            self._binding.reach(self._edit.textCursor().position() + self._part // 2)
        elif is_laid_out(self._edit.document()):
            for each in (self._edit, self._edit.viewport()):
                each.removeEventFilter(self)

    def _go_to_beginning(self) -> None:
        self._edit.moveCursor(QTextCursor.MoveOperation.Start)

    def _note_caret(self) -> None:
        cursor, end = self._edit.textCursor(), self._edit.document().characterCount() - 1
        ends = cursor.anchor(), cursor.position()
        self._caret = ends if end in ends else None

    def _return_caret(self) -> None:
        if self._caret is not None:
            (anchor, head), self._caret = self._caret, None
            cursor, bar = self._edit.textCursor(), self._edit.verticalScrollBar()
            place = bar.value()
            cursor.setPosition(anchor)
            cursor.setPosition(head, QTextCursor.MoveMode.KeepAnchor)
            self._edit.setTextCursor(cursor)
            bar.setValue(place)


def _says_something(event: QInputMethodEvent) -> bool:
    """Whether an input method writes; some say nothing where they are left."""
    return bool(event.preeditString() or event.commitString() or event.replacementLength())


def scroll_to(edit: QTextEdit, place: int) -> None:
    """Scrolls a page to where its scroll bar was."""
    if place:
        layout = edit.document().documentLayout()
        layout.hitTest(QPointF(0, place + edit.viewport().height()), Qt.HitTestAccuracy.FuzzyHit)  # lays it out so far
        layout.documentSizeChanged.emit(QSizeF())  # as in `lay_out`
    edit.verticalScrollBar().setValue(place)
