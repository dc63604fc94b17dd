"""Typography: the quotation marks, apostrophes, dashes and dots of print in the place of those on a keyboard.

A straight quotation mark opens at the start of a line and behind a space, a bracket, a dash or another that opens, and
closes elsewhere. A straight apostrophe does likewise; within a word it is an apostrophe, which within inner quotes is
known once the word has ended. Two hyphens between spaces are a dash, three dots are one sign. Each is an undo step of
its own, so that undo gives the typed sign back. Code stays as it is typed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from cowrite.core.document.document import Document
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import DELETION, INSERTION, utf16_length
from cowrite.core.writing.habits import OPEN_CODE
from cowrite.core.writing.line import line_at

APOSTROPHE = "’"
_THIN = "\u202f"  # no line breaks at it
_WITHIN_WORD = re.compile(r"(?<=\w)([^\w\s])(?=\w+[^\w\s]*$)")
_OPENS_BEHIND = " \t\n\u00a0\u2028\u202f([{<–—-/"


class Quotes(NamedTuple):
    """What a double and a single quotation mark become, where they open and where they close."""

    opening: str
    closing: str
    inner_opening: str
    inner_closing: str


QUOTES: Mapping[str, Quotes] = MappingProxyType(
    {
        "en": Quotes("“", "”", "‘", "’"),
        "de": Quotes("„", "“", "‚", "‘"),
        "fr": Quotes(f"«{_THIN}", f"{_THIN}»", "“", "”"),
        "it": Quotes("«", "»", "“", "”"),
        "pl": Quotes("„", "”", "‚", "’"),
        "sv": Quotes("”", "”", "’", "’"),
        "da": Quotes("»", "«", "›", "‹"),
    }
)
"""By a language that has them so, as CLDR has them for it or, of the Danish ones, as books do."""

SIGNS = frozenset("\"'. ")
"""The characters whose typing can complete something here."""


class Sign(NamedTuple):
    """A sign of print.

    Attributes:
        typed: what stands in its place.
        print: the sign.
        behind: the text behind it, up to the caret.
    """

    typed: str
    print: str
    behind: str = ""


def set_in_print(document: Document, at: int, quotes: Quotes) -> int | None:
    """Puts signs of print in the place of what was just typed before a position.

    Args:
        document: the draft.
        at: the caret, in UTF-16 units.
        quotes: the quotation marks.

    Returns:
        Where the caret goes, in UTF-16 units; None where nothing is changed.
    """
    line = line_at(document, at)
    before = document.rope.text(line.start, at)
    if line.attributes.get("code-block") or OPEN_CODE.search(before):
        return None
    caret = at
    is_changed = False
    for sign in printed(before, quotes):
        stop = caret - utf16_length(sign.behind)
        start = stop - utf16_length(sign.typed)
        looks = [span.attributes for span in document.spans(start, stop)]
        if any({"code", DELETION} & look.keys() for look in looks):
            continue
        # A sign that is written for real becomes no part of what somebody suggests.
        if document.suggester is None and any(look.get(INSERTION) != looks[-1].get(INSERTION) for look in looks):
            continue
        with document.steps.apart(), document.edit(Origin.LOCAL) as edit:
            edit.delete(start, stop - start)
            edit.insert(start, sign.print, looks[0])
        caret = edit.place(start + utf16_length(sign.print + sign.behind))
        is_changed = True
    return caret if is_changed else None


def printed(before: str, quotes: Quotes) -> list[Sign]:
    """The signs of print for what stands at the end of a text, in their order; none where all of it stays.

    Args:
        before: the line up to the caret; what was typed is its last character.
        quotes: the quotation marks.
    """
    typed, rest = before[-1:], before[:-1]
    signs = []
    head, space, word = rest.rpartition(" ")
    may_be_taken = quotes.inner_closing != APOSTROPHE and not typed.isalnum()
    taken = _WITHIN_WORD.search(word) if may_be_taken else None
    if taken and taken.group(1) == quotes.inner_closing:
        start, behind = f"{head}{space}{word[: taken.start()]}", word[taken.end() :]
        if _is_quoted(start, quotes):  # a letter follows: it has closed nothing
            signs.append(Sign(quotes.inner_closing, APOSTROPHE, behind + typed))
            rest = start + APOSTROPHE + behind
    if (sign := _sign(typed, rest, quotes)) is not None:
        signs.append(sign)
    return signs


def _sign(typed: str, rest: str, quotes: Quotes) -> Sign | None:
    """The sign of print for what was just typed behind the rest of a line, as far as that is a part of it."""
    # Not behind any that opens somewhere: what closes in one language opens in another one.
    opens = not rest or rest[-1] in _OPENS_BEHIND or rest.endswith((quotes.opening, quotes.inner_opening))
    if typed == '"':
        return Sign(typed, quotes.opening if opens else quotes.closing)
    if typed == "'":
        if opens:
            return Sign(typed, quotes.inner_opening)
        closes = _is_quoted(rest, quotes) or not rest[-1].isalnum()
        return Sign(typed, quotes.inner_closing if closes else APOSTROPHE)
    before = rest + typed
    if before.endswith("...") and not before.endswith("...."):
        return Sign("...", "…")
    if before.endswith(" -- "):
        return Sign("-- ", "– ")
    return None


def _is_quoted(text: str, quotes: Quotes) -> bool:
    """Whether an inner quotation is open at the end of a text."""
    return text.rfind(quotes.inner_opening) > text.rfind(quotes.inner_closing)
