"""What tells the parts of a window from one another by ear."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QWidget


def called(part: QWidget) -> str:
    """The name of a control; of a label, whose name is its own words, what these are."""
    return (part.accessibleDescription() if isinstance(part, QLabel) else "") or part.accessibleName()
