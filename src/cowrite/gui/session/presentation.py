"""Presentation: the session for a whole room to read: question, phase, clock, and what everybody may see of the rest.

Runs on the GUI thread. A window that fills a screen; it says what the person wants and moves nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QFontInfo,
    QGuiApplication,
    QKeySequence,
    QResizeEvent,
    QScreen,
    QShortcut,
)
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from cowrite.bridge.single_shot import repeated
from cowrite.core.text.direction import from_left
from cowrite.core.text.first_words import shortened
from cowrite.gui.keyboard.speaking import say
from cowrite.gui.look.theme import set_look
from cowrite.gui.session.countdown import OVER, SECOND, UNTIL, left_in_words
from cowrite.gui.session.presented import LONGEST, Presented, PresentedContent, names_in_words
from cowrite.gui.session.presented_notes import PresentedNotes
from cowrite.gui.session.results import Results
from cowrite.gui.widgets.dialog_parts import button, plain_label, scrolling

LETTER = 0.034  # height of a letter of the content, as a share of the window's measure
SCALES = (1.35, 1.15, 1.0, 0.85, 0.72, 0.62)
"""By so much the content is larger or smaller, the first with which all of it is in sight; what is higher with the last
is scrolled."""
MUCH = 100
"""Notes from which on no larger letters are tried."""
_SIZES = {
    "question": 1.45,
    "question[is_long=true]": 1.1,
    "phase": 1.6,
    "purpose": 1.0,
    "clock": 4.2,
    "clock[is_day=true]": 1.6,
    "foot": 0.72,
}
"""Sizes of what is around the content, in those letters."""
_IN_BODY = {"figure": 2.6, "heading": 1.35, "wording": 1.35, "status": 0.8}
"""Sizes of parts of the content, in its own letters."""

_REPEATED = ("Up", "Down", "+")
"""Keys that go on while they are held; another would take the group through all phases."""


def other_screen(screen: QScreen, screens: Sequence[QScreen]) -> QScreen:
    """The screen on which others look on: another than the person's own, where there is one."""
    return next((each for each in screens if each is not screen), screen)


class Presentation(QWidget):
    """`step_wanted(-1 or 1)`, `time_wanted` to be started or stopped, `more_wanted` time, `left` when it is over.

    Args:
        clock: milliseconds since 1970.
        beside: the person's own window.
        actions: whose keys hold here too.
    """

    step_wanted = Signal(int)
    time_wanted = Signal()
    more_wanted = Signal()
    left = Signal()

    def __init__(self, clock: Callable[[], int], beside: QWidget, actions: Sequence[QAction]) -> None:
        super().__init__()
        self._clock = clock
        self._shown: Presented | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)  # whoever has closed all documents is done
        set_look(self, surface="page")
        self.addActions(list(actions))
        self._question, self._phase, self._purpose = plain_label(""), QLabel(), plain_label("")
        self._clock_label = QLabel()
        self._area: QScrollArea = scrolling(QWidget(), "What the group has come to")
        self._fill(PresentedContent())
        self._done, self._waits = plain_label(""), plain_label("")
        self._problem, self._told = plain_label(""), plain_label("")
        self._back = button("Back", "Move the group back to the previous phase (Page Up)")
        self._next = button("Next", "Move the group on to the next phase (Page Down)", "primary")
        self._end = button("End…", "Close the session for everybody; all of it stays in the document (Page Down)")
        self._leave = button("Leave", "End presenting; the session goes on (Esc)")
        self._tick = repeated(self, self.show_time, SECOND)
        self._tick.start()
        self._lay_out()
        self._connect()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocus()
        screen = other_screen(beside.screen(), QGuiApplication.screens())
        self.setScreen(screen)
        self.setGeometry(screen.geometry())

    def show_session(self, title: str, shown: Presented) -> None:
        """Shows how it stands in the document of that title."""
        self.setWindowTitle(f"{title} — presenting — cowrite")
        if shown == self._shown:
            return
        before, self._shown = self._shown, shown
        self._question.setText(shortened(shown.question, LONGEST))
        set_look(self._question, is_long=len(shown.question) > LONGEST // 3)
        self._phase.setText(f"{shown.phase}  {shown.place}".strip())
        self._purpose.setText(shown.purpose)
        self._done.setText(f"✓ Done: {names_in_words(shown.done)}" if shown.done else "")
        waits = f"Not done yet: {names_in_words(shown.waits_for)}" if shown.waits_for else ""
        self._waits.setText(waits or (f"{from_left(shown.leader)} leads" if shown.leader and not shown.done else ""))
        self._problem.setText(from_left(shown.problem))
        self._told.setText(from_left(shown.told))
        for label in (self._phase, self._purpose, self._problem, self._told, self._done, self._waits):
            label.setVisible(bool(label.text()))
        if before is None or (before.problem, before.told) != (shown.problem, shown.told):
            say(self, f"{shown.problem} {shown.told}".strip())
        self._back.setEnabled(not shown.is_first)
        for each, is_shown in ((self._back, True), (self._next, not shown.is_last), (self._end, shown.is_last)):
            each.setVisible(shown.may_lead and is_shown)
        bar = self._area.verticalScrollBar()
        at = bar.value() if before is not None and before.phase == shown.phase else 0
        if before is None or before.content != shown.content:
            self._fill(shown.content)
        self.show_time()
        bar.setValue(at)

    def show_time(self) -> None:
        """Says how much is left by the clock, beside which the content has its room."""
        ends, now = (self._shown.ends if self._shown is not None else 0), self._clock()
        words = left_in_words(ends, now) if ends else ""
        self._clock_label.setText(words)
        self._clock_label.setVisible(bool(words))
        self._clock_label.setAccessibleName(f"Time left: {words}" if words else "No time is set")
        tone = "warning" if ends and ends <= now else ""
        set_look(self._clock_label, tone=tone, is_day=words.startswith((UNTIL, OVER)))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Letters are as large as the window lets them be."""
        super().resizeEvent(event)
        self._dress()

    def closeEvent(self, event: QCloseEvent) -> None:
        """The person has left it."""
        super().closeEvent(event)
        self._tick.stop()
        self.left.emit()

    # Inside

    @property
    def _letter(self) -> float:
        """Height of a letter of the content, in device-independent pixels."""
        return LETTER * min(self.height(), self.width() * 0.65)

    @property
    def _rightwards(self) -> int:
        """The step that leads to the right: forward, but where all is mirrored."""
        return 1 if self.layoutDirection() is Qt.LayoutDirection.LeftToRight else -1

    def _lay_out(self) -> None:
        self._question.setObjectName("question")
        self._phase.setObjectName("phase")
        self._purpose.setObjectName("purpose")
        for label in (self._purpose, self._done, self._waits):
            set_look(label, role="muted")
        set_look(self._problem, tone="warning")
        for label in (self._problem, self._told, self._done, self._waits):
            label.setObjectName("foot")
        self._clock_label.setObjectName("clock")
        self._clock_label.setAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignTop)
        self._at = QHBoxLayout()
        self._at.addWidget(self._phase, 0, Qt.AlignmentFlag.AlignBottom)
        self._at.addWidget(self._purpose, 1, Qt.AlignmentFlag.AlignBottom)
        self._words = words = QVBoxLayout()
        words.addWidget(self._question)
        words.addLayout(self._at)
        words.addStretch(1)
        self._head = head = QHBoxLayout()
        head.addLayout(words, 1)
        head.addWidget(self._clock_label, 0, Qt.AlignmentFlag.AlignTop)
        self._who = who = QVBoxLayout()
        who.addWidget(self._problem)
        who.addWidget(self._told)
        who.addWidget(self._done)
        who.addWidget(self._waits)
        self._foot = QHBoxLayout()
        self._foot.addLayout(who, 1)
        for each in (self._back, self._next, self._end, self._leave):
            self._foot.addWidget(each, 0, Qt.AlignmentFlag.AlignBottom)
        self._whole = QVBoxLayout(self)
        self._whole.addLayout(head)
        self._whole.addWidget(self._area, 1)
        self._whole.addLayout(self._foot)

    def _connect(self) -> None:
        self._back.clicked.connect(lambda: self.step_wanted.emit(-1))
        for each in (self._next, self._end):
            each.clicked.connect(lambda: self.step_wanted.emit(1))
        self._leave.clicked.connect(self.close)
        bar = self._area.verticalScrollBar()
        keys: tuple[tuple[str, Callable[[], object]], ...] = (
            ("PgDown", lambda: self.step_wanted.emit(1)),
            ("Right", lambda: self.step_wanted.emit(self._rightwards)),
            ("PgUp", lambda: self.step_wanted.emit(-1)),
            ("Left", lambda: self.step_wanted.emit(-self._rightwards)),
            ("Down", lambda: bar.setValue(bar.value() + bar.pageStep() // 2)),
            ("Up", lambda: bar.setValue(bar.value() - bar.pageStep() // 2)),
            ("T", self.time_wanted.emit),
            ("+", self.more_wanted.emit),
            ("Esc", self.close),
        )
        for key, act in keys:
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setAutoRepeat(key in _REPEATED)
            shortcut.activated.connect(act)

    def _fill(self, content: PresentedContent) -> None:
        """Puts in the middle what there is to see there."""
        many = sum(len(group.notes) for group in content.groups)
        self._scales: Sequence[float] = SCALES if many <= MUCH else SCALES[-1:]
        self._fitted = 0.0, QSize()
        self._body = QWidget()
        self._column = QVBoxLayout(self._body)
        self._dress_body(self._scales[0])  # before there is anything whose height would be of other letters
        set_look(self._body, surface="page")
        self._area.setWidget(self._body)
        parts: list[QWidget] = []
        for decision in content.decisions:
            parts += [_label(decision.status, "status"), _label(decision.words, "wording")]
            parts += [_label(decision.dissent, "")] if decision.dissent else []
        if content.heading:
            parts.append(_label(content.heading, "heading"))
        if content.figure:
            parts.append(_label(content.figure, "figure"))
        parts += [_label(line, "") for line in content.lines]
        if content.poll is not None:
            parts.append(Results(content.poll, by_spread=content.by_spread, is_brief=True))
        if content.groups:
            notes = PresentedNotes()
            notes.show_groups(content.groups)
            parts.append(notes)
        for part in parts:
            self._column.addWidget(part)
            part.show()  # the layout would show it later, and until then it has no height
        self._column.addStretch(1)

    def _dress(self) -> None:
        """Gives everything around the content its size."""
        letter = self._letter
        if letter < 1:
            return
        edge, gap = round(letter * 1.4), round(letter * 0.5)
        self._whole.setContentsMargins(edge, edge, edge, round(edge * 0.7))
        self._whole.setSpacing(edge)
        for row in (self._foot, self._words, self._who):
            row.setSpacing(gap)
        self._head.setSpacing(edge)
        self._at.setSpacing(round(letter))
        usual = QFontInfo(QApplication.font()).pixelSize()  # buttons and questions are for whoever sits before it
        rules = [f"* {{ font-size: {max(usual, round(letter * 0.55))}px; }}"]
        rules += [f"QLabel#{name} {{ font-size: {round(size * letter)}px; }}" for name, size in _SIZES.items()]
        rules.append("QLabel#question, QLabel#phase, QLabel#clock { font-weight: 600; }")
        self.setStyleSheet("\n".join(rules))
        phase, purpose = (label.fontMetrics().descent() for label in (self._phase, self._purpose))
        self._purpose.setContentsMargins(0, 0, 0, max(0, phase - purpose))  # both stand on one line
        self._fit()

    def _fit(self) -> None:
        """Gives the content the largest letters with which all of it is in sight."""
        self._whole.activate()
        room = self._letter, self._area.size()
        if room == self._fitted:
            return
        self._fitted = room
        for scale in self._scales:
            self._dress_body(scale)
            for part in self._body.findChildren(QWidget):
                part.ensurePolished()  # what has not been seen yet has no letters of its own
            if self._column.heightForWidth(self._area.viewport().width()) <= self._area.viewport().height():
                break
        QApplication.sendEvent(self._area, QEvent(QEvent.Type.LayoutRequest))  # its bar knows the height at once

    def _dress_body(self, scale: float) -> None:
        gap, letter = round(self._letter * 0.5), self._letter * scale
        self._column.setContentsMargins(0, 0, gap, 0)
        self._column.setSpacing(gap)
        rules = [f"* {{ font-size: {max(1, round(letter))}px; }}"]
        rules += [f"QLabel#{name} {{ font-size: {round(size * letter)}px; }}" for name, size in _IN_BODY.items()]
        rules.append("QLabel#figure, QLabel#heading, QLabel#wording { font-weight: 600; }")
        sheet = "\n".join(rules)
        if self._body.styleSheet() != sheet:
            self._body.setStyleSheet(sheet)


def _label(text: str, name: str) -> QLabel:
    label = plain_label(text)
    label.setObjectName(name)
    if name == "status":
        set_look(label, role="muted")
    return label
