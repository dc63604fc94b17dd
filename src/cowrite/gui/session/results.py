"""Results: what came of a poll, with how far apart people are, and not the winner alone.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from cowrite.core.sessions.polls import Poll
from cowrite.core.sessions.tally import tally
from cowrite.core.text.direction import from_left, isolated
from cowrite.gui.keyboard.tab_order import reach_in_order
from cowrite.gui.look.theme import LOOSE, TIGHT, set_look, worn
from cowrite.gui.session.poll_words import (
    APART,
    ResultRow,
    headline,
    rounds_in_words,
    rows,
    rules_applied,
    spread_in_words,
)
from cowrite.gui.widgets.dialog_parts import note, plain_label
from cowrite.gui.widgets.first_rows import FirstRows
from cowrite.gui.widgets.wrapping_row import row_of
from cowrite_server.counting import counted

BAR = 18  # least height in device-independent pixels; beside large letters a bar is higher
MARK = 0.2  # radius of the mark of one ballot, as a share of the bar's height
FIRST = 100  # options that are shown at first, and more each time
LEAST = 60  # width of words, however long one of them is; what is wider than the page is cut off


class Results(QFrame):
    """The result of a closed poll.

    Args:
        poll: it, as `Visibility` gives it.
        by_spread: whether the most disputed stands first.
        is_brief: whether it leaves out who gave what, and by which rule that was counted.
    """

    def __init__(self, poll: Poll, *, by_spread: bool = False, is_brief: bool = False) -> None:
        super().__init__()
        result = tally(poll)
        self._rows = rows(poll, result, by_spread=by_spread)
        self._is_brief = is_brief
        self._has_spread = result.ballots > 1
        self._first = FirstRows("options", FIRST, self._show_more)
        sentence = plain_label(from_left(headline(poll, result)))
        sentence.setAccessibleDescription("Result")
        set_look(sentence, role="heading")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(LOOSE)
        if result.positions:
            column.addWidget(plain_label("\n".join(option.text for option in poll.options)))
        column.addWidget(sentence)
        self._bars: list[ResultBar] = []
        self._column = QVBoxLayout()
        self._column.setSpacing(LOOSE)
        column.addLayout(self._column)
        self._fill()
        column.addLayout(row_of(self._first.button, spacing=0))
        for ballot in result.dissent:
            who = isolated(ballot.voter or "Somebody")
            column.addWidget(plain_label(from_left(f"{who} ({ballot.position}): {ballot.reason or 'no reason given'}")))
        if result.rounds:
            column.addWidget(plain_label(rounds_in_words(poll, result)))
        ballots = f"{counted(result.ballots, 'ballot')}."
        column.addWidget(note(ballots if is_brief else " ".join((ballots, *rules_applied(poll, result)))))
        self._let_narrow()

    def _fill(self) -> None:
        """Makes the rows that are to be shown, and are not."""
        places = self._first.of([str(at) for at in range(len(self._rows))])
        for row in self._rows[len(self._bars) : len(places)]:
            self._column.addWidget(self._row(row, has_spread=self._has_spread))

    def _let_narrow(self) -> None:
        for words in self.findChildren(QLabel):
            if words.wordWrap():
                words.setMinimumWidth(LEAST)

    def _show_more(self, first: str) -> None:
        self._fill()
        self._let_narrow()
        reach_in_order(*self._bars, self._first.button)
        if first:
            bar = self._bars[int(first)]
            holder = bar.parentWidget()
            if holder is not None:
                holder.show()  # the layout would show it later, and until then it takes no keyboard
            bar.setFocus(Qt.FocusReason.OtherFocusReason)

    def _row(self, row: ResultRow, *, has_spread: bool) -> QWidget:
        spread = spread_in_words(row.spread) if has_spread and row.spread is not None else ""
        holder = QWidget()
        title = plain_label(row.text)
        if row.is_first:
            set_look(title, role="heading")
        value = _at_end(row.value)
        bar = ResultBar(row)
        bar.setAccessibleName(", ".join(part for part in (row.text, row.value, spread, row.detail) if part))
        bar.setToolTip(spread or row.value)
        self._bars.append(bar)
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(TIGHT)
        column.addLayout(_line(title, value))
        column.addWidget(bar)
        if self._is_brief:
            value.setText(" · ".join(filter(None, (row.value, spread))))
        elif spread or row.detail:
            apart = _at_end(spread)
            if (row.spread or 0) >= APART:
                set_look(apart, role="", tone="offline")
            column.addLayout(_line(note(row.detail), apart))
        return holder


def _at_end(words: str) -> QLabel:
    """Words at the end of a line, as wide as they are and level with its first."""
    label = QLabel(words)
    label.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
    label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignTrailing)
    set_look(label, role="muted")
    return label


def _line(words: QLabel, end: QLabel) -> QHBoxLayout:
    """What takes the room that there is, and what stands at the end."""
    line = QHBoxLayout()
    line.setSpacing(LOOSE)
    line.addWidget(words, 1)
    line.addWidget(end)
    return line


class ResultBar(QWidget):
    """A bar as long as what an option got; over it one mark for what each ballot gave, so that spread is seen."""

    def __init__(self, row: ResultRow) -> None:
        super().__init__()
        self._shown = row
        self._show_height()
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # so that a screen reader comes by

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(200, self.height())

    def changeEvent(self, event: QEvent) -> None:
        """It goes with its letters."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._show_height()

    def _show_height(self) -> None:
        self.setFixedHeight(max(BAR, round(self.fontMetrics().height() * 0.7)))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draws track, bar and marks, from the side on which reading begins."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            painter.translate(self.width(), 0)
            painter.scale(-1, 1)
        theme, row, whole = worn(), self._shown, QRectF(self.rect())
        painter.setBrush(QColor(theme.page))
        painter.setPen(QColor(theme.border))
        painter.drawRoundedRect(whole.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setPen(Qt.PenStyle.NoPen)
        if row.share > 0:
            painter.setBrush(QColor(theme.accent if row.is_first else theme.control))
            painter.drawRoundedRect(QRectF(0, 0, max(6.0, whole.width() * min(1.0, row.share)), whole.height()), 4, 4)
        here: dict[float, int] = {}
        radius = MARK * whole.height()
        for mark in row.marks:
            stacked = here.get(mark, 0)
            here[mark] = stacked + 1
            edge = whole.height() * 0.45
            x = edge + (whole.width() - 2 * edge) * mark + stacked * (radius * 2 + 1) * (-1 if mark > 0.5 else 1)
            painter.setPen(QColor(theme.page))
            painter.setBrush(QColor(theme.text))
            painter.drawEllipse(QPointF(x, whole.height() / 2), radius, radius)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.focus), 2))
            painter.drawRoundedRect(whole.adjusted(1, 1, -1, -1), 4, 4)
        painter.end()
