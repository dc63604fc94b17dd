"""What one replica writes at many places of a text at once, by the update that says so.

pycrdt looks for each place from the beginning of the text, past all that has a look of its own. Between two units
of one block there is nothing else, not even what was deleted. So what comes there, and looks as they do, needs no place
to be looked for: it is named by these two, just as pycrdt would name it. Of two things that are so named in one place,
Yjs would have the later one come first: only one may be. Positions are UTF-16 units.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from pycrdt import Doc

from cowrite.core.clocks import clock_of
from cowrite.core.richtext import RECORDS, TABLE, Attributes, Span, utf16_length
from cowrite.core.rope import Rope
from cowrite.core.structs import HAS_ORIGIN, HAS_RIGHT_ORIGIN, Content, Id
from cowrite.core.text_units import TextUnits
from cowrite_server.encoding import var_string, var_uint
from cowrite_server.ranges import Ranges, deletion, encode_ranges


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


def formats_between(units: TextUnits, rope: Rope, start: int, stop: int, attributes: Attributes) -> list[Between]:
    """What gives attributes to some units of one block and to no others; nothing where they have them, or something
    else may stand beside them. See `text_between`."""
    before, behind = units.beside(start), units.beside(stop)
    if before is None or behind is None:
        return []
    had = rope.attributes_at(start)
    formats: list[Between] = []
    for name, value in attributes.items():
        if had.get(name) != value:
            ends = Between(stop, *behind, name=name, value=had.get(name))
            formats += (Between(start, *before, name=name, value=value), ends)
    return formats


def write(doc: Doc[Any], written: Sequence[Between], gone: Ranges) -> None:
    """Has a replica write this and delete other units.

    Args:
        doc: the replica.
        written: what it writes.
        gone: the units that it deletes.
    """
    if written or gone:
        doc.apply_update(_update(doc.client_id, clock_of(doc.get_state(), doc.client_id), written, gone))


def _update(client: int, clock: int, written: Sequence[Between], gone: Ranges) -> bytes:
    """The same in Yjs' encoding (v1), for a replica that has written so many units before."""
    if not written:
        return deletion(gone)
    head = b"\x01" + var_uint(len(written)) + var_uint(client) + var_uint(clock)
    return b"".join((head, *map(_encoded, written), encode_ranges(gone)))


def _encoded(each: Between) -> bytes:
    kind = Content.FORMAT if each.span is None else Content.STRING
    ids = (number for id in (each.before, each.behind) for number in id)
    content = [each.name, json.dumps(each.value)] if each.span is None else [each.span.text]
    return b"".join((bytes((HAS_ORIGIN | HAS_RIGHT_ORIGIN | kind,)), *map(var_uint, ids), *map(var_string, content)))
