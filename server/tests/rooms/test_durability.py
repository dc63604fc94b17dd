"""SAVED means saved, also while the disk fails; see `failures/test_durability` for servers that are killed."""

from __future__ import annotations

import asyncio
import random
import signal
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from pycrdt import Map
from websockets.exceptions import ConnectionClosed

from cowrite_server.document.updates import EMPTY_UPDATE
from cowrite_server.store.sqlite.database import FILE_NAME
from cowrite_server.wire.protocol import Close, Role
from helpers.stopwatch import within
from house import House, MakeHouse
from server_process import ServerProcess
from sync_clients import Client, StockClient, until


async def test_a_server_that_is_told_to_stop_saves_says_goodbye_and_exits_well(tmp_path: Path) -> None:
    # On Windows the first of them stands for a console that is closed; see `console_events`.
    for number in [signal.SIGTERM, signal.SIGINT, *([signal.SIGBREAK] if sys.platform == "win32" else [])]:
        async with ServerProcess(tmp_path, "--open") as server, Client() as ann, Client() as ben:
            for client in (ann, ben):
                await client.open(server.url)
                await client.until_synced()
            for _ in range(20):
                await ann.write("x")
            await ben.until(lambda ann=ann, ben=ben: ben.text == ann.text)  # what was not read its writer keeps
            server.send_signal(number)
            assert (await ann.until_closed()).code == Close.SHUTTING_DOWN
            assert await server.wait() == 0
            assert ann.saved == ann.sent > 20
            assert server.errors == ""
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection:
        assert connection.execute("SELECT count(*) FROM updates").fetchone()[0] > 0


async def test_a_server_that_has_to_end_before_everything_is_saved_says_so_and_exits_with_1(tmp_path: Path) -> None:
    async with ServerProcess(tmp_path, "--open", "--drain-seconds", "0.5") as server, Client() as ann, Client() as ben:
        for client in (ann, ben):
            await client.open(server.url)
            await client.until_synced()
        with closing(sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            await ann.write("kept by its writer")
            await ben.until(lambda: ben.text == "kept by its writer")  # what was not read its writer keeps, too
            async with within(2):  # the settings' time, and the second after which the process ends in any case
                server.send_signal(signal.SIGTERM)
                assert (await ann.until_closed()).code == Close.SHUTTING_DOWN
                assert await server.wait() == 1
        assert ann.saved < ann.sent
        assert "Not everything could be saved before the end" in server.errors


@contextmanager
def hangups(handling: signal.Handlers) -> Iterator[None]:
    """Processes that are started meanwhile inherit what is done about SIGHUP."""
    before = signal.signal(signal.SIGHUP, handling)
    try:
        yield
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGHUP")
async def test_a_server_whose_terminal_is_closed_says_goodbye_unless_it_was_to_outlive_it(tmp_path: Path) -> None:
    for handling in (signal.SIG_DFL, signal.SIG_IGN):
        with hangups(handling):
            server = ServerProcess(tmp_path, "--open", fresh=True)
            await server.__aenter__()
        async with Client() as ann:
            await ann.open(server.url)
            await ann.until_synced()
            server.send_signal(signal.SIGHUP)
            if handling is signal.SIG_IGN:
                await ann.write("x")
                await ann.until_saved()
                server.send_signal(signal.SIGTERM)
            assert (await ann.until_closed()).code == Close.SHUTTING_DOWN
            assert await server.wait() == 0


async def write_numbers(client: Client, name: str) -> None:
    """Writes numbered words as fast as the connection takes them, until it ends."""
    number = 0
    while client.closed is None:
        try:
            await client.write(f"<{name}:{number}>")
        except ConnectionClosed:
            return
        number += 1
        await asyncio.sleep(0)


@pytest.mark.parametrize("seed", range(3))
async def test_a_server_that_drains_under_load_loses_nothing_that_it_has_read(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    async with ServerProcess(tmp_path, "--open", "--drain-seconds", "8") as server:
        clients = [await Client().open(server.url) for _ in range(6)]
        reader = await StockClient().open(server.url)
        for client in (*clients, reader):
            await client.until_synced()
        writing = [asyncio.create_task(write_numbers(client, str(at))) for at, client in enumerate(clients)]
        enough = chance.randint(20, 200)
        await clients[0].until(lambda: clients[0].saved > enough)
        server.send_signal(signal.SIGTERM)
        await asyncio.gather(*writing)
        for client in (*clients, reader):
            assert (await client.until_closed()).code == Close.SHUTTING_DOWN
            await client.leave()
        assert await server.wait() == 0
        assert server.errors == ""
    async with ServerProcess(tmp_path, "--open") as server, Client() as late:
        await late.open(server.url)
        await late.until_synced()
        for at, client in enumerate(clients):
            # The first update of each was its answer to step 1. What was acknowledged is there, what anybody else was
            # given is there, and the server has kept nothing of which it did not tell its writer.
            kept = late.text.count(f"<{at}:")
            assert kept == client.saved - 1
            assert all(f"<{at}:{number}>" in late.text for number in range(kept))
            assert all(other.text.count(f"<{at}:") <= kept for other in (*clients, reader) if other is not client)
        for client in clients:  # with what it kept, each goes on elsewhere
            async with Client(client.doc) as again:
                await again.open(server.url)
                await again.until_synced()
                await again.until_saved()
        await late.until(lambda: all(client.text.count("<") <= late.text.count("<") for client in clients))
        words = late.text.replace("><", "> <").split()
        assert len(words) == len(set(words)) == sum(written(client, at) for at, client in enumerate(clients))


def written(client: Client, at: int) -> int:
    """How many words a client wrote."""
    return client.text.count(f"<{at}:")


async def test_while_the_store_fails_nothing_is_acknowledged_and_nothing_is_lost(house: House) -> None:
    secret = await house.secret()
    ann, ben = await house.client(secret), await house.stock(secret)
    await ann.until_saved()
    with closing(sqlite3.connect(house.folder / FILE_NAME, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        before = ann.saved
        for number in range(50):
            await ann.write(f"{number};")
        await ben.until(lambda: ben.text == ann.text)  # the others get it all the same
        await until(lambda: not house.server.ready)
        assert ann.saved == before
        assert ann.closed is ben.closed is None
        other.execute("COMMIT")
    await ann.until_saved()
    assert house.server.ready
    await house.stop()
    await house.start()
    assert (await house.client(secret)).text == ann.text


async def test_a_client_is_not_called_silent_while_the_server_does_not_listen(make_house: MakeHouse) -> None:
    house = await make_house(unsaved_bytes=1000, ping_seconds=0.1, silence_seconds=0.3, retry_most_seconds=0.1)
    ann = await house.client()
    await ann.until_saved()
    with closing(sqlite3.connect(house.folder / FILE_NAME, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for _ in range(20):
            await ann.write("x" * 1000)
        start = asyncio.get_running_loop().time()
        await until(lambda: asyncio.get_running_loop().time() > start + 1)  # three times the silence allowed
        assert ann.closed is None
        other.execute("COMMIT")
    await ann.until_saved()


async def test_a_client_is_not_called_silent_for_the_time_in_which_the_server_did_nothing(
    make_house: MakeHouse,
) -> None:
    house = await make_house(ping_seconds=0.1, silence_seconds=0.3)
    ann = await house.client()
    due = house.server._look_due
    time.sleep(0.5)  # noqa: ASYNC251 - as a process that is stopped for a while
    await until(lambda: house.server._look_due > due)
    await ann.write("x")
    await ann.until_saved()


async def test_while_the_store_fails_memory_is_bounded_and_the_rest_waits_in_the_socket(
    make_house: MakeHouse,
) -> None:
    house = await make_house(unsaved_bytes=1_000_000, retry_most_seconds=0.1)
    secret = await house.secret()
    ann, ben = await house.client(secret), await house.client(secret)
    viewer = await house.client(await house.secret(Role.VIEWER))
    await ann.until_saved()
    for number in range(100):
        ann.doc.get("map", type=Map)[str(number)] = "x" * 100_000
    with closing(sqlite3.connect(house.folder / FILE_NAME, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        writing = asyncio.create_task(ann.push())
        await until(lambda: not house.server.ready)
        # What one read from a socket brings may come on top of the limit, and no more.
        assert len(ben.doc.get("map", type=Map)) < 30
        for _ in range(100):
            await viewer.send_update(EMPTY_UPDATE)
        (watching,) = [each for each in house.server._attendance._connections if each.role is Role.VIEWER]
        await until(lambda: watching._held_by_store)
        other.execute("COMMIT")
    await writing
    await viewer.until_saved()
    await ann.until_saved()
    await ben.until(lambda: len(ben.doc.get("map", type=Map)) == 100)
    assert ann.closed is ben.closed is None


async def test_while_the_log_is_full_whoever_leaves_is_noticed_and_nobody_else_is_let_in(
    make_house: MakeHouse,
) -> None:
    house = await make_house(unsaved_bytes=1000, ping_seconds=0.1, silence_seconds=0.3, retry_most_seconds=0.1)
    secret = await house.secret()
    clients = [await house.client(secret) for _ in range(5)]
    for client in clients:
        await client.until_saved()
    with closing(sqlite3.connect(house.folder / FILE_NAME, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for client in clients:
            await client.write("x" * 2000)
        await until(lambda: not house.server.ready)
        for client in clients:
            client.cut()
        await until(lambda: house.connection_count == 0)
        late = await Client().open(house.server.url, "room", secret)
        assert (await late.until_closed()).code == Close.STORE_FAILED
        other.execute("COMMIT")
    await until(lambda: house.server.ready)
    ann = await house.client(secret)
    assert ann.text.count("x") >= 2000
    await ann.write("again")
    await ann.until_saved()


async def test_what_is_in_memory_only_is_not_called_saved_on_the_next_connection(house: House) -> None:
    secret = await house.secret()
    ann = await house.client(secret)
    await ann.until_saved()
    with closing(sqlite3.connect(house.folder / FILE_NAME, isolation_level=None)) as other:
        ben = await house.client(secret)
        await ben.until_saved()
        other.execute("BEGIN IMMEDIATE")
        await ann.write("not on the disk")
        await ben.until(lambda: ben.text == ann.text)
        ann.cut()
        again = await house.client(secret, client=Client(ann.doc))  # its step 2 holds nothing that the room lacks
        await again.until(lambda: again.sent)
        await again.write(" and more")
        await ben.until(lambda: "more" in ben.text)
        assert again.saved == 0
        other.execute("COMMIT")
    await again.until_saved()
