"""How much alike notes are, by their letters and by vectors."""

from __future__ import annotations

from random import Random

import pytest

from cowrite.core.board import similar
from cowrite.core.board.items import Note, Place
from cowrite.core.board.similar import LetterLikeness, Remembered, VectorLikeness, near_duplicates
from helpers.idea_boards import BOARDS, notes_of, topics_of


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
    likeness = VectorLikeness()
    likeness.learn({"a": [1, 0], "b": [10, 1], "c": [0, 3], "zero": [0, 0]})
    assert likeness.lacks(["a", "unknown", "unknown"]) == ["unknown"]

    found = likeness.pairs(["a", "unknown", "b", "c", "zero", "a"], 0.78)

    assert [(pair.first, pair.second) for pair in found] == [(0, 5), (0, 2), (2, 5)]
    assert found[1].likeness == pytest.approx(0.995, abs=0.001)


def test_vectors_are_compared_once(monkeypatch):
    compared = []
    dot = similar._dot
    monkeypatch.setattr(similar, "_dot", lambda one, other: compared.append(1) or dot(one, other))
    chance = Random(1)
    likeness = VectorLikeness()
    texts = [f"idea {number}" for number in range(20)]
    likeness.learn({text: [chance.gauss(0, 1) for _ in range(3)] for text in texts})
    first = likeness.pairs(texts[:19], 0.5)
    assert len(compared) == 19 * 18 / 2

    again = likeness.pairs(texts[:19], 0.5)
    more = likeness.pairs(texts, 0.5)

    assert again == first
    assert len(compared) == 20 * 19 / 2
    assert {pair for pair in more if pair.second < 19} == set(first)
    fresh = VectorLikeness()
    fresh.learn({text: likeness._units[text] for text in texts})
    assert [(pair.first, pair.second) for pair in more] == [
        (pair.first, pair.second) for pair in fresh.pairs(texts, 0.5)
    ]


def test_texts_that_are_long_gone_are_not_compared_with_for_ever():
    likeness = VectorLikeness()
    for number in range(300):
        likeness.learn({f"idea {number}": [number, 1]})
        likeness.pairs([f"idea {number}"], 0.5)
    assert likeness.lacks(["idea 0", "idea 299"]) == ["idea 0"]


def test_what_is_asked_again_is_remembered_and_the_same():
    asked = []

    class Asked(LetterLikeness):
        def pairs(self, texts, at_least):
            asked.append(at_least)
            return super().pairs(texts, at_least)

    texts = [text for _, text in BOARDS["garden"]]
    once = Remembered(Asked())
    assert once.pairs(texts, 0.1) == LetterLikeness().pairs(texts, 0.1)
    assert once.pairs(texts, 0.4) == LetterLikeness().pairs(texts, 0.4)
    assert asked == [0.1]
    assert once.pairs(texts[:5], 0.4) == LetterLikeness().pairs(texts[:5], 0.4)
    assert once.pairs(texts[:5], 0.1) == LetterLikeness().pairs(texts[:5], 0.1)
    assert asked == [0.1, 0.4, 0.1]


def test_comparing_on_another_thread_ends_when_it_is_told_to(monkeypatch):
    likeness = VectorLikeness()
    texts = [f"idea {number}" for number in range(50)]
    likeness.learn({text: [1, number] for number, text in enumerate(texts)})
    compared = []

    def dot(one, other):
        compared.append(1)
        likeness.stop()
        return 1.0

    monkeypatch.setattr(similar, "_dot", dot)
    assert likeness.pairs(texts, 0.5) == []
    assert len(compared) == 1
