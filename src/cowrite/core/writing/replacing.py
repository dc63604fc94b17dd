"""What takes the place of what was found: words, or words with parts of what a pattern has found.

Positions are UTF-16 units.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, chain
from typing import NamedTuple

from cowrite.core.document.document import Document
from cowrite.core.document.edit import Edit
from cowrite.core.text.richtext import SOFT_BREAK, Attributes, Span, for_typing, inline_part, joined, utf16_length
from cowrite.core.text.strides import in_strides
from cowrite.core.text.suggested_text import as_copied

Range = tuple[int, int]
_SIGNS = re.compile(r"\\(\\|\d|t|n)|\$(\$|&|\d|\{\d+\})")
_BLANKS = {"t": "\t", "n": SOFT_BREAK}


class Found(NamedTuple):
    """A place that was found.

    Attributes:
        place: its ends; equal where what was found is between two letters.
        groups: the ends of each group of the pattern, None for one that is nowhere.
    """

    place: Range
    groups: tuple[Range | None, ...] = ()


class Replacement(NamedTuple):
    """A stretch of text, and the rich text that takes its place.

    Attributes:
        start, stop: its ends.
        spans: what comes there; none to delete it.
    """

    start: int
    stop: int
    spans: tuple[Span, ...]

    @property
    def units(self) -> int:
        """How long what comes there is."""
        return sum(utf16_length(span.text) for span in self.spans)


def read_words(words: str, groups: int) -> list[str | int]:
    """Words in which signs stand for groups of a pattern: `$1` or `\\1`, `${12}`, all of it `$&`, `$0` or `\\0`; `\\t`
    is a tab, `\\n` a soft break, `$$` a dollar sign, `\\\\` a backslash. A group that the pattern does not have is
    words.

    Args:
        words: as they are written.
        groups: how many the pattern has.

    Returns:
        Words, and numbers of groups, of which 0 is all that was found.
    """
    parts: list[str | int] = []
    at = 0
    for sign in _SIGNS.finditer(words):
        name = (sign[1] or sign[2]).strip("{}")
        group = 0 if name == "&" else int(name) if name.isdecimal() else None
        if group is not None and group > groups:
            continue
        parts += (words[at : sign.start()], _BLANKS.get(name, name) if group is None else group)
        at = sign.end()
    return [part for part in (*parts, words[at:]) if part != ""]


def replacements(draft: Document, found: Found, parts: list[str | int]) -> Iterator[Replacement]:
    """What is to be done for a place to be replaced. A group that can stay where it is does, with its comments and what
    others write in it; one that comes to stand elsewhere keeps its look, and words have that of what they stand for.

    Args:
        draft: the text.
        found: the place.
        parts: see `read_words`.

    Returns:
        From left to right; the last one ends with the place.
    """
    at, stop = found.place
    pending: list[str | list[Span]] = []
    for part in parts:
        if isinstance(part, str):
            pending.append(part)
            continue
        group = (found.place, *found.groups)[part]
        if group is None or group[0] == group[1]:
            continue
        if at <= group[0] and group[1] <= stop:
            if pending or at < group[0]:
                yield _replacement(draft, found, at, group[0], pending)
            at, pending = group[1], []
        else:
            pending.append(as_copied(draft.spans(*group)))
    yield _replacement(draft, found, at, stop, pending)


def replace_all(edit: Edit, what: Sequence[Replacement]) -> int:
    """Does all of it: at once what can be done so, see `Edit.replace_many`. Of the others what comes does first, while
    most of the text is in long runs, and what goes does at once, for pycrdt looks for each place from the beginning of
    the text.

    Args:
        edit: the edit to do it in.
        what: from left to right.

    Returns:
        The position behind the last of what comes, before the edit is over.
    """
    done = edit.replace_many([(each.start, each.stop - each.start) for each in what], [each.spans for each in what])
    growth = [each.units - (each.stop - each.start) for each in what]
    shifts = accumulate((units if is_done else 0 for units, is_done in zip(growth, done, strict=True)), initial=0)
    rest = [
        Replacement(each.start + shift, each.stop + shift, each.spans)
        for each, shift, is_done in zip(what, shifts, done, strict=False)
        if not is_done
    ]
    lengths = [each.units for each in rest]
    for number, at in in_strides([each.stop for each in rest], lengths):
        for span in rest[number].spans:
            edit.insert_span(at, span)
            at += utf16_length(span.text)
    come = accumulate(lengths, initial=0)
    gone = [(each.start + before, each.stop - each.start) for each, before in zip(rest, come, strict=False)]
    edit.delete_all([(at, units) for at, units in gone if units])
    return what[-1].stop + sum(growth)


def _replacement(draft: Document, found: Found, start: int, stop: int, pending: list[str | list[Span]]) -> Replacement:
    look = _look(draft, found, start, stop) if pending else {}
    spans = chain.from_iterable([Span(part, look)] if isinstance(part, str) else part for part in pending)
    return Replacement(start, stop, tuple(joined(spans)))


def _look(draft: Document, found: Found, start: int, stop: int) -> Attributes:
    rope, place = draft.rope, found.place
    # Between two letters it is that of what follows, and at the end of a line that of what this ends with.
    is_behind = rope.find("\n", start) == start if place[0] == place[1] else start == stop > place[0]
    return for_typing(inline_part(rope.attributes_before(start) if is_behind else rope.attributes_at(start)))
