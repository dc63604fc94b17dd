"""What happens when somebody takes away, replaces, overwrites or cuts the database's files: nothing is lost unseen."""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
import signal
import sqlite3
from collections.abc import Callable
from contextlib import AsyncExitStack, closing
from pathlib import Path
from typing import IO, Any

import pytest

from commands import run_meanwhile
from cowrite_server.errors import DataFolderInUse, DataFolderUnusable, StoreFailed
from cowrite_server.folder import FolderLock, lock_file
from cowrite_server.store.opening import sqlite_address
from cowrite_server.store.sqlite.backup import restore
from cowrite_server.store.sqlite.database import FILE_NAME
from cowrite_server.store.sqlite.files import DatabaseFiles
from cowrite_server.store.sqlite.store import SqliteStore
from cowrite_server.store.sqlite.thread import StoreThread
from house import House
from server_process import ServerProcess, TunedServer
from stores import opened
from sync_clients import Client, StockClient, until, until_true
from visitors import editor, visit

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows keeps files that are open where they are")

DATABASE, LOG, INDEX = FILE_NAME, f"{FILE_NAME}-wal", f"{FILE_NAME}-shm"


def replace(path: Path) -> None:
    """Puts a copy in a file's place."""
    shutil.copy(path, path.with_name("copy")).replace(path)


def drafts_in(folder: Path) -> list[Path]:
    return list(folder.glob("*.new-*"))


@pytest.mark.parametrize("name", [DATABASE, LOG, INDEX])
@pytest.mark.parametrize("take", [replace, Path.unlink], ids=["replaced", "deleted"])
async def test_nothing_is_called_saved_while_a_file_of_the_database_is_another_or_none(
    data: Path, stack: AsyncExitStack, name: str, take: Callable[[Path], None]
) -> None:
    server = await stack.enter_async_context(TunedServer(data, retry_most_seconds=0.1))
    ann, ben = await editor(stack, server), await editor(stack, server, StockClient())
    await ann.write("saved")
    await ann.until_saved()
    kept = data / "kept"
    os.link(data / name, kept)
    take(data / name)
    await until_true(lambda: not_ready(server))  # before anybody writes
    saved = ann.saved
    await ann.write(", and more")
    await ben.until(lambda: ben.text == "saved, and more")  # the others get it all the same
    await until_true(lambda: complained(server, name))
    assert ann.saved == saved
    kept.replace(data / name)
    await ann.until_saved()
    assert ann.closed is ben.closed is None
    await server.kill()
    again = await stack.enter_async_context(TunedServer(data))
    assert (await editor(stack, again)).text == "saved, and more"


async def test_nothing_is_called_saved_while_the_drive_of_the_database_is_gone(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ann, ben = await house.client(await house.secret()), await house.stock(await house.secret())
    await ann.write("saved")
    await ann.until_saved()

    def fail(*_: object) -> bytes:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as patch:
        patch.setattr(os, "pread", fail)
        saved = ann.saved
        await ann.write(", and more")
        await ben.until(lambda: ben.text == "saved, and more")
        await until(lambda: not house.server.ready)
        assert ann.saved == saved
    await ann.until_saved()
    await until(lambda: house.server.ready)
    assert f"{INDEX} cannot be reached ({os.strerror(errno.EIO)})" in caplog.text
    assert await house.server.close()


@pytest.mark.parametrize(
    ("written", "crash"),
    [(50_000, False), (10_000_000, False), (50_000, True)],
    ids=["in the log", "in the database", "after a crash"],
)
async def test_nothing_is_called_saved_behind_a_copy_that_was_written_over_the_database(
    data: Path, tmp_path: Path, stack: AsyncExitStack, written: int, crash: bool
) -> None:
    server = await stack.enter_async_context(TunedServer(data, retry_most_seconds=0.1))
    ann, ben = await editor(stack, server), await editor(stack, server, StockClient())
    await ann.write("in the backup")
    await ann.until_saved()
    backup = tmp_path / "backup"
    assert (await run_meanwhile("backup", backup, "--data", data)).status == 0
    for _ in range(5):
        await ann.write("x" * (written // 5))
        await ann.until_saved()
    if crash:
        await server.kill()
        await ann.until_closed()
        server = await stack.enter_async_context(TunedServer(data, retry_most_seconds=0.1))
        ann, ben = [await editor(stack, server, type(client)(client.doc)) for client in (ann, ben)]
        await ann.until_saved()
    assert (await server.figures())["ready"]
    shutil.copyfile(backup, data / DATABASE)  # the same file, with other content
    await until_true(lambda: not_ready(server))  # before anybody writes
    saved = ann.saved
    await ann.write(", and more")
    await ben.until(lambda: ben.text == ann.text)  # the others get it all the same
    await until_true(lambda: complained(server, "was overwritten by another program"))
    assert ann.saved == saved
    await server.kill()
    assert (await run_meanwhile("restore", backup, "--data", data, "--keep-epochs")).status == 0
    again = await stack.enter_async_context(TunedServer(data))
    assert (await editor(stack, again)).text == "in the backup"
    assert (await editor(stack, again, Client(ann.doc))).text == ann.text
    assert (await run_meanwhile("verify", "--data", data)).status == 0


async def test_whatever_else_works_on_the_database_is_not_taken_for_an_overwriting(
    data: Path, tmp_path: Path, stack: AsyncExitStack
) -> None:
    server = await stack.enter_async_context(TunedServer(data))
    ann = await editor(stack, server)
    with closing(sqlite3.connect(data / DATABASE)) as other:
        for mode in ("PASSIVE", "FULL", "RESTART", "TRUNCATE") * 5:
            await ann.write("x" * 100_000)
            await ann.until_saved()
            other.execute(f"PRAGMA wal_checkpoint({mode})").fetchall()
    for command in (["invite", "other"], ["backup", tmp_path / "backup"], ["compact"], ["verify"]):
        assert (await run_meanwhile(*command, "--data", data)).status == 0
    await ann.write("and more")
    await ann.until_saved()
    assert (await server.figures())["ready"]
    assert server.errors == ""


def test_a_log_that_is_begun_anew_while_it_is_looked_at_is_not_taken_for_a_cut_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, read = tmp_path / DATABASE, os.pread
    with closing(sqlite3.connect(path, isolation_level=None)) as own, closing(sqlite3.connect(path)) as other:
        own.execute("PRAGMA journal_mode = WAL")
        own.execute("CREATE TABLE words (word)")
        files = DatabaseFiles(path)

        def read_first(*place: int) -> bytes:
            monkeypatch.undo()
            index = read(*place)
            other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            return index

        monkeypatch.setattr(os, "pread", read_first)
        files.check()
        assert path.with_name(LOG).stat().st_size == 0
        own.execute("CREATE TABLE others (word)")
        os.truncate(path.with_name(LOG), 100)
        with pytest.raises(StoreFailed, match="was cut"):
            files.check()
        files.close()


async def test_nothing_is_called_saved_behind_a_hole_in_the_log(data: Path, stack: AsyncExitStack) -> None:
    server = await stack.enter_async_context(TunedServer(data))
    ann = await editor(stack, server)
    await ann.write("saved")
    await ann.until_saved()
    os.truncate(data / LOG, 5000)
    await until_true(lambda: not_ready(server))
    saved = ann.saved
    await ann.write(", and more")
    await until_true(lambda: complained(server, "was cut"))
    assert ann.saved == saved


async def test_while_nobody_writes_the_database_is_asked_now_and_then_only_and_missed_all_the_same(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = await SqliteStore.open(data)
    asked, run, pread = 0, StoreThread.run, os.pread

    def fail_to_read(*_place: int) -> bytes:
        raise OSError(errno.EIO, "the drive is gone")

    async def count(thread: StoreThread, query: Callable[[], object]) -> object:
        nonlocal asked
        asked += 1
        return await run(thread, query)

    monkeypatch.setattr(StoreThread, "run", count)
    numbers = {await store.changes_by_others() for _ in range(20)}
    assert len(numbers) == 1
    assert asked == 5
    with closing(sqlite3.connect(data / DATABASE)) as other, other:
        other.execute("INSERT INTO rooms (name, epoch, created) VALUES ('other', '', 0)")
    assert await store.changes_by_others() not in numbers
    monkeypatch.setattr(os, "pread", fail_to_read)
    assert store.known_changes() is None  # and it is asked, which says why
    monkeypatch.setattr(os, "pread", pread)
    (data / DATABASE).unlink()
    told = await asyncio.gather(*(store.changes_by_others() for _ in range(4)), return_exceptions=True)
    assert isinstance(told[-1], StoreFailed)
    await store.close()


async def test_what_was_saved_is_kept_by_a_server_that_stops_after_its_log_was_deleted(
    data: Path, stack: AsyncExitStack
) -> None:
    async with ServerProcess(data, "--open", "--drain-seconds", "1") as server:
        ann = await Client().open(server.url)
        stack.push_async_callback(ann.leave)
        await ann.until_synced()
        await ann.write("saved")
        await ann.until_saved()
        (data / LOG).unlink()
        server.send_signal(signal.SIGTERM)
        await server.wait()
    async with ServerProcess(data, "--open") as server, Client() as late:
        await late.open(server.url)
        await late.until_synced()
        assert late.text == "saved"


async def test_a_server_does_not_start_on_a_file_that_it_may_only_read_and_a_command_reads_it(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(sqlite_address(data), serving=True) as store:
        await store.ensure_room("room", 0)
    connect = sqlite3.connect

    def connect_to_read(path: Path, **options: Any) -> sqlite3.Connection:
        return connect(f"{path.as_uri()}?mode=ro", uri=True, **options)

    monkeypatch.setattr(sqlite3, "connect", connect_to_read)
    with pytest.raises(DataFolderUnusable, match="is read-only for this user"):
        async with opened(sqlite_address(data), serving=True):
            pass
    async with opened(sqlite_address(data)) as store:
        assert [room.name for room in await store.list_rooms()] == ["room"]


async def not_ready(server: TunedServer) -> bool:
    """Whether the server says that it cannot work."""
    return not (await server.figures())["ready"]


async def complained(server: TunedServer, what: str) -> bool:
    """Whether the log tells of something by which the commit failed."""
    return any(what in line and "Trying again" in line for line in server.errors.splitlines())


async def left_by_a_killed_server(data: Path, stack: AsyncExitStack) -> str:
    """A database and its log; gives the secret of an invite."""
    async with TunedServer(data) as server:
        secret = await server.secret()
        ann = await visit(stack, server, Client(), secret)
        for _ in range(30):
            await ann.write("x" * 200_000)
            await ann.until_saved()  # so that some of it is in the database, and some in the log
        await server.kill()
        await ann.until_closed()
    assert (data / LOG).stat().st_size
    return secret


async def test_of_a_drive_that_cannot_lock_files_it_is_not_said_that_a_server_works_there(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_file: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("cowrite_server.folder.lock_file", refuse)
    with pytest.raises(DataFolderUnusable, match="cannot lock files"):
        FolderLock(data)


async def test_who_locks_a_file_that_is_just_taken_away_still_keeps_others_out(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = data / "new"
    failed = FolderLock(folder)

    def lock_too_late(file: IO[bytes]) -> None:
        monkeypatch.undo()
        failed.withdraw()
        lock_file(file)

    monkeypatch.setattr("cowrite_server.folder.lock_file", lock_too_late)
    lock = FolderLock(folder)
    with pytest.raises(DataFolderInUse):
        FolderLock(folder)
    lock.release()


async def test_a_folder_from_which_nothing_can_be_deleted_is_let_go_of(data: Path) -> None:
    lock = FolderLock(data)
    (data / "server.json").mkdir()  # which cannot be deleted as a file, like one on a disk that fails
    lock.release()
    FolderLock(data).release()  # which somebody who still held it would keep from being taken


async def test_no_new_database_is_made_beside_the_log_of_one_that_is_gone(data: Path, stack: AsyncExitStack) -> None:
    secret = await left_by_a_killed_server(data, stack)
    log = (data / LOG).read_bytes()
    away = (data / DATABASE).rename(data / "away")
    with pytest.raises(DataFolderUnusable, match="is gone"):
        async with opened(sqlite_address(data), serving=True):
            pass
    assert not (data / DATABASE).exists()
    assert (data / LOG).read_bytes() == log
    away.rename(data / DATABASE)
    async with TunedServer(data) as server:
        late = await visit(stack, server, Client(), secret)
        await late.until_synced()
        assert len(late.text) == 6_000_000


async def test_the_log_of_a_database_that_is_gone_does_not_meet_a_backup(
    data: Path, tmp_path: Path, stack: AsyncExitStack
) -> None:
    backup = tmp_path / "backup"
    async with opened(sqlite_address(data), serving=True) as store:
        await store.ensure_room("kept", 0)
        await store.back_up(backup)
    await left_by_a_killed_server(data, stack)
    log = (data / LOG).read_bytes()
    (data / DATABASE).unlink()
    restore(data, backup, keep_epochs=True, stamp="former", now=0)
    assert (data / f"{DATABASE}.former-wal").read_bytes() == log
    async with opened(sqlite_address(data), serving=True) as store:
        assert [room.name for room in await store.list_rooms()] == ["kept"]
        assert await store.damage() == []


async def test_data_may_lie_on_a_drive_without_hard_links(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_names: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    for name in ("first", "second"):  # of whom the second finds a database
        async with opened(sqlite_address(data), serving=True) as store:
            await store.ensure_room(name, 0)
    async with opened(sqlite_address(data), serving=True) as store:
        assert [room.name for room in await store.list_rooms()] == ["first", "second"]
    assert drafts_in(data) == []
