"""What whoever reads by ear is told without going there: what has come, what has become of a command.

Runs on the GUI thread. An announcement is the one call for attention that reaches screen readers on every system: of
an alert Qt tells nothing to those on Linux. A command's own widget, its name and its state are read without this.
"""

from __future__ import annotations

from PySide6 import QtGui  # PySide makes a class when it is first named; most windows never need these
from PySide6.QtWidgets import QWidget


def say(part: QWidget, words: str) -> None:
    """Has a screen reader say words, once it has said what it is about to say; without one nothing is done.

    Args:
        part: what they are about.
        words: plain text; empty for nothing.
    """
    if words and QtGui.QAccessible.isActive():
        QtGui.QAccessible.updateAccessibility(QtGui.QAccessibleAnnouncementEvent(part, words))
