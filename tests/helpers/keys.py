"""Key presses as they come from a keyboard."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QTextEdit


def press_text(editor: QTextEdit, text: str) -> None:
    """Sends the key press that types a character."""
    QCoreApplication.sendEvent(editor, QKeyEvent(QKeyEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, text))


def press(editor: QTextEdit, key: str) -> None:
    """Sends a key press, such as "Return" or "shift+Left"."""
    *held, name = key.split("+")
    names = {"shift": Qt.KeyboardModifier.ShiftModifier, "ctrl": Qt.KeyboardModifier.ControlModifier}
    modifiers = Qt.KeyboardModifier.NoModifier
    for each in held:
        modifiers |= names[each]
    if name == "Backtab":
        modifiers |= Qt.KeyboardModifier.ShiftModifier
    text = {"Return": "\r", "Tab": "\t", "Backspace": "\b", "Delete": "\x7f"}.get(name, "")
    QCoreApplication.sendEvent(editor, QKeyEvent(QKeyEvent.Type.KeyPress, Qt.Key[f"Key_{name}"], modifiers, text))
