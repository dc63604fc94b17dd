"""Large letters."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget


def set_letters(widget: QWidget, points: float) -> None:
    """Sets all letters of a widget in a size. The widgets within have no font of its own once the application's style
    sheet has dressed one, so that `setFont` would not reach them."""
    widget.setStyleSheet(f"* {{ font-size: {points:g}pt; }}")
