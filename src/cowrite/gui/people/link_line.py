"""LinkLine: the link that lets others in, to be read and copied.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from cowrite.bridge.single_shot import single_shot
from cowrite.gui.keyboard.speaking import say
from cowrite.gui.look.icons import show_icon
from cowrite.gui.look.theme import SPACING
from cowrite.gui.widgets.dialog_parts import button

COPIED_FOR = 2000  # milliseconds that a button says "Copied"


class LinkLine(QWidget):
    """A link that can be read, selected and copied."""

    def __init__(self) -> None:
        super().__init__()
        self._link = QLineEdit()
        self._link.setReadOnly(True)
        self._link.setAccessibleName("Invitation link")
        self.copy_button = button("Copy link", "Copy the invitation link to the clipboard", "primary")
        self.copy_button.setAccessibleName("Copy the invitation link")
        self.copy_button.clicked.connect(self._copy_link)
        self._again = single_shot(self, lambda: self._show_copied(False), COPIED_FOR)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACING)
        row.addWidget(self._link, 1)
        row.addWidget(self.copy_button)
        self._show_copied(False)
        self.copy_button.setMinimumWidth(self.copy_button.sizeHint().width())

    def show_link(self, link: str) -> None:
        """Shows it from its start."""
        self._link.setText(link)
        self._link.setCursorPosition(0)
        self._link.setToolTip(link or "The link that lets others in")

    def _copy_link(self) -> None:
        QGuiApplication.clipboard().setText(self._link.text())
        self._show_copied(True)
        say(self.copy_button, "Copied")
        self._again.start()

    def _show_copied(self, copied: bool) -> None:
        self.copy_button.setText("Copied" if copied else "Copy link")
        show_icon(self.copy_button, "check" if copied else "copy")
