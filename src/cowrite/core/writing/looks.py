"""Looks: how letters and lines look in one place, what is typed there takes of it, and how another place gets it.

Runs on the document's thread; positions are UTF-16 units. Where words lead, who suggested them and what a line says
of itself, such as its number, is no part of a look.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from cowrite.core.document.document import Document
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import (
    BLOCK_ATTRIBUTES,
    INLINE_ATTRIBUTES,
    NO_ATTRIBUTES,
    RECORDS,
    Attributes,
    inline_part,
)
from cowrite.core.writing import tables
from cowrite.core.writing.line import line_at
from cowrite.core.writing.stated_numbers import handing_over

LETTERS = INLINE_ATTRIBUTES - RECORDS - {"link"}
"""The attributes that are the look of letters."""
LINES = ("header", "list", "indent", "blockquote", "code-block", "align")
"""Those that are the look of lines."""


class LineLook(NamedTuple):
    """How a whole line looks.

    Attributes:
        line: its own look; no item of it is ticked.
        letters: that which all of its letters have.
    """

    line: Attributes
    letters: Attributes


class Look(NamedTuple):
    """How one place looks.

    Attributes:
        letters: there.
        whole: the line that they are in; None for words that are only a part of one.
    """

    letters: Attributes
    whole: LineLook | None = None


class CopiedLook:
    """The look that a person has copied last, in whichever window.

    Attributes:
        look: it; None before that.
    """

    def __init__(self) -> None:
        self.look: Look | None = None


def look_of(document: Document, start: int, stop: int, letters: Attributes) -> Look:
    """How a range looks, or with an empty one the line there.

    Args:
        document: the draft.
        start: where the range begins.
        stop: where it ends.
        letters: the inline attributes that all of it has, or that what is typed there would have.
    """
    if _is_part(document, start, stop):
        return Look(of_letters(letters))
    here = line_at(document, start)
    line = {name: value for name, value in here.attributes.items() if name in LINES}
    if line.get("list") == "checked":
        line["list"] = "unchecked"
    first, last = (here.start, here.end) if start == stop else (start, stop)
    return Look(of_letters(letters), LineLook(line, of_letters(common_attributes(document, first, last))))


def of_letters(attributes: Attributes) -> Attributes:
    """What of inline attributes is the look of letters."""
    return {name: value for name, value in attributes.items() if name in LETTERS}


def give(document: Document, start: int, stop: int, look: Look) -> None:
    """Has a range look so: words that are a part of a line as letters, anything else as lines if the look is of one.

    With an empty range it is the line there; a look without a line is then nothing to it.
    """
    whole = None if _is_part(document, start, stop) else look.whole
    if start == stop:
        here = line_at(document, start)
        start, stop = here.start, here.end
    letters = look.letters if whole is None else whole.letters
    with document.edit(Origin.LOCAL) as edit, handing_over(document, edit, start, stop):
        for first, last in tables.pieces(document, start, stop):
            there = {name for span in document.spans(first, last) for name in span.attributes}
            edit.format_text(first, last - first, _only(letters, there & LETTERS))
            if whole is None:
                continue
            breaks = document.line_breaks(first, last)
            ticked = [at for at in breaks if document.rope.attributes_at(at).get("list") == "checked"]
            wanted = _only(whole.line, set(LINES) if whole.line.get("list") == "ordered" else {*LINES, "start"})
            if wanted["list"] != "unchecked":
                edit.format_breaks(breaks, wanted)
                continue
            edit.format_breaks([at for at in breaks if at not in ticked], wanted)
            edit.format_breaks(ticked, {**wanted, "list": "checked"})


def common_attributes(document: Document, start: int, stop: int) -> Attributes:
    """Inline attributes that all characters of a range have, line breaks and embeds left out; of several cells of a
    table those between its ends.

    For an empty range: those that typing there would have.
    """
    if start == stop:
        return inherited_attributes(document, start)
    common: Attributes | None = None
    spans = (span for first, last in tables.pieces(document, start, stop) for span in document.spans(first, last))
    for span in spans:
        if span.embed is not None or not span.text.strip("\n"):
            continue
        here = inline_part(span.attributes)
        common = here if common is None else {n: v for n, v in common.items() if here.get(n) == v}
    return common or NO_ATTRIBUTES


def inherited_attributes(document: Document, at: int) -> Attributes:
    """Inline attributes that text typed at `at` takes: those of the character before it on its line.

    A link ends where its text ends, and text that is typed is never the assistant's.
    """
    line = line_at(document, at)
    if line.is_empty:
        return NO_ATTRIBUTES
    rope = document.rope
    neighbour = rope.attributes_before(at) if at > line.start else rope.attributes_at(at)
    inline = {name: value for name, value in neighbour.items() if name not in BLOCK_ATTRIBUTES | RECORDS}
    if "link" in inline and (at == line.end or rope.attributes_at(at).get("link") != inline["link"]):
        del inline["link"]
    return inline


def _is_part(document: Document, start: int, stop: int) -> bool:
    """Whether a range is words of one line, and not all of it."""
    line = line_at(document, start)
    return start != stop <= line.end and (start, stop) != (line.start, line.end)


def _only(look: Attributes, names: set[str] | frozenset[str]) -> dict[str, Any]:
    """What to set so that of the attributes of these names only those of a look are left."""
    return {**dict.fromkeys(names), **look}
