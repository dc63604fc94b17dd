"""Words by which people decide, and whose a task then is, until when."""

from __future__ import annotations

import pytest

from cowrite.assist.decision_words import Standing, due_in, is_assent, is_firm, is_only_assent, owner_in, standing


@pytest.mark.parametrize(
    ("sentence", "status"),
    [
        ("We decided to take rubber.", Standing.DECIDED),
        ("It was agreed that the price stays.", Standing.DECIDED),
        ("The final decision is blue.", Standing.DECIDED),
        ("Okay, so we’ll go with the yellow one.", Standing.DECIDED),
        ("Let's stick to the old name.", Standing.DECIDED),
        ("Wir haben uns auf Gummi geeinigt.", Standing.DECIDED),
        ("I think we should use wood.", Standing.LEANING),
        ("We'd probably prefer a website.", Standing.LEANING),
        ("We have not decided that yet.", Standing.OPEN),
        ("That is still open.", Standing.OPEN),
        ("Should we drop the display?", Standing.OPEN),
        ("Let's come back to it next week.", Standing.OPEN),
        ("Das ist noch offen.", Standing.OPEN),
        ("Nothing was decided.", None),
        ("No decision was made.", None),
        ("The garden is green.", None),
        ("She has a decided taste.", None),
    ],
)
def test_a_sentence_tells_how_far_things_are(sentence: str, status: Standing | None) -> None:
    assert standing(sentence) is status


def test_only_what_says_so_is_firm() -> None:
    assert is_firm("We agreed on blue.")
    assert not is_firm("Let's take blue.")
    assert not is_firm("We have not agreed on blue.")


def test_agreeing_is_known_and_agreeing_only_too() -> None:
    assert is_assent("Yeah, sounds good.")
    assert is_assent("Okay, and the battery?")
    assert is_only_assent("Yeah, sounds good.")
    assert not is_only_assent("Okay, and the battery?")


@pytest.mark.parametrize(
    ("sentence", "due"),
    [
        ("Ben orders them by Friday.", "Friday"),
        ("It is due on 3 May 2025.", "3 May 2025"),
        ("We need it until the end of the month.", "end of the month"),
        ("The launch is on 14 June.", "14 June"),
        ("No later than 2025-06-14, please.", "2025-06-14"),
        ("By the door stands a chair.", ""),
        ("He may come.", ""),
    ],
)
def test_a_date_is_in_the_words_of_the_text(sentence: str, due: str) -> None:
    found = due_in([sentence])
    assert found.removeprefix("the ") == due


@pytest.mark.parametrize(
    ("speaker", "sentence", "owner"),
    [
        ("", "Maria Lopez will tell the customers.", "Maria Lopez"),
        ("", "Owner: Ben", "Ben"),
        ("Anna", "I'll order samples.", "Anna"),
        ("", "I'll order samples.", ""),
        ("Anna", "We will see.", ""),
        ("", "It should be blue.", ""),
    ],
)
def test_an_owner_is_somebody_whom_the_text_names(speaker: str, sentence: str, owner: str) -> None:
    assert owner_in([(speaker, sentence)]) == owner
