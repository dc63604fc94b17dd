"""The transport over real sockets, against a server of a few lines and a network that fails on demand."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from random import Random

import pytest
from websockets.asyncio.client import ClientConnection
from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from cowrite.sync import transport as transport_module
from cowrite.sync.connection import Connection
from cowrite.sync.link import Link
from cowrite.sync.transport import Transport
from cowrite.sync.transport_events import Closed, Drained, Opened, Received
from cowrite_server.wire.protocol import Close
from helpers.processes import free_port
from helpers.stopwatch import Stopwatch
from helpers.transports import WAIT, Listener, echo, listen, port_of, proxied, running, serving


async def test_messages_go_to_the_server_and_come_back() -> None:
    async with serving(echo) as server, running(port_of(server)) as (transport, listener):
        opened = await listener.next(Opened)
        transport.send(opened.connection, b"hello")
        assert (await listener.next(Received)).message == b"hello"


async def test_the_server_sees_the_room_the_secret_the_subprotocol_and_the_epoch() -> None:
    seen: asyncio.Queue[ServerConnection] = asyncio.Queue()

    async def handler(connection: ServerConnection) -> None:
        seen.put_nowait(connection)
        await connection.wait_closed()

    async with serving(handler) as server, running(port_of(server), epoch="e 1&") as _:
        async with asyncio.timeout(WAIT):
            connection = await seen.get()
        assert connection.request is not None
        assert connection.request.path == "/room?epoch=e+1%26"
        assert connection.request.headers["Authorization"] == "Bearer key"
        assert connection.subprotocol == "cowrite.v1"


async def test_an_epoch_learned_later_is_named_in_the_next_attempt() -> None:
    seen: asyncio.Queue[str] = asyncio.Queue()

    async def handler(connection: ServerConnection) -> None:
        assert connection.request is not None
        seen.put_nowait(connection.request.path)
        await connection.wait_closed()

    async with serving(handler) as server, running(port_of(server)) as (transport, listener):
        opened = await listener.next(Opened)
        transport.use_epoch("e1")
        transport.drop(opened.connection, "Again.")
        await listener.next(Opened)
        async with asyncio.timeout(WAIT):
            assert [await seen.get(), await seen.get()] == ["/room", "/room?epoch=e1"]


async def test_it_tells_when_everything_is_with_the_network() -> None:
    async with serving(listen) as server, running(port_of(server)) as (transport, listener):
        opened = await listener.next(Opened)
        transport.send(opened.connection, b"x" * 100_000)
        transport.send(opened.connection, b"y")
        assert await listener.next(Drained) == Drained(opened.connection)


async def test_a_message_meant_for_an_earlier_connection_never_reaches_a_later_one() -> None:
    async with serving(echo) as server, running(port_of(server)) as (transport, listener):
        first = await listener.next(Opened)
        transport.drop(first.connection, "Again.")
        second = await listener.next(Opened)
        transport.send(first.connection, b"old")
        transport.send(second.connection, b"new")
        assert (await listener.next(Received)).message == b"new"


async def test_it_connects_again_when_the_server_is_back() -> None:
    port = free_port()  # of which nobody else makes use until the server is back
    async with serving(echo, port) as server, running(port) as (transport, listener):
        await listener.next(Opened)
        server.close()
        closed = await listener.next(Closed)
        assert (closed.code, closed.final) == (Close.SHUTTING_DOWN, False)
        await server.wait_closed()
        refused = await listener.next(Closed)
        assert refused.reason == f"Nothing answers at 127.0.0.1:{port}; check that the server is running."
        async with serving(echo, port):
            transport.retry_now()
            await listener.next(Opened)


async def test_it_connects_again_after_a_cut() -> None:
    async with proxied(echo) as proxy, running(proxy.port) as (_, listener):
        await listener.next(Opened)
        proxy.reset()
        closed = await listener.next(Closed)
        assert (closed.code, closed.reason) == (None, "The connection to the server was lost.")
        await listener.next(Opened)


async def test_an_idle_link_on_which_packets_vanish_is_noticed_within_5_seconds() -> None:
    async with proxied(echo) as proxy, running(proxy.port) as (_, listener):
        await listener.next(Opened)
        watch = Stopwatch()
        proxy.blackhole()
        closed = await listener.next(Closed)
        assert watch.seconds < 15  # to write so much to a link that takes nothing would never end
        assert closed.reason == "The connection to the server went silent."
        assert not closed.final
        proxy.restore()
        await listener.next(Opened)


async def test_a_link_that_dies_under_a_large_message_is_noticed_as_soon() -> None:
    async with proxied(echo) as proxy, running(proxy.port) as (transport, listener):
        opened = await listener.next(Opened)
        proxy.blackhole()
        watch = Stopwatch()
        transport.send(opened.connection, b"x" * 30_000_000)
        assert (await listener.next(Closed)).reason == "The connection to the server went silent."
        assert watch.seconds < 5.5


async def test_a_link_that_is_merely_idle_or_slow_stays_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """With everything twelve times as fast: 100 looks are 25 s of the real thing."""
    monkeypatch.setattr(transport_module, "CHECK", 0.02)
    async with proxied(echo) as proxy:
        proxy.delay = 0.05
        async with running(proxy.port) as (transport, listener):
            opened = await listener.next(Opened)
            looks = asyncio.Event()
            asyncio.get_running_loop().call_later(2.0, looks.set)
            await looks.wait()
            transport.send(opened.connection, b"still here")
            assert (await listener.next(Received)).message == b"still here"
            assert not [event for event in listener.events if isinstance(event, Closed)]


async def test_a_large_message_on_a_slow_link_is_not_mistaken_for_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport_module, "CHECK", 0.02)
    async with proxied(echo) as proxy:
        proxy.delay = 0.03  # 16 chunks of 16 KiB in 30 ms: the message takes about a second each way
        async with running(proxy.port) as (transport, listener):
            opened = await listener.next(Opened)
            message = bytes(8_000_000)
            transport.send(opened.connection, message)
            assert len((await listener.next(Received)).message) == len(message)
            assert not [event for event in listener.events if isinstance(event, Closed)]


@asynccontextmanager
async def trickling(rate: int) -> AsyncIterator[tuple[int, asyncio.Queue[bytes]]]:
    """A server that reads so many bytes a second, be it messages or signs of life; its port, and the messages."""
    messages: asyncio.Queue[bytes] = asyncio.Queue()

    async def handler(connection: ServerConnection) -> None:
        with contextlib.suppress(ConnectionClosed):
            async for message in connection:
                messages.put_nowait(message)

    async with proxied(handler) as proxy:
        proxy.rate = rate
        yield proxy.port, messages


async def test_what_is_large_arrives_on_a_link_too_slow_to_show_signs_of_life_beside_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(transport_module, "CHECK", 0.02)  # without a sign of life for 0.36 s a link is dead
    async with trickling(200_000) as (port, messages), running(port) as (transport, listener):
        arrived = asyncio.create_task(messages.get())
        while not arrived.done():  # as a whole picture is sent anew on each connection
            event = asyncio.create_task(listener.next(Opened))
            async with asyncio.timeout(WAIT):
                await asyncio.wait((arrived, event), return_when=asyncio.FIRST_COMPLETED)
            if event.done():
                assert event.result().connection < 8
                transport.send(event.result().connection, bytes(600_000))
            event.cancel()
        assert await arrived == bytes(600_000)


async def test_a_slow_network_is_silent_no_longer_than_others_while_little_is_on_its_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(transport_module, "CHECK", 0.02)
    pings: asyncio.Queue[Awaitable[float]] = asyncio.Queue()
    ping = Connection.ping

    async def noted(connection: ClientConnection) -> Awaitable[float]:
        pings.put_nowait(answer := await ping(connection))
        return answer

    monkeypatch.setattr(Connection, "ping", noted)
    async with proxied(echo) as proxy, running(proxy.port) as (transport, listener):
        transport._patience = 1000
        opened = await listener.next(Opened)
        transport.send(opened.connection, bytes(500_000))
        await listener.next(Received)
        while not pings.empty():
            pings.get_nowait()
        await (await pings.get())  # one behind what was sent is answered
        await pings.get()  # which was seen before the next one
        proxy.blackhole()
        transport.send(opened.connection, b"a keystroke")
        watch = Stopwatch()
        await listener.next(Closed)
        assert watch.seconds < 5


@pytest.mark.parametrize("close", [close for close in Close if close.final])
async def test_after_a_final_close_it_waits_until_someone_asks(close: Close) -> None:
    connections = 0

    async def handler(connection: ServerConnection) -> None:
        nonlocal connections
        connections += 1
        await connection.close(close)

    async with serving(handler) as server, running(port_of(server)) as (transport, listener):
        closed = await listener.next(Closed)
        assert closed == Closed(1, close, close.sentence, True)
        assert connections == 1
        transport.retry_now()
        assert (await listener.next(Closed)).connection == 2


@pytest.mark.parametrize("close", [close for close in Close if not close.final and not close.rest])
async def test_after_any_other_close_it_connects_again_by_itself(close: Close) -> None:
    async def handler(connection: ServerConnection) -> None:
        await connection.close(close)

    async with serving(handler) as server, running(port_of(server)) as (_, listener):
        assert (await listener.next(Closed)).reason == close.sentence
        assert (await listener.next(Closed)).connection == 2


class NoPatience(Random):
    """Chance that always draws nothing, and keeps what it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[float, float]] = []

    def uniform(self, a: float, b: float) -> float:
        self.asked.append((a, b))
        return 0.0


async def test_a_server_to_which_too_much_was_sent_is_left_alone_for_half_a_minute_at_least() -> None:
    async def handler(connection: ServerConnection) -> None:
        await connection.close(Close.TOO_MUCH if not chance.asked else Close.SHUTTING_DOWN)

    chance = NoPatience()
    async with serving(handler) as server, running(port_of(server), chance=chance) as (_, listener):
        assert (await listener.next(Closed)).code == Close.TOO_MUCH
        assert (await listener.next(Closed)).code == Close.SHUTTING_DOWN
        await listener.next(Closed)
    assert chance.asked[:2] == [(30.0, 60.0), (0.0, 0.5)]


async def test_whoever_clicks_need_not_wait_until_the_server_has_rested() -> None:
    async def handler(connection: ServerConnection) -> None:
        await connection.close(Close.TOO_MUCH)

    async with serving(handler) as server, running(port_of(server)) as (transport, listener):
        await listener.next(Closed)
        transport.retry_now()
        assert (await listener.next(Closed)).connection == 2


async def test_halt_ends_a_connection_until_someone_asks() -> None:
    async with serving(echo) as server, running(port_of(server)) as (transport, listener):
        opened = await listener.next(Opened)
        transport.halt(opened.connection, Close.EPOCH_CHANGED, "Another document.")
        assert await listener.next(Closed) == Closed(1, Close.EPOCH_CHANGED, "Another document.", True)
        transport.retry_now()
        assert (await listener.next(Opened)).connection == 2


async def test_what_waits_to_be_sent_is_bounded_and_the_connection_made_anew_instead() -> None:
    async with proxied(listen) as proxy, running(proxy.port) as (transport, listener):
        opened = await listener.next(Opened)
        proxy.blackhole()
        for _ in range(12):
            transport.send(opened.connection, bytes(1_000_000))
        closed = await listener.next(Closed)
        assert closed.reason.startswith("The network is too slow")
        assert not closed.final
        proxy.restore()
        await listener.next(Opened)


async def test_no_more_is_read_while_much_waits_to_be_taken_in_and_the_link_stays() -> None:
    stuck = asyncio.Event()

    async def flood(connection: ServerConnection) -> None:
        with contextlib.suppress(ConnectionClosed):
            for _ in range(100):
                try:
                    async with asyncio.timeout(1):
                        await connection.send(bytes(1_000_000))
                except TimeoutError:
                    stuck.set()
            await connection.send(b"behind")
            await connection.wait_closed()

    async with serving(flood) as server, running(port_of(server)) as (_, listener):
        async with asyncio.timeout(WAIT):
            await stuck.wait()
        assert len(listener.events) < 50
        while (await listener.next(Received)).message != b"behind":
            pass
        assert not [event for event in listener.events if isinstance(event, Closed)]


async def test_one_message_may_be_larger_than_the_queue_and_others_wait_before_and_behind_it() -> None:
    async with serving(echo) as server, running(port_of(server)) as (transport, listener):
        opened = await listener.next(Opened)
        for size in (1, 20_000_000, 2):
            transport.send(opened.connection, bytes(size))
        for size in (1, 20_000_000, 2):
            assert len((await listener.next(Received)).message) == size


async def test_closing_sends_what_is_queued_first() -> None:
    heard: asyncio.Queue[str | bytes] = asyncio.Queue()

    async def handler(connection: ServerConnection) -> None:
        async for message in connection:
            heard.put_nowait(message)

    async with serving(handler) as server:
        async with running(port_of(server)) as (transport, listener):
            opened = await listener.next(Opened)
            transport.send(opened.connection, b"goodbye")
        async with asyncio.timeout(WAIT):
            assert await heard.get() == b"goodbye"


async def test_closing_does_not_wait_for_a_server_that_does_not_answer() -> None:
    async with proxied(echo) as proxy:
        proxy.blackhole()
        watch = Stopwatch()
        async with running(proxy.port) as (_, listener):
            pass
        assert watch.seconds < 2
        assert listener.events == []


async def test_a_connection_that_opens_as_one_closes_does_not_stay() -> None:
    class ClosedAsItOpens(Transport):
        async def _open(self) -> Connection:
            connection = await super()._open()
            closings.append(asyncio.create_task(self.close()))  # its turn comes before that of who waits for this one
            return connection

    closings: list[asyncio.Task[None]] = []
    listener = Listener()
    async with serving(listen) as server:
        transport = ClosedAsItOpens(Link("127.0.0.1", port_of(server), "room", "key"), listener, random=Random(1))
        async with asyncio.timeout(WAIT):
            await transport.run()
        await asyncio.gather(*closings)
    assert listener.events == []


async def test_text_frames_are_passed_over() -> None:
    async def handler(connection: ServerConnection) -> None:
        await connection.send("not for us")
        await connection.send(b"for us")
        await connection.wait_closed()

    async with serving(handler) as server, running(port_of(server)) as (_, listener):
        assert (await listener.next(Received)).message == b"for us"
