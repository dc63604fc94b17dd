"""What happens at a desk while a file is read beside the window."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QLabel

from helpers.desk import Desk


class Heard(QObject):
    """Notes how many drafts are open when an event comes."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.found: list[int] = []

    def event(self, event: QEvent) -> bool:
        """Notes it."""
        self.found.append(len(self._desk.application.documents.drafts))
        return True


def said(window: QObject) -> str:
    """All that is said in a window."""
    return " ".join(label.text() for label in window.findChildren(QLabel))
