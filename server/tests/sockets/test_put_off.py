"""What was read from a client and waits for its turn: it keeps its order and is not lost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

import pytest
from pycrdt import Doc, Text
from websockets.frames import Frame, Opcode

from cowrite_server.connections.connection import Connection
from cowrite_server.errors import StoreFailed
from cowrite_server.sockets.sockets import Sockets
from cowrite_server.sockets.turns import Turns
from cowrite_server.store.records import Record
from cowrite_server.wire.protocol import Message, Sync, sync_message
from house import House, MakeHouse
from sync_clients import Client, until

GOODBYE = Frame(Opcode.CLOSE, b"\x03\xe8").serialize(mask=True, extensions=())
REQUEST = (
    b"GET /room HTTP/1.1\r\nHost: here\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
)
MANY = 2000
"""Letters that take longer than one connection's messages may at once."""


def letters(client: Client) -> bytes:
    """Many letters as the client types them, a frame each."""
    for _ in range(MANY):
        client.body.insert(len(client.text), "a")
    updates, client._outgoing = client._outgoing, []
    messages = [sync_message(Sync.UPDATE, update) for update in updates]
    return b"".join(Frame(Opcode.BINARY, each).serialize(mask=True, extensions=()) for each in messages)


async def test_what_somebody_has_written_when_they_leave_arrives_however_much_it_is(house: House) -> None:
    ann, ben = await house.client(), await house.stock()
    ben.socket.transport.write(letters(ben) + GOODBYE)
    await ben.until_closed()
    await ann.until(lambda: len(ann.text) == MANY)
    await until(lambda: house.connection_count == 1)
    await until(lambda: len(list(house.server._sockets)) == 1)


@pytest.mark.parametrize("at", [40, -3, None])
async def test_a_letter_with_which_somebody_leaves_arrives_however_their_request_was_cut(
    house: House, at: int | None
) -> None:
    ann = await house.client()
    doc: Doc[Text] = Doc()
    doc.get("body", type=Text).insert(0, "a")
    letter = Frame(Opcode.BINARY, sync_message(Sync.UPDATE, doc.get_update())).serialize(mask=True, extensions=())
    question = Frame(Opcode.BINARY, bytes((Message.QUERY_AWARENESS,))).serialize(mask=True, extensions=())
    request = REQUEST + f"Authorization: Bearer {await house.secret()}\r\n\r\n".encode()
    reader, writer = await asyncio.open_connection("127.0.0.1", house.server.port)
    figures, read = house.server._figures, house.server._figures.received_bytes
    for part in (request + question,) if at is None else (request[:at], request[at:]):
        writer.write(part)
        read += len(part)
        await until(lambda read=read: figures.received_bytes >= read)
    await reader.readuntil(b"\r\n\r\n")
    writer.write(letter + GOODBYE)
    try:
        await ann.until(lambda: ann.text == "a")
    finally:
        writer.close()


async def test_what_somebody_has_written_when_they_leave_is_saved_though_the_server_ends(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = await house.secret()
    ben = await house.stock(secret)
    wait = Turns.wait
    monkeypatch.setattr(Turns, "wait", lambda self, take_turn, _taken: wait(self, take_turn, 0.05))
    ben.socket.transport.write(letters(ben) + GOODBYE)
    await ben.until_closed()
    await house.stop()
    await house.start()
    ann = await house.client(secret)
    assert len(ann.text) == MANY


async def test_a_server_that_cannot_save_the_last_words_of_somebody_who_has_gone_does_not_say_that_all_is_saved(
    make_house: MakeHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = await make_house(drain_seconds=1)
    ben = await house.stock()
    turns: list[Callable[[], bool]] = []
    monkeypatch.setattr(Turns, "wait", lambda _self, take_turn, _taken: turns.append(take_turn))
    ben.socket.transport.write(letters(ben) + GOODBYE)
    await ben.until_closed()
    await until(lambda: turns)
    say_goodbye = Sockets.say_goodbye

    async def fail(_: Sequence[Record]) -> list[int]:
        raise StoreFailed("the disk is full")

    async def say_goodbye_late(sockets: Sockets, patience: float) -> None:
        monkeypatch.setattr(house.server._log, "_commit", fail)
        for take_turn in turns:
            take_turn()
        await say_goodbye(sockets, patience)

    monkeypatch.setattr(Sockets, "say_goodbye", say_goodbye_late)
    assert not await house.server.close()


async def test_nothing_more_is_taken_of_somebody_who_is_removed_after_they_have_left(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    invite = await house.secret()
    ben = await house.stock(invite)
    turns: list[Callable[[], bool]] = []
    monkeypatch.setattr(Turns, "wait", lambda _self, take_turn, _taken: turns.append(take_turn))
    ben.socket.transport.write(letters(ben) + GOODBYE)
    await ben.until_closed()
    await until(lambda: turns)
    await house.server.revoke("room")
    turns.pop(0)()
    assert not turns
    await until(lambda: house.connection_count == 0)
    await house.stop()


async def test_a_client_of_whom_a_message_cannot_be_taken_is_cut_and_the_others_go_on(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ann, ben = await house.client(), await house.stock()
    receive, taken = Connection.receive, 0

    def fail_late(connection: Connection, message: bytes, is_alone: bool = False) -> None:
        nonlocal taken
        taken += not connection._extended
        if taken == MANY:
            raise ZeroDivisionError
        receive(connection, message, is_alone)

    monkeypatch.setattr(Connection, "receive", fail_late)
    ben.socket.transport.write(letters(ben))
    await ben.until_closed()
    assert "ZeroDivisionError" in caplog.text
    caplog.clear()
    await ann.until(lambda: len(ann.text) == MANY - 1)
