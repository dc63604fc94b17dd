"""What a sealed box does not take: too much, what is no item, requests that are broken or too many."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import count
from random import Random

import pytest

from cowrite_server.wire.encoding import var_string, var_uint
from cowrite_server.wire.protocol import Close, Limits, Message, Role
from cowrite_server.wire.sealed import (
    ITEM_BYTES,
    SealedList,
    SealedReason,
    open_box_message,
    seal_message,
    sealed_get_message,
    take_back_message,
)
from fuzz_cases import mutated
from house import House, MakeHouse
from sealed_seat import SESSION, ballot, begin, entry, listing, note, notes, open_box, put
from team import Team


async def test_an_item_beyond_the_bounds_is_refused(team: Team) -> None:
    ada = await team.join("Ada")
    room = ITEM_BYTES - len(json.dumps(dict(note("").fields), separators=(",", ":")))
    assert await put(ada, note("ä" * (room // 2) + "x" * (room % 2))) is None
    assert await put(ada, note("ä" * (room // 2) + "x" * (room % 2 + 1))) is SealedReason.TOO_LARGE
    assert await ada.request(_seal_unread, "[" * 10 * ITEM_BYTES) is SealedReason.TOO_LARGE


def _seal_unread(request: int, text: str) -> bytes:
    """A message with what is no JSON, which would close its sender if it were read."""
    return var_uint(Message.SEAL) + var_uint(request) + var_string(SESSION) + var_string("note:1") + var_string(text)


async def test_a_document_without_space_leaves_the_box_to_be_opened_later(
    make_house: MakeHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks = count()
    monkeypatch.setattr(
        "cowrite_server.rooms.room.monotonic", lambda: next(ticks) / 1000
    )  # measuring always takes long
    house = await make_house(limits=replace(Limits(), document_bytes=4000))
    team = Team(house)
    ada = await team.join("Ada")
    await begin(ada)
    await ada.write("x" * 3000)
    await ada.until_saved()
    await put(ada, note("y" * 2000))
    assert await open_box(ada) is SealedReason.DOCUMENT_FULL
    assert await put(ada, note("late", "note:2")) is SealedReason.OPENED
    del ada.body[0:2900]
    await ada.push()
    await ada.until_saved()
    assert await open_box(ada) is None
    await ada.until(lambda: len(notes(ada)) == 1)


BROKEN = {
    "nothing": b"",
    "no box": b"\x01\x00\x00",
    "another box": b"\x01" + var_string("meta:1") + var_string("note:1") + var_string("{}"),
    "a box without end": b"\x01" + var_string("session:" + "x" * 65) + var_string("note:1") + var_string("{}"),
    "another item": b"\x01" + var_string("session:1") + var_string("poll:1") + var_string("{}"),
    "no ballot": b"\x01" + var_string("poll:1") + var_string("note:1") + var_string("{}"),
    "a list": b"\x01" + var_string("session:1") + var_string("note:1") + var_string("[]"),
    "no JSON": b"\x01" + var_string("session:1") + var_string("note:1") + var_string("{"),
    "no number": b"\x01" + var_string("session:1") + var_string("note:1") + var_string('{"x": NaN}'),
    "an endless number": b"\x01" + var_string("session:1") + var_string("note:1") + var_string('{"x": 1e999}'),
    "half a character": b"\x01" + var_string("session:1") + var_string("note:1") + var_string('{"x": "\\ud800"}'),
    "too deep": b"\x01" + var_string("session:1") + var_string("note:1") + var_string('{"x":' * 10_000),
    "more than it says": b"\x01" + var_string("session:1") + var_string("note:1") + var_string("{}") + b"\x00",
}


@pytest.mark.parametrize("broken", BROKEN)
async def test_what_is_no_item_ends_the_connection(team: Team, broken: str) -> None:
    ada = await team.join("Ada")
    await ada.send(var_uint(Message.SEAL) + BROKEN[broken])
    assert (await ada.until_closed()).code == Close.MALFORMED
    assert (await listing(await team.join("Ada"))).items == ()


@pytest.mark.parametrize("kind", [Message.SEALED_GET, Message.TAKE_BACK, Message.OPEN_BOX])
@pytest.mark.parametrize("body", [b"", b"\x01\x01\x01"])
async def test_a_broken_request_ends_the_connection(team: Team, kind: Message, body: bytes) -> None:
    ada = await team.join("Ada")
    await ada.send(var_uint(kind) + body)
    assert (await ada.until_closed()).code == Close.MALFORMED


async def test_a_stock_client_knows_no_boxes(house: House) -> None:
    ann = await house.stock()
    await ann.send(sealed_get_message(1))
    assert (await ann.until_closed()).code == Close.MALFORMED


async def test_many_requests_at_once_are_answered_or_refused(team: Team) -> None:
    ada = await team.join("Ada")
    for request in range(101, 201):
        await ada.send(sealed_get_message(request))
    await ada.until(lambda: len(ada.answers_by_request) == 100)
    answers = list(ada.answers_by_request.values())
    assert any(isinstance(answer, SealedList) for answer in answers)
    assert {answer for answer in answers if not isinstance(answer, SealedList)} <= {SealedReason.BUSY}


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_somebody_sends_the_others_notes_come_out(team: Team, seed: int) -> None:
    chance = Random(seed)
    ada, eve = await team.join("Ada"), await team.join("Eve", Role.COMMENTER)
    await begin(ada)
    await put(ada, note("sound"))
    odd = note("odd", "note:odd", builds_on=["note:1"], is_late=True, x=1e14, hand="model")
    sound = [
        seal_message(1, odd),
        seal_message(2, ballot(dots={"note:1": 3}, scores={"cost": {"note:1": 2}})),
        sealed_get_message(3),
        take_back_message(4, SESSION, "note:odd"),
        open_box_message(5, SESSION),
    ]
    for _ in range(120):
        if eve.socket_is_gone:
            eve = await team.join("Eve", Role.COMMENTER)
        await eve.send_anyhow(mutated(chance, chance.choice(sound), chance.choice(sound)))
    assert await open_box(ada) is None
    await ada.until(lambda: entry(ada, SESSION)["is_revealed"])
    assert "sound" in [each["text"] for each in notes(ada).values()]
