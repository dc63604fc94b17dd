"""Slash: offers what can be put into the text, or made of the line, once somebody has typed a slash.

Runs on the GUI thread. A slash counts at the beginning of a line or behind a space. What is typed behind it narrows the
list; with a space, or where the caret goes elsewhere, all of it is text like any other.
"""

from __future__ import annotations

import re

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QTextCursor

from cowrite.bridge.single_shot import single_shot
from cowrite.core.text.richtext import utf16_length
from cowrite.core.writing import lines
from cowrite.core.writing.habits import OPEN_CODE
from cowrite.gui.commands.actions import Actions
from cowrite.gui.commands.command_finder import Command, commands_of, found_by
from cowrite.gui.keyboard.speaking import say
from cowrite.gui.page.commands import STYLES_OF_LINES
from cowrite.gui.page.editor import Editor
from cowrite.gui.page.slash_list import SlashList
from cowrite.gui.page.writing_keys import text_before

OFFERED = (
    *("heading_1", "heading_2", "heading_3", "bullet_list", "ordered_list", "check_list", "table", "image"),
    *("divider", "blockquote", "code_block", "link", "footnote", "date", "insert_decision", "contents", "character"),
    *("page_break", "paragraph", "heading_4", "heading_5", "heading_6"),
)
"""The ids of the commands that are offered, the most wanted first."""
_BEGUN = re.compile(r"(?:^|(?<=\s))/(\S{0,20})$")
_TAKES = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


class Slash(QObject):
    """What a slash offers on one page.

    Args:
        page: it.
        actions: the commands of its window.
    """

    def __init__(self, page: Editor, actions: Actions) -> None:
        super().__init__(page)
        self._page = page
        self._actions = actions
        self._list: SlashList | None = None
        self._commands: list[Command] = []
        self._sign = QTextCursor()  # where the slash stands; it goes with the text around it
        self._soon = single_shot(self, self._follow)

    @property
    def list(self) -> SlashList | None:
        """What is offered and in sight; None for nothing."""
        return self._list

    def offer(self) -> None:
        """A slash was typed: offers what it can stand for, if it stands where one can."""
        self.leave()
        cursor, state = self._page.textCursor(), self._page.formatting.state()
        before = text_before(cursor)
        if _begun(cursor) is None or state.code or state.code_block or OPEN_CODE.search(before):
            return
        known = {each.id: each for each in commands_of(self._actions, OFFERED) if each.is_on}
        # All of them are at hand: in which menu one is, and what it does, would only make it found by more words.
        left_out = () if lines.may_look_otherwise(self._page.draft, cursor.position()) else STYLES_OF_LINES
        self._commands = [known[id]._replace(menu="", tip="") for id in OFFERED if id in known and id not in left_out]
        self._sign = QTextCursor(cursor)
        self._sign.movePosition(QTextCursor.MoveOperation.PreviousCharacter)
        self._page.is_choosing = True
        self._page.installEventFilter(self)
        self._page.textChanged.connect(self._soon.start)
        self._page.cursorPositionChanged.connect(self._soon.start)
        self._soon.start()  # and not now: the slash is to be seen as soon as any letter

    def leave(self) -> None:
        """Offers nothing any more; what was typed stays."""
        if self._page.is_choosing:
            self._page.is_choosing = False
            self._page.removeEventFilter(self)
            self._page.textChanged.disconnect(self._soon.start)
            self._page.cursorPositionChanged.disconnect(self._soon.start)
            self._soon.stop()
            self._hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Takes the keys that choose, and sees what ends it."""
        match event.type():
            case QEvent.Type.ShortcutOverride if isinstance(event, QKeyEvent) and self._means(event):
                event.accept()  # the key is for the list, whatever menu has it too
                return True
            case QEvent.Type.KeyPress if isinstance(event, QKeyEvent):
                if self._soon.isActive():  # what was typed before it counts
                    self._soon.stop()
                    self._follow()
                return self._means(event) and self._press(event)
            case QEvent.Type.FocusOut | QEvent.Type.ReadOnlyChange | QEvent.Type.Hide:
                self.leave()
        return False

    # Inside

    def _means(self, event: QKeyEvent) -> bool:
        """Whether a key chooses in the list; while an input method composes, it is for that."""
        is_plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        is_composing = bool(self._page.textCursor().block().layout().preeditAreaText())
        meant = event.key() in (*_TAKES, *_STEPS, Qt.Key.Key_Escape)
        return self._list is not None and is_plain and meant and not is_composing

    def _press(self, event: QKeyEvent) -> bool:
        assert self._list is not None
        if step := _STEPS.get(Qt.Key(event.key())):
            self._list.step(step)
            self._say("")
        elif event.key() in _TAKES:
            self._take(self._list.chosen)
        else:
            self.leave()
        return True

    def _typed(self) -> str | None:
        """What was typed behind the slash; None where the caret is no longer there."""
        cursor = self._page.textCursor()
        typed = _begun(cursor)
        is_here = typed is not None and self._sign.position() == cursor.position() - 1 - utf16_length(typed)
        return typed if is_here else None

    def _follow(self) -> None:
        """Shows what fits what was typed by now."""
        typed = self._typed()
        if typed is None:
            self.leave()
            return
        found = found_by(self._commands, typed)
        if not found:  # until a wrong letter is taken back
            self._hide()
            return
        is_new = self._list is None
        if self._list is None:
            self._list = SlashList(self._page)
            self._list.lost.connect(self.leave)
            self._list.taken.connect(self._take)
        before = self._list.shown
        self._list.show_commands(found, self._sign.position())
        if before != self._list.shown:
            self._say(f"{len(found)} to put in. " if is_new else "")

    def _take(self, command: Command) -> None:
        """Does it in the place of what was typed, of which nothing is left for undo either."""
        draft, start, stop = self._page.draft, self._sign.position(), self._page.textCursor().position()
        is_there = self._typed() is not None  # or a teammate has just taken the line away
        self.leave()
        if not is_there:
            return
        draft.steps.go_on()
        lines.delete(draft, start, stop)
        self._page.set_caret(start)
        self._actions[command.id].trigger()
        draft.steps.begin()

    def _hide(self) -> None:
        if self._list is not None:
            self._list.hide()
            self._list.deleteLater()
            self._list = None

    def _say(self, words: str) -> None:
        """Has a screen reader say which one is chosen, behind other words: the keyboard stays on the page."""
        if self._list is not None:
            place = f"{self._list.currentRow() + 1} of {self._list.count()}"
            say(self._page, f"{words}{self._list.chosen.spoken}, {place}")


def _begun(cursor: QTextCursor) -> str | None:
    """What was typed behind a slash that counts, up to the caret; None where there is none, or a word goes on."""
    begun = None if cursor.hasSelection() else _BEGUN.search(text_before(cursor))
    is_last = cursor.atBlockEnd() or cursor.document().characterAt(cursor.position()).isspace()
    return begun[1] if begun is not None and is_last else None
