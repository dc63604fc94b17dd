"""The first words of a text: by which it is called while it has no title, or in the place of all of it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from cowrite.core.text.richtext import EMBED_CHARACTER, Span, utf16_length
from cowrite.core.text.search import within_letters

LONGEST = 80
"""Characters of a line by which a document is called."""
_NOTED = frozenset({"yaml", "toml"})  # in these other programs note at the head of a text what it is called, and more
_TITLE = re.compile(r"""title\s*[:=]\s*(["']?)(.*\S)\1""")


def heading_of(line: str) -> str:
    """What a document that begins with a line can be called: its words, as many as are not too long."""
    words = " ".join(line.split())
    if len(words) <= LONGEST:
        return words
    beginning = words[: LONGEST + 1]
    if heading := beginning.rpartition(" ")[0]:
        return heading
    within = within_letters(beginning)
    return next(cut for at in range(LONGEST, 0, -1) if utf16_length(cut := words[:at]) not in within or at == 1)


def shortened(text: str, most: int = 140) -> str:
    """A text in one line, cut where it has more characters than that."""
    words = " ".join(text.split())
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"


def first_words(spans: Iterable[Span]) -> str:
    """What a document can be called: the beginning of its first line that has words, or the title that is noted above
    that line; empty where none has."""
    line = noted = ""
    for span in spans:
        is_noted = span.attributes.get("code-block") in _NOTED
        *ended, rest = span.text.replace(EMBED_CHARACTER, " ").split("\n")
        for text in ended:
            line += text
            if not is_noted:
                if heading := heading_of(line):
                    return heading
            elif title := _TITLE.fullmatch(line.strip()):  # else it tries each of the blanks at its end
                return heading_of(title[2])
            else:
                noted = noted or heading_of(line)
            line = ""
        line += rest
    return heading_of(line) or noted
