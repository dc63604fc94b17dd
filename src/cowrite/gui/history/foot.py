"""HistoryFoot: below a document as it was, the way through its moments.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from cowrite.gui.history.moment_slider import MomentSlider
from cowrite.gui.look.icons import icon, icon_button
from cowrite.gui.look.theme import LOOSE, MARGIN, SPACING, set_look


class HistoryFoot(QWidget):
    """The slider and what stands beside it; whoever has it connects these."""

    def __init__(self) -> None:
        super().__init__()
        set_look(self, surface="strip")
        self.play = icon_button("play", "Play (Space)", checkable=True)
        self.slider = MomentSlider()
        self.count = QLabel()
        set_look(self.count, role="muted")
        self.count.setAccessibleDescription("Place among the moments")
        self.list = icon_button("list", "All moments, and those that have a name", checkable=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(MARGIN, SPACING, MARGIN, SPACING)
        row.setSpacing(LOOSE)
        row.addWidget(self.play)
        row.addWidget(self.slider, 1)
        row.addWidget(self.count)
        row.addWidget(self.list)

    def show_at(self, index: int, of: int) -> None:
        """Shows which of so many moments is shown; tells nobody."""
        self.slider.show_at(index)
        self.count.setText(f"{index + 1:,} of {of:,}" if of else "")

    def show_playing(self, on: bool) -> None:
        """Shows whether the moments are gone through by themselves; tells nobody."""
        with QSignalBlocker(self.play):
            self.play.setChecked(on)
        label = "Pause (Space)" if on else "Play (Space)"
        self.play.setIcon(icon("pause" if on else "play"))
        self.play.setToolTip(label)
        self.play.setAccessibleName(label)
