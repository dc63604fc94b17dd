"""A real `cowrite-server serve` in a process of its own."""

from __future__ import annotations

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path
from typing import Self

COMMAND = [sys.executable, "-m", "cowrite_server"]


class ServerProcess:
    """Starts with the `async with` block and is killed at its end if it still runs."""

    def __init__(self, data: Path | str, *options: str) -> None:
        """A server that has not started.

        Args:
            data: its data folder, or the address of its store.
            options: more of the command line.
        """
        place = ["--store", data] if isinstance(data, str) else ["--data", str(data)]
        self._arguments = ["serve", *place, "--port", "0", *options]
        self._process: Process | None = None
        self.url = ""
        self.errors = ""
        self._ending = False

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(*COMMAND, *self._arguments, stdout=PIPE, stderr=PIPE)
        assert self._process.stdout is not None
        line = (await self._process.stdout.readline()).decode().rstrip()
        greeting, _, self.url = line.rpartition(" ")
        assert greeting == "cowrite-server is listening on", line or await self._read_errors()
        return self

    async def __aexit__(self, *_: object) -> None:
        if not self._ending:
            self.kill()
        await self.wait()

    @property
    def process(self) -> Process:
        """The process."""
        assert self._process is not None
        return self._process

    def kill(self) -> None:
        """Ends the process as a power failure would."""
        self._ending = True
        self.process.kill()

    def send_signal(self, number: signal.Signals) -> None:
        """Tells the process something."""
        self._ending = True
        self.process.send_signal(number)

    async def wait(self) -> int:
        """Waits for the end; gives the exit status."""
        async with asyncio.timeout(10):
            self.errors += await self._read_errors()
            return await self.process.wait()

    async def _read_errors(self) -> str:
        assert self.process.stderr is not None
        return (await self.process.stderr.read()).decode()
