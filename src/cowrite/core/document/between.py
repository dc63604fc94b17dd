"""What one replica writes at many places of a text at once, by the update that says so.

pycrdt looks for each place from the beginning of the text, past all that has a look of its own. Between two units
of one block there is nothing else, not even what was deleted. So what comes there, and looks as they do, needs no place
to be looked for: it is named by these two, just as pycrdt would name it. Of two things that are so named in one place,
Yjs would have the later one come first: only one may be. What stands beside a block is told by how that was written
(`core.crdt.sides`); then a copy of the document shows what comes out. Positions are UTF-16 units.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from pycrdt import Doc, Text

from cowrite.core.crdt.anchor import BODY
from cowrite.core.crdt.clocks import clock_of
from cowrite.core.crdt.structs import HAS_ORIGIN, HAS_RIGHT_ORIGIN, Content, Id
from cowrite.core.crdt.text_units import TextUnits
from cowrite.core.document.body import Body, spans_of
from cowrite.core.text.richtext import RECORDS, TABLE, Attributes, Span, joined, normal_attributes, utf16_length
from cowrite.core.text.rope import Rope
from cowrite.core.text.strides import far_apart_first
from cowrite_server.document.ranges import Ranges, deletion, encode_ranges
from cowrite_server.wire.encoding import var_string, var_uint


class Between(NamedTuple):
    """What is written between two units that stand side by side in a block.

    Attributes:
        at: where it comes in.
        before, behind: the two.
        span: the text; None for a format.
        name, value: what is so from there on; a value of None for what ends.
    """

    at: int
    before: Id
    behind: Id
    span: Span | None = None
    name: str = ""
    value: Any = None

    @property
    def place(self) -> tuple[Id, Id]:
        """The two."""
        return self.before, self.behind


def text_between(units: TextUnits, rope: Rope, at: int, length: int, text: Sequence[Span]) -> Between | None:
    """Text that takes the place of a stretch, as it comes in behind it or before its last letter; None where it has
    another look, is no text within a line, or something else may stand there.

    Args:
        units: the ids of the text.
        rope: the text.
        at: where the stretch begins.
        length: its units.
        text: what comes there.
    """
    if len(text) != 1 or text[0].embed is not None or "\n" in text[0].text:
        return None
    stop = at + length
    behind = rope.attributes_at(stop)
    wanted = {TABLE: behind[TABLE], **text[0].attributes} if TABLE in behind else text[0].attributes
    last = utf16_length(rope.text(at, stop)[-1:])
    for place in (stop, stop - last) if length > last else (stop,):
        look = rope.attributes_at(place)
        if (
            rope.attributes_before(place) == look == wanted
            and RECORDS.isdisjoint(look)
            and (beside := units.beside(place)) is not None
        ):
            return Between(place, *beside, Span(text[0].text, look))
    return None


def texts_between(
    units: TextUnits, rope: Rope, stretches: Sequence[tuple[int, int]], texts: Sequence[Sequence[Span]]
) -> list[Between | None]:
    """The same for many stretches, from left to right; of what comes in at one place the first."""
    come = [text_between(units, rope, at, length, text) for (at, length), text in zip(stretches, texts, strict=True)]
    return [None if each and last and each.at == last.at else each for last, each in pairwise((None, *come))]


class _Formats(NamedTuple):
    """What gives attributes to some units that look alike.

    Attributes:
        start, stop: where these units are.
        written: what begins before them, and ends behind them.
        gone: formats before them that say nothing any more.
        is_sure: whether nothing else can stand in these places, see `core.crdt.sides`.
    """

    start: int
    stop: int
    written: Sequence[Between]
    gone: Sequence[Id]
    is_sure: bool


def format_units(body: Body, units: TextUnits, places: Sequence[int], attributes: Attributes) -> list[tuple[int, int]]:
    """Gives attributes to single units of the shared text, the rope left as it is; not to those that have them, or of
    which it is not known what stands beside them.

    Args:
        body: whose.
        units: the ids of its text.
        places: where they stand, from left to right.
        attributes: what they get.

    Returns:
        Start and stop of what has got them.
    """
    rows: list[tuple[int, int]] = []  # where one ends right before the next, both would name the same two units
    for at in places:
        is_next = bool(rows) and rows[-1][1] == at and units.beside(at) is not None
        start = rows.pop()[0] if is_next else at
        rows.append((start, at + 1))
    doc, found = body.text.doc, _all_formats(units, body.rope, rows, attributes)
    update = _formatting(doc, found)
    if not all(each.is_sure for each in found) and not comes_out(
        update, body, _formatted(body.rope, found, attributes)
    ):
        found = [each for each in found if each.is_sure]
        update = _formatting(doc, found)
    doc.apply_update(update)
    return [(each.start, each.stop) for each in found]


def _all_formats(
    units: TextUnits, rope: Rope, rows: Iterable[tuple[int, int]], attributes: Attributes
) -> list[_Formats]:
    """What gives attributes to rows of units that look alike, from left to right and apart from each other."""
    found: list[_Formats] = []
    last: tuple[Id, Id] | None = None
    for start, stop in rows:
        each = _formats(units, rope, start, stop, attributes)
        if each is not None and each.written[0].place != last:
            found.append(each)
            last = each.written[-1].place
    return found


def _formats(units: TextUnits, rope: Rope, start: int, stop: int, attributes: Attributes) -> _Formats | None:
    had, following = rope.attributes_at(start), rope.attributes_at(stop)
    wanted = {name: value for name, value in attributes.items() if had.get(name) != value}
    if not wanted or units.sides is None:
        return None
    first, last = units.id_at(start), units.id_at(stop - 1)
    sure = units.beside(start)
    before, is_sure = (units.sides.before(first), False) if sure is None else (sure[0], True)
    if before is None:
        return None
    written = [Between(start, before, first, name=name, value=value) for name, value in wanted.items()]
    gone = [] if is_sure else list(units.sides.formats_before(first, wanted.keys()))
    # What follows and has another value has it by a format of its own.
    if ends := [name for name in wanted if had.get(name) == following.get(name)]:
        sure = units.beside(stop)
        behind, is_sure = (units.sides.behind(last), False) if sure is None else (sure[1], is_sure)
        if behind is None:
            return None
        written += [Between(stop, last, behind, name=name, value=had.get(name)) for name in ends]
    return _Formats(start, stop, written, gone, is_sure)


def _formatting(doc: Doc[Any], found: Sequence[_Formats]) -> bytes:
    """The update by which a replica gives attributes to units; see `update_of`."""
    gone: Ranges = {}
    for each in found:
        for id in each.gone:
            gone.setdefault(id.client, []).append((id.clock, 1))
    return update_of(doc, [written for each in far_apart_first(found) for written in each.written], gone)


def comes_out(update: bytes, body: Body, spans: Iterable[Span]) -> bool:
    """Whether by an update a body becomes just this rich text: a copy of it tells."""
    copy: Doc[Any] = Doc()
    text = copy.get(BODY, type=Text)
    copy.apply_update(body.text.doc.get_update())
    copy.apply_update(update)
    return joined(spans_of(text)) == joined(spans)


def _formatted(rope: Rope, found: Sequence[_Formats], attributes: Attributes) -> Iterator[Span]:
    at = 0
    for each in found:
        yield from rope.spans(at, each.start)
        for span in rope.spans(each.start, each.stop):
            yield Span(span.text, normal_attributes({**span.attributes, **attributes}), span.embed)
        at = each.stop
    yield from rope.spans(at)


def update_of(doc: Doc[Any], written: Sequence[Between], gone: Ranges) -> bytes:
    """The update by which a replica writes this and deletes other units, in Yjs' encoding (v1).

    Args:
        doc: the replica.
        written: what it writes.
        gone: the units that it deletes.
    """
    if not written:
        return deletion(gone)
    clock = clock_of(doc.get_state(), doc.client_id)
    head = b"\x01" + var_uint(len(written)) + var_uint(doc.client_id) + var_uint(clock)
    return b"".join((head, *map(_encoded, written), encode_ranges(gone)))


def _encoded(each: Between) -> bytes:
    kind = Content.FORMAT if each.span is None else Content.STRING
    ids = (number for id in (each.before, each.behind) for number in id)
    content = [each.name, json.dumps(each.value)] if each.span is None else [each.span.text]
    return b"".join((bytes((HAS_ORIGIN | HAS_RIGHT_ORIGIN | kind,)), *map(var_uint, ids), *map(var_string, content)))
