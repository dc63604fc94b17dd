"""Opening a store in PostgreSQL: which databases are taken, made and brought up to date, and what is said of others."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import time
from asyncio.subprocess import PIPE
from contextlib import AsyncExitStack, closing

import psycopg
import pytest

from cowrite_server.errors import CannotListen, DatabaseUnusable, ForeignData, NewerData
from cowrite_server.server import Server
from cowrite_server.settings.settings import Settings
from cowrite_server.store.member_records import Arrival, Joined
from cowrite_server.store.opening import open_store
from cowrite_server.store.postgres import database as postgres_database
from cowrite_server.store.postgres.schema import DATA_VERSION, STEPS
from cowrite_server.store.records import NO_SPACE, Blob, Moment, Snapshot, Update, hash_secret
from cowrite_server.wire.members import InviteWish
from cowrite_server.wire.protocol import Role
from engines import execute
from helpers.processes import free_port
from server_process import COMMAND
from stores import opened
from sync_clients import until_true


def old_database(address: str) -> None:
    """Tables of version 1, with one room."""
    execute(
        address,
        f"{STEPS[0]}; INSERT INTO cowrite_server.data VALUES (1, 7);"
        "INSERT INTO cowrite_server.rooms (name, epoch, created, last) VALUES ('room', 'epoch', 0, 2);"
        "INSERT INTO cowrite_server.updates SELECT id, 1, 0, NULL, 'a' FROM cowrite_server.rooms;"
        "INSERT INTO cowrite_server.updates SELECT id, 2, 0, NULL, 'b' FROM cowrite_server.rooms;"
        "INSERT INTO cowrite_server.snapshots SELECT id, 1, 0, 'as it was then' FROM cowrite_server.rooms",
    )


async def test_an_older_database_is_brought_up_to_date_once_with_all_that_it_holds(address: str) -> None:
    old_database(address)
    async with AsyncExitStack() as stack:
        nodes = await asyncio.gather(*(stack.enter_async_context(opened(address, serving=True)) for _ in range(8)))
        room = await nodes[0].find_room("room")
        assert room is not None
        assert room.epoch == "epoch"
        history = await nodes[1].read_history(room.id)
        assert (history.snapshot, history.moments, history.fine_from) == (None, [], 1)
        assert [entry.data for entry in history.entries] == [b"a", b"b"]
        assert await nodes[2].commit([Update(room.id, 0, None, b"c")]) == [3]
        assert await nodes[3].changes_by_others() == 7
        assert await nodes[4].compact(0, Snapshot(room.id, 3, 0, b"abc"), [Moment(room.id, 1, 3, 0, 0, b"")])
        assert await nodes[5].damage() == []


async def test_invites_of_an_older_database_become_members_under_their_numbers(address: str) -> None:
    execute(
        address,
        f"{STEPS[0]}; {STEPS[1]}; INSERT INTO cowrite_server.data VALUES (2, 7);"
        "INSERT INTO cowrite_server.rooms (name, epoch, created, last) VALUES ('room', 'epoch', 0, 2);"
        "INSERT INTO cowrite_server.invites (room, role, secret, created, withdrawn) "
        "SELECT id, 'editor', sha256('good'), 10, NULL FROM cowrite_server.rooms;"
        "INSERT INTO cowrite_server.invites (room, role, secret, created, withdrawn) "
        "SELECT id, 'owner', sha256('withdrawn'), 12, 90 FROM cowrite_server.rooms;"
        "INSERT INTO cowrite_server.updates SELECT id, 1, 50, 1, 'a' FROM cowrite_server.rooms;"
        "INSERT INTO cowrite_server.updates SELECT id, 2, 60, 2, 'b' FROM cowrite_server.rooms",
    )
    async with opened(address, serving=True) as store:
        members = await store.list_members("room")
        assert [(each.id, each.invite, each.role, each.joined, each.seen, each.removed) for each in members] == [
            (1, 1, Role.EDITOR, 10, 50, None),
            (2, 2, Role.OWNER, 12, 60, 90),
        ]
        assert [(each.id, each.withdrawn, each.used) for each in await store.list_invites("room")] == [
            (1, None, 1),
            (2, 90, 1),
        ]
        joined = await store.join(Arrival("room", hash_secret("good")), 100)
        assert isinstance(joined, Joined)
        assert joined.member.id == 1
        newcomer = await store.join(Arrival("room", hash_secret("good"), hash_secret("ada"), "Ada"), 100)
        assert isinstance(newcomer, Joined)
        assert newcomer.member.id == 3
        assert await store.commit([Update(joined.room.id, 0, newcomer.member.id, b"c")]) == [3]
        assert (await store.add_invite(joined.room.id, InviteWish(Role.VIEWER), hash_secret("new"), 100)).id == 3
        assert await store.changes_by_others() > 7
        assert await store.damage() == []


async def test_images_of_an_older_database_count_for_what_their_room_may_have(address: str) -> None:
    old_database(address)
    execute(
        address,
        "INSERT INTO cowrite_server.blobs SELECT name::bytea, 'image/png', content::bytea "
        "FROM (VALUES ('large', repeat('x', 10000)), ('small', 'x')) AS images (name, content);"
        "INSERT INTO cowrite_server.room_blobs SELECT id, hash FROM cowrite_server.rooms, cowrite_server.blobs",
    )
    async with opened(address, serving=True) as store:
        room = await store.find_room("room")
        assert room is not None
        more = Blob(room.id, b"more", "image/png", bytes(5000))
        assert await store.commit([more], 10_000 + 4096 + 4999) == [NO_SPACE]
        assert await store.commit([more], 10_000 + 4096 + 5000) == [0]


async def test_an_update_to_a_new_version_that_fails_leaves_the_old_one(address: str) -> None:
    old_database(address)
    execute(address, "CREATE TABLE cowrite_server.moments (in_the_way int)")
    with pytest.raises(DatabaseUnusable, match="moments"):
        await open_store(address, serving=True)
    with psycopg.connect(address) as connection:
        assert connection.execute("SELECT version FROM cowrite_server.data").fetchall() == [(1,)]
        assert connection.execute("SELECT count(*) FROM cowrite_server.snapshots").fetchall() == [(1,)]


async def test_bringing_a_large_database_up_to_date_may_take_long_also_for_nodes_that_wait_for_it(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    old_database(address)
    monkeypatch.setattr(postgres_database, "STEPS", (*STEPS[:-1], f"{STEPS[-1]}; SELECT pg_sleep(0.5)"))
    monkeypatch.setattr(postgres_database, "_STATEMENT_MILLISECONDS", 300)
    monkeypatch.setattr(postgres_database, "_LOCK_MILLISECONDS", 300)
    async with AsyncExitStack() as stack:
        nodes = await asyncio.gather(*(stack.enter_async_context(opened(address, serving=True)) for _ in range(2)))
        assert {await node.changes_by_others() for node in nodes} == {7}


async def test_a_node_that_waits_for_its_turn_ends_when_it_is_told_to(address: str) -> None:
    waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    async with await psycopg.AsyncConnection.connect(address, autocommit=True) as other:
        await other.execute("SELECT pg_advisory_lock(%s)", (postgres_database._TURN,))
        command = [*COMMAND, "serve", "--store", address, "--port", "0", "--drain-seconds", "0.1"]
        node = await asyncio.create_subprocess_exec(*command, stderr=PIPE)

        async def waits() -> bool:
            return await (await other.execute(waiting)).fetchall() == [(1,)]

        await until_true(waits)
        node.terminate()
        assert "takes too long" in (await node.communicate())[1].decode()
        assert node.returncode == 1


async def test_nodes_that_start_at_one_time_make_the_tables_once(address: str) -> None:
    async with AsyncExitStack() as stack:
        nodes = await asyncio.gather(*(stack.enter_async_context(opened(address, serving=True)) for _ in range(8)))
        room = await nodes[0].ensure_room("room", 0)
        assert {await node.find_room("room") for node in nodes} == {room}


@pytest.mark.parametrize(("shift", "said"), [(-180.0, " s behind"), (180.0, " s ahead of"), (2.0, None)])
async def test_a_node_whose_clock_is_not_the_database_s_says_so(
    address: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, shift: float, said: str | None
) -> None:
    now = time.time
    monkeypatch.setattr(postgres_database.time, "time", lambda: now() + shift)
    async with opened(address, serving=True):
        assert [said in record.getMessage() for record in caplog.records if said] == [True] * (said is not None)
    caplog.clear()


async def test_a_database_without_tables_is_made_by_those_who_may_only(address: str) -> None:
    with pytest.raises(DatabaseUnusable, match="holds no data of cowrite-server"):
        await open_store(address, make=False)
    async with opened(address):
        pass
    await (await open_store(address, make=False)).close()


async def test_no_tables_are_made_by_a_node_that_cannot_have_its_port(address: str) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(CannotListen):
            await Server.start(Settings(store=address, port=taken.getsockname()[1]))
    with pytest.raises(DatabaseUnusable, match="holds no data of cowrite-server"):
        await open_store(address, make=False)


async def test_a_newer_database_is_left_as_it_is(address: str) -> None:
    async with opened(address) as store:
        await store.ensure_room("room", 0)
    execute(address, "UPDATE cowrite_server.data SET version = 1000")
    with pytest.raises(NewerData, match="data version 1000"):
        await open_store(address)
    execute(address, f"UPDATE cowrite_server.data SET version = {DATA_VERSION}")
    async with opened(address) as store:
        assert await store.find_room("room") is not None


@pytest.mark.parametrize("loss", ["DELETE FROM cowrite_server.data", "DROP TABLE cowrite_server.data"])
async def test_tables_that_do_not_say_their_version_are_left_as_they_are(address: str, loss: str) -> None:
    async with opened(address):
        pass
    execute(address, loss)
    with pytest.raises(ForeignData):
        await open_store(address)


async def test_a_database_into_which_a_backup_was_restored_in_part_is_refused_with_what_to_do(address: str) -> None:
    async with opened(address):
        pass
    execute(address, "DROP TABLE cowrite_server.moments")
    for serving in (True, False):
        with pytest.raises(DatabaseUnusable, match=r"no table moments; .* --single-transaction"):
            await open_store(address, serving=serving)


@pytest.mark.parametrize("columns", ["content text", "version text", "version int"])
async def test_another_program_s_schema_of_the_same_name_is_foreign_and_left_as_it_is(
    address: str, columns: str
) -> None:
    execute(
        address,
        f"CREATE SCHEMA cowrite_server; CREATE TABLE cowrite_server.data ({columns}, x int);"
        "INSERT INTO cowrite_server.data VALUES (NULL, 5)",
    )
    for make in (True, False):
        with pytest.raises(ForeignData, match="not a database of cowrite-server; choose another place"):
            await open_store(address, make=make)
    with psycopg.connect(address) as connection:
        assert connection.execute("SELECT * FROM cowrite_server.data").fetchall() == [(None, 5)]


async def test_a_database_that_cannot_be_reached_is_named_without_its_password() -> None:
    with pytest.raises(DatabaseUnusable) as caught:
        await open_store(f"postgresql://user:pass-word@127.0.0.1:{free_port()}/name")
    assert "127.0.0.1/name" in str(caught.value)
    assert "pass-word" not in str(caught.value)


async def test_a_database_in_which_its_user_may_make_nothing_is_named_with_what_to_do(address: str) -> None:
    execute(address, "DROP ROLE IF EXISTS guest; CREATE ROLE guest LOGIN")
    with pytest.raises(DatabaseUnusable, match=r"permission denied for database .*; let the user .* own the database"):
        await open_store(address.replace("postgres@", "guest@"))


@pytest.mark.parametrize(("module", "extra"), [("psycopg", "postgres"), ("redis", "redis")])
def test_what_is_not_installed_is_named(module: str, extra: str) -> None:
    script = (
        f"import sys; sys.modules[{module!r}] = None\n"
        "from cowrite_server.commands.cli import main\n"
        "sys.exit(main(['serve', '--store', 'postgresql://host/name', '--bus', 'redis://host']))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"the extra {extra}" in done.stderr
    assert f"`{sys.executable} -m pip install --require-hashes -r requirements/nodes.txt`" in done.stderr
    assert done.stderr.count("\n") == 1
