"""DecisionRows: decisions that were found in a text, each with its quotes and a button that takes it over.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from cowrite.core.text.first_words import shortened
from cowrite.gui.assistant.values import DecisionShown, Quote
from cowrite.gui.look.theme import SPACING, TIGHT, set_look
from cowrite.gui.widgets.dialog_parts import button, note, plain_label
from cowrite.gui.widgets.rows_area import RowsArea
from cowrite.gui.widgets.wrapping_button import WrappingButton

TAKES = "Make this one of the document’s decisions"
LEAST_HEIGHT = 140  # device-independent pixels: a decision


class DecisionRows(RowsArea):
    """`accepted(id)` of a decision, `quote_activated(id)` of a quote."""

    accepted = Signal(int)
    quote_activated = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Decisions", spacing=SPACING, least=LEAST_HEIGHT, parent=parent)
        self._shown: tuple[DecisionShown, ...] = ()
        self._read_only = ""

    def show_decisions(self, decisions: tuple[DecisionShown, ...], read_only: str) -> None:
        """Shows these; the keyboard stays at the place that it had.

        Args:
            decisions: what was found.
            read_only: why the person cannot accept any of them, in a sentence; empty where they can.
        """
        if (decisions, read_only) == (self._shown, self._read_only):
            return
        self._read_only = read_only
        focused: QWidget | None = self.window().focusWidget()
        name = focused.accessibleName() if focused is not None and self.isAncestorOf(focused) else ""
        self._shown = decisions
        self.fill(map(self._card, decisions))
        for part in self._parts() if name else ():
            if part.accessibleName() == name and part.isEnabled():
                part.setFocus()
                break

    def take_keyboard(self) -> bool:
        """Gives the keyboard to the first button; says whether there is one."""
        first = next((each for each in self._parts() if isinstance(each, WrappingButton) and each.isEnabled()), None)
        if first is not None:
            first.setFocus()
        return first is not None

    def _parts(self) -> list[QWidget]:
        """What stands on the cards."""
        return [part for card in self.rows() for part in card.findChildren(QWidget)]

    def _card(self, decision: DecisionShown) -> QWidget:
        card = QFrame()
        set_look(card, surface="result")
        card.setAccessibleName(f"{decision.about}: {decision.text}")
        column = QVBoxLayout(card)
        column.setContentsMargins(SPACING, SPACING, SPACING, SPACING)
        column.setSpacing(TIGHT)
        about = note(decision.about)
        text = plain_label(decision.text)
        text.setAccessibleName(decision.text)
        column.addWidget(about)
        column.addWidget(text)
        for quote in decision.quotes:
            column.addWidget(self._quote(quote))
        accept = button("Accepted" if decision.is_accepted else "Accept", self._read_only or TAKES)
        accept.setAccessibleName(f"{accept.text()}: {decision.text}")
        accept.setEnabled(not decision.is_accepted and not self._read_only)
        accept.clicked.connect(lambda: self.accepted.emit(decision.id))
        row = QHBoxLayout()
        row.addWidget(accept)
        row.addStretch(1)
        column.addLayout(row)
        return card

    def _quote(self, quote: Quote) -> QWidget:
        row = WrappingButton(shortened(quote.text), "quote", "quote")
        row.setAccessibleName(" ".join(quote.text.split()))
        row.setToolTip("This place has changed or is gone" if quote.is_lost else "Go to this place")
        row.show_enabled(not quote.is_lost)
        row.clicked.connect(lambda: self.quote_activated.emit(quote.id))
        return row
