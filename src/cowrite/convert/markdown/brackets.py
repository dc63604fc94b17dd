"""Brackets of Markdown: where each is closed, and a rule for markdown-it-py about very many that are not.

For each bracket, markdown-it goes through all that follows to see whether it is closed: 30,000 in one paragraph, or 900
in a long one with much emphasis, would take seconds.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

MANY = 100
"""From so many on, a bracket that nothing closes is read as a sign without a look at what follows."""

_BRACKETS = "brackets"  # in the environment of what is parsed: a text, and where in it each bracket is closed
_SIGNS = re.compile(r"\\.|(?<!`)`+|\[|\]", re.DOTALL)
"""Brackets, signs that mean nothing, and what begins and ends code."""
_TICKS = re.compile("`+")


def read_unclosed(markdown: MarkdownIt) -> None:
    """Has markdown-it-py pass over brackets that nothing closes, where there are very many brackets."""
    markdown.inline.ruler.before("link", "unclosed", _unclosed)


def closed(state: StateInline) -> dict[int, int | None]:
    """Where each bracket of what is read is closed; None where it is not."""
    known: tuple[str, dict[int, int | None]] = state.env.get(_BRACKETS, ("", {}))
    text, ends = known
    if text is not state.src:
        ends, opened = {}, list[int]()
        for sign in _signs(state.src):
            if sign[0] == "[":
                ends[sign.start()] = None
                opened.append(sign.start())
            elif sign[0] == "]" and opened:
                ends[opened.pop()] = sign.start()
        state.env[_BRACKETS] = state.src, ends
    return ends


def _signs(text: str) -> Iterator[re.Match[str]]:
    """The brackets of a text that are in no code. It is gone through twice, however many backticks end nothing."""
    ends: dict[int, deque[int]] = {}  # by how many backticks they are, where such ones end
    for ticks in _TICKS.finditer(text):
        ends.setdefault(len(ticks[0]), deque()).append(ticks.end())
    at = 0
    while (sign := _SIGNS.search(text, at)) is not None:
        at = sign.end()
        if sign[0].startswith("`"):
            same = ends.get(len(sign[0]), deque())
            while same and same[0] <= at:
                same.popleft()
            at = same[0] if same else at
        else:
            yield sign


def _unclosed(state: StateInline, silent: bool) -> bool:
    """A bracket that nothing closes, also of a picture."""
    at = state.pos + state.src.startswith("!", state.pos)
    if len(state.src) < MANY or not state.src.startswith("[", at):
        return False
    brackets = closed(state)
    if len(brackets) < MANY or brackets.get(at) is not None:
        return False
    if not silent:
        state.pending += state.src[state.pos : at + 1]
    state.pos = at + 1
    return True
