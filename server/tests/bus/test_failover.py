"""A real standby of PostgreSQL takes over while people type on several nodes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack

import psycopg
import pytest

from cowrite_server.people.invites import make_invite
from cowrite_server.wire.members import InviteWish
from cowrite_server.wire.protocol import Role
from engines import Postgres, Redis, needed_postgres_programs
from server_process import ServerProcess
from stores import opened
from sync_clients import Client, until, until_true
from typists import Typist, until_all_typed


@pytest.fixture
def pair() -> Iterator[tuple[Postgres, Postgres]]:
    """A PostgreSQL server and its standby."""
    programs = needed_postgres_programs()
    first = Postgres(programs)
    try:
        second = Postgres(programs, follows=first)
        try:
            yield first, second
        finally:
            second.close()
    finally:
        first.close()


async def is_alone(server: Postgres) -> bool:
    """Whether a server sends to no standby."""
    async with await psycopg.AsyncConnection.connect(f"{server.address}/postgres") as connection:
        followers = await connection.execute("SELECT pid FROM pg_stat_replication")
        return not await followers.fetchall()


@pytest.mark.slow
@pytest.mark.parametrize("lags", [False, True], ids=["that has everything", "that lacks the latest entries"])
async def test_nothing_acknowledged_is_lost_when_a_standby_takes_over(
    pair: tuple[Postgres, Postgres], redis: Redis, lags: bool
) -> None:
    first, second = pair
    if not lags:
        first.set("synchronous_standby_names", "*")
    name = first.new_database().rpartition("/")[2]
    address = f"postgresql://postgres@127.0.0.1:{first.port},127.0.0.1:{second.port}/{name}"
    async with opened(address) as store:
        secret = (await make_invite(store, "room", InviteWish(Role.EDITOR), 0))[1]
    async with AsyncExitStack() as stack:
        nodes = [
            await stack.enter_async_context(ServerProcess(address, "--bus", redis.address, "--heal-seconds", "0.5"))
            for _ in range(2)
        ]
        typists = [Typist(number, nodes[number % 2].url, secret) for number in range(4)]
        stop = asyncio.Event()

        async with asyncio.TaskGroup() as group:
            for typist in typists:
                group.create_task(typist.type(stop))
                stack.push_async_callback(typist.leave)
            await until_all_typed(typists, 10)
            if lags:
                await asyncio.to_thread(second.set, "primary_conninfo", "")
                await until_true(lambda: is_alone(first))
                await until_all_typed(typists, 10)
            await asyncio.to_thread(first.stop, "immediate")
            await asyncio.to_thread(second.promote)
            await until_all_typed(typists, 10)
            stop.set()
        await until(lambda: len({typist.text for typist in typists}) == 1)
        if not lags:  # else it is the nodes that have what the standby lacks, and save it again
            for node in nodes:
                await node.kill()
        fresh = await stack.enter_async_context(ServerProcess(address))  # without the bus: it has what is stored
        late = Client()
        stack.push_async_callback(late.leave)
        await late.open(fresh.url, "room", secret)
        await late.until(lambda: late.text == typists[0].text)
        for typist in typists:
            typist.assert_nothing_is_lost(late.text)
