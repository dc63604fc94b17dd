"""Whether plain text is plainly Markdown: what a person pastes is read as Markdown only then.

Runs anywhere. Signs that mean something in no other text count wherever they stand: a table, a closed fence, a link.
Those that letters, transcripts and logs have as well (lists, headings) count only where reading them as Markdown joins
no lines, for what is written line by line there falls into one paragraph. A quote is no sign at all: every answered
letter has one.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

_TABLE = re.compile(r"^ {0,3}\|?(?:[ \t]*:?-+:?[ \t]*\|)+(?:[ \t]*:?-+:?)?[ \t]*$", re.MULTILINE)
"""The line below a table's head."""
_FENCE = re.compile(r" {0,3}(```|~~~)[`~]*([^`]*)")
_STRONG = re.compile(r"(?<![\w*])\*\*(?![\s*])[^*\n]*[^\s*]\*\*(?![\w*])")
_LINK = re.compile(r"\[[^\[\]\n]+\]\((?:https?://|mailto:|[#./\w])[^\s)]*\)")
_TASK = re.compile(r"^[^\S\n]*[-*+] \[[ xX]\] \S", re.MULTILINE)
_ITEM = re.compile(r"(\s*)([-*+]|\d{1,9}[.)])[ \t]+\S")
_HEADING = re.compile(r" {0,3}#{1,6} \S")
_BEGINS = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])[ \t]|#{1,6} |>|```|~~~|<")
"""The beginning of a line that goes on with none before it."""


def is_markdown(text: str) -> bool:
    """Whether a text is plainly Markdown, and not only text in which its signs occur."""
    lines = text.splitlines()
    if _TABLE.search(text) or _has_fence(lines):
        return True
    blocks = _items(lines) + _headings(lines)
    inline = sum(len(sign.findall(text)) for sign in (_STRONG, _LINK, _TASK))
    return inline + bool(blocks) >= 2 or (blocks >= 2 and not _joins_lines(lines))


def _has_fence(lines: list[str]) -> bool:
    """Whether a fence is opened and closed."""
    opened = ""
    for found in filter(None, map(_FENCE.match, lines)):
        if not opened:
            opened = found[1]
        elif found[1] == opened and not found[2].strip():
            return True
    return False


def _items(lines: list[str]) -> int:
    """How many lines are items of a list of at least two. Where - and + stand side by side, they are a difference."""
    marks = [(found[1], found[2][-1]) for found in map(_ITEM.match, lines) if found]
    if {("", "-"), ("", "+")} <= set(marks):
        return 0
    return sum(count for count in Counter(mark for _, mark in marks).values() if count >= 2)


def _headings(lines: list[str]) -> int:
    """How many lines are headings, with nothing above; the comment of a program stands right above what it is about."""
    bare = ["", *lines, ""]
    return sum(
        bool(_HEADING.match(line))
        and not above.strip()
        and (not below.strip() or bool(_ITEM.match(below)) or line.lstrip().startswith("##"))
        for above, line, below in zip(bare, lines, bare[2:], strict=False)
    )


def _joins_lines(lines: list[str]) -> bool:
    """Whether Markdown would take a line for the rest of the one above it."""
    return any(
        line.strip() and above.strip() and not _BEGINS.match(line) and not _HEADING.match(above)
        for above, line in pairwise(lines)
    )
