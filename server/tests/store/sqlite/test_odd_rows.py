"""Rows that hold another kind of value than is ever written there, as another program may leave them in SQLite: each
command says so in one sentence, and none of them is taken for what it is not."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from commands import filled, run
from cowrite_server.errors import RoomUnreadable
from cowrite_server.rooms.loading import build
from cowrite_server.store.member_records import Arrival
from cowrite_server.store.records import Entry, RoomLog, RoomRecord, Snapshot, Update, Version, hash_secret
from cowrite_server.store.sqlite.database import FILE_NAME
from cowrite_server.wire.members import InviteWish
from cowrite_server.wire.protocol import Role
from stores import opened
from writers import Writers

HISTORY = ("history room", "history room --json", "history room --at 30")

ODD = {
    "UPDATE rooms SET name = x'ff'": {"rooms": "its name is not valid", "rooms --json": "its name is not valid"},
    "UPDATE rooms SET epoch = x'ff'": {"history room": "it has no epoch", "forget room --yes": "it has no epoch"},
    "UPDATE rooms SET created = 'noon'": {"rooms": "in the place of a number"},
    "UPDATE rooms SET blob_bytes = x'ff'": {"verify": "hold what is never written there"},
    "UPDATE invites SET created = 'noon'": dict.fromkeys(
        ("invite room", "role room 1 viewer", "remove room 1"), "in the place of a number"
    ),
    "UPDATE members SET name = x'ff'": {"members room": "its name is not valid"},
    "UPDATE audit SET actor = x'ff'": {"audit": "who did it is nobody", "audit --json": "who did it is nobody"},
    "UPDATE updates SET seq = 1.5 WHERE seq = 31": {"verify": "hold what is never written there"},
    "UPDATE updates SET seq = 'one' WHERE seq = 31": dict.fromkeys(HISTORY, "its number is not valid"),
    "UPDATE updates SET data = 'x'": dict.fromkeys(HISTORY, "it holds no update"),
    "UPDATE updates SET time = 'noon'": dict.fromkeys(HISTORY, "its time is not valid"),
    "UPDATE updates SET time = x'ff'": {"rooms": "in the place of a number", "forget room --yes": "of a number"},
    "UPDATE updates SET member = -3": dict.fromkeys((*HISTORY, "verify"), "who wrote it is nobody"),
    "UPDATE snapshots SET data = 'x'": dict.fromkeys(HISTORY, "it holds no update"),
    "UPDATE moments SET data = 1": dict.fromkeys(HISTORY, "it does not say who did what"),
    "UPDATE moments SET begun = x'ff'": dict.fromkeys(HISTORY, "its times are not valid"),
    "UPDATE moments SET ended = 'noon'": {"rooms": "in the place of a number"},
    "UPDATE moments SET last = x'ff' WHERE last = 30": {"history room": "its numbers are not valid"},
    "UPDATE versions SET name = x'ff'": dict.fromkeys(HISTORY, "its name is not valid"),
    "UPDATE versions SET seq = 'x'": {"compact": "its number is not valid"},
    "UPDATE members SET name = CAST(x'ff' AS text)": {"members room": "is damaged (what stands in it is not text)"},
}
"""What may become of rows, and what which commands say then."""


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a room that has a member, a snapshot, moments, one of them named, and entries behind them."""
    folder = tmp_path_factory.mktemp("sound")
    asyncio.run(filled(folder))
    assert run("compact", "--fine-days", 0, "--data", folder).status == 0
    asyncio.run(_go_on(folder))
    return folder


async def _go_on(folder: Path) -> None:
    async with opened(f"sqlite:{folder}", serving=True) as store:
        room = await store.find_room("room")
        assert room is not None
        await store.add_invite(room.id, InviteWish(Role.EDITOR), hash_secret("invite"), 1)
        await store.join(Arrival("room", hash_secret("invite"), hash_secret("ada"), "Ada"), 2)
        await store.name_version(Version(room.id, 30, "Draft", 1, 3), "", 9)
        writers = Writers(5)
        writers.write(6)
        await store.commit([Update(room.id, entry.time, 1, entry.data) for entry in writers.entries])


@pytest.mark.parametrize("statement", ODD)
def test_a_row_of_another_kind_is_named_in_one_sentence(sound: Path, statement: str, tmp_path: Path) -> None:
    folder = tmp_path / "odd"
    shutil.copytree(sound, folder)
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection, connection:
        connection.execute(statement)
    for command, words in ODD[statement].items():
        done = run(*command.split(), "--data", folder)
        assert (done.status, done.errors.count("\n")) == (1, 1), done.errors
        assert words in (done.out if command == "verify" else done.errors)


def test_a_backup_goes_over_data_with_a_room_whose_name_is_none(sound: Path, tmp_path: Path) -> None:
    folder, backup = tmp_path / "odd", tmp_path / "backup"
    shutil.copytree(sound, folder)
    assert run("invite", "other", "--data", folder).status == 0
    assert run("backup", backup, "--data", folder).status == 0
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection, connection:
        connection.execute("UPDATE rooms SET name = x'ff' WHERE name = 'room'")
    done = run("restore", backup, "--data", folder)
    assert (done.status, done.errors) == (0, "")
    assert "These rooms go on: other.\n" in done.out


@pytest.mark.parametrize(
    "log",
    [RoomLog(Snapshot(1, 3, 5, "x"), []), RoomLog(None, [Entry(3, 5, None, "x")])],
)
def test_a_room_whose_log_holds_something_else_than_updates_is_unreadable(log: RoomLog) -> None:
    with pytest.raises(RoomUnreadable, match="entry 3 of the room plan is damaged"):
        build(RoomRecord(1, "plan", "epoch"), log)
