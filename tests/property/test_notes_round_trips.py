"""Notes that are written as a list or table and read again are the same notes, whatever is in them."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.property.test_convert_round_trips import NASTY

from cowrite.convert.notes.board_list import listed
from cowrite.convert.notes.csv import from_csv, to_csv
from cowrite.convert.notes.list import ListedNote, from_markdown_list, plain, to_markdown_list, with_model_text
from cowrite.convert.notes.marks import NO_RESULTS, Results
from cowrite.core.board.items import COLOURS, Hand, Note, Place, Tie
from cowrite.core.board.jottings import JottedLink
from cowrite.core.brainstorm.brainstorm import Brainstorm
from cowrite.core.brainstorm.ideas import Ideas
from cowrite.core.mending.mended_document import MendedDocument
from helpers.board_plans import BoardWorld, make_plan
from helpers.brainstorms import brainstorm_of
from helpers.seeds import seeds

pieces = st.sampled_from([*NASTY, "\n", "\n\n", "=1+1", "'=1+1", "''-", "@cmd|' /C calc'!A0", "\t=", "＝1", '"', ";"])
words = (st.lists(pieces, min_size=1, max_size=6).map("".join) | st.text(max_size=8)).map(plain).filter(bool)
titles = words.map(lambda text: " ".join(text.split()))
names = st.sampled_from(["", "Ada", "Bo Ek", "José", "李"])
votes = st.none() | st.integers(0, 99).map(float) | st.just(3.5)
ranks = st.none() | st.integers(1, 99)
pictures = st.sampled_from(["", f"sha256:{'0' * 64}"])
links = st.lists(st.builds(JottedLink, st.sampled_from(Tie), st.integers(1, 99)), max_size=2).map(tuple)
results = st.builds(Results, votes, votes, ranks)
known = {
    "author": names,
    "results": results,
    "is_late": st.booleans(),
    "picture": pictures,
    "number": st.integers(0, 99),
    "links": links,
    "hand": st.sampled_from(Hand),
}
model_words = st.sampled_from(["", "late", "1 vote; in frame: x", "it wrote: “y”; z”", "=1+1", "a b", "”", "; "])
merged = st.builds(ListedNote, words, **known, model_text=model_words | titles).map(with_model_text)
merged |= st.builds(ListedNote, st.just(""), **{**known, "picture": st.just(f"sha256:{'1' * 64}")})


@st.composite
def lists(draw: st.DrawFn) -> list[ListedNote]:
    groups = {"": NO_RESULTS, **{draw(titles): draw(results) for _ in range(draw(st.integers(0, 3)))}}
    found = []
    for group, of_group in groups.items():
        for _ in range(draw(st.integers(0 if group or found else 1, 3))):
            within = tuple(draw(st.lists(merged, max_size=2)))
            frame = draw(st.just("") | titles)
            found.append(replace(draw(merged), stands_for=within, frame=frame, group=group, group_results=of_group))
    return found


@settings(max_examples=40, deadline=None)
@given(lists())
@example(
    [
        ListedNote(
            *("a\n\n    b\n- c", "# g", "", "Ada"),
            stands_for=(ListedNote("x\ny"), ListedNote("1. z")),
            results=Results(1.0),
            group_results=Results(2.0),
        )
    ]
)
@example([ListedNote("one", stands_for=(ListedNote("two\nlines"),)), ListedNote("three\nlines")])
def test_a_markdown_list_is_read_back_as_it_was(notes):
    assert from_markdown_list(to_markdown_list(notes)) == notes


@settings(max_examples=40, deadline=None)
@given(lists(), st.sampled_from(["", *COLOURS]))
@example([ListedNote("=cmd|' /C calc'!A0", "-g", "", "@ada"), ListedNote("'+1"), ListedNote("''＝1")], "")
def test_a_table_is_read_back_as_it_was_and_no_cell_is_a_formula(notes, colour):
    notes = [replace(note, colour=colour) for note in notes]

    table = to_csv(notes)

    assert from_csv(table) == notes
    cells = [cell for row in csv.reader(io.StringIO(table)) for cell in row]
    assert not [cell for cell in cells if cell[:1] in tuple("=+-@\t\r＝＋－＠")]


def said(notes: list[ListedNote]) -> list[str]:
    """What an import brings of notes, in any order: nobody's ballot comes in with a list, and a link names its note by
    what that says."""
    results = dict.fromkeys(("results", "group_results"), NO_RESULTS)
    flat = [each for note in notes for each in (note, *note.stands_for)]
    called = {each.number: (each.text, each.picture) for each in flat if each.number}

    def one(note: ListedNote) -> str:
        links = sorted((link.tie, *called[link.number]) for link in note.links)
        within = tuple(map(one, note.stands_for))
        return str((replace(note, stands_for=(), links=(), number=bool(note.number), **results), links, within))

    return sorted(map(one, notes))


def lay_out(brainstorm: Brainstorm, chance: Random) -> None:
    """Adds what plans do not: pictures, what came late, links and frames."""
    ids = brainstorm.board.add(
        Note(
            "",
            chance.choice(("", "sketch")),
            Place(600 * at, 0),
            author="Ada",
            image=f"sha256:{at:064x}",
            is_late=bool(at % 2),
            hand=(Hand.PERSON, Hand.ADOPTED)[at % 2],
            model_text="a sketch" if at == 3 else "",
        )
        for at in range(4)
    )
    ids += [note.id for note in brainstorm.board.notes(merged=True)]
    brainstorm.board.change({chance.choice(ids): {"builds_on": (chance.choice(ids),)} for _ in range(3)})
    for tie in Tie:
        brainstorm.board.link(chance.choice(ids), chance.choice(ids), tie)
    for at in range(2):
        brainstorm.board.add_frame(f"Frame {at}", Place(600 * at, 0, 500, 500))


@pytest.mark.parametrize("seed", seeds(8))
def test_a_board_goes_out_as_a_table_and_comes_in_as_the_same_list(seed):
    plan = make_plan(seed, steps=80)
    world = BoardWorld(plan)
    for op in plan[1:]:
        world.perform(op)
    first = world.people[0].brainstorm
    lay_out(first, Random(seed))
    notes = listed(first)
    other = brainstorm_of(MendedDocument.new(clock=lambda: 0))

    if notes:
        Ideas(other).take_in(from_csv(to_csv(notes)))

    assert said(listed(other)) == said(notes)
    shown = sum(not note.merged_into for note in first.visibility.published(merged=True))
    assert len(notes) == shown
