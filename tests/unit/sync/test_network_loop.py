"""Names are looked up beside the loop: slowly, once for all, and without keeping anybody from leaving."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from cowrite.sync import network_loop
from cowrite.sync.network_loop import NetworkLoop

ADDRESSES = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 80))]


class Resolver:
    """A system's resolver that answers when it is told to."""

    def __init__(self) -> None:
        self.asked = 0
        self.answering = threading.Event()
        self.error: Exception | None = None

    def __call__(self, *_wanted: Any) -> list[Any]:
        self.asked += 1
        assert self.answering.wait(20.0)
        if self.error is not None:
            raise self.error
        return ADDRESSES


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Resolver]:
    resolver = Resolver()
    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    monkeypatch.setattr(network_loop, "PATIENCE", 0.05)
    yield resolver
    resolver.answering.set()


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner(loop_factory=NetworkLoop) as runner:
        yield runner


async def look_up(name: str = "docs.example.org") -> Any:
    return await asyncio.get_running_loop().getaddrinfo(name, 80)


def test_a_name_that_is_found_too_late_for_one_attempt_is_there_for_the_next(
    runner: asyncio.Runner, resolver: Resolver, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(socket.gaierror):
        runner.run(look_up())
    monkeypatch.setattr(network_loop, "PATIENCE", 20.0)
    resolver.answering.set()
    assert runner.run(look_up()) == ADDRESSES
    assert resolver.asked == 1


def test_many_who_want_one_name_ask_once(
    runner: asyncio.Runner, resolver: Resolver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network_loop, "PATIENCE", 20.0)
    resolver.answering.set()

    async def many() -> list[Any]:
        return await asyncio.gather(*(look_up() for _ in range(50)))

    assert runner.run(many()) == [ADDRESSES] * 50
    assert resolver.asked == 1


def test_a_name_that_is_not_known_is_looked_up_again(
    runner: asyncio.Runner, resolver: Resolver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network_loop, "PATIENCE", 20.0)
    resolver.answering.set()
    resolver.error = socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    with pytest.raises(socket.gaierror, match="not known"):
        runner.run(look_up())
    resolver.error = None
    assert runner.run(look_up()) == ADDRESSES


def test_whoever_leaves_waits_for_no_name(resolver: Resolver) -> None:
    async def start() -> None:
        with pytest.raises(socket.gaierror):
            await look_up()
        await asyncio.get_running_loop().shutdown_default_executor()

    with asyncio.Runner(loop_factory=NetworkLoop) as runner:
        runner.run(start())  # and would wait here for the resolver's 20 seconds
    assert not resolver.answering.is_set()
    assert all(thread.daemon for thread in threading.enumerate() if thread.name.startswith("lookup of "))


def test_an_answer_that_comes_when_all_is_over_harms_nobody(resolver: Resolver) -> None:
    with asyncio.Runner(loop_factory=NetworkLoop) as runner, pytest.raises(socket.gaierror):
        runner.run(look_up())
    (thread,) = (thread for thread in threading.enumerate() if thread.name.startswith("lookup of "))
    resolver.answering.set()
    thread.join(20.0)
    assert not thread.is_alive()
