"""A real server in a process of its own: the command, or one that is tuned and obeys (`tuned_server`)."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from subprocess import PIPE
from typing import Any, Self

from cowrite_server.wire.protocol import Role
from helpers.warm_python import Begun, Forked
from pipe_reader import reader_of

COMMAND = [sys.executable, "-m", "cowrite_server"]
TUNED = [sys.executable, str(Path(__file__).parent / "tuned_server.py")]
PATIENCE = 30.0
"""Seconds after which waiting for a process is given up."""


class ServerProcess:
    """Starts with the `async with` block and is killed at its end if it still runs."""

    def __init__(self, data: Path | str, *options: str, fresh: bool = False, before: Sequence[str] = ()) -> None:
        """A server that has not started.

        Args:
            data: its data folder, or the address of its store.
            options: more of the command line.
            fresh: whether it begins as somebody begins it who types the command, and not as a fork (`warm_python`).
            before: words that stand before the command, which is fresh then.
        """
        place = ["--store", data] if isinstance(data, str) else ["--data", str(data)]
        self._command = [*before, *COMMAND, "serve", *place, "--port", "0", *options]
        self._fresh = fresh or bool(before)
        self._process: Begun | Forked | None = None
        self._reading: asyncio.Task[None] | None = None
        self.url = ""
        self.errors = ""
        self._ending = False

    async def __aenter__(self) -> Self:
        start = Begun if self._fresh else Forked
        self._process = process = start(self._command, stdin=PIPE, stdout=PIPE, stderr=PIPE)
        assert process.stdout is not None
        assert process.stderr is not None
        self._output = await reader_of(process.stdout)
        self._reading = asyncio.create_task(self._read_errors(await reader_of(process.stderr)))
        line = await self._line()
        greeting, _, self.url = line.rpartition(" ")
        if greeting != "cowrite-server is listening on":
            await self.wait()
            raise AssertionError(line or self.errors)
        return self

    async def __aexit__(self, *_: object) -> None:
        if not self._ending:
            await self.kill()
        await self.wait()

    @property
    def process(self) -> Begun | Forked:
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
        return self.process.poll() is None and not self._ending

    @property
    def memory(self) -> int:
        """Resident memory in bytes; 0 on Windows, where it is not looked for."""
        if sys.platform == "win32":
            return 0
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    async def kill(self) -> None:
        """Ends the process as a power failure would; its locks are free then."""
        self._ending = True
        self.process.kill()
        await asyncio.to_thread(self.process.wait)

    def send_signal(self, number: signal.Signals) -> None:
        """Tells the process something."""
        self._ending = True
        self.process.send_signal(number)

    async def wait(self) -> int:
        """Waits for the end; gives the exit status."""
        assert self._reading is not None
        assert self.process.stdin is not None
        try:
            async with asyncio.timeout(PATIENCE):
                await self._reading
                status = await asyncio.to_thread(self.process.wait)
                await self._output.read()  # to its end: what is left open would outlive the test's loop
        except TimeoutError:
            self.process.kill()
            raise
        self.process.stdin.close()
        return status

    async def _line(self) -> str:
        return (await self._output.readline()).decode().rstrip()

    async def _read_errors(self, errors: asyncio.StreamReader) -> None:
        # Read as it comes: a pipe that is full would stop the server.
        async for line in errors:
            self.errors += line.decode()


class TunedServer(ServerProcess):
    """A server process with any settings.

    Args:
        data: its folder, or the address of its store.
        fresh: whether it does not begin as a fork.
        settings: see `tuned_server`.
    """

    def __init__(self, data: Path | str, *, fresh: bool = False, **settings: object) -> None:
        super().__init__(data, fresh=fresh)
        self._command = [*TUNED, str(data), json.dumps(settings)]
        self._turn = asyncio.Lock()

    async def order(self, what: str, *details: object) -> Any:
        """Has the server do something; gives its answer."""
        assert self.process.stdin is not None
        async with asyncio.timeout(PATIENCE), self._turn:
            with suppress(BrokenPipeError):  # there is no answer then
                self.process.stdin.write(json.dumps([what, *details]).encode() + b"\n")
                self.process.stdin.flush()
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
        figures: dict[str, Any] = await self.order("figures")
        return figures
