"""MenuChoice: whether cowrite is in the desktop's menu of programs, to be chosen in the preferences.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from cowrite.gui.keyboard.speaking import say
from cowrite.gui.look.theme import set_look
from cowrite.gui.widgets.dialog_parts import column_in
from cowrite.gui.widgets.wrapping_label import WrappingLabel


class MenuChoice(QWidget):
    """A box to tick; whoever listens to `asked` says by `answer` what came of it.

    Args:
        is_there: whether cowrite is in the menu now.
    """

    asked = Signal(bool)
    """The person wants it there, or not."""
    told = Signal()
    """There is a message to be read."""

    def __init__(self, is_there: bool) -> None:
        super().__init__()
        self._box = QCheckBox("Open documents and &links with cowrite, from the menu of programs too")
        self._box.setAccessibleName("Open documents and links with cowrite, from the menu of programs too")
        self._box.setToolTip("In your account on this computer only; while this is off, cowrite is started as before")
        self._box.setChecked(is_there)
        self._message = WrappingLabel()
        set_look(self._message, tone="problem")
        self._message.hide()
        column_in(self, self._box, self._message)
        self._box.clicked.connect(self._ask)

    def answer(self, is_there: bool, problem: str) -> None:
        """Shows what is so now, and why it is not what was asked for; an empty `problem` if it is."""
        self._box.setChecked(is_there)
        self._message.setText(problem)
        self._message.setVisible(bool(problem))
        if problem:
            say(self._message, problem)
            self.told.emit()

    def _ask(self, on: bool) -> None:
        self._message.hide()
        self.asked.emit(on)
