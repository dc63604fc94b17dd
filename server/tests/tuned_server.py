"""A server process with any settings, which does what it is told: `python tuned_server.py DATA SETTINGS`.

DATA is a data folder, or the address of a PostgreSQL database. SETTINGS is JSON: the fields of `Settings`, those of
`Limits` under `limits`, under `read_seconds` how long reading a room takes, and under `panic_at` a word in an awareness
state at which the CRDT library fails in the handler. On stdin come orders, one JSON list a line; each is answered by
one line of JSON on stdout.
"""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import signal
import sqlite3
import sys
import time
from collections import Counter
from functools import partialmethod
from pathlib import Path
from typing import Any

from pycrdt import Doc, Text

from clock import HOUR, Clock
from cowrite_server.commands.serve import expect_little_garbage
from cowrite_server.connections.connection import Connection
from cowrite_server.document.replica import Replica
from cowrite_server.rooms.client import Client
from cowrite_server.rooms.participants import Participants
from cowrite_server.rooms.room import Room
from cowrite_server.server import Server
from cowrite_server.settings.settings import Settings
from cowrite_server.sockets.websocket import Socket
from cowrite_server.store.log import read_room
from cowrite_server.store.opening import POSTGRES, sqlite_address
from cowrite_server.store.records import RoomLog
from cowrite_server.store.sqlite.store import SqliteStore
from cowrite_server.store.sqlite.tables import at_once
from cowrite_server.wire.protocol import Limits, Role
from pipe_reader import reader_of
from poison import BEFORE_POISON, PANIC

COUNTED: tuple[type, ...] = (Room, Replica, Connection, Socket, asyncio.Task)
"""Kinds of objects that nobody may leave behind."""
if sys.platform == "win32":  # where asyncio's own loop keeps timers that nobody waits for any more for a while
    from asyncio import new_event_loop
else:
    from uvloop import new_event_loop
    from uvloop.loop import TimerHandle  # type: ignore[attr-defined]  # its stubs do not have it

    COUNTED = (*COUNTED, TimerHandle)


class SlowRead:
    """Reads rooms as a slow disk would, on the store's own thread; counts."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.count = 0

    def __call__(self, connection: sqlite3.Connection, room: int) -> RoomLog:
        self.count += 1
        time.sleep(self.seconds)
        return at_once(read_room)(connection, room)


class PanicAt:
    """Takes awareness states; at a word in one of them the library fails, with what is no `Exception`."""

    def __init__(self, word: str) -> None:
        self._word = word.encode()
        self._show = Participants.show

    def __call__(self, participants: Participants, client: Client, body: bytes) -> bool:
        if self._word in body:
            document: Doc[Text] = Doc()
            document.apply_update(BEFORE_POISON)
            document.apply_update(PANIC)
        return self._show(participants, client, body)


class Orders:
    """What a test can ask of the server."""

    def __init__(self, server: Server, read: SlowRead, clock: Clock) -> None:
        self._server = server
        self._read = read
        self._clock = clock

    async def invite(self, room: str, role: str) -> dict[str, Any]:
        """Makes an invite; gives its number and secret."""
        secret = await self._server.invite(room, Role(role))
        return {"id": (await self._server.invites(room))[-1].id, "secret": secret}

    async def revoke(self, room: str, number: int) -> list[int]:
        """Withdraws an invite."""
        return await self._server.revoke(room, [number])

    async def set_role(self, room: str, member: int, role: str) -> None:
        """Gives a member another role."""
        await self._server.members.set_role(room, member, Role(role))

    async def pass_hours(self, hours: int) -> None:
        """Sets the clock forward."""
        self._clock.ahead += hours * HOUR

    async def figures(self) -> dict[str, Any]:
        """What there is at this moment."""
        gc.collect()
        kinds = Counter(map(type, gc.get_objects()))
        return {
            "connections": len(self._server._attendance),
            "rooms": len(self._server._rooms),
            "has_spare_memory": self._server._rooms.spare_memory.is_there,
            "ready": self._server.ready,
            "reads": self._read.count,
            "objects": {kind.__name__: kinds[kind] for kind in COUNTED},
        }


async def run(settings: Settings, read: SlowRead) -> None:
    """Serves and obeys until stdin or SIGTERM ends it."""
    stdin = await reader_of(sys.stdin.buffer)
    if sys.platform != "win32":
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stdin.feed_eof)
    clock = Clock()
    server = await Server.start(settings, now=clock)
    try:
        print(f"cowrite-server is listening on {server.url}", flush=True)
        orders = Orders(server, read, clock)
        async for line in stdin:
            what, *details = json.loads(line)
            print(json.dumps(await getattr(orders, what)(*details)), flush=True)
    finally:
        await server.close()


def main() -> None:
    """Runs the server."""
    logging.basicConfig(format="%(levelname)s %(message)s", level=logging.WARNING, stream=sys.stderr)
    given = json.loads(sys.argv[2])
    limits = Limits(**given.pop("limits", {}))
    if secret := given.get("jwt_secret"):
        given["jwt_secret"] = Path(secret)
    read = SlowRead(given.pop("read_seconds", 0.0))

    async def read_slowly(store: SqliteStore, room: int) -> RoomLog:
        return await store.run(read, room)

    SqliteStore.read_room = read_slowly  # type: ignore[assignment]
    if word := given.pop("panic_at", ""):
        # In this process alone, which tests start: mypy cannot know that nobody else has this class.
        Participants.show = partialmethod(PanicAt(word))  # type: ignore[assignment, method-assign]
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        expect_little_garbage()
        store = sys.argv[1] if sys.argv[1].startswith(POSTGRES) else sqlite_address(sys.argv[1])
        runner.run(run(Settings(store=store, limits=limits, **{"port": 0, **given}), read))


if __name__ == "__main__":
    main()
