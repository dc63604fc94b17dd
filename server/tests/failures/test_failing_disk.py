"""A disk that answers EIO, to a real server process: nothing is called saved that is not, and all of it comes back."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from commands import run_program
from cowrite_server.store.opening import sqlite_address
from cowrite_server.verifying import faults
from cowrite_server.wire.history import HistoryReason
from cowrite_server.wire.members import set_role_message
from cowrite_server.wire.protocol import Close, Role
from helpers.lacking import lacking
from server_process import COMMAND, TunedServer
from stores import opened
from sync_clients import Client, StockClient, until_true
from team import number_of, own
from visitors import editor, rows, visit

COMPILER = shutil.which("cc")
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a library stand before the system's")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library through which a process has its disk fail."""
    if COMPILER is None:
        lacking("there is no compiler for the library that fails: apt-get install g++")
    made = tmp_path_factory.mktemp("disk") / "failing_disk.so"
    source = Path(__file__).with_name("failing_disk.c")
    subprocess.run([COMPILER, "-shared", "-fPIC", "-o", made, source, "-ldl"], check=True)
    return made


@pytest.fixture
def disk(library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], object]:
    """Says what fails on the disk of the servers that are started: `write`, `sync`, `read`, or nothing."""
    order = tmp_path / "order"
    monkeypatch.setenv("LD_PRELOAD", str(library))
    monkeypatch.setenv("FAILING_DISK", str(order))
    order.touch()
    return order.write_text


@pytest.mark.parametrize("trouble", ["write", "sync"])
async def test_what_a_disk_does_not_write_is_not_called_saved_and_is_written_when_it_can_be(
    data: Path, stack: AsyncExitStack, disk: Callable[[str], object], trouble: str
) -> None:
    server = await stack.enter_async_context(TunedServer(data, fresh=True, retry_most_seconds=0.1))
    ann, ben = await editor(stack, server), await editor(stack, server, StockClient())
    for turn, parts in enumerate((10, 1)):
        for number in range(parts):
            await ann.write(f"<{turn}.{number}>".ljust(500_000, "x"))  # of ten the log comes into the database
            await ann.until_saved()
        disk(trouble)
        saved = ann.saved
        await ann.write(f"<meanwhile {turn}>")
        await ben.until(lambda: ben.text == ann.text)
        await until_true(lambda: ready(server, False))
        assert ann.saved == saved
        disk("")
        await ann.until_saved()
        await until_true(lambda: ready(server, True))
    assert "disk I/O error" in server.errors
    assert ann.closed is ben.closed is None
    await server.kill()
    async with opened(sqlite_address(data), serving=True) as store:
        assert [sentence async for sentence in faults(store)] == []
    again = await stack.enter_async_context(TunedServer(data))
    assert (await editor(stack, again)).text == ann.text


async def test_a_room_that_the_disk_does_not_read_is_left_as_it_is_and_comes_back(
    data: Path, stack: AsyncExitStack, disk: Callable[[str], object]
) -> None:
    async with TunedServer(data) as server:
        secret = await server.secret()
        ann = await visit(stack, server, Client(), secret)
        await ann.until_synced()
        await ann.write("precious" * 100_000)
        await ann.until_saved()
        await server.kill()
        await ann.until_closed()
    stored = rows(data)
    server = await stack.enter_async_context(TunedServer(data, fresh=True))
    disk("read")
    late = await visit(stack, server, Client(ann.doc), secret)
    assert (await late.until_closed()).code == Close.STORE_FAILED
    assert (await server.figures())["rooms"] == 0
    disk("")
    assert rows(data) == stored
    await until_true(lambda: ready(server, True))
    again = await visit(stack, server, Client(), secret)
    await again.until(lambda: again.text == ann.text)


async def test_members_come_in_to_read_while_the_disk_cannot_be_written_and_nobody_new_does(
    data: Path, stack: AsyncExitStack, disk: Callable[[str], object]
) -> None:
    server = await stack.enter_async_context(TunedServer(data, fresh=True, retry_most_seconds=0.1, unsaved_bytes=5000))
    reading, editing = await server.secret(Role.VIEWER), await server.secret()
    ann = await visit(stack, server, Client(), editing)
    await ann.write("text")
    await ann.until_saved()
    known = own("Otto")
    for first in (Client(), Client(member=known, name="Otto")):
        await (await visit(stack, server, first, reading)).until_synced()
    better = await server.secret()  # made later, it would give more
    disk("write")
    await ann.write("<meanwhile>")
    await until_true(lambda: ready(server, False))
    for client, secret in (
        (Client(), reading),
        (StockClient(), reading),
        (Client(member=known, name="Otto"), reading),
        (Client(member=known, name="Otto the Great"), reading),
        (Client(member=known), better),
    ):
        await visit(stack, server, client, secret)
        await client.until(lambda client=client: client.text == ann.text)
        assert client.hello is None or client.hello.role is Role.VIEWER
        assert client.hello is None or client.hello.name in (None, "Otto")
    for client, secret in ((Client(member=own("Eve"), name="Eve"), reading), (Client(), better)):
        closed = await (await visit(stack, server, client, secret)).until_closed()
        assert (closed.code, "nor let in anybody new" in closed.reason) == (Close.STORE_FAILED, True)
    assert await ann.restore(1) == HistoryReason.UNREADABLE
    await ann.write("x" * 5000)  # now so much is unsaved that nobody else may write
    again = await visit(stack, server, Client(member=known), reading)
    await again.until(lambda: again.text == ann.text)
    assert len((await again.moments()).moments) == 1  # as far as it is on disk
    closed = await (await visit(stack, server, Client(), editing)).until_closed()
    assert closed.code == Close.STORE_FAILED
    disk("")
    await ann.until_saved()
    renamed = await visit(stack, server, Client(member=known, name="Otto the Great"), better)
    await renamed.until_synced()
    assert renamed.hello is not None
    assert (renamed.hello.role, renamed.hello.name) == (Role.EDITOR, "Otto the Great")


async def test_a_full_disk_keeps_nobody_from_being_removed_or_given_a_lesser_role(
    data: Path, stack: AsyncExitStack, disk: Callable[[str], object]
) -> None:
    server = await stack.enter_async_context(TunedServer(data, fresh=True, retry_most_seconds=0.1))
    secrets = {role: await server.secret(role) for role in (Role.OWNER, Role.EDITOR)}
    ann, ben, cy = [
        await visit(stack, server, Client(member=own(name)), secrets[role])
        for name, role in (("Ann", Role.OWNER), ("Ben", Role.EDITOR), ("Cy", Role.EDITOR))
    ]
    for each in (ann, ben, cy):
        await each.until_synced()
    for _ in range(2):  # as often as need be
        disk("full")
        await ben.write("text")
        await until_true(lambda: ready(server, False))
        await ann.request(lambda request: set_role_message(request, number_of(cy), Role.VIEWER))
        await cy.until(lambda: cy.roles == [Role.VIEWER])
        assert not await ready(server, True)
        disk("")
        await ben.until_saved()
        await ann.request(lambda request: set_role_message(request, number_of(cy), Role.EDITOR))
        cy.roles.clear()
    disk("full")
    remove = [*COMMAND, "remove", "room", "--data", str(data)]
    done = await asyncio.to_thread(run_program, *remove, str(number_of(ben)))
    assert done == (0, f"Removed: {number_of(ben)}.\n", "")
    assert (await ben.until_closed()).code == Close.WITHDRAWN
    await server.kill()  # nor where no server runs, so that SQLite makes its files anew
    done = await asyncio.to_thread(run_program, *remove, str(number_of(cy)))
    assert done == (0, f"Removed: {number_of(cy)}.\n", "")


async def ready(server: TunedServer, expected: bool) -> bool:
    """Whether the server says that its disk works, or that it does not."""
    return (await server.figures())["ready"] is expected
