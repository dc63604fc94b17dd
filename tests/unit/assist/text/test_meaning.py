"""Versions of a sentence that say something else."""

from __future__ import annotations

import re

import pytest

from cowrite.assist.requests import Tier
from cowrite.assist.text.guards import circles
from cowrite.assist.text.meaning import (
    adds_part,
    answers,
    changes_amount,
    changes_duty,
    loses_amount,
    loses_ground,
    suffers,
    turns_part_round,
    turns_round,
)
from helpers.played_model import prompt_files


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
        ("The ferry leaves today.", "The ferry leaves tomorrow.", True),
        ("It takes two weeks.", "It takes two months.", True),
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
    ("text", "name", "turned"),
    [
        ("The pump is broken and will be repaired on Tuesday.", "Why the pump will not be repaired", True),
        ("We did not agree on the budget.", "Agree on the budget", True),
        ("The pump is broken, and it will not be repaired.", "The pump is broken", False),
        ("Nobody knows why. The harbour is closed.", "The harbour is closed", False),
        ("...", "The harbour", False),
    ],
)
def test_a_name_is_held_against_the_part_of_the_text_that_it_is_about(text: str, name: str, turned: bool) -> None:
    assert turns_part_round(text, name) is turned


@pytest.mark.parametrize(
    ("old", "new", "loses", "changes"),
    [
        ("Half of the team is away.", "The team is away.", True, True),
        ("A third of it is gone, or a quarter.", "A third of it is gone.", True, True),
        ("It is twice as fast.", "It is as fast.", True, True),
        ("It needs 40 MB less memory.", "It needs 40 MB of memory.", True, True),
        ("At most 40 members fit.", "40 members fit.", True, True),
        ("At least 40 members come.", "40 members come.", True, True),
        ("You must pay unless it rains.", "You pay if it rains.", True, True),
        ("All but the hall, except on Sundays.", "All, on Sundays.", True, True),
        ("Our last three concerts were full.", "Our three concerts were full.", True, True),
        ("It needs 40 MB.", "It needs only 40 MB.", False, True),
        ("Almost 40 came.", "40 came.", True, True),
        ("They meet every second Tuesday.", "They meet each second Tuesday.", False, False),
        ("It is closed until Friday.", "It stays closed till Friday.", False, False),
        ("More than 50 came.", "Over 50 came.", False, False),
        ("We only need the key.", "We just need the key.", False, False),
        ("Each member may use it.", "All members may use it.", False, False),
        ("They talked over the plan.", "They discussed the plan.", False, False),
        ("It is over there, at last.", "It is there.", False, False),
        ("Perhaps Ben comes.", "Ben comes.", True, True),
        ("Perhaps Ben comes.", "Ben may come.", False, False),
    ],
)
def test_a_version_that_says_another_amount_is_noticed(old: str, new: str, loses: bool, changes: bool) -> None:
    assert (loses_amount(old, new), changes_amount(old, new)) == (loses, changes)


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("Ben will order it by Friday.", "Ben should order it by Friday.", True),
        ("We’ll paint the boat.", "We might paint the boat.", True),
        ("You should pay today.", "You must pay today.", True),
        ("It may rain.", "It will rain.", True),
        ("Ben will order it by Friday.", "Ben orders it by Friday.", False),
        ("We will meet in June.", "Our meeting will be in May.", False),
        ("You must send it.", "Could you send it, please?", False),
        ("You have to pay.", "You need to pay.", False),
    ],
)
def test_a_version_that_makes_what_is_sure_a_duty_or_a_chance_is_noticed(old: str, new: str, changed: bool) -> None:
    assert changes_duty(old, new) is changed


@pytest.mark.parametrize(
    ("old", "new", "does"),
    [
        ("Ada waters the beds in August.", "Ada is watered in August.", True),
        ("The team has voted.", "The team was quickly voted.", True),
        ("The committee approved the plan.", "The plan was approved by the committee.", False),
        ("The road is closed.", "The road has been closed.", False),
        ("Tomatoes stand in the beds.", "Tomatoes are grown in the beds.", False),
    ],
)
def test_a_version_in_which_something_is_done_to_who_does_it_is_noticed(old: str, new: str, does: bool) -> None:
    assert suffers(old, new) is does


@pytest.mark.parametrize(
    ("old", "new", "answered"),
    [
        ("Please send me the figures.", "I'll send them to you soon!", True),
        ("Could you send me the figures?", "We will send the figures.", True),
        ("Send me the figures, please.", "I am sending the figures.", True),
        ("Please send me the figures.", "Send me the figures.", False),
        ("Please send me the figures.", "Would you send me the figures?", False),
        ("Please send me the figures.", "Please send me the figures, so that I can go on.", False),
        ("Could you send me the keys?", "I should be grateful if you could send me the keys.", False),
        ("Please note that the hall is closed.", "The hall is closed.", False),
        ("I will be late, please wait.", "I will come late. Please wait.", False),
        ("Where is the key?", "The key is on the table.", True),
        ("“Where is the key?”", "The key is on the table.", True),
        ("Where is the key?", "Where can the key be?", False),
        ("The key is on the table.", "The key lies on the table.", False),
    ],
)
def test_a_version_that_answers_what_is_asked_for_is_noticed(old: str, new: str, answered: bool) -> None:
    assert answers(old, new) is answered


@pytest.mark.parametrize(
    ("old", "new", "added"),
    [
        ("They meet in the old library.", "They meet in the old library, and it's a weekly meeting.", True),
        ("They meet in the old library.", "They meet in the old library and it is a weekly event.", True),
        ("They meet in the old library.", "They meet in the old library. It is a weekly event.", True),
        ("They meet in the old library.", "They meet in the old library, where warm tea is served.", True),
        ("They meet in the old library.", "They meet in the old library – a weekly event.", True),
        ("They meet in the old library.", "They meet in the old library; everybody likes tea.", True),
        ("They meet in the old library.", "In the old library, which is where they meet.", False),
        ("It rained the whole afternoon, so we stayed home.", "It rained all afternoon, so we remained here.", False),
        ("The printer broke again, but Tom fixed it.", "The printer broke again, but Tom repaired it.", False),
        ("The rooms are clean, quiet and cheap.", "The rooms are clean, quiet, and affordable.", False),
    ],
)
def test_a_version_that_goes_on_with_something_else_is_noticed(old: str, new: str, added: bool) -> None:
    assert adds_part(old, new) is added


@pytest.mark.parametrize("name", ["formal", "friendly", "plainer", "shorter", "longer"])
def test_what_a_template_shows_a_small_model_says_the_same(name: str) -> None:
    template = prompt_files()[f"rewrite-{name}"].template(Tier.SMALL)
    examples = re.findall(r'Original: "(.*)"\nNew: "(.*)"\n', template.prompt)
    assert len(examples) >= 5
    for old, new in examples:
        assert not answers(old, new), new
        assert not circles(new, old), new
        assert not changes_duty(old, new), new
        assert not suffers(old, new), new
        assert not loses_amount(old, new), new
        if name != "longer":
            assert not changes_amount(old, new), new
            assert not adds_part(old, new), new


@pytest.mark.parametrize(
    ("old", "new", "lost"),
    [
        ("Ada waters the beds because it is very dry then.", "Ada waters the beds.", True),
        ("Ada waters the beds because it is very dry then.", "It is dry then, so Ada waters the beds.", False),
        ("Ada waters the beds because it is very dry then.", "Due to drought, Ada waters the beds.", False),
        ("We buy the hose if the shop gives us a discount.", "We buy the hose.", True),
        ("We buy the hose if the shop gives us a discount.", "With a discount, we buy the hose.", False),
        ("If you need help, please call.", "Should you require assistance, call us.", False),
        ("Please send it today if possible.", "Please send it today.", False),
        ("Ask whether he comes.", "Ask him.", False),
        ("If I do not hear from you, I shall write.", "I will not write until I hear from you.", True),
        ("If I do not hear from you, I shall write.", "I shall write unless I hear from you.", False),
    ],
)
def test_a_version_that_leaves_out_why_something_is_so_or_on_what_it_hangs_is_noticed(
    old: str, new: str, lost: bool
) -> None:
    assert loses_ground(old, new) is lost
