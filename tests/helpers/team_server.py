"""A team's server: `cowrite-server serve` in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from helpers.processes import ServerProcess, free_port


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
        command = [sys.executable, "-m", "cowrite_server", "invite", "--data", str(self.data), "--role", role]
        address = f"ws://127.0.0.1:{self.port}"
        made = subprocess.run([*command, "--url", address, room], capture_output=True, text=True, check=True)
        return made.stdout.strip()

    def make(self, role: str, room: str, member: str) -> None:
        """Gives a member of a room, by number, another role, as an administrator does."""
        command = [sys.executable, "-m", "cowrite_server", "role", "--data", str(self.data), room, member, role]
        subprocess.run(command, capture_output=True, check=True)
