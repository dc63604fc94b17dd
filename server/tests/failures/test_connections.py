"""Failure modes 7 to 9 and 12 of servers for shared documents: dead, idle and slow connections, and what they leave.

The fifteen ways in which such servers are known to fail have one test or more each, by their numbers: here, in
`test_durability.py`, `test_limits.py` and `test_writing.py`. A real server process, real sockets, SIGKILL. People are
the test clients, the app's own peer (`Seat`) where it counts what a person is told, and unchanged Yjs clients on Node.
The same with random timing and in random order is in `test_plans.py` and `test_hostile.py`.

Keystrokes of 7 in the app's windows are in `tests/journeys`.
"""

from __future__ import annotations

import asyncio
import os
import random
import statistics
import sys
from collections.abc import Iterable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from pycrdt import Map

from cowrite.sync.link import Link
from cowrite.sync.status import Kind
from cowrite.sync.transport import ASLEEP
from cowrite_server.document.replica import Replica
from cowrite_server.wire.protocol import Close
from helpers.fault_proxy import FaultProxy
from helpers.processes import free_port
from helpers.sync_seat import Seat
from memory import run_visits
from server_process import TunedServer
from sleeper import Sleeper
from stock_pair import StockPair, stock_script
from sync_clients import Client, StockClient, until, until_true
from visitors import connections, editor, same


class Unlucky(random.Random):
    """Chance that always draws the upper end."""

    def uniform(self, a: float, b: float) -> float:
        """The upper end."""
        return b


@pytest.mark.slow
async def test_07_a_half_dead_link_is_noticed_and_loses_no_keystroke(data: Path, stack: AsyncExitStack) -> None:
    server = await stack.enter_async_context(TunedServer(data, ping_seconds=0.5, silence_seconds=1.5))
    proxies = [await stack.enter_async_context(FaultProxy("127.0.0.1", server.port)) for _ in range(2)]
    secret = await server.secret()
    ann, mia = [
        await stack.enter_async_context(Seat(Link("127.0.0.1", proxy.port, "room", secret), chance=Unlucky()))
        for proxy in proxies
    ]
    ben = await editor(stack, server)
    ann.write("before")
    for seat in (ann, mia):
        await seat.until_saved()
    await mia.until(lambda: mia.text == "before")
    loop = asyncio.get_running_loop()
    dark = loop.time()
    dead, changed = proxies
    dead.blackhole()
    changed.strand()  # Mia has come into another network, which works
    ann.write(" in the dark")
    mia.write(" on the way")
    moved = asyncio.create_task(offline_and_back(mia))
    await ann.until(lambda: ann.status.kind is Kind.OFFLINE)
    assert loop.time() - dark < 30
    noticed, back = await moved
    assert noticed - dark < 30
    assert back - noticed < 5
    await until_true(lambda: connections(server, 2))  # the server has noticed as well, and Ann is gone for Ben
    ann.write(" and offline")
    await ben.write(". Meanwhile")
    dead.cut()  # after the dark there is no network at all, until the waits between attempts are as long as they get
    tried = dead.accepted
    await until(lambda: dead.accepted >= tried + 6)
    dead.restore()  # and nobody tells Ann
    bright = loop.time()
    await until(lambda: ann.status.kind is Kind.SAVED and ann.text == ben.text)
    assert loop.time() - bright < 5
    assert sorted(ann.text) == sorted("before in the dark and offline. Meanwhile on the way")


async def offline_and_back(seat: Seat) -> tuple[float, float]:
    """When somebody is told that they are offline, and when that everything is saved."""
    await seat.until(lambda: seat.status.kind is Kind.OFFLINE)
    noticed = asyncio.get_running_loop().time()
    await seat.until_saved()
    return noticed, asyncio.get_running_loop().time()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="processes of Windows cannot be put to sleep by a signal")
async def test_07_a_computer_that_slept_is_back_soon(data: Path, stack: AsyncExitStack) -> None:
    server = await stack.enter_async_context(TunedServer(data, ping_seconds=0.5, silence_seconds=1.5))
    proxy = await stack.enter_async_context(FaultProxy("127.0.0.1", server.port))
    ann = await stack.enter_async_context(Sleeper(proxy.port, await server.secret()))
    ben = await editor(stack, server)
    await ann.until(lambda: ann.status == Kind.SAVED)
    ann.type("before")
    await ann.until(lambda: ann.status == Kind.SAVED and ann.text)
    proxy.strand()  # whatever the server says to one who sleeps does not arrive
    ann.sleep()
    loop = asyncio.get_running_loop()
    asleep = loop.time()
    await until_true(lambda: connections(server, 1))  # the server has noticed
    await ben.write(". Meanwhile")
    await until(lambda: loop.time() > asleep + ASLEEP)
    ann.wake()
    ann.type(" after")
    awake = loop.time()
    await ben.until(lambda: "after" in ben.text)
    await ann.until(lambda: ann.status == Kind.SAVED and ann.text == ben.text)
    assert loop.time() - awake < 4  # of five; the silence after which a link is dead takes longer
    assert sorted(ann.text) == sorted("before. Meanwhile after")


FAST = 20
"""How much faster than ours the clocks of test 8 run: three minutes take nine seconds, and the 30 s after which a stock
client takes a silent server for dead are longer than others keep a processor."""
IDLE = int(os.environ.get("COWRITE_TEST_IDLE_MINUTES", "3"))


@pytest.mark.slow
async def test_08_a_lone_idle_stock_client_stays_connected_after_a_restart_too(
    tmp_path: Path, stack: AsyncExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = stock_script()
    monkeypatch.setenv("NODE_OPTIONS", f"--import={(Path(__file__).parents[1] / 'node' / 'fast_clock.mjs').as_uri()}")
    monkeypatch.setenv("FAST_CLOCK", str(FAST))
    fast = {"ping_seconds": 8 / FAST, "silence_seconds": 20 / FAST}
    # Two who are alone on a server each, of which one is killed and starts again.
    calm, killed = [
        await stack.enter_async_context(TunedServer(tmp_path / name, port=free_port(), **fast))
        for name in ("calm", "killed")
    ]
    pairs = [await lone(stack, script, server) for server in (calm, killed)]
    await killed.kill()
    await pairs[1].until(lambda: pairs[1].status["left"][-1] != "connected")
    await killed.wait()
    again = await stack.enter_async_context(TunedServer(tmp_path / "killed", port=killed.port, **fast))
    await pairs[1].until(lambda: pairs[1].status["left"][-1] == "connected")
    statuses = [list(pair.status["left"]) for pair in pairs]
    await pass_minutes(IDLE)
    assert [pair.status["left"] for pair in pairs] == statuses  # no reconnect, nor an attempt
    for server in (calm, again):
        assert await connections(server, 1)


async def lone(stack: AsyncExitStack, script: Path, server: TunedServer) -> StockPair:
    """A stock client, `left`, whose other half has gone."""
    pair = StockPair()
    await pair.open(script, server.url, "room", await server.secret())
    stack.push_async_callback(pair.close)
    await pair.do("right", connect=False)
    await pair.until(lambda: pair.status["right"][-1] == "disconnected")
    return pair


async def pass_minutes(minutes: int) -> None:
    """Lets time go by on the fast clock."""
    loop = asyncio.get_running_loop()
    begin = loop.time()
    for minute in range(1, minutes + 1):
        await until(lambda minute=minute: loop.time() > begin + minute * 60 / FAST)


@pytest.mark.slow
async def test_09_a_slow_reader_is_closed_and_nobody_else_notices(data: Path, stack: AsyncExitStack) -> None:
    queue, silence = 3 * 1024 * 1024, 300  # seconds; whoever is slow is to be closed for its queue
    # Without compaction, which would hold all 100 MB, deleted as they are: what is measured here is the queue.
    # Commits follow each other at once, because the writer waits for each.
    tuning = {
        "queue_bytes": queue,
        "closing_seconds": silence,
        "silence_seconds": silence,
        "snapshot_bytes": 2**30,
        "commit_seconds": 0.001,
    }
    server = await stack.enter_async_context(TunedServer(data, **tuning))
    ann, slow, quick = [await editor(stack, server, client) for client in (Client(), StockClient(), Client())]
    # Another server without a slow reader, turn about: whatever else the machine does, it does to both.
    usual = await stack.enter_async_context(TunedServer(data.with_name("usual"), **tuning))
    bob, _, _ = [await editor(stack, usual, client) for client in (Client(), StockClient(), Client())]
    loop = asyncio.get_running_loop()

    async def send(writer: Client, number: int, size: int = 100_000) -> float:
        begun = loop.time()
        writer.doc.get("values", type=Map)["latest"] = f"{number}:".ljust(size, "x")
        await writer.push()
        await writer.until_saved()
        return loop.time() - begun

    for writer in (ann, bob):
        await send(writer, 0)  # after which each server has loaded what it needs for large updates
    slow.socket.transport.pause_reading()
    before = server.memory
    times = [(await send(ann, number), await send(bob, number)) for number in range(400)]  # 40 MB each
    for number in range(240):  # which makes 100 MB
        await send(ann, number, 250_000)
    assert server.memory < before + 4 * queue
    assert await connections(server, 2)
    noticed, unnoticed = map(p99, zip(*times, strict=True))
    assert noticed < max(2 * unnoticed, 0.02)
    slow.socket.transport.resume_reading()
    assert (await slow.until_closed()).code == Close.SLOW_READER
    assert ann.closed is quick.closed is None
    assert slow.updates
    assert not Replica([*slow.steps, *slow.updates]).waits  # nothing is missing between what it has got
    again = await editor(stack, server, StockClient(slow.doc))
    await quick.until(lambda: same(quick, ann))
    assert same(again, ann)


def p99(times: Iterable[float]) -> float:
    """What all but one in a hundred stay below."""
    return statistics.quantiles(list(times), n=100)[-1]


async def test_12_visits_leave_nothing_behind(tmp_path: Path) -> None:
    report = await run_visits(tmp_path / "data", visits=400, rooms=50, seed=0)
    assert report.visits.total() >= 400
    assert len(report.visits) == 6  # every kind of visit
