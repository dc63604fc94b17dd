"""Formulas in Markdown, as GitHub, Obsidian and pandoc have them in TeX: rules for markdown-it-py.

A formula within the text, `$x_1$` or `$$x_1$$`, is words as they stand, for in TeX `_` and `*` are no markup. One whose
lines stand between two lines with `$$` is code in the language `math`, as GitHub has formulas, too. No digit follows
the sign that begins a formula, or that ends it, so prices are none.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

from cowrite.core.text.richtext import SOFT_BREAK

LANGUAGE = "math"

LONGEST_FORMULA = 500
"""Signs of a formula within the text; so many at most are looked through for where it ends."""

_WORDS = rf"(?:\\[^\u2028]|[^$\\\u2028]){{1,{LONGEST_FORMULA}}}"
FORMULA = re.compile(
    rf"\$\$(?=[^$]){_WORDS}\$\$(?![0-9$])|\$(?![\s0-9$]){_WORDS}(?<!\s)\$(?![0-9$])",
    re.DOTALL,
)
"""A formula within the text."""


def begins_formula(behind: str) -> bool:
    """Whether a `$` could begin a formula, before a character of rich text. (A line break is no blank in Markdown.)"""
    return behind == SOFT_BREAK or not (behind.isspace() or (behind.isascii() and behind.isdecimal()))


def read_formulas(markdown: MarkdownIt) -> None:
    """Has markdown-it-py read formulas."""
    markdown.inline.ruler.before("escape", "formula", _within)
    markdown.block.ruler.before("fence", "formula", _lines, {"alt": ["paragraph", "reference", "blockquote", "list"]})


def _within(state: StateInline, silent: bool) -> bool:
    found = FORMULA.match(state.src, state.pos, state.posMax) if state.src[state.pos] == "$" else None
    if found is None:
        return False
    if not silent:
        state.pending += re.sub(r"\s*\n\s*", " ", found[0])
    state.pos = found.end()
    return True


def _lines(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    words = _line(state, first)
    if state.is_code_block(first) or not words.startswith("$$") or "$$" in words[2:]:
        return False
    last = first + 1
    while last < end and not state.isEmpty(last) and state.sCount[last] >= state.blkIndent:
        if "$$" in _line(state, last):
            break
        last += 1
    else:
        return False
    if not _line(state, last).rstrip().endswith("$$"):
        return False
    if silent:
        return True
    below = state.getLines(first + 1, last + 1, state.blkIndent, False).rstrip().removesuffix("$$").rstrip()
    token = state.push("fence", "code", 0)
    token.info, token.content = LANGUAGE, "\n".join(part for part in (words[2:].strip(), below) if part) + "\n"
    token.map = [first, last + 1]
    state.line = last + 1
    return True


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
