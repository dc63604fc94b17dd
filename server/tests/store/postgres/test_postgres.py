"""The store in PostgreSQL at work: what is particular to it; what it shares with others is in `test_store`."""

from __future__ import annotations

import asyncio
import re
import shlex
import subprocess
import sys
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from cowrite_server.errors import BackedUpElsewhere, DatabaseUnusable, StoreFailed
from cowrite_server.store import joining
from cowrite_server.store.backups import restore_store
from cowrite_server.store.member_records import Arrival, Joined
from cowrite_server.store.postgres import database as postgres_database
from cowrite_server.store.postgres import store as postgres
from cowrite_server.store.postgres.database import Connection, connect, options_of
from cowrite_server.store.postgres.schema import STEPS
from cowrite_server.store.postgres.store import PostgresStore
from cowrite_server.store.records import Blob, Moment, RoomRecord, Snapshot
from cowrite_server.store.rules import Entrance, entrance
from cowrite_server.store.store import Store
from cowrite_server.wire.members import InviteWish
from cowrite_server.wire.protocol import Close, Role
from deploy.test_deploy import DEPLOY
from engines import Postgres, execute, postgres_programs
from log_entries import data_of, update
from relays import Silent
from stores import opened


async def test_a_store_leaves_a_database_that_says_nothing_for_the_one_that_took_over(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = urlsplit(address).port
    assert port is not None
    async with Silent(port) as frozen:
        both = address.replace(f":{port}/", f":{frozen.port},127.0.0.1:{port}/")
        async with opened(both, serving=True) as store:
            room = await store.ensure_room("room", 0)
            assert await store.commit([update(room, b"a")]) == [1]
            frozen.silent = True
            frozen.stop_listening()
            with monkeypatch.context() as hurry:
                hurry.setattr(postgres, "PATIENCE", 0.2)
                with pytest.raises(StoreFailed):
                    await store.commit([update(room, b"b")])
            assert await store.commit([update(room, b"b")]) == [2]
            monkeypatch.setattr(postgres_database, "_SIGN_OF_LIFE", 0.5)
            assert await data_of(store, room) == [b"a", b"b"]


# Commits whose end is not known


async def test_nodes_that_lock_the_same_rooms_in_any_order_do_not_wait_for_each_other(address: str) -> None:
    async with AsyncExitStack() as stack:
        nodes = [await stack.enter_async_context(opened(address)) for _ in range(6)]
        rooms = [await nodes[0].ensure_room(name, 0) for name in "abcd"]

        async def write(node: Store, order: list[RoomRecord]) -> None:
            for _ in range(30):
                await node.commit([update(room, b"x") for room in order])

        orders = 2 * [rooms, rooms[::-1], rooms[2:] + rooms[:2]]
        async with asyncio.timeout(60):
            await asyncio.gather(*(write(node, order) for node, order in zip(nodes, orders, strict=True)))
        assert set((await nodes[0].last_numbers([room.id for room in rooms])).values()) == {180}


async def test_nodes_that_keep_the_same_blobs_in_any_order_do_not_wait_for_each_other(address: str) -> None:
    async with AsyncExitStack() as stack:
        nodes = [await stack.enter_async_context(opened(address)) for _ in range(6)]
        rooms = [await node.ensure_room(f"room{number}", 0) for number, node in enumerate(nodes)]

        async def write(number: int) -> None:
            for turn in range(30):
                hashes = [bytes((turn, part)) for part in range(8)]
                order = hashes[::-1] if number % 2 else hashes
                await nodes[number].commit([Blob(rooms[number].id, each, "image/png", b"") for each in order])

        async with asyncio.timeout(60):
            await asyncio.gather(*map(write, range(6)))
        assert await nodes[0].read_blob(rooms[5].id, bytes((29, 7))) is not None


# The database goes and comes back


@pytest.mark.parametrize("how", ["fast", "immediate"])
async def test_a_store_goes_on_when_the_database_is_back(postgres: Postgres, store: Store, how: str) -> None:
    room = await store.ensure_room("room", 0)
    assert await store.commit([update(room, b"a")]) == [1]
    await asyncio.to_thread(postgres.stop, how)
    try:
        with pytest.raises(StoreFailed):
            await store.commit([update(room, b"b")])
        with pytest.raises(StoreFailed):
            await store.commit([update(room, b"b")])
    finally:
        await asyncio.to_thread(postgres.start)
    assert await store.commit([update(room, b"b"), update(room, b"c")]) == [2, 3]
    assert await data_of(store, room) == [b"a", b"b", b"c"]
    await store.add_invite(room.id, InviteWish(Role.VIEWER), b"secret", 0)
    assert [invite.role for invite in await store.list_invites("room")] == [Role.VIEWER]


async def test_a_lost_connection_is_replaced_without_a_word(address: str, store: Store) -> None:
    await store.ensure_room("room", 0)
    execute(
        address,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE pid <> pg_backend_pid() AND application_name = 'cowrite-server'",
    )
    assert await store.find_room("room") is not None


async def test_a_node_holds_as_many_connections_as_the_host_is_told(address: str, store: Store) -> None:
    guide = (DEPLOY / "README.md").read_text(encoding="utf-8")
    assert "up to five connections, and four more while documents are restored" in guide
    rooms = [await store.ensure_room(f"room-{number}", 0) for number in range(4)]

    async def held(connection: Connection) -> int:
        of_nodes = "pid <> pg_backend_pid() AND application_name = 'cowrite-server'"
        cursor = await connection.execute(f"SELECT count(*) FROM pg_stat_activity WHERE {of_nodes}".encode())
        return sum([row[0] for row in await cursor.fetchall()])

    together = asyncio.Barrier(4)

    async def ask(_connection: Connection) -> None:
        await together.wait()

    async with AsyncExitStack() as turns:
        counting = await connect(options_of(address))
        turns.push_async_callback(counting.close)
        before = await held(counting)
        node = await PostgresStore.open(address, serving=True)
        turns.push_async_callback(node.close)
        await asyncio.gather(*(node._ask(ask) for _ in range(12)), node.commit([update(rooms[0], b"x")]))
        busy = await held(counting)
        for room in rooms:
            await turns.enter_async_context(node.turn_to_restore(room.id))
        assert (busy - before, await held(counting) - busy) == (5, 4)


# History


async def test_of_nodes_that_compact_a_room_at_one_time_one_does(address: str, store: Store) -> None:
    room = await store.ensure_room("room", 0)
    await store.commit([update(room, b"x") for _ in range(20)])
    async with AsyncExitStack() as stack:
        nodes = [await stack.enter_async_context(opened(address)) for _ in range(6)]
        for base in range(20):

            async def compact(node: int, base: int = base) -> bool:
                made = Snapshot(room.id, base + 1, 0, bytes((node,)))
                return await nodes[node].compact(base, made, [Moment(room.id, base + 1, base + 1, 0, 0, made.data)])

            done = await asyncio.gather(*map(compact, range(6)))
            history = await store.read_history(room.id)
            assert history.snapshot is not None
            assert done.count(True) == 1
            assert history.snapshot.data == history.moments[-1].data == bytes((done.index(True),))
    assert [moment.last for moment in history.moments] == list(range(1, 21))
    assert not await store.compact(7, Snapshot((await store.ensure_room("other", 0)).id, 8, 0, b""), [])


async def test_nodes_that_thin_a_room_at_one_time_delete_what_the_snapshot_holds(address: str, store: Store) -> None:
    room = await store.ensure_room("room", 0)
    await store.commit([update(room, b"x") for _ in range(100)])
    assert await store.compact(0, Snapshot(room.id, 80, 0, b""), [Moment(room.id, 1, 80, 0, 0, b"")])
    async with AsyncExitStack() as stack:
        nodes = [await stack.enter_async_context(opened(address)) for _ in range(6)]

        async def thin(node: Store) -> int:
            deleted = 0
            while more := await node.thin(room.id, 1, 3):
                deleted += more
                await store.commit([update(room, b"y")])  # which waits for none of them
            assert len(await node.read_after(room.id, 0, upto=80)) == 0
            return deleted

        async with asyncio.timeout(60):
            assert sum(await asyncio.gather(*map(thin, nodes))) == 80
    history = await store.read_history(room.id)
    assert [entry.seq for entry in history.entries] == list(range(81, 101 + 27))
    assert history.fine_from == 81
    assert await store.damage() == []


async def test_what_was_lost_without_a_trace_in_the_log_is_found(address: str, store: Store) -> None:
    room = await store.ensure_room("room", 0)
    await store.commit([update(room, b"x") for _ in range(3)])
    execute(address, "DELETE FROM cowrite_server.updates WHERE seq = 3")
    assert await store.damage() == [
        ("The room room has given the numbers up to 3, but holds entries up to 2.", {room.id})
    ]
    execute(address, "SET session_replication_role = replica; DELETE FROM cowrite_server.rooms")
    lost = ("A row of the table updates belongs to a row of rooms that is not there.", {room.id})
    assert await store.damage() == [lost, lost]
    execute(address, "DROP TABLE cowrite_server.moments")
    assert ('The database is damaged: relation "cowrite_server.moments" does not exist.', set()) in await store.damage()


async def test_a_table_that_cannot_be_read_is_found(postgres: Postgres, address: str, store: Store) -> None:
    room = await store.ensure_room("room", 0)
    await store.commit([update(room, b"x")])
    execute(address, "SELECT lo_from_bytea(4711, decode(repeat('7f', 8192), 'hex'))")
    execute(address, "CHECKPOINT")
    await asyncio.to_thread(postgres.stop)
    await asyncio.to_thread(postgres.start)
    execute(
        address,
        "SELECT lo_export(4711, current_setting('data_directory') || '/' || "
        "pg_relation_filepath('cowrite_server.updates'))",
    )
    found = await store.damage()
    assert [fault for fault in found if "invalid page" in fault.sentence] == found != []


async def test_what_is_done_while_somebody_is_let_in_is_news_to_their_node(
    address: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = await store.ensure_room("room", 0)
    await store.add_invite(room.id, InviteWish(Role.EDITOR), b"invite", 0)
    arrival = Arrival("room", b"invite", b"ada")
    await store.join(arrival, 1)

    def let_in(*given: Any) -> Entrance | Close:
        act = "SELECT id, 0, 'removed', '{\"member\": 1}' FROM cowrite_server.rooms"
        execute(address, f"INSERT INTO cowrite_server.audit (room, time, kind, details) {act}")
        return entrance(*given)

    monkeypatch.setattr(joining, "entrance", let_in)
    joined = await store.join(arrival, 2)
    assert isinstance(joined, Joined)
    assert joined.act < (await store.last_acts([room.id]))[room.id]


async def test_a_backup_is_the_matter_of_the_tools_of_the_database(address: str, store: Store, tmp_path: Path) -> None:
    with pytest.raises(BackedUpElsewhere, match="pg_dump") as caught:
        await store.back_up(tmp_path / "backup")
    assert "127.0.0.1/" in str(caught.value)
    with pytest.raises(BackedUpElsewhere, match="pg_restore"):
        restore_store(address, tmp_path / "backup", keep_epochs=False, stamp="stamp", now=0)


async def carry_out(program: str, address: str, backup: Path) -> None:
    """Runs the command of the host's guide that begins with a tool of the database."""
    programs = postgres_programs()
    assert programs is not None
    guide = (DEPLOY / "README.md").read_text(encoding="utf-8")
    [line] = re.findall(rf"^{program} .*$", guide, re.MULTILINE)
    words = {"DATABASE": address, "FILE": str(backup), "--file=FILE": f"--file={backup}"}
    command = [words.get(word, word) for word in shlex.split(line)]
    await asyncio.to_thread(subprocess.run, [programs / command[0], *command[1:]], check=True, capture_output=True)


@pytest.mark.parametrize("version", [3, len(STEPS)])
async def test_the_commands_of_the_guide_put_back_a_backup_of_this_version_and_of_an_older_one(
    address: str, tmp_path: Path, version: int
) -> None:
    for statement in (*STEPS[:version], f"INSERT INTO cowrite_server.data VALUES ({version}, 0)"):
        execute(address, statement)
    execute(address, "INSERT INTO cowrite_server.rooms (name, epoch, created) VALUES ('room', 'e', 0)")
    backup = tmp_path / "backup"
    await carry_out("pg_dump", address, backup)
    async with opened(address, serving=True) as store:
        room = await store.ensure_room("room", 0)
        await store.commit([update(room, b"after")])
    await carry_out("psql", address, backup)
    await carry_out("pg_restore", address, backup)
    async with opened(address, serving=True) as store:
        assert await store.find_room("room") == room
        assert await data_of(store, room) == []
        assert await store.commit([update(room, b"again")]) == [1]


@pytest.mark.parametrize("encoding", ["UTF8", "SQL_ASCII"])
async def test_every_name_is_kept_in_a_database_that_takes_every_text(postgres: Postgres, encoding: str) -> None:
    address = postgres.new_database(encoding)
    async with opened(f"{address}?client_encoding=LATIN1", serving=True) as store:
        room = await store.ensure_room("room", 0)
        invite = await store.add_invite(room.id, InviteWish(Role.EDITOR), b"secret", 0)
        joined = await store.join(Arrival("room", b"secret", b"own", "Łukasz 中😀", None), 1)
        assert isinstance(joined, Joined)
        assert (joined.member.name, joined.member.invite) == ("Łukasz 中😀", invite.id)
        assert [act.deed.kind for act in await store.list_acts("room", 9)] == ["joined", "invited"]


async def test_a_database_that_does_not_take_every_text_is_refused_and_left_empty(postgres: Postgres) -> None:
    address = postgres.new_database("LATIN1")
    with pytest.raises(DatabaseUnusable, match="LATIN1; make one with `createdb --encoding=UTF8"):
        await PostgresStore.open(address, serving=True)
    async with await connect(options_of(address)) as connection:
        [(there,)] = await (await connection.execute("SELECT to_regnamespace('cowrite_server') IS NOT NULL")).fetchall()
        assert not there


async def test_a_database_that_lets_nobody_in_says_why_in_few_words(postgres: Postgres) -> None:
    where = f'connection to server at "127.0.0.1", port {postgres.port} failed'
    with pytest.raises(DatabaseUnusable) as found:
        await PostgresStore.open(f"{postgres.address}/nowhere", make=False)
    name = "127.0.0.1/nowhere"
    assert str(found.value) == f'The database {name} cannot be used: {where}: database "nowhere" does not exist.'


async def test_a_commit_waits_for_the_disk_even_where_the_database_would_not(postgres: Postgres) -> None:
    address = postgres.new_database()
    name = urlsplit(address).path[1:]
    execute(address, f"ALTER DATABASE {name} SET synchronous_commit = off")
    async with await connect(options_of(address)) as connection:
        assert await (await connection.execute("SHOW synchronous_commit")).fetchone() == ("on",)


async def test_the_database_does_not_hold_for_hours_what_a_lost_machine_had_locked(postgres: Postgres) -> None:
    async with await connect(options_of(postgres.new_database())) as connection:
        settings = "current_setting('tcp_keepalives_idle'), current_setting('tcp_keepalives_interval')"
        cursor = await connection.execute(f"SELECT {settings}, current_setting('tcp_keepalives_count')")
        idle, between, times = map(int, await cursor.fetchone() or ())
    assert 0 < idle + between * times <= 15  # seconds until it sees that nobody answers


async def test_writers_wait_for_each_other_even_where_the_database_would_have_them_fail(postgres: Postgres) -> None:
    address = postgres.new_database()
    execute(address, f"ALTER DATABASE {urlsplit(address).path[1:]} SET default_transaction_isolation = serializable")
    async with opened(address, serving=True) as store, opened(address, serving=True) as other:
        room = await store.ensure_room("room", 0)
        for _ in range(20):
            await asyncio.gather(*(each.commit([update(room, b"x")]) for each in (store, other)))
        assert len(await data_of(store, room)) == 40


def test_the_store_works_on_the_loop_of_the_server(address: str) -> None:
    pytest.importorskip("uvloop")
    script = (
        "import asyncio, sys, uvloop\n"
        "from cowrite_server.store.opening import open_store\n"
        "from cowrite_server.store.records import Update\n"
        "async def main():\n"
        "    store = await open_store(sys.argv[1], serving=True)\n"
        "    room = await store.ensure_room('room', 0)\n"
        "    print([await store.commit([Update(room.id, 0, None, bytes(100_000))]) for _ in range(10)][-1])\n"
        "    print(len(await store.read_after(room.id, 0)))\n"
        "    await store.close()\n"
        "with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:\n"
        "    runner.run(main())\n"
    )
    done = subprocess.run([sys.executable, "-c", script, address], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("[10]\n10\n", "")
