"""Which key is meant by a command of one letter or digit, on keyboards with other letters than Latin ones.

Runs on the GUI thread. Qt gives the Latin letter of a key only while Ctrl is held; alone it is a letter of Russian,
Greek or Arabic, and in France what is a digit elsewhere. Such a key is known by its place.
"""

from __future__ import annotations

import sys
import unicodedata
from string import ascii_letters, digits

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

PLATFORM = sys.platform
_NONE = Qt.KeyboardModifier.NoModifier
_CTRL = Qt.KeyboardModifier.ControlModifier
_CTRL_ALT = _CTRL | Qt.KeyboardModifier.AltModifier
_USUAL = frozenset(map(ord, ascii_letters + digits))
_ROWS = ("1234567890", "QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM")
_FIRST = (10, 24, 38, 52)
"""What X11 and Wayland have for the first key of each row; the others follow it."""
_ON_LINUX = {first + at: key for first, row in zip(_FIRST, _ROWS, strict=True) for at, key in enumerate(row)}
_ON_WINDOWS = {ord(key): key for row in _ROWS for key in row}
_MAC_ROWS = (
    (18, 19, 20, 21, 23, 22, 26, 28, 25, 29),
    (12, 13, 14, 15, 17, 16, 32, 34, 31, 35),
    (0, 1, 2, 3, 5, 4, 38, 40, 37),
    (6, 7, 8, 9, 11, 45, 46),
)
_ON_MAC = {code: key for codes, row in zip(_MAC_ROWS, _ROWS, strict=True) for code, key in zip(codes, row, strict=True)}


def usual_key(event: QKeyEvent) -> Qt.Key:
    """The key that is there on a keyboard of English, where this one has a letter that is not Latin, or no digit in the
    row of digits; otherwise the key itself."""
    key = event.key()
    if _is_usual(key):
        return Qt.Key(key)
    place = _place(event)
    is_letter = unicodedata.category(chr(key))[0] in "LM"  # vowels of Thai and Hindi are marks
    return Qt.Key(ord(place)) if place.isdigit() or (place and is_letter) else Qt.Key(key)


def is_moved(event: QKeyEvent) -> bool:
    """Whether a command may be meant by the place of a key that writes something else, as it is held with Ctrl or with
    Ctrl and Alt. On Windows these two together also write what AltGr does."""
    if _is_usual(event.key()) or event.modifiers() == _NONE:  # as most are
        return False
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    return held in (_CTRL, _CTRL_ALT if PLATFORM != "win32" else _CTRL) and usual_key(event) != event.key()


def _is_usual(key: int) -> bool:
    """Whether a key is on a keyboard of English what it is here, wherever it is: a digit, a Latin letter, or one
    that writes nothing."""
    return key in _USUAL or not 0x20 < key <= sys.maxunicode  # Qt's own come behind these


def _place(event: QKeyEvent) -> str:
    """What is there on a keyboard of English; empty where it is another key, or nothing is known of its place."""
    if PLATFORM == "win32":
        return _ON_WINDOWS.get(event.nativeVirtualKey(), "")
    if PLATFORM == "darwin":  # where 0 is the A as well; the other number says that a key was pressed at all
        return _ON_MAC.get(event.nativeVirtualKey(), "") if event.nativeScanCode() else ""
    return _ON_LINUX.get(event.nativeScanCode(), "")
