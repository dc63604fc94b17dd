"""Commands of `cowrite-server` that are run to their ends."""

from __future__ import annotations

import asyncio
import io
import os
import subprocess
import threading
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from subprocess import DEVNULL, PIPE
from typing import NamedTuple

from cowrite_server.commands.cli import main
from cowrite_server.store.opening import sqlite_address
from cowrite_server.store.records import Update
from helpers.warm_python import Forked
from server_process import COMMAND
from stores import opened
from writers import Writers


class Done(NamedTuple):
    """What a command did."""

    status: int
    out: str
    errors: str


_turn = threading.Lock()  # a process has one output


def run(*arguments: object) -> Done:
    """Runs a command to its end.

    It runs in this process, since one of its own takes a quarter of a second to start; `serve`, which nothing but a
    signal ends where it begins to serve, has one.
    """
    words = list(map(str, arguments))
    if words[:1] == ["serve"]:
        return run_forked(*words)
    # A stream over bytes, as a process has it: the command chooses what becomes of letters that it cannot encode.
    out, errors = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
    with _turn, redirect_stdout(out), redirect_stderr(errors):
        status = main(words)
    out.seek(0)
    return Done(status, out.read(), errors.getvalue())


def run_forked(*words: str, env: Mapping[str, str] | None = None) -> Done:
    """Runs a command to its end, in a process of its own with these variables."""
    process = Forked([*COMMAND, *words], stdin=DEVNULL, stdout=PIPE, stderr=PIPE, env=env)
    assert process.stdout is not None
    assert process.stderr is not None
    with process.stdout as stdout, process.stderr as stderr:
        out, errors = (pipe.read().decode().replace(os.linesep, "\n") for pipe in (stdout, stderr))
    return Done(process.wait(60), out, errors)


def run_program(*words: str) -> Done:
    """Runs any program to its end, in a process of its own."""
    done = subprocess.run(words, capture_output=True, encoding="utf-8", timeout=60, check=False)
    return Done(done.returncode, done.stdout, done.stderr)


async def run_meanwhile(*arguments: object) -> Done:
    """Runs a command to its end while what is in this thread goes on."""
    return await asyncio.to_thread(run, *arguments)


async def command(*arguments: object) -> str:
    """Runs the command while a server runs; gives what it prints."""
    done = await run_meanwhile(*arguments)
    assert done.status == 0, done.errors
    return done.out


def parts_of(link: str) -> tuple[str, str, str]:
    """Server, room and secret of a link."""
    address, _, secret = link.strip().partition("#")
    scheme, _, rest = address.partition("://")
    place, _, room = rest.partition("/")
    return f"{ {'cowrite': 'ws', 'cowrites': 'wss'}[scheme] }://{place}", room, secret


async def filled(folder: Path, seed: int = 3) -> Writers:
    """A data folder with one room."""
    writers = Writers(seed)
    writers.write(30)
    async with opened(sqlite_address(folder), serving=True) as store:
        room = await store.ensure_room("room", 0)
        await store.commit([Update(room.id, entry.time, None, entry.data) for entry in writers.entries])
    return writers


def assert_one_sentence(done: Done, status: int, *words: str) -> None:
    """Makes sure that a command failed as commands should."""
    assert done.status == status, done.errors
    assert done.out == ""
    assert done.errors.startswith("cowrite-server: ")
    assert done.errors.count("\n") == 1
    assert done.errors.endswith(".\n")
    for word in words:
        assert word in done.errors
