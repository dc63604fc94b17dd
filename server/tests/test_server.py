"""The server as an application embeds it: health, start, end, and nothing left behind."""

from __future__ import annotations

import asyncio
import errno
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from cowrite_server import __version__
from cowrite_server.errors import CannotListen, DataFolderInUse, ServerError, StoreFailed
from cowrite_server.rooms.sealed_news import SealedNews
from cowrite_server.server import Server
from cowrite_server.settings.settings import Settings
from cowrite_server.sockets.listening import listen
from cowrite_server.store.opening import sqlite_address
from cowrite_server.store.sqlite.database import FILE_NAME
from cowrite_server.wire.protocol import Close, Role
from helpers.processes import free_port
from house import House, MakeHouse
from sync_clients import Client, until
from web import get


async def test_health_is_good_while_updates_reach_the_disk(house: House) -> None:
    status, body = await get(house.server.port, "/health")
    assert status == 200
    assert json.loads(body) == {"live": True, "ready": True, "version": __version__}


async def test_health_is_bad_while_they_do_not(house: House) -> None:
    ann = await house.client()
    with closing(sqlite3.connect(house.folder / FILE_NAME, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        await ann.write("x")
        await until(lambda: not house.server.ready)
        status, body = await get(house.server.port, "/health?now")
        assert status == 503
        assert json.loads(body)["ready"] is False
        other.execute("COMMIT")
    await ann.until_saved()
    assert (await get(house.server.port, "/health"))[0] == 200


async def test_a_room_may_be_called_health(house: House) -> None:
    ann = await house.client(room="health")
    await ann.write("fine")
    await ann.until_saved()


async def test_other_plain_requests_are_told_to_upgrade(house: House) -> None:
    for path in ("/", "/room"):  # as of somebody who looks there with a browser
        assert await get(house.server.port, path) == (426, "This is a server of cowrite: open its links in cowrite.\n")


async def test_two_servers_in_one_program_do_not_share_a_folder(house: House) -> None:
    with pytest.raises(DataFolderInUse):
        await Server.start(house.settings)
    await house.stop()
    await house.start()


async def test_a_server_that_cannot_listen_lets_go_of_its_folder(house: House, make_house: MakeHouse) -> None:
    other = Settings(store=sqlite_address(house.folder / "other"), port=house.server.port)
    with pytest.raises(CannotListen):
        await Server.start(other)
    server = await Server.start(Settings(store=other.store, port=0))
    await server.close()


async def test_a_server_that_fails_when_it_listens_already_lets_go_of_everything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(store=sqlite_address(tmp_path), port=free_port(), metrics_port=free_port())
    calm = asyncio.all_tasks()

    async def fail(*_given: object) -> None:
        raise StoreFailed("it is gone")

    with monkeypatch.context() as patched:
        patched.setattr(SealedNews, "follow", fail)
        with pytest.raises(StoreFailed):
            await Server.start(settings)
    assert asyncio.all_tasks() == calm
    server = await Server.start(settings)
    await server.close()


@pytest.mark.parametrize(
    ("port", "words"), [(80, "choose one from 1024"), (8440, "keeps this port for something else")]
)
async def test_a_port_that_the_system_does_not_give_is_answered_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, port: int, words: str
) -> None:
    async def refused(*_args: object, **_options: object) -> None:
        raise PermissionError(errno.EACCES, "error while attempting to bind")

    monkeypatch.setattr(asyncio.get_running_loop(), "create_server", refused)
    with pytest.raises(CannotListen, match=words):
        await listen(asyncio.Protocol, "127.0.0.1", port)


async def test_closing_says_goodbye_saves_and_leaves_nothing_behind(house: House) -> None:
    before = asyncio.all_tasks()
    secret = await house.secret()
    ann, ben, stock = await house.client(secret), await house.client(secret), await house.stock(secret)
    await ann.show({"name": "Ann"})
    for _ in range(30):
        await ann.write("x")
    await house.stop()
    assert {(await client.until_closed()).code for client in (ann, ben, stock)} == {Close.SHUTTING_DOWN}
    for client in (ann, ben, stock):
        await client.leave()
    await until(lambda: len(asyncio.all_tasks() - before) == 0 or asyncio.all_tasks() <= before)
    assert house.connection_count == house.room_count == 0
    assert not house.server.ready
    await house.stop()  # twice is once


async def test_closing_does_not_wait_for_clients_that_do_not_answer(house: House) -> None:
    ann = await house.client()
    ann.socket.transport.pause_reading()
    async with asyncio.timeout(4):
        await house.stop()
    ann.cut()


async def test_closing_does_not_wait_for_a_disk_that_fails(house: House) -> None:
    ann = await house.client()
    with closing(sqlite3.connect(house.folder / FILE_NAME, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        await ann.write("kept by its writer")
        await until(lambda: not house.server.ready)
        async with asyncio.timeout(8):
            await house.stop()
        other.execute("COMMIT")
    assert ann.saved < ann.sent
    await house.start()
    again = await house.client(client=Client(ann.doc))
    await again.until_saved()
    assert (await house.client()).text == "kept by its writer"


async def test_hundreds_of_visits_leave_nothing_behind(make_house: MakeHouse) -> None:
    house = await make_house(idle_seconds=0.01)
    secrets = {name: await house.secret(Role.EDITOR, name) for name in ("one", "two", "three")}
    before = len(asyncio.all_tasks())

    async def visit(number: int) -> None:
        name = ("one", "two", "three")[number % 3]
        client = Client()
        await client.open(house.server.url, name, secrets[name] if number % 4 else "wrong")
        if number % 4:
            await client.until_synced()
            await client.write("x")
        if number % 2:
            client.cut()
        await client.leave()

    for start in range(0, 300, 10):
        await asyncio.gather(*(visit(number) for number in range(start, start + 10)))
    await until(lambda: house.connection_count == house.room_count == 0)
    await until(lambda: len(asyncio.all_tasks()) <= before)  # the loop of Windows has one for each that it accepts


def test_every_error_is_one_sentence() -> None:
    from cowrite_server import errors

    for kind in vars(errors).values():
        if isinstance(kind, type) and issubclass(kind, ServerError):
            assert kind.__doc__
            assert kind.__doc__.count("\n") == 0
