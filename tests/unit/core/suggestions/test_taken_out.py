"""Suggestions that somebody takes out of the text while somebody else goes on with them."""

from __future__ import annotations

import pytest

from cowrite.core.crdt.structs import Content, read_structs
from cowrite.core.document.document import Document
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import joined, utf16_length
from cowrite.core.writing import lines
from helpers.copies import copy_of, meet
from helpers.drafts import draft
from helpers.suggesting import changes_of, decide, marked, write


@pytest.fixture
def bold() -> Document:
    """Where a look is open, the library takes the formats away between which a deletion leaves nothing."""
    document = draft("one two three.")
    with document.edit(Origin.LOCAL) as edit:
        edit.format(0, 14, {"bold": True})
    return document


@pytest.mark.parametrize("letters", ["X", "XY", "\U0001f33fX"])
@pytest.mark.parametrize("gone", ["reject", "delete"])
def test_who_goes_on_with_a_change_that_is_taken_out_meanwhile_still_only_suggests(bold, letters, gone) -> None:
    bo = copy_of(bold)
    changes_of(bo)
    write(bo, 4, letters)
    meet(bold, bo)
    units = utf16_length(letters)
    write(bo, 4 + units, "K")
    if gone == "reject":
        decide(bold, "reject")
    else:
        lines.delete(bold, 4, 4 + units)
    meet(bold, bo)
    assert marked(bold) == marked(bo) == "one {+K+}two three."
    bold.undo()
    meet(bold, bo)
    assert marked(bold) == marked(bo) == f"one {{+{letters}K+}}two three."
    bold.redo()
    meet(bold, bo)
    assert marked(bold) == marked(bo) == "one {+K+}two three."
    assert joined(bold.spans()) == joined(bold.stored_spans()) == joined(bo.stored_spans())


def test_a_place_at_which_somebody_suggests_and_takes_back_a_hundred_times_keeps_no_formats_of_that(bold) -> None:
    changes_of(bold)
    for _ in range(100):
        write(bold, 4, "X")
        lines.delete(bold, 4, 5)
    write(bold, 4, "X")
    structs = read_structs(copy_of(bold).state())
    assert sum(each.content is Content.FORMAT for each in structs) < 10


@pytest.mark.parametrize("look", [{}, {"list": "bullet"}])
def test_what_a_mate_writes_in_the_place_of_a_suggestion_stands_before_what_its_author_goes_on_with(look) -> None:
    document = draft("", "one")
    with document.edit(Origin.LOCAL) as edit:
        edit.format_lines(0, 0, look)
    changes_of(document)
    write(document, 1, "We")
    mate = copy_of(document)
    write(document, 3, " plant")
    with mate.edit(Origin.LOCAL) as edit:
        edit.delete(1, 2)
        edit.insert(1, "They")
    meet(document, mate)
    assert marked(document) == marked(mate) == "¶They{+ plant+}one"
