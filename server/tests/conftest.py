"""What the server's tests share: servers on free ports with real databases, and clients that are closed after use."""

from __future__ import annotations

import logging
import shutil
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from cowrite_server.settings.settings import Settings
from cowrite_server.store.opening import sqlite_address
from cowrite_server.store.records import RoomRecord
from cowrite_server.store.store import Store

sys.path.insert(0, str(Path(__file__).parent))

from desk import Desk
from engines import Postgres, Redis, missing, needed_postgres_programs
from house import House, MakeHouse
from nodes import Nodes, StartNodes
from stores import OpenStore, opened
from team import Team


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server."""
    server = Postgres(needed_postgres_programs())
    yield server
    server.close()


@pytest.fixture(scope="session")
def redis() -> Iterator[Redis]:
    """A Redis server."""
    if sys.platform == "win32":
        pytest.skip("there is no Redis for Windows")
    program = shutil.which("redis-server")
    if program is None:
        missing("redis-server")
    server = Redis(program)
    yield server
    server.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty store, of each kind in turn."""
    if request.param == "sqlite":
        yield sqlite_address(tmp_path / "data")
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    with postgres.database() as address:
        yield address


@pytest.fixture
async def another(address: str) -> AsyncIterator[OpenStore]:
    """Opens the same store once more, as another process or node would."""
    async with AsyncExitStack() as stack:

        async def open_another() -> Store:
            return await stack.enter_async_context(opened(address))

        yield open_another


@pytest.fixture
async def store(address: str) -> AsyncIterator[Store]:
    """A store as a server has it."""
    async with opened(address, serving=True) as made:
        yield made


@pytest.fixture
async def room(store: Store) -> RoomRecord:
    """A room without anything in it."""
    return await store.ensure_room("room", 5)


@pytest.fixture(autouse=True)
def no_surprises_in_the_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fails a test in which the server logs an exception, or asyncio or websockets complain."""
    yield
    for record in caplog.get_records("call"):
        if record.getMessage() == "socket.send() raised exception.":
            continue  # a client of the test that writes on after the server was killed
        foreign = record.name.startswith(("asyncio", "websockets")) and record.levelno >= logging.WARNING
        assert not foreign, record.getMessage()
        assert record.exc_info is None, record.getMessage()


@pytest.fixture
async def make_house(tmp_path: Path) -> AsyncIterator[MakeHouse]:
    """Makes houses with settings of their own, with a server each."""
    async with AsyncExitStack() as stack:

        async def make(**changes: object) -> House:
            folder = tmp_path / "data"
            # Tests write, wait for the acknowledgement, and write again; nobody who types does.
            settings = Settings(store=sqlite_address(folder), port=0, commit_seconds=0.03)
            house = House(folder, replace(settings, **changes), stack)
            stack.push_async_callback(house.close)
            await house.start()
            return house

        yield make


@pytest.fixture
async def house(make_house: MakeHouse) -> House:
    """A server with the usual settings."""
    return await make_house()


@pytest.fixture
def team(house: House) -> Team:
    """Nobody yet."""
    return Team(house)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The folder of a server in a process of its own."""
    return tmp_path / "data"


@pytest.fixture
async def stack() -> AsyncIterator[AsyncExitStack]:
    """Ends what a test has begun, the last first."""
    async with AsyncExitStack() as entered:
        yield entered


@pytest.fixture
async def start_nodes(postgres: Postgres, redis: Redis) -> AsyncIterator[StartNodes]:
    """Starts servers on a database of their own."""
    async with AsyncExitStack() as stack:

        async def start(count: int, **changes: object) -> Nodes:
            store = stack.enter_context(postgres.database())
            settings = Settings(store=store, bus=redis.address, port=0)
            nodes = Nodes(settings, stack)
            await nodes.start(count, **changes)
            return nodes

        yield start


@pytest.fixture
def desk(store: Store, room: RoomRecord) -> Desk:
    """A room without members."""
    return Desk(store, room)
