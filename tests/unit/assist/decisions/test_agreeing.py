"""What is decided because somebody else agrees to it, and open because they deny it."""

from __future__ import annotations

import pytest

from cowrite.core.decisions.found import Standing
from helpers.deciding import doubting, found_in


@pytest.mark.parametrize(
    ("talk", "is_decided"),
    [
        ("Guide: We'll follow the river.\nGuest: How long?\n", False),
        ("Ben: How was the trip?\nGuide: Long. Then we'll follow the river again.\n", False),
        ("Ben: Should we walk?\nGuide: Okay, then we'll follow the river.\n", True),
        ("Guide: We'll follow the river.\nGuest: Fine with me.\n", True),
        ("Ben: We decided to take the road.\nGuide: Hm. Then we'll follow the river.\n", True),
        ("Guide: We'll follow the river, not the road.\nGuest: How long?\n", True),
        ("We'll follow the river and rest in its shade.", False),
        ('"We\'ll follow the river on Monday," said the old man.', False),
        ("We'll follow the river on Monday.", True),
        ("Trip: We'll follow the river.", True),
        ("They had long agreed to follow the river.", False),
        ("She told us how we agreed to follow the river.", False),
    ],
)
def test_what_might_only_tell_what_comes_next_is_decided_where_it_was_asked_for_or_agreed_to(
    talk: str, is_decided: bool
) -> None:
    summary, _ = found_in(talk)
    decided = [each.text for each in summary.found if each.status is Standing.DECIDED]
    assert any("river" in text for text in decided) is is_decided


@pytest.mark.parametrize(
    ("talk", "is_decided"),
    [
        ("Zoe: Should we walk?\nMax: OK, then we follow the river ;-)\nZoe: The river!\n", False),
        ("Zoe: Should we walk?\nMax: OK, let's follow the river.\nZoe: Hahaha.\n", False),
        ("Zoe: Should we walk?\nMax: OK, let's follow the river 😂\nZoe: yesss\n", True),
        ("Zoe: Should we walk?\nMax: We agreed to follow the river 😉\nZoe: Oh.\n", True),
    ],
)
def test_what_is_said_with_a_laugh_is_decided_where_another_agrees(talk: str, is_decided: bool) -> None:
    decided = [each.text for each in found_in(talk)[0].found if each.status is Standing.DECIDED]
    assert any("river" in text for text in decided) is is_decided


def test_what_another_takes_the_task_of_is_decided_whatever_a_model_doubts() -> None:
    talk = "Ada: Where shall we meet?\nBen: Then let's take the hall.\n"
    assert not found_in(talk, reply=doubting)[0].found
    (found,) = found_in(f"{talk}Cleo: I'll book it tomorrow.\n", reply=doubting)[0].found
    assert (found.status, found.owner) == (Standing.DECIDED, "Cleo")


def test_what_another_says_agreed_to_is_decided_whatever_a_model_doubts() -> None:
    talk = "Ada: The shed has a heater.\nBen: Then let's take the shed.\n"
    assert not found_in(f"{talk}Cleo: I like sheds.\n", reply=doubting)[0].found
    (found,) = found_in(f"{talk}Cleo: Agreed.\n", reply=doubting)[0].found
    assert found.status is Standing.DECIDED


@pytest.mark.parametrize(
    "answer", ["No, we didn't.", "That is not what we agreed.", "That's not true.", "No, nothing was agreed."]
)
def test_what_somebody_denies_at_once_is_open(answer: str) -> None:
    summary, _ = found_in(f"Anna: We agreed to launch in May.\nBen: {answer}\nAnna: I see.\n")
    assert [each.status for each in summary.found if "May" in each.text] == [Standing.OPEN]


def test_what_somebody_agrees_to_at_once_is_decided() -> None:
    summary, _ = found_in("Anna: We agreed to launch in May.\nBen: Yes, we did.\nAnna: I see.\n")
    assert [each.status for each in summary.found] == [Standing.DECIDED]


@pytest.mark.parametrize(
    ("text", "status", "owner", "due"),
    [
        ("Ada: Do we buy the bench or not?\nBen: OK, agreed.\n", Standing.DECIDED, "", ""),
        (
            "Ada: Do we buy it?\nBen: It is cheap.\nAda: Fine.\nBen: Agreed. I'll pay by May.\n",
            Standing.DECIDED,
            "Ben",
            "May",
        ),
        ("Ada: Sollen wir ein Zelt mieten?\nBen: Gut, einverstanden.\n", Standing.DECIDED, "", ""),
        ("Ada: Oak or pine?\nBen: We have oak.\nAda: Right, oak.\n", Standing.DECIDED, "", ""),
        ("Ada: Rot oder blau?\nBen: Blau.\nAda: Gut, blau!\n", Standing.DECIDED, "", ""),
        ("Ada: Shall we sell the van?\nBen: I'd rather not.\nAda: OK, agreed.\n", Standing.OPEN, "", ""),
        ("Ada: Should we take oak or pine?\nBen: OK, agreed.\n", Standing.LEANING, "", ""),
        ("Ada: Do we clean the pond?\nBen: Yes.\nAda: Good, so we clean the pond.\n", Standing.DECIDED, "", ""),
    ],
)
def test_what_is_agreed_to_after_a_question_is_decided(text: str, status: Standing, owner: str, due: str) -> None:
    (found,) = found_in(text)[0].found
    assert (found.status, found.owner, found.due) == (status, owner, due)
    assert found.quotes[0].text.endswith("?")


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("Ada: So we keep the old importer, agreed?\nBen: Yes.\n", ""),
        ("Ada: Then I'd write two days.\nBen: Agreed, changed it.\n", ""),
        ("Ada: Can we cut it to an hour?\nBen: Please.\nCy: Yes.\n", ""),
        ("Ada: OK, let's push it to May.\nBen: +1\nAda: Ben can you tell support?\n", "Ben"),
        ("Ada: From now on, tests run at night only.\nBen: Agreed.\n", ""),
        ("Ada: It would take a year.\nBen: Then we don't mend it.\nAda: Makes sense.\n", ""),
        ("Ada: The printer is ready.\nBen: Then 7 May stays.\nAda: OK.\n", ""),
        ("Ada: ok, thai it is 😂\nBen: yesss\n", ""),
        ("Ada: Which day?\nBen: Monday then.\nAda: I'll book the room.\n", "Ada"),
        ("Nobody starts a ticket while a review waits. Everyone was in favour.", ""),
    ],
)
def test_what_the_others_go_along_with_is_decided(text: str, owner: str) -> None:
    (found,) = found_in(text)[0].found
    assert (found.status, found.owner) == (Standing.DECIDED, owner)
