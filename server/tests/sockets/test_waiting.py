"""Connections that wait to be let in: whoever says nothing keeps nobody out, with TLS and without."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import ssl
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest

from certificates import Files
from cowrite_server.figures import Figures
from cowrite_server.sockets import accepting
from cowrite_server.sockets.certificate import Certificate
from cowrite_server.sockets.open_files import Capacity
from cowrite_server.sockets.sockets import Sockets
from cowrite_server.sockets.waiting import Waiting
from cowrite_server.sockets.websocket import Socket
from cowrite_server.store.sqlite.store import SqliteStore
from helpers.stopwatch import within
from house import House, MakeHouse
from sync_clients import PATIENCE, Client, until

ELSEWHERE = "127.0.0.2"


class Line:
    """A TCP connection that says nothing of its own accord."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    @property
    def stands(self) -> bool:
        """Whether the server has not ended it."""
        return not self.reader.at_eof() and self.reader.exception() is None

    async def ended(self) -> bytes:
        """What the server says until it ends it."""
        async with asyncio.timeout(PATIENCE):
            return await self.reader.read()


@asynccontextmanager
async def lines(house: House, count: int, address: str = "127.0.0.1") -> AsyncIterator[list[Line]]:
    """Connections from one address."""
    opened: list[Line] = []
    try:
        for _ in range(count):
            where = {"local_addr": (address, 0)}
            opened.append(Line(*await asyncio.open_connection("127.0.0.1", house.server.port, **where)))
        yield opened
    finally:
        for line in opened:
            line.writer.close()


def refusals(house: House) -> dict[str, int]:
    """What the server has refused, by reason."""
    return dict(house.server._figures.refusals)


@pytest.fixture(params=["clear text", "TLS"])
async def tls(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, object]:
    """Settings with a certificate and without."""
    if request.param == "clear text":
        return {}
    files = Files(tmp_path)
    await files.renew()
    return {"tls_cert": files.cert, "tls_key": files.key}


def trust(settings: dict[str, object]) -> ssl.SSLContext | None:
    """A context that trusts the certificate of settings that have one."""
    cert = settings.get("tls_cert")
    return None if cert is None else ssl.create_default_context(cafile=str(cert))


@pytest.mark.parametrize("limit", ["waiting_clients", "server_clients"])
async def test_whoever_connects_and_says_nothing_keeps_nobody_out(
    make_house: MakeHouse, tls: dict[str, object], limit: str
) -> None:
    house = await make_house(**{limit: 3}, **tls)
    secret = await house.secret()
    async with lines(house, 7):
        await until(lambda: refusals(house) == {limit: 4})
        await until(lambda: house.server._sockets.count == 3)
        assert house.server.ready
        async with await Client().open(house.server.url, secret=secret, ssl=trust(tls)) as ann:
            await ann.until_synced()
        assert refusals(house)[limit] in (4, 5)  # Ann may be in before it is looked who gives way


async def test_the_one_that_was_silent_longest_gives_way_of_the_address_from_which_most_come(
    make_house: MakeHouse, tls: dict[str, object]
) -> None:
    house = await make_house(waiting_clients=4, **tls)
    async with lines(house, 1) as (slow,), lines(house, 3, ELSEWHERE) as many:
        await until(lambda: house.server._sockets.count == 4)
        async with lines(house, 5, ELSEWHERE) as more:
            for line in (*many, *more[:2]):
                assert await line.ended() == b""
            assert slow.stands
            assert all(line.stands for line in more[2:])


async def test_whoever_has_agreed_on_the_encryption_was_not_silent_before_that(
    make_house: MakeHouse, tmp_path: Path
) -> None:
    files = Files(tmp_path)
    context = await files.renew()
    house = await make_house(waiting_clients=3, tls_cert=files.cert, tls_key=files.key)
    async with lines(house, 1) as (slow,), lines(house, 2) as silent:
        await until(lambda: house.server._sockets.count == 3)
        await slow.writer.start_tls(context, server_hostname="127.0.0.1")
        await until(lambda: len(list(house.server._sockets)) == 1)
        async with lines(house, 2):
            for line in silent:
                assert await line.ended() == b""
            assert slow.stands


def gone_on_windows() -> OSError:
    """What Windows says of a connection that is reset before it is accepted."""
    error = OSError(errno.EINVAL, "The specified network name is no longer available")
    error.winerror = 64
    return error


def trouble_a_hundred_times(trouble: OSError, monkeypatch: pytest.MonkeyPatch) -> list[OSError]:
    """Has so many connections fail before one is accepted; gives what is still to come."""
    loop, troubles = asyncio.get_running_loop(), [trouble] * 100
    accept = loop.sock_accept

    async def accept_after_trouble(listening: socket.socket) -> tuple[socket.socket, object]:
        if troubles:
            raise troubles.pop()
        return await accept(listening)

    monkeypatch.setattr(loop, "sock_accept", accept_after_trouble)
    return troubles


@pytest.mark.parametrize(
    "trouble", [ConnectionAbortedError(), OSError(errno.EPROTO, "Protocol error"), gone_on_windows()]
)
async def test_a_client_that_is_gone_before_it_is_accepted_keeps_nobody_waiting(
    make_house: MakeHouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: OSError
) -> None:
    files = Files(tmp_path)
    context = await files.renew()
    trouble_a_hundred_times(trouble, monkeypatch)
    house = await make_house(tls_cert=files.cert, tls_key=files.key)
    async with await Client().open(house.server.url, secret=await house.secret(), ssl=context) as ann:
        await ann.until_synced()


async def test_where_the_system_lacks_what_a_connection_needs_the_log_says_so_once_a_minute_and_it_goes_on(
    make_house: MakeHouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    files = Files(tmp_path)
    context = await files.renew()
    loop, times = asyncio.get_running_loop(), [0.0, 1.0, 59.0, 60.5, 61.5]
    lacking, accept = len(times), loop.sock_accept
    lacks = OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    async def accept_later(listening: socket.socket) -> tuple[socket.socket, object]:
        nonlocal lacking
        if lacking:
            lacking -= 1
            raise lacks
        return await accept(listening)

    monkeypatch.setattr(accepting, "_AGAIN", 0)
    monkeypatch.setattr(accepting, "monotonic", iter(times).__next__)
    monkeypatch.setattr(loop, "sock_accept", accept_later)
    house = await make_house(tls_cert=files.cert, tls_key=files.key)
    async with await Client().open(house.server.url, secret=await house.secret(), ssl=context) as ann:
        await ann.until_synced()
    said = [each for each in caplog.messages if each.startswith("No connection can be accepted at the moment;")]
    assert (
        said == [f"No connection can be accepted at the moment; it is tried again each second ({lacks.strerror})."] * 2
    )
    caplog.clear()


async def test_without_tls_such_a_client_does_not_close_the_port_on_windows_either(
    make_house: MakeHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    troubles = trouble_a_hundred_times(gone_on_windows(), monkeypatch)
    monkeypatch.setattr(sys, "platform", "win32")
    house = await make_house()
    async with await Client().open(house.server.url, secret=await house.secret()) as ann:
        await ann.until_synced()
    assert troubles == []
    port = house.server.port
    await house.server.close()
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", port)


async def test_an_address_that_the_system_does_not_tell_ends_no_port(
    make_house: MakeHouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = Files(tmp_path)
    context = await files.renew()
    loop = asyncio.get_running_loop()
    accept = loop.sock_accept

    async def accept_unnamed(listening: socket.socket) -> tuple[socket.socket, object]:
        connection, _ = await accept(listening)
        return connection, None  # as macOS has it of one that has gone

    monkeypatch.setattr(loop, "sock_accept", accept_unnamed)
    house = await make_house(tls_cert=files.cert, tls_key=files.key)
    for _ in range(2):
        async with await Client().open(house.server.url, secret=await house.secret(), ssl=context) as ann:
            await ann.until_synced()


async def test_a_connection_that_comes_while_the_port_is_closed_is_closed_with_it(
    make_house: MakeHouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = Files(tmp_path)
    await files.renew()
    loop, accepted = asyncio.get_running_loop(), []
    accept = loop.sock_accept

    async def accept_and_close(listening: socket.socket) -> tuple[socket.socket, object]:
        found = await accept(listening)
        accepted.append(found[0])
        loop.call_soon(house.server._listener.close)  # between its being accepted and its being spoken with
        return found

    monkeypatch.setattr(loop, "sock_accept", accept_and_close)
    house = await make_house(tls_cert=files.cert, tls_key=files.key)
    async with lines(house, 1) as (line,):
        assert await line.ended() == b""
    [connection] = accepted
    assert connection.fileno() == -1


async def test_an_encryption_that_is_not_agreed_on_in_time_ends_the_connection_and_is_counted(
    make_house: MakeHouse, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    files = Files(tmp_path)
    context = await files.renew()
    house = await make_house(tls_cert=files.cert, tls_key=files.key, handshake_seconds=0.2)
    async with lines(house, 2) as (silent, half), lines(house, 1) as (clear,):
        half.writer.write(b"\x16\x03\x01")  # how a handshake begins
        clear.writer.write(b"GET / HTTP/1.1\r\n\r\n")
        await until(lambda: house.server._sockets.count == 2)
        async with within(3):
            for line in (silent, half, clear):
                assert await line.ended() == b""
    assert refusals(house) == {"handshake_seconds": 2}
    assert house.server._sockets.count == len(house.server._sockets._waiting) == 0
    ann = await Client().open(house.server.url, secret=await house.secret(), ssl=context)
    async with ann:
        await ann.until_synced()
    assert caplog.text == ""


async def test_between_any_two_who_agree_on_the_encryption_at_once_everybody_else_has_a_turn(
    make_house: MakeHouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = Files(tmp_path)
    context = await files.renew()
    greeted: list[int] = []
    turn = 0

    def count() -> None:
        nonlocal turn
        turn += 1
        loop.call_soon(count)

    choose = Certificate._choose

    def note(self: Certificate, connection: Any, name: str | None, served: ssl.SSLContext) -> None:
        greeted.append(turn)
        choose(self, connection, name, served)

    monkeypatch.setattr(Certificate, "_choose", note)
    house = await make_house(tls_cert=files.cert, tls_key=files.key)
    loop = asyncio.get_running_loop()
    hello = ssl.MemoryBIO()
    with suppress(ssl.SSLWantReadError):
        context.wrap_bio(ssl.MemoryBIO(), hello, server_hostname="localhost").do_handshake()
    words = hello.read()
    async with lines(house, 20) as many:
        await until(lambda: house.server._sockets.count == 20)
        for line in many:
            line.writer.write(words)
        loop.call_soon(count)
        await until(lambda: len(greeted) == 20)
        assert len(set(greeted)) == 20


async def test_a_server_that_ends_does_not_wait_for_those_who_say_nothing(
    make_house: MakeHouse, tls: dict[str, object]
) -> None:
    house = await make_house(drain_seconds=10 * PATIENCE, waiting_seconds=10 * PATIENCE, **tls)
    async with lines(house, 2) as silent:
        await until(lambda: house.server._sockets.count == 2)
        async with asyncio.timeout(PATIENCE):
            await house.stop()
        for line in silent:
            await line.ended()


async def test_those_on_whom_is_being_decided_give_way_to_nobody_and_the_server_is_not_ready(
    make_house: MakeHouse, tls: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    house = await make_house(waiting_clients=2, closing_seconds=30, **tls)
    secret = await house.secret()
    may_answer, join = asyncio.Event(), SqliteStore.join

    async def join_late(*details: Any) -> object:
        await may_answer.wait()
        return await join(*details)

    monkeypatch.setattr(SqliteStore, "join", join_late)
    ann, ben = [await Client().open(house.server.url, secret=secret, ssl=trust(tls)) for _ in range(2)]
    async with ann, ben:
        await until(lambda: not house.server.ready)
        async with lines(house, 1) as (late,):
            answer = await late.ended()
            if tls:  # for which an encryption would have to be agreed on first
                assert answer == b""
            else:
                assert answer.startswith(b"HTTP/1.1 503 ")
                assert b"waiting_clients" in answer
        assert refusals(house) == {"waiting_clients": 1}
        may_answer.set()
        for client in (ann, ben):
            await client.until_synced()
        await until(lambda: house.server.ready)


async def test_whoever_was_refused_and_does_not_go_gives_way(make_house: MakeHouse) -> None:
    house = await make_house(waiting_clients=1, closing_seconds=30)
    async with lines(house, 1) as (stranger,):
        stranger.writer.write(
            b"GET /room?key=guessed HTTP/1.1\r\nHost: here\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
        )
        await stranger.reader.readuntil(b"\r\n\r\n")
        await until(lambda: refusals(house) == {"not_invited": 1})
        ann = await house.client()
        await ann.write("let in")
        await ann.until_saved()


async def test_those_who_come_again_at_once_when_they_are_cut_are_cut_now_and_then() -> None:
    figures, cut = Figures(), []
    sockets = Sockets(Capacity(None, None), 3, figures)

    def come(number: int) -> None:
        assert sockets.knocked(cast("Socket", object()), "192.0.2.1", partial(cut.append, number))

    for number in range(12):
        come(number)
    assert cut == []
    come(12)
    assert cut == [0]  # there is an end to it
    await until(lambda: len(cut) == 10)
    assert cut == list(range(10))
    assert figures.refusals == {"waiting_clients": 10}


async def test_the_addresses_of_one_ipv6_network_count_as_one() -> None:
    sockets, cut = Sockets(Capacity(None, None), 3, Figures()), []
    for address in ("192.0.2.1", "2001:db8::1", "2001:db8::2", "2001:db8::3"):
        assert sockets.knocked(cast("Socket", object()), address, partial(cut.append, address))
    await until(lambda: cut)
    assert cut == ["2001:db8::1"]


async def test_where_few_open_files_are_left_a_newcomer_does_not_even_get_to_agree_on_its_encryption(
    caplog: pytest.LogCaptureFixture,
) -> None:
    sockets = Sockets(Capacity(most=1, crowded=2), 10, Figures())
    two, third = [cast("Socket", object()) for _ in range(2)], cast("Socket", object())
    for each in two:
        assert sockets.knocked(each, "192.0.2.1", pytest.fail)
        sockets.let_in(each)
    assert not sockets.knocked(third, "192.0.2.2", pytest.fail)
    assert "let it open more files" in caplog.text
    caplog.clear()


def test_of_nobody_who_waits_nobody_gives_way() -> None:
    assert not Waiting().give_way()
