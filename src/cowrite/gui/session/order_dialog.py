"""The order of the phases, while a session runs.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QWidget

from cowrite.core.sessions.sessions import Phase
from cowrite.gui.look.theme import grow_to_fit
from cowrite.gui.session.phase_list import PhaseList
from cowrite.gui.widgets.dialog_parts import button, dialog_column, last_row, note, title_label


class OrderDialog(QDialog):
    """Asks whoever leads for another order of the phases, and for other lengths.

    Args:
        phases: as they are, in their order.
        minutes: lengths that differ from the defaults.
        parent: the window in front.
    """

    order_wanted = Signal(object, object)
    """A sequence of phases, and minutes by phase: they are to hold for everybody."""

    def __init__(self, phases: Sequence[Phase], minutes: Mapping[Phase, int], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Order of the phases")
        self.setMinimumWidth(340)
        heading = title_label("Order of the phases")
        self._phases = PhaseList()
        self._phases.show_phases(phases, minutes)
        self._keep = button("&Keep", "Use this order, for everybody", "primary")
        self._keep.setDefault(True)
        self._keep.clicked.connect(self._tell)
        cancel = button("Cancel", "Leave it as it was")
        cancel.clicked.connect(self.reject)
        self._phases.changed.connect(lambda: self._keep.setEnabled(bool(self._phases.phases())))
        column = dialog_column(self)
        column.addWidget(heading)
        column.addWidget(note("The group stays at its phase; what is not ticked is skipped."))
        column.addWidget(self._phases)
        column.addLayout(last_row(cancel, self._keep))

    def showEvent(self, event: QShowEvent) -> None:
        """Qt gives a dialog two thirds of the screen's height at most; on a low screen its parts would overlap."""
        super().showEvent(event)
        grow_to_fit(self)

    def _tell(self) -> None:
        self.order_wanted.emit(self._phases.phases(), self._phases.minutes())
        self.accept()
