"""Burden: no document grows beyond what the server can read without keeping everybody waiting."""

from __future__ import annotations

import asyncio
import sys
import time
from functools import partial
from itertools import count
from typing import Any
from unittest.mock import Mock

import pycrdt
import pytest

from cowrite_server.document import replica
from cowrite_server.rooms.burden import Burden, Scales
from cowrite_server.rooms.gathering import Gathering
from cowrite_server.rooms.trial import Trials
from cowrite_server.wire.history import HistoryReason
from cowrite_server.wire.protocol import Reason, Refused, Role
from house import MakeHouse
from sealed_seat import begin, note, notes, open_box, put
from slow_updates import entries_of_many_clients, entries_of_one_key
from sync_clients import Client, until

STEP = 150
"""Entries of one update, which is not tried."""


@pytest.fixture(autouse=True)
def fine_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows counts what a thread works in steps of 16 milliseconds, and some tests have less."""
    if sys.platform == "win32":
        monkeypatch.setattr(replica, "thread_time", time.perf_counter)


async def grow(client: Client, **where: Any) -> list[Refused]:
    """Has a client make the document slow until that is refused; gives what was."""
    for number in range(60):
        await client.send_update(entries_of_one_key(STEP, STEP * number, **where))
        await client.until_saved()
        if client.refused:
            break
    return client.refused


async def test_a_document_that_small_updates_make_slow_grows_no_more_and_can_be_read(
    make_house: MakeHouse, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    house = await make_house(document_seconds=0.01)
    ann = await house.client()
    await ann.write("words")
    refused = await grow(ann)
    assert [(each.reason, each.limit) for each in refused] == [(Reason.TOO_LARGE, "document_seconds")]
    assert "may grow no more" in caplog.text
    ben = await house.client()
    del ben.body[0]
    await ben.push()
    await ben.until_saved()
    assert not ben.refused  # a document that is full may get smaller
    assert await ben.restore(1) is HistoryReason.TOO_LARGE
    assert not house.server._figures.refusals["document_bytes"]  # it is not by that one
    with monkeypatch.context() as context:
        context.setattr(Trials, "read", Mock(side_effect=AssertionError("it is not worth a trial")))
        before = len(ann.refused)
        await ann.send_update(entries_of_one_key(2000, client=9))
        await ann.until(lambda: len(ann.refused) > before)
    assert ann.refused[-1].limit == "document_seconds"
    taken = ben.doc.get_state()
    await house.stop()
    await house.start()
    cleo = await house.client()
    assert cleo.text == "ords"
    assert cleo.doc.get_state() == taken
    while not cleo.refused:
        await cleo.write(".")
        await cleo.until_saved()
    assert cleo.refused[0].limit == "document_seconds"
    caplog.clear()


async def test_a_document_from_which_what_made_it_slow_was_deleted_grows_again(
    make_house: MakeHouse, caplog: pytest.LogCaptureFixture
) -> None:
    house = await make_house(document_seconds=0.01)
    ann = await house.client()
    board = ann.doc.get("board", type=pycrdt.Map)
    board["note"] = pycrdt.Map()
    await ann.push()
    assert await grow(ann, within=(ann.doc.client_id, 0))
    del board["note"]
    await ann.push()
    await ann.until_saved()
    await house.stop()  # so that it is read and weighed again
    await house.start()
    ben = await house.client()
    await ben.write("words")
    await ben.until_saved()
    assert not ben.refused
    caplog.clear()


async def test_what_lies_sealed_can_be_opened_in_a_document_that_grows_no_more(
    make_house: MakeHouse, caplog: pytest.LogCaptureFixture
) -> None:
    house = await make_house(document_seconds=0.01)
    ann = await house.client(client=Client(member="a" * 40, name="Ann"))
    await begin(ann)
    assert await put(ann, note("silent")) is None
    assert await grow(ann)
    assert await open_box(ann) is None
    ben = await house.client()
    assert [each["text"] for each in notes(ben).values()] == ["silent"]
    caplog.clear()


async def test_those_who_may_not_edit_keep_no_editor_from_writing(make_house: MakeHouse) -> None:
    house = await make_house(document_seconds=0.01)
    ann, mallory = await house.client(), await house.client(await house.secret(Role.COMMENTER))
    step = STEP // 5  # it takes the library as long as the square of how many there are
    for number in range(60):
        if not mallory.refused:
            await mallory.send_update(entries_of_many_clients(step, 1000 + step * number, "comments"))
            await mallory.until_saved()
    refused = mallory.refused
    assert [(each.reason, each.limit) for each in refused] == [(Reason.TOO_LARGE, "document_seconds")]
    await ann.write("words")
    await ann.until_saved()
    assert not ann.refused


async def test_those_who_come_while_a_document_is_weighed_add_nothing_before(
    make_house: MakeHouse, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    found: asyncio.Future[float] = asyncio.get_running_loop().create_future()
    monkeypatch.setattr(Scales, "weigh", lambda *_: found)
    house = await make_house(document_seconds=0.0001)
    ann = await house.client()
    await ann.send_update(entries_of_one_key(STEP))
    await ann.send_update(entries_of_one_key(STEP, STEP))
    await until(lambda: [room for room in house.server._rooms._rooms.values() if room.burden.is_unknown])
    mallory = await house.enter(Client(), await house.secret(Role.COMMENTER))
    await mallory.until(lambda: mallory.hello)
    [room] = house.server._rooms._rooms.values()
    room.read_again()  # which lets go of those who wait for that
    assert room._repair is not None
    room._repair.hold(room.participants.clients)
    await until(lambda: room.known is not None)
    await mallory.send_update(entries_of_one_key(1, client=2, root="comments"))
    await house.client(await house.secret(Role.VIEWER))  # what mallory has sent has been read by then
    found.set_result(1.0)
    await mallory.until_saved()
    assert mallory.refused[0].limit == "document_seconds"
    caplog.clear()


async def test_a_room_whose_document_cannot_be_weighed_is_served_on(
    make_house: MakeHouse, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    house = await make_house(document_seconds=0.001)

    async def fail(*_: object) -> float:
        raise OSError("there are too many processes")

    monkeypatch.setattr(Scales, "weigh", fail)
    ann = await house.client()
    for number in range(5):
        await ann.send_update(entries_of_one_key(STEP, STEP * number))
        await ann.until_saved()
    assert not ann.refused
    assert "cannot be weighed" in caplog.text
    caplog.clear()


async def test_nobody_adds_much_while_a_document_is_weighed(monkeypatch: pytest.MonkeyPatch) -> None:
    found: asyncio.Future[float] = asyncio.get_running_loop().create_future()
    monkeypatch.setattr(Scales, "weigh", lambda *_: found)
    told: asyncio.Future[float] = asyncio.get_running_loop().create_future()
    burden = Burden("room", 1.0, Scales(), lambda: b"", told.set_result, partial(next, count()))
    everybody = [Mock(role=role) for role in Role]
    burden.note(2.0, everybody)
    states = [burden.is_unknown]
    lesser = {Role.SUGGESTER, Role.COMMENTER}
    assert {client.role for client in everybody if client.wait.called} == lesser
    editor = next(client for client in everybody if client.role is Role.EDITOR)
    waits = []
    for _ in range(2):
        burden.hold(editor, 600)
        waits.append(editor.wait.called)
    assert waits == [False, True]
    found.set_result(0.7)
    await told
    assert {client.role for client in everybody if client.go_on.called} == {*lesser, Role.EDITOR}
    assert [*states, burden.is_unknown] == [True, False]
    assert {role for role in Role if burden.refuses(b"\x01", role)} == {*lesser, Role.VIEWER}


async def test_what_compacting_a_document_has_found_out_is_not_found_out_once_more(
    make_house: MakeHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    weighed: list[bytes] = []

    async def weigh(_: Scales, document: bytes) -> float:
        weighed.append(document)
        return 0.0

    monkeypatch.setattr(Scales, "weigh", weigh)
    house = await make_house(snapshot_bytes=100)
    ann = await house.client()
    await ann.send_update(entries_of_one_key(5 * STEP))
    [room] = house.server._rooms._rooms.values()
    await until(lambda: room.burden._seconds)  # as only the one says who compacts it
    assert weighed == []
    room.burden.take(None, 0.0)
    await until(lambda: weighed)


async def test_a_document_that_seemed_slow_while_the_computer_was_may_grow_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    now, found = [100.0], [1.1, 0.4]
    told: asyncio.Queue[float] = asyncio.Queue()

    async def weigh(*_: object) -> float:
        now[0] += 2
        return found.pop(0)

    monkeypatch.setattr(Scales, "weigh", weigh)
    burden = Burden("room", 1.0, Scales(), lambda: b"", told.put_nowait, lambda: now[0])
    burden.note(1.2, ())
    await told.get()
    assert burden.refuses(b"\x01", Role.EDITOR)
    assert not burden.refuses(b"\x00", Role.EDITOR)
    assert len(found) == 1  # it was weighed just now
    now[0] += 20
    assert burden.refuses(b"\x01", Role.EDITOR)
    await told.get()
    assert not burden.refuses(b"\x01", Role.EDITOR)
    assert "may grow again" in caplog.text
    caplog.clear()


async def test_updates_of_many_at_once_are_not_added_in_one_go() -> None:
    gathering, update = Gathering(0.01, lambda: None), entries_of_one_key(600)
    assert [gathering.add(Mock(), 1, update) for _ in range(2)] == [False, True]
