"""What a field for words to look for has in each place: a loupe before them, and a cross behind that empties it.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit, QToolButton

from cowrite.gui.look.icons import icon


def as_search_field(field: QLineEdit) -> None:
    """Gives a field both; the cross is there while the field holds something."""
    loupe = QAction(icon("search", "muted"), "Find", field)
    loupe.triggered.connect(field.setFocus)
    cross = QAction(icon("x", "muted"), "Empty the search field", field)
    cross.triggered.connect(field.clear)
    field.addAction(loupe, QLineEdit.ActionPosition.LeadingPosition)
    field.addAction(cross, QLineEdit.ActionPosition.TrailingPosition)
    for made in field.findChildren(QToolButton):
        made.setAccessibleName(made.text())
    field.textChanged.connect(lambda text: cross.setVisible(bool(text)))
    cross.setVisible(bool(field.text()))  # the field does not look how it is when the action comes
