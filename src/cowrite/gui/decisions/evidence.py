"""EvidenceSection: the passages of the draft on which a decision rests, and whether they still say the same.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel

from cowrite.core.decisions.records import Quoted
from cowrite.gui.decisions.parts import RowColumn, RowSection, remover, words
from cowrite.gui.keyboard.control_names import called
from cowrite.gui.look.theme import SPACING, set_look
from cowrite.gui.widgets.card_parts import act_button
from cowrite.gui.widgets.dialog_parts import column_in
from cowrite.gui.widgets.wrapping_row import row_of

GONE = "No longer there"
CHANGED = "Changed since"


class EvidenceSection(RowSection):
    """The evidence of one decision."""

    opened = Signal(int)
    """The place in the order of the passage that the person wants to see in the draft."""
    renewed = Signal(int)
    """The place of the passage that the person takes as it stands now."""
    removed = Signal(int)
    """The place of the passage on which it is not to rest any more."""
    wanted = Signal()
    """It is to rest on what is selected in the draft, too."""

    def __init__(self) -> None:
        super().__init__()
        column: RowColumn[_QuoteRow, Quoted] = RowColumn(
            self._make, lambda row, quoted, place: row.show_quoted(quoted, place), what="passages"
        )
        tip = "Add what is selected in the draft as evidence"
        self.lay_out("Evidence in the draft", column, act_button("Add the selected passage", tip, self.wanted.emit))

    def show_quotes(self, quotes: tuple[Quoted, ...]) -> None:
        """Shows these passages."""
        self._column.show_values(quotes)

    def _make(self) -> _QuoteRow:
        row = _QuoteRow()
        row.show_read_only(self._is_read_only)
        row.opened.connect(lambda: self.opened.emit(self._column.place(row)))
        row.renewed.connect(lambda: self.renewed.emit(self._column.place(row)))
        row.removed.connect(lambda: self.removed.emit(self._column.place(row)))
        return row


class _QuoteRow(QFrame):
    """One passage."""

    opened = Signal()
    renewed = Signal()
    removed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._is_read_only = False
        self._quoted = Quoted("", "")
        set_look(self, surface="card")
        self.quote = words()
        self.state = QLabel()
        self.now = words(role="muted")
        self.open = act_button("Go there", "", self.opened.emit)
        self.renew = act_button("Take the new wording", "", self.renewed.emit)
        self._remove = remover(self.removed.emit)
        top = QHBoxLayout()
        top.addWidget(self.quote, 1)
        top.addWidget(self._remove)
        column_in(self, top, self.now, row_of(self.state, self.open, self.renew, spacing=SPACING), around=SPACING)

    def show_quoted(self, quoted: Quoted, place: int) -> None:
        """Shows it with the wording of then, and of now where that is another."""
        self._quoted = quoted
        called(self.open, f"Go to passage {place} in the draft")
        called(self.renew, f"Let the decision rest on the new wording of passage {place}")
        called(self._remove, f"Remove passage {place}")
        self.quote.setText(f"“{quoted.quote}”")
        self.now.setText(f"Now: “{quoted.now}”")
        self.now.setHidden(quoted.now is None or not quoted.is_stale)
        self.state.setText(GONE if quoted.now is None else CHANGED)
        self.state.setHidden(not quoted.is_stale)
        set_look(self.state, tone="offline")
        self.open.setHidden(quoted.now is None)
        self._show_renew()

    def show_read_only(self, on: bool) -> None:
        """Lets the person change nothing."""
        self._is_read_only = on
        self._remove.setHidden(on)
        self._show_renew()

    def _show_renew(self) -> None:
        can = self._quoted.is_stale and self._quoted.now is not None and not self._is_read_only
        self.renew.setHidden(not can)
