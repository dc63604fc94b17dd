"""Typography: the quotation marks, apostrophes, dashes and dots of print in the place of those on a keyboard.

A straight quotation mark opens at the start of a line and behind a space, a bracket, a dash or another that opens, and
closes elsewhere. A straight apostrophe does likewise; within a word it is an apostrophe. Two hyphens between spaces are
a dash, three dots are one sign. Each is an undo step of its own, so that undo gives the typed sign back. Code stays as
it is typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from cowrite.core.document import Document
from cowrite.core.line import line_at
from cowrite.core.origin import Origin
from cowrite.core.richtext import DELETION, INSERTION, utf16_length

APOSTROPHE = "’"
_THIN = "\u202f"  # no line breaks at it
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


def set_in_print(document: Document, at: int, quotes: Quotes) -> int | None:
    """Puts the sign of print in the place of what was just typed before a position.

    Args:
        document: the draft.
        at: the caret, in UTF-16 units.
        quotes: the quotation marks.

    Returns:
        Where the caret goes, in UTF-16 units; None where nothing is changed.
    """
    line = line_at(document, at)
    found = printed(document.rope.text(line.start, at), quotes)
    if found is None or line.attributes.get("code-block"):
        return None
    typed, sign = found
    start = at - utf16_length(typed)
    looks = [span.attributes for span in document.spans(start, at)]
    if any({"code", DELETION} & look.keys() for look in looks):
        return None
    # A sign that is written for real becomes no part of what somebody suggests.
    if document.suggester is None and any(look.get(INSERTION) != looks[-1].get(INSERTION) for look in looks):
        return None
    document.begin_undo_step()
    with document.edit(Origin.LOCAL) as edit:
        edit.delete(start, at - start)
        edit.insert(start, sign, looks[0])
    document.begin_undo_step()
    return edit.place(start + utf16_length(sign))


def printed(before: str, quotes: Quotes) -> tuple[str, str] | None:
    """What was typed at the end of a text, and the sign of print for it; None where it stays.

    Args:
        before: the line up to the caret.
        quotes: the quotation marks.
    """
    typed, rest = before[-1:], before[:-1]
    # Not behind any that opens somewhere: what closes in one language opens in another one.
    opens = not rest or rest[-1] in _OPENS_BEHIND or rest.endswith((quotes.opening, quotes.inner_opening))
    if typed == '"':
        return typed, quotes.opening if opens else quotes.closing
    if typed == "'":
        if opens:
            return typed, quotes.inner_opening
        is_quoted = rest.rfind(quotes.inner_opening) > rest.rfind(quotes.inner_closing)
        return typed, quotes.inner_closing if is_quoted or not rest[-1].isalnum() else APOSTROPHE
    if before.endswith("...") and not before.endswith("...."):
        return "...", "…"
    if before.endswith(" -- "):
        return "-- ", "– "
    return None
