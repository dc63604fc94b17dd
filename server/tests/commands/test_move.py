"""Everything that one store keeps is moved into another one, all or nothing, and people go on there."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from commands import run_meanwhile
from cowrite_server.errors import DatabaseUnusable
from cowrite_server.store.moving import TABLES
from cowrite_server.store.opening import open_store, sqlite_address
from cowrite_server.store.records import Update, hash_secret
from cowrite_server.store.sqlite.database import FILE_NAME
from cowrite_server.store.store import Store
from cowrite_server.verifying import faults
from cowrite_server.wire.members import InviteWish
from cowrite_server.wire.protocol import Role
from engines import Postgres, execute
from house import House, MakeHouse
from moves import content, fill, move
from nodes import StartNodes
from stores import document, opened
from sync_clients import Client, StockClient, until
from team import Team, members


async def people(store: Store) -> list[object]:
    """What a store says of those in a room."""
    members, invites = await store.list_members("plan-2"), await store.list_invites("plan-2")
    sealed = await store.sealed_by(2, f"member:{members[0].id}")  # in the order of the database
    return [members, invites, await store.list_acts(None, 99), {item.box: item for item in sealed}]


@pytest.fixture
def german(postgres: Postgres) -> str:
    """The address of an empty database that sorts as in German."""
    return postgres.new_database(more="LOCALE_PROVIDER icu ICU_LOCALE 'de-DE'")


async def test_everything_is_moved_from_one_kind_of_database_to_the_other_and_back(
    tmp_path: Path, german: str, postgres: Postgres
) -> None:
    first = sqlite_address(tmp_path / "first")
    async with opened(first, serving=True) as store:
        await fill(store)
        told = await people(store)
    before = await content(first)
    assert [name for name, rows in before.items() if not rows] == []
    assert "rooms 2, members 2, updates 20, blobs 3" in await move(first, german)
    with postgres.database() as other:
        await move(german, other)
        await move(other, sqlite_address(tmp_path / "last"))
    for address in (german, sqlite_address(tmp_path / "last")):
        assert await content(address) == before
        async with opened(address, serving=True) as store:
            assert await people(store) == told
            room = await store.find_room("plan-2")
            assert room is not None
            assert list(await store.commit([Update(room.id, 9, None, document(b"later"))])) == [41]
            assert (await store.add_invite(room.id, InviteWish(Role.OWNER), hash_secret("later"), 9)).id == 5
            assert (await store.ensure_room("third", 9)).id > 3  # nor is the key of the one that was forgotten given
            assert [sentence async for sentence in faults(store)] == []


async def back_again(house: House, team: Team, client: Client) -> Client:
    """Somebody who was there comes again, with the document that they have, and is who they were."""
    before = client.hello
    assert before is not None
    made = Client(client.doc, member=client.headers["Cowrite-Member"])
    await house.enter(made, await team.secret(before.role), epoch=before.epoch)
    await made.until_synced()
    assert made.hello == before._replace(now=made.hello.now)
    return made


async def test_links_roles_and_open_documents_go_on_at_the_same_address(
    make_house: MakeHouse, tmp_path: Path, postgres: Postgres
) -> None:
    house = await make_house()
    team = Team(house)
    ann, ben, eve = [
        await team.join(name, role) for name, role in (("ann", Role.OWNER), ("ben", Role.EDITOR), ("eve", Role.VIEWER))
    ]
    stock = await house.stock(await team.secret(Role.EDITOR))
    await ann.write("before")
    await ann.until_saved()
    picture_of_ben = await ben.upload(b"picture")
    await ben.until(lambda: ben.blobs_saved)
    begun = (await ann.moments()).moments[0].begun
    names = {number: each.name for number, each in (await members(ann)).items()}
    house.settings = replace(house.settings, port=house.server.port)
    with postgres.database() as database:
        for target in (database, sqlite_address(tmp_path / "back")):
            await house.stop()
            for client in (ann, ben, eve, stock):
                await client.until_closed()
            ben.body.insert(0, "offline, ")
            await move(house.settings.store, target)
            house.settings = replace(house.settings, store=target)
            await house.start()
            ann, ben, eve = [await back_again(house, team, client) for client in (ann, ben, eve)]
            stock = await house.client(await team.secret(Role.EDITOR), client=StockClient(stock.doc))
            await agree(ann, ben, eve, stock)
            assert (await ann.moments()).moments[0].begun == begun
            assert {number: each.name for number, each in (await members(ann)).items()} == names
            await eve.want(picture_of_ben)
            await until(partial(eve.blobs.get, picture_of_ben))
            assert eve.blobs[picture_of_ben] == b"picture"
            await stock.write(", after")
            await agree(ann, ben, eve, stock, await house.client(await team.secret(Role.EDITOR)))
        assert stock.text == "offline, offline, before, after, after"
        await house.stop()


async def agree(*clients: Client) -> None:
    """Waits until all clients have the same text."""
    await until(lambda: len({client.text for client in clients}) == 1)


async def test_a_store_from_which_a_server_serves_is_not_moved_and_none_serves_meanwhile(
    house: House, start_nodes: StartNodes, tmp_path: Path
) -> None:
    nodes = await start_nodes(1)
    empty = sqlite_address(tmp_path / "empty")
    async with opened(empty):
        pass
    for served, words in ((house.settings.store, "is in use by"), (nodes.settings.store, "stop all nodes")):
        for places in ((served, empty), (empty, served)):
            done = await run_meanwhile("move", *places)
            assert (done.status, words in done.errors) == (1, True), done.errors
    await nodes.servers[0].close()
    store = await open_store(nodes.settings.store, alone=True)
    try:
        with pytest.raises(DatabaseUnusable, match="`cowrite-server move` works on it"):
            await open_store(nodes.settings.store, serving=True)
        async with opened(nodes.settings.store) as command:
            assert await command.list_rooms() == []
    finally:
        await store.close()
    async with opened(nodes.settings.store, serving=True):
        pass


async def test_nothing_is_moved_into_a_store_that_is_not_empty(tmp_path: Path, address: str) -> None:
    source = sqlite_address(tmp_path / "source")
    async with opened(source, serving=True) as store:
        await fill(store)
    async with opened(address) as store:
        await store.ensure_room("mine", 1)
    before = await content(address)
    done = await run_meanwhile("move", source, address)
    assert (done.status, "already, and it was left as it is; name an empty store" in done.errors) == (1, True)
    assert await content(address) == before
    for itself in (source, sqlite_address(tmp_path / "elsewhere" / ".." / "source")):
        assert "There is something in" in (await run_meanwhile("move", source, itself)).errors


async def test_a_room_with_an_unsound_log_is_named_and_nothing_is_moved(tmp_path: Path, address: str) -> None:
    source = tmp_path / "source"
    async with opened(sqlite_address(source), serving=True) as store:
        await fill(store)
    with closing(sqlite3.connect(source / FILE_NAME, isolation_level=None)) as connection:
        connection.execute("UPDATE updates SET data = x'ff' WHERE room = 2 AND seq = 37")
    done = await run_meanwhile("move", sqlite_address(source), address)
    assert done.status == 1
    assert "37 of the room plan-2 is damaged" in done.errors
    assert "Nothing was moved; `cowrite-server verify`" in done.errors
    assert await run_meanwhile("forget", "plan-2", "--yes", "--data", source)
    assert "rooms 1," in await move(sqlite_address(source), address)


def spoil(address: str, *statements: str) -> None:
    """Changes rows of a store behind its back."""
    for statement in statements:
        if address.startswith("sqlite:"):
            path = Path(address.removeprefix("sqlite:")) / FILE_NAME
            with closing(sqlite3.connect(path, isolation_level=None)) as connection:
                connection.execute(statement.replace("AS bytes", "AS blob"))
        else:
            execute(address, f"SET search_path = cowrite_server; {statement.replace('AS bytes', 'AS bytea')}")


async def test_unsound_rooms_stay_behind_where_the_host_says_so(tmp_path: Path, address: str) -> None:
    async with opened(address, serving=True) as store:
        await fill(store)
        await store.ensure_room("third", 1)
    spoil(
        address,
        "UPDATE updates SET data = CAST('x' AS bytes) WHERE room = 2 AND seq = 37",
        "UPDATE members SET role = 'boss' WHERE room = 2",
        "UPDATE blobs SET data = CAST('x' AS bytes) WHERE length(data) = 9000 * length('plan-2')",
        "UPDATE rooms SET blob_bytes = 1 WHERE name = 'third'",
    )
    before = await content(address)
    target = sqlite_address(tmp_path / "target")
    for stays, words in (
        ((), "or move all but the rooms plan-2, third: `--without plan-2 --without third` leaves them behind."),
        (("third",), "or move all but the room plan-2: `--without plan-2` leaves it behind."),
        (("nowhere",), "There is no room nowhere in this store; check its name, and FROM."),
    ):
        done = await run_meanwhile("move", address, target, *(f"--without={room}" for room in stays))
        assert (done.status, words in done.errors) == (1, True), done.errors
        assert not any((await content(target)).values())
    done = await run_meanwhile("move", address, target, "--without", "third", "--without", "plan-2")
    assert (done.status, done.errors) == (0, "")
    assert "rooms 1, members 1, updates 10, blobs 2" in done.out
    assert "Left behind, and in" in done.out
    assert "only: plan-2, third. No link opens them where the rest is." in done.out
    moved = await content(target)
    images = {row[-1] for row in moved["room_blobs"]}
    for table in TABLES:
        columns = list(table.columns)
        room = columns.index("id" if table.name == "rooms" else "room") if table.name != "blobs" else None
        if room is None:
            kept = [row for row in before["blobs"] if row[columns.index("hash")] in images]
        else:
            kept = [row for row in before[table.name] if row[room] not in (2, 4)]
        assert moved[table.name] == kept
    assert await content(address) == before


async def test_what_is_unsound_in_several_rooms_or_in_none_is_not_laid_on_one(tmp_path: Path) -> None:
    source, target = sqlite_address(tmp_path / "source"), sqlite_address(tmp_path / "target")
    async with opened(source, serving=True) as store:
        await fill(store)
    spoil(source, "UPDATE blobs SET data = x'00' WHERE length(data) < 20")
    for stays, words in (
        ((), "`--without Plan~1.b --without plan-2` leaves them"),
        (("plan-2",), "`--without Plan~1.b` leaves it"),
    ):
        done = await run_meanwhile("move", source, target, *(f"--without={room}" for room in stays))
        assert (done.status, words in done.errors) == (1, True), done.errors
    spoil(source, "UPDATE audit SET kind = 'odd' WHERE room IS NULL")
    done = await run_meanwhile("move", source, target, "--without", "plan-2", "--without", "Plan~1.b")
    assert (done.status, "--without" in done.errors) == (1, False)
    assert done.errors.endswith("says all that is unsound. Restore a sound backup first.\n")
