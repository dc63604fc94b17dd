"""BoardBar: what one does on a board most, as buttons above it; the rest is in the menu behind the last one.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from cowrite.gui.look.icons import icon_button
from cowrite.gui.look.theme import MARGIN, SPACING, TIGHT, set_look
from cowrite.gui.widgets.dialog_parts import button
from cowrite.gui.widgets.wrapping_row import row_of

STEP = 1.25
"""By how much a button zooms."""


class BoardBar(QWidget):
    """`note_wanted`, `frame_wanted`; `zoom_wanted(factor)`; `fit_wanted`; `menu_wanted(button)`."""

    note_wanted = Signal()
    frame_wanted = Signal()
    zoom_wanted = Signal(float)
    fit_wanted = Signal()
    menu_wanted = Signal(QWidget)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Board tools")
        set_look(self, surface="bar")
        self.note = self._button("New note", "Write a note (N), or double-click where you want it", self.note_wanted)
        self.frame = self._button("New frame", "A titled area, around what is selected (F)", self.frame_wanted)
        out = icon_button("zoom-out", "Show the board smaller (Ctrl+wheel)")
        self.zoom = QLabel()
        self.zoom.setAccessibleDescription("Zoom")
        set_look(self.zoom, role="muted")
        self.zoom.setMinimumWidth(self.zoom.fontMetrics().horizontalAdvance("1000 %"))
        into = icon_button("zoom-in", "Show the board larger (Ctrl+wheel)")
        fit = icon_button("maximize", "Show all (Shift+1)")
        more = icon_button("ellipsis", "All commands (menu key, or the right mouse button)")
        out.clicked.connect(lambda: self.zoom_wanted.emit(1 / STEP))
        into.clicked.connect(lambda: self.zoom_wanted.emit(STEP))
        fit.clicked.connect(self.fit_wanted)
        more.clicked.connect(lambda: self.menu_wanted.emit(more))
        row = QHBoxLayout(self)
        row.setContentsMargins(MARGIN, TIGHT, SPACING, TIGHT)
        row.setSpacing(SPACING)
        row.addLayout(row_of(self.note, self.frame, spacing=SPACING), 1)
        for part in (out, self.zoom, into, fit, more):
            row.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
        self.show_zoom(1.0)

    def show_zoom(self, zoom: float) -> None:
        """Says how large the board is shown."""
        self.zoom.setText(f"{round(zoom * 100)} %")

    def show_read_only(self, reason: str) -> None:
        """Offers nothing that would change the board, and says why."""
        for each in (self.note, self.frame):
            each.setEnabled(not reason)
            each.setStatusTip(reason)

    def _button(self, text: str, tip: str, signal: SignalInstance) -> QPushButton:
        made = button(text, tip)
        made.clicked.connect(signal)
        return made
