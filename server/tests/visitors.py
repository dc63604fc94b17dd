"""Clients that come to a tuned server, and what it holds."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import AsyncExitStack, closing
from pathlib import Path

from websockets.exceptions import ConnectionClosed

from cowrite_server.store.sqlite.database import FILE_NAME
from server_process import TunedServer
from stock_pair import delta_of
from sync_clients import Client


def same(one: Client, other: Client) -> bool:
    """Whether two clients have the same document: equal deltas and equal content, deletions included."""
    return delta_of(one) == delta_of(other) and one.doc.get_update() == other.doc.get_update()


def rows(data: Path) -> list[tuple[int, bytes]]:
    """What is stored of all documents."""
    with closing(sqlite3.connect(data / FILE_NAME)) as connection:
        return connection.execute("SELECT seq, data FROM updates ORDER BY room, seq").fetchall()


async def visit(stack: AsyncExitStack, server: TunedServer, client: Client, secret: str, port: int = 0) -> Client:
    """Connects a client, perhaps by way of a proxy; it leaves when the test ends."""
    await client.open(f"ws://127.0.0.1:{port or server.port}", "room", secret)
    stack.push_async_callback(client.leave)
    return client


async def editor(stack: AsyncExitStack, server: TunedServer, client: Client | None = None) -> Client:
    """An editor who has what the server has."""
    client = await visit(stack, server, client or Client(), await server.secret())
    await client.until_synced()
    return client


async def write_until_cut(client: Client, name: str) -> list[str]:
    """Writes numbered words until the connection breaks; gives them in their order."""
    words: list[str] = []
    while client.closed is None:
        words.append(f"<{name}:{len(words)}>")
        try:
            await client.write(words[-1])
        except ConnectionClosed:
            break
        await asyncio.sleep(0)
    return words


async def connections(server: TunedServer, count: int) -> bool:
    """Whether so many clients are in rooms."""
    return bool((await server.figures())["connections"] == count)
