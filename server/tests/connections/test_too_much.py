"""Whoever sends beyond their rate without a pause is closed, by name, and nobody else notices; and who never is."""

from __future__ import annotations

import asyncio
import json
import logging
from contextlib import AsyncExitStack, suppress
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed

from cowrite_server.logs import JsonFormatter
from cowrite_server.wire.protocol import Close
from helpers.stopwatch import within
from house import MakeHouse
from server_process import TunedServer
from sync_clients import Client
from team import own
from visitors import editor, visit

MANY = 3000
"""Letters, which take many times as long as somebody may be beyond their rate."""


async def flood(client: Client) -> None:
    """Writes so many letters without a pause, or until the connection ends."""
    for _ in range(MANY):
        client.body.insert(0, "a")
    updates, client._outgoing = client._outgoing, []
    with suppress(ConnectionClosed):
        for update in updates:
            if client.closed is None:
                await client.send_update(update)


async def test_whoever_floods_is_closed_by_name_before_what_waits_is_accepted_and_nobody_else_notices(
    make_house: MakeHouse, caplog: pytest.LogCaptureFixture
) -> None:
    house = await make_house(work_seconds=0.001, excess_seconds=0.05)
    secret = await house.secret()
    ben, mallory = await house.client(secret), await house.client(secret, client=Client(member=own("mallory")))
    flooding = asyncio.create_task(flood(mallory))
    await ben.until(lambda: "a" in ben.text)
    async with within(1):
        await ben.write("Ben is heard")
        await ben.until_saved()
    closed = await mallory.until_closed()
    assert (closed.code, closed.reason) == (Close.TOO_MUCH, Close.TOO_MUCH.sentence)
    assert "excess_seconds" in closed.reason
    await flooding
    assert house.server._figures.updates < MANY  # what was sent and not read is in no room
    assert house.server._figures.refusals["too_much"] == 1
    line = next(each for each in caplog.records if each.levelno == logging.WARNING)
    said = json.loads(JsonFormatter().format(line))
    assert "work_seconds" in said["message"]
    assert "excess_seconds" in said["message"]
    assert (said["room"], said["limit"], said["address"]) == ("room", "work_seconds", "127.0.0.1")
    caplog.clear()
    assert ben.closed is None


async def test_who_pastes_imports_or_comes_back_after_days_never_meets_the_limit(
    data: Path, stack: AsyncExitStack
) -> None:
    server = await stack.enter_async_context(TunedServer(data, excess_seconds=10.0))  # a thirtieth of the default
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
