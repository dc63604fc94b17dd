"""SIGKILL while history is compacted and thinned: what is stored stays sound, and says the same."""

from __future__ import annotations

import asyncio
import random
import shutil
import sqlite3
from collections import Counter
from contextlib import AsyncExitStack, closing
from pathlib import Path

import pytest

from cowrite_server.history.history import History
from cowrite_server.rooms import compaction
from cowrite_server.rooms.compaction import Compactor
from cowrite_server.settings.settings import Settings
from cowrite_server.store.opening import sqlite_address
from cowrite_server.store.records import RoomRecord, Update
from cowrite_server.store.sqlite.database import FILE_NAME
from cowrite_server.store.sqlite.store import SqliteStore
from cowrite_server.store.store import Store
from cowrite_server.verifying import faults
from cowrite_server.wire.history import Naming, OpenedMoment
from server_process import TunedServer
from stores import opened
from sync_clients import until
from visitors import editor, write_until_cut
from writers import Body, Writers, body_of, document_of

STEPS, AT_ONCE, KILLS = 30, 10, 3
ENOUGH = 40
"""Updates that somebody has written when the server is killed."""


class Copies:
    """Copies a store's files before each statement: what a process leaves that is killed there, each state once."""

    def __init__(self, folder: Path, to: Path) -> None:
        self._folder = folder
        self._to = to
        self.folders: list[Path] = []
        self._last: dict[str, bytes] = {}

    def begin(self, connection: sqlite3.Connection) -> None:
        """From now on, for the statements of this connection."""
        connection.set_trace_callback(lambda statement: self._copy())

    def _copy(self) -> None:
        content = {path.name: path.read_bytes() for path in self._folder.iterdir() if path.is_file()}
        if content != self._last:  # a statement that reads, or writes what is not committed yet, changes no file
            self._last = content
            self.folders.append(self._to / str(len(self.folders)))
            shutil.copytree(self._folder, self.folders[-1])


async def test_a_kill_at_any_statement_of_compacting_and_thinning_leaves_all_of_history(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compaction, "_THINNED_AT_ONCE", AT_ONCE)
    writers = Writers(5)
    writers.write(STEPS)
    copies = Copies(tmp_path / "data", tmp_path / "copies")
    async with opened(sqlite_address(tmp_path / "data"), serving=True) as store:
        assert isinstance(store, SqliteStore)
        room = await store.ensure_room("room", 0)
        await store.commit([Update(room.id, entry.time, None, entry.data) for entry in writers.entries])
        compactor = Compactor(store, Settings(store="", history_fine_days=0), lambda: 10**13)
        await store.run(copies.begin)
        await compactor.compact(room)
    seen = set()
    for folder in copies.folders:
        async with opened(sqlite_address(folder), serving=True) as store:
            seen.add(await look_over(store, room, writers.saved))
    # Neither snapshot nor moments, both, and then fewer single entries, step by step.
    assert seen == {(False, 1), *((True, gone + 1) for gone in range(0, STEPS + 1, AT_ONCE))}


async def test_a_kill_at_any_statement_of_naming_leaves_the_names_from_before_or_from_after(tmp_path: Path) -> None:
    writers = Writers(5)
    writers.write(12)
    copies = Copies(tmp_path / "data", tmp_path / "copies")
    steps: list[dict[int, str]] = [{}]
    async with opened(sqlite_address(tmp_path / "data"), serving=True) as store:
        assert isinstance(store, SqliteStore)
        room = await store.ensure_room("room", 0)
        await store.commit([Update(room.id, entry.time, None, entry.data) for entry in writers.entries])
        await Compactor(store, Settings(store=""), lambda: 2_000_000).compact(room)
        await store.run(copies.begin)
        history = History(store)
        ends = {moment.seq for moment in (await history.moments(room)).moments}
        within = min(set(range(1, 13)) - ends)  # the moment that is stored has to be cut in two for it
        for seq, before, name in (
            (within, "", "one"),
            (12, "", "two"),
            (within, "one", "three"),
            (within, "three", ""),
        ):
            await history.name(room, Naming(seq, before, name), None, 5, 10)
            steps.append({at: text for at, text in {**steps[-1], seq: name}.items() if text})
    seen = []
    for folder in copies.folders:
        async with opened(sqlite_address(folder), serving=True) as store:
            await look_over(store, room, writers.saved)
            moments = (await History(store).moments(room)).moments
            seen.append({moment.seq: moment.name.text for moment in moments if moment.name is not None})
    assert [each for at, each in enumerate(seen) if each != seen[at - 1] or not at] == steps[:-1]


async def look_over(store: Store, room: RoomRecord, versions: list[Body]) -> tuple[bool, int]:
    """Makes sure that all is sound and that each moment is what it was; gives how far upkeep had come."""
    assert [sentence async for sentence in faults(store)] == []
    stored = await store.read_history(room.id)
    history = History(store)
    listed = (await history.moments(room)).moments
    assert listed[-1].seq == len(versions)
    for moment in listed[:: max(len(listed) // 4, 1)]:
        found = await history.open(room, moment.seq)
        assert isinstance(found, OpenedMoment)
        assert body_of(document_of(found.document)) == versions[moment.seq - 1]
    return stored.snapshot is not None, stored.fine_from


def is_thinned(data: Path) -> bool:
    """Whether single steps are gone from a store."""
    with closing(sqlite3.connect(data / FILE_NAME)) as connection:
        return connection.execute("SELECT min(seq) FROM updates").fetchone() != (1,)


async def test_a_server_that_is_killed_while_it_compacts_and_thins_under_load_loses_nothing(
    data: Path, stack: AsyncExitStack
) -> None:
    chance, loop = random.Random(7), asyncio.get_running_loop()
    acknowledged: list[str] = []
    upkeep = {"snapshot_bytes": 1024, "history_fine_days": 0, "sweep_seconds": 0.01}
    for kill in range(KILLS):
        async with TunedServer(data, **upkeep) as server:
            clients = [await editor(stack, server) for _ in range(2)]
            there = Counter(clients[0].text.replace("><", "> <").split())
            assert [word for word in acknowledged if there[word] != 1] == []
            writing = [
                asyncio.create_task(write_until_cut(client, f"{kill}.{number}"))
                for number, client in enumerate(clients)
            ]
            end = loop.time() + chance.uniform(0.1, 0.6)
            await until(lambda clients=clients, end=end: loop.time() > end and clients[0].saved > ENOUGH)
            if kill == KILLS - 1:
                await until(lambda: is_thinned(data))
            await server.kill()
            for client, words in zip(clients, await asyncio.gather(*writing), strict=True):
                await client.until_closed()
                acknowledged += words[: max(client.saved - 1, 0)]  # the first was the answer to step 1
        async with opened(sqlite_address(data), serving=True) as store:
            assert [sentence async for sentence in faults(store)] == []
    async with opened(sqlite_address(data), serving=True) as store:
        [room] = await store.list_rooms()
        assert (await store.read_history(room.id)).fine_from > 1  # it had come to both
    assert len(acknowledged) >= KILLS * ENOUGH
