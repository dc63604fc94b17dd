"""Where things stand that are painted by hand, in a window that reads from left to right or from right to left.

Runs on the GUI thread. QStyle knows the same, but PySide makes it with its thousand constants when it is first named;
the first window does without.
"""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QWidget


def leading(widget: QWidget) -> Qt.AlignmentFlag:
    """The alignment of a line that begins where reading begins, in the middle of its height."""
    side = Qt.AlignmentFlag.AlignRight if _is_mirrored(widget) else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter


def mirrored(rect: QRect, widget: QWidget) -> QRect:
    """Where a rectangle of a widget is that is given as if one read from left to right."""
    if not _is_mirrored(widget):
        return rect
    return rect.translated(widget.width() - 1 - rect.right() - rect.left(), 0)


def _is_mirrored(widget: QWidget) -> bool:
    return widget.layoutDirection() == Qt.LayoutDirection.RightToLeft
