"""What made other servers fall over when they were measured beside this one, over real sockets and a real process.

A kill while people type is failure mode 5 in `test_durability.py`; that whatever waits for the disk is kept when the
last one leaves is in `test_put_off.py` and `test_log.py`.
"""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import AsyncExitStack, closing
from pathlib import Path

from websockets.frames import CloseCode

from cowrite_server.store.sqlite.database import FILE_NAME
from fuzz import Offender
from fuzz_cases import Case, client_frame
from server_process import TunedServer
from sync_clients import Client, StockClient
from visitors import editor, visit
from writers import document_of

BAD_FRAMES = {
    "longer than the limit": (b"\x82\xff" + (2**27).to_bytes(8, "big") + bytes(4), CloseCode.MESSAGE_TOO_BIG),
    "of a length below zero": (b"\x82\xff" + b"\xff" * 8 + bytes(4), CloseCode.MESSAGE_TOO_BIG),
    "first reserved bit": (client_frame(b"x", 0xC2), CloseCode.PROTOCOL_ERROR),
    "second reserved bit": (client_frame(b"x", 0xA2), CloseCode.PROTOCOL_ERROR),
    "third reserved bit": (client_frame(b"x", 0x92), CloseCode.PROTOCOL_ERROR),
    "reserved opcode": (client_frame(b"x", 0x83), CloseCode.PROTOCOL_ERROR),
    "close code that nobody may send": (client_frame((1005).to_bytes(2, "big"), 0x88), CloseCode.PROTOCOL_ERROR),
    "close code that there is not": (client_frame((999).to_bytes(2, "big"), 0x88), CloseCode.PROTOCOL_ERROR),
    "half a close code": (client_frame(b"\x03", 0x88), CloseCode.PROTOCOL_ERROR),
    "ping in parts": (client_frame(b"x", 0x09), CloseCode.PROTOCOL_ERROR),
}
"""Frames, with the code that closes their sender."""


async def test_a_bad_frame_closes_its_sender_with_a_code_and_the_others_go_on(
    data: Path, stack: AsyncExitStack
) -> None:
    server = await stack.enter_async_context(TunedServer(data))
    secret = await server.secret()
    ann, ben = await editor(stack, server), await editor(stack, server, StockClient())
    for name, (frame, code) in BAD_FRAMES.items():
        mallory = Offender()
        await mallory.open(server.port, "room", secret, extended=False)
        assert await mallory.send(Case("frame", frame, True)) == f"closed {int(code)}", name
    await ann.write("goes on")
    await ben.until(lambda: ben.text == "goes on")
    await ann.until_saved()
    assert ann.closed is ben.closed is None


async def test_twenty_who_open_a_new_room_at_one_instant_are_all_in_step(data: Path, stack: AsyncExitStack) -> None:
    server = await stack.enter_async_context(TunedServer(data))
    secret = await server.secret()
    clients = [(Client, StockClient)[number % 2]() for number in range(20)]
    await asyncio.gather(*(visit(stack, server, client, secret) for client in clients))
    await asyncio.gather(*(client.until_synced() for client in clients))
    await asyncio.gather(*(client.write(f"<{number}>") for number, client in enumerate(clients)))
    words = [f"<{number}>" for number in range(len(clients))]
    for client in clients:
        await client.until(lambda client=client: all(word in client.text for word in words))
        assert len(client.text) == sum(map(len, words))
    assert (await server.figures())["reads"] == 1


async def test_two_hundred_rooms_are_all_saved_at_one_time(data: Path) -> None:
    rooms = [f"room-{number}" for number in range(200)]

    async def write(server: TunedServer, room: str) -> None:
        async with Client() as ann:
            await ann.open(server.url, room, "")
            await ann.until_synced()
            await ann.write(f"written in {room}")
            await ann.until_saved()

    async with TunedServer(data, anybody=True) as server:
        await asyncio.gather(*(write(server, room) for room in rooms))
        assert not server.errors
        await server.kill()
    with closing(sqlite3.connect(data / FILE_NAME)) as connection:
        kept = connection.execute(
            "SELECT name, data FROM updates JOIN rooms ON rooms.id = updates.room ORDER BY seq"
        ).fetchall()
    for room in rooms:
        saved = document_of(*(update for name, update in kept if name == room))
        assert str(saved["body"]) == f"written in {room}"
