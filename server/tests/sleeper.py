"""The app's own peer in a process that can be put to sleep, as a computer can.

The process, `python sleeper.py PORT SECRET`, types each line of stdin, and tells each change of text or status on
stdout, one JSON object a line.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from pathlib import Path
from typing import Self

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))

from cowrite.sync.link import Link
from helpers.sync_seat import Seat

PATIENCE = 30.0
"""Seconds after which a test gives up waiting."""


class Sleeper:
    """A person at another computer; there from entering to leaving the context.

    Args:
        port: of the server, or of a proxy before it.
        secret: of an invite.
    """

    def __init__(self, port: int, secret: str) -> None:
        self._command = [sys.executable, __file__, str(port), secret]
        self._process: Process | None = None
        self.status = ""
        self.text = ""

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(*self._command, stdin=PIPE, stdout=PIPE)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._process is not None
        self._process.kill()
        await self._process.communicate()

    def type(self, words: str) -> None:
        """The person types."""
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(f"{words}\n".encode())

    def sleep(self) -> None:
        """The lid is closed."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def wake(self) -> None:
        """It is opened again."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    async def until(self, holds: Callable[[], object]) -> None:
        """Waits until something holds; it can only come to hold by what the process tells."""
        assert self._process is not None
        assert self._process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            while not holds():
                told = json.loads(await self._process.stdout.readline())
                self.status, self.text = told["status"], told["text"]


async def run(port: int, secret: str) -> None:
    """Types what comes until stdin ends."""
    stdin = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(stdin), sys.stdin)
    async with Seat(Link("127.0.0.1", port, "room", secret)) as seat:
        seat.tell = lambda: print(json.dumps({"status": seat.status.kind, "text": seat.text}), flush=True)
        async for line in stdin:
            seat.write(line.decode().rstrip("\n"))


if __name__ == "__main__":
    asyncio.run(run(int(sys.argv[1]), sys.argv[2]))
