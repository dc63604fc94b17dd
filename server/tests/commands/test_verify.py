"""`verify`: what is unsound is said, and nothing else."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import psycopg
import pytest
from pycrdt import Doc, Text

from commands import assert_one_sentence, filled, run_meanwhile
from cowrite_server import verifying
from cowrite_server.document.replica import Replica
from cowrite_server.errors import DamagedRow
from cowrite_server.store.member_records import Arrival
from cowrite_server.store.records import Blob, Update, hash_secret
from cowrite_server.store.sqlite.database import FILE_NAME
from cowrite_server.wire.members import InviteWish
from cowrite_server.wire.protocol import Role
from cowrite_server.wire.sealed import SealedItem
from engines import Postgres, execute
from stores import opened
from writers import Writers


def change(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection, connection:
        connection.execute(statement)


async def test_sound_data_verifies(tmp_path: Path) -> None:
    await filled(tmp_path)
    done = await run_meanwhile("verify", "--data", tmp_path)
    assert (done.status, done.out) == (0, "Everything is sound: 1 room.\n")
    assert (await run_meanwhile("compact", "--fine-days", "0", "--data", tmp_path)).status == 0
    assert (await run_meanwhile("verify", "--data", tmp_path)).status == 0


@pytest.mark.parametrize("compacted", [False, True])
async def test_changes_that_wait_for_others_are_told_of_and_are_no_fault(compacted: bool, tmp_path: Path) -> None:
    writer, updates = Doc(), list[bytes]()
    writer.observe(lambda event: updates.append(event.update))
    body = writer.get("body", type=Text)
    for word in ("one ", "two ", "three "):
        body.insert(len(str(body)), word)
    first, second, third = updates
    place = ("--data", tmp_path / "data")
    async with opened(f"sqlite:{tmp_path / 'data'}", serving=True) as store:
        room = await store.ensure_room("room", 0)
        await store.commit([Update(room.id, 1, None, data) for data in (first, third)])
    if compacted:
        assert (await run_meanwhile("compact", "--fine-days", 30_000, *place)).status == 0
    done = await run_meanwhile("verify", *place)
    assert (done.status, done.out) == (0, "Everything is sound: 1 room.\n")
    assert "The room room holds changes that build on others which have not come yet" in done.errors
    moved = tmp_path / "moved"
    assert (await run_meanwhile("move", f"sqlite:{place[1]}", f"sqlite:{moved}")).status == 0
    async with opened(f"sqlite:{moved}", serving=True) as store:
        await store.commit([Update(room.id, 2, None, second)])
    assert (await run_meanwhile("verify", "--data", moved)).errors == ""
    assert (await run_meanwhile("history", "room", "--at", 3, "--data", moved)).out == "one two three \n"


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("DELETE FROM updates WHERE seq = 7", "The log of the room room lacks the entries between 6 and 8."),
        ("UPDATE updates SET data = x'ff' WHERE seq = 30", "Entry 30 of the room room is damaged"),
        ("UPDATE updates SET data = x'' WHERE seq = 7", "Entry 7 of the room room is damaged"),
        ("UPDATE updates SET data = substr(data, 1, length(data) / 2) WHERE seq = 7", "Entry 7 of the room room is"),
        ("UPDATE snapshots SET data = x'00'", "Entry 30 of the room room is damaged"),
        ("DELETE FROM moments WHERE last = (SELECT min(last) FROM moments)", "has no moment for the entries after 0."),
        ("UPDATE updates SET room = 9 WHERE seq = 30", "belongs to a row of rooms that is not there"),
        ("UPDATE updates SET time = -1 WHERE seq = 5", "Entry 5 of the room room is damaged (its time is not valid)."),
        (
            "UPDATE updates SET time = 'noon' WHERE seq = 5",
            "Entry 5 of the room room is damaged (its time is not valid).",
        ),
        ("UPDATE updates SET data = 'x' WHERE seq = 5", "Entry 5 of the room room is damaged (it holds no update)."),
        ("UPDATE updates SET member = 'x' WHERE seq = 5", "Entry 5 of the room room is damaged (who wrote it is"),
        ("UPDATE updates SET begins = 'x' WHERE seq = 5", "Rows of the table updates hold what is never"),
        ("UPDATE updates SET seq = -1 WHERE seq = 1", "Entry -1 of the room with the key 1 is damaged"),
        ("UPDATE snapshots SET seq = 'x'", "The snapshot of the room with the key 1 is damaged"),
        ("UPDATE moments SET data = x'00'", "do not say who wrote all of its document."),
        ("UPDATE snapshots SET data = 'x'", "The snapshot of the room room is damaged (it holds no update)."),
        ("UPDATE moments SET data = 1", "is damaged (it does not say who did what)."),
        ("UPDATE snapshots SET time = -1", "The snapshot of the room room is damaged (its time is not valid)."),
        ("UPDATE moments SET ended = begun - 1", "is damaged (its times are not valid)."),
        ("UPDATE rooms SET epoch = ''", "The room room is damaged (it has no epoch)."),
        ("UPDATE rooms SET created = -1", "The room room is damaged (the time when it was made is not valid)."),
    ],
)
async def test_what_is_unsound_is_said_in_a_sentence(tmp_path: Path, statement: str, sentence: str) -> None:
    await filled(tmp_path)
    if "snapshots" in statement or "moments" in statement:
        await run_meanwhile("compact", "--data", tmp_path)
    change(tmp_path, statement)
    done = await run_meanwhile("verify", "--data", tmp_path)
    assert done.status == 1
    assert sentence in done.out
    assert len(done.errors.splitlines()) == 1


async def test_entries_that_a_snapshot_holds_are_looked_at_part_by_part_and_each_unsound_one_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifying, "_AT_ONCE", 4)
    asked = []
    has_all_of = Replica.has_all_of
    monkeypatch.setattr(Replica, "has_all_of", lambda self, update: asked.append(0) or has_all_of(self, update))
    await filled(tmp_path)
    await run_meanwhile("compact", "--fine-days", 30_000, "--data", tmp_path)
    asked.clear()
    assert (await run_meanwhile("verify", "--data", tmp_path)).status == 0
    assert len(asked) == 8  # for thirty entries: each answer takes as long as the document is large
    stranger = Doc()
    stranger.get("body", type=Text).insert(0, "never in the document")
    change(tmp_path, f"UPDATE updates SET data = x'{stranger.get_update().hex()}' WHERE seq = 3")
    change(tmp_path, "UPDATE updates SET data = x'ff' WHERE seq = 18")
    change(tmp_path, "DELETE FROM updates WHERE seq = 8")
    done = await run_meanwhile("verify", "--data", tmp_path)
    assert "The snapshot of the room room lacks what entry 3 holds." in done.out
    assert "Entry 18 of the room room is damaged (" in done.out
    assert "The log of the room room lacks the entries between 7 and 9." in done.out
    assert len(done.out.splitlines()) == 3


DAMAGE = {
    "UPDATE members SET role = 'boss'": "Member 1 is damaged (no role has such a name).",
    "UPDATE invites SET role = 'edetor'": "Invite 1 is damaged (no role has such a name).",
    "UPDATE audit SET kind = 'jjined' WHERE id = 2": "Act 2 is damaged (nothing was ever noted so).",
    "UPDATE audit SET details = '[1]' WHERE id = 1": "Act 1 is damaged (nothing was ever noted so).",
    "UPDATE sealed SET data = CAST('my word' AS bytes)": "An item of the sealed box box is damaged",
    "UPDATE members SET seen = -1": "Member 1 is damaged (one of its times is not valid).",
    "UPDATE invites SET created = -5": "Invite 1 is damaged (one of its times is not valid).",
    "UPDATE audit SET time = -1 WHERE id = 2": "Act 2 is damaged (one of its times is not valid).",
    "UPDATE rooms SET blob_bytes = 7": "The room room counts 7 bytes of images, but has 9096.",
    "UPDATE opened SET data = CAST('my word' AS bytes)": "The update with what lay in the sealed box opened is damaged",
}
"""What may become of rows of rooms, people, acts and sealed boxes, and what is said of it."""

OTHER_DAMAGE = {
    "UPDATE rooms SET epoch = ''": "The room room is damaged (it has no epoch).",
    "UPDATE invites SET used = -1": "Invite 1 is damaged (the number of its uses is not valid).",
    "UPDATE members SET secret = CAST('x' AS bytes)": "Member 1 is damaged (its secret is not valid).",
}
"""What may become of the same rows besides."""


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
@pytest.mark.parametrize("damage", [DAMAGE, OTHER_DAMAGE], ids=["some", "other"])
async def test_rows_that_hold_what_was_never_written_are_named_without_a_word_of_what_people_wrote(
    damage: dict[str, str], kind: str, tmp_path: Path, postgres: Postgres
) -> None:
    address = f"sqlite:{tmp_path}" if kind == "sqlite" else postgres.new_database()
    async with opened(address, serving=True) as store:
        room = await store.ensure_room("room", 0)
        await store.add_invite(room.id, InviteWish(Role.EDITOR), hash_secret("invite"), 1)
        await store.join(Arrival("room", hash_secret("invite"), hash_secret("ada"), None), 2)
        await store.seal(room.id, "ada", SealedItem("box", "item", {"text": "my word"}))
        await store.claim_box(room.id, "opened")
        for name, size in (("small", 1), ("large", 5000)):
            data = name.encode().ljust(size)
            await store.commit([Blob(room.id, sha256(data).digest(), "image/png", data)])
        assert await store.damage() == []
    for statement in damage:
        if kind == "sqlite":
            change(tmp_path, statement.replace("AS bytes", "AS blob"))
        else:
            first, table, rest = statement.split(" ", 2)
            execute(address, f"{first} cowrite_server.{table} {rest.replace('AS bytes', 'AS bytea')}")
    async with opened(address) as store:
        faults = await store.damage()
        assert {fault.rooms for fault in faults} == {frozenset((room.id,))}
        found = [fault.sentence for fault in faults]
        assert len(found) == len(damage)
        for sentence in damage.values():
            assert any(each.startswith(sentence) for each in found), (sentence, found)
        assert "my word" not in "".join(found)
        if damage is not DAMAGE:
            return
        for asked in (store.list_members("room"), store.list_invites("room"), store.list_acts(None, 9)):
            with pytest.raises(DamagedRow, match="is damaged"):
                await asked


async def test_what_stands_in_the_place_of_a_number_is_named_by_the_commands_that_would_tell_it(tmp_path: Path) -> None:
    async with opened(f"sqlite:{tmp_path}") as store:
        room = await store.ensure_room("room", 0)
        await store.add_invite(room.id, InviteWish(Role.EDITOR), hash_secret("invite"), 1)
        await store.join(Arrival("room", hash_secret("invite"), hash_secret("ada"), None), 2)
    for command, statement, what in (
        ("members", "UPDATE members SET seen = 'soon'", "member 1"),
        ("invites", "UPDATE invites SET expires = 'never'", "invite 1"),
        ("audit", "UPDATE audit SET time = x'00' WHERE id = 2", "act 2"),
    ):
        change(tmp_path, statement)
        assert_one_sentence(await run_meanwhile(command, "room", "--data", tmp_path), 1, f"{what} is damaged")


async def test_a_database_that_is_unsound_is_named_without_its_password_and_with_its_own_tool(
    postgres: Postgres,
) -> None:
    address = postgres.new_database()
    writers = Writers(3)
    writers.write(3)
    async with opened(address, serving=True) as store:
        room = await store.ensure_room("room", 0)
        await store.commit([Update(room.id, entry.time, None, entry.data) for entry in writers.entries])
    async with await psycopg.AsyncConnection.connect(address, autocommit=True) as database:
        await database.execute("UPDATE cowrite_server.updates SET data = '\\xff' WHERE seq = 3")
    done = await run_meanwhile("verify", "--store", address.replace("postgres@", "postgres:a-password@"))
    assert done.status == 1
    assert "a-password" not in done.out + done.errors
    assert "pg_restore" in done.errors
