"""A document as it was, and what a step had added to it."""

from __future__ import annotations

import pytest
from hypothesis import given, seed
from hypothesis import strategies as st
from pycrdt import Doc

from cowrite.core.document.document import Document
from cowrite.core.document.earlier import MOST_REMOVED, Earlier, open_earlier
from cowrite.core.document.updates import EMPTY_UPDATE
from cowrite.core.errors import MalformedUpdate
from cowrite.core.footnotes.here import FootnoteHere
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import utf16_length
from helpers.drafts import draft
from helpers.footnotes import apart, notes, words


def shown(earlier: Earlier) -> str:
    """The text, with what was removed in brackets."""
    rope, at, parts = earlier.document.rope, 0, []
    for start, stop in earlier.removed:
        parts += [rope.text(at, start), "[", rope.text(start, stop), "]"]
        at = stop
    return "".join([*parts, rope.text(at, earlier.document.length)])


def place(document: Document, characters: int) -> int:
    """The position behind so many characters, or before the last break."""
    return utf16_length(document.text()[:-1][:characters])


def plain(earlier: Earlier) -> str:
    return "".join(earlier.document.rope.text(*part) for part in earlier.without_removed(0, earlier.document.length))


def test_what_was_added_and_removed_since_is_told_in_units():
    document = draft("We meet on Saturday.")
    before = document.state()
    with document.edit(Origin.LOCAL) as edit:
        edit.delete(11, 8)
        edit.insert(11, "Sunday 😀")
        edit.insert(0, "Note: ")
    earlier = open_earlier(document.state(), before)
    assert shown(earlier) == "Note: We meet on [Saturday]Sunday 😀.\n"
    assert plain(earlier) == document.text()
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


@seed(7)
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 9), st.text("ab \n😀", max_size=4)), max_size=8))
def test_whatever_was_done_the_text_without_what_was_removed_is_the_text(steps):
    document = draft("One line.", ("Two", {"header": 1}), "Three 😀 lines.")
    before = document.state()
    with document.edit(Origin.LOCAL) as edit:
        for first, count, words in steps:
            at, stop = place(document, first), place(document, first + count)
            if stop > at:
                edit.delete(at, stop - at)
            if words:
                edit.insert(at, words)
    earlier = open_earlier(document.state(), before)
    text = document.text()
    assert plain(earlier) == text
    for first, last in ((0, 99), (0, 1), (5, 99)):
        start, stop = place(document, first), place(document, last)
        (parts,) = earlier.places([(start, stop)])
        assert "".join(earlier.document.rope.text(*part) for part in parts) == document.rope.text(start, stop)
    assert all(start < stop for start, stop in (*earlier.added, *earlier.removed))


def test_lines_that_were_removed_stand_as_lines_of_their_kind():
    document = draft("One", ("Two", {"header": 2}), "Three")
    before = document.state()
    with document.edit(Origin.LOCAL) as edit:
        edit.delete(4, 4)
    earlier = open_earlier(document.state(), before)
    assert shown(earlier) == "One\n[Two\n]Three\n"
    assert earlier.document.rope.attributes_at(7) == {"header": 2}
    assert earlier.document.rope.attributes_at(5)["strike"]


def test_a_row_that_was_removed_leaves_the_table_whole():
    cells = [("a", {"table": "r1"}), ("b", {"table": "r1"}), ("c", {"table": "r2"}), ("d", {"table": "r2"})]
    document = draft("Above", *cells, "Below")
    before = document.state()
    with document.edit(Origin.LOCAL) as edit:
        edit.delete(6, 4)
    earlier = open_earlier(document.state(), before)
    assert shown(earlier) == "Above\n[a b ]c\nd\nBelow\n"


def test_a_moment_at_which_two_had_just_written_in_one_footnote_is_shown_as_it_was():
    left, right, _ = apart()
    before = left.state()
    FootnoteHere(left, 3).write(words("See Smith, p. 7"))
    FootnoteHere(right, 3).write(words("See Smith and Jones"))
    moment = Doc()
    for document in (left, right):
        moment.apply_update(document.state())
    earlier = open_earlier(moment.get_update(), before)
    assert notes(earlier.document)[:2] == ["See Smith, p. 7", "See Smith and Jones"]
    assert plain(earlier) == open_earlier(moment.get_update()).document.text()


def test_of_very_many_places_none_is_shown_as_removed():
    document = draft("x y " * (MOST_REMOVED + 1))
    before = document.state()
    with document.edit(Origin.LOCAL) as edit:
        for number in reversed(range(MOST_REMOVED + 1)):
            edit.delete(4 * number, 1)
    earlier = open_earlier(document.state(), before)
    assert earlier.removed == ()
    assert plain(earlier) == document.text()
