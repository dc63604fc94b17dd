"""SIGKILL while a backup is put in the place of the data: there is the one or the other, whole, and nothing is lost."""

from __future__ import annotations

import asyncio
import shutil
import signal
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from subprocess import PIPE

import pytest

from commands import filled, run_meanwhile
from cowrite_server.store.sqlite.database import FILE_NAME
from helpers.warm_python import Forked

KILLED = """
import os
import signal
import sys

from cowrite_server.commands.cli import main

folder, left = sys.argv[1], int(sys.argv[2])


def look(event, details):
    global left
    if event in ("os.rename", "os.link", "os.remove", "shutil.copyfile") and str(details[0]).startswith(folder):
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)


sys.addaudithook(look)
sys.exit(main(sys.argv[3:]))
"""
"""The command, killed before so many more of its steps with files of a folder."""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")


def entries(file: Path) -> int:
    """How many entries a database has, with what is in its write-ahead log; -1 where there is none."""
    if not file.exists():
        return -1
    with closing(sqlite3.connect(file)) as connection:
        [(count,)] = connection.execute("SELECT count(*) FROM updates")
        return int(count)


def leave_log(data: Path, to: Path, version: int | None) -> None:
    """Copies a data folder as a server leaves it that was killed: the last entry is in the write-ahead log alone.

    Args:
        data: the folder.
        to: where to.
        version: of the data; None for this server's.
    """
    with closing(sqlite3.connect(data / FILE_NAME, isolation_level=None)) as connection:
        if version is not None:
            connection.execute(f"PRAGMA user_version = {version}")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute(
            "INSERT INTO updates (room, seq, time, data) SELECT room, max(seq) + 1, time, data FROM updates"
        )
        shutil.copytree(data, to)


async def restore_until_killed(data: Path, backup: Path, steps: int) -> int:
    """Restores until so many steps are done; gives the command's status."""
    script = backup.with_name("killed.py")
    script.write_text(KILLED)
    words = map(str, (sys.executable, script, data, steps, "restore", backup, "--data", data))
    process = Forked(list(words), stdout=PIPE, stderr=PIPE)
    status = await asyncio.to_thread(process.wait)
    assert process.stdout is not None
    assert process.stderr is not None
    with process.stdout, process.stderr:
        assert status in (0, -signal.SIGKILL), process.stderr.read().decode()
    return status


@pytest.mark.parametrize("version", [None, 99], ids=["ours", "newer"])
async def test_a_kill_at_any_step_of_a_restoring_leaves_the_former_data_or_the_backup(
    tmp_path: Path, version: int | None
) -> None:
    await filled(tmp_path / "data")
    backup = tmp_path / "backup"
    await run_meanwhile("backup", backup, "--data", tmp_path / "data")
    leave_log(tmp_path / "data", tmp_path / "left", version)
    assert (tmp_path / "left" / f"{FILE_NAME}-wal").stat().st_size
    there = entries(backup)
    seen, status = set(), -signal.SIGKILL
    for step in range(30):
        data = tmp_path / str(step)
        shutil.copytree(tmp_path / "left", data)
        status = await restore_until_killed(data, backup, step)
        asides = [path for path in data.glob(f"{FILE_NAME}.before-*") if not path.name.endswith(("-wal", "-shm"))]
        kept = {entries(path) for path in asides}
        now = entries(data / FILE_NAME)
        seen.add(now)
        assert there + 1 in {now, *kept}, f"the last entry is lost after step {step}"
        if version is None:
            assert now in (there, there + 1)
        assert (await run_meanwhile("restore", backup, "--data", data)).status == 0
        assert entries(data / FILE_NAME) == there
        if status == 0:
            break
    assert status == 0
    assert {there, there + 1} <= seen


async def test_nothing_is_restored_while_another_command_works_on_the_data(tmp_path: Path) -> None:
    data, backup = tmp_path / "data", tmp_path / "backup"
    await filled(data)
    await run_meanwhile("backup", backup, "--data", data)
    before = entries(data / FILE_NAME)
    with closing(sqlite3.connect(data / FILE_NAME, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM rooms").fetchall()
        done = await run_meanwhile("restore", backup, "--data", data)
        assert (done.status, done.out) == (1, "")
        assert "another command works on its database" in done.errors
        other.execute("COMMIT")
    assert entries(data / FILE_NAME) == before
    assert (await run_meanwhile("restore", backup, "--data", data)).status == 0
