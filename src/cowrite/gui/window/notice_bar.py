"""Problems that need an answer, said above the page without standing in its way.

Runs on the GUI thread. NoticeBar stacks notices, the latest on top; each is a sentence with its answers as buttons.
"""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from cowrite.core.text.direction import from_left
from cowrite.gui.keyboard.speaking import say
from cowrite.gui.look.icons import Drawing, icon_button
from cowrite.gui.look.theme import CLOSE, MARGIN, SPACING, set_look, worn
from cowrite.gui.widgets.dialog_parts import button, scrolling
from cowrite.gui.widgets.wrapping_label import WrappingLabel
from cowrite.gui.widgets.wrapping_row import WrappingRow

LEAST_WIDTH = 200  # device-independent pixels for which notices are laid out
LINES = 4  # of notices that a window shows at least
PADDING = 8  # device-independent pixels above and below a sentence
LETTERS = 30  # of a sentence that have room in a line beside the answers, or the answers go below it

LOOKS = {
    "information": ("info", "accent_text"),
    "success": ("check", "success"),
    "warning": ("triangle-alert", "warning"),
    "problem": ("circle-alert", "danger"),
}
"""Of each kind of notice the icon, and the field of Theme that gives its colour."""


class Answer(NamedTuple):
    """One button of a notice."""

    id: str
    text: str


class Notice(NamedTuple):
    """What has happened and what can be done.

    Attributes:
        id: its name; of one name there is one notice at a time.
        kind: one of LOOKS.
        sentence: what has happened.
        answers: what can be done, each a button.
        dismissable: whether the person can take it away without an answer.
    """

    id: str
    kind: str
    sentence: str
    answers: tuple[Answer, ...] = ()
    dismissable: bool = True


class NoticeBar(QWidget):
    """The notices of one window, or of a part of it. A notice stays after an answer, until `remove`."""

    answered = Signal(str, str)
    """The ids of a notice and of the answer to it."""
    dismissed = Signal(str)
    """The id of a notice that the person has taken away."""
    told = Signal(object)
    """The Notice that was just put on top."""
    removed = Signal(str)
    """The id of a notice that is not shown any more."""
    left = Signal()
    """The notice in which the keyboard is goes: it is to be somewhere else."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: dict[str, _NoticeRow] = {}
        self.setAccessibleName("Notices")
        self._inside = QWidget()
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._whole = QVBoxLayout(self)
        self._whole.setContentsMargins(0, 0, 0, 0)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """No higher than the notices."""
        super().resizeEvent(event)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """As high as the notices."""
        return QSize(LEAST_WIDTH, self._column.totalHeightForWidth(max(self.width(), LEAST_WIDTH)))

    def minimumSizeHint(self) -> QSize:
        """A notice of a few lines; the rest is scrolled to where the window has no room for it."""
        lines = LINES * self.fontMetrics().lineSpacing() + 2 * PADDING
        return QSize(0, min(lines, self.sizeHint().height()))

    def ids(self) -> list[str]:
        """The notices that are shown, from top to bottom."""
        return list(reversed(self._rows))

    def show_notice(self, notice: Notice) -> None:
        """Puts it on top; one with the same id is replaced where it stands."""
        old = self._rows.get(notice.id)
        place = self._column.indexOf(old) if old else 0
        row = _NoticeRow(notice)
        row.answered.connect(lambda answer: self.answered.emit(notice.id, answer))
        row.dismissed.connect(lambda: self._dismiss(notice.id))
        row.turned.connect(self.updateGeometry)
        if not self._whole.count():  # most windows never say anything
            self._whole.addWidget(scrolling(self._inside, "Notices"))
        if old:
            self._drop(old)
        self._rows[notice.id] = row
        self._column.insertWidget(place, row)
        row.show()
        self.show()
        self.updateGeometry()
        say(row, " ".join((notice.sentence, ", ".join(answer.text for answer in notice.answers))).strip())
        self.told.emit(notice)

    def reword(self, notice_id: str, sentence: str) -> None:
        """Says one otherwise, without calling for attention again; does nothing when it is not there."""
        row = self._rows.get(notice_id)
        if row is not None:
            row.reword(sentence)
            self.updateGeometry()

    def remove(self, notice_id: str) -> None:
        """Takes it away; does nothing when it is not there."""
        row = self._rows.pop(notice_id, None)
        if row is not None:
            self._drop(row)
            self.updateGeometry()
            self.removed.emit(notice_id)
        self.setVisible(bool(self._rows))

    def _dismiss(self, notice_id: str) -> None:
        self.remove(notice_id)
        self.dismissed.emit(notice_id)

    def _drop(self, row: _NoticeRow) -> None:
        if row.isAncestorOf(self.window().focusWidget() or self):
            self.left.emit()
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()


class _NoticeRow(QFrame):
    """One notice."""

    answered = Signal(str)
    dismissed = Signal()
    turned = Signal()
    """Its answers have gone below the sentence, or beside it."""

    def __init__(self, notice: Notice) -> None:
        super().__init__()
        self._notice = notice
        set_look(self, notice=notice.kind)
        self._sentence = sentence = WrappingLabel()
        self.reword(notice.sentence)
        row = QHBoxLayout(self)
        row.setContentsMargins(MARGIN, PADDING, SPACING, PADDING)
        row.setSpacing(SPACING)
        row.addWidget(Drawing(worn().metrics.icon, *LOOKS[notice.kind]))
        row.addSpacing(CLOSE)
        self._said = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._said.setSpacing(SPACING)
        self._said.addWidget(sentence, 1)
        row.addLayout(self._said, 1)
        answers = self._answers = WrappingRow(SPACING)
        answers.let_wrap(False)
        self._said.addLayout(answers)
        self._said.setAlignment(answers, Qt.AlignmentFlag.AlignVCenter)
        for answer in notice.answers:
            made = button(answer.text, answer.text)
            made.clicked.connect(lambda _=False, answer=answer: self.answered.emit(answer.id))
            answers.addWidget(made)
        self._close = icon_button("x", "Dismiss this notice")
        self._close.clicked.connect(self.dismissed)
        row.addWidget(self._close)
        as_wide = self._close.sizePolicy()
        as_wide.setRetainSizeWhenHidden(True)  # the answers of all notices end at one edge
        self._close.setSizePolicy(as_wide)
        self._close.setVisible(notice.dismissable)  # before it had a parent it would come up as a window of its own

    def reword(self, sentence: str) -> None:
        """Says another sentence."""
        self._sentence.setText(from_left(sentence))
        for part in (self, self._sentence):
            part.setAccessibleName(sentence)

    def sizeHint(self) -> QSize:
        """As high as the sentence needs at this width."""
        return QSize(super().sizeHint().width(), max(super().sizeHint().height(), 48))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where few letters have room beside the answers, these go below the sentence."""
        super().resizeEvent(event)
        metrics = self.fontMetrics()
        beside = self._said.geometry().width() - self._answers.sizeHint().width()
        wanted = min(metrics.horizontalAdvance(self._notice.sentence), LETTERS * metrics.averageCharWidth())
        way = QBoxLayout.Direction.LeftToRight if beside > wanted else QBoxLayout.Direction.TopToBottom
        if way is not self._said.direction():
            self._said.setDirection(way)
            is_below = way is QBoxLayout.Direction.TopToBottom
            self._answers.let_wrap(is_below)
            self._said.setAlignment(self._answers, Qt.AlignmentFlag(0) if is_below else Qt.AlignmentFlag.AlignVCenter)
            self.turned.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape dismisses what may be dismissed."""
        if event.key() == Qt.Key.Key_Escape and self._notice.dismissable:
            self.dismissed.emit()
        else:
            super().keyPressEvent(event)
