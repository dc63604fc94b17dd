"""Failure modes 1 to 6 of servers for shared documents: what is lost, doubled or overwritten when they end or fail.

The fifteen ways in which such servers are known to fail have one test or more each, by their numbers: here, in
`test_connections.py`, `test_limits.py` and `test_writing.py`. A real server process, real sockets, SIGKILL. People are
the test clients, the app's own peer (`Seat`) where it counts what a person is told, and unchanged Yjs clients on Node.
The same with random timing and in random order is in `test_plans.py` and `test_hostile.py`.

Keystrokes of 2 and 6 in the app's windows are in `tests/journeys`, random kills of both sides (5) there in
`test_crashes.py`.
"""

from __future__ import annotations

import asyncio
import os
import random
import sqlite3
import sys
from collections.abc import Callable
from contextlib import AsyncExitStack, closing, suppress
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed

from cowrite.sync.link import Link
from cowrite.sync.status import Kind
from cowrite_server.store.sqlite.database import FILE_NAME
from cowrite_server.wire.protocol import Close
from helpers.sync_seat import Seat
from server_process import TunedServer
from sync_clients import Client, StockClient, until, until_true
from visitors import editor, rows, same, visit, write_until_cut


async def test_01_a_killed_server_does_not_double_a_document(data: Path, stack: AsyncExitStack) -> None:
    async with TunedServer(data) as server:
        ann, ben = await editor(stack, server), await editor(stack, server, StockClient())
        await ann.write("written once")
        await ann.until_saved()
        await ben.until(lambda: ben.text == "written once")
        await ben.write(" by two")
        await ann.until(lambda: ann.text == "written once by two")
        await server.kill()
        await ann.until_closed()
    async with TunedServer(data) as server:
        ann, ben = await editor(stack, server, Client(ann.doc)), await editor(stack, server, StockClient(ben.doc))
        assert ann.text == ben.text == "written once by two"
        await ann.write(".")
        await ben.until(lambda: ben.text == "written once by two.")
        assert same(ann, ben)
        assert same(ann, await editor(stack, server))


async def test_02_a_rebuilt_room_is_told_by_its_epoch_and_never_merged(data: Path, stack: AsyncExitStack) -> None:
    async with TunedServer(data) as server:
        ann = await editor(stack, server)
        seat = await stack.enter_async_context(Seat(Link("127.0.0.1", server.port, "room", await server.secret())))
        await ann.write("the document")
        await ann.until_saved()
        await seat.until(lambda: seat.text == "the document")
        assert ann.hello is not None
        await server.kill()
        await ann.until_closed()
        record = seat.peer.record
    for path in data.glob(f"{FILE_NAME}*"):  # noqa: ASYNC240 - nobody else waits
        path.unlink()
    async with TunedServer(data) as server:
        imported = await editor(stack, server)
        await imported.write("the document")  # the exported text, put into a new one
        await imported.until_saved()
        secret = await server.secret()
        again = Client(ann.doc)
        stack.push_async_callback(again.leave)
        await again.open(server.url, "room", secret, ann.hello.epoch)
        assert (await again.until_closed()).code == Close.EPOCH_CHANGED
        assert again.text == imported.text == "the document"
        link = Link("127.0.0.1", server.port, "room", secret)
        async with (
            Seat(link, seat.document, record) as old,
            Seat(link) as new,
        ):  # the app, with its old copy and without
            await old.until(lambda: old.status.kind is Kind.EPOCH_CHANGED)
            await new.until_saved()
            assert old.text == new.text == imported.text == "the document"


async def test_03_clients_who_come_while_a_room_is_read_get_one_full_document(
    data: Path, stack: AsyncExitStack
) -> None:
    async with TunedServer(data) as server:
        ann = await editor(stack, server)
        await ann.write("what was there")
        await ann.until_saved()
    async with TunedServer(data, read_seconds=2.0) as server:
        secret = await server.secret()
        clients = [await visit(stack, server, client, secret) for client in (Client(), StockClient())]
        for number, client in enumerate(clients):
            await client.write(f"<{number}>")
        assert [client.messages for client in clients] == [[], []]
        words = ("what was there", "<0>", "<1>")
        for client in clients:
            await client.until(lambda client=client: all(word in client.text for word in words))
            assert len(client.text) == sum(map(len, words))
            assert b"\x00\x00" not in client.steps
        assert same(*clients)
        assert (await server.figures())["reads"] == 1


async def test_04_a_room_that_cannot_be_read_is_never_overwritten(data: Path, stack: AsyncExitStack) -> None:
    async with TunedServer(data) as server:
        ann = await editor(stack, server)
        await ann.write("precious")
        await ann.until_saved()
        await server.kill()
        await ann.until_closed()
    sound = rows(data)
    damage(data, sound[0][0], b"\xff\xff")
    damaged = rows(data)
    async with TunedServer(data) as server:
        ann = await visit(stack, server, Client(ann.doc), await server.secret())
        with suppress(ConnectionClosed):  # where the server is quicker; the words are in the document then too
            await ann.write(" and more")
        assert (await ann.until_closed()).code == Close.STORE_FAILED
        assert ann.text == "precious and more"
        assert ann.saved == 0
        assert (await server.figures())["rooms"] == 0
        assert rows(data) == damaged
    damage(data, *sound[0])
    async with TunedServer(data) as server:
        again = await editor(stack, server, Client(ann.doc))
        await again.until_saved()
        assert (await editor(stack, server)).text == "precious and more"


def damage(data: Path, seq: int, content: bytes) -> None:
    """Changes an entry of the log."""
    with closing(sqlite3.connect(data / FILE_NAME)) as connection, connection:
        connection.execute("UPDATE updates SET data = ? WHERE seq = ?", (content, seq))


@pytest.mark.parametrize("seed", range(2))
async def test_05_everything_acknowledged_survives_a_kill_of_everybody(data: Path, seed: int) -> None:
    chance = random.Random(seed)
    acknowledged: list[str] = []
    for kill in range(3):
        async with TunedServer(data) as server:
            secret = await server.secret()
            clients = [await Client().open(server.url, "room", secret) for _ in range(3)]
            for client in clients:
                await client.until_synced()
            assert missing(acknowledged, clients[0].text) == []
            names = [f"{kill}.{number}" for number in range(len(clients))]
            writing = [
                asyncio.create_task(write_until_cut(client, name)) for client, name in zip(clients, names, strict=True)
            ]
            for client in clients:  # it has to acknowledge so many, and may have taken any number more by the kill
                least = chance.randrange(2, 300)
                await client.until(lambda client=client, least=least: client.saved >= least)
            await server.kill()
            for client, words in zip(clients, await asyncio.gather(*writing), strict=True):
                await client.until_closed()
                acknowledged += words[: max(client.saved - 1, 0)]  # the first was the answer to step 1
                await client.leave()  # and its document is gone
    async with TunedServer(data) as server, Client() as reader:
        await reader.open(server.url, "room", await server.secret())
        await reader.until_synced()
        assert acknowledged
        assert missing(acknowledged, reader.text) == []
        words = words_of(reader.text)
        assert len(words) == len(set(words))


LOST_SECONDS = 1.0
"""Of what was typed earlier before a kill nothing may be lost: `commit_seconds`, and time for the disk."""


async def test_05_a_kill_costs_at_most_what_was_typed_in_the_last_moment(data: Path) -> None:
    loop = asyncio.get_running_loop()
    async with TunedServer(data) as server:
        secret = await server.secret()
        ann, ben = [await Client().open(server.url, "room", secret) for _ in range(2)]
        for client in (ann, ben):
            await client.until_synced()
        typed: dict[str, float] = {}
        next_key = begun = loop.time()
        while loop.time() < begun + 3 * LOST_SECONDS:  # without a pause, in which all that waits would be written
            word = f"<{len(typed)}>"
            await ann.write(word)
            typed[word] = loop.time()
            next_key += 0.02
            await until(lambda next_key=next_key: loop.time() > next_key)
        await ben.until(lambda: word in ben.text)
        killed = loop.time()
        await server.kill()
        for client in (ann, ben):
            await client.until_closed()
            await client.leave()
    async with TunedServer(data) as server, Client() as reader:
        await reader.open(server.url, "room", await server.secret())
        await reader.until_synced()
        lost = missing(list(typed), reader.text)
        assert lost == list(typed)[len(typed) - len(lost) :]
        assert [word for word in lost if typed[word] < killed - LOST_SECONDS] == []


def words_of(text: str) -> list[str]:
    return text.replace("><", "> <").split()


def missing(words: list[str], text: str) -> list[str]:
    """Those words that a text does not have."""
    found = set(words_of(text))
    return [word for word in words if word not in found]


OUTAGE = float(os.environ.get("COWRITE_TEST_OUTAGE_SECONDS", "1"))
"""For so many seconds the disk fails. The criterion says 60, for which there is the variable."""

UNSAVED = 1_000_000
PIECES = 70
"""Bytes that may wait for the disk, and pieces of a tenth of that which somebody writes; the rest stays with them."""


LIMITED = pytest.mark.skipif(sys.platform == "win32", reason="its processes have no limit for files")


@pytest.mark.parametrize("trouble", ["locked", pytest.param("full", marks=LIMITED)])
async def test_06_a_store_that_fails_delays_but_loses_nothing(data: Path, stack: AsyncExitStack, trouble: str) -> None:
    server = await stack.enter_async_context(TunedServer(data, unsaved_bytes=UNSAVED))
    secret = await server.secret()
    typist, heavy, reader = [
        await stack.enter_async_context(Seat(Link("127.0.0.1", server.port, "room", secret))) for _ in range(3)
    ]
    for seat in (typist, heavy, reader):
        await seat.until_saved()
    before = server.memory
    fail, recover = troubles(server, data, stack)[trouble]
    fail()
    typist.write("<first>")
    await reader.until(lambda: "<first>" in reader.text)  # the others get it all the same
    for number in range(PIECES):
        heavy.write(f"<{number}>".ljust(100_000, "x"))
    loop = asyncio.get_running_loop()
    begun = loop.time()
    typed = ["<first>"]
    await until_true(lambda: not_ready(server))
    while loop.time() - begun < OUTAGE:
        typed.append(f"<typed {len(typed)}>")
        typist.write(typed[-1])
        next_key = loop.time() + 0.1
        await until(lambda next_key=next_key: loop.time() > next_key)
        assert server.is_running
        assert (await server.figures())["rooms"] == 1  # the document stays loaded
        for seat, changes in ((typist, len(typed)), (heavy, PIECES)):  # nothing is acknowledged, and both are told
            assert seat.status.kind in (Kind.WAITING, Kind.OFFLINE)
            assert seat.status.waiting == changes
        assert server.memory < before + 20 * UNSAVED  # some of it twice
    recover()
    for seat in (typist, heavy):
        await seat.until_saved()
    await reader.until(lambda: len(reader.text) == PIECES * 100_000 + sum(map(len, typed)))
    await server.kill()
    again = await stack.enter_async_context(TunedServer(data))
    text = (await editor(stack, again)).text
    assert [word for word in (*typed, *(f"<{number}>" for number in range(PIECES))) if text.count(word) != 1] == []


def troubles(
    server: TunedServer, data: Path, stack: AsyncExitStack
) -> dict[str, tuple[Callable[[], object], Callable[[], object]]]:
    """What can be wrong with a disk: how it begins, and how it ends."""
    lock = sqlite3.connect(data / FILE_NAME, isolation_level=None)
    stack.callback(lock.close)

    def let_files_grow(most: int) -> None:
        import resource

        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (most, -1))  # of any size

    return {
        "locked": (lambda: lock.execute("BEGIN IMMEDIATE"), lambda: lock.execute("COMMIT")),
        "full": (lambda: let_files_grow(0), lambda: let_files_grow(-1)),
    }


async def not_ready(server: TunedServer) -> bool:
    """Whether the server says that its disk fails."""
    return not (await server.figures())["ready"]
