"""Names of members: what can be one, and how two that are alike are told apart."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection

from cowrite_server.members_protocol import NAME_UNITS

_UNSHOWN = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Unicode categories: controls, halves of characters, separators of lines and paragraphs."""

_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that turn the direction of what stands beside a name."""


def clean_name(text: str) -> str | None:
    """A name as people see it: without control characters and needless space, and cut after NAME_UNITS code points.

    Returns:
        The name, or None where nothing is left.
    """
    shown = "".join(
        " " if unicodedata.category(unit) in _UNSHOWN else unit
        for unit in unicodedata.normalize("NFC", text)
        if unit not in _TURNING
    )
    return " ".join(shown.split())[:NAME_UNITS].rstrip() or None


def free_name(chosen: str, taken: Collection[str]) -> str:
    """The name under which the others see somebody: the chosen one, with a number where another has it.

    Args:
        chosen: at most NAME_UNITS code points; the result has no more.
        taken: names under which the others of the room are seen.
    """
    name, number = chosen, 1
    while name in taken:
        number += 1
        suffix = f" ({number})"
        name = chosen[: NAME_UNITS - len(suffix)] + suffix
    return name
