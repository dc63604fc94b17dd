"""What is taken from an answer, or refused, before a person sees it."""

from __future__ import annotations

import pytest

from cowrite.assist.text.guards import (
    borrows,
    circles,
    echoes,
    has_loop,
    is_foreign,
    is_refusal,
    overlap,
    says_again,
    telling_words,
    without_loops,
)


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("I am sorry, I am sorry, I am sorry, I am", "I am sorry"),
        ("The team met. It was late. The team met. It was", "The team met. It was late."),
        ("very very good", "very very good"),
        ("one two one two three", "one two one two three"),
    ],
)
def test_a_text_that_goes_in_circles_is_cut_where_it_begins_to(text: str, cut: str) -> None:
    assert without_loops(text) == cut
    assert has_loop(text) is (cut != text)


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("Row, row, row your boat.", "Row, row, row your boat, gently."),
        ("- Ja\n- Ja\n- Ja\n- Nein", "- Yes\n- Yes\n- Yes\n- No"),
        ("It was late. I do not know. I do not know.", "I do not know. It is late. I do not know."),
        ("| Size | Rent | From |\n| --- | --- | --- |\n| 9 | 9 | 9 |", ""),
        ("Go on!\n| a | b |\nGo on, go on.", "Go on!\n| x | y |\nGo on, go on."),
    ],
)
def test_what_the_given_text_repeats_itself_and_cells_that_are_alike_are_no_loop(text: str, given: str) -> None:
    assert not has_loop(text, given)
    assert has_loop(f"{text} one two three one two three one two three one two three", given)


def test_the_model_speaking_of_itself_is_a_refusal() -> None:
    assert is_refusal("I'm sorry, but I cannot do that.")
    assert is_refusal("As an AI language model …")
    assert is_refusal("I'm sorry, but I can't assist with that.", "I'm sorry that I tell you so late.")
    assert is_refusal("Es tut mir leid, aber ich kann dabei nicht helfen.")


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("I am sorry to hear that the disk is full.", ""),
        ("I cannot attend the meeting on Thursday.", "I can't make it on Thursday."),
        ("I'm sorry, but I have to miss the meeting.", "can't come, sorry"),
        ("I'm sorry, but I cannot help you move on Saturday.", "can't help you move on saturday, sorry"),
    ],
)
def test_a_person_who_says_what_they_cannot_do_refuses_nothing(text: str, given: str) -> None:
    assert not is_refusal(text, given)


def test_a_worked_example_given_back_is_an_echo_and_a_word_of_it_is_borrowed() -> None:
    template = 'Original: "The printer is broken again."\nNew: "The printer is out of order."'
    assert echoes("The printer is out of order.", template)
    assert not echoes("The disk is out of order.", template)
    assert borrows("The printer is full.", "The disk is full.", template)
    assert not borrows("The printers are full.", "The printer is full.", template)


@pytest.mark.parametrize(
    ("text", "foreign"),
    [
        ("Die Tomaten stehen in den Hochbeeten, und Ada gießt sie im August.", True),
        ("Les tomates sont dans les bacs, et Ada les arrose en août.", True),
        ("Tomatoes stand in the raised beds, and Ada waters them in August.", False),
        ("Ada waters tomatoes daily.", False),
        ("Tomaten brauchen Wasser.", False),
    ],
)
def test_a_text_in_another_language_is_told_by_its_small_words(text: str, foreign: bool) -> None:
    assert is_foreign(text) is foreign


def test_the_overlap_is_of_telling_words_whatever_their_endings_and_small_misspellings() -> None:
    assert telling_words("The meetings were delayed by it") == ["meet", "delay"]
    assert overlap("The meeting was delayed", "A delay of meetings") == 1
    assert overlap("We went to the library", "We went to the libary") == 1
    assert overlap("Cats sleep", "Dogs sleep") == 0.5
    assert overlap("It is", "anything") == 1


def test_words_that_an_answer_says_twice_and_its_source_once_are_noticed() -> None:
    text = "The barrels hold four hundred litres of water."
    assert circles("They hold four hundred litres of water, so they hold four hundred litres of it.", text)
    assert not circles(text, text)
    assert not circles(f"{text} {text}", f"{text} {text}")
    assert not circles("今日は天気がいいです。明日も天気がいいです。", "今日は天気がいいです。")
    assert not circles("Ida will bring them, and Tom will bring them too.", "Ida will bring them, and Tom.")
    assert says_again("The faster search is faster.", "faster search")
    assert not says_again("The search is faster.", "faster search")
