"""A document as it was, and what a step had added to it."""

from __future__ import annotations

import pytest

from cowrite.core.earlier import open_earlier
from cowrite.core.errors import MalformedUpdate
from cowrite.core.origin import Origin
from cowrite.core.updates import EMPTY_UPDATE
from helpers.drafts import draft


def test_what_was_added_since_is_told_in_units_and_what_was_removed_leaves_no_mark():
    document = draft("We meet on Saturday.")
    before = document.state()
    with document.edit(Origin.LOCAL) as edit:
        edit.delete(11, 8)
        edit.insert(11, "Sunday 😀")
        edit.insert(0, "Note: ")
    earlier = open_earlier(document.state(), before)
    assert earlier.document.text() == "Note: We meet on Sunday 😀.\n"
    added = [earlier.document.rope.text(start, stop) for start, stop in earlier.added]
    assert added == ["Note: ", "Sunday 😀"]


def test_without_the_step_before_nothing_counts_as_added():
    document = draft("one", "two")
    earlier = open_earlier(document.state())
    assert (earlier.document.text(), earlier.added) == ("one\ntwo\n", ())


def test_against_nothing_everything_was_added():
    document = draft("one", ("two", {"header": 1}))
    assert open_earlier(document.state(), EMPTY_UPDATE).added == ((0, 8),)


def test_bytes_that_are_no_update_are_refused():
    with pytest.raises(MalformedUpdate):
        open_earlier(b"\xff\xff\xff")
