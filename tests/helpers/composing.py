"""An input method that composes text in a field."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget


def compose(field: QWidget, text: str) -> None:
    """Shows text that an input method is still making."""
    QCoreApplication.sendEvent(field, QInputMethodEvent(text, []))


def commit(field: QWidget, text: str) -> None:
    """Takes what the input method has made."""
    event = QInputMethodEvent("", [])
    event.setCommitString(text)
    QCoreApplication.sendEvent(field, event)


def composed(field: QPlainTextEdit) -> list[str]:
    """Each line of a field, with what is composed in it in brackets."""
    shown, block = [], field.document().begin()
    while block.isValid():
        text, layout = block.text(), block.layout()
        at, words = layout.preeditAreaPosition(), layout.preeditAreaText()
        shown.append(f"{text[:at]}[{words}]{text[at:]}" if words else text)
        block = block.next()
    return shown
