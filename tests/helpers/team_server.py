"""A team's server: `cowrite-server serve` in a process of its own, and what its administrator does beside it."""

from __future__ import annotations

from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

from cowrite_server.commands.cli import main
from helpers.processes import ServerProcess, free_port


def administer(data: Path, *arguments: str) -> str:
    """What a command of `cowrite-server` says that works on a server's folder.

    It runs in this process, since a process of its own takes a third of a second to start.
    """
    with redirect_stdout(StringIO()) as said:
        status = main([*arguments, "--data", str(data)])
    assert status == 0, arguments
    return said.getvalue().strip()


class TeamServer:
    """`cowrite-server serve` in a process of its own, on one port and folder."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.data, self.port = folder / "data", free_port()
        self.process = ServerProcess(self.data, self.port, folder / "server.log", *options)
        self.start()

    def start(self) -> None:
        self.process.start()
        self.process.wait_until_listening()

    def invite(self, room: str, role: str = "editor") -> str:
        """A link into a room, as an administrator makes it."""
        return administer(self.data, "invite", "--role", role, "--url", f"ws://127.0.0.1:{self.port}", room)

    def make(self, role: str, room: str, member: str) -> None:
        """Gives a member of a room, by number, another role, as an administrator does."""
        administer(self.data, "role", room, member, role)
