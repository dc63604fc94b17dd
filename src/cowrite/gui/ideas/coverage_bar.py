"""CoverageBar: how many of the notes anybody has opened, and the way to the others.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from cowrite.gui.dialog_parts import ElidedLine, tip_of
from cowrite.gui.theme import set_look

NAMED = 3  # groups that are named; of the others it is said how many they are


class CoverageBar(QWidget):
    """A bar with words, and two buttons."""

    unseen_toggled = Signal(bool)
    """Show only what nobody has opened, or everything."""
    next_wanted = Signal()
    """Go to the next note that nobody has opened."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Coverage")
        self._words = QLabel()
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(8)
        self._bar.setMaximumWidth(180)
        self._bar.setMinimumWidth(60)
        self._groups = ElidedLine()
        set_look(self._groups, role="muted")
        self.only = QPushButton("Show those nobody has opened")
        self.only.setCheckable(True)
        self.only.setAccessibleName("Show those nobody has opened")
        self.only.toggled.connect(self.unseen_toggled)
        self.next = QPushButton("Next")
        self.next.setAccessibleName("Next note that nobody has opened")
        self.next.setToolTip("Go to the next note that nobody has opened (Ctrl+Shift+N)")
        self.next.clicked.connect(self.next_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 16, 6)
        row.setSpacing(10)
        row.addWidget(self._words)
        row.addWidget(self._bar)
        row.addWidget(self._groups, 1)
        row.addWidget(self.only)
        row.addWidget(self.next)
        self.hide()

    def show_coverage(self, seen: int, total: int, groups: Sequence[str]) -> None:
        """Says how many of how many notes somebody has opened, and in which groups nobody has opened any."""
        words = f"{seen} of {total} opened"
        self._words.setText(words)
        self._bar.setMaximum(max(1, total))
        self._bar.setValue(seen)
        self._bar.setAccessibleName(words)
        more = f" and {len(groups) - NAMED} more" if len(groups) > NAMED else ""
        never = f"Never opened: {', '.join(groups[:NAMED])}{more}" if groups else ""
        self._groups.show_text(never)
        self._groups.setToolTip(tip_of("\n".join(groups)))
        self.next.setEnabled(seen < total)
        self.only.setEnabled(seen < total or self.only.isChecked())
        self.setVisible(total > 0)
