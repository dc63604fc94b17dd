"""Commands that are run on data, each in a process of its own."""

from __future__ import annotations

from asyncio import create_subprocess_exec
from asyncio.subprocess import PIPE
from pathlib import Path
from typing import NamedTuple

from cowrite_server.store.opening import sqlite_address
from cowrite_server.store.store import Update
from server_process import COMMAND
from stores import opened
from writers import Writers


class Done(NamedTuple):
    """What a command did."""

    status: int
    out: str
    errors: str


async def run(*arguments: object) -> Done:
    """Runs a command to its end."""
    process = await create_subprocess_exec(*COMMAND, *map(str, arguments), stdout=PIPE, stderr=PIPE)
    out, errors = await process.communicate()
    assert process.returncode is not None
    assert b"Traceback" not in errors, errors.decode()
    return Done(process.returncode, out.decode(), errors.decode())


async def filled(folder: Path, seed: int = 3) -> Writers:
    """A data folder with one room."""
    writers = Writers(seed)
    writers.write(30)
    async with opened(sqlite_address(folder), serving=True) as store:
        room = await store.ensure_room("room", 0)
        await store.commit([Update(room.id, entry.time, None, entry.data) for entry in writers.entries])
    return writers
