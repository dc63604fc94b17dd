"""The first words of a text: by which it is called while it has no title, or in the place of all of it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from cowrite.core.text.richtext import EMBED_CHARACTER, Span, utf16_length
from cowrite.core.text.search import within_letters

LONGEST = 80
"""Characters of a line by which a document is called."""
LONG_WORD = 20
"""Characters of a word that is cut itself where it has no room."""
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
    """A text in one line, cut where it has more characters than that: behind a word, or a letter of a long one."""
    words = " ".join(text.split())
    if len(words) <= most:
        return words
    beginning = words[: most - 1]
    whole, _, rest = words[:most].rpartition(" ")
    if whole and len(rest) <= LONG_WORD:
        beginning = whole
    else:  # as in languages that know no blanks
        within = within_letters(words[: most + LONG_WORD])
        while len(beginning) > 1 and utf16_length(beginning) in within:
            beginning = beginning[:-1]
    return f"{beginning}…"


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
