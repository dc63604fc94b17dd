"""Undo of a look from which a teammate has gone on, or which both have set before either had seen the other."""

from __future__ import annotations

from typing import Any

import pytest

from cowrite.core.document.document import Document
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import Span, joined
from helpers.copies import copy_of, meet
from helpers.drafts import draft

BOLD, PLAIN = {"bold": True}, {"bold": None}
RED, BLUE = {"color": "#aa0000"}, {"color": "#0000aa"}


def give(document: Document, at: int, units: int, look: dict[str, Any]) -> None:
    document.steps.begin()
    with document.edit(Origin.LOCAL) as edit:
        edit.format_text(at, units, look)


def write(document: Document, at: int, text: str, look: dict[str, Any]) -> None:
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(at, text, look)


@pytest.mark.parametrize(
    ("mine", "theirs", "undone"),
    [
        (BOLD, lambda other: give(other, 5, 3, PLAIN), [Span("one two three four\n")]),
        (BOLD, lambda other: give(other, 4, 3, PLAIN), [Span("one two three four\n")]),
        (BOLD, lambda other: write(other, 6, "X", {}), [Span("one twXo three four\n")]),
        (BOLD, lambda other: give(other, 13, 5, BOLD), [Span("one two three"), Span(" four", BOLD), Span("\n")]),
        (RED, lambda other: give(other, 6, 3, BLUE), [Span("one tw"), Span("o t", BLUE), Span("hree four\n")]),
    ],
    ids=["a part is made plain", "its beginning is", "plain text within", "bold behind it", "another colour within"],
)
def test_a_look_is_undone_where_it_was_set_and_nowhere_else(mine, theirs, undone):
    document = draft("one two three four")
    give(document, 4, 9, mine)
    other = copy_of(document)
    theirs(other)
    meet(document, other)
    before = joined(document.spans())
    for _ in range(2):
        document.undo()
        meet(document, other)
        assert joined(document.spans()) == joined(document.stored_spans()) == joined(other.spans()) == undone
        document.redo()
        meet(document, other)
        assert joined(document.spans()) == joined(document.stored_spans()) == joined(other.spans()) == before


def test_text_stays_bold_behind_what_is_made_plain_and_bold_again_in_part_when_that_is_undone():
    document = draft("one two three four")
    with document.edit(Origin.IMPORT) as edit:
        edit.format_text(4, 14, BOLD)
    other = copy_of(document)
    give(document, 6, 4, PLAIN)
    meet(document, other)
    give(other, 7, 2, BOLD)
    meet(document, other)
    document.undo()
    assert joined(document.spans()) == [Span("one "), Span("two three four", BOLD), Span("\n")]


def test_what_a_teammate_has_made_bold_before_seeing_that_it_was_is_bold_when_that_is_undone():
    document = draft("one two three four")
    other = copy_of(document)
    give(document, 4, 6, BOLD)
    give(other, 8, 10, BOLD)
    meet(document, other)
    document.undo()
    assert joined(document.spans()) == [Span("one two "), Span("three four", BOLD), Span("\n")]
