"""The thread of an SQLite store, when its disk does nothing for a while."""

from __future__ import annotations

import asyncio
import gc
import sqlite3
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cowrite_server.store.member_records import Arrival
from cowrite_server.store.opening import sqlite_address
from cowrite_server.store.records import Update, hash_secret
from cowrite_server.store.sqlite import log as sqlite_log
from cowrite_server.store.sqlite.store import SqliteStore
from cowrite_server.wire.members import InviteWish
from cowrite_server.wire.protocol import Role
from stores import opened

KEY, OWN = hash_secret("key"), hash_secret("own")


class Disk:
    """What a store's thread waits for until it goes on."""

    def __init__(self) -> None:
        self._goes_on = threading.Event()
        self._begun = threading.Event()

    async def hang(self, store: SqliteStore) -> asyncio.Task[None]:
        """Has the thread wait; gives what ends when it goes on."""
        waiting = asyncio.create_task(store._thread.run(self._wait))
        await asyncio.to_thread(self._begun.wait)
        return waiting

    def go_on(self) -> None:
        self._goes_on.set()

    def _wait(self) -> None:
        self._begun.set()
        self._goes_on.wait()


@pytest.fixture
async def disk() -> AsyncIterator[Disk]:
    disk = Disk()
    yield disk
    disk.go_on()


async def given_up(store: SqliteStore, asked: asyncio.Task[object]) -> None:
    """Whoever asked has gone before the disk did anything."""
    await asyncio.sleep(0)
    asked.cancel()
    await asyncio.wait([asked])


async def test_who_is_turned_away_while_the_disk_hangs_takes_nobodys_place(tmp_path: Path, disk: Disk) -> None:
    store = await SqliteStore.open(tmp_path)
    room = await store.ensure_room("room", 1)
    await store.add_invite(room.id, InviteWish(Role.EDITOR, uses=1), KEY, 2)
    hanging = await disk.hang(store)
    await given_up(store, asyncio.create_task(store.join(Arrival("room", KEY, OWN), 3)))
    disk.go_on()
    await hanging
    (invite,) = await store.list_invites("room")
    assert invite.used == 0
    await store.close()


async def test_what_was_given_to_be_written_is_written_though_a_server_ends_meanwhile(
    tmp_path: Path, disk: Disk
) -> None:
    store = await SqliteStore.open(tmp_path)
    room = await store.ensure_room("room", 1)
    hanging = await disk.hang(store)
    await given_up(store, asyncio.create_task(store.commit([Update(room.id, 2, None, b"last words")])))
    disk.go_on()
    await hanging
    await store.close()
    async with opened(sqlite_address(tmp_path)) as again:
        assert [entry.data for entry in await again.read_after(room.id, 0)] == [b"last words"]


async def test_a_write_that_fails_when_nobody_waits_for_it_any_more_is_no_surprise(
    tmp_path: Path, disk: Disk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise sqlite3.OperationalError("database is locked")

    store = await SqliteStore.open(tmp_path)
    monkeypatch.setattr(sqlite_log, "write", fail)
    hanging = await disk.hang(store)
    await given_up(store, asyncio.create_task(store.commit([])))
    disk.go_on()
    await hanging
    await store.close()
    gc.collect()  # of a task whose error nobody has heard asyncio tells then
    assert caplog.text == ""


async def test_a_store_lets_go_of_its_folder_though_nobody_waits_for_that(tmp_path: Path, disk: Disk) -> None:
    store = await SqliteStore.open(tmp_path, serving=True)
    (thread,) = [each for each in threading.enumerate() if each.name == "cowrite-store"]
    assert thread.daemon  # or a process would wait for it, and so for the disk
    await disk.hang(store)
    await given_up(store, asyncio.create_task(store.close()))
    disk.go_on()
    await asyncio.to_thread(thread.join, 10)
    assert not thread.is_alive()
    again = await SqliteStore.open(tmp_path, serving=True)
    await again.close()
