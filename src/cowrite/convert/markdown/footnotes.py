"""Footnotes of Markdown, as GitHub and pandoc have them: rules for markdown-it-py, and what it finds by them.

A definition is `[^label]: words`, with further paragraphs of it indented by four; in a label large and small letters
are the same. A note within the text is `^[words]`, as pandoc has it; where an address follows, this is a link behind a
`^`. The rules are those of markdown-it-footnote (https://github.com/markdown-it/markdown-it-footnote).
"""

from __future__ import annotations

import re
from collections.abc import Callable, MutableMapping, Sequence
from functools import partial
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import normalizeReference
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from cowrite.convert.footnotes import Repeated, note_of_lines
from cowrite.convert.images import ImageOf
from cowrite.convert.markdown.brackets import closed
from cowrite.convert.markdown.inline import inline_spans
from cowrite.convert.markdown.writer import NOTE_INDENT
from cowrite.core.text.footnotes import Words
from cowrite.core.text.richtext import Line, Span

_FOUND = "footnotes"  # in the environment of what is parsed: what stands in the text for each label
_REFERRED = "referred"
_REPEATED = "referred again"
_OTHERS = "other footnotes"  # of a label that another one has before it, with the label
_DEFINITION = re.compile(r"\[\^([^\]\s]{1,999})\]:")  # as long as labels of links may be
_REFERENCE = re.compile(r"\[\^([^\]\s]{1,999})\]")
_OPEN, _CLOSE = "footnote_open", "footnote_close"


def read_footnotes(markdown: MarkdownIt, change: Callable[[str], None]) -> None:
    """Has markdown-it-py read footnotes.

    Args:
        markdown: it.
        change: is told what comes in otherwise than it was, by a name.
    """
    markdown.block.ruler.before("reference", "footnote", _definition, {"alt": ["paragraph", "reference"]})
    markdown.inline.ruler.before("link", "footnote_reference", _reference)
    markdown.inline.ruler.before("link", "footnote_within", partial(_within, change))


def without_definitions(
    tokens: Sequence[Token],
    environment: MutableMapping[str, Any],
    lines: Callable[[Sequence[Token]], Sequence[Line]],
    change: Callable[[str], None],
) -> list[Token]:
    """The blocks of a document without those of its footnotes, which are known to all that is parsed next.

    Args:
        tokens: the blocks.
        environment: of what is parsed.
        lines: reads blocks; while it does no footnote is known, for none stands in another one.
        change: is told what comes in otherwise than it was, by a name.
    """
    kept: list[Token] = []
    notes: dict[str, tuple[str, tuple[Span, ...]]] = {}
    others: list[tuple[str, tuple[Span, ...]]] = []
    depth = begun = 0
    for at, token in enumerate(tokens):
        if token.type == _OPEN:
            begun = begun if depth else at
            depth += 1
        elif token.type == _CLOSE:
            depth -= 1
            if not depth:
                own = [each for each in tokens[begun + 1 : at] if each.type not in (_OPEN, _CLOSE)]
                label: str = tokens[begun].meta["label"]
                note = label, note_of_lines(lines(own), change)
                if notes.setdefault(normalizeReference(label), note) is not note:
                    others.append(note)
        elif not depth:
            kept.append(token)
    environment.update({_FOUND: notes, _REFERRED: set(), _REPEATED: Repeated(), _OTHERS: others})
    return kept


def unreferred(environment: MutableMapping[str, Any], words_of: Callable[[dict[str, Any]], Words | None]) -> list[Line]:
    """Lines with the footnotes to which nothing in the text has referred, and those of labels that others have too."""
    notes, referred = environment[_FOUND], environment[_REFERRED]
    rest = [*(note for key, note in notes.items() if key not in referred), *environment[_OTHERS]]
    said = ((label, (*(words_of(note.embed or {}) or ()), *pictures)) for label, (note, *pictures) in rest)
    return [Line((Span(f"[^{label}]: "), *spans)) for label, spans in said if spans]


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
    key = "" if found is None else normalizeReference(found[1])
    note = state.env.get(_FOUND, {}).get(key)
    if found is None or note is None:
        return False
    if not silent:
        is_again = key in state.env[_REFERRED]
        if is_again and not state.env[_REPEATED].may(note[1][0]):
            return False
        spans = note[1][:1] if is_again else note[1]  # its pictures are in the text once
        state.env[_REFERRED].add(key)
        _refer(state, lambda _image_of: spans)
    state.pos = found.end()
    return True


def _within(change: Callable[[str], None], state: StateInline, silent: bool) -> bool:
    """A note within the text; in a note there is none."""
    if _FOUND not in state.env or not state.src.startswith("^[", state.pos):
        return False
    end = closed(state).get(state.pos + 1)
    words = state.src[state.pos + 2 : end]
    if end is None or end >= state.posMax or not words.strip() or state.src.startswith("(", end + 1):
        return False
    if not silent:
        tokens: list[Token] = []
        known = {name: value for name, value in state.env.items() if name != _FOUND}
        state.md.inline.parse(words, state.md, known, tokens)
        _refer(state, lambda image_of: note_of_lines([Line(tuple(inline_spans(tokens, image_of)))], change))
    state.pos = end + 1
    return True


def _refer(state: StateInline, note: Callable[[ImageOf], Sequence[Span]]) -> None:
    state.push("footnote_reference", "", 0).meta = {"note": note}
