"""Rooms whose document the library has lost: read again, while nobody loses what they have."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing

import pytest
from pycrdt import Doc, Map

from cowrite_server.document.ranges import deletion
from cowrite_server.document.replica import Replica
from cowrite_server.document.updates import merge
from cowrite_server.errors import BrokenUpdate
from cowrite_server.rooms import intake
from cowrite_server.rooms.intake import Accepted, Turn
from cowrite_server.rooms.loading import LoadedRoom, Loader
from cowrite_server.store.records import RoomRecord
from cowrite_server.store.sealing import Claim
from cowrite_server.store.sqlite.database import FILE_NAME
from cowrite_server.store.sqlite.store import SqliteStore
from cowrite_server.wire.protocol import Close, Message, Role, Sync, sync_message
from cowrite_server.wire.sealed import open_box_message
from fuzz_cases import client_frame
from house import House, MakeHouse
from poison import BEFORE_POISON, POISON
from sealed_seat import SESSION, begin, entry, note, notes, open_box, put
from slow_read import SlowRead, stored_updates
from sync_clients import Client, StockClient, until
from team import Team


async def test_an_update_on_which_the_library_fails_expels_its_sender_only(house: House) -> None:
    secret = await house.secret()
    ann, mallory, ben = await house.client(secret), await house.client(secret), await house.stock(secret)
    ann.apply(BEFORE_POISON)
    await ann.send_update(BEFORE_POISON)
    await mallory.until(lambda: mallory.text == "hello")
    await mallory.send_update(POISON)
    await ann.write(" from Ann")
    await ben.write(" from Ben")
    assert (await mallory.until_closed()).code == Close.MALFORMED
    await ann.until(lambda: "Ben" in ann.text)
    await ann.until_saved()
    late = await house.client(secret)
    assert late.text == ann.text
    assert "half" not in late.text
    assert POISON not in stored_updates(house)
    assert ann.closed is ben.closed is None


async def test_however_often_somebody_asks_during_a_repair_they_are_answered_once_after_it(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = await house.secret()
    ann, mallory = await house.client(secret), await house.client(secret)
    ann.apply(BEFORE_POISON)
    await ann.send_update(BEFORE_POISON)
    await ann.until_saved()
    asker = StockClient(answers=False)
    await house.enter(asker, secret)
    await asker.until(lambda: asker.messages)
    read = SlowRead(monkeypatch)
    await mallory.send_update(POISON)
    await until(lambda: read.count)
    before = asker.messages.count(Message.SYNC)
    asker.socket.transport.write(client_frame(sync_message(Sync.STEP_1, b"\x00")) * 9)
    await asker.show({})  # which is taken behind the questions
    (room,) = house.server._rooms._rooms.values()
    await until(lambda: room.participants.presence.person(asker.doc.client_id))
    read.go.set()
    await asker.until(lambda: asker.text == "hello")
    await asker.until(lambda: asker.doc.client_id in asker.present)
    assert asker.messages.count(Message.SYNC) == before + 1


async def test_a_deletion_is_not_taken_for_known_from_a_document_that_is_repaired(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    title: Doc[Map] = Doc(client_id=6)
    title.get("meta", type=Map)["title"] = "old"
    other: Doc[Map] = Doc(client_id=11)  # what it writes is taken in before the rest of the poison
    other.apply_update(title.get_update())
    other.get("meta", type=Map)["title"] = "new"  # which deletes the old one
    secret = await house.secret()
    ann, mallory = await house.client(secret), await house.client(secret)
    await ann.send_update(merge([BEFORE_POISON, title.get_update()]))
    await ann.until_saved()
    read = SlowRead(monkeypatch)
    await mallory.send_update(merge([POISON, other.get_update(title.get_state())]))
    await until(lambda: read.count)
    await ann.send_update(deletion({6: [(0, 1)]}), Sync.STEP_2)
    read.go.set()
    await ann.until_saved()
    late = await house.client(secret)
    assert late.text == "hello"
    assert dict(late.doc.get("meta", type=Map)) == {}


async def test_a_room_that_cannot_be_repaired_is_read_anew_for_the_next_client(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = await house.secret()
    ann, mallory = await house.client(secret), await house.client(secret)
    await ann.show({})
    ann.apply(BEFORE_POISON)
    await ann.send_update(BEFORE_POISON)
    await ann.until_saved()
    read = SlowRead(monkeypatch)
    read.failing = True
    read.go.set()
    await mallory.send_update(POISON)
    await mallory.until_closed()
    assert (await ann.until_closed()).code == Close.STORE_FAILED
    await until(lambda: house.room_count == 0)  # which does not wait for `idle_seconds`
    assert read.count == 1
    read.failing = False
    again = await house.client(secret)
    assert again.text == "hello"
    await again.write("!")
    await again.until_saved()


async def test_a_repair_that_fails_in_a_way_nobody_foresaw_keeps_nobody_waiting(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ann, mallory = await house.client(), await house.client()
    await ann.send_update(BEFORE_POISON)
    await ann.until_saved()

    async def fail(_loader: Loader, _record: RoomRecord) -> LoadedRoom:
        raise ZeroDivisionError

    monkeypatch.setattr(Loader, "load", fail)
    await mallory.send_update(POISON)
    assert (await ann.until_closed()).code == Close.STORE_FAILED
    assert "Room room cannot be read again." in caplog.text
    caplog.clear()


@pytest.mark.parametrize("kind", [9, 15])
async def test_a_shared_type_that_only_the_library_knows_keeps_nobody_from_the_room(house: House, kind: int) -> None:
    secret = await house.secret()
    ann, mallory = await house.client(secret), await house.client(secret)
    await mallory.send_update(b"\x01\x01\x07\x00\x07\x01\x04note" + bytes((kind, 0)))
    await mallory.until_saved()
    await ann.write("hello")
    await ann.until_saved()
    await house.stop()
    await house.start()
    again = await house.client(secret)
    assert again.text == "hello"


async def test_a_box_whose_opening_meets_a_lost_document_can_be_opened_again(
    house: House, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, mallory = await team.join("Ada"), await team.join("Mallory")
    ada.apply(BEFORE_POISON)
    await ada.send_update(BEFORE_POISON)
    await begin(ada)
    await put(ada, note("one"))
    await mallory.until(lambda: entry(mallory, SESSION))
    claimed, go_on = asyncio.Event(), asyncio.Event()
    claim_box = SqliteStore.claim_box

    async def claim(store: SqliteStore, room: int, box: str) -> Claim:
        claimed.set()
        await go_on.wait()
        return await claim_box(store, room, box)

    monkeypatch.setattr(SqliteStore, "claim_box", claim)
    read = SlowRead(monkeypatch)
    read.failing = True
    await ada.send(open_box_message(1, SESSION))
    await claimed.wait()
    await mallory.send_update(POISON)  # now the document is read again, and what is revealed waits for that
    await mallory.until_closed()
    go_on.set()
    [room] = house.server._rooms._rooms.values()
    await until(lambda: room._gathering.turn)
    read.go.set()
    assert (await ada.until_closed()).code == Close.STORE_FAILED
    read.failing = False
    ada = await team.join("Ada", doc=ada.doc)
    assert await open_box(ada) is None
    await ada.until(lambda: [each["text"] for each in notes(ada).values()] == ["one"])


async def test_updates_that_cannot_be_merged_are_passed_on_one_by_one(
    make_house: MakeHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = await make_house(merge_seconds=0.05)
    ann, ben, cho = await house.client(), await house.client(), await house.client()

    def merge_of_one_writer(updates: list[bytes]) -> bytes:
        if len(updates) > 1:
            raise BrokenUpdate("these two do not get along")
        return updates[0]

    monkeypatch.setattr(intake, "merge", merge_of_one_writer)
    await ann.write("a")
    await ben.until(lambda: ben.text == "a")
    await asyncio.gather(ben.write("b"), cho.write("c"))
    for client in (ann, ben, cho):
        await client.until(lambda client=client: sorted(client.text) == ["a", "b", "c"])
    await ben.until_saved()
    await cho.until_saved()


async def test_a_repair_waits_until_the_disk_has_what_was_accepted(house: House) -> None:
    secret = await house.secret()
    ann, mallory = await house.client(secret), await house.client(secret)
    ann.apply(BEFORE_POISON)
    await ann.send_update(BEFORE_POISON)
    await ann.until_saved()
    with closing(sqlite3.connect(house.folder / FILE_NAME, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        await ann.write(" accepted")
        await mallory.until(lambda: "accepted" in mallory.text)
        await mallory.send_update(POISON, Sync.UPDATE)
        await mallory.until_closed()
        await ann.write(" meanwhile")
        other.execute("COMMIT")
    await ann.until_saved()
    assert (await house.client(secret)).text == ann.text


async def test_a_repair_waits_for_the_disk_alone_and_not_for_others_to_come(make_house: MakeHouse) -> None:
    house = await make_house(commit_seconds=3600)
    ann, _ben = await house.two_and_an_update_that_waits()
    (room,) = house.server._rooms._rooms.values()
    room.read_again()
    await ann.until_saved()
    await until(lambda: room.known is not None)


async def test_what_the_log_lost_while_a_room_was_read_again_comes_back_with_its_clients(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = await house.secret()
    ann = await house.client(secret)
    await ann.write("hello")
    await ann.until_saved()
    (room,) = house.server._rooms._rooms.values()
    read = SlowRead(monkeypatch)
    room.read_again()
    with closing(sqlite3.connect(house.folder / FILE_NAME)) as connection, connection:
        connection.execute("DELETE FROM updates")  # as where another database takes over
    room.write_again()
    read.go.set()
    assert (await ann.until_closed()).code == Close.STORE_FAILED
    await house.client(secret, client=Client(ann.doc))
    ben = await house.client(secret)
    await ben.until(lambda: ben.text == "hello")


async def test_what_a_viewer_sends_while_a_room_is_read_again_is_judged_by_what_the_room_is_then(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = await house.client()
    await ann.write("hello")
    await ann.until_saved()
    eve = await house.client(await house.secret(Role.VIEWER))
    await eve.until(lambda: eve.text == "hello")
    (room,) = house.server._rooms._rooms.values()
    read = SlowRead(monkeypatch)
    room._intake.replica = Replica()  # what it is after the library failed at it nobody knows
    room.read_again()
    await eve.send_update(eve.doc.get_update(), Sync.STEP_2)
    await eve.write("!")
    await until(lambda: room._repair._waiting or eve.refused)
    read.go.set()
    await eve.until(lambda: eve.refused)
    assert [refused.update for refused in eve.refused] == [eve.sent]


async def test_who_wrote_waits_as_long_as_a_room_is_read_again_and_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = await house.secret()
    ann = await house.client(secret)
    (room,) = house.server._rooms._rooms.values()
    (socket,) = house.server._sockets
    read = SlowRead(monkeypatch)
    room.read_again()
    await ann.write("hello")
    await until(lambda: "repair" in socket._backlog._causes)
    first, accept = room._repair, room._intake.accept

    def fail_once(turn: Turn, *, saved: bool) -> tuple[list[Accepted], list[bytes]]:
        monkeypatch.setattr(room._intake, "accept", accept)
        room._intake.broken = True
        read.go.clear()
        return [], []

    monkeypatch.setattr(room._intake, "accept", fail_once)
    read.go.set()
    await until(lambda: room._repair is not first)
    assert "repair" in socket._backlog._causes
    read.go.set()
    await ann.until_saved()
