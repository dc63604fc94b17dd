"""Servers in processes of their own, with a real PostgreSQL and a real Redis, which fail one after the other."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from urllib.parse import urlsplit

import pytest

from cowrite_server.people.invites import make_invite
from cowrite_server.wire.members import InviteWish, remove_member_message, set_role_message
from cowrite_server.wire.protocol import Close, Role
from engines import Postgres, Redis
from helpers.stopwatch import within
from relays import Balancer
from server_process import ServerProcess, TunedServer
from stores import opened
from sync_clients import Client, until
from team import number_of, own
from typists import Typist, until_all_typed

TYPISTS = 6


async def gone(client: Client, number: int) -> None:
    """Waits until a client is no longer present for another one."""
    await client.until(lambda: client.present[number].state is None)


@pytest.mark.slow
async def test_nothing_acknowledged_is_lost_whatever_fails(postgres: Postgres, redis: Redis) -> None:
    store_address = postgres.new_database()
    async with opened(store_address) as store:
        secret = (await make_invite(store, "room", InviteWish(Role.EDITOR), 0))[1]
    async with AsyncExitStack() as stack:

        async def node() -> ServerProcess:
            return await stack.enter_async_context(ServerProcess(store_address, "--bus", redis.address))

        async def client(url: str) -> Client:
            made = Client()
            await made.open(url, "room", secret)
            stack.push_async_callback(made.leave)
            await made.until_synced()
            return made

        balancer = await stack.enter_async_context(Balancer())
        nodes = list(await asyncio.gather(node(), node(), node()))
        balancer.ports = [urlsplit(each.url).port or 0 for each in nodes]
        url = f"ws://127.0.0.1:{balancer.port}"
        doomed, spectator = await client(nodes[0].url), await client(nodes[1].url)
        await doomed.show({"user": {"name": "Ada"}})
        await spectator.until(lambda: doomed.doc.client_id in spectator.present)

        typists = [Typist(number, url, secret) for number in range(TYPISTS)]
        stop = asyncio.Event()

        async with asyncio.TaskGroup() as group:
            for typist in typists:
                group.create_task(typist.type(stop))
            await until_all_typed(typists, 10)

            await nodes[0].kill()
            await until_all_typed(typists, 10)
            reborn = await node()
            balancer.ports[0] = urlsplit(reborn.url).port or 0

            redis.stop()
            try:
                await until_all_typed(typists, 10)
            finally:
                await asyncio.to_thread(redis.start)
            await until_all_typed(typists, 10)

            await asyncio.to_thread(postgres.stop, "immediate")
            await asyncio.to_thread(postgres.start)
            await until_all_typed(typists, 10)

            balancer.cut()
            await until_all_typed(typists, 10)
            stop.set()

        everybody = [typist.client for typist in typists]
        late = [await client(each.url) for each in (nodes[1], nodes[2], reborn)]
        # What one node has acknowledged may still be on its way to another one.
        await until(lambda: len({each.text for each in (*everybody, spectator, *late)}) == 1)
        expected = spectator.text
        await gone(spectator, doomed.doc.client_id)
        for typist in typists:
            typist.assert_nothing_is_lost(expected)
            assert len(typist.acknowledged) >= 60
            await typist.client.leave()
        assert sum(typist.connections for typist in typists) >= 2 * TYPISTS
        assert sum(map(len, (typist.acknowledged for typist in typists))) == expected.count("<")


@pytest.mark.parametrize("is_bus_there", [True, False], ids=["by the bus", "by the store alone"])
async def test_what_is_decided_on_one_node_counts_within_a_second_on_another(
    postgres: Postgres, redis: Redis, stack: AsyncExitStack, is_bus_there: bool
) -> None:
    address = postgres.new_database()
    here, there = [await stack.enter_async_context(TunedServer(address, bus=redis.address)) for _ in range(2)]
    number, secret = await here.invite()
    owner = Client(member=own("owner"))
    ann, bob = Client(member=own("ann")), Client(member=own("bob"))
    comers: list[Client] = []

    async def come(client: Client, server: TunedServer, secret: str) -> None:
        stack.push_async_callback(client.leave)
        await client.open(server.url, "room", secret)
        await client.until(lambda: client.hello or client.closed)

    async def come_until_withdrawn() -> None:
        while not any(client.closed for client in comers):
            comers.append(Client(member=own(f"comer {len(comers)}") if len(comers) % 2 else None))
            await come(comers[-1], there, secret)

    await come(owner, here, await here.secret(Role.OWNER))
    for client in (ann, bob):
        await come(client, there, await here.secret())
    if not is_bus_there:
        redis.stop()
        stack.push_async_callback(asyncio.to_thread, redis.start)
    coming = asyncio.create_task(come_until_withdrawn())
    await until(lambda: len(comers) > 5)
    async with within(1):
        await here.order("revoke", "room", number)
        await coming
        for client in comers:
            assert (await client.until_closed()).code == Close.WITHDRAWN
    async with within(1):
        assert await owner.request(set_role_message, number_of(ann), Role.VIEWER) is None
        await ann.until(lambda: ann.roles == [Role.VIEWER])
    async with within(1):
        assert await owner.request(remove_member_message, number_of(ann)) is None
        assert (await ann.until_closed()).code == Close.WITHDRAWN
    await bob.write("undisturbed")
    await bob.until_saved()
