"""Quote: words that stand in a text exactly so, and where."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cowrite.core.text.richtext import EMBED_CHARACTER

_BREAK = re.compile(r"\n(?:>[ \t]?)+")


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a text.

    Attributes:
        text: as they stand there.
        start, end: where; code points.
    """

    text: str
    start: int
    end: int

    @property
    def in_a_line(self) -> str:
        """The words to be shown, without line breaks, the marks before the quoted lines of an e-mail, and embeds."""
        return " ".join(_BREAK.sub(" ", self.text).replace(EMBED_CHARACTER, "").split())
