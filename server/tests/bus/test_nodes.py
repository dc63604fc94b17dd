"""Several servers on one store: what is written on one of them is everybody's, whatever the bus loses."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import pytest
from redis.asyncio import Redis as RedisClient

from cowrite_server.bus.notice import LARGEST, Written, read_notice
from cowrite_server.server import Server
from cowrite_server.settings.settings import Settings
from cowrite_server.store.member_records import Standing
from cowrite_server.store.opening import sqlite_address
from cowrite_server.store.records import Update
from cowrite_server.wire.members import (
    InviteWish,
    MemberList,
    members_get_message,
    remove_member_message,
    rename_message,
    set_role_message,
)
from cowrite_server.wire.protocol import Close, Limits, Role
from cowrite_server.wrong_use import BadBusAddress
from engines import Redis
from helpers.stopwatch import within
from nodes import NEVER, StartNodes, converged
from stores import opened
from sync_clients import Client, until, until_true
from team import own


async def test_what_is_written_on_one_node_is_everybodys(start_nodes: StartNodes) -> None:
    nodes = await start_nodes(3, heal_seconds=NEVER, gap_seconds=NEVER)
    clients = [await nodes.client(node, stock=node == 1) for node in (0, 1, 2)]
    for number, client in enumerate(clients):
        await client.write(f"<{number}>")
        for other in clients:
            await other.until(lambda other=other, number=number: f"<{number}>" in other.text)
    assert len({client.text for client in clients}) == 1
    late = await nodes.client(2)
    assert late.text == clients[0].text


async def test_what_all_nodes_write_at_one_time_arrives_once_everywhere(start_nodes: StartNodes) -> None:
    nodes = await start_nodes(3, heal_seconds=NEVER, gap_seconds=NEVER)
    clients = [await nodes.client(node) for node in (0, 1, 2)]
    listener = await nodes.client(0)

    async def write(number: int, client: Client) -> None:
        for turn in range(50):
            await client.write(f"<{number}.{turn}>")
            await client.until_saved()

    await asyncio.gather(*(write(number, client) for number, client in enumerate(clients)))
    await converged(*clients, listener)
    assert all(listener.text.count(f"<{number}.{turn}>") == 1 for number in range(3) for turn in range(50))
    assert len(listener.updates) <= 150  # nothing came twice


async def test_what_is_restored_on_two_nodes_at_once_comes_back_once(start_nodes: StartNodes) -> None:
    nodes = await start_nodes(2)
    here, there = await nodes.client(0), await nodes.client(1)
    await here.write("one two")
    await here.until_saved()
    seq = (await here.moments()).moments[-1].seq
    del here.body[0:4]
    await here.push()
    await here.until_saved()
    await there.until(lambda: there.text == "two")
    assert await asyncio.gather(here.restore(seq), there.restore(seq)) == [None, None]
    await converged(here, there, await nodes.client(0))
    assert here.text == "one two"


async def test_a_document_is_as_large_as_all_nodes_have_written_together(start_nodes: StartNodes) -> None:
    nodes = await start_nodes(2, limits=Limits(document_bytes=1000))
    here, there = await nodes.client(0), await nodes.client(1)
    await here.write("x" * 600)
    await there.until(lambda: len(there.text) == 600)
    await there.write("y" * 600)
    await there.until(lambda: there.refused)
    assert there.refused[0].limit == "document_bytes"
    assert here.text == "x" * 600


async def test_presence_is_seen_on_other_nodes_and_ends_there(start_nodes: StartNodes) -> None:
    nodes = await start_nodes(2)
    here = await nodes.client(0)
    await here.show({"user": {"color": "Ada"}})
    await here.until(lambda: here.doc.client_id in here.present)
    there = await nodes.client(1)  # a node that has the room only from now on
    await there.until(lambda: there.doc.client_id != here.doc.client_id and here.doc.client_id in there.present)
    assert there.present[here.doc.client_id].state == {"user": {"color": "Ada"}}
    await there.show({"user": {"color": "Grace"}})
    await here.until(lambda: there.doc.client_id in here.present)
    await here.show({"user": {"color": "Ada Lovelace"}}, clock=2)
    await there.until(lambda: there.present[here.doc.client_id].state == {"user": {"color": "Ada Lovelace"}})
    await here.leave()
    await there.until(lambda: there.present[here.doc.client_id].state is None)


async def test_the_clients_of_a_node_that_ends_are_gone(start_nodes: StartNodes) -> None:
    nodes = await start_nodes(2)
    here, there = await nodes.client(0), await nodes.client(1)
    await here.show({"user": {}})
    await there.until(lambda: here.doc.client_id in there.present)
    await nodes.servers[0].close()
    await there.until(lambda: there.present[here.doc.client_id].state is None)


async def test_an_invite_that_is_withdrawn_on_one_node_ends_connections_on_all(start_nodes: StartNodes) -> None:
    nodes = await start_nodes(2, watch_seconds=NEVER)
    secret = await nodes.servers[0].invite("room", Role.EDITOR)
    withdrawn, other = await nodes.client(1, secret=secret), await nodes.client(1)
    invites = await nodes.servers[0].invites("room")
    await nodes.servers[0].revoke("room", [invites[0].id])
    assert (await withdrawn.until_closed()).code == Close.WITHDRAWN
    await other.write("still here")
    await other.until_saved()


async def test_what_an_owner_decides_on_one_node_counts_on_all(start_nodes: StartNodes) -> None:
    nodes = await start_nodes(3, watch_seconds=NEVER)
    owners, editors = [await nodes.servers[0].invite("room", role) for role in (Role.OWNER, Role.EDITOR)]
    ada = await nodes.client(0, secret=owners, name="Ada")
    ben, cyd = [await nodes.client(node, secret=editors, name=name) for node, name in ((1, "Ben"), (2, "Cyd"))]
    assert ben.hello is not None
    assert cyd.hello is not None
    await ben.show({"user": {}})
    await cyd.until(lambda: ben.doc.client_id in cyd.present)
    async with within(1):
        assert await ada.request(set_role_message, ben.hello.member, Role.VIEWER) is None
        await ben.until(lambda: ben.roles == [Role.VIEWER])
    await cyd.until(lambda: cyd.members_changed)
    await ben.write("refused")
    await ben.until(lambda: ben.refused)
    assert await ben.request(rename_message, "Benjamin") is None
    await cyd.until(lambda: (cyd.present[ben.doc.client_id].state or {})["user"] == {"name": "Benjamin"})
    found = await ada.request(members_get_message)
    assert isinstance(found, MemberList)
    assert {member.name for member in found.members if member.here} >= {"Ada"}
    async with within(1):
        assert await ada.request(remove_member_message, cyd.hello.member) is None
        assert (await cyd.until_closed()).code == Close.WITHDRAWN
    await ada.write("undisturbed")
    await ben.until(lambda: "undisturbed" in ben.text)
    assert ben.closed is None


async def test_who_is_connected_to_another_node_is_here(start_nodes: StartNodes) -> None:
    nodes = await start_nodes(2, watch_seconds=0.05)
    ada, ben = await nodes.client(0, name="Ada"), await nodes.client(1, name="Ben")

    async def here() -> set[str | None]:
        found = await ada.request(members_get_message)
        assert isinstance(found, MemberList)
        return {member.name for member in found.members if member.here}

    async def both() -> bool:
        return await here() == {"Ada", "Ben"}

    async def one() -> bool:
        return await here() == {"Ada"}

    await until_true(both)
    await ben.leave()
    await until_true(one)


async def test_an_invite_lets_in_no_more_than_it_was_made_for_on_all_nodes_together(start_nodes: StartNodes) -> None:
    nodes = await start_nodes(3)
    invited = await nodes.servers[0].members.invite("room", InviteWish(Role.EDITOR, uses=2))
    clients = [Client(member=own(f"client {number}")) for number in range(18)]
    await asyncio.gather(
        *(client.open(nodes.servers[number % 3].url, "room", invited.secret) for number, client in enumerate(clients))
    )
    for client in clients:
        await client.until(lambda client=client: client.hello or client.closed)
        await client.leave()
    assert sum(client.hello is not None for client in clients) == 2
    assert sum(client.closed is not None and client.closed.code == Close.USED_UP for client in clients) == 16


async def test_a_node_reads_what_another_saved_and_could_not_tell_when_the_gap_has_lasted(
    start_nodes: StartNodes,
) -> None:
    gap = 0.7
    nodes = await start_nodes(2, heal_seconds=NEVER, gap_seconds=gap)
    here, there = await nodes.client(0), await nodes.client(1)
    await here.write("first ")
    await converged(here, there)
    async with opened(nodes.settings.store) as store:
        room = await store.find_room("room")
        assert room is not None
        lost = Client(here.doc.__class__())
        lost.apply(here.doc.get_update())
        before = lost.doc.get_state()
        lost.body.insert(0, "lost ")
        await store.commit([Update(room.id, 0, None, lost.doc.get_update(before))])
    loop = asyncio.get_running_loop()
    begun = loop.time()
    await here.write("last")
    await until(lambda: there.text == here.text == "lost first last")
    assert loop.time() - begun > 0.9 * gap


def is_written(notice: bytes) -> bool:
    return isinstance(read_notice(notice), Written)


async def test_what_arrives_behind_what_the_bus_has_lost_is_whole_for_who_has_it_open(
    start_nodes: StartNodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    nodes = await start_nodes(2, heal_seconds=NEVER, gap_seconds=NEVER)
    here, other, there = await nodes.client(0), await nodes.client(0), await nodes.client(1)
    await here.write("a")
    await converged(here, other, there)
    (room,) = nodes.servers[1]._rooms._rooms.values()
    with monkeypatch.context() as patch:
        lost = asyncio.Event()
        patch.setattr(room.siblings, "hear", lambda _, each: lost.set() if is_written(each) else None)
        await here.write("b")
        await here.until_saved()
        await lost.wait()
    await here.write("c")
    await here.until_saved()
    here.body.insert(0, "d")
    await here.push()
    await there.until(lambda: there.text == "da")
    await other.write("x" * (LARGEST + 1))  # whereupon the store is read
    await converged(here, other, there)
    assert there.text[:4] == "dabc"


async def test_a_node_finds_what_is_new_in_the_store_without_being_told_at_all(start_nodes: StartNodes) -> None:
    nodes = await start_nodes(2, bus=None, heal_seconds=0.1)
    here, there = await nodes.client(0), await nodes.client(1)
    async with within(5):  # of each of these it is asked as often as the settings say
        for number in range(4):
            await here.write(f"<{number} here>")
            await there.until(lambda number=number: f"<{number} here>" in there.text)
            await there.write(f"<{number} there>")
            await here.until(lambda number=number: f"<{number} there>" in here.text)
    await converged(here, there)


async def test_a_room_that_nobody_has_open_is_not_listened_for(start_nodes: StartNodes, redis: Redis) -> None:
    nodes = await start_nodes(2, idle_seconds=0.01)
    here = await nodes.client(0)
    await here.write("text")
    await here.until_saved()
    async with RedisClient.from_url(redis.address) as look:

        async def nobody_listens() -> bool:
            return set(await look.pubsub_channels("cowrite:*")) <= {
                b"cowrite:nodes",
                b"cowrite:members",
                b"cowrite:sealed",
                b"cowrite:sealed-own",
            }

        assert not await nobody_listens()
        await here.leave()
        await until_true(nobody_listens)
    again, there = await nodes.client(0), await nodes.client(1)
    await again.write(" and more")
    await converged(again, there)


async def test_what_is_too_large_for_the_bus_comes_by_way_of_the_store(start_nodes: StartNodes) -> None:
    nodes = await start_nodes(2, heal_seconds=NEVER, gap_seconds=NEVER)
    here, there = await nodes.client(0), await nodes.client(1)
    await here.write("x" * (LARGEST + 1))
    await converged(here, there)
    assert len(there.text) == LARGEST + 1


async def test_a_bus_needs_a_store_that_can_be_shared(tmp_path: object, redis: Redis) -> None:
    with pytest.raises(BadBusAddress, match="--store postgresql"):
        await Server.start(Settings(store=sqlite_address(f"{tmp_path}/data"), bus=redis.address, port=0))
    wrong = ("pasword=secret", "protocol=9", "retry=3")
    for address in ("mysql://host", *(f"redis://host?{option}" for option in wrong)):
        with pytest.raises(BadBusAddress, match="redis://") as found:
            await Server.start(Settings(store="postgresql://nowhere", bus=address, port=0))
        assert "secret" not in str(found.value)


async def test_what_is_decided_while_it_is_looked_how_members_stand_is_not_missed(
    start_nodes: StartNodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    nodes = await start_nodes(2, watch_seconds=NEVER)
    ben = await nodes.client(1, name="Ben")
    assert ben.hello is not None
    assert ben.hello.member is not None
    member = ben.hello.member
    store, reached, gate = nodes.servers[1]._store, asyncio.Event(), asyncio.Event()
    standings = store.standings

    async def look_slowly(ids: Iterable[int]) -> dict[int, Standing]:
        found = await standings(ids)
        if found[member].role is Role.COMMENTER:  # not the look for Ben's arrival
            reached.set()
            await gate.wait()
        return found

    monkeypatch.setattr(store, "standings", look_slowly)
    await nodes.servers[0].members.set_role("room", member, Role.COMMENTER)
    await reached.wait()
    await nodes.servers[0].members.set_role("room", member, Role.VIEWER)
    monkeypatch.setattr(store, "standings", standings)
    gate.set()
    await ben.until(lambda: ben.roles[-1:] == [Role.VIEWER])
    assert ben.roles == [Role.COMMENTER, Role.VIEWER]
