"""What was read from a client and waits for its turn: it keeps its order and is not lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from websockets.frames import Frame, Opcode

from cowrite_server.connection import Connection
from cowrite_server.protocol import Sync, sync_message
from cowrite_server.turns import Turns
from house import House
from sync_clients import Client, until

GOODBYE = Frame(Opcode.CLOSE, b"\x03\xe8").serialize(mask=True, extensions=())
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
    await until(lambda: house.server.connection_count == 1)
    await until(lambda: len(list(house.server._sockets)) == 1)


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
    await until(lambda: house.server.connection_count == 0)
    await house.stop()


async def test_a_client_of_whom_a_message_cannot_be_taken_is_cut_and_the_others_go_on(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ann, ben = await house.client(), await house.stock()
    receive, taken = Connection.receive, 0

    def fail_late(connection: Connection, message: bytes) -> None:
        nonlocal taken
        taken += not connection._extended
        if taken == MANY:
            raise ZeroDivisionError
        receive(connection, message)

    monkeypatch.setattr(Connection, "receive", fail_late)
    ben.socket.transport.write(letters(ben))
    await ben.until_closed()
    assert "ZeroDivisionError" in caplog.text
    caplog.clear()
    await ann.until(lambda: len(ann.text) == MANY - 1)
