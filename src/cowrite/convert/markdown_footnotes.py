"""Footnotes of Markdown, as GitHub and pandoc have them: rules for markdown-it-py, and what it finds by them.

A definition is `[^label]: words`, with further paragraphs of it indented by four. The rules are those of
markdown-it-footnote (https://github.com/markdown-it/markdown-it-footnote), without notes within the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, MutableMapping, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from cowrite.convert.footnotes import words_of_lines
from cowrite.convert.markdown_writer import NOTE_INDENT
from cowrite.core.footnotes import Words, embed_of
from cowrite.core.richtext import Line, Span

_FOUND = "footnotes"  # in the environment of what is parsed: the embed of each label
_REFERRED = "referred"
_DEFINITION = re.compile(r"\[\^([^\]\s]{1,999})\]:")  # as long as labels of links may be
_REFERENCE = re.compile(r"\[\^([^\]\s]{1,999})\]")
_OPEN, _CLOSE = "footnote_open", "footnote_close"


def read_footnotes(markdown: MarkdownIt) -> None:
    """Has markdown-it-py read footnotes."""
    markdown.block.ruler.before("reference", "footnote", _definition, {"alt": ["paragraph", "reference"]})
    markdown.inline.ruler.before("link", "footnote_reference", _reference)


def without_definitions(
    tokens: Sequence[Token], environment: MutableMapping[str, Any], lines: Callable[[Sequence[Token]], Sequence[Line]]
) -> list[Token]:
    """The blocks of a document without those of its footnotes, which are known to all that is parsed next.

    Args:
        tokens: the blocks.
        environment: of what is parsed.
        lines: reads blocks; while it does no footnote is known, for none stands in another one.
    """
    kept: list[Token] = []
    notes: dict[str, dict[str, Any]] = {}
    depth = begun = 0
    for at, token in enumerate(tokens):
        if token.type == _OPEN:
            begun = begun if depth else at
            depth += 1
        elif token.type == _CLOSE:
            depth -= 1
            if not depth:
                own = [each for each in tokens[begun + 1 : at] if each.type not in (_OPEN, _CLOSE)]
                notes.setdefault(tokens[begun].meta["label"], embed_of(words_of_lines(lines(own))))
        elif not depth:
            kept.append(token)
    environment[_FOUND], environment[_REFERRED] = notes, set()
    return kept


def unreferred(environment: MutableMapping[str, Any], words_of: Callable[[dict[str, Any]], Words | None]) -> list[Line]:
    """Lines with the footnotes to which nothing in the text has referred."""
    notes, referred = environment[_FOUND], environment[_REFERRED]
    rest = ((label, words_of(embed)) for label, embed in notes.items() if label not in referred)
    return [Line((Span(f"[^{label}]: "), *words)) for label, words in rest if words]


def _definition(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    start, stop = state.bMarks[first] + state.tShift[first], state.eMarks[first]
    found = None if state.is_code_block(first) else _DEFINITION.match(state.src, start, stop)
    if found is None:
        return False
    if silent:
        return True
    behind = at = found.end()
    column = begun = state.sCount[first] + behind - start
    while at < stop and state.src[at] in " \t":
        column += 4 - column % 4 if state.src[at] == "\t" else 1
        at += 1
    _push(state, _OPEN, 1).meta = {"label": found[1]}
    outer = state.bMarks[first], state.tShift[first], state.sCount[first], state.parentType
    state.bMarks[first], state.tShift[first] = behind, at - behind
    state.sCount[first] = column - begun
    state.blkIndent += NOTE_INDENT
    state.sCount[first] += state.blkIndent if state.sCount[first] < state.blkIndent else 0
    state.parentType = "footnote"
    state.md.block.tokenize(state, first, end)
    state.line = max(state.line, first + 1)
    state.blkIndent -= NOTE_INDENT
    state.bMarks[first], state.tShift[first], state.sCount[first], state.parentType = outer
    _push(state, _CLOSE, -1)
    return True


def _push(state: StateBlock, kind: str, nesting: Any) -> Token:
    return state.push(kind, "", nesting)


def _reference(state: StateInline, silent: bool) -> bool:
    found = _REFERENCE.match(state.src, state.pos, state.posMax)
    embed = None if found is None else state.env.get(_FOUND, {}).get(found[1])
    if found is None or embed is None:
        return False
    if not silent:
        state.env[_REFERRED].add(found[1])
        state.push("footnote_reference", "", 0).meta = {"embed": embed}
    state.pos = found.end()
    return True
