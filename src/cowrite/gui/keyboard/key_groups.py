"""Keys of which several mean the same, wherever they are asked about. Runs on the GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Qt

ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
"""Enter, and that among the numbers."""

# As numbers: Python's enumerations are slow, and every key is compared with these.
MOVING = range(Qt.Key.Key_Home.value, Qt.Key.Key_PageDown.value + 1)
"""Keys that put the caret somewhere."""

COMMANDING = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
"""What is held with a key that does not write."""
