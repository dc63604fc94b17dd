"""Groups that are proposed, their titles, and what somebody has said no to."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from types import SimpleNamespace

import pytest

from cowrite.core.board import proposals
from cowrite.core.board.items import Note, Place
from cowrite.core.board.proposals import Dismissals, proposed_groups, title_for
from cowrite.core.board.similar import LetterLikeness, Pair, Thresholds
from cowrite.core.mending.mended_document import MendedDocument
from helpers.copies import meet
from helpers.idea_boards import BOARDS, notes_of, topics_of


class Known:
    """A likeness that is given: every pair of the first `alike` texts."""

    thresholds = Thresholds(duplicate=0.9, group=0.6, each_more=0.05)

    def __init__(self, alike: int, likeness: float) -> None:
        self._pairs = [Pair(first, second, likeness) for first, second in combinations(range(alike), 2)]

    def pairs(self, texts: object, at_least: float) -> list[Pair]:
        return [pair for pair in self._pairs if pair.likeness >= at_least]


def notes(count: int) -> list[Note]:
    return [Note(f"note:{index}", f"idea {index}", Place(0, 0)) for index in range(count)]


@pytest.mark.parametrize("board", BOARDS)
def test_notes_about_the_same_are_proposed_as_a_group_and_others_are_not(board):
    topics = topics_of(board)

    found = proposed_groups(notes_of(board), LetterLikeness())

    assert {topics[proposal.notes[0]] for proposal in found} == {topic for topic in topics.values() if topic[0] != "-"}
    assert all(len({topics[id] for id in proposal.notes}) == 1 for proposal in found)


def test_a_title_is_a_phrase_of_words_that_the_notes_share():
    found = proposed_groups(notes_of("garden"), LetterLikeness())
    assert {proposal.title for proposal in found} >= {
        "Herbs along the sunny wall",
        "Rain water from the roof",
        "Apple tree",
    }


@pytest.mark.parametrize(
    ("texts", "title"),
    [
        (("Juegos de mesa los viernes", "Prestar juegos de mesa"), "Juegos de mesa"),
        (("Trikots vom Sponsor", "Sponsor für unsere Trikots suchen"), "Trikots vom Sponsor"),
        (("Spesa per gli anziani", "Pranzo con gli anziani"), "Anziani"),
        (("Trainer besser bezahlen", "Wer soll Trainer oder Trainerin bezahlen?"), "Trainer"),
        (("Fruits coupés au lieu de fruits entiers", "Eau au lieu de jus"), "Fruits coupés au lieu de fruits…"),
    ],
)
def test_no_title_is_a_heap_of_words_or_one_of_small_ones(texts, title):
    members = [Note(f"note:{index}", text, Place(0, 0)) for index, text in enumerate(texts)]
    assert title_for(members, members) == title


def test_notes_that_share_no_word_are_called_by_the_first_of_them():
    members = notes_of("garden")[12:14]
    assert title_for(members, notes_of("garden")) == "Ask the neighbours for tools"


def test_a_title_takes_words_of_notes_that_lie_sealed():
    sealed = notes_of("garden")[12:14]
    members = [replace(note, text=f"{note.text} tomorrow morning") for note in sealed]
    assert title_for(members, []) == title_for(members, members) == "Tomorrow morning"


def test_words_of_a_note_are_looked_for_as_often_however_many_groups_are_proposed(monkeypatch):
    board = notes(60)
    looked, words = [], proposals._words
    monkeypatch.setattr(proposals, "_words", lambda text: looked.append(text) or words(text))
    pairs = SimpleNamespace(thresholds=Known.thresholds, pairs=lambda _texts, _least: couples(60))
    assert len(proposed_groups(board, pairs)) == 30
    assert len(looked) == 2 * len(board)


def couples(count: int) -> list[Pair]:
    return [Pair(first, first + 1, 0.9) for first in range(0, count, 2)]


def test_notes_that_are_in_a_group_are_proposed_for_none():
    grouped = [replace(note, group="group:1") for note in notes_of("garden")[:3]]
    found = proposed_groups([*grouped, *notes_of("garden")[3:]], LetterLikeness())
    assert found
    assert not {id for proposal in found for id in proposal.notes} & {note.id for note in grouped}


@pytest.mark.parametrize(("likeness", "size"), [(0.6, 3), (0.66, 4), (0.72, 5), (0.9, 8)])
def test_a_group_of_more_than_three_has_to_be_the_more_alike_the_larger_it_is(likeness, size):
    found = proposed_groups(notes(12), Known(alike=size, likeness=likeness))
    assert [len(proposal.notes) for proposal in found] == [size]
    larger = proposed_groups(notes(12), Known(alike=size + 1, likeness=likeness - 0.001))
    assert all(len(proposal.notes) < size + 1 for proposal in larger)


def test_what_was_dismissed_is_not_proposed_again_and_undo_takes_that_back():
    document = MendedDocument.new(clock=lambda: 0)
    dismissals = Dismissals(document)
    before = proposed_groups(notes_of("garden"), LetterLikeness())

    dismissals.dismiss(before[0].notes)

    after = proposed_groups(notes_of("garden"), LetterLikeness(), dismissals.apart())
    assert not any({*before[0].notes} <= {*proposal.notes} for proposal in after)
    assert set(before[1:]) <= set(after)
    document.entries("board").steps.undo()
    assert proposed_groups(notes_of("garden"), LetterLikeness(), dismissals.apart()) == before


def test_two_people_dismiss_the_same_at_the_same_time():
    one, other = MendedDocument.new(clock=lambda: 0), MendedDocument(clock=lambda: 0)
    other.apply_remote(one.state())
    for document, ids in ((one, ["note:1", "note:2"]), (other, ["note:2", "note:1", "note:3"])):
        Dismissals(document).dismiss(ids)
        Dismissals(document).dismiss(ids)

    meet(one, other)

    expected = {frozenset(pair) for pair in combinations(["note:1", "note:2", "note:3"], 2)}
    assert Dismissals(one).apart() == Dismissals(other).apart() == expected
