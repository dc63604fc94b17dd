"""What came of a task: streaming text, a difference, quotes to jump to, choices.

Runs on the GUI thread. ResultView is told an Outcome and says what the person does with it.
"""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from cowrite.core.document.assists import AssistRecord
from cowrite.core.text.first_words import shortened
from cowrite.gui.assistant.decision_rows import DecisionRows
from cowrite.gui.assistant.difference_view import DifferenceView
from cowrite.gui.assistant.reaction import Unmeant
from cowrite.gui.assistant.values import Outcome, Quote
from cowrite.gui.keyboard.control_names import called
from cowrite.gui.keyboard.tab_order import reach_in_order
from cowrite.gui.look.theme import SPACING, TIGHT, Theme, set_look
from cowrite.gui.page.clipboard import model_mime
from cowrite.gui.widgets.dialog_parts import button, note, plain_label
from cowrite.gui.widgets.rows_area import RowsArea
from cowrite.gui.widgets.tall_field import text_height
from cowrite.gui.widgets.wrapping_button import WrappingButton
from cowrite.gui.widgets.wrapping_row import WrappingBar, row_of

TAKES = "Put this into the draft; one undo takes it back"
LEAST_HEIGHT = 44  # device-independent pixels: a quote


class ResultView(QWidget):
    """`accepted()` all of it, `rejected()`, `again_requested()`; `left()` when Escape gives the keyboard back. What is
    done with one part of it, that part says."""

    accepted = Signal()
    rejected = Signal()
    again_requested = Signal()
    left = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._outcome = Outcome()
        self._read_only = self._decides_not = ""
        self._title = plain_label("")
        set_look(self._title, role="heading")
        self._note = note("")
        self._text = _Written(self)
        self.difference = DifferenceView(theme)
        self.difference.left.connect(self.left)
        self._quotes_title = note("Quotes from the draft")
        self.quotes = _Rows("Quotes from the draft", "Go to this place in the draft", "quote", self)
        self.choices = _Rows("What to choose from", "Accept this one", "check", self)
        self.decisions = DecisionRows(self)
        self._accept = button("Accept", TAKES, "primary", is_long=True)
        self._reject = button("Reject", "Leave the draft as it is")
        self._again = button("Again", "Ask once more, for a different answer")
        self._accept.clicked.connect(self.accepted)
        self._reject.clicked.connect(self.rejected)
        self._again.clicked.connect(self.again_requested)
        self._row = WrappingBar()
        self._row.setLayout(row_of(self._accept, self._reject, self._again, spacing=SPACING))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING)
        parts: tuple[QWidget, ...] = (
            self._title,
            self._note,
            self._text,
            self.difference,
            self._quotes_title,
            self.quotes,
            self.choices,
            self.decisions,
            self._row,
        )
        for part in parts:
            column.addWidget(part)
        column.addStretch(1)
        self.show_outcome(Outcome())

    @property
    def outcome(self) -> Outcome:
        """What is shown."""
        return self._outcome

    @property
    def may_be_accepted(self) -> bool:
        """Whether it is for the person to put all of it into the draft."""
        return self._outcome.is_final and not self._accept.isHidden()

    def show_outcome(self, outcome: Outcome) -> None:
        """Shows what came of a task so far."""
        self._outcome = outcome
        final = outcome.is_final
        self._title.setText(outcome.title)
        self._title.setVisible(bool(outcome.title))
        self._note.setText(outcome.note)
        self._note.setVisible(bool(outcome.note))
        may_write = not self._read_only
        has_difference = bool(outcome.difference)
        self.difference.setVisible(has_difference)
        self.difference.show_difference(outcome.difference, may_decide=final and may_write)
        is_quote = final and [quote.text for quote in outcome.quotes] == [outcome.text]  # which stands below
        has_text = bool(outcome.text or not final) and not is_quote
        self._text.setVisible(has_text and not has_difference and not outcome.choices)
        self._text.record = outcome.record
        self._text.show_text(outcome.text)
        self._show_quotes(outcome.quotes if final else ())
        self.choices.setVisible(bool(outcome.choices))
        self.choices.show_rows([(place, text, True) for place, text in enumerate(outcome.choices)])
        self.decisions.setVisible(bool(outcome.decisions))
        self.decisions.show_decisions(outcome.decisions, self._decides_not)
        self._row.setVisible(final)
        self._accept.setText(outcome.accepting or "Accept")
        self._accept.setAccessibleName(self._accept.text())
        may_take = bool(outcome.accepting) and (not has_difference or bool(outcome.alterations))
        self._accept.setVisible(may_take)
        self._accept.setEnabled(may_write)
        self._accept.setToolTip(self._read_only or TAKES)
        self._reject.setText("Reject" if may_take or has_difference else "Clear")
        self._reject.setAccessibleName(self._reject.text())
        if final:
            reach_in_order(self._text, self.difference, self.quotes, self.choices, self.decisions, self._row)

    def show_read_only(self, page: str, decisions: str) -> None:
        """Lets the person read and not accept, and says why.

        Args:
            page: why they may not write on the page, in a sentence; an empty one lets them accept a text.
            decisions: why they may not make decisions, likewise.
        """
        self._read_only, self._decides_not = page, decisions
        self.show_outcome(self._outcome)

    def show_theme(self, theme: Theme) -> None:
        """Takes the colours of `theme`."""
        self.difference.show_theme(theme)

    def take_keyboard(self) -> None:
        """Puts the keyboard where the person decides, once the keys rest that were meant for where it was before."""
        if not (self.decisions.isVisible() and self.decisions.take_keyboard()):
            parts = [each for each in (self.difference, self._accept, self._again) if each.isVisible()]
            for part in [each for each in parts if each.isEnabled()][:1]:
                part.setFocus(Qt.FocusReason.OtherFocusReason)
        focus: QWidget | None = self.window().focusWidget()
        if focus is not None and self.isAncestorOf(focus):
            Unmeant(focus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes back to the page."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _show_quotes(self, quotes: tuple[Quote, ...]) -> None:
        self._quotes_title.setVisible(bool(quotes))
        self.quotes.setVisible(bool(quotes))
        self.quotes.show_rows([(quote.id, quote.text, not quote.is_lost) for quote in quotes])


class _Written(QPlainTextEdit):
    """What the model wrote: to be read and copied.

    Attributes:
        record: of how it came to be, which goes with what is copied; None while it is being written.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.record: AssistRecord | None = None
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        called(self, "What the model wrote", "What the model wrote; it is not in the draft")
        self.setPlaceholderText("…")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Maximum)
        self.document().setDocumentMargin(8)
        set_look(self, surface="result")

    def show_text(self, text: str) -> None:
        """Shows it; what has come since is added at its end, so that what is selected stays so."""
        before = self.toPlainText()
        if text == before:
            return
        bar = self.verticalScrollBar()
        follows = bar.value() >= bar.maximum() - 4
        if before and text.startswith(before):
            cursor = QTextCursor(self.document())
            cursor.movePosition(QTextCursor.MoveOperation.End)
            cursor.insertText(text[len(before) :])
        else:
            self.setPlainText(text)
        self.updateGeometry()
        if follows:
            bar.setValue(bar.maximum())

    def createMimeDataFromSelection(self) -> QMimeData:
        """What copying and dragging offer."""
        return model_mime(self.textCursor().selection().toPlainText(), self.record)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """No higher than the text."""
        super().resizeEvent(event)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """As high as the text."""
        return QSize(200, text_height(self, least=2) + 2 * (self.frameWidth() + 2))

    def minimumSizeHint(self) -> QSize:
        """Two lines; the rest is scrolled to."""
        return QSize(80, 2 * self.fontMetrics().lineSpacing() + 20)


class _Rows(RowsArea):
    """Rows that can be pressed, such as quotes."""

    activated = Signal(int)
    """The number of a row."""

    def __init__(self, name: str, tip: str, icon_name: str, parent: QWidget) -> None:
        super().__init__(name, spacing=TIGHT, least=LEAST_HEIGHT, parent=parent)
        self._tip = tip
        self._icon = icon_name
        self._shown: list[tuple[int, str, bool]] = []

    def show_rows(self, rows: list[tuple[int, str, bool]]) -> None:
        """Shows these: number, text, and whether it can be pressed."""
        if rows == self._shown:
            return
        self._shown = rows
        self.fill(self._row(number, text, is_there=is_there) for number, text, is_there in rows)

    def _row(self, number: int, text: str, *, is_there: bool) -> QPushButton:
        row = WrappingButton(shortened(text), self._icon)
        called(row, " ".join(text.split()), self._tip if is_there else "This place is no longer in the draft")
        row.show_enabled(is_there)
        row.clicked.connect(lambda: self.activated.emit(number))
        return row
