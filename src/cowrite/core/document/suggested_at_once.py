"""Many changes that one edit suggests, by the update that says so.

Runs on the document's thread. pycrdt looks for each place from the beginning of the text, so thousands of suggestions
would take the longer the more there are. What is struck, and what comes in its place, is named by the units beside it
(see `core.document.between`). Positions are UTF-16 units.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from pycrdt import Doc

from cowrite.core.crdt.clocks import clock_of
from cowrite.core.crdt.structs import Id
from cowrite.core.crdt.text_units import TextUnits
from cowrite.core.document.between import Between, comes_out, update_of
from cowrite.core.document.body import Body
from cowrite.core.document.edit import Edit
from cowrite.core.text.pieces import Part
from cowrite.core.text.richtext import DELETION, INSERTION, TABLE, Format, Insert, Span, Utf16, utf16_length
from cowrite.core.text.rope import Rope
from cowrite.core.text.strides import far_apart_first

_NO_ID = "change:0000000000000000"  # as long as that of a change


class Place(NamedTuple):
    """Where a change is to be suggested.

    Attributes:
        part: what goes, and what comes in its place.
        before, first: what stands before what goes, and its first unit; None where nothing goes.
        last, behind: its last unit, and what stands behind it; where nothing goes, what stands on both sides.
        is_sure: whether nothing else can stand in these places, see `core.crdt.sides`.
    """

    part: Part
    before: Id | None
    first: Id | None
    last: Id
    behind: Id
    is_sure: bool


def places_of(body: Body, parts: Iterable[Part]) -> list[Place]:
    """Where of some parts of a text each can be suggested as a change of its own, without being looked for.

    Args:
        body: the text.
        parts: what is to become of it, from left to right and apart from each other.
    """
    alone = [part for part in parts if _is_alone(body.rope, part)]
    if body.units_of is None or not alone:
        return []
    units = body.units_of([(part.start, max(1, part.stop - part.start)) for part in alone])
    found = [place for part in alone if (place := _placed(units, part)) is not None]
    if all(place.is_sure for place in found):
        return found
    update = _update(body.text.doc, body.rope, [(place, _NO_ID) for place in found])
    if comes_out(update, body, _suggested(body.rope, found)):
        return found
    return [place for place in found if place.is_sure]


def suggest(body: Body, edit: Edit, found: Sequence[tuple[Place, str]], shifts: Sequence[int]) -> None:
    """Suggests changes.

    Args:
        body: the text.
        edit: of it; gets the steps.
        found: the places, from left to right, each with the id of its change.
        shifts: of each how much further on it is than its part says.
    """
    rope, told = body.rope, edit.told
    moved = [
        (place._replace(part=place.part._replace(start=place.part.start + by, stop=place.part.stop + by)), id)
        for (place, id), by in zip(found, shifts, strict=True)
    ]
    in_order = far_apart_first(moved)
    body.text.doc.apply_update(_update(body.text.doc, rope, in_order))
    for place, id in in_order:
        told.written += _new(rope, place.part, id)
    for place, id in reversed(moved):
        start, stop = place.part.start, place.part.stop
        left = rope.attributes_before(stop)
        come = list(_new(rope, place.part, id))
        if start < stop:
            length = Utf16(stop - start)
            told.sets(start, length, DELETION, id)
            rope.format(start, length, {DELETION: id})
            edit.ops.append(Format(Utf16(start), length, {DELETION: id}))
            left = {**left, DELETION: id}
        for span in come:
            told.comes(left, span.attributes)
            rope.insert(stop, span)
            edit.ops.append(Insert(Utf16(stop), span))
            left = span.attributes
            stop += utf16_length(span.text)


def _is_alone(rope: Rope, part: Part) -> bool:
    """Whether text takes the place of text within a line or two, and nothing is suggested there or beside it."""
    if part.attributes is not None or not part.stop:
        return False
    new = all(
        span.embed is None and "\n" not in span.text and _is_unmarked(span.attributes.keys()) for span in part.new
    )
    beside = rope.attributes_before(part.start), rope.attributes_at(part.stop)
    return (
        new
        and all(_is_unmarked(each.keys()) for each in beside)
        and all(_is_unmarked(span.attributes.keys()) for span in rope.spans(part.start, part.stop))
    )


def _is_unmarked(names: Iterable[str]) -> bool:
    return _SUGGESTED.isdisjoint(names)


_SUGGESTED = frozenset({INSERTION, DELETION})


def _placed(units: TextUnits, part: Part) -> Place | None:
    if units.sides is None:
        return None
    start, stop = part.start, part.stop
    last = units.id_at(stop - 1)
    sure = units.beside(stop)
    behind = units.sides.behind(last) if sure is None else sure[1]
    if behind is None:
        return None
    if start == stop:
        return Place(part, None, None, last, behind, sure is not None)
    first = units.id_at(start)
    sure_before = units.beside(start)
    before = units.sides.before(first) if sure_before is None else sure_before[0]
    if before is None:
        return None
    is_whole = last == Id(first.client, first.clock + stop - start - 1)  # in one block, within which nothing else is
    return Place(part, before, first, last, behind, None not in (sure, sure_before) and is_whole)


def _update(doc: Doc[Any], rope: Rope, found: Iterable[tuple[Place, str]]) -> bytes:
    """The update that suggests changes, in this order."""
    written: list[Between] = []
    clock = clock_of(doc.get_state(), doc.client_id)
    for place, id in found:
        for each in _written(rope, place, id, doc.client_id, clock):
            written.append(each)
            clock += 1 if each.span is None else utf16_length(each.span.text)
    return update_of(doc, written, {})


def _written(rope: Rope, place: Place, id: str, client: int, clock: int) -> Iterator[Between]:
    """What is written for one change.

    Args:
        rope: the text.
        place, id: see `suggest`.
        client: who writes.
        clock: how much that is so far.
    """
    stop, last = place.part.stop, place.last
    if place.before is not None and place.first is not None:
        yield Between(place.part.start, place.before, place.first, name=DELETION, value=id)
        yield Between(stop, last, place.behind, name=DELETION)
        clock += 2
        last = Id(client, clock - 1)
    had = rope.attributes_before(stop)
    now = had
    for span in (*_new(rope, place.part, id), None):
        wanted = had if span is None else span.attributes
        for name in sorted(name for name in {*now, *wanted} if now.get(name) != wanted.get(name)):
            yield Between(stop, last, place.behind, name=name, value=wanted.get(name))
            last, clock = Id(client, clock), clock + 1
        if span is not None:
            yield Between(stop, last, place.behind, span)
            clock += utf16_length(span.text)
            last = Id(client, clock - 1)
        now = wanted


def _new(rope: Rope, part: Part, id: str) -> Iterator[Span]:
    """What comes in: a row's letters have its id, see `Edit`."""
    behind = rope.attributes_at(part.stop)
    row = {TABLE: behind[TABLE]} if TABLE in behind else {}
    for span in part.new:
        yield Span(span.text, {**span.attributes, INSERTION: id, **row})


def _suggested(rope: Rope, found: Sequence[Place]) -> Iterator[Span]:
    """The text as it is with changes that have no id yet."""
    at = 0
    for place in found:
        yield from rope.spans(at, place.part.start)
        for span in rope.spans(place.part.start, place.part.stop):
            yield Span(span.text, {**span.attributes, DELETION: _NO_ID}, span.embed)
        yield from _new(rope, place.part, _NO_ID)
        at = place.part.stop
    yield from rope.spans(at)
