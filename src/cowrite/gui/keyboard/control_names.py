"""What controls are called.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtWidgets import QWidget


def called(control: QWidget, name: str, tip: str | None = None) -> None:
    """Names a control when it is read out, and under the pointer; on Linux Qt would call a box what is chosen in it.

    Args:
        control: what is named.
        name: what it is called.
        tip: what it is for, under the pointer; its name where nothing is given.
    """
    control.setAccessibleName(name)
    control.setToolTip(name if tip is None else tip)
