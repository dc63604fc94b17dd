"""Passages that have to do with some words."""

from __future__ import annotations

import math

import pytest

from cowrite.assist.text.retrieval import K1, PASSAGE_WORDS, B, PassageIndex, central, gathered, passages_of, terms
from cowrite.assist.text.sentences import words

PASSAGES = [
    "The disk of the server is full.",
    "The film is shown in Lyon.",
    "A server in Lyon has a new disk and a film.",
]


def test_passages_that_have_more_and_rarer_of_the_words_come_first() -> None:
    hits = PassageIndex(PASSAGES).search("Which server is full?", 3)
    assert [hit.index for hit in hits] == [0, 2]
    assert hits[0].score > hits[1].score > 0


def test_the_score_is_that_of_the_formula() -> None:
    (hit,) = PassageIndex(["red blue", "green", "green"]).search("red", 5)
    weight = math.log(1 + (3 - 1 + 0.5) / (1 + 0.5))
    average = 4 / 3
    assert hit.score == pytest.approx(weight * (K1 + 1) / (1 + K1 * (1 - B + B * 2 / average)))


def test_nothing_is_found_where_no_word_stands_or_there_is_nothing() -> None:
    assert PassageIndex(PASSAGES).search("What colour?", 3) == []
    assert PassageIndex([]).search("server", 3) == []
    assert PassageIndex(["…", ""]).search("…", 3) == []


def test_endings_do_not_matter_and_scripts_without_spaces_are_found_by_pairs() -> None:
    assert all(PassageIndex(["Meetings were delayed."]).search(word, 1) for word in ("delay", "meeting"))
    assert terms("我們開會 today") == ["today", "我們", "們開", "開會"]
    assert [hit.index for hit in PassageIndex(["今天下雨。", "明天開會。"]).search("什麼時候開會？", 2)] == [1]


def test_a_text_is_cut_into_passages_at_paragraphs_and_long_ones_at_sentences() -> None:
    long = "This is a sentence of seven words. " * 60
    text = f"A heading\n\n{long}\n\nThe end."
    found = passages_of(text)
    assert found[0].text == "A heading"
    assert found[-1].text == "The end."
    assert all(text[piece.start : piece.end] == piece.text for piece in found)
    assert all(len(words(piece.text)) <= PASSAGE_WORDS for piece in found)
    assert 4 <= len(found[1:-1]) <= 6


def test_short_neighbours_are_one_passage_and_long_ones_stay() -> None:
    text = "\n\n".join(["A short one here."] * 60 + ["Long. " * 119])
    found = gathered(passages_of(text), text)
    assert all(text[piece.start : piece.end] == piece.text for piece in found)
    assert [len(words(piece.text)) for piece in found] == [120, 120, 119]


def test_central_are_the_passages_whose_words_stand_in_others_too_in_their_order() -> None:
    passages = ["Quaint zebras yodel.", "The vine needs rain.", "Rain fell on the vine.", "A vine in the rain grew."]
    assert central(map(terms, passages), 3) == [1, 2, 3]
    assert central(map(terms, passages), 9) == [0, 1, 2, 3]
