"""The servers that are compared: cowrite-server and, installed from their registries, those of the field."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from load import Dialect, Hocuspocus, Plain

HERE = Path(__file__).parent / "peers"
_SCHEDULED = 2
"""Makes the clock of a process's time on processors of its id, see clock_getcpuclockid(3) and Linux' posix-timers.h."""

STARTING = 30.0  # seconds that a server may take to listen
PYCRDT_WEBSOCKET = ("pycrdt-websocket==0.16.5", "pycrdt-store==0.1.5", "uvicorn==0.54.0", "websockets==17.4")


class PeerMissing(Exception):
    """A server of the field cannot be installed here.

    Attributes:
        peer: which.
    """

    def __init__(self, peer: str, reason: str) -> None:
        super().__init__(f"{peer} cannot be installed: {reason}")
        self.peer = peer


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of server.

    Attributes:
        name: as printed.
        command: what starts it, from its data folder and a port; it prints a line when it listens.
        dialect: how to speak to it.
        keeps: whether its documents outlive a restart.
    """

    name: str
    command: Callable[[Path, int], Sequence[str]]
    dialect: Dialect
    keeps: bool = True


def cowrite() -> Kind:
    """cowrite-server, with acknowledgement after fsync."""

    def command(folder: Path, port: int) -> Sequence[str]:
        return (sys.executable, "-m", "cowrite_server", "serve", "--open", "--port", str(port), "--data", str(folder))

    return Kind("cowrite-server", command, Plain("cowrite.v1"))


def peers() -> list[Kind]:
    """The servers of the field.

    Raises:
        PeerMissing: one of them cannot be installed.
    """
    node = _node_packages()
    python = _pycrdt_websocket()

    def hocuspocus(folder: Path, port: int) -> Sequence[str]:
        return ("node", str(node / "hocuspocus.mjs"), str(folder), str(port))

    def y_websocket(folder: Path, port: int) -> Sequence[str]:
        return ("node", str(node / "y_websocket.mjs"), str(folder), str(port))

    def pycrdt_websocket(folder: Path, port: int) -> Sequence[str]:
        return (str(python), str(HERE / "pycrdt_websocket.py"), str(folder), str(port))

    return [
        Kind("hocuspocus", hocuspocus, Hocuspocus()),
        Kind("y-websocket", y_websocket, Plain(), keeps=False),
        Kind("pycrdt-websocket", pycrdt_websocket, Plain()),
    ]


class Served:
    """A server process for as long as the context lasts, on a core that this process has left free."""

    def __init__(self, kind: Kind, folder: Path) -> None:
        self.kind = kind
        self.port = _free_port()
        self._log = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed when the server has ended
        self._process = subprocess.Popen(
            kind.command(folder, self.port),
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )
        if hasattr(os, "sched_setaffinity") and (free := set(range(os.cpu_count() or 1)) - os.sched_getaffinity(0)):
            os.sched_setaffinity(self._process.pid, {min(free)})

    def __enter__(self) -> Self:
        assert self._process.stdout is not None
        timer = threading.Timer(STARTING, self._process.kill)
        timer.start()
        line = self._process.stdout.readline()
        timer.cancel()
        if not line:
            self._log.seek(0)
            raise RuntimeError(f"{self.kind.name} did not start: {self._log.read()[-500:]}")
        threading.Thread(target=self._process.stdout.read, daemon=True).start()
        _wait_for(self.port)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()

    @property
    def cpu_seconds(self) -> float:
        """Processor time that the server has taken, with the processes that it has begun."""
        process = Path(f"/proc/{self._process.pid}")
        begun = sum(_ticks(process, 13, 14))  # which have ended
        for child in " ".join(each.read_text() for each in process.glob("task/*/children")).split():
            with contextlib.suppress(OSError):  # it has ended by now
                begun += sum(_ticks(Path(f"/proc/{child}"), 11, 12))
        return time.clock_gettime(~self._process.pid << 3 | _SCHEDULED) + begun / os.sysconf("SC_CLK_TCK")

    @property
    def resident(self) -> int:
        """Bytes of memory that the server holds."""
        return int(Path(f"/proc/{self._process.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None


def _ticks(process: Path, *fields: int) -> list[int]:
    """Fields of a process's `stat` file, counted behind its name from 0 (see `proc_pid_stat(5)`)."""
    values = (process / "stat").read_text().rpartition(")")[2].split()
    return [int(values[field]) for field in fields]


def _node_packages() -> Path:
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise PeerMissing("Hocuspocus", "there is no Node.js")
    lock = (HERE / "package-lock.json").read_bytes()
    folder = Path(tempfile.gettempdir()) / f"cowrite-peers-{hashlib.sha256(lock).hexdigest()[:16]}"
    if not folder.exists():
        work = Path(tempfile.mkdtemp(prefix="cowrite-peers-"))
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, work)
        _run("Hocuspocus", ["npm", "ci", "--legacy-peer-deps", "--no-audit", "--no-fund", "--ignore-scripts"], work)
        # The prebuilt binary of better-sqlite3 comes from elsewhere; built here, it needs Node's headers only.
        headers = Path(shutil.which("node") or "").resolve().parent.parent
        environment = {**os.environ, "npm_config_build_from_source": "true", "npm_config_nodedir": str(headers)}
        _run("Hocuspocus", ["npm", "rebuild", "better-sqlite3"], work, environment)
        work.rename(folder)
    for script in HERE.glob("*.mjs"):
        shutil.copy(script, folder)
    return folder


def _pycrdt_websocket() -> Path:
    name = hashlib.sha256(" ".join((*PYCRDT_WEBSOCKET, sys.version)).encode()).hexdigest()[:16]
    folder = Path(tempfile.gettempdir()) / f"cowrite-peers-{name}"
    python = folder / "bin" / "python"
    if not (folder / "complete").exists():
        shutil.rmtree(folder, ignore_errors=True)
        _run("pycrdt-websocket", [sys.executable, "-m", "venv", str(folder)], HERE)
        _run("pycrdt-websocket", [str(python), "-m", "pip", "install", "--quiet", *PYCRDT_WEBSOCKET], HERE)
        (folder / "complete").touch()
    return python


def _run(peer: str, command: Sequence[str], folder: Path, environment: dict[str, str] | None = None) -> None:
    try:
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    except OSError as error:
        raise PeerMissing(peer, str(error)) from error
    if done.returncode:
        raise PeerMissing(peer, (done.stderr or done.stdout).strip()[-300:])


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait_for(port: int) -> None:
    # Some say that they listen a moment before they do.
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            threading.Event().wait(0.05)
        else:
            return
    raise RuntimeError("nothing listens")
