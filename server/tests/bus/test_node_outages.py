"""Several servers on one store, while Redis or PostgreSQL is away or sends what cannot be read."""

from __future__ import annotations

import asyncio
import signal
from contextlib import AsyncExitStack

import psycopg
import pytest
import uvloop
from redis.asyncio import Redis as RedisClient
from redis.asyncio.connection import Connection

from cowrite_server.bus.opening import make_bus
from cowrite_server.errors import DatabaseUnusable
from cowrite_server.people.invites import make_invite
from cowrite_server.rooms.loading import Loader
from cowrite_server.server import Server
from cowrite_server.settings.settings import Settings
from cowrite_server.store.postgres import store as postgres_store
from cowrite_server.wire.members import InviteWish
from cowrite_server.wire.protocol import Close, Role
from engines import Postgres, Redis
from nodes import NEVER, StartNodes, converged
from poison import PANIC_IN_A_ROOM
from relays import Silent
from server_process import ServerProcess
from stores import opened
from sync_clients import Client, until, until_true
from web import get

FORGET = (
    "DELETE FROM cowrite_server.updates WHERE seq = 2",
    "UPDATE cowrite_server.rooms SET last = 1",
)


class Quiet:
    """A node that does nothing with what the bus tells."""

    def gone(self, node: bytes) -> None: ...

    def resumed(self) -> None: ...


@pytest.mark.parametrize("goes_on", [False, True], ids=["before anybody writes", "when somebody writes"])
async def test_what_a_database_lost_when_it_took_over_is_saved_again(start_nodes: StartNodes, goes_on: bool) -> None:
    nodes = await start_nodes(2, heal_seconds=NEVER)
    here = await nodes.client(0)
    await here.write("kept ")
    await here.until_saved()
    await here.write("lost")
    await here.until_saved()
    async with await psycopg.AsyncConnection.connect(nodes.settings.store, autocommit=True) as database:
        for statement in FORGET:
            await database.execute(statement)
    if goes_on:  # which gives the number once more of what was lost
        await here.write(", and more")
        await here.until_saved()
    nodes.servers[0]._rooms.resumed()  # as when the bus is back: a look at the store
    async with opened(nodes.settings.store) as store:
        room = await store.find_room("room")
        assert room is not None
        await until_true(lambda: store.read_after(room.id, 1 + goes_on))
    assert (await nodes.client(1)).text == here.text


async def test_what_the_bus_has_lost_comes_with_a_document_that_is_read_again_to_all_who_have_it_open(
    start_nodes: StartNodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    nodes = await start_nodes(2, heal_seconds=NEVER, gap_seconds=NEVER)
    ann, hostile, ben = await nodes.client(0), await nodes.client(0), await nodes.client(1)
    await ann.write("ann ")
    await converged(ann, ben)
    (room,) = nodes.servers[0]._rooms._rooms.values()
    monkeypatch.setattr(room.siblings, "hear", lambda *_: None)
    await ben.write("ben ")
    await ben.until_saved()
    await hostile.send_update(PANIC_IN_A_ROOM)  # whereupon nobody knows what the document in memory is
    await ann.until(lambda: ann.text == ben.text)
    del ben.body[0:4]
    await ben.push()
    await ben.until_saved()
    room.read_again()
    await ann.until(lambda: ann.text == ben.text == "ben ")
    assert (await hostile.until_closed()).code == Close.MALFORMED


async def test_redis_may_go_and_come_back(start_nodes: StartNodes, redis: Redis) -> None:
    nodes = await start_nodes(2, heal_seconds=NEVER)
    here, there = await nodes.client(0), await nodes.client(1)
    await here.show({"user": {}})
    await here.write("before ")
    await converged(here, there)
    redis.stop()
    try:
        await here.write("during ")
        await here.until_saved()  # acknowledged all the same
        another = await nodes.client(1)
        assert "before" in another.text
    finally:
        await asyncio.to_thread(redis.start)
    await there.until(lambda: there.text == "before during ")
    await here.write("after")
    await converged(here, there)
    await there.until(lambda: there.present[here.doc.client_id].state is not None)


async def test_a_node_starts_while_redis_is_away(start_nodes: StartNodes, redis: Redis) -> None:
    redis.stop()
    try:
        nodes = await start_nodes(2, heal_seconds=NEVER)
        here, there = await nodes.client(0), await nodes.client(1)
        await here.write("before ")
        await here.until_saved()
    finally:
        await asyncio.to_thread(redis.start)
    await there.until(lambda: there.text == "before ")


async def test_postgresql_may_go_and_come_back(start_nodes: StartNodes, postgres: Postgres) -> None:
    nodes = await start_nodes(2)
    here, there = await nodes.client(0), await nodes.client(1)
    await here.write("before ")
    await converged(here, there)
    await asyncio.to_thread(postgres.stop, "immediate")
    try:
        await here.write("during ")
        await until(lambda: not nodes.servers[0].ready)
        assert here.saved < here.sent
    finally:
        await asyncio.to_thread(postgres.start)
    await converged(here, there)
    assert there.text == "before during "
    await until(lambda: nodes.servers[0].ready)


async def test_a_node_where_nobody_writes_is_not_ready_while_postgresql_is_away(
    start_nodes: StartNodes, postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_store, "_POOL_SECONDS", 1.0)
    nodes = await start_nodes(1)
    (server,) = nodes.servers
    assert await get(server.port, "/health/ready") == (200, '{"ready": true}\n')
    await asyncio.to_thread(postgres.stop, "immediate")
    try:
        await until(lambda: not server.ready)
        assert await get(server.port, "/health/ready") == (503, '{"ready": false}\n')
    finally:
        await asyncio.to_thread(postgres.start)
    await until(lambda: server.ready)


async def test_a_node_ends_in_its_time_though_its_database_is_silent(postgres: Postgres) -> None:
    address = postgres.new_database()
    async with opened(address) as store:
        secret = (await make_invite(store, "room", InviteWish(Role.EDITOR), 0))[1]
    port = int(address.rpartition("/")[0].rpartition(":")[2])
    async with Silent(port) as relay, Client() as ann, Client() as ben:
        node = ServerProcess(address.replace(f":{port}/", f":{relay.port}/"), "--drain-seconds", "0.5")
        async with node:
            for client in (ann, ben):
                await client.open(node.url, "room", secret)
                await client.until_synced()
            await ann.write("saved")
            await ann.until_saved()
            relay.silent = True
            await ann.write(", and not")
            await ben.until(lambda: ben.text == "saved, and not")  # else the node has nothing that it has to save
            node.send_signal(signal.SIGTERM)
            async with asyncio.timeout(30):
                assert await node.wait() == 1
        assert (await ann.until_closed()).code == Close.SHUTTING_DOWN
        assert "takes too long" in node.errors
        assert ann.saved < ann.sent


async def test_a_node_says_once_that_its_database_is_away(postgres: Postgres) -> None:
    address = postgres.new_database()
    async with opened(address) as store:
        secret = (await make_invite(store, "room", InviteWish(Role.EDITOR), 0))[1]
    port = int(address.rpartition("/")[0].rpartition(":")[2])
    async with Client() as ann, AsyncExitStack() as stack:
        relay = await stack.enter_async_context(Silent(port))
        async with ServerProcess(address.replace(f":{port}/", f":{relay.port}/")) as node:
            await ann.open(node.url, "room", secret)
            await ann.until_synced()
            await stack.aclose()  # from now on nobody listens there
            await ann.write("not saved")
            await until(lambda: "Trying again" in node.errors and "look up" in node.errors)
        said = [line.partition(",")[2][4:] for line in node.errors.splitlines()]
        assert len(said) == len(set(said)) <= 3, node.errors


async def test_what_cannot_be_read_from_the_bus_is_passed_over(
    start_nodes: StartNodes, redis: Redis, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    looking = 0
    last_numbers = Loader.last_numbers

    async def counted(self: Loader, rooms: list[int]) -> dict[int, int]:
        nonlocal looking
        looking += 1
        try:
            return await last_numbers(self, rooms)
        finally:
            looking -= 1

    monkeypatch.setattr(Loader, "last_numbers", counted)
    nodes = await start_nodes(2, heal_seconds=NEVER)
    here, there = await nodes.client(0), await nodes.client(1)
    async with opened(nodes.settings.store) as store:
        room = await store.find_room("room")
    assert room is not None
    async with RedisClient.from_url(redis.address) as foreign:
        for message in (
            b"",
            b"stranger",
            b"stranger\xff",
            b"stranger\x00\x01",
            b"stranger\x01\xff",
            b"stranger\x02\x01",
        ):
            await foreign.publish(f"cowrite:{room.epoch}", message)
        await foreign.publish("cowrite:nodes", b"")
        await foreign.publish("cowrite:invites", b"")
        await until(lambda: sum("cannot be read" in record.getMessage() for record in caplog.records) >= 10)
        # Whoever meets a new node looks at the store, and would take the number that comes now for a lost one.
        await until(lambda: not looking and not any(server._rooms._missed.is_set() for server in nodes.servers))
        await foreign.publish(f"cowrite:{room.epoch}", b"stranger\x00\x01\x01\x03\xff\xff\xff")  # no update
    await until(lambda: any("is read again" in record.getMessage() for record in caplog.records))
    await here.write("goes on")
    await converged(here, there)
    assert there.text == "goes on"


async def test_a_node_hears_on_though_it_failed_at_what_another_said(
    redis: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    here, there = make_bus(redis.address), make_bus(f"{redis.address}?decode_responses=yes")
    heard: list[bytes] = []

    def hear(_node: bytes, message: bytes) -> None:
        heard.append(message)
        if len(heard) == 1:
            raise RuntimeError("nobody foresaw it")

    for bus in (here, there):
        bus.start(Quiet())
    await here.follow("channel", hear)
    await until(lambda: all(bus.figures and bus.figures.connected for bus in (here, there)))
    there.tell("channel", b"\xff")
    await until(lambda: here.figures and here.figures.reconnects)
    there.tell("channel", b"more")
    await until(lambda: heard == [b"\xff", b"more"])
    assert "is started again" in caplog.text
    caplog.clear()
    for bus in (here, there):
        await bus.close()


@pytest.mark.parametrize("what", ["follow", "leave"])
async def test_a_node_is_there_though_its_way_to_the_bus_breaks_off_just_while_it_speaks(
    redis: Redis, caplog: pytest.LogCaptureFixture, what: str
) -> None:
    here, there = make_bus(redis.address), make_bus(redis.address)
    heard: list[bytes] = []
    for bus in (here, there):
        bus.start(Quiet())
    await there.follow("channel", lambda _node, message: heard.append(message))
    await here.follow("left", lambda _node, _message: None)
    await until(lambda: all(bus.figures and bus.figures.connected for bus in (here, there)))
    here._pubsub.connection._writer.transport.abort()
    await asyncio.sleep(0)  # the transport has heard of it, and nobody else
    if what == "follow":
        await here.follow("followed", lambda _node, _message: None)
    else:
        here.leave("left")
        await here._unsubscribe()
    await until(lambda: here.figures and here.figures.connected)
    here.tell("channel", b"there")
    await until(lambda: heard)
    for bus in (here, there):
        await bus.close()
    assert all(record.exc_info is None for record in caplog.records)
    caplog.clear()


@pytest.mark.parametrize("when", ["first", "again"])
def test_a_node_says_in_one_line_that_redis_went_just_while_it_greeted_it(
    redis: Redis, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    connect, lost = Connection._connect, 0

    async def lose(connection: Connection) -> None:
        nonlocal lost
        await connect(connection)
        task = asyncio.current_task()
        if not lost and task is not None and task.get_name() == "listening to the bus":
            lost += 1
            connection._writer.transport.abort()
            await until(connection._reader.at_eof)

    async def run() -> None:
        bus = make_bus(redis.address)
        if when == "first":
            monkeypatch.setattr(Connection, "_connect", lose)
        bus.start(Quiet())
        if when == "again":
            await until(lambda: bus.figures and bus.figures.connected)
            monkeypatch.setattr(Connection, "_connect", lose)
            bus._pubsub.connection._writer.transport.abort()
            await until(lambda: bus.figures and bus.figures.reconnects)
        await until(lambda: lost and bus.figures and bus.figures.connected)
        await bus.close()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:  # which servers have, and which is strict
        runner.run(run())
    assert [record.exc_info for record in caplog.records] == [None] * len(caplog.records)
    assert caplog.text.count("The bus cannot be reached") == 1
    caplog.clear()


async def test_a_node_does_not_start_without_its_database(redis: Redis) -> None:
    with pytest.raises(DatabaseUnusable):
        await Server.start(Settings(store="postgresql://127.0.0.1:1/name", bus=redis.address, port=0))


def test_a_node_says_in_words_that_redis_is_silent(caplog: pytest.LogCaptureFixture) -> None:
    make_bus("redis://127.0.0.1")._failed(TimeoutError())
    assert "The bus cannot be reached: it does not answer." in caplog.text
    caplog.clear()
