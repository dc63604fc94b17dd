"""WritingKeys: keys that mean more on a page than Qt knows.

Runs on the GUI thread. What they do to a line is in `core.writing.lines`, what signs become is in
`core.writing.habits`.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QKeySequence, QTextCursor

from cowrite.bridge.page.text_formats import TextFormats
from cowrite.core.text.direction import LTR, RTL
from cowrite.core.text.richtext import DELETION, INSERTION
from cowrite.core.writing import code_lines, lines
from cowrite.core.writing.habits import TRIGGERS, apply_habit, link_address, may_complete
from cowrite.core.writing.line import line_at
from cowrite.core.writing.tables import in_table
from cowrite.core.writing.typography import SIGNS, Quotes, printed, set_in_print
from cowrite.gui.keyboard.key_groups import MOVING
from cowrite.gui.page.caret_keys import go_by_lines, go_by_unspaced_words
from cowrite.gui.page.deleting_keys import DeletingKeys
from cowrite.gui.page.empty_line import EmptyLine
from cowrite.gui.page.formatting import Formatting
from cowrite.gui.page.next_letters import NextLetters
from cowrite.gui.page.tables import PageTables
from cowrite.gui.page.text_page import TextPage

# As numbers: Python's enumerations are slow, and every key is compared with them.
_CHARACTERS = range(Qt.Key.Key_Escape.value)
_COMMANDS = (Qt.Key.Key_X.value, Qt.Key.Key_Y.value, Qt.Key.Key_Z.value)
_CTRL = Qt.KeyboardModifier.ControlModifier
_LETTERS = frozenset(map(ord, " 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")).difference(_COMMANDS)
_HELD = (_CTRL, _CTRL | Qt.KeyboardModifier.ShiftModifier)  # for commands
_DIRECTIONS = {Qt.Key.Key_Direction_L.value: LTR, Qt.Key.Key_Direction_R.value: RTL}
SLASH = "/"
_LONGEST_END = 5  # characters with which a sentence ends
_WRITES, _DELETES, _ELSEWHERE = "writes", "deletes", "elsewhere"
_SENTENCE_END = re.compile(r"[.!?…][\"”’»)]* $")


class WritingKeys:
    """The keys of one page.

    Args:
        page: it.
        formatting: of its text.
        next_letters: what is typed next on it.
        tables: those on it.
        empty_line: the newest of these on it.
        formats: of its text.
    """

    def __init__(
        self,
        page: TextPage,
        formatting: Formatting,
        next_letters: NextLetters,
        tables: PageTables,
        empty_line: EmptyLine,
        formats: TextFormats,
    ) -> None:
        self._page = page
        self._draft = page.draft
        self._formatting = formatting
        self._next_letters = next_letters
        self._tables = tables
        self._deleting = DeletingKeys(page, tables)
        self._empty_line = empty_line
        self._formats = formats
        self._doing = _ELSEWHERE  # what the newest undo step does, as far as it goes on
        self._replaces = False  # whether what is being composed takes the place of what was selected
        self._began = 0  # where it began, in UTF-16 units
        self._triggers = TRIGGERS  # the characters whose typing can complete something, or begin it
        self._quotes: Quotes | None = None
        self._tells_slashes = False
        self._has_selection = False

    def go_elsewhere(self) -> None:
        """What is written next goes on with nothing: the caret was put somewhere."""
        self._doing = _ELSEWHERE

    def follow_selection(self) -> None:
        """Something else is selected: what is written next goes on with nothing, unless it was just written over."""
        self._has_selection = self._page.textCursor().hasSelection()
        if self._has_selection:
            self._doing = _ELSEWHERE

    def is_one_more(self, event: QKeyEvent) -> bool:
        """Whether a key goes on with what is being written and means no more than Qt knows, as most do: there is
        nothing to ask before it then. Between two keys the processor's caches forget Python: each step shows."""
        return (
            self._doing == _WRITES
            and event.key() in _LETTERS
            and not self._has_selection
            and not self._formats.has_tables
            and not self._formats.has_bounds
            and self._draft.suggester is None
        )

    def leave_break(self) -> bool:
        """Where a third click has selected a line, leaves out its break: what is typed then joins no other line. With
        the break Qt selects the next cell, or a table that stands below, too.

        Returns:
            Whether there was one to leave out.
        """
        cursor = self._page.textCursor()
        line = self._page.document().findBlock(cursor.anchor())
        start, stop = line.position(), line.position() + line.length()
        goes_on = cursor.anchor() == start and cursor.position() >= stop
        if not goes_on or (line.length() == 1 and cursor.position() == stop and not cursor.currentTable()):
            return False
        self._page.set_caret(stop - 1, start, scroll=False)
        return True

    def take(self, event: QKeyEvent, pass_on: Callable[[QKeyEvent], None]) -> None:
        """Does what a key means, or has Qt do so, once what is selected is ready to give way."""
        if self.press(event):
            return
        formats, cursor = self._formats, self._page.textCursor()
        suggests = self._draft.suggester is not None
        if suggests or formats.has_tables or formats.has_bounds or cursor.hasSelection():
            self._make_ready(event)
        pass_on(event)
        self.complete(event.text())

    def _make_ready(self, event: QKeyEvent) -> None:
        """Has what is selected, and what stands beside it, give way to what a key writes."""
        can_write = bool(event.text()) and not self._page.isReadOnly()
        if self._draft.suggester is not None and can_write and writes(event):
            self.make_room()
        if self._formats.has_tables and can_write and (writes(event) or is_soft_break(event)):
            self._tables.make_room()
        if self._formats.has_bounds and can_write:
            self._next_letters.before_key(writes=writes(event))
        if can_write and writes(event):
            doing = self._doing
            self._next_letters.turn_selection()
            self._doing = doing  # nobody has selected anything else

    def press(self, event: QKeyEvent) -> bool:
        """Does what a key means, if it means more than Qt knows; says whether it does."""
        # Characters are most of what is pressed, and but for three no command of ours has one: each thing that is asked
        # here costs a part of what Qt takes for the whole key.
        key = event.key()
        if key in _CHARACTERS and not (key in _COMMANDS and event.modifiers() & Qt.KeyboardModifier.ControlModifier):
            if self._doing != _WRITES:
                self._begin_step(_WRITES)
            return False
        if self._page.isReadOnly():
            return False
        if key in MOVING:
            self._doing = _ELSEWHERE
            return go_by_lines(self._page, key, event.modifiers()) or go_by_unspaced_words(self._page, event)
        if event.matches(QKeySequence.StandardKey.Undo):
            self._page.undo_own()
            return True
        if event.matches(QKeySequence.StandardKey.Redo):
            self._page.redo_own()
            return True
        if event.matches(QKeySequence.StandardKey.Cut):
            self._page.cut()
            return True
        modifiers = event.modifiers()
        plain = modifiers in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain:
            self._begin_step(_WRITES)
            self._press_enter()
            return True
        if key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete) and self._doing != _DELETES:
            self._begin_step(_DELETES)
        if self._deleting.press(event):
            return True
        if key in _DIRECTIONS:  # as Windows has Ctrl with the Shift of one side
            self._formatting.set_direction(_DIRECTIONS[key])
            return True
        if key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab) and not modifiers & Qt.KeyboardModifier.ControlModifier:
            return self._press_tab(back=key == Qt.Key.Key_Backtab)
        return False

    def compose(self, event: QInputMethodEvent) -> None:
        """What is composed is written, as by keys. In the place of what is selected it is one undo step with it,
        however long that takes."""
        if self._doing != _WRITES and (event.preeditString() or event.commitString()):
            self._begin_step(_WRITES)
        if self._replaces and event.commitString():
            self._draft.steps.go_on()
        has_selection = self._page.textCursor().hasSelection()
        self._replaces = bool(event.preeditString()) and (self._replaces or has_selection)

    def complete(self, typed: str) -> None:
        """Makes of the signs before the caret what they stand for.

        Args:
            typed: what was written last.
        """
        if typed not in self._triggers or self._page.isReadOnly():
            return
        cursor = self._page.textCursor()
        if cursor.hasSelection():
            return
        if typed == SLASH:
            self._page.slash_typed.emit()
            return
        before = text_before(cursor)
        is_more = cursor.position() > self._began + 1  # than this space
        if is_more and _SENTENCE_END.search(before, max(0, len(before) - _LONGEST_END)):
            self._begin_step(_WRITES)
        styled = None
        if typed in TRIGGERS and may_complete(typed, before) and self._is_own_line():
            styled = apply_habit(self._draft, cursor.position())
        if styled is None:
            self._set_in_print(before)
            return
        self._page.set_caret(styled.caret)
        if styled.plain_after:
            self._next_letters.type_without(*styled.plain_after)

    def _set_in_print(self, before: str) -> None:
        if self._quotes is None or not printed(before, self._quotes):
            return
        caret = set_in_print(self._draft, self._page.textCursor().position(), self._quotes)
        if caret is not None:
            self._page.set_caret(caret)

    def use_quotes(self, quotes: Quotes | None) -> None:
        """Sets quotation marks, dashes and dots as in print from now on; with None, they stay as they are typed."""
        self._quotes = quotes
        self._choose_triggers()

    def tell_slashes(self, *, on: bool) -> None:
        """Has the page tell of each slash that is typed, or not."""
        self._tells_slashes = on
        self._choose_triggers()

    def _choose_triggers(self) -> None:
        signs = frozenset() if self._quotes is None else SIGNS
        self._triggers = TRIGGERS | signs | ({SLASH} if self._tells_slashes else frozenset())

    def make_room(self) -> None:
        """Suggests what is selected to go as a whole, and puts the caret behind it: there is written what takes its
        place."""
        start, stop = self._page.selection()
        if start != stop:
            self._begin_step(_WRITES)
            self._page.set_caret(lines.delete(self._draft, start, stop))

    def _begin_step(self, doing: str) -> None:
        """What is done now can be undone by itself, however soon it comes."""
        self._doing = doing
        self._began = self._page.textCursor().position()
        self._draft.steps.begin()

    def _press_enter(self) -> None:
        start, stop = self._page.selection()
        if start != stop:
            start = lines.delete(self._draft, start, stop)
        if self._draft.suggester is not None:
            start = self._behind_what_goes(start)
        if self._is_own_line():
            link_address(self._draft, start)
        # Qt would take the first Enter on an empty line for an order to reset its format, and stay there.
        carried = self._next_letters.carried_to_next_line()
        is_code = lines.in_code(self._draft, start) and not in_table(self._draft, start)
        press = code_lines.press_enter if is_code else lines.press_enter
        self._page.set_caret(press(self._draft, start))
        if carried and self._page.textCursor().block().length() == 1:
            self._next_letters.type_with(carried)
        self._empty_line.follow_above()

    def _behind_what_goes(self, at: int) -> int:
        """The end of the line where all that stands there is suggested to go: what is written there comes below it."""
        end = line_at(self._draft, at).end
        return end if all(DELETION in span.attributes for span in self._draft.spans(at, end)) else at

    def _is_own_line(self) -> bool:
        """Whether the line at the caret may be given another look: not where somebody else's words are on it, to which
        changes are only suggested."""
        suggester = self._draft.suggester
        if suggester is None:
            return True
        line = line_at(self._draft, self._page.textCursor().position())
        spans = self._draft.spans(line.start, min(line.end + 1, self._draft.length))
        return all(suggester.is_own(span.attributes.get(INSERTION)) for span in spans)

    def _press_tab(self, *, back: bool) -> bool:
        if self._tables.press_tab(back=back):
            return True
        start, stop = self._page.selection()
        is_long = len(self._draft.line_breaks(start, stop)) > 1
        if lines.in_code(self._draft, start) and (back or is_long):
            self._draft.steps.begin()
            code_lines.shift(self._draft, start, stop, -1 if back else 1)
            return True
        if lines.in_list(self._draft, start) or is_long:
            self._formatting.indent(-1 if back else 1)
            return True
        return back


def writes(event: QKeyEvent) -> bool:
    """Whether a key writes its text: not where it is a command (as `QInputControl::isAcceptableInput` has it)."""
    return event.text().isprintable() and event.modifiers() not in _HELD


def is_soft_break(event: QKeyEvent) -> bool:
    """Whether a key begins another line within the paragraph."""
    return event.matches(QKeySequence.StandardKey.InsertLineSeparator)


def text_before(cursor: QTextCursor) -> str:
    """The text of the line up to the caret. It is the widget's: to read the document would have it written first."""
    text, at = cursor.block().text(), cursor.positionInBlock()
    if text.isascii():
        return text[:at]
    return text.encode("utf-16-le", "surrogatepass")[: 2 * at].decode("utf-16-le", "surrogatepass")
