"""Rooms in memory: read once before anybody is served, dropped when empty, and never the cause of a loss."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing

import pytest

from cowrite_server.store.records import Update
from cowrite_server.store.sqlite.database import FILE_NAME
from cowrite_server.wire.protocol import Close
from house import House, MakeHouse
from slow_read import SlowRead, stored_updates
from stores import opened
from sync_clients import PATIENCE, Client, StockClient, until


async def filled(house: House, text: str) -> str:
    """Writes a text into the room and restarts the server; gives a secret."""
    secret = await house.secret()
    ann = await house.client(secret)
    await ann.write(text)
    await ann.until_saved()
    await house.stop()
    await house.start()
    return secret


async def test_a_room_is_read_once_and_nobody_is_served_before(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = await filled(house, "what was there")
    read = SlowRead(monkeypatch)
    clients = [await house.enter(client, secret) for client in (Client(), StockClient(), Client())]
    for number, client in enumerate(clients):
        await client.write(f"<{number}>")
    await until(lambda: read.count)
    assert [client.messages for client in clients] == [[], [], []]
    read.go.set()
    for client in clients:
        await client.until(
            lambda client=client: all(word in client.text for word in ("what was there", "<0>", "<1>", "<2>"))
        )
        assert len(client.text) == len("what was there<0><1><2>")
    assert read.count == 1


async def test_a_room_that_cannot_be_read_is_left_as_it_is(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = await filled(house, "precious")
    before = stored_updates(house)
    read = SlowRead(monkeypatch)
    read.failing = True
    read.go.set()
    ann = await house.enter(Client(), secret)
    await ann.write("typed meanwhile")
    assert (await ann.until_closed()).code == Close.STORE_FAILED
    assert ann.text == "typed meanwhile"
    assert stored_updates(house) == before
    assert house.room_count == 0
    read.failing = False
    again = await house.client(secret, client=Client(ann.doc))
    assert sorted(again.text) == sorted("precious" + "typed meanwhile")


async def test_a_damaged_entry_closes_with_an_error_and_is_not_overwritten(house: House) -> None:
    secret = await filled(house, "precious")
    with closing(sqlite3.connect(house.folder / FILE_NAME)) as connection:
        connection.execute("UPDATE updates SET data = x'ffff' WHERE seq = 1")
        connection.commit()
    before = stored_updates(house)
    ann = await house.enter(Client(), secret)
    assert (await ann.until_closed()).code == Close.STORE_FAILED
    assert stored_updates(house) == before


async def test_clients_that_leave_while_a_room_is_read_leave_nothing_behind(
    make_house: MakeHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = await make_house(idle_seconds=0.01)
    secret = await filled(house, "text")
    read = SlowRead(monkeypatch)
    for _ in range(5):
        client = await house.enter(Client(), secret)
        client.cut()
    await until(lambda: read.count)
    read.go.set()
    await until(lambda: house.room_count == 0 and house.connection_count == 0)


async def test_an_empty_room_is_dropped_and_comes_back_whole(make_house: MakeHouse) -> None:
    house = await make_house(idle_seconds=0.01)
    secret = await house.secret()
    tasks = len(asyncio.all_tasks())
    for number in range(20):
        ann = await house.client(secret)
        assert ann.text == "x" * number
        await ann.write("x")
        await ann.until_saved()
        await ann.leave()
        await until(lambda: house.room_count == 0)
    await until(lambda: len(asyncio.all_tasks()) <= tasks)  # the loop of Windows has one for each that it accepts
    assert house.connection_count == 0


async def test_a_client_that_returns_in_time_finds_the_room_in_memory(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = SlowRead(monkeypatch)
    read.go.set()
    secret = await house.secret()
    for _ in range(3):
        await (await house.client(secret)).leave()
    assert read.count == 1


async def until_compacted(house: House) -> None:
    """Waits until a room has a snapshot."""
    async with asyncio.timeout(PATIENCE), opened(house.settings.store) as store:
        room = await store.find_room("room")
        assert room is not None
        while (await store.read_room(room.id)).snapshot is None:
            pass


async def test_a_long_log_gets_a_snapshot_and_reads_the_same(make_house: MakeHouse) -> None:
    house = await make_house(snapshot_bytes=500, idle_seconds=0.01)
    secret = await house.secret()
    ann = await house.client(secret)
    for number in range(300):
        await ann.write(f"{number};")
    del ann.body[0:100]
    await ann.push()
    await ann.until_saved()
    text = ann.text
    await ann.leave()
    await until(lambda: house.room_count == 0)
    await until_compacted(house)
    with closing(sqlite3.connect(house.folder / FILE_NAME)) as connection:
        assert connection.execute("SELECT min(seq) FROM updates").fetchone() == (1,)  # single steps are kept for a time
    assert (await house.client(secret)).text == text


async def test_a_snapshot_does_not_hide_what_another_node_wrote_meanwhile(make_house: MakeHouse) -> None:
    house = await make_house(snapshot_bytes=100)
    secret = await house.secret()
    ann = await house.client(secret)
    await ann.write("before ")
    await ann.until_saved()
    theirs = Client()
    theirs.body.insert(0, "theirs ")
    async with opened(house.settings.store) as another_node:
        room = await another_node.find_room("room")
        assert room is not None
        await another_node.commit([Update(room.id, 0, None, theirs.doc.get_update())])
    for _ in range(50):
        await ann.write("after ")
    await ann.until_saved()
    await until_compacted(house)
    await house.stop()
    await house.start()
    assert "theirs" in (await house.client(secret)).text


async def test_what_waits_for_a_lost_part_survives_snapshots_and_restarts(make_house: MakeHouse) -> None:
    house = await make_house(snapshot_bytes=1, idle_seconds=0.01)
    secret = await house.secret()
    writer, updates = Client(), []
    writer.doc.observe(lambda event: updates.append(event.update))
    for character in "abc":
        writer.body.insert(len(writer.text), character)
    first, second, third = updates
    carrier = await house.client(secret)
    await carrier.send_update(first)
    await carrier.send_update(third)
    await carrier.until_saved()
    await carrier.leave()
    await house.stop()
    await house.start()
    reader = await house.client(secret)
    assert reader.text == "a"
    carrier = await house.client(secret)
    await carrier.send_update(second)
    await reader.until(lambda: reader.text == "abc")
    assert (await house.client(secret)).text == "abc"
