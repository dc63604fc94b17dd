"""Notes that are written as a list or table and read again are the same notes, whatever is in them."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.property.test_convert_round_trips import NASTY

from cowrite.convert.notes_csv import from_csv, to_csv
from cowrite.convert.notes_list import ListedNote, from_markdown_list, plain, to_markdown_list
from cowrite.core.board import COLOURS

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


@settings(max_examples=300, deadline=None)
@given(lists())
@example([ListedNote("a\n\n    b\n- c", "# g", "", "Ada", 1.0, 2.0, (ListedNote("x\ny"), ListedNote("1. z")))])
@example([ListedNote("one", stands_for=(ListedNote("two\nlines"),)), ListedNote("three\nlines")])
def test_a_markdown_list_is_read_back_as_it_was(notes):
    assert from_markdown_list(to_markdown_list(notes)) == notes


@settings(max_examples=300, deadline=None)
@given(lists(), st.sampled_from(["", *COLOURS]))
@example([ListedNote("=cmd|' /C calc'!A0", "-g", "", "@ada"), ListedNote("'+1"), ListedNote("''＝1")], "")
def test_a_table_is_read_back_as_it_was_and_no_cell_is_a_formula(notes, colour):
    notes = [replace(note, colour=colour) for note in notes]

    table = to_csv(notes)

    assert from_csv(table) == notes
    cells = [cell for row in csv.reader(io.StringIO(table)) for cell in row]
    assert not [cell for cell in cells if cell[:1] in tuple("=+-@\t\r＝＋－＠")]
