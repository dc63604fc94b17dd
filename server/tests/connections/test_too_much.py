"""Whoever sends beyond their rate without a pause is closed, by name, and nobody else notices; and who never is."""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack, suppress
from functools import partial
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed

from cowrite_server.logs import JsonFormatter
from cowrite_server.wire.protocol import Close, Limits
from helpers.stopwatch import within
from house import House, MakeHouse
from server_process import TunedServer
from sync_clients import Client
from team import own
from visitors import editor, visit

FEW_BYTES = 1_000_000


class Mute(Client):
    """Writes, and does not look at what others write, so that many fit into one process."""

    def apply(self, update: bytes) -> None:
        """Not done."""


async def flood(client: Client, ballast: int = 0) -> None:
    """Writes letters without a pause, until the connection ends; the document has also those that were not sent.

    Args:
        client: who writes.
        ballast: length of a text that is sent again with each letter.
    """
    client.body.insert(0, "-" * ballast)
    (heavy,) = client._outgoing or [b""]
    with suppress(ConnectionClosed):
        while client.closed is None:
            client._outgoing = [heavy] if ballast else []
            client.body.insert(0, "a")
            await client.push()


@pytest.mark.parametrize(
    ("settings", "limit", "ballast"),
    [
        ({"limits": Limits(bytes_per_second=FEW_BYTES), "work_seconds": 10.0}, "bytes_per_second", 100_000),
        ({"limits": Limits(updates_per_second=400), "work_seconds": 10.0}, "updates_per_second", 2000),
        ({"limits": Limits(updates_per_second=1_000_000), "work_seconds": 0.05}, "work_seconds", 0),
    ],
    ids=["bytes", "updates", "work"],
)
async def test_whoever_floods_is_closed_by_name_before_what_waits_is_accepted_and_loses_nothing(
    make_house: MakeHouse,
    caplog: pytest.LogCaptureFixture,
    settings: dict[str, object],
    limit: str,
    ballast: int,
) -> None:
    house = await make_house(excess_seconds=0.5, **settings)  # a busy machine floods with pauses, which do not count
    secret = await house.secret()
    ben, mallory = await house.client(secret), await house.client(secret, client=Client(member=own("mallory")))
    flooding = asyncio.create_task(flood(mallory, ballast))
    await ben.until(lambda: "a" in ben.text)
    async with within(5):
        await ben.write("Ben")
        await ben.until_saved()
    closed = await mallory.until_closed()
    await flooding
    assert (closed.code, closed.reason) == (Close.TOO_MUCH, Close.TOO_MUCH.sentence)
    assert "excess_seconds" in closed.reason
    assert house.server._figures.updates < mallory.sent  # what was sent and not read is in no room
    assert house.server._figures.refusals["too_much"] == 1
    (line,) = (each for each in caplog.records if "limit" in vars(each))
    caplog.clear()
    said = json.loads(JsonFormatter().format(line))
    assert f"beyond {limit} for longer than excess_seconds" in said["message"]
    assert (said["room"], said["limit"]) == ("room", limit)
    assert ben.closed is None
    again = await come_again(house, secret, mallory)
    await ben.until(lambda: ben.text == again.text)
    assert again.closed is None


async def come_again(house: House, secret: str, client: Client) -> Client:
    """The same person, on another connection, with all that they have written."""
    again = await house.client(secret, client=Client(client.doc, member=own("mallory")))
    await again.until_saved()
    return again


async def test_of_those_who_share_an_invite_only_the_one_who_floods_is_closed(
    make_house: MakeHouse, caplog: pytest.LogCaptureFixture
) -> None:
    house = await make_house(limits=Limits(bytes_per_second=FEW_BYTES), excess_seconds=1.0)
    secret = await house.secret()
    ben, mallory, cyd = await house.stock(secret), await house.stock(secret), await house.client()
    flooding = asyncio.create_task(flood(mallory, 100_000))
    words = 0
    while mallory.closed is None:
        await ben.write("b")
        words += 1
        async with within(2):
            await cyd.until(partial(sees, cyd, words))
    await flooding
    assert mallory.closed.code == Close.TOO_MUCH
    caplog.clear()
    assert words > 3
    assert ben.closed is None


def sees(client: Client, words: int) -> bool:
    """Whether so many of Ben's words have come."""
    return client.text.count("b") == words


async def test_who_pastes_imports_or_comes_back_after_days_never_meets_the_limit(
    data: Path, stack: AsyncExitStack
) -> None:
    server = await stack.enter_async_context(TunedServer(data, excess_seconds=2.0))
    ann = await editor(stack, server)
    await ann.write("5 MB, pasted: " + "x" * 5_000_000)
    for number in range(20):  # pictures of an import
        await ann.upload(bytes((number,)) * 1_000_000)
    away = Client()
    for number in range(20_000):
        away.body.insert(0, f"{number} ")  # one entry of the document each
    away._outgoing.clear()
    await visit(stack, server, away, await server.secret())
    await ann.until(lambda: "19999 " in ann.text)
    await ann.until(lambda: len(ann.blobs_saved) == 20)
    await ann.until_saved()
    assert (ann.closed, away.closed) == (None, None)


async def test_nobody_in_a_room_of_twenty_at_saturation_meets_it(data: Path, stack: AsyncExitStack) -> None:
    server = await stack.enter_async_context(TunedServer(data, excess_seconds=10.0))
    crowd = [await editor(stack, server, Mute()) for _ in range(20)]
    for client in crowd:
        for _ in range(300):
            client.body.insert(0, "a")
    await asyncio.gather(*(client.push() for client in crowd))
    for client in crowd:
        await client.until_saved()
    assert all(client.closed is None for client in crowd)
