"""Over how many groups and clusters the ideas of a board go."""

from __future__ import annotations

from cowrite.core.board.items import Hand, Note, Place
from cowrite.core.board.similar import LetterLikeness, VectorLikeness
from cowrite.core.board.spread import Spread, spread


def note(text: str, group: str = "", hand: Hand = Hand.PERSON) -> Note:
    return Note(f"note:{text}", text, Place(0, 0), group=group, hand=hand)


def model(text: str) -> Note:
    return note(text, hand=Hand.MODEL)


def counted(*notes: Note) -> Spread:
    """Texts are alike that begin with the same letter."""
    letters = sorted({each.text[0] for each in notes})
    return spread(notes, VectorLikeness({each.text: [float(each.text[0] == one) for one in letters] for each in notes}))


def test_a_group_is_one_whatever_its_notes_say_and_so_are_lone_notes_that_are_alike() -> None:
    assert counted(note("a1", "g"), note("b1", "g"), note("c1"), note("c2"), note("d1")) == Spread(3, 3)


def test_an_idea_like_something_that_is_there_adds_nothing_and_others_add_what_they_open() -> None:
    there = (note("a1", "g"), note("b1"))
    assert counted(*there, model("a2"), model("b2")) == Spread(2, 2)
    assert counted(*there, model("c1"), model("c2"), model("d1")) == Spread(2, 4)


def test_an_idea_that_was_put_into_a_group_adds_nothing_and_an_adopted_one_is_a_person_s() -> None:
    assert counted(note("a1", "g"), note("z1", "g", Hand.MODEL)) == Spread(1, 1)
    assert counted(note("a1"), note("z1", hand=Hand.ADOPTED)) == Spread(2, 2)


def test_an_adopted_idea_is_still_the_assistant_s_where_it_is_asked_what_that_has_added() -> None:
    notes = (note("benches"), note("give away old records", hand=Hand.ADOPTED), model("lend robes to a school"))
    assert spread(notes, LetterLikeness(), with_adopted=True) == Spread(1, 3)


def test_an_empty_board_has_no_spread() -> None:
    assert counted() == Spread(0, 0)
    assert counted(model("a1")) == Spread(0, 1)
