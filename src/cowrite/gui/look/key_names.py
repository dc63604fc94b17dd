"""Keys in sentences, named as they are on the keyboards of this system. Runs anywhere."""

from __future__ import annotations

import re
import sys

_HELD = {"Ctrl": "⌘", "Alt": "⌥", "Shift": "⇧"}
_ORDER = "⌥⇧⌘"
_SIGNS = {"Enter": "↩", "Up": "↑", "Down": "↓", "Left": "←", "Right": "→"}
_KEYS = re.compile(rf"((?:(?:{'|'.join(_HELD)})\+)+)(\w+)")


def with_keys(sentence: str, *, is_mac: bool = sys.platform == "darwin") -> str:
    """A sentence that names keys as in “Ctrl+F”; on a Mac, whose menus have “⌘F” for it, with such signs."""
    return _KEYS.sub(_with_signs, sentence) if is_mac else sentence


def and_key(words: str, key: str) -> str:
    """Words of a tooltip with the key that does the same behind them; alone where there is none."""
    return f"{words} ({key})" if key else words


def _with_signs(found: re.Match[str]) -> str:
    held = sorted((_HELD[name] for name in found[1].split("+")[:-1]), key=_ORDER.index)
    between = "-" if found[2].islower() else ""  # before a click or the wheel
    return f"{''.join(held)}{between}{_SIGNS.get(found[2], found[2])}"
