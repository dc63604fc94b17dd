"""What hosts do with what is stored: back it up while a server runs, put it back, look it over, read its history."""

from __future__ import annotations

import errno
import os
import signal
import sqlite3
import stat
import sys
from asyncio import create_subprocess_exec
from asyncio.subprocess import PIPE
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from pycrdt import Doc, Text

from commands import assert_one_sentence, filled, run_meanwhile
from cowrite_server import patience
from cowrite_server.errors import BackupUnusable
from cowrite_server.store.opening import sqlite_address
from cowrite_server.store.records import Update
from cowrite_server.store.sqlite import backup as sqlite_backup
from cowrite_server.store.sqlite.backup import back_up
from cowrite_server.store.sqlite.database import FILE_NAME
from cowrite_server.store.sqlite.drafts import draft_of
from server_process import ServerProcess
from stores import opened
from sync_clients import Client, until

SOUND = Doc({"body": Text("Hello")}).get_update()


def names(folder: Path, pattern: str) -> list[str]:
    return [path.name for path in folder.glob(pattern)]


# Backup and restore


async def test_a_backup_of_a_server_in_use_holds_everything_acknowledged_before(tmp_path: Path) -> None:
    data, copy = tmp_path / "data", tmp_path / "copy"
    async with ServerProcess(data, "--open") as server, Client() as ann:
        await ann.open(server.url)
        await ann.until_synced()
        for number in range(50):
            await ann.write(f"<{number}>")
        await ann.until_saved()
        acknowledged = ann.text
        assert (await run_meanwhile("backup", tmp_path / "backup", "--data", data)).status == 0
        await ann.write("later")
        await ann.until_saved()
    assert stat.S_IMODE((tmp_path / "backup").stat().st_mode) == 0o600 or sys.platform == "win32"
    done = await run_meanwhile("restore", tmp_path / "backup", "--data", copy)
    assert (done.status, done.errors) == (0, "")
    assert (await run_meanwhile("verify", "--data", copy)).status == 0
    async with ServerProcess(copy, "--open") as server, Client() as reader:
        await reader.open(server.url)
        await reader.until_synced()
        assert reader.text == acknowledged


async def test_a_restoring_names_the_rooms_and_the_changes_of_members_that_the_backup_lacks(tmp_path: Path) -> None:
    data, backup = tmp_path / "data", tmp_path / "backup"
    await run_meanwhile("invite", "old", "--data", data)
    await run_meanwhile("backup", backup, "--data", data)
    await run_meanwhile("invite", "new", "--data", data)
    await run_meanwhile("revoke", "old", "all", "--data", data)
    done = await run_meanwhile("restore", backup, "--data", data)
    assert "These rooms go on: old." in done.out
    assert "not in the backup, and nobody can open them any more: new." in done.out
    assert "repeat what was withdrawn" in done.out
    assert "good" in (await run_meanwhile("invites", "old", "--data", data)).out


async def test_a_restoring_names_some_of_many_rooms_and_says_how_many_others_there_are(tmp_path: Path) -> None:
    async with opened(sqlite_address(tmp_path / "data"), serving=True) as store:
        for number in range(100, 130):
            await store.ensure_room(f"room-{number}", 0)
        await store.back_up(tmp_path / "backup")
    done = await run_meanwhile("restore", tmp_path / "backup", "--data", tmp_path / "data")
    assert "These rooms go on: room-100, room-101, " in done.out
    assert ", room-119 and 10 others.\n" in done.out


async def test_rooms_get_smaller_though_others_are_damaged_and_each_of_those_is_named(tmp_path: Path) -> None:
    data = sqlite_address(tmp_path)
    async with opened(data) as store:
        rooms = [await store.ensure_room(name, 0) for name in ("ash", "beech", "cedar")]
        await store.commit([Update(room.id, 0, None, SOUND if room.name == "beech" else b"\xff") for room in rooms])
    done = await run_meanwhile("compact", "--data", tmp_path)
    assert (done.status, done.out) == (1, "Compacted: 1 room.\n")
    assert sorted(line.partition("the room ")[2].partition(" ")[0] for line in done.errors.splitlines()) == [
        "ash",
        "cedar",
    ]
    async with opened(data) as store:
        assert (await store.read_room(rooms[1].id)).snapshot is not None


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are text")
async def test_a_backup_cannot_have_a_name_in_another_encoding_and_that_is_said(tmp_path: Path) -> None:
    await filled(tmp_path / "data")
    done = await run_meanwhile("backup", os.fsdecode(bytes(tmp_path / "caf") + b"\xe9"), "--data", tmp_path / "data")
    assert done.status == 1
    assert "its name is not UTF-8" in done.errors
    assert names(tmp_path, "caf*") == []


async def test_a_backup_and_its_way_back_wait_on_windows_until_a_virus_scanner_is_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await filled(tmp_path / "data")
    refused = []

    def slow(way: Callable[[Path, Path], Path]) -> Callable[[Path, Path], Path]:
        def renamed(source: Path, target: Path) -> Path:
            if source not in refused:
                refused.append(source)
                raise PermissionError(errno.EACCES, "another process has it open", str(source))
            return way(source, target)

        return renamed

    monkeypatch.setattr(patience, "_WAIT", 0)
    monkeypatch.setattr(sys, "platform", "win32")
    for way in ("rename", "replace"):
        monkeypatch.setattr(Path, way, slow(getattr(Path, way)))
    assert (await run_meanwhile("backup", tmp_path / "backup", "--data", tmp_path / "data")).status == 0
    assert (await run_meanwhile("restore", tmp_path / "backup", "--data", tmp_path / "data")).status == 0
    assert len(refused) == 2


async def test_a_backup_overwrites_nothing(tmp_path: Path) -> None:
    await filled(tmp_path / "data")
    backup = tmp_path / "backup"
    backup.write_bytes(b"mine")
    done = await run_meanwhile("backup", backup, "--data", tmp_path / "data")
    assert done.status == 1
    assert str(backup) in done.errors
    assert backup.read_bytes() == b"mine"
    assert names(tmp_path, "*new*") == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows makes links for administrators only")
@pytest.mark.parametrize("name", ["reserve", "server.json", f"{FILE_NAME}-journal", f"{FILE_NAME}-wal"])
async def test_a_backup_does_not_get_the_name_of_a_file_that_the_server_writes_itself(
    tmp_path: Path, name: str
) -> None:
    await filled(tmp_path / "data")
    (tmp_path / "there").symlink_to(tmp_path / "data")
    words = "the server writes a file of this name itself"
    before = {path.name for path in (tmp_path / "data").iterdir()}
    assert_one_sentence(await run_meanwhile("backup", tmp_path / "there" / name, "--data", tmp_path / "data"), 1, words)
    assert {path.name for path in (tmp_path / "data").iterdir()} == before
    assert (await run_meanwhile("backup", tmp_path / name, "--data", tmp_path / "data")).status == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows makes links for administrators only")
async def test_a_backup_does_not_take_the_place_of_a_link_to_what_is_not_there(tmp_path: Path) -> None:
    await filled(tmp_path / "data")
    (tmp_path / "backup").symlink_to(tmp_path / "drive" / "backup")
    done = await run_meanwhile("backup", tmp_path / "backup", "--data", tmp_path / "data")
    assert_one_sentence(done, 1, "there is a file of this name already")
    assert (tmp_path / "backup").is_symlink()


async def test_a_backup_that_is_given_up_just_before_the_copy_begins_copies_nothing_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await filled(tmp_path / "data")
    monkeypatch.setattr(sqlite_backup, "_INSTRUCTIONS", 1)
    monkeypatch.setattr(sqlite_backup, "_to_disk", lambda _: pytest.fail("it was copied to the end"))
    with (
        closing(sqlite3.connect(tmp_path / "data" / FILE_NAME)) as connection,
        pytest.raises(BackupUnusable, match="given up"),
    ):
        back_up(connection, tmp_path / "backup", lambda: True)
    assert names(tmp_path, "backup*") == []


@pytest.mark.parametrize("name", ["", "b" * 300], ids=["none", "long"])
async def test_a_backup_that_cannot_be_named_so_is_refused(tmp_path: Path, name: str) -> None:
    await filled(tmp_path / "data")
    done = await run_meanwhile("backup", name, "--data", tmp_path / "data")
    assert done.status == 1
    assert done.errors.startswith("cowrite-server: The backup ")
    assert done.errors.count("\n") == 1


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only the superuser gives files away")
@pytest.mark.parametrize("first", ["invite", "restore", "serve"])
async def test_what_root_makes_in_a_data_folder_belongs_to_the_owner_of_the_folder(tmp_path: Path, first: str) -> None:
    await filled(tmp_path / "data")
    backup, theirs = tmp_path / "backup", tmp_path / "theirs"
    await run_meanwhile("backup", backup, "--data", tmp_path / "data")
    theirs.mkdir()
    os.chown(theirs, 4711, 4712)
    if first == "invite":
        assert (await run_meanwhile("invite", "plan", "--data", theirs)).status == 0
    elif first == "restore":
        for _ in range(2):  # the second puts the database of the first aside
            assert (await run_meanwhile("restore", backup, "--data", theirs)).status == 0
    else:
        async with ServerProcess(theirs):
            pass  # killed, so that its files stay
    made = list(theirs.iterdir())
    assert FILE_NAME in [path.name for path in made]
    assert {(path.stat().st_uid, path.stat().st_gid) for path in made} == {(4711, 4712)}


# What is left behind


def drafts(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.new-*"))


def leave_drafts(target: Path) -> None:
    """What a process that was killed leaves of a file that it was making."""
    for ending in ("0123456789abcdef", "0123456789abcdef.lock", "fedcba9876543210", "fedcba9876543210-wal"):
        target.with_name(f"{target.name}.new-{ending}").write_bytes(b"")


@pytest.mark.parametrize("how", ["backup", "restore", "serve"])
async def test_what_a_killed_command_left_is_removed_when_it_runs_again(tmp_path: Path, how: str) -> None:
    data, backup = tmp_path / "data", tmp_path / "backup"
    await filled(data)
    await run_meanwhile("backup", tmp_path / "earlier", "--data", data)
    theirs = [tmp_path / "other.new-0123456789abcdef", data / f"{FILE_NAME}.new-plan"]
    for path in theirs:
        path.write_bytes(b"")
    if how == "backup":
        leave_drafts(backup)
        assert (await run_meanwhile("backup", backup, "--data", data)).status == 0
    else:
        leave_drafts(data / FILE_NAME)
        if how == "restore":
            assert (await run_meanwhile("restore", tmp_path / "earlier", "--data", data)).status == 0
        else:
            async with ServerProcess(data):
                pass
    assert drafts(tmp_path) == sorted(theirs)


async def test_a_draft_that_somebody_works_on_is_left_alone(tmp_path: Path) -> None:
    data, backup = tmp_path / "data", tmp_path / "backup"
    await filled(data)
    with draft_of(backup) as at_work, draft_of(data / FILE_NAME) as being_made:
        for draft in (at_work, being_made):
            draft.write_bytes(b"half of it")
        assert (await run_meanwhile("backup", backup, "--data", data)).status == 0
        assert (await run_meanwhile("restore", backup, "--data", data)).status == 0
        assert at_work.read_bytes() == being_made.read_bytes() == b"half of it"
    assert drafts(tmp_path) == []


async def test_a_backup_is_restored_even_if_it_is_called_like_a_draft(tmp_path: Path) -> None:
    data = tmp_path / "data"
    await filled(data)
    backup = data / f"{FILE_NAME}.new-0123456789abcdef"
    assert (await run_meanwhile("backup", backup, "--data", data)).status == 0
    assert (await run_meanwhile("restore", backup, "--data", data)).status == 0
    assert backup.exists()


SLOW = """
import sys
import time
from pathlib import Path

from cowrite_server.commands.cli import main
from cowrite_server.store.sqlite import backup as sqlite_backup

back_up = sqlite_backup.back_up


def slowly(connection, path, given_up):
    back_up(connection, path, lambda: time.sleep(0.1) or Path(sys.argv[-1], 'waited').touch() or given_up())


sqlite_backup._INSTRUCTIONS = 1
sqlite_backup.back_up = slowly
sys.exit(main())
"""
"""The command, which would take minutes for a backup."""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGINT for a process alone")
async def test_a_backup_that_is_interrupted_says_so_and_leaves_nothing(tmp_path: Path) -> None:
    data, backup = tmp_path / "data", tmp_path / "backup"
    await filled(data)
    command = [sys.executable, "-c", SLOW, "backup", backup, "--data", data]
    process = await create_subprocess_exec(*command, stdout=PIPE, stderr=PIPE)
    # By then the command waits for its thread; a signal just before that wakes no event loop of asyncio's.
    await until(lambda: names(data, "waited"))
    assert names(tmp_path, "backup.new-*")
    process.send_signal(signal.SIGINT)
    out, errors = await process.communicate()
    assert (process.returncode, out) == (1, b"")
    assert errors.decode().startswith("cowrite-server: The command was interrupted")
    assert errors.count(b"\n") == 1
    assert names(tmp_path, "backup*") == []
