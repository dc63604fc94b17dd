"""A real server in a process of its own: the command, or one that is tuned and obeys (`tuned_server`)."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from cowrite_server.protocol import Role

COMMAND = [sys.executable, "-m", "cowrite_server"]
TUNED = [sys.executable, str(Path(__file__).parent / "tuned_server.py")]
PATIENCE = 15.0
"""Seconds after which waiting for a process is given up."""


class ServerProcess:
    """Starts with the `async with` block and is killed at its end if it still runs."""

    def __init__(self, data: Path | str, *options: str, before: Sequence[str] = ()) -> None:
        """A server that has not started.

        Args:
            data: its data folder, or the address of its store.
            options: more of the command line.
            before: words that stand before the command.
        """
        place = ["--store", data] if isinstance(data, str) else ["--data", str(data)]
        self._command = [*before, *COMMAND, "serve", *place, "--port", "0", *options]
        self._process: Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self.url = ""
        self.errors = ""
        self._ending = False

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(*self._command, stdin=PIPE, stdout=PIPE, stderr=PIPE)
        self._reading = asyncio.create_task(self._read_errors())
        line = await self._line()
        greeting, _, self.url = line.rpartition(" ")
        if greeting != "cowrite-server is listening on":
            await self._reading
            raise AssertionError(line or self.errors)
        return self

    async def __aexit__(self, *_: object) -> None:
        if not self._ending:
            await self.kill()
        await self.wait()

    @property
    def process(self) -> Process:
        """The process."""
        assert self._process is not None
        return self._process

    @property
    def port(self) -> int:
        """The port on which it listens."""
        return int(self.url.rpartition(":")[2])

    @property
    def is_running(self) -> bool:
        """Whether nobody has ended it and it has not ended by itself."""
        return self.process.returncode is None and not self._ending

    @property
    def memory(self) -> int:
        """Resident memory in bytes."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    async def kill(self) -> None:
        """Ends the process as a power failure would; its locks are free then."""
        self._ending = True
        self.process.kill()
        await self.process.wait()

    def send_signal(self, number: signal.Signals) -> None:
        """Tells the process something."""
        self._ending = True
        self.process.send_signal(number)

    async def wait(self) -> int:
        """Waits for the end; gives the exit status."""
        async with asyncio.timeout(PATIENCE):
            assert self._reading is not None
            assert self.process.stdin is not None
            assert self.process.stdout is not None
            await self._reading
            status = await self.process.wait()
            self.process.stdin.close()
            with suppress(ConnectionError):
                await self.process.stdin.wait_closed()
            await self.process.stdout.read()  # to its end: what is left open would outlive the test's loop
            return status

    async def _line(self) -> str:
        assert self.process.stdout is not None
        return (await self.process.stdout.readline()).decode().rstrip()

    async def _read_errors(self) -> None:
        # Read as it comes: a pipe that is full would stop the server.
        assert self.process.stderr is not None
        async for line in self.process.stderr:
            self.errors += line.decode()


class TunedServer(ServerProcess):
    """A server process with any settings.

    Args:
        data: its folder.
        settings: see `tuned_server`.
    """

    def __init__(self, data: Path, **settings: object) -> None:
        super().__init__(data)
        self._command = [*TUNED, str(data), json.dumps(settings)]
        self._turn = asyncio.Lock()

    async def order(self, what: str, *details: object) -> Any:
        """Has the server do something; gives its answer."""
        assert self.process.stdin is not None
        async with asyncio.timeout(PATIENCE), self._turn:
            self.process.stdin.write(json.dumps([what, *details]).encode() + b"\n")
            line = await self._line()
        assert line, f"the server died: {self.errors}"
        return json.loads(line)

    async def invite(self, role: Role = Role.EDITOR, room: str = "room") -> tuple[int, str]:
        """Number and secret of a new invite."""
        made = await self.order("invite", room, role)
        return made["id"], made["secret"]

    async def secret(self, role: Role = Role.EDITOR, room: str = "room") -> str:
        """Secret of a new invite."""
        return (await self.invite(role, room))[1]

    async def figures(self) -> dict[str, Any]:
        """What there is in the server at this moment."""
        return await self.order("figures")
