"""The transport over real sockets, against a server of a few lines and a network that fails on demand."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import ssl
import subprocess
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from typing import TypeVar

import pytest
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from cowrite.sync import transport as transport_module
from cowrite.sync.link import Link
from cowrite.sync.transport import Closed, Drained, Opened, Received, Transport, TransportEvent
from cowrite_server.protocol import Close
from helpers.fault_proxy import FaultProxy

E = TypeVar("E", bound=TransportEvent)
Handler = Callable[[ServerConnection], Awaitable[None]]

WAIT = 20.0  # seconds until a test gives up on an event


async def echo(connection: ServerConnection) -> None:
    """Sends everything back."""
    try:
        async for message in connection:
            await connection.send(message)
    except ConnectionClosed:
        pass


async def listen(connection: ServerConnection) -> None:
    """Takes everything in and says nothing."""
    await connection.wait_closed()


class Listener:
    """Collects a transport's events and lets a test wait for one."""

    def __init__(self) -> None:
        self.events: list[TransportEvent] = []
        self._queue: asyncio.Queue[TransportEvent] = asyncio.Queue()

    def __call__(self, event: TransportEvent) -> None:
        self.events.append(event)
        self._queue.put_nowait(event)

    async def next(self, kind: type[E]) -> E:
        """The next event of this kind; others before it are passed over."""
        async with asyncio.timeout(WAIT):
            while True:
                event = await self._queue.get()
                if isinstance(event, kind):
                    return event


@asynccontextmanager
async def serving(handler: Handler, port: int = 0, tls: ssl.SSLContext | None = None) -> AsyncIterator[Server]:
    async with serve(
        handler, "127.0.0.1", port, subprotocols=[Subprotocol("cowrite.v1")], max_size=None, ssl=tls, close_timeout=0.2
    ) as server:
        yield server


@asynccontextmanager
async def proxied(handler: Handler) -> AsyncIterator[FaultProxy]:
    """A server behind a network that fails on demand."""
    async with serving(handler) as server, FaultProxy("127.0.0.1", port_of(server)) as proxy:
        yield proxy


def port_of(server: Server) -> int:
    return int(next(iter(server.sockets)).getsockname()[1])


@asynccontextmanager
async def running(
    port: int,
    *,
    host: str = "127.0.0.1",
    secret: str = "key",
    tls: bool = False,
    epoch: str | None = None,
    extra_ca: Path | None = None,
) -> AsyncIterator[tuple[Transport, Listener]]:
    listener = Listener()
    link = Link(host, port, "room", secret, tls)
    transport = Transport(link, listener, random=Random(1), epoch=epoch, extra_ca=extra_ca)
    task = asyncio.create_task(transport.run())
    try:
        yield transport, listener
    finally:
        async with asyncio.timeout(WAIT):
            await transport.close()
            await task


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
    async with serving(echo) as server:
        port = port_of(server)
        async with running(port) as (transport, listener):
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
        began = time.monotonic()
        proxy.blackhole()
        closed = await listener.next(Closed)
        assert time.monotonic() - began < 5.5
        assert closed.reason == "The connection to the server went silent."
        assert not closed.final
        proxy.restore()
        await listener.next(Opened)


async def test_a_link_that_dies_under_a_large_message_is_noticed_as_soon() -> None:
    async with proxied(echo) as proxy, running(proxy.port) as (transport, listener):
        opened = await listener.next(Opened)
        proxy.blackhole()
        began = time.monotonic()
        transport.send(opened.connection, b"x" * 30_000_000)
        assert (await listener.next(Closed)).reason == "The connection to the server went silent."
        assert time.monotonic() - began < 5.5


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
    async with proxied(echo) as proxy, running(proxy.port) as (transport, listener):
        transport._patience = 1000
        opened = await listener.next(Opened)
        transport.send(opened.connection, bytes(500_000))
        await listener.next(Received)
        await asyncio.sleep(3 * transport_module.PING_CHECKS * transport_module.CHECK)  # a ping behind it is answered
        proxy.blackhole()
        transport.send(opened.connection, b"a keystroke")
        begun = time.monotonic()
        await listener.next(Closed)
        assert time.monotonic() - begun < 5


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


@pytest.mark.parametrize("close", [close for close in Close if not close.final])
async def test_after_any_other_close_it_connects_again_by_itself(close: Close) -> None:
    async def handler(connection: ServerConnection) -> None:
        await connection.close(close)

    async with serving(handler) as server, running(port_of(server)) as (_, listener):
        assert (await listener.next(Closed)).reason == close.sentence
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
        began = time.monotonic()
        async with running(proxy.port) as (_, listener):
            pass
        assert time.monotonic() - began < 2
        assert listener.events == []


async def test_text_frames_are_passed_over() -> None:
    async def handler(connection: ServerConnection) -> None:
        await connection.send("not for us")
        await connection.send(b"for us")
        await connection.wait_closed()

    async with serving(handler) as server, running(port_of(server)) as (_, listener):
        assert (await listener.next(Received)).message == b"for us"


async def test_an_unknown_name_is_said_in_a_sentence() -> None:
    async with running(80, host="no-such-host.invalid") as (_, listener):
        assert "no-such-host.invalid" in (await listener.next(Closed)).reason


async def test_something_else_that_answers_is_said_in_a_sentence() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(b"SSH-2.0-OpenSSH_9.6\r\n")
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        async with running(port) as (_, listener):
            assert (await listener.next(Closed)).reason == f"What answers at 127.0.0.1:{port} is not a cowrite server."


@asynccontextmanager
async def answering(answer: bytes, tls: ssl.SSLContext | None = None) -> AsyncIterator[tuple[int, list[bytes]]]:
    """A server that gives each request one answer; its port, and the requests."""
    requests: list[bytes] = []

    async def serve_one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        requests.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(answer)
        writer.close()

    server = await asyncio.start_server(serve_one, "127.0.0.1", 0, ssl=tls)
    async with server:
        yield server.sockets[0].getsockname()[1], requests


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("404 Not Found", "{} answers with HTTP status 404 and not as a cowrite server does."),
        ("502 Bad Gateway", "The server at {} is away or has too much to do (HTTP status 502)."),
        ("503 Service Unavailable", "The server at {} is away or has too much to do (HTTP status 503)."),
    ],
)
async def test_a_web_server_that_answers_is_said_with_its_status(status: str, said: str) -> None:
    async with (
        answering(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode()) as (port, _),
        running(port) as (
            _,
            listener,
        ),
    ):
        closed = await listener.next(Closed)
        assert closed.reason == said.format(f"127.0.0.1:{port}")
        assert not closed.final


@pytest.mark.parametrize(
    "head",
    [
        "200 OK\r\nContent-Type: text/html",
        "511 Network Authentication Required",
        "302 Found\r\nLocation: http://portal.example/login",
        "302 Found\r\nLocation: /login",
        "302 Found\r\nLocation: http://[login",
    ],
)
async def test_a_page_on_which_to_sign_in_is_said_and_tried_past_until_it_is_gone(head: str) -> None:
    async with (
        answering(f"HTTP/1.1 {head}\r\nContent-Length: 0\r\n\r\n".encode()) as (port, _),
        running(port) as (
            _,
            listener,
        ),
    ):
        for _ in range(2):
            assert "a sign-in" in (await listener.next(Closed)).reason


async def test_whoever_redirects_does_not_get_a_person_s_secret_sent_elsewhere(certificate: Path) -> None:
    tls = server_tls(certificate)
    async with answering(b"", tls) as (elsewhere, requests):
        location = f"Location: wss://localhost:{elsewhere}/room".encode()
        answer = b"HTTP/1.1 301 Moved Permanently\r\n" + location + b"\r\nContent-Length: 0\r\n\r\n"
        async with (
            answering(answer, tls) as (port, asked),
            running(port, host="localhost", tls=True, extra_ca=certificate / "cert.pem") as (_, listener),
        ):
            await listener.next(Closed)
            await listener.next(Closed)
    assert asked
    assert not requests


async def test_a_server_that_ends_connections_without_a_word_is_not_called_another_program() -> None:
    async with answering(b"") as (port, _), running(port) as (_, listener):
        assert (await listener.next(Closed)).reason == f"127.0.0.1:{port} ends the connection without an answer."


def _set_proxy(monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    monkeypatch.setenv("ws_proxy", proxy)
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    "proxy", ["http://[proxy", "http://127.0.0.1:port", "http://127.0.0.1:99999", "proxy", "ftp://proxy"]
)
async def test_a_proxy_whose_address_is_none_is_said_and_connecting_goes_on(
    proxy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _set_proxy(monkeypatch, proxy)
    async with running(8765, host="docs.example.org") as (_, listener):
        for _ in range(2):
            assert "proxy could not be used" in (await listener.next(Closed)).reason


async def test_a_proxy_that_is_not_there_is_named_and_the_server_is_not_blamed(
    monkeypatch: pytest.MonkeyPatch, unused_tcp_port: int
) -> None:
    _set_proxy(monkeypatch, f"http://ada:secret@127.0.0.1:{unused_tcp_port}")
    async with running(8765, host="docs.example.org") as (_, listener):
        assert (await listener.next(Closed)).reason == (
            f"docs.example.org:8765 cannot be reached by way of the proxy 127.0.0.1:{unused_tcp_port}; "
            "check the network and the proxy settings."
        )


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost that only itself vouches for, with its key, in one PEM file."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("needs the openssl command to make a certificate")
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        [
            *(openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"),
            *("-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"),
            *("-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")),
        ],
        check=True,
        capture_output=True,
    )
    return folder


def server_tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    return context


async def test_an_extra_authority_is_trusted_beside_the_systems(certificate: Path) -> None:
    async with serving(echo, tls=server_tls(certificate)) as server:
        extra = certificate / "cert.pem"
        async with running(port_of(server), host="localhost", tls=True, extra_ca=extra) as (transport, listener):
            opened = await listener.next(Opened)
            transport.send(opened.connection, b"secret")
            assert (await listener.next(Received)).message == b"secret"


async def test_a_certificate_that_nobody_vouches_for_is_not_trusted(certificate: Path) -> None:
    tls = server_tls(certificate)
    async with serving(echo, tls=tls) as server, running(port_of(server), tls=True) as (_, listener):
        assert "does not trust the certificate" in (await listener.next(Closed)).reason
