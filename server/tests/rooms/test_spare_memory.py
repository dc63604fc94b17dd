"""Spare memory: what a real server process gives back to the system when rooms have left its memory."""

from __future__ import annotations

import sys
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from pycrdt import Doc, Text

from server_process import TunedServer
from sync_clients import Client, until

PIECES = 20_000
"""Parts of a document; it takes some megabytes in memory, in hardly any object of Python's."""


def in_many_parts() -> list[bytes]:
    """Updates of a document that takes megabytes in memory, and hardly any object of Python's."""
    author: Doc[Text] = Doc()
    body, updates = author.get("body", type=Text), []
    for _ in range(40):
        state = author.get_state()
        for _ in range(100):
            body.insert(0, "a")
            body.insert(1, "b")
        updates.append(author.get_update(state))
    return updates


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc can be told to give memory back")
async def test_documents_that_have_left_memory_leave_the_process_too(data: Path, stack: AsyncExitStack) -> None:
    server = await stack.enter_async_context(TunedServer(data, fresh=True, idle_seconds=0.2))
    before, updates = server.memory, in_many_parts()
    clients = []
    for number in range(20):
        room = f"room-{number}"
        client = await Client(answers=False).open(server.url, room, await server.secret(room=room))
        for update in updates:
            await client.send_update(update)
        await client.until_saved()
        clients.append(client)
    full = server.memory
    for client in clients:
        await client.leave()
    assert full - before > 15_000_000
    await until(lambda: server.memory - before < (full - before) / 2)
