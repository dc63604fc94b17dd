"""Notes that are written as a list or table and read again are the same notes, whatever is in them."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.helpers.board_plans import BoardWorld, make_plan
from tests.helpers.idea_storm import storm_of
from tests.property.test_convert_round_trips import NASTY

from cowrite.convert.board_list import listed, take_in
from cowrite.convert.notes_csv import from_csv, to_csv
from cowrite.convert.notes_list import ListedNote, from_markdown_list, plain, to_markdown_list
from cowrite.core.board import COLOURS
from cowrite.core.document import Document

pieces = st.sampled_from([*NASTY, "\n", "\n\n", "=1+1", "'=1+1", "''-", "@cmd|' /C calc'!A0", "\t=", "＝1", '"', ";"])
words = (st.lists(pieces, min_size=1, max_size=6).map("".join) | st.text(max_size=8)).map(plain).filter(bool)
titles = words.map(lambda text: " ".join(text.split()))
names = st.sampled_from(["", "Ada", "Bo Ek", "José", "李"])
votes = st.none() | st.integers(0, 99).map(float) | st.just(3.5)
merged = st.builds(ListedNote, words, author=names, votes=votes)


@st.composite
def lists(draw: st.DrawFn) -> list[ListedNote]:
    groups = {"": None, **{draw(titles): draw(votes) for _ in range(draw(st.integers(0, 3)))}}
    found = []
    for group, group_votes in groups.items():
        for _ in range(draw(st.integers(0 if group or found else 1, 3))):
            within = tuple(draw(st.lists(merged, max_size=2)))
            found.append(ListedNote(draw(words), group, "", draw(names), draw(votes), group_votes, within))
    return found


@settings(max_examples=150, deadline=None)
@given(lists())
@example([ListedNote("a\n\n    b\n- c", "# g", "", "Ada", 1.0, 2.0, (ListedNote("x\ny"), ListedNote("1. z")))])
@example([ListedNote("one", stands_for=(ListedNote("two\nlines"),)), ListedNote("three\nlines")])
def test_a_markdown_list_is_read_back_as_it_was(notes):
    assert from_markdown_list(to_markdown_list(notes)) == notes


@settings(max_examples=150, deadline=None)
@given(lists(), st.sampled_from(["", *COLOURS]))
@example([ListedNote("=cmd|' /C calc'!A0", "-g", "", "@ada"), ListedNote("'+1"), ListedNote("''＝1")], "")
def test_a_table_is_read_back_as_it_was_and_no_cell_is_a_formula(notes, colour):
    notes = [replace(note, colour=colour) for note in notes]

    table = to_csv(notes)

    assert from_csv(table) == notes
    cells = [cell for row in csv.reader(io.StringIO(table)) for cell in row]
    assert not [cell for cell in cells if cell[:1] in tuple("=+-@\t\r＝＋－＠")]


def votes_aside(notes: list[ListedNote]) -> list[ListedNote]:
    """The notes as an import has them: nobody's ballot comes in with a list."""
    return [
        replace(note, votes=None, group_votes=None, stands_for=tuple(votes_aside(list(note.stands_for))))
        for note in notes
    ]


@pytest.mark.parametrize("seed", range(20))
def test_a_board_goes_out_as_a_table_and_comes_in_as_the_same_list(seed):
    plan = make_plan(seed, steps=80)
    world = BoardWorld(plan)
    for op in plan[1:]:
        world.perform(op)
    first = world.people[0].storm
    notes = listed(first)
    other = storm_of(Document.new(clock=lambda: 0))

    if notes:
        take_in(other, from_csv(to_csv(notes)))

    assert sorted(map(str, votes_aside(listed(other)))) == sorted(map(str, votes_aside(notes)))
    shown = sum(not note.merged_into for note in first.visibility.published(merged=True))
    assert len(notes) == shown
