"""Links to headings in files, which know the places of their text by names of their own.

A reader says with which letters such places begin (`IDS`); a link to one in a heading then has the name that the
heading has here, see `core.writing.heading_links`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from urllib.parse import unquote

from cowrite.core.text.footnotes import embed_of, footnote_of
from cowrite.core.text.richtext import DELETION, EMBED_CHARACTER, Line, Span, Utf16, plain_text, without
from cowrite.core.writing.heading_links import leads_within, names
from cowrite.core.writing.headings import LONGEST, Heading
from cowrite.core.writing.line import heading_level

IDS = "ids"
"""The attribute of text that says which places of a page begin with it; no document has it."""

_NONE: Mapping[str, tuple[str, ...]] = MappingProxyType({})
_OUTLINE = "|outline"
"""With this at its end OpenDocument leads to a heading by its words, before which its number may stand."""

_NUMBER = re.compile(r"(?:[0-9]+\.)*")


class Places:
    """The places of a file that begin with the next letters."""

    def __init__(self) -> None:
        self._names: list[str] = []

    def meet(self, name: str) -> None:
        """One begins here; an empty name is none."""
        if name:
            self._names.append(name)

    def begin_with(self, text: str) -> Mapping[str, tuple[str, ...]]:
        """The attribute of text with which they begin, if it has letters and there are any."""
        if not self._names or not text or text.isspace():
            return _NONE
        begun, self._names = tuple(self._names), []
        return {IDS: begun}


def linked_headings(lines: Sequence[Line]) -> dict[int, str]:
    """The names of those headings to which links of the text lead, by the numbers of their lines."""
    wanted = {unquote(each[1:]) for line in lines for each in _within(line)}
    return {number: name for number, name in _named(lines).items() if name in wanted} if wanted else {}


def with_heading_links(lines: Sequence[Line], *, keeps_others: bool) -> list[Line]:
    """Lines of a file in which links to its headings have the names of these.

    Args:
        lines: they, with `IDS`.
        keeps_others: whether links to other places of the file stay as they are; they are left out otherwise.
    """
    if not any(_within(line) for line in lines):
        return list(lines)
    named = _named(lines)
    places = {
        id: name
        for number, name in reversed(named.items())
        for span in lines[number].spans
        for id in span.attributes.get(IDS, ())
    }
    by_words = {_words(lines[number]).casefold(): name for number, name in reversed(named.items())}

    def leads_to(address: str) -> str | None:
        place = unquote(address[1:])
        name = places.get(place)
        if place.endswith(_OUTLINE):
            words = place.removesuffix(_OUTLINE)  # or else without a number, which may be one of the words
            said = (" ".join(each.split()).casefold() for each in (words, _NUMBER.sub("", words, count=1)))
            name = next((by_words[each] for each in said if each in by_words), None)
        return f"#{name}" if name else address if keeps_others else None

    return _with_links(lines, leads_to)


def with_outline_links(lines: Sequence[Line]) -> list[Line]:
    """Lines in which links to headings have their words, as OpenDocument leads to them. To one whose words another one
    above it has, they lead by its name."""
    if not (linked := linked_headings(lines)):
        return list(lines)
    first = {_words(lines[number]): number for number in reversed(_named(lines))}
    addresses = {
        f"#{name}": f"#{words}{_OUTLINE}"
        for number, name in linked.items()
        if first[words := _words(lines[number])] == number
    }
    return _with_links(lines, lambda address: addresses.get(unquote(address), address))


def _with_links(lines: Sequence[Line], leads_to: Callable[[str], str | None]) -> list[Line]:
    """Lines in which links within their text, also those of footnotes, lead elsewhere, or nowhere for None."""

    def linked(span: Span) -> Span:
        if (note := footnote_of(span.embed)) is not None:
            return Span(span.text, span.attributes, embed_of(map(linked, note)))
        link = span.attributes.get("link")
        if not leads_within(link):
            return span
        rest = without(span.attributes, "link")
        where = leads_to(str(link))
        return Span(span.text, {**rest, "link": where} if where else rest, span.embed)

    return [Line(tuple(map(linked, line.spans)), line.attributes) if _within(line) else line for line in lines]


def _within(line: Line) -> list[str]:
    spans = (each for span in line.spans for each in (span, *(footnote_of(span.embed) or ())))
    return [str(link) for span in spans if leads_within(link := span.attributes.get("link"))]


def _named(lines: Sequence[Line]) -> dict[int, str]:
    """The names of all headings, by the numbers of their lines."""
    found = {
        number: Heading(Utf16(0), level, words[:LONGEST])
        for number, line in enumerate(lines)
        if (level := heading_level(line.attributes)) and (words := _words(line))
    }
    return dict(zip(found, names(found.values()), strict=True))


def _words(line: Line) -> str:
    """The words of a heading that are to stay, as `core.writing.headings` gives them."""
    staying = [span for span in line.spans if DELETION not in span.attributes]
    return " ".join(plain_text(staying).replace(EMBED_CHARACTER, " ").split())
