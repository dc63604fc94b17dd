"""Data of other versions and damaged data: brought up to date or refused, never begun anew."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from pycrdt import Doc, Text

from cowrite_server.audit import room_restored
from cowrite_server.errors import DamagedData, DataFolderInUse, NewerData
from cowrite_server.folder import FolderLock
from cowrite_server.history.history import History
from cowrite_server.history.restoring import text_of
from cowrite_server.store.backups import restore_store
from cowrite_server.store.member_records import Arrival, Joined
from cowrite_server.store.opening import open_store, sqlite_address
from cowrite_server.store.records import NO_SPACE, Blob, Update, hash_secret
from cowrite_server.store.sqlite.database import APPLICATION_ID, FILE_NAME
from cowrite_server.store.sqlite.schema import DATA_VERSION, STEPS
from cowrite_server.wire.members import InviteWish
from cowrite_server.wire.protocol import Close, Role
from stores import opened


def names(folder: Path, pattern: str) -> list[str]:
    return [path.name for path in folder.glob(pattern)]


def old_database(folder: Path) -> str:
    """A database of version 1, as the first release left it, with one room; gives its text."""
    doc: Doc[Text] = Doc()
    body, updates = doc.get("body", type=Text), []
    subscription = doc.observe(lambda event: updates.append(event.update))
    for number in range(20):
        body.insert(0, f"{number} ")
    del body[0:5]
    doc.unobserve(subscription)
    folder.mkdir(exist_ok=True)
    with closing(sqlite3.connect(folder / FILE_NAME, isolation_level=None)) as connection:
        for statement in STEPS[0].split(";\n"):
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("PRAGMA user_version = 1")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("INSERT INTO rooms VALUES (1, 'room', 'epoch', 0)")
        connection.executemany(
            "INSERT INTO updates (room, seq, time, member, data) VALUES (1, ?, 0, NULL, ?)", enumerate(updates, 1)
        )
        connection.execute("INSERT INTO snapshots VALUES (1, 10, 0, ?)", (doc.get_update(),))
    return str(body)


async def test_an_older_database_is_brought_up_to_date_with_all_that_it_holds(tmp_path: Path) -> None:
    text = old_database(tmp_path)
    async with opened(sqlite_address(tmp_path), serving=True) as store:
        room = await store.find_room("room")
        assert room is not None
        assert room.epoch == "epoch"
        history = History(store)
        assert (await history.moments(room)).moments[-1].seq == 21
        assert text_of((await history.open(room, 21)).document) == text
        assert text_of((await history.open(room, 2)).document) == "1 0 "
        assert list(await store.commit([Update(room.id, 0, None, b"\x00\x00")])) == [22]
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (DATA_VERSION,)
        assert connection.execute("PRAGMA auto_vacuum").fetchone() == (2,)


def database_of_version_2(folder: Path) -> None:
    """A database as the second version left it: two rooms, an invite that is good, one withdrawn, and their log."""
    folder.mkdir(exist_ok=True)
    with closing(sqlite3.connect(folder / FILE_NAME, isolation_level=None)) as connection:
        for step in STEPS[:2]:
            for statement in step.split(";\n"):
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("PRAGMA user_version = 2")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("INSERT INTO rooms VALUES (1, 'room', 'epoch', 0), (2, 'other', 'other epoch', 0)")
        connection.executemany(
            "INSERT INTO invites VALUES (?, ?, ?, ?, ?, ?)",
            [
                (3, 1, "editor", hash_secret("good"), 10, None),
                (5, 2, "viewer", hash_secret("elsewhere"), 11, None),
                (8, 1, "owner", hash_secret("withdrawn"), 12, 90),
            ],
        )
        connection.executemany(
            "INSERT INTO updates (room, seq, time, member, data) VALUES (1, ?, ?, ?, x'0000')",
            [(1, 50, 3), (2, 60, 8), (3, 70, 3), (4, 80, None)],
        )


async def test_invites_of_an_older_database_become_members_under_their_numbers(tmp_path: Path) -> None:
    database_of_version_2(tmp_path)
    async with opened(sqlite_address(tmp_path), serving=True) as store:
        members = await store.list_members("room")
        assert [(each.id, each.invite, each.role, each.joined, each.seen, each.removed) for each in members] == [
            (3, 3, Role.EDITOR, 10, 70, None),
            (8, 8, Role.OWNER, 12, 60, 90),
        ]
        invites = await store.list_invites("room")
        assert [(each.id, each.role, each.created, each.withdrawn, each.used) for each in invites] == [
            (3, Role.EDITOR, 10, None, 1),
            (8, Role.OWNER, 12, 90, 1),
        ]
        joined = await store.join(Arrival("room", hash_secret("good"), epoch="epoch"), 100)
        assert isinstance(joined, Joined)
        assert joined.member.id == 3
        assert await store.join(Arrival("room", hash_secret("withdrawn")), 100) is Close.WITHDRAWN
        assert await store.join(Arrival("room", hash_secret("elsewhere")), 100) is Close.NOT_INVITED
        assert [entry.member for entry in await store.read_after(1, 0)] == [3, 8, 3, None]
        newcomer = await store.join(Arrival("room", hash_secret("good"), hash_secret("ada"), "Ada"), 100)
        assert isinstance(newcomer, Joined)
        assert list(await store.commit([Update(1, 0, newcomer.member.id, b"\x00\x00")])) == [5]
        assert (await store.add_invite(1, InviteWish(Role.VIEWER), hash_secret("new"), 100)).id == 9
        assert await store.damage() == []
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        with pytest.raises(sqlite3.IntegrityError):  # the log refers to members
            connection.execute("INSERT INTO updates (room, seq, time, member, data) VALUES (1, 6, 0, 5555, x'0000')")


async def test_images_of_an_older_database_count_for_what_their_room_may_have(tmp_path: Path) -> None:
    database_of_version_2(tmp_path)
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection, connection:
        connection.executemany(
            "INSERT INTO blobs VALUES (?, 'image/png', ?)", [(b"large", bytes(10_000)), (b"small", b"x")]
        )
        connection.executemany("INSERT INTO room_blobs VALUES (?, ?)", [(1, b"large"), (1, b"small"), (2, b"small")])
    async with opened(sqlite_address(tmp_path), serving=True) as store:
        more = [Blob(room, b"more", "image/png", bytes(5000)) for room in (1, 2)]
        assert list(await store.commit(more, 10_000 + 4096 + 4999)) == [NO_SPACE, 0]
        assert list(await store.commit(more, 10_000 + 4096 + 5000)) == [0, 0]


async def test_a_backup_of_an_older_version_is_restored_with_its_members(tmp_path: Path) -> None:
    database_of_version_2(tmp_path / "old")
    restore_store(
        sqlite_address(tmp_path / "new"), tmp_path / "old" / FILE_NAME, keep_epochs=True, stamp="stamp", now=200
    )
    async with opened(sqlite_address(tmp_path / "new"), serving=True) as store:
        assert [each.id for each in await store.list_members("room")] == [3, 8]
        acts = await store.list_acts(None, 9)
        assert [(act.time, act.room, act.actor, act.deed) for act in acts] == [
            (200, "room", None, room_restored(False)),
            (200, "other", None, room_restored(False)),
        ]


async def test_an_update_to_a_new_version_that_fails_leaves_the_old_one(tmp_path: Path) -> None:
    old_database(tmp_path)
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection:
        connection.execute("CREATE TABLE moments (in_the_way)")
    with pytest.raises(Exception, match="moments"):
        await open_store(sqlite_address(tmp_path), serving=True)
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
        assert connection.execute("SELECT count(*) FROM updates").fetchone() == (21,)


async def test_a_command_does_not_change_the_data_of_an_older_server_that_runs(tmp_path: Path) -> None:
    old_database(tmp_path)
    lock = FolderLock(tmp_path)
    with pytest.raises(DataFolderInUse):
        await open_store(sqlite_address(tmp_path))
    lock.release()
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)


async def test_a_newer_database_is_refused_and_not_touched(tmp_path: Path) -> None:
    old_database(tmp_path)
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection:
        connection.execute(f"PRAGMA user_version = {DATA_VERSION + 1}")
    before = (tmp_path / FILE_NAME).read_bytes()
    with pytest.raises(NewerData):
        await open_store(sqlite_address(tmp_path), serving=True)
    assert (tmp_path / FILE_NAME).read_bytes() == before


@pytest.mark.parametrize("kind", ["cut", "empty", "overwritten", "without a table"])
async def test_a_damaged_database_is_refused_and_left_as_it_is(tmp_path: Path, kind: str) -> None:
    path = tmp_path / FILE_NAME
    async with opened(sqlite_address(tmp_path), serving=True) as store:
        room = await store.ensure_room("room", 0)
        await store.commit([Update(room.id, 0, None, bytes(1000)) for _ in range(100)])
    content = path.read_bytes()
    if kind == "without a table":
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("DROP TABLE moments")
    else:
        cut = content[: len(content) // 2]
        path.write_bytes({"cut": cut, "empty": b"", "overwritten": content[:4096] + bytes(len(content) - 4096)}[kind])
    before = path.read_bytes()
    for serving in (True, False):
        with pytest.raises(DamagedData) as refused:
            await open_store(sqlite_address(tmp_path), serving=serving)
        assert str(path) in str(refused.value)
    assert path.read_bytes() == before


async def test_several_who_make_a_database_at_once_make_one(tmp_path: Path) -> None:
    address = sqlite_address(tmp_path)
    stores = await asyncio.gather(*(open_store(address) for _ in range(6)))
    try:
        rooms = await asyncio.gather(*(store.ensure_room("room", 0) for store in stores))
        assert len({room.epoch for room in rooms}) == 1
    finally:
        for store in stores:
            await store.close()
    assert names(tmp_path, "*new*") == []
