"""Words by which people decide, and whose a task then is, until when."""

from __future__ import annotations

import pytest

from cowrite.assist.addressing import people_in
from cowrite.assist.decision_words import Standing, due_in, is_assent, is_firm, is_only_assent, owner_in, standing
from cowrite.assist.transcripts import said


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
        ("We decided nothing yet.", None),
        ("They agreed on nothing.", None),
        ("We haven’t agreed on anything.", None),
        ("We decided nothing but the colour.", Standing.DECIDED),
        ("We agreed on nothing else than blue.", Standing.DECIDED),
        ("If we had decided to sell, we would be rich.", None),
        ("Had we agreed on blue, Ben would paint.", None),
        ("Once that is agreed, Ben orders it.", None),
        ("It would have been approved by the board.", None),
        ("Wenn wir uns auf Gummi geeinigt haben, bestellt Ben.", None),
        ("Have we agreed on blue?", Standing.OPEN),
        ("Okay, and is that decided?", Standing.OPEN),
        ("We decided to wait until Monday.", Standing.DECIDED),
        ("If it rains, we agreed to stay.", Standing.DECIDED),
        ("The outcome is that we agreed on blue.", Standing.DECIDED),
        ("Before Ben left we agreed on blue.", Standing.DECIDED),
        ("5 for, 2 against: adopted.", Standing.DECIDED),
        ("Carried 6–1.", Standing.DECIDED),
        ("The motion passes.", Standing.DECIDED),
        ("The motion to build a pool was rejected.", Standing.DECIDED),
        ("Rejected.", Standing.DECIDED),
        ("Der Antrag wurde mit 5 zu 2 Stimmen angenommen.", Standing.DECIDED),
        ("Einstimmig angenommen: Wir feiern am 12. Juli.", Standing.DECIDED),
        ("Replace the fence | 5 | 2 | Adopted", Standing.DECIDED),
        ("Der Vorstand beschließt, den Zaun zu erneuern.", Standing.DECIDED),
        ("The board approves the budget.", Standing.DECIDED),
        ("They go with wood.", Standing.DECIDED),
        ("The vote was tied, 3 to 3.", Standing.OPEN),
        ("3 for, 3 against.", Standing.OPEN),
        ("The proposal did not reach the two-thirds majority.", Standing.DECIDED),
        ("Consent given; no objections.", Standing.DECIDED),
        ("RESOLVED FURTHER, That the officers open an account.", Standing.DECIDED),
        ("The Board unanimously elected Jane Doe.", Standing.DECIDED),
        ("The logo question was settled.", Standing.DECIDED),
        ("Cool, 9:30 it is, starting Monday.", Standing.DECIDED),
        ("We won't renew the contract.", Standing.DECIDED),
        ("We won't know before Monday.", None),
        ("Let's decide on Thursday.", Standing.OPEN),
        ("We decided on Thursdays.", Standing.DECIDED),
        ("If the motion passes, we need a plan.", None),
        ("Was the motion carried?", None),
        ("The motion needs a majority to be adopted.", None),
        ("They passed the ball 6-1 times.", None),
        ("She was accepted at the university.", None),
        ("It was adopted from a shelter.", None),
        ("They go with their dog.", None),
        ("See you then.", None),
        ("The meeting was adjourned at nine.", None),
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
        ("", "Bob to get quotes by 1 April.", "Bob"),
        ("", "Action: Bob to get quotes.", "Bob"),
        ("", "Welcome to all guests.", ""),
        ("", "Frau Roth holt bis Freitag Angebote ein.", "Frau Roth"),
        ("", "It should be blue.", ""),
    ],
)
def test_an_owner_is_somebody_whom_the_text_names(speaker: str, sentence: str, owner: str) -> None:
    assert owner_in([(speaker, sentence)]) == owner


PEOPLE = frozenset(("Anna", "Bob", "Cy Miller"))


@pytest.mark.parametrize(
    ("sentence", "owner"),
    [
        ("Bob, you order samples by Friday.", "Bob"),
        ("Okay, Bob, you’ll order samples.", "Bob"),
        ("Bob, can you please order samples?", "Bob"),
        ("Bob, please order samples.", "Bob"),
        ("So we take rubber, and Bob, you order samples.", "Bob"),
        ("Could you order samples, Cy?", "Cy Miller"),
        ("You order samples by Friday, Bob.", "Bob"),
        ("Bob, du bestellst bitte Muster.", "Bob"),
        ("Bob, you order samples and Maria will pay them.", "Bob"),
        ("Well, you order samples by Friday.", ""),
        ("Well, will you order samples?", ""),
        ("Then you order samples by Friday, okay?", ""),
        ("Dave, you order samples by Friday.", ""),
        ("Bob, you said we order samples by Friday.", ""),
        ("Bob, you don't order samples.", ""),
        ("Bob, you ordered them already.", ""),
        ("Bob, we order samples.", ""),
        ("Can you hear me, Bob?", ""),
        ("Anna, you order samples, I tell myself.", ""),
    ],
)
def test_whoever_is_addressed_by_name_owns_what_they_are_told_to_do(sentence: str, owner: str) -> None:
    assert owner_in([("Anna", sentence)], PEOPLE) == owner


def test_those_are_known_who_speak_or_are_named_as_present() -> None:
    text = "Present: Anna, Bob and Cy Miller.\n\nWe take rubber.\n\nBob, you order samples."
    assert people_in(said(text)) == PEOPLE
    assert people_in(said("Anna: We take rubber.\nBob: Fine.\nAnna: Good.\n")) == {"Anna", "Bob"}
