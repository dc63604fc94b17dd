"""What becomes of rooms when a backup takes the place of the data."""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest

from commands import filled, run_meanwhile, run_program
from cowrite_server.store.sqlite.database import FILE_NAME
from cowrite_server.wire.protocol import Close
from house import House, MakeHouse
from sealed_seat import ballot, begin, entry, open_box, put
from server_process import COMMAND
from sync_clients import Client
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
    assert (await run_meanwhile("restore", backup, "--data", tmp_path / "new" / "data")).status == 1
    assert not (tmp_path / "new").exists()
