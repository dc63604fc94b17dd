"""Pad: silent writing, a note a line.

Runs on the GUI thread. Here are one's own notes alone. Whoever has words in the line, or has just typed, is writing,
and nothing takes the pad away from under their hands.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QMimeData, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QAbstractItemView, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from cowrite.bridge.page.composed import is_composing
from cowrite.bridge.page.taking_over import plain_text
from cowrite.convert.notes.list import MOST_NOTES, too_many
from cowrite.gui.keyboard.speaking import say
from cowrite.gui.look.reading_sides import stand_on_side
from cowrite.gui.look.theme import SPACING, set_look
from cowrite.gui.session.own_notes import OwnNotes
from cowrite.gui.session.seeds import Seeds
from cowrite.gui.session.values import PadShown
from cowrite.gui.widgets.dialog_parts import Message, button, note, plain_label
from cowrite.gui.widgets.wrapping_row import reaching
from cowrite.gui.window.notice_bar import Answer, Notice, NoticeBar

WRITES_FOR = 4000  # milliseconds after a key for which somebody counts as writing
LONG_QUESTION = 120  # characters; a longer one in large letters would leave no room to write
HOW = "Write a note, then Enter for the next"
ANOTHER = "Another view"
NEXT_PROMPT = "Show the next question to write about (Alt+Down); while the timer runs, each comes by itself"
_HELD = "held"  # the notice of words whose session does not run any more
_BULLETS = ("- ", "* ", "• ", "– ")


class Pad(QWidget):
    """`written(list of texts, id of the note they build on or nothing)`, `changed(id, the text that was shown, the
    new one)`, `removed(list of ids)`, `others_wanted` for other notes to build on, `refused(why)` where
    too much is pasted, `typed(what stands in the line)`, `retyped(id, what stands in the place of the note's text, that
    text)` while it is changed, with nothing once it is not any more.

    Args:
        clock: milliseconds, for how long ago somebody typed.
    """

    written = Signal(list, str)
    changed = Signal(str, str, str)
    removed = Signal(list)
    others_wanted = Signal()
    refused = Signal(str)
    typed = Signal(str)
    retyped = Signal(str, str, str)

    def __init__(self, clock: Callable[[], int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._typed = -WRITES_FOR
        self._prompts: tuple[str, ...] = ()
        self._prompt = 0
        self._given = -1  # the prompt to which everybody was led last
        self._question = plain_label("")
        self._question.setAccessibleDescription("Question")
        set_look(self._question, role="title")
        self._lens = plain_label("")
        self._lens.setAccessibleDescription("A way to look at it")
        set_look(self._lens, role="heading")
        self._next_lens = button(ANOTHER, NEXT_PROMPT)
        self._next_lens.clicked.connect(lambda: self.turn(1))
        self._seeds = Seeds()
        self._seeds.others.clicked.connect(self.others_wanted)
        self._spread = note("")
        self._spread.setAccessibleDescription("How far the ideas go")
        self._line = _Line()
        self._line.committed.connect(self._commit)
        self._line.turn_wanted.connect(self.turn)
        self._line.refused.connect(self.refused)
        self._line.textChanged.connect(self._note_typing)
        self._held = NoticeBar()
        self._held.answered.connect(self._end_held)
        self._held.left.connect(self.take_keyboard)
        self._sealed = note("")
        self._sealed.setAccessibleDescription("Who sees these notes")
        self._problem = Message("What is wrong with the notes")
        self._spring = QWidget()  # in the place of the list, where there is none
        self._head = QLabel("Your notes")
        set_look(self._head, role="heading")
        self._list = OwnNotes()
        self._list.changed.connect(self.changed)
        self._list.removal_wanted.connect(self.removed)
        self._list.retyped.connect(self.retyped)
        self._lay_out()

    @property
    def is_writing(self) -> bool:
        """Whether the person has words that are no note yet, changes one, or typed just now."""
        return self.holds_words or self._clock() - self._typed < WRITES_FOR

    @property
    def holds_words(self) -> bool:
        """Whether there are words that are no note yet, also such as are still composed, or one is being changed."""
        composes = is_composing(self._line.document())
        return self.is_changing or composes or bool(self._line.toPlainText().strip())

    @property
    def is_changing(self) -> bool:
        """Whether one of one's own notes is being changed."""
        return self._list.state() is QAbstractItemView.State.EditingState

    def show_pad(self, shown: PadShown) -> None:
        """Shows how it stands; what is in the line, and a note that is being changed, stay as they are."""
        self._question.setText(shown.question)
        set_look(self._question, role="title" if len(shown.question) <= LONG_QUESTION else "heading")
        self._show_prompts(shown)
        self._seeds.show_seeds(shown.seeds, has_more=shown.has_more)
        self._spread.setText(shown.spread)
        self._spread.setHidden(not shown.spread)
        self._show_held(shown.held)
        self._sealed.setText(_seal_in_words(shown))
        self._problem.show_sentence(shown.problem, "offline" if shown.is_offline else "problem")
        count, before = len(shown.notes), self._list.count()
        self._list.show_notes(shown.notes)
        self._show_own()
        self._head.setText(f"Your notes ({count})" if count else "Your notes")
        if count > before and self._line.hasFocus():
            say(self._line, f"Kept; {count} of yours")

    def take_keyboard(self) -> None:
        """Puts the keyboard into the line, or the note that is being changed, which would be kept as it stands there.
        It is no focus proxy: Qt would have Tab skip what stands above it."""
        (self._list.field or self._line).setFocus(Qt.FocusReason.TabFocusReason)

    def put(self, words: str) -> None:
        """Puts words into the line that were half written before."""
        with QSignalBlocker(self._line):  # nobody has just typed them
            self._line.setPlainText(words)
            self._line.moveCursor(QTextCursor.MoveOperation.End)
        stand_on_side(self._line)

    def retype(self, id: str, words: str) -> None:
        """Goes on changing one of one's own notes, where it stood before; none other is being changed then."""
        self._list.retype(id, words)

    def keep(self) -> None:
        """Keeps the note in the line, unless its session does not run any more, and one that is being changed."""
        self._list.keep()
        if self._held.isHidden():
            self._line.keep()

    def show_read_only(self, reason: str) -> None:
        """Takes no notes, for a reason; an empty one has it take them again. What is half written can be copied."""
        if self._line.isReadOnly() is not bool(reason):
            self._show_held("")  # it is shown anew, with what can be done now
        self._line.setReadOnly(bool(reason))
        self._line.setPlaceholderText("" if reason else HOW)
        self._show_own()
        for part in (self._seeds, self._list):
            part.setEnabled(not reason)
        self.setToolTip(reason)

    @property
    def prompt(self) -> str:
        """The prompt that stands above the line; empty for none."""
        return self._prompts[self._prompt] if self._prompts else ""

    def begin_prompts(self) -> None:
        """What is shown next is of another session, and the first of its prompts comes first, also where they are the
        same."""
        self._prompts = ()

    def turn(self, step: int) -> None:
        """Shows the next of the prompts, or with -1 the one before."""
        if self._prompts:
            self._prompt = (self._prompt + step) % len(self._prompts)
            self._lens.setText(self._prompts[self._prompt])
            place = f"{self._prompt + 1} of {len(self._prompts)}"
            self._lens.setAccessibleName(f"{self._lens.text()} {place}")
            self._next_lens.setText(f"{ANOTHER}  ·  {place}")
            self._next_lens.setAccessibleName(ANOTHER)
            say(self._lens, self._prompts[self._prompt] if step else "")

    # Inside

    def _lay_out(self) -> None:
        left = Qt.AlignmentFlag.AlignLeft
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING)
        column.addWidget(self._question)
        column.addWidget(self._lens)
        column.addWidget(self._next_lens, 0, left)
        column.addLayout(reaching(self._seeds))
        column.addWidget(self._spread)
        column.addWidget(self._held)
        column.addWidget(self._line)
        column.addWidget(self._sealed)
        column.addWidget(self._problem)
        column.addWidget(self._head)
        column.addWidget(self._list, 1)
        column.addWidget(self._spring, 1)

    def _show_own(self) -> None:
        """Shows what is said of one's own notes to whoever can have some, and their list to whoever has."""
        has_some = bool(self._list.count())
        if not has_some and self._list.hasFocus():
            self.take_keyboard()
        self._sealed.setVisible(has_some or not self._line.isReadOnly())
        for part in (self._head, self._list):
            part.setVisible(has_some)
        self._spring.setVisible(not has_some)

    def _show_prompts(self, shown: PadShown) -> None:
        if shown.prompts != self._prompts:
            self._prompts, self._prompt, self._given = shown.prompts, 0, -1
            self.turn(0)
        is_free = not self._line.toPlainText().strip()  # the question does not change under a half-written answer
        if shown.prompt != self._given and (is_free or shown.prompt < 0):
            self._given = shown.prompt
            if 0 <= shown.prompt < len(self._prompts):
                self.turn(shown.prompt - self._prompt)
        self._lens.setVisible(bool(shown.prompts))
        self._next_lens.setVisible(len(shown.prompts) > 1)

    def _show_held(self, sentence: str) -> None:
        """Asks what is to become of words that are in the way."""
        if not sentence:
            self._held.remove(_HELD)
        elif _HELD not in self._held.ids():
            keep = () if self._line.isReadOnly() else (Answer("keep", "Keep as a note"),)
            answers = (*keep, Answer("drop", "Drop"))
            self._held.show_notice(Notice(_HELD, "information", sentence, answers, dismissable=False))
        else:
            self._held.reword(_HELD, sentence)

    def _end_held(self, _notice: str, answer: str) -> None:
        self._list.keep()
        self._typed = -WRITES_FOR
        if answer == "keep":
            self._line.keep()
        else:
            self._line.clear()
            self.typed.emit("")  # also where nothing stood in it

    def _note_typing(self) -> None:
        words = self._line.toPlainText()
        if words or is_composing(self._line.document()):
            self._typed = self._clock()
        self.typed.emit(words)

    def _commit(self, texts: list[str]) -> None:
        self._typed = -WRITES_FOR
        self.written.emit(texts, self._seeds.chosen())


class _Line(QPlainTextEdit):
    """Where one writes: `committed(list of texts)`, `turn_wanted(1 or -1)`, `refused(why)`."""

    committed = Signal(list)
    turn_wanted = Signal(int)
    refused = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("A new note")
        self.setToolTip(
            "Enter keeps the note and begins the next, Shift+Enter breaks the line; a pasted list is many notes"
        )
        self.setPlaceholderText(HOW)
        self.setTabChangesFocus(True)
        self.setFixedHeight(68)
        self.textChanged.connect(lambda: stand_on_side(self))
        set_look(self, surface="field")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter keeps the note; Alt with an arrow turns to another view."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        if enter and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.keep()
        elif event.modifiers() & Qt.KeyboardModifier.AltModifier and event.key() in steps:
            self.turn_wanted.emit(steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Several lines become several notes, a line alone goes where the caret is."""
        if self.isReadOnly():
            return
        lines = [_without_bullet(line) for line in source.text().splitlines()]
        whole = [line for line in lines if line]
        if len(whole) > MOST_NOTES:
            self.refused.emit(str(too_many(len(whole))))
        elif len(whole) > 1:
            self._keep([plain_text(self.document()), *whole])
        else:
            super().insertFromMimeData(source)

    def keep(self) -> None:
        """What stands in it is a note now, where that is something and may be one."""
        if not self.isReadOnly():
            self._keep([plain_text(self.document())])

    def _keep(self, texts: list[str]) -> None:
        kept = [text.strip() for text in texts if text.strip()]
        self.clear()
        if kept:
            self.committed.emit(kept)


def _seal_in_words(shown: PadShown) -> str:
    if not shown.is_sealed:
        named = "with your name"
        if shown.is_anonymous:
            named = "without your name; the server’s history knows from whom they come"
        return f"Everybody sees these at once, {named}. {shown.where}".strip()
    named = "They will come without your name" if shown.is_anonymous else "They will come with your name"
    return f"Only you see these until the reveal. {named}. {shown.where}".strip()


def _without_bullet(line: str) -> str:
    line = line.strip()
    for bullet in _BULLETS:
        line = line.removeprefix(bullet)
    return line.strip()
