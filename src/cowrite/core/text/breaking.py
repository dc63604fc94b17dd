"""Where a line may break within a long word, which would not fit into a narrow place or be cut off there.

Runs anywhere.
"""

from __future__ import annotations

import re

LONGEST = 24  # letters of a word that is left whole

_LONG = re.compile(rf"[!-~\u00a1-\u02ff\u0370-\u0482\u048a-\u058f]{{{LONGEST + 1},}}")
"""Words and addresses in scripts whose letters stand apart: no sign comes between those that are joined, or between a
letter and its accent."""


def breakable(text: str) -> str:
    """A text to be shown, with a sign that is not seen wherever a line may break in a long word of it."""
    return _LONG.sub(lambda word: "\u200b".join(word[0]), text)
