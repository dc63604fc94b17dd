"""The cross in a search field that empties it. Runs on the GUI thread."""

from __future__ import annotations

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit

from cowrite.gui.look.icons import icon


def add_emptier(field: QLineEdit) -> None:
    """Lets a search field be emptied with a click, by a cross that is there while it holds something."""
    cross = QAction(icon("x", "muted"), "Empty the search field", field)
    cross.triggered.connect(field.clear)
    field.addAction(cross, QLineEdit.ActionPosition.TrailingPosition)
    field.textChanged.connect(lambda text: cross.setVisible(bool(text)))
    cross.setVisible(bool(field.text()))  # the field does not look how it is when the action comes
