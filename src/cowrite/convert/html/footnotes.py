"""Footnotes in HTML: references and notes that lead to each other, as pandoc, GitHub, Word, Google Docs and wikis have
them, and cowrite itself.

What refers is a link of a few letters to a place below it, at which another link leads back. Where those places are,
the lines say that `reader` gives (`IDS`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from cowrite.convert.footnotes import Repeated, note_of_lines, untold
from cowrite.convert.heading_links import IDS
from cowrite.convert.normal import is_divider
from cowrite.core.text.richtext import Line, Span, plain_text
from cowrite.core.text.table import row_id

_SIGN = re.compile(r"[\[(]?\w{1,4}[\])]?|[*†‡§¶]{1,4}")
_TITLES = frozenset({"footnotes", "endnotes"})


class _Link(NamedTuple):
    """Neighbouring spans of one line, of which all lead to one place of the page.

    Attributes:
        line: the line's number.
        start, stop: of the spans.
        target: the place.
        ids: of the places that begin within.
    """

    line: int
    start: int
    stop: int
    target: str
    ids: frozenset[str]


def with_footnotes(lines: list[Line], change: Callable[[str], None] = untold) -> list[Line]:
    """The lines of a page with footnotes in the places of what refers to them.

    Args:
        lines: those of the page, with `IDS`.
        change: is told what comes in otherwise than it was, by a name.
    """
    links = [link for number, line in enumerate(lines) for link in _links(number, line)]
    if not links:
        return lines
    places = _places(lines)
    possible = [link for link in links if link.line < places.get(link.target, 0) and _is_sign(lines, link)]
    notes = {places[link.target] for link in possible}
    ends = {note: _end(lines, note, notes) for note in notes}
    wanted = _references(links, possible, places, ends)
    embeds: dict[tuple[int, int], tuple[int, tuple[Span, ...]]] = {}
    repeated = Repeated()
    for note, references in wanted.items():
        back = {f"#{id}" for link in references for id in link.ids}
        first, *further = (_without(line, back) for line in lines[note : ends[note]])
        own = [Line(first.spans), *(_further_out(line, first) for line in further)]
        spans = note_of_lines(own, change)
        for number, link in enumerate(references):  # its pictures are in the text once
            if not number or repeated.may(spans[0]):
                embeds[link.line, link.start] = link.stop, spans[:1] if number else spans
    return _put_together(lines, embeds, {note: ends[note] for note in wanted})


def _places(lines: Sequence[Line]) -> dict[str, int]:
    """The numbers of the lines that can be notes, by the ids in them."""
    return {
        id: number
        for number, line in reversed(list(enumerate(lines)))
        if "header" not in line.attributes and not row_id(line.attributes)
        for span in line.spans
        for id in span.attributes.get(IDS, ())
    }


def _references(
    links: Iterable[_Link], possible: Iterable[_Link], places: Mapping[str, int], ends: Mapping[int, int]
) -> dict[int, list[_Link]]:
    """What refers to each note, by the line with which that begins: links to which one in the note leads back.

    Args:
        links: all of the page.
        possible: those that look as if they referred to a note, each of which stands below them.
        places: see `_places`.
        ends: where each note ends that may be one, by the line with which it begins.
    """
    leads = defaultdict[int, set[str]](set)
    for link in links:
        leads[link.line].add(link.target)
    back_from = {
        note: {id for number in range(note, end) for id in leads.get(number, ())} for note, end in ends.items()
    }
    wanted: dict[int, list[_Link]] = defaultdict(list)
    within: set[int] = set()
    for link in possible:  # none stands in another one
        note = places[link.target]
        if link.ids & back_from[note] and link.line not in within:
            wanted[note].append(link)
            within.update(range(note, ends[note]))
    return wanted


def _links(number: int, line: Line) -> Iterator[_Link]:
    at = 0
    while at < len(line.spans):
        start, target = at, str(line.spans[at].attributes.get("link", ""))
        while at < len(line.spans) and line.spans[at].attributes.get("link", "") == target:
            at += 1
        if len(target) > 1 and target.startswith("#"):
            ids = (id for span in line.spans[start:at] for id in span.attributes.get(IDS, ()))
            yield _Link(number, start, at, target[1:], frozenset(ids))


def _is_sign(lines: Sequence[Line], link: _Link) -> bool:
    text = plain_text(lines[link.line].spans[link.start : link.stop])
    return bool(link.ids) and _SIGN.fullmatch(text.strip()) is not None


def _end(lines: Sequence[Line], note: int, notes: set[int]) -> int:
    """The line behind a note: of one that is an item, what stands further in below it is part of it."""
    first, end = lines[note].attributes, note + 1
    if "list" in first:
        indent = first.get("indent", 0)
        while end < len(lines) and end not in notes and lines[end].attributes.get("indent", 0) > indent:
            end += 1
    return end


def _without(line: Line, links: set[str]) -> Line:
    spans = tuple(span for span in line.spans if span.attributes.get("link") not in links)
    return Line(spans, line.attributes)


def _further_out(line: Line, note: Line) -> Line:
    """A further line of a note without the steps by which it stands further in than those around the note."""
    steps = note.attributes.get("indent", 0) + 1
    return Line(line.spans, {**line.attributes, "indent": max(0, line.attributes.get("indent", 0) - steps)})


def _put_together(
    lines: Sequence[Line], embeds: Mapping[tuple[int, int], tuple[int, Sequence[Span]]], notes: Mapping[int, int]
) -> list[Line]:
    """Lines with references in the places of links, and without the notes."""
    gone = {number for note, end in notes.items() for number in range(note, end)}
    kept: list[Line] = []
    for number, line in enumerate(lines):
        if number in gone:
            if number - 1 not in gone and kept and _begins_notes(kept[-1]):
                kept.pop()
            continue
        spans: list[Span] = []
        at = 0
        while at < len(line.spans):
            at, found = embeds.get((number, at), (at + 1, line.spans[at : at + 1]))
            spans += found
        kept.append(Line(tuple(spans), line.attributes))
    return kept


def _begins_notes(line: Line) -> bool:
    """Whether a line is there for the notes below it: the line above them, or their heading."""
    is_title = "header" in line.attributes and plain_text(line.spans).strip().lower() in _TITLES
    return is_divider(line) or is_title
