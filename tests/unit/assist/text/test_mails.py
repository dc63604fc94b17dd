"""E-mail threads: who wrote what, and in which order."""

from __future__ import annotations

import time

import pytest

from cowrite.assist.text.transcripts import said, speakers

QUOTED = """Hi all,

We decided to go with larch for the fence.

--
Anna Weber, Chair

On Wed, 11 Nov 2026 at 09:12, Bob Miller <bob@example.org> wrote:
> I would prefer steel.
>
> On Tue, 10 Nov 2026 at 08:01, Carla <carla@example.org> wrote:
>> Should we use wood or steel for the fence?
"""
HEADED = """From: Anna Weber <anna@example.org>
Sent: Thursday, November 12, 2026 10:03 AM
Subject: RE: Fence

We take larch.

________________________________
From: Bob Miller <bob@example.org>
Sent: Wednesday, November 11, 2026 9:12 AM
Subject: RE: Fence

I would prefer steel.
"""


def written(text: str) -> list[tuple[str, str]]:
    found = said(text)
    assert all(text[one.piece.start : one.piece.end] == one.piece.text for one in found)
    return [(one.speaker, one.plain) for one in found]


def test_the_oldest_message_of_a_thread_is_read_first_and_each_has_its_writer() -> None:
    assert written(QUOTED) == [
        ("Carla", "Should we use wood or steel for the fence?"),
        ("Bob Miller", "I would prefer steel."),
        ("", "Hi all"),
        ("", "We decided to go with larch for the fence."),
    ]
    assert written(HEADED) == [("Bob Miller", "I would prefer steel."), ("Anna Weber", "We take larch.")]
    assert speakers(HEADED) == {"Bob Miller", "Anna Weber"}


def test_a_thread_that_stands_oldest_first_stays_as_it_is() -> None:
    first, second = HEADED.split("________________________________\n")
    assert written(f"{second}\n{first}") == [("Bob Miller", "I would prefer steel."), ("Anna Weber", "We take larch.")]


def test_what_is_answered_passage_by_passage_stays_between_its_answers() -> None:
    text = (
        "Ben wrote:\n> Wood or steel?\n\nWood.\n\n> And who pays?\n\nI do.\n\nOn Monday, Carla wrote:\n> Let's meet.\n"
    )
    assert [plain for _, plain in written(text)] == [
        "Let's meet.",
        "Wood or steel?",
        "Wood.",
        "And who pays?",
        "I do.",
    ]


def test_a_sentence_that_goes_on_in_the_next_quoted_line_is_whole() -> None:
    text = (
        "Fine.\n\nAm 3. Mai 2026 um 9:00 Uhr schrieb Jens Roth <\njens@example.org>:\n"
        "> Hello. We agreed last week that the fence around the whole\n> of the garden is green.\n"
    )
    found = said(text)
    assert (found[1].speaker, found[1].plain) == (
        "Jens Roth",
        "We agreed last week that the fence around the whole of the garden is green.",
    )
    assert found[1].piece.text == text[found[1].piece.start : found[1].piece.end]


@pytest.mark.parametrize(
    "text",
    [
        "From: the hill\n\nOne sees the sea.\n",
        "> A saying.\n\nIt is well known.\n",
        "He wrote:\n\nOne line.\n",
        "",
    ],
)
def test_a_text_that_only_quotes_is_no_thread(text: str) -> None:
    assert [one.piece.start for one in said(text)] == sorted(one.piece.start for one in said(text))
    assert not speakers(text)


@pytest.mark.parametrize("line", ["From: x\n", "On Mon, Bob wrote:\n> a\n", "On Mon, Bob wrote:\na\n"])
def test_a_very_long_thread_takes_no_time_to_speak_of(line: str) -> None:
    begun = time.process_time()
    assert said(line * 10_000)
    assert time.process_time() - begun < 20


def test_in_a_thread_that_was_copied_by_hand_a_head_may_have_its_writer_alone() -> None:
    first = "From: Bob Miller\nSubject: Fence\n\nI would prefer steel.\n"
    rest = "\nFrom: Carla\nIt rusts.\nFrom: the shop they have nothing.\n\nFrom: Anna Weber\nThen we take larch.\n"
    assert written(first + rest) == [
        ("Bob Miller", "I would prefer steel."),
        ("Carla", "It rusts."),
        ("Carla", "From: the shop they have nothing."),
        ("Anna Weber", "Then we take larch."),
    ]
    assert not any(speaker for speaker, _ in written("From: Carla\nIt rusts."))
