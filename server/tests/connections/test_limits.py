"""Limits: who is turned away by the limit's name, and what only has to wait."""

from __future__ import annotations

import asyncio
import sys

import pytest
from websockets.exceptions import InvalidStatus

from cowrite_server.store.member_records import Arrival, Joined
from cowrite_server.wire.protocol import (
    Close,
    Limits,
)
from helpers.stopwatch import within
from house import House, MakeHouse
from sync_clients import Client, until
from team import closed_with, own


async def test_whoever_was_let_in_waits_no_longer_and_gives_way_to_nobody(make_house: MakeHouse) -> None:
    house = await make_house(waiting_clients=2)
    secret = await house.secret()
    ann, ben = await house.client(secret), await house.client(secret)
    silent = [await asyncio.open_connection("127.0.0.1", house.server.port) for _ in range(4)]
    cyd = await house.client(secret)
    await ann.write("undisturbed")
    for other in (ben, cyd):
        await other.until(lambda other=other: other.text == "undisturbed")
    assert ann.closed is None
    for _, writer in silent:
        writer.close()


async def test_a_server_that_is_full_turns_others_away_by_name_says_so_and_lets_them_in_again(
    make_house: MakeHouse, caplog: pytest.LogCaptureFixture
) -> None:
    house = await make_house(server_clients=2, closing_seconds=30)
    secret = await house.secret()
    ann, ben = await house.client(secret), await house.client(secret)
    assert not house.server.ready
    for _ in range(2):
        with pytest.raises(InvalidStatus) as refused:
            await Client().open(house.server.url, secret=secret)
        assert refused.value.response.status_code == 503
        assert b"server_clients" in (refused.value.response.body or b"")
    reader, writer = await asyncio.open_connection("127.0.0.1", house.server.port)
    writer.write(b"GET /health/live HTTP/1.1\r\nHost: here\r\n\r\n")
    assert (await reader.read()).startswith(b"HTTP/1.1 200 "), "whoever watches is answered, or would start it anew"
    writer.close()
    assert caplog.text.count("as many connections as server_clients allows (2)") == 1
    assert house.server._figures.refusals["server_clients"] == 2
    caplog.clear()
    await ann.write("undisturbed")
    await ben.until(lambda: ben.text == "undisturbed")
    await ann.leave()
    await until(lambda: house.server.ready)
    cyd = await house.client(secret)
    assert cyd.text == "undisturbed"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of open files")
def test_as_many_connections_are_let_in_as_the_system_lets_open_files_with_some_left() -> None:
    import resource

    from cowrite_server.sockets.open_files import RESERVED, Capacity, capacity

    given, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (1000, most))
        assert capacity() == Capacity(1000 - RESERVED, 1000 - RESERVED * 3 // 4)
        resource.setrlimit(resource.RLIMIT_NOFILE, (100, most))
        assert capacity() == Capacity(50, 63)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (given, most))


def closed_gate(house: House, monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Has whoever comes to a server wait until it is set."""
    gate, join = asyncio.Event(), house.server._store.join

    async def join_slowly(arrival: Arrival, now: int) -> Joined | Close:
        await gate.wait()
        return await join(arrival, now)

    monkeypatch.setattr(house.server._store, "join", join_slowly)
    return gate


async def test_what_is_sent_before_the_admission_waits_in_the_client_s_own_socket(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = await house.secret()
    ann = await house.client(secret)
    gate = closed_gate(house, monkeypatch)
    eager = await Client(answers=False).open(house.server.url, secret=secret)
    sending = asyncio.create_task(flood(eager))
    await until(lambda: eager.socket.transport.get_write_buffer_size() > 0)  # the kernel takes no more either
    for _ in range(5):  # the server reads what others send meanwhile
        await ann.write("x")
        await ann.until_saved()
    assert sum(len(message) for socket in house.server._sockets for message in socket._backlog._waiting) < 300_000
    gate.set()
    await sending
    await eager.until(lambda: eager.saved == eager.sent)
    await eager.leave()


async def flood(client: Client) -> None:
    """Sends 14 MB at once, more than the system takes for a socket at both ends."""
    for _ in range(14):
        client.body.insert(0, "x" * 1_000_000)
    await client.push()


async def test_an_admission_that_takes_too_long_is_ended_and_may_be_tried_again(
    make_house: MakeHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = await make_house(waiting_seconds=0.2)
    secret = await house.secret()
    gate = closed_gate(house, monkeypatch)
    async with within(10):
        assert await closed_with(house, Client(answers=False), secret) == Close.STORE_FAILED
    gate.set()
    await house.client(secret)


async def test_whoever_sends_too_fast_is_read_more_slowly_and_loses_nothing(make_house: MakeHouse) -> None:
    house = await make_house(limits=Limits(updates_per_second=200))
    ann, ben = await house.client(), await house.client()
    loop = asyncio.get_running_loop()
    begun = loop.time()
    for number in range(500):
        await ann.write(f"{number};")
    await ann.until_saved()
    await ann.write("the next")
    await ann.until_saved()
    assert loop.time() - begun > 1.4  # a second's worth is free, 300 more take a second and a half
    await ben.until(lambda: ben.text == ann.text)
    assert ann.closed is None
    assert ann.refused == []


async def test_two_connections_of_one_member_are_read_no_faster_than_one(make_house: MakeHouse) -> None:
    house = await make_house(limits=Limits(updates_per_second=200))
    secret = await house.secret()
    sockets = [await house.client(secret, client=Client(member=own("ann"))) for _ in range(2)]
    ben = await house.client(secret, client=Client(member=own("ben")))
    loop = asyncio.get_running_loop()
    begun = loop.time()
    for number in range(250):
        for socket in sockets:
            await socket.write(f"{number};")
    async with within(1):
        await ben.write("quick")
        await ben.until_saved()
    for socket in sockets:
        await socket.until_saved()
        await socket.write("the next")
    for socket in sockets:
        await socket.until_saved()
    assert loop.time() - begun > 1.4  # as if one had sent all 500


async def test_bytes_have_a_pace_of_their_own_and_others_do_not_wait_for_it(make_house: MakeHouse) -> None:
    house = await make_house(limits=Limits(bytes_per_second=1_000_000), silence_seconds=1, ping_seconds=0.3)
    ann, ben, cyd = await house.client(), await house.client(), await house.client()
    loop = asyncio.get_running_loop()
    begun = loop.time()
    await ann.write("x" * 3_000_000)
    await ben.write("quick")
    await cyd.until(lambda: "quick" in cyd.text)
    assert ann.saved < ann.sent
    await ann.until_saved()
    assert loop.time() - begun > 1.5
    assert ann.closed is None
