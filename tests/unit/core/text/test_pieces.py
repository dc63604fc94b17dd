"""What steps make of a text: what stays of it, and what comes in between."""

from __future__ import annotations

from random import Random

import pytest

from cowrite.core.text.pieces import Part, Pieces
from cowrite.core.text.richtext import Delete, Format, Insert, Op, Span, Utf16, utf16_length
from helpers.seeds import seeds

TEXT = "We plant herbs."


def test_what_stays_and_what_gives_way_are_told_range_by_range():
    pieces = Pieces(len(TEXT))
    pieces.take(Insert(Utf16(3), Span("grow")))
    pieces.take(Delete(Utf16(7), Utf16(5)))
    pieces.take(Format(Utf16(8), Utf16(5), {"bold": True}))
    assert list(pieces.parts()) == [
        Part(0, 3, attributes={}),
        Part(3, 8, [Span("grow")]),
        Part(8, 9, attributes={}),
        Part(9, 14, attributes={"bold": True}),
        Part(14, 15, attributes={}),
    ]


def test_what_came_in_and_is_changed_again_comes_in_changed():
    pieces = Pieces(0)
    pieces.take(Insert(Utf16(0), Span("a👍b", {"bold": True})))
    pieces.take(Format(Utf16(1), Utf16(2), {"bold": None, "italic": True}))
    pieces.take(Delete(Utf16(3), Utf16(1)))
    assert list(pieces.parts()) == [Part(0, 0, [Span("a", {"bold": True}), Span("👍", {"italic": True})])]


@pytest.mark.parametrize("seed", seeds(10))
def test_the_parts_together_are_the_text_that_the_steps_make(seed):
    chance, text = Random(seed), TEXT
    pieces = Pieces(len(TEXT))
    for _ in range(chance.randrange(1, 12)):
        start, stop = sorted(chance.choices(range(len(text) + 1), k=2))
        op: Op = Insert(Utf16(start), Span(chance.choice(("x", "some", " "))))
        if start < stop:
            op = chance.choice(
                (op, Delete(Utf16(start), Utf16(stop - start)), Format(Utf16(start), Utf16(1), {"b": 1}))
            )
        pieces.take(op)
        if isinstance(op, Insert):
            text = text[:start] + op.span.text + text[start:]
        elif isinstance(op, Delete):
            text = text[:start] + text[stop:]
    made, at = "", 0
    for part in pieces.parts():
        assert part.start == at, "each range follows the one before"
        made += "".join(span.text for span in part.new)
        made += "" if part.attributes is None else TEXT[part.start : part.stop]
        at = part.stop
    assert at == utf16_length(TEXT)
    assert made == text
