"""Gathering: a room that rests passes on when it has rested, or when enough waits."""

from __future__ import annotations

from typing import cast

from cowrite_server.rooms.client import Client
from cowrite_server.rooms.gathering import Gathering

PEOPLE = 5000  # so many that they rest for 17 seconds, in which 10,291 updates wait that are worth 1.7 ms each


async def test_a_room_that_rests_passes_on_as_soon_as_enough_waits() -> None:
    passed: list[int] = []

    def flush() -> None:
        turn, _ = gathering.take()
        passed.append(sum(map(len, turn.values())))
        gathering.passed_on(0, PEOPLE)

    ann = cast(Client, object())
    gathering = Gathering(3600, flush)
    while gathering.may_pass_on:
        gathering.passed_on(0, PEOPLE)
    for number in range(25_000):
        gathering.add(ann, number, b"")
        gathering.pass_on()
    gathering.stop()
    assert passed == [10_291, 10_291]
