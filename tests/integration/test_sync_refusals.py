"""Whoever answers in the place of a server, and whom the transport trusts: said in a sentence, over real sockets."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from cowrite.sync import transport as transport_module
from cowrite.sync.transport_events import Closed, Opened, Received
from helpers.fault_proxy import FaultProxy
from helpers.lacking import lacking
from helpers.transports import echo, port_of, running, serving


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
        (
            "431 Request Header Fields Too Large",
            "The link is longer than {} accepts; ask whoever gave it to you for another one.",
        ),
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
            assert "sign in" in (await listener.next(Closed)).reason


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
        lacking("openssl is not installed, so there is no certificate to try: apt-get install openssl")
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


async def test_a_large_message_behind_tls_on_a_slow_link_is_not_mistaken_for_silence(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport_module, "CHECK", 0.02)  # without a sign of life for 0.36 s a link is dead
    async with serving(echo, tls=server_tls(certificate)) as server, FaultProxy("127.0.0.1", port_of(server)) as proxy:
        proxy.delay = 0.03
        extra = certificate / "cert.pem"
        async with running(proxy.port, host="localhost", tls=True, extra_ca=extra) as (transport, listener):
            opened = await listener.next(Opened)
            message = bytes(8_000_000)
            transport.send(opened.connection, message)
            assert len((await listener.next(Received)).message) == len(message)
            assert not [event for event in listener.events if isinstance(event, Closed)]


async def test_a_certificate_that_nobody_vouches_for_is_not_trusted(certificate: Path) -> None:
    tls = server_tls(certificate)
    async with serving(echo, tls=tls) as server, running(port_of(server), tls=True) as (_, listener):
        assert "does not trust the certificate" in (await listener.next(Closed)).reason


async def test_certificates_of_this_computer_that_cannot_be_read_are_said_and_read_again(
    certificate: Path, tmp_path: Path
) -> None:
    trusted = tmp_path / "trusted.pem"
    trusted.write_text("no certificate")
    async with (
        serving(echo, tls=server_tls(certificate)) as server,
        running(port_of(server), host="localhost", tls=True, extra_ca=trusted) as (transport, listener),
    ):
        reason = (await listener.next(Closed)).reason
        assert reason.startswith("The certificates that this computer trusts cannot be read: ")
        shutil.copyfile(certificate / "cert.pem", trusted)
        transport.retry_now()
        await listener.next(Opened)
