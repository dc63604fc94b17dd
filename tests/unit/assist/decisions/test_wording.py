"""What a decision says that was found for a question."""

from __future__ import annotations

import pytest

from cowrite.assist.decisions.wording import group_of, topic_of, wording
from cowrite.assist.text.transcripts import said
from cowrite.core.decisions.found import Standing

TALK = said("Anna: I think we should use rubber.\nBen: Okay, let's do that.\n")


def test_it_names_the_topic_what_was_said_and_how_it_ended() -> None:
    assert wording("What did the team decide about the case?", TALK[:1], Standing.DECIDED) == (
        "The team discussed the case. Anna thought that they should use rubber. The team agreed on it."
    )


def test_without_a_topic_it_begins_with_what_was_said() -> None:
    assert wording("Why rubber?", TALK[:1], Standing.OPEN) == (
        "Anna thought that they should use rubber. The group left it open."
    )


def test_where_nobody_says_how_it_ended_nothing_is_told_of_that() -> None:
    assert wording("Why rubber?", TALK[:1], None) == "Anna thought that they should use rubber."


def test_what_one_person_said_in_a_row_is_one_sentence() -> None:
    talk = said("Anna: It is cheap. We have to save. Maybe we need two.\nBen: It is red.\n")
    assert wording("Why rubber?", talk, Standing.OPEN) == (
        "Anna said that it was cheap, and that they had to save. Anna suggested that they needed two. "
        "Ben said that it was red. The group left it open."
    )


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("What was the decision of the discussion about button design?", "button design"),
        ("What's the conclusion on the age group when discussing the target group?", "the age group"),
        ("What was decided about the material?", "the material"),
        ("What was agreed by the board about the lease?", "the lease"),
        ("What decision did the group make on changeable cases?", "changeable cases"),
        ("What did Anna say about the budget?", "the budget"),
        ("How did the board decide to reduce the rent?", "how to reduce the rent"),
        ("What colour did they finally agree to paint the door?", "what colour to paint the door"),
        ("Why did the team decide not to print a catalogue when talking about costs?", "whether to print a catalogue"),
        ("Why did they take rubber?", ""),
        ("What did the committee decide?", ""),
    ],
)
def test_what_a_question_asks_about_is_told_in_its_own_words(question: str, topic: str) -> None:
    assert topic_of(question) == topic


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("Why did Ben disagree with Anna when discussing the price?", "the price"),
        ("What did Anna recommend when talking about the shape and the colour?", "the shape and the colour"),
        ("What is Anna's attitude towards the lease?", "the lease"),
        ("Summarise the official promises to the schools.", "the official promises to the schools"),
        ("Why did Ben disagree?", ""),
    ],
)
def test_what_a_question_only_says_was_talked_about_is_the_topic_where_it_names_no_other(
    question: str, topic: str
) -> None:
    assert topic_of(question) == topic


@pytest.mark.parametrize(
    ("question", "group"),
    [
        ("What did the Board decide about the lease?", "board"),
        ("Summarise the team's discussion of the lease.", "team"),
        ("What was decided about the lease?", "group"),
    ],
)
def test_those_who_decide_are_called_as_the_question_calls_them(question: str, group: str) -> None:
    assert group_of(question) == group
