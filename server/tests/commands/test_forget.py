"""A room that the host removes for good: nothing of it is left, and it does not come back by itself."""

from __future__ import annotations

import asyncio
import io
import sys
from pathlib import Path

import jwt
import pytest

from captured import files
from commands import run, run_meanwhile
from cowrite_server.audit import ActKind, history_restored
from cowrite_server.errors import NoSuchRoom, RoomForgotten, StoreFailed
from cowrite_server.store.member_records import Arrival
from cowrite_server.store.opening import sqlite_address
from cowrite_server.store.records import ROOM_GONE, Snapshot, Update, hash_secret
from cowrite_server.store.store import Store
from cowrite_server.verifying import faults
from cowrite_server.wire.protocol import Close
from cowrite_server.wire.sealed import SealedItem
from house import House, MakeHouse
from nodes import StartNodes
from stores import WORD, OpenStore, fill, opened, picture
from sync_clients import Client, StockClient, until
from team import closed_with, own
from visitors import write_until_cut

LEFT = WORD + b"plan"
PROVIDER = b"0123456789abcdef0123456789abcdef"


async def test_of_a_forgotten_room_nothing_is_left_but_that_it_was_forgotten(store: Store, another: OpenStore) -> None:
    gone, kept = await fill(store, "plan"), await fill(store, "other")
    host = await another()
    await host.forget_room("plan", 20)
    assert await store.find_room("plan") is None
    assert [room.name for room in await store.list_rooms()] == ["other"]
    assert await store.names([gone, kept]) == {kept: "other"}
    [act] = await store.list_acts("plan", 10)
    assert (act.time, act.room, act.actor, act.deed.kind) == (20, "plan", None, ActKind.ROOM_FORGOTTEN)
    assert (await store.list_acts(None, 1))[0] == act
    assert {act.room for act in await store.list_acts("other", 10)} == {"other"}
    assert await store.read_blob(kept, picture(0, b"of both").hash) is not None
    assert await store.read_blob(gone, picture(0, b"of both").hash) is None
    assert await store.damage() == []  # no row is left that belongs to a room that is not there
    with pytest.raises(NoSuchRoom):
        await host.forget_room("plan", 21)
    with pytest.raises(NoSuchRoom):
        await store.list_members("plan")


async def test_what_a_server_still_has_for_a_forgotten_room_is_dropped_and_keeps_nothing_else_waiting(
    store: Store, another: OpenStore
) -> None:
    gone, kept = await fill(store, "plan"), await fill(store, "other")
    await store.commit([Update(gone, 10, None, b"before")])
    await (await another()).forget_room("plan", 20)
    records = [
        Update(gone, 21, None, b"late", history_restored(2)),
        Update(kept, 21, None, b"kept"),
        picture(gone, b"late"),
        picture(kept, b"kept"),
    ]
    assert list(await store.commit(records)) == [ROOM_GONE, 10, ROOM_GONE, 0]
    assert list(await store.commit(records[:1])) == [ROOM_GONE]
    assert list(await store.commit([records[1], records[0]])) == [11, ROOM_GONE]
    assert await store.compact(0, Snapshot(gone, 1, 21, b""), []) is False
    with pytest.raises(StoreFailed):
        await store.seal(gone, "member:1", SealedItem("poll:1", "note:1", {"text": "late"}))
    assert await store.read_after(gone, 0) == []
    assert (await store.read_history(gone)).snapshot is None


async def test_a_forgotten_room_is_made_again_by_the_host_alone_and_is_another_one(store: Store) -> None:
    gone = await fill(store, "plan")
    before = await store.find_room("plan")
    assert before is not None
    await store.forget_room("plan", 20)
    with pytest.raises(RoomForgotten):
        await store.ensure_room("plan", 21)
    assert (
        await store.join(Arrival("plan", hash_secret("invite of plan"), hash_secret(own("plan"))), 21)
        is Close.NOT_INVITED
    )
    after = await store.ensure_room("plan", 22, anew=True)
    assert after.id > gone
    assert after.epoch != before.epoch
    assert await store.ensure_room("plan", 23) == after
    assert await store.was_forgotten("plan", before.epoch)
    assert not await store.was_forgotten("plan", after.epoch)
    assert (
        await store.join(Arrival("plan", hash_secret("invite of plan"), hash_secret(own("plan"))), 23)
        is Close.NOT_INVITED
    )
    await store.forget_room("plan", 24)
    assert len(await store.list_acts("plan", 10)) == 2


async def test_no_byte_of_a_forgotten_room_is_left_in_an_sqlite_file_while_a_server_works_on_it(tmp_path: Path) -> None:
    address = sqlite_address(tmp_path / "data")
    async with opened(address, serving=True) as store, opened(address) as host:
        await fill(store, "other")
        gone = await fill(store, "plan")
        for number in range(200):
            await store.commit([Update(gone, number, None, LEFT * (number % 50))])
        await store.commit([picture(gone, LEFT * 5000)])
        await store.thin(gone, 10**13, 3)  # which deletes without overwriting
        assert LEFT in files(tmp_path / "data")
        await host.forget_room("plan", 20)
        assert await host.wipe() == ""
        assert LEFT not in files(tmp_path / "data")
        assert list(await store.commit([Update(gone, 1, None, b"late")])) == [ROOM_GONE]
        assert await store.damage() == []


async def test_people_in_a_forgotten_room_are_told_and_do_not_bring_it_back_and_others_notice_nothing(
    house: House,
) -> None:
    secret = await house.secret()
    ann, stock = await house.client(secret), await house.stock(secret)
    elsewhere = await house.client(room="elsewhere")
    await ann.write("whole document")
    await ann.until_saved()
    await stock.until(lambda: stock.text == "whole document")
    done = await run_meanwhile("forget", "room", "--yes", "--data", house.folder)
    assert (done.status, done.errors) == (0, "")
    assert "The room room: 1 kB with history and images, 1 member, 1 invite, written in " in done.out
    for client in (ann, stock):
        closed = await client.until_closed()
        assert (closed.code, closed.reason) == (Close.FORGOTTEN, Close.FORGOTTEN.sentence)
    await until(lambda: house.room_count == 1)
    assert ann.hello is not None
    assert await closed_with(house, Client(ann.doc), secret, epoch=ann.hello.epoch) == Close.FORGOTTEN
    assert await closed_with(house, Client(ann.doc), secret) == Close.NOT_INVITED  # who has no epoch may be a stranger
    assert await closed_with(house, StockClient(stock.doc), secret) == Close.NOT_INVITED
    assert await closed_with(house, Client(), secret, epoch="another") == Close.NOT_INVITED
    await elsewhere.write("undisturbed")
    await elsewhere.until_saved()
    anew = await house.secret()
    assert await closed_with(house, Client(ann.doc), anew, epoch=ann.hello.epoch) == Close.FORGOTTEN
    assert (await house.client(anew)).text == ""


@pytest.mark.parametrize("by", ["token", "open"])
async def test_whoever_makes_rooms_by_joining_does_not_make_a_forgotten_one_again(
    make_house: MakeHouse, tmp_path: Path, by: str
) -> None:
    (tmp_path / "provider").write_bytes(PROVIDER)
    house = await make_house(**({"anybody": True} if by == "open" else {"jwt_secret": tmp_path / "provider"}))
    content = {"sub": "ann", "exp": 10**10, "rooms": {"*": "editor"}}
    secret = jwt.encode(content, PROVIDER, "HS256") if by == "token" else "any"
    stock = await house.stock(secret)
    await stock.write("a copy that would be sent again")
    reader = await house.client(secret)
    await reader.until(lambda: reader.text == stock.text)
    await run_meanwhile("forget", "room", "--yes", "--data", house.folder)
    assert (await stock.until_closed()).code == Close.FORGOTTEN
    assert await closed_with(house, StockClient(stock.doc), secret) == Close.FORGOTTEN
    assert await closed_with(house, Client(), secret) == Close.FORGOTTEN
    assert "No rooms" in (await run_meanwhile("rooms", "--data", house.folder)).out


async def test_who_writes_while_a_room_is_forgotten_is_told_nothing_is_saved_on_each_node(
    start_nodes: StartNodes,
) -> None:
    nodes = await start_nodes(2, watch_seconds=0.02)
    ann, ben = await nodes.client(0), await nodes.client(1)
    elsewhere = await nodes.client(0, room="elsewhere")

    async with asyncio.TaskGroup() as group:
        writing = [group.create_task(write_until_cut(client, name)) for name, client in (("ann", ann), ("ben", ben))]
        await ann.until(lambda: ann.saved > 5)
        done = await run_meanwhile("forget", "room", "--yes", "--store", nodes.settings.store)
        assert done.status == 0, done.errors
        assert "PostgreSQL overwrites the space" in done.errors
        await asyncio.gather(*writing)
    await asyncio.gather(ann.until_closed(), ben.until_closed())
    assert [client.closed.code for client in (ann, ben) if client.closed] == [Close.FORGOTTEN] * 2
    await elsewhere.write("undisturbed")
    await elsewhere.until_saved()
    async with opened(nodes.settings.store) as store:
        assert [sentence async for sentence in faults(store)] == []
        assert [room.name for room in await store.list_rooms()] == ["elsewhere"]


class Terminal(io.StringIO):
    """Somebody at a terminal."""

    def isatty(self) -> bool:
        return True


def test_it_is_asked_whether_a_room_is_to_be_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = ("--data", tmp_path)
    run("invite", "plan", *place)
    for nobody in (io.StringIO("plan\n"), None):  # as where standard input is closed
        monkeypatch.setattr(sys, "stdin", nobody)
        done = run("forget", "plan", *place)
        assert (done.status, "give --yes" in done.errors) == (2, True)
    for typed in ("", "yes\n", "PLAN\n"):
        monkeypatch.setattr(sys, "stdin", Terminal(typed))
        done = run("forget", "plan", *place)
        assert (done.status, "was left as it is" in done.errors) == (2, True)
        assert "0 kB with history and images, 0 members, 1 invite, never written in." in done.out
    assert "plan" in run("rooms", *place).out
    monkeypatch.setattr(sys, "stdin", Terminal("plan\n"))
    assert "Removed for good: plan." in run("forget", "plan", *place).out
    assert "was removed before" in run("forget", "plan", *place).out
    assert "room-forgotten" in run("audit", "plan", *place).out
    assert "There is no room never" in run("forget", "never", *place).errors


def test_a_backup_brings_a_forgotten_room_back_and_that_is_said(tmp_path: Path) -> None:
    place = ("--data", tmp_path / "data")
    run("invite", "plan", *place)
    run("backup", tmp_path / "backup", *place)
    run("forget", "plan", "--yes", *place)
    done = run("restore", tmp_path / "backup", *place)
    assert "were removed for good after the backup and are back; `forget` them: plan." in done.out
