"""A sentence in fewer words by rules alone."""

from __future__ import annotations

import pytest

from cowrite.assist.text.trimming import trimmed


@pytest.mark.parametrize(
    ("sentence", "shorter"),
    [
        ("We met in order to plan the trip.", "We met to plan the trip."),
        ("Due to the fact that it rained, we stayed.", "Because it rained, we stayed."),
        ("It should be noted that Ada has a key.", "Ada has a key."),
        ("The council is going to close the bridge.", "The council will close the bridge."),
        ("The meeting that was planned for Monday is cancelled.", "The meeting planned for Monday is cancelled."),
        ("The keys, who is responsible for them?", "The keys, who is responsible for them?"),
        ("The report which was written by Ben is long.", "The report written by Ben is long."),
        ("This is really important, and it is basically done.", "This is important, and it is done."),
        ("In fact, Ada came.", "Ada came."),
        ("There are two men who sell bread.", "Two men sell bread."),
        ("She kind of likes it.", "She likes it."),
        ("Outside of the house stands a bench.", "Outside the house stands a bench."),
    ],
)
def test_what_can_be_said_in_fewer_words_is(sentence: str, shorter: str) -> None:
    assert trimmed(sentence) == shorter


@pytest.mark.parametrize(
    "sentence",
    [
        "It is not very good, and nobody really knows.",
        "Ada is going to the shop, and Ben is going to bed.",
        "It is kind of you to come to a kind of party.",
        "He said that was planned for Monday.",
        "The very idea is not able to help us very much.",
        "There is no way that this works.",
        "All of them came.",
        "He said “I am really sorry” and left.",
        "The file is called `in order to` here.",
        "We decided on the order.",
        "Wir haben sehr viel vor.",
    ],
)
def test_what_would_say_something_else_stays(sentence: str) -> None:
    assert trimmed(sentence) == sentence
