"""What hosts do with what is stored: back it up while a server runs, put it back, look it over, read its history."""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
import signal
import sqlite3
import stat
import sys
from asyncio import create_subprocess_exec
from asyncio.subprocess import PIPE
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest

from commands import filled, run_meanwhile, run_program
from cowrite_server.errors import BackupUnusable
from cowrite_server.protocol import Close
from cowrite_server.store import sqlite_backup
from cowrite_server.store.drafts import draft_of
from cowrite_server.store.opening import sqlite_address
from cowrite_server.store.sqlite_backup import back_up
from cowrite_server.store.sqlite_database import FILE_NAME
from house import House, MakeHouse
from sealed_seat import ballot, begin, entry, open_box, put
from server_process import COMMAND, ServerProcess
from stores import opened
from sync_clients import Client, until
from team import Team


class GoneOn(NamedTuple):
    """A house that was left after more had been written than its backup holds."""

    house: House
    backup: Path
    secret: str
    ann: Client
    epoch: str


async def gone_on_after_a_backup(make_house: MakeHouse) -> GoneOn:
    """Ann writes, the house is backed up, she writes more and leaves, and the server stops."""
    house = await make_house()
    backup = house.folder.parent / "backup"
    secret = await house.secret()
    ann = await house.client(secret)
    await ann.write("in the backup")
    await ann.until_saved()
    assert ann.hello is not None
    assert (await run_meanwhile("backup", backup, "--data", house.folder)).status == 0
    await ann.write(", and after it")
    await ann.until_saved()
    await ann.leave()
    await house.stop()
    return GoneOn(house, backup, secret, ann, ann.hello.epoch)


def names(folder: Path, pattern: str) -> list[str]:
    return [path.name for path in folder.glob(pattern)]


def epoch(folder: Path) -> str:
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection:
        return str(connection.execute("SELECT epoch FROM rooms WHERE name = 'room'").fetchone()[0])


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
    assert "do again what was withdrawn" in done.out
    assert "good" in (await run_meanwhile("invites", "old", "--data", data)).out


async def test_a_restoring_names_some_of_many_rooms_and_says_how_many_others_there_are(tmp_path: Path) -> None:
    async with opened(sqlite_address(tmp_path / "data"), serving=True) as store:
        for number in range(100, 130):
            await store.ensure_room(f"room-{number}", 0)
        await store.back_up(tmp_path / "backup")
    done = await run_meanwhile("restore", tmp_path / "backup", "--data", tmp_path / "data")
    assert "These rooms go on: room-100, room-101, " in done.out
    assert ", room-119 and 10 others.\n" in done.out


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are text")
async def test_a_backup_cannot_have_a_name_in_another_encoding_and_that_is_said(tmp_path: Path) -> None:
    await filled(tmp_path / "data")
    done = await run_meanwhile("backup", os.fsdecode(bytes(tmp_path / "caf") + b"\xe9"), "--data", tmp_path / "data")
    assert done.status == 1
    assert "its name is not UTF-8" in done.errors
    assert names(tmp_path, "caf*") == []


async def test_a_backup_overwrites_nothing(tmp_path: Path) -> None:
    await filled(tmp_path / "data")
    backup = tmp_path / "backup"
    backup.write_bytes(b"mine")
    done = await run_meanwhile("backup", backup, "--data", tmp_path / "data")
    assert done.status == 1
    assert str(backup) in done.errors
    assert backup.read_bytes() == b"mine"
    assert names(tmp_path, "*new*") == []


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


async def test_a_room_without_anything_newer_goes_on_after_a_restore(tmp_path: Path) -> None:
    data = tmp_path / "data"
    await filled(data)
    before = epoch(data)
    await run_meanwhile("backup", tmp_path / "backup", "--data", data)
    done = await run_meanwhile("restore", tmp_path / "backup", "--data", data)
    assert "These rooms go on: room." in done.out
    assert epoch(data) == before


async def test_a_room_begins_anew_where_clients_may_have_what_the_backup_lacks(make_house: MakeHouse) -> None:
    house, backup, secret, ann, epoch_before = await gone_on_after_a_backup(make_house)
    done = await run_meanwhile("restore", backup, "--data", house.folder)
    assert "These rooms begin anew" in done.out
    await house.start()
    again = await house.enter(Client(ann.doc), secret, epoch=epoch_before)
    assert (await again.until_closed()).code == Close.EPOCH_CHANGED
    assert (await house.client(secret)).text == "in the backup"
    aside = next(path for path in house.folder.iterdir() if "before-restore" in path.name)
    with closing(sqlite3.connect(aside)) as connection:
        assert connection.execute("SELECT count(*) FROM updates").fetchone() == (2,)


async def test_clients_heal_a_restored_room_that_keeps_its_epoch(make_house: MakeHouse) -> None:
    house, backup, secret, ann, epoch_before = await gone_on_after_a_backup(make_house)
    assert (await run_meanwhile("restore", backup, "--data", house.folder, "--keep-epochs")).status == 0
    await house.start()
    ben = await house.client(secret)
    await house.enter(Client(ann.doc), secret, epoch=epoch_before)
    await ben.until(lambda: ben.text == "in the backup, and after it")


async def test_a_room_begins_anew_where_its_numbers_were_given_to_other_entries_meanwhile(
    make_house: MakeHouse,
) -> None:
    house, old, secret, _, epoch_before = await gone_on_after_a_backup(make_house)
    newer = old.with_name("newer")
    assert (await run_meanwhile("backup", newer, "--data", house.folder)).status == 0
    assert (await run_meanwhile("restore", old, "--data", house.folder, "--keep-epochs")).status == 0
    await house.start()
    ben = await house.client(secret)
    await ben.write(", and otherwise")  # by the number that was Ann's
    await ben.until_saved()
    await ben.leave()
    await house.stop()
    done = await run_meanwhile("restore", newer, "--data", house.folder)
    assert "These rooms begin anew" in done.out
    assert epoch(house.folder) != epoch_before


async def test_a_room_goes_on_whose_single_entries_were_dropped_after_the_backup(tmp_path: Path) -> None:
    data, backup = tmp_path / "data", tmp_path / "backup"
    await filled(data)
    before = epoch(data)
    await run_meanwhile("backup", backup, "--data", data)
    assert (await run_meanwhile("compact", "--fine-days", "0", "--data", data)).status == 0
    with closing(sqlite3.connect(data / FILE_NAME)) as connection:
        assert connection.execute("SELECT count(*) FROM updates").fetchone() == (0,)
    for _ in range(2):  # of all entries, and then of none
        done = await run_meanwhile("restore", backup, "--data", data)
        assert "These rooms go on: room." in done.out
        assert epoch(data) == before


async def test_a_vote_that_was_closed_after_the_backup_counts_everybody_once_in_a_room_that_goes_on(
    team: Team,
) -> None:
    house = team.house
    backup = house.folder.parent / "backup"
    ada, ben = await team.join("Ada"), await team.join("Ben")
    for poll, is_anonymous in (("poll:1", True), ("poll:2", False)):
        await begin(ada, session=poll, is_anonymous=is_anonymous)
        for client in (ada, ben):
            assert await put(client, ballot(poll, position="consent")) is None
    assert (await run_meanwhile("backup", backup, "--data", house.folder)).status == 0
    for poll in ("poll:1", "poll:2"):
        assert await open_box(ada, poll) is None
        await ben.until(lambda poll=poll: entry(ben, poll).get("is_closed"))
    await ben.leave()
    await house.stop()
    assert (await run_meanwhile("restore", backup, "--data", house.folder, "--keep-epochs")).status == 0
    await house.start()
    again = await team.join("Ben", doc=ben.doc)  # who gives back what the backup lacks
    await again.until_saved()
    for poll in ("poll:1", "poll:2"):
        assert len(entry(again, poll)["ballots"]) == 2
        assert await open_box(again, poll) is None  # as the app does where the server holds something still
    cyd = await team.join("Cyd")
    for poll in ("poll:1", "poll:2"):
        assert len(entry(cyd, poll)["ballots"]) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="there is no limit for the size of a file")
async def test_a_room_does_not_begin_anew_because_the_disk_is_full(tmp_path: Path) -> None:
    data, backup, left = tmp_path / "data", tmp_path / "backup", tmp_path / "left"
    await filled(data)
    await run_meanwhile("backup", backup, "--data", data)
    with closing(sqlite3.connect(data / FILE_NAME, isolation_level=None)) as connection:
        connection.execute("INSERT INTO blobs VALUES (randomblob(32), 'image/png', randomblob(400000))")
        shutil.copytree(data, left)  # as a server leaves it that was killed
    log = (left / f"{FILE_NAME}-wal").read_bytes()
    blocks = str((backup.stat().st_size + 100_000) // 512)  # enough for the backup, and not for what is in the log
    command = [*COMMAND, "restore", str(backup), "--data", str(left)]
    done = await asyncio.to_thread(run_program, "sh", "-c", f'ulimit -f {blocks}; exec "$@"', "sh", *command)
    assert (done.status, done.out) == (1, "")
    assert "has no room for the backup beside the former data" in done.errors
    assert (left / f"{FILE_NAME}-wal").read_bytes() == log
    assert names(left, "*.before-*") == []
    done = await run_meanwhile("restore", backup, "--data", left)
    assert "These rooms go on: room." in done.out


async def test_a_disk_without_links_that_is_full_keeps_no_part_of_the_former_data_for_all_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, backup = tmp_path / "data", tmp_path / "backup"
    await filled(data)
    await run_meanwhile("backup", backup, "--data", data)
    before, copy = epoch(data), shutil.copyfile

    def link(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    def copy_a_part(source: Path, target: Path) -> None:
        copy(source, target)
        if "before-" in target.name:
            os.truncate(target, 4096)
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "link", link)
    monkeypatch.setattr(shutil, "copyfile", copy_a_part)
    done = await run_meanwhile("restore", backup, "--data", data)
    assert done.status == 1
    assert "has no room for the backup beside the former data" in done.errors
    assert names(data, "*.before-*") == []
    assert (await run_meanwhile("verify", "--data", data)).status == 0
    assert epoch(data) == before


async def test_a_room_of_a_lost_database_begins_anew(tmp_path: Path) -> None:
    data = tmp_path / "data"
    await filled(data)
    before = epoch(data)
    await run_meanwhile("backup", tmp_path / "backup", "--data", data)
    shutil.rmtree(data)
    assert "These rooms begin anew" in (await run_meanwhile("restore", tmp_path / "backup", "--data", data)).out
    assert epoch(data) != before


async def test_a_rehearsal_leaves_the_rooms_as_they_are(tmp_path: Path) -> None:
    await filled(tmp_path / "data")
    backup, new = tmp_path / "backup", tmp_path / "new"
    await run_meanwhile("backup", backup, "--data", tmp_path / "data")
    done = await run_meanwhile("restore", backup, "--data", new, "--keep-epochs")
    assert done.out == f"Restored {backup}.\nThese rooms go on: room.\n"
    assert epoch(new) == epoch(tmp_path / "data")


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


async def test_nothing_is_restored_under_a_running_server(house: House) -> None:
    backup = house.folder.parent / "backup"
    assert (await run_meanwhile("backup", backup, "--data", house.folder)).status == 0
    done = await run_meanwhile("restore", backup, "--data", house.folder)
    assert done.status == 1
    assert "is in use" in done.errors


@pytest.mark.parametrize("damage", ["foreign", "cut", "empty", "missing"])
async def test_what_is_no_sound_backup_changes_nothing(tmp_path: Path, damage: str) -> None:
    data, backup = tmp_path / "data", tmp_path / "backup"
    await filled(data)
    await run_meanwhile("backup", backup, "--data", data)
    content = backup.read_bytes()
    if damage == "missing":
        backup.unlink()
    else:
        backup.write_bytes({"foreign": b"no backup", "cut": content[: len(content) // 2], "empty": b""}[damage])
    before = (data / FILE_NAME).read_bytes()
    done = await run_meanwhile("restore", backup, "--data", data)
    assert (done.status, done.out) == (1, "")
    assert str(backup) in done.errors
    assert (data / FILE_NAME).read_bytes() == before
    assert not [path for path in data.iterdir() if "new-" in path.name or "before-" in path.name]


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

from cowrite_server.cli import main
from cowrite_server.store import sqlite_backup

back_up = sqlite_backup.back_up


def slowly(connection, path, given_up):
    back_up(connection, path, lambda: time.sleep(0.1) or given_up())


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
    await until(lambda: names(tmp_path, "backup.new-*"))
    process.send_signal(signal.SIGINT)
    out, errors = await process.communicate()
    assert (process.returncode, out) == (1, b"")
    assert errors.decode().startswith("cowrite-server: The command was interrupted")
    assert errors.count(b"\n") == 1
    assert names(tmp_path, "backup*") == []
