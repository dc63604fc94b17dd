"""How much alike notes are, by their letters and by vectors."""

from __future__ import annotations

from random import Random

import pytest
from tests.helpers.idea_boards import BOARDS, notes_of, topics_of

from cowrite.core.board import Note, Place
from cowrite.core.similar import LetterLikeness, VectorLikeness, near_duplicates


def note(id: str, text: str) -> Note:
    return Note(id, text, Place(0, 0))


@pytest.mark.parametrize("board", BOARDS)
def test_what_is_hinted_as_the_same_is_about_the_same(board):
    topics = topics_of(board)

    found = near_duplicates(notes_of(board), LetterLikeness())

    assert found
    assert all(topics[id] == topics[other] for id, others in found.items() for other in others)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Plant herbs along the sunny wall", "plant HERBS, along the sunny wall!"),
        ("Ein Café mit Terrasse", "Ein Cafe\u0301 mit Terrasse"),
        ("屋上に庭を作る", "屋上に小さな庭を作る"),
        ("سوق الطعام يوم الأحد", "سوق الطعام في الأحد"),
    ],
)
def test_the_same_in_other_signs_is_the_same_in_any_script(first, second):
    others = [note(f"note:{index}", text) for index, text in enumerate(["Swim in the lake", "Rent bikes", "夏祭り"])]

    found = near_duplicates([note("note:a", first), note("note:b", second), *others], LetterLikeness())

    assert found == {"note:a": ("note:b",), "note:b": ("note:a",)}


def test_two_notes_alone_on_a_board_that_say_the_same_are_alike():
    found = LetterLikeness().pairs(["A bench", "a bench."], 0.99)
    assert [(pair.first, pair.second) for pair in found] == [(0, 1)]


def test_texts_without_letters_are_like_nothing():
    assert LetterLikeness().pairs(["", "!!", "!!", " "], 0.0) == []


def test_the_most_alike_come_first():
    found = LetterLikeness().pairs([text for _, text in BOARDS["garden"]], 0.2)
    assert len(found) > 5
    assert [pair.likeness for pair in found] == sorted((pair.likeness for pair in found), reverse=True)
    assert all(pair.first < pair.second for pair in found)


def test_what_stands_in_every_note_of_a_large_board_makes_no_two_alike():
    chance = Random(1)
    letters = "abcdefghijklmnopqrstuvwxyz"
    texts = [f"How might we {''.join(chance.choices(letters, k=12))}" for _ in range(300)]
    assert LetterLikeness().pairs(texts, LetterLikeness.thresholds.group) == []


def test_vectors_say_what_is_alike_whatever_their_length():
    likeness = VectorLikeness({"a": [1, 0], "b": [10, 1], "c": [0, 3], "zero": [0, 0]})

    found = likeness.pairs(["a", "unknown", "b", "c", "zero"], 0.78)

    assert [(pair.first, pair.second) for pair in found] == [(0, 2)]
    assert found[0].likeness == pytest.approx(0.995, abs=0.001)
