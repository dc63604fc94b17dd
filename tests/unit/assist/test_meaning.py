"""Versions of a sentence that say something else."""

from __future__ import annotations

import pytest

from cowrite.assist.meaning import adds_clause, answers, changes_amount, loses_amount, turns_round


@pytest.mark.parametrize(
    ("old", "new", "turned"),
    [
        ("The committee has not decided.", "The committee has decided.", True),
        ("He dont know.", "He doesn't know.", False),
        ("He isnt there.", "He is not there.", False),
        ("We cannot come.", "We are unable to come.", False),
        ("We come.", "We never come.", True),
        ("Last summer the garden was dry.", "This is a lie: the garden was dry.", True),
        ("They meet in the old library.", "They meet in the new library.", True),
        ("We open before noon.", "We open after noon.", True),
        ("It is more than we had before.", "It is less than we had before.", True),
        ("It gets old before its time.", "It grows old before its time.", False),
        ("The old barrels are full.", "The barrels, which are old, hold no more, not one litre.", True),
        ("The old barrel and the new one leak.", "Both barrels leak, the new one and the old one.", False),
    ],
)
def test_a_version_that_denies_what_the_other_says_or_says_the_opposite_is_noticed(
    old: str, new: str, turned: bool
) -> None:
    assert turns_round(old, new) is turned


@pytest.mark.parametrize(
    ("old", "new", "loses", "changes"),
    [
        ("Half of the team is away.", "The team is away.", True, True),
        ("It needs 40 MB less memory.", "It needs 40 MB of memory.", True, True),
        ("It needs 40 MB.", "It needs only 40 MB.", False, True),
        ("They meet every second Tuesday.", "They meet each second Tuesday.", False, False),
        ("It is closed until Friday.", "It stays closed till Friday.", False, False),
        ("More than 50 came.", "Over 50 came.", False, False),
    ],
)
def test_a_version_that_says_another_amount_is_noticed(old: str, new: str, loses: bool, changes: bool) -> None:
    assert (loses_amount(old, new), changes_amount(old, new)) == (loses, changes)


@pytest.mark.parametrize(
    ("old", "new", "answered"),
    [
        ("Please send me the figures.", "I'll send them to you soon!", True),
        ("Could you send me the figures?", "Here are the figures.", True),
        ("Please send me the figures.", "Send me the figures.", False),
        ("Please send me the figures.", "Would you send me the figures?", False),
        ("Please send me the figures.", "Please send me the figures, so that I can go on.", False),
        ("Where is the key?", "The key is on the table.", True),
        ("Where is the key?", "Where can the key be?", False),
        ("The key is on the table.", "The key lies on the table.", False),
    ],
)
def test_a_version_that_answers_what_is_asked_for_is_noticed(old: str, new: str, answered: bool) -> None:
    assert answers(old, new) is answered


@pytest.mark.parametrize(
    ("new", "added"),
    [
        ("The committee meets in the old library, and it's a weekly meeting.", True),
        ("The committee meets in the old library, because nobody likes the hall.", True),
        ("The committee meets, and the old library is where.", False),
        ("In the old library, which the committee likes, it meets.", False),
    ],
)
def test_a_version_that_goes_on_with_something_else_is_noticed(new: str, added: bool) -> None:
    assert adds_clause("The committee meet in the old library.", new) is added
