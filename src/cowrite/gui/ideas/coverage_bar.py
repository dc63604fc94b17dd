"""CoverageBar: how many of the notes anybody has opened, and the way to the others.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QSizePolicy, QWidget

from cowrite.gui.look.theme import MARGIN, SPACING, set_look
from cowrite.gui.widgets.dialog_parts import button
from cowrite.gui.widgets.elided_line import ElidedLine
from cowrite.gui.widgets.tips import tip_of
from cowrite.gui.widgets.wrapping_row import WrappingBar, row_of

ROOM = 300  # device-independent pixels for the groups, or the buttons go below them
NAMED = 3  # groups that are named; of the others it is said how many they are


class CoverageBar(WrappingBar):
    """A bar with words, and two buttons."""

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
        self.only = button("Show unopened only", "Show only the notes that nobody has opened", is_long=True)
        self.only.setCheckable(True)
        tip = "Go to the next note that nobody has opened (Ctrl+Shift+N)"
        self.next = button("Next unopened", tip, is_long=True)
        self._said = said = _Said()
        said.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        words = QHBoxLayout(said)
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(SPACING)
        words.addWidget(self._words)
        words.addWidget(self._bar)
        words.addWidget(self._groups, 1)
        steps = QWidget()
        both = QHBoxLayout(steps)
        both.setContentsMargins(0, 0, 0, 0)
        both.setSpacing(SPACING)
        both.addWidget(self.only)
        both.addWidget(self.next)
        self._row = row_of(said, steps, spacing=SPACING)
        self._row.setContentsMargins(MARGIN, SPACING, MARGIN, SPACING)
        self.setLayout(self._row)
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
        self._said.show_room(min(ROOM, self._groups.fontMetrics().horizontalAdvance(never)))
        self._groups.show_text(never)
        self._groups.setToolTip(tip_of("\n".join(groups)))
        self.next.setEnabled(seen < total)
        self.only.setEnabled(seen < total or self.only.isChecked())
        self.setVisible(total > 0)


class _Said(QWidget):
    """What the bar says: it wants more room than it needs."""

    def __init__(self) -> None:
        super().__init__()
        self._room = 0

    def show_room(self, room: int) -> None:
        """Takes how much more it wants, in device-independent pixels."""
        self._room = room
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """With that."""
        return super().sizeHint() + QSize(self._room, 0)
