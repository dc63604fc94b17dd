"""Sealed boxes on several nodes with a real PostgreSQL and a real Redis, and on a server that is killed in between."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import AsyncExitStack, closing
from pathlib import Path
from random import Random
from typing import Self

import pytest
import redis.asyncio as redis_client
from pycrdt import Doc

from captured import holds
from cowrite_server.bus.opening import make_bus
from cowrite_server.document.replica import Replica
from cowrite_server.document.revealing import Contribution, revealing
from cowrite_server.people.invites import make_invite
from cowrite_server.store.opening import open_store
from cowrite_server.store.sqlite.database import FILE_NAME
from cowrite_server.wire.members import InviteWish
from cowrite_server.wire.protocol import Role
from cowrite_server.wire.sealed import Count, SealedReason, open_box_message
from engines import Postgres, Redis
from nodes import NEVER, StartNodes
from relays import Relay
from sealed_seat import SESSION, begin, entry, listing, note, notes, open_box, put
from server_process import ServerProcess, TunedServer
from stores import opened
from sync_clients import Client, until, until_true
from team import own


async def test_what_is_sealed_on_any_node_is_counted_and_revealed_on_all(start_nodes: StartNodes) -> None:
    nodes = await start_nodes(2, heal_seconds=NEVER)
    ada, ben = await nodes.client(0, name="Ada"), await nodes.client(1, name="Ben")
    await begin(ada)
    await ben.until(lambda: entry(ben, SESSION))
    await listing(ada)
    await listing(ben)
    await put(ada, note("one"))
    await ben.until(lambda: ben.counts.get(SESSION) == Count(1, 1))
    await put(ben, note("two"))
    await ada.until(lambda: ada.counts.get(SESSION) == Count(2, 2))
    ada_elsewhere = await nodes.client(1, name="Ada")
    assert [item.fields["text"] for item in (await listing(ada_elsewhere)).items] == ["one"]
    told = ada.sealed_elsewhere  # also where the nodes have met only now
    await put(ada_elsewhere, note("one"))
    await ada.until(lambda: ada.sealed_elsewhere > told)
    assert await open_box(ben) is None
    for each in (ada, ben):
        await each.until(lambda each=each: entry(each, SESSION)["is_revealed"])
        assert sorted((found["text"], found["author"]) for found in notes(each).values()) == [
            ("one", "Ada"),
            ("two", "Ben"),
        ]
    await ada.until(lambda: ada.counts.get(SESSION) == Count(0, 0))
    assert await put(ada, note("late", "note:2")) is SealedReason.OPENED


class Earlier:
    """A node of the version before as it is on the bus: it says and hears in which room sealed boxes have changed."""

    def __init__(self, address: str) -> None:
        self._bus = make_bus(address)
        self.heard: list[int] = []

    async def __aenter__(self) -> Self:
        self._bus.start(self)
        await self._bus.follow("sealed", lambda node, message: self.heard.append(json.loads(message)))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._bus.close()

    def tell(self, room: int) -> None:
        """Says that boxes of a room have changed."""
        self._bus.tell("sealed", json.dumps(room).encode())

    def gone(self, node: bytes) -> None:
        """Nothing was known of it."""

    def resumed(self) -> None:
        """Nothing was missed."""


async def test_nodes_of_the_version_before_are_told_and_heard_while_one_after_the_other_is_upgraded(
    start_nodes: StartNodes, redis: Redis
) -> None:
    nodes = await start_nodes(1, heal_seconds=NEVER)
    ada = await nodes.client(0, name="Ada")
    await listing(ada)
    store = await open_store(nodes.settings.store)
    try:
        async with Earlier(redis.address) as earlier:
            room = await store.find_room("room")
            assert room is not None
            await put(ada, note("one"))
            await until(lambda: earlier.heard)
            assert earlier.heard == [room.id]
            await ada.until(lambda: ada.counts.get(SESSION) == Count(1, 1))
            await store.seal(room.id, "member:99", note("two"))
            earlier.tell(room.id)
            await ada.until(lambda: ada.counts.get(SESSION) == Count(2, 2))
    finally:
        await store.close()


async def test_what_one_has_sealed_while_the_bus_was_away_is_asked_for_again_when_it_is_back(
    start_nodes: StartNodes, redis: Redis
) -> None:
    nodes = await start_nodes(2, heal_seconds=NEVER)
    ada, ada_elsewhere = await nodes.client(0, name="Ada"), await nodes.client(1, name="Ada")
    for client in (ada, ada_elsewhere):
        await listing(client)
    redis.stop()
    try:
        await put(ada_elsewhere, note("one"))
    finally:
        await asyncio.to_thread(redis.start)
    await ada.until(lambda: ada.sealed_elsewhere)
    assert [item.fields["text"] for item in (await listing(ada)).items] == ["one"]


async def test_what_one_has_sealed_on_a_node_that_could_tell_nobody_is_asked_for_again_when_it_can(
    start_nodes: StartNodes, redis: Redis
) -> None:
    nodes = await start_nodes(1, heal_seconds=NEVER)
    way, is_cut, refused = [int(redis.address.rpartition(":")[2])], False, 0

    def choose() -> list[int]:
        nonlocal refused
        refused += is_cut
        return [] if is_cut else way

    async with Relay(choose) as relay:
        [_, cut_off] = await nodes.start(1, heal_seconds=NEVER, bus=f"redis://127.0.0.1:{relay.port}")
        await until(lambda: all(each._bus._others for each in nodes.servers))
        ada, ada_elsewhere = await nodes.client(0, name="Ada"), await nodes.client(1, name="Ada")
        for client in (ada, ada_elsewhere):
            await listing(client)
        await put(ada_elsewhere, note("one"))
        await ada.until(lambda: ada.sealed_elsewhere)
        is_cut = True
        relay.cut()
        await until(lambda: refused)
        await put(ada_elsewhere, note("two"))
        before, told = refused, ada.sealed_elsewhere
        await until(lambda: refused > before + 5 and not cut_off._bus._waiting)  # by then it is lost
        assert ada.sealed_elsewhere == told
        is_cut = False
        await ada.until(lambda: ada.sealed_elsewhere > told)
        await cut_off.close()


async def test_without_the_bus_the_counts_come_from_the_store(start_nodes: StartNodes) -> None:
    nodes = await start_nodes(2, heal_seconds=0.05)
    ada, ben = await nodes.client(0, name="Ada"), await nodes.client(1, name="Ben")
    await listing(ben)
    store = await open_store(nodes.settings.store)
    try:
        room = await store.find_room("room")
        assert room is not None
        await store.seal(room.id, "member:1", note("by nobody who says so"))
    finally:
        await store.close()
    await ben.until(lambda: ben.counts.get(SESSION) == Count(1, 1))
    await ada.leave()


@pytest.mark.parametrize("attempt", range(2))
async def test_nodes_that_reveal_at_one_time_reveal_once(start_nodes: StartNodes, attempt: int) -> None:
    nodes = await start_nodes(3, heal_seconds=0.1)
    people = [await nodes.client(place, name=name) for place, name in enumerate(("Ada", "Ben", "Cyd"))]
    await begin(people[0], is_anonymous=True)
    for person in people:
        await person.until(lambda person=person: entry(person, SESSION))
        for number in range(5):
            await put(person, note(f"{number} of {person.doc.client_id}", f"note:{number}"))
    assert await asyncio.gather(*map(open_box, people)) == [None, None, None]
    for person in people:
        await person.until(lambda person=person: entry(person, SESSION)["is_revealed"])
        await person.until(lambda person=person: len(notes(person)) >= 15)
    late = await nodes.client(0, name="Dan")
    assert sorted(each["text"] for each in notes(late).values()) == sorted(
        f"{number} of {person.doc.client_id}" for person in people for number in range(5)
    )


async def test_a_node_goes_on_with_what_another_left_half_opened(start_nodes: StartNodes) -> None:
    nodes = await start_nodes(2, heal_seconds=0.1)
    ada = await nodes.client(0, name="Ada")
    await begin(ada)
    await put(ada, note("one"))
    store = await open_store(nodes.settings.store)
    try:
        room = await store.find_room("room")
        assert room is not None
        claim = await store.claim_box(room.id, SESSION)
        document = Replica(entry.data for entry in await store.read_after(room.id, 0)).whole()
        contributions = [Contribution(each.author, "", each.item.id, each.item.fields) for each in claim.items]
        await store.prepare_box(room.id, SESSION, revealing(document, SESSION, contributions, 1, Random(1)))
    finally:
        await store.close()
    ben = await nodes.client(1, name="Ben")
    await listing(ben)
    await ada.until(lambda: [each["text"] for each in notes(ada).values()] == ["one"])
    await listing(ada)
    await ben.until(lambda: entry(ben, SESSION)["is_revealed"])
    assert len(notes(ben)) == 1


class Overheard:
    """All that nodes tell each other by one Redis, from entering to leaving the context."""

    def __init__(self, redis: Redis) -> None:
        self.said = bytearray()
        self._redis = redis

    async def __aenter__(self) -> Self:
        self._client = redis_client.from_url(self._redis.address)
        self._channel = self._client.pubsub()
        await self._channel.psubscribe("*")
        self._listening = asyncio.create_task(self._listen())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._listening.cancel()
        await asyncio.gather(self._listening, return_exceptions=True)
        await self._channel.aclose()
        await self._client.aclose()

    async def _listen(self) -> None:
        async for message in self._channel.listen():
            if message["type"] == "pmessage":
                self.said += message["data"]


async def test_before_the_reveal_nodes_tell_each_other_nothing_of_what_is_sealed(
    start_nodes: StartNodes, redis: Redis
) -> None:
    words = ["quixotically", "蜂蜜の匂い"]
    nodes = await start_nodes(2)
    ada, ben, cyd = [await nodes.client(place, name=name) for place, name in ((0, "Ada"), (1, "Ben"), (1, "Cyd"))]
    await begin(ada)
    async with Overheard(redis) as overheard:
        await cyd.until(lambda: entry(cyd, SESSION))
        await listing(cyd)
        for person, word in zip((ada, ben), words, strict=True):
            await put(person, note(word))
        await cyd.until(lambda: cyd.counts.get(SESSION) == Count(2, 2))
        await ada.write("in the draft")
        await cyd.until(lambda: cyd.text == "in the draft")
        before = bytes(overheard.said)
        assert b"in the draft" in before
        assert holds(before + b"".join((*cyd.steps, *cyd.updates)), words) == set()
        assert await open_box(ada) is None
        await cyd.until(lambda: len(notes(cyd)) == 2)
        assert holds(b"".join(cyd.updates), words) == set(words)


@pytest.mark.slow
async def test_a_reveal_while_redis_is_away_comes_to_all_nodes_once(start_nodes: StartNodes, redis: Redis) -> None:
    nodes = await start_nodes(3, heal_seconds=0.1)
    people = [await nodes.client(place, name=name) for place, name in enumerate(("Ada", "Ben", "Cyd"))]
    await begin(people[0], is_anonymous=True)
    for person in people:
        await person.until(lambda person=person: entry(person, SESSION))
    sealed = []
    for number in range(12):
        sealed.append(f"idea {number}")
        assert await put(people[number % 3], note(sealed[-1], f"note:{number}")) is None
        if number == 5:
            redis.stop()
    try:
        assert await asyncio.gather(*map(open_box, people)) == [None, None, None]
        for person in people:
            await person.until(lambda person=person: entry(person, SESSION)["is_revealed"])
            assert sorted(each["text"] for each in notes(person).values()) == sorted(sealed)
        assert await put(people[0], note("late", "note:late")) is SealedReason.OPENED
    finally:
        await asyncio.to_thread(redis.start)
    late = await nodes.client(1, name="Dan")
    assert sorted(each["text"] for each in notes(late).values()) == sorted(sealed)
    assert (await listing(late)).counts == {}


@pytest.mark.slow
@pytest.mark.parametrize("milliseconds", [3, 8])
async def test_a_reveal_during_which_postgresql_ends_is_done_once_when_it_is_back(
    start_nodes: StartNodes, postgres: Postgres, milliseconds: int
) -> None:
    nodes = await start_nodes(2, heal_seconds=0.1)
    ada, ben = await nodes.client(0, name="Ada"), await nodes.client(1, name="Ben")
    await begin(ada, is_anonymous=True)
    await ben.until(lambda: entry(ben, SESSION))
    sealed = [f"idea {number}" for number in range(20)]
    for number, text in enumerate(sealed):
        assert await put((ada, ben)[number % 2], note(text, f"note:{number}")) is None
    await ada.send(open_box_message(1000, SESSION))
    await asyncio.sleep(milliseconds / 1000)  # it may have begun, or have come to its end
    await asyncio.to_thread(postgres.stop, "immediate")
    await asyncio.to_thread(postgres.start)

    async def opened_by_ben() -> bool:
        return await open_box(ben) is None

    await until_true(opened_by_ben)
    for person in (ada, ben):
        await person.until(lambda person=person: entry(person, SESSION)["is_revealed"])
        assert sorted(each["text"] for each in notes(person).values()) == sorted(sealed)
    late = await nodes.client(0, name="Cyd")
    assert sorted(each["text"] for each in notes(late).values()) == sorted(sealed)
    assert (await listing(late)).counts == {}


def rows(data: Path, table: str) -> int:
    with closing(sqlite3.connect(data / FILE_NAME)) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


@pytest.mark.parametrize("step", ["claimed", "prepared", "opened"])
async def test_a_server_killed_in_the_middle_of_a_reveal_reveals_once(
    data: Path, stack: AsyncExitStack, step: str
) -> None:
    """The server's steps are taken beside it, up to one of them, as if it had been killed there."""
    async with TunedServer(data) as server:
        secret = await server.secret()
        ada = Client(member=own("Ada"), name="Ada")
        await ada.open(server.url, "room", secret)
        stack.push_async_callback(ada.leave)
        await ada.until_synced()
        await begin(ada)
        for number in range(20):
            assert await put(ada, note(f"idea {number}", f"note:{number}")) is None
        if step == "opened":
            await open_box(ada)
            await ada.until(lambda: len(notes(ada)) == 20)
        await server.kill()
        await server.wait()
    if step != "opened":
        store = await open_store(f"sqlite:{data}")
        room = await store.find_room("room")
        assert room is not None
        claim = await store.claim_box(room.id, SESSION)
        if step == "prepared":
            document = Replica(entry.data for entry in await store.read_after(room.id, 0)).whole()
            contributions = [Contribution(each.author, "", each.item.id, each.item.fields) for each in claim.items]
            await store.prepare_box(room.id, SESSION, revealing(document, SESSION, contributions, 1, Random(1)))
        await store.close()
    async with TunedServer(data) as server:
        ben = Client(Doc(), member=own("Ben"), name="Ben")
        await ben.open(server.url, "room", secret)
        stack.push_async_callback(ben.leave)
        await ben.until_synced()
        await asyncio.gather(listing(ben), open_box(ben))
        await ben.until(lambda: entry(ben, SESSION)["is_revealed"])
        assert sorted(each["text"] for each in notes(ben).values()) == sorted(f"idea {number}" for number in range(20))
        await until(lambda: rows(data, "sealed") == 0)


@pytest.mark.slow
@pytest.mark.parametrize("milliseconds", [0, 4, 12, 40])
async def test_a_node_that_is_killed_while_it_reveals_leaves_the_rest_to_the_other(
    postgres: Postgres, redis: Redis, stack: AsyncExitStack, milliseconds: int
) -> None:
    address = postgres.new_database()
    async with opened(address) as store:
        secret = (await make_invite(store, "room", InviteWish(Role.EDITOR), 0))[1]

    async def come(node: ServerProcess, name: str) -> Client:
        client = Client(member=own(name), name=name)
        await client.open(node.url, "room", secret)
        stack.push_async_callback(client.leave)
        await client.until_synced()
        return client

    nodes = [await stack.enter_async_context(ServerProcess(address, "--bus", redis.address)) for _ in range(2)]
    ada, ben = await come(nodes[0], "Ada"), await come(nodes[1], "Ben")
    await begin(ada, is_anonymous=True)
    await ben.until(lambda: entry(ben, SESSION))
    for number in range(30):
        assert await put((ada, ben)[number % 2], note(f"idea {number}", f"note:{number}")) is None
    await ada.send(open_box_message(1, SESSION))
    await asyncio.sleep(milliseconds / 1000)  # it may have begun, or have come to its end
    await nodes[0].kill()
    assert await open_box(ben) is None
    await ben.until(lambda: entry(ben, SESSION)["is_revealed"])
    late = await come(nodes[1], "Cyd")
    for client in (ben, late):
        found = sorted(each["text"] for each in notes(client).values())
        assert found == sorted(f"idea {number}" for number in range(30))
    assert (await listing(late)).counts == {}
