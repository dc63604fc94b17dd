"""GhostText: a suggestion at the caret, shown in the line and not part of the text.

Runs on the GUI thread. It is shown the way Qt shows what an input method composes: the line's layout has it, the
QTextDocument does not. While none is shown nothing is listened to and no key costs more.

A suggestion is never stale: it goes with whatever contradicts it, and shrinks when its own beginning is typed.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTextBoundaryFinder, Signal
from PySide6.QtGui import (
    QColor,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextLayout,
)
from PySide6.QtWidgets import QTextEdit

from cowrite.assist.text.sentences import IDEOGRAPH
from cowrite.core.text.richtext import utf16_length
from cowrite.gui.assistant.reaction import REACTION
from cowrite.gui.keyboard.speaking import say

_BREAK = "\n"
_UNSPACED = re.compile(rf"[{IDEOGRAPH}\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
"""A character of a script that sets no spaces between words."""
_WRITTEN_ON = re.compile("[\u3040-\u309f]*[^\\w\\s]*")
"""What belongs to the word before it: its ending in Japanese, and signs."""
_NEXT_WORD = QKeySequence.StandardKey.MoveToNextWord
_WORD_BEFORE = QKeySequence.StandardKey.MoveToPreviousWord


class GhostText(QObject):
    """The suggestion of one page.

    Args:
        page: where it is shown.
        colour: in which, "#rrggbb".
        clock: gives seconds.
    """

    accepted = Signal(str, bool)
    """Text that the person takes, and whether it is all that was shown. Whoever puts it at the caret sees the rest
    stay."""

    def __init__(self, page: QTextEdit, colour: str, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(page)
        self._page = page
        self._colour = colour
        self._clock = clock
        self._seen_at = 0.0  # from when on it is seen, by the clock
        self._by_itself = False
        self._text = ""
        self._before = self._after = ""
        self._place = QTextCursor()
        self._block = QTextBlock()

    @property
    def text(self) -> str:
        """What is shown; empty for nothing."""
        return self._text

    @property
    def by_itself(self) -> bool:
        """Whether nobody has asked for what is shown."""
        return bool(self._text) and self._by_itself

    @property
    def at(self) -> int:
        """Where it is shown, in UTF-16 units."""
        return self._place.position()

    def show_colour(self, colour: str) -> None:
        """Takes another colour, for what is shown next."""
        self._colour = colour
        self.hide()

    def can_show(self) -> bool:
        """Whether a suggestion could be shown at the caret now."""
        page, caret = self._page, self._page.textCursor()
        return (
            not caret.hasSelection()
            and not page.isReadOnly()
            and page.hasFocus()
            and not caret.block().layout().preeditAreaText()
            and not self._has_marks_behind(caret)
        )

    def show(self, text: str, *, by_itself: bool = False) -> bool:
        """Shows a suggestion at the caret in place of the one that is shown; says whether it could.

        Args:
            text: one line; empty for none.
            by_itself: whether nobody has asked for it: then no key takes any of it within the REACTION of
                people, and in a table Tab goes to the next cell all the same.
        """
        self.hide()
        text = text.split(_BREAK, 1)[0]
        if not text or not self.can_show():
            return False
        caret = self._page.textCursor()
        self._block, at = caret.block(), caret.positionInBlock()
        line = self._block.text()
        self._before, self._after = _cut(line, at)
        self._place = QTextCursor(caret)
        self._text = text
        self._seen_at, self._by_itself = self._clock() + REACTION if by_itself else 0.0, by_itself
        self._lay_out()
        self._listen()
        # Who reads by ear hears what would be taken over.
        say(self._page, f"Suggestion: {text.strip()}")
        return True

    def hide(self) -> None:
        """Takes the suggestion away; does nothing where none is shown."""
        if not self._text:
            return
        self._text = ""
        document = self._page.document()
        document.contentsChange.disconnect(self._on_contents_change)
        self._page.cursorPositionChanged.disconnect(self._on_caret)
        self._page.removeEventFilter(self)
        self._page.viewport().removeEventFilter(self)
        for block in (self._block, self._place.block()):
            if block.isValid() and block.layout().preeditAreaText():
                block.layout().setPreeditArea(-1, "")
                block.layout().clearFormats()
                document.markContentsDirty(block.position(), block.length())

    def accept(self, text: str) -> None:
        """Says that the person takes this, the beginning of what is shown."""
        self.accepted.emit(text, text == self._text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Takes the keys that mean something where a suggestion is shown, and sees what ends it."""
        match event.type():
            case QEvent.Type.ShortcutOverride if isinstance(event, QKeyEvent) and self._taken(event) is not None:
                event.accept()  # the key is for the suggestion, whatever menu has it too
                return True
            case QEvent.Type.KeyPress if isinstance(event, QKeyEvent):
                taken = self._taken(event)
                if taken is None:
                    return False
                if taken:
                    self.accept(taken)
                else:
                    self.hide()
                return True
            case QEvent.Type.InputMethod if isinstance(event, QInputMethodEvent):
                if event.preeditString():
                    self.hide()
                elif not event.commitString() and not event.replacementLength():
                    return True  # Qt would take it for the end of what is composed, which this is to it
            case (
                QEvent.Type.FocusOut
                | QEvent.Type.ReadOnlyChange
                | QEvent.Type.MouseButtonPress
                | QEvent.Type.DragEnter
                | QEvent.Type.Hide
            ):
                self.hide()
        return False

    # Inside

    def _taken(self, event: QKeyEvent) -> str | None:
        """What a key takes of the suggestion: nothing ("") to turn it down, None where the key is none of ours."""
        key, held = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key == Qt.Key.Key_Escape and held == Qt.KeyboardModifier.NoModifier:
            return ""
        if self._clock() < self._seen_at:
            return None
        if key == Qt.Key.Key_Tab and held == Qt.KeyboardModifier.NoModifier:
            return None if self._by_itself and self._place.currentTable() is not None else self._text
        # On a Mac a word is stepped over with Option, elsewhere with Ctrl; Qt knows. One goes on to the left where the
        # line is read so.
        from_right = self._block.textDirection() == Qt.LayoutDirection.RightToLeft
        next_word, onwards = (_WORD_BEFORE, Qt.Key.Key_Left) if from_right else (_NEXT_WORD, Qt.Key.Key_Right)
        by_word = event.matches(next_word) or (key == onwards and held == Qt.KeyboardModifier.ControlModifier)
        return first_word(self._text) if by_word else None

    def _listen(self) -> None:
        self._page.document().contentsChange.connect(self._on_contents_change)
        self._page.cursorPositionChanged.connect(self._on_caret)
        self._page.installEventFilter(self)
        self._page.viewport().installEventFilter(self)

    def _on_contents_change(self, _at: int, _removed: int, _added: int) -> None:
        """The text has changed, here or by a teammate: shrinks where its own beginning has come in, and stays where
        the change is in another paragraph."""
        block = self._place.block()
        line = block.text()
        typed = line[len(self._before) : len(line) - len(self._after)]
        is_whole = len(line) >= len(self._before) + len(self._after)
        if not (is_whole and line.startswith(self._before) and line.endswith(self._after)) or block != self._block:
            self.hide()
        elif typed:
            if not self._text.startswith(typed) or len(typed) == len(self._text):
                self.hide()
                return
            self._before += typed
            self._text = self._text[len(typed) :]
            self._place.setPosition(block.position() + utf16_length(self._before))
            self._lay_out()

    def _on_caret(self) -> None:
        caret = self._page.textCursor()
        if caret.hasSelection() or caret.position() != self._place.position():
            self.hide()

    def _lay_out(self) -> None:
        """Puts what is left into the layout of its line."""
        layout, at = self._block.layout(), self._place.positionInBlock()
        layout.setPreeditArea(at, self._text)
        shown = QTextLayout.FormatRange()
        shown.start, shown.length = at, utf16_length(self._text)
        look = QTextCharFormat()
        look.setForeground(QColor(self._colour))
        look.setFontUnderline(False)
        shown.format = look
        layout.setFormats([shown])
        self._page.document().markContentsDirty(self._block.position(), self._block.length())

    def _has_marks_behind(self, caret: QTextCursor) -> bool:
        """Whether a mark would move with the text: Qt paints marks where the text would be without the suggestion."""
        if caret.atBlockEnd():
            return False
        end = caret.block().position() + caret.block().length()
        return any(
            caret.position() < mark.cursor.selectionEnd() and mark.cursor.selectionStart() < end
            for mark in self._page.extraSelections()
        )


def first_word(text: str) -> str:
    """The beginning of a text: the spaces before its first word, the word, and what is written on to it."""
    stripped = text.lstrip()
    end = next((place for place, character in enumerate(stripped) if character.isspace()), len(stripped))
    if _UNSPACED.search(stripped, 0, end):
        finder = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Word, stripped[:end])
        units = stripped.encode("utf-16-le")[: 2 * finder.toNextBoundary()]
        word = _WRITTEN_ON.match(stripped, len(units.decode("utf-16-le")), end)
        end = word.end() if word else end
    return text[: len(text) - len(stripped) + end]


def _cut(line: str, at: int) -> tuple[str, str]:
    """A line before and after a position in UTF-16 units."""
    if line.isascii():
        return line[:at], line[at:]
    raw = line.encode("utf-16-le", "surrogatepass")
    return raw[: 2 * at].decode("utf-16-le", "surrogatepass"), raw[2 * at :].decode("utf-16-le", "surrogatepass")
