"""A Python that has loaded a program, and forks its processes: `python warm_python.py SOCKET MODULE...`.

To load the server takes a process a fifth of a second of a processor, the application half a second, and to fork a
process that has loaded it a hundredth. What comes of it is a process like any other, with a number, files, memory and
an end of its own, and what kills it kills nothing else. It lacks what a process gets only when its program begins:
limits, and what variables tell Python (but for its paths) and the system's loader.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import runpy
import selectors
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from subprocess import DEVNULL, PIPE, STDOUT
from typing import IO, NamedTuple, NoReturn

if sys.platform == "win32":  # where nothing begins with this file
    from helpers import console_events

SERVER = (
    "cowrite_server.commands.serve",
    "cowrite_server.store.postgres.store",
    "cowrite_server.bus.redis",
    "uvloop.loop",
)
APPLICATION = ("cowrite.app.application", "cowrite.app.start.run", "PySide6.QtTest")
WORKER = ("cowrite.worker.loop", "cowrite.worker.scripted")
PIP = ("pip._internal.cli.main", "pip._internal.commands.install", "pip._internal.commands.download")

_MOST = 1 << 20
"""Bytes of an order that are read at once."""


class Forked:
    """A process that runs a command of Python; as much of `subprocess.Popen` as tests use."""

    def __init__(
        self,
        command: Sequence[str],
        stdin: int | None = None,
        stdout: int | IO[bytes] | None = None,
        stderr: int | IO[bytes] | None = None,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        loaded: tuple[str, ...] = SERVER,
    ) -> None:
        """Starts it.

        Args:
            command: this Python, and a module (`-m`) or a script with its arguments; `-P`, which was settled when it
                was loaded, may come before.
            stdin: PIPE, DEVNULL, or None for that of this process.
            stdout: PIPE, DEVNULL, a file, or None for that of this process.
            stderr: the same, or STDOUT.
            env: its variables; those of this process by default.
            cwd: its folder; that of this process by default.
            loaded: modules that it has when it begins. Importing them may begin no thread.
        """
        assert command[0] == sys.executable
        self._command = command
        self.returncode: int | None = None
        self.stdin, at_stdin = _pipe_to(stdin)
        self.stdout, at_stdout = _pipe_from(stdout, 1)
        self.stderr, at_stderr = (None, os.dup(at_stdout)) if stderr == STDOUT else _pipe_from(stderr, 2)
        files = [at_stdin, at_stdout, at_stderr]
        begin = 2 if command[1] == "-P" else 1
        try:
            self.pid, self._told = _warm_python(loaded).fork(
                _Order(list(command[begin:]), dict(os.environ if env is None else env), str(cwd or Path.cwd())), files
            )
        finally:
            for file in files:
                os.close(file)
        self._turn = threading.Lock()

    def poll(self) -> int | None:
        """The exit status, once it has ended; the negative number of a signal that ended it."""
        if self.returncode is None and self._turn.acquire(blocking=False):  # nobody waits for the end on a thread
            try:
                self._hear(0)
            finally:
                self._turn.release()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Waits until it has ended; gives the exit status.

        Args:
            timeout: how many seconds to wait; None for as long as it takes.

        Raises:
            TimeoutExpired: it has not ended in this time.
        """
        with self._turn:
            self._hear(timeout)
        if self.returncode is None:
            raise subprocess.TimeoutExpired(self._command, timeout or 0)
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Sends a signal, unless it has ended."""
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """Ends it as a power failure would."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Tells it to end."""
        self.send_signal(signal.SIGTERM)

    def _hear(self, timeout: float | None) -> None:
        if self.returncode is not None:
            return
        with selectors.DefaultSelector() as selector:
            selector.register(self._told, selectors.EVENT_READ)
            if selector.select(timeout):
                self.returncode = int(self._told.readline())
                self._told.close()


class Begun(subprocess.Popen[bytes]):
    """A process that begins as every one does and loads all by itself, asked for as `Forked` is."""

    def __init__(
        self,
        command: Sequence[str],
        stdin: int | None = None,
        stdout: int | IO[bytes] | None = None,
        stderr: int | IO[bytes] | None = None,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        loaded: tuple[str, ...] = SERVER,
    ) -> None:
        """Starts it. See `Forked`."""
        super().__init__(command, bufsize=0, stdin=stdin, stdout=stdout, stderr=stderr, env=env, cwd=cwd)

    if sys.platform == "win32":  # where it would end at once, whatever it is told

        def send_signal(self, number: int) -> None:
            """Tells it what the console would, unless it has ended."""
            if self.poll() is None:
                console_events.tell(self.pid, number)

        def terminate(self) -> None:
            """Tells it to end."""
            self.send_signal(signal.SIGTERM)


if sys.platform != "linux":
    Forked = Begun  # Windows has no fork, and on macOS no process may be forked that has loaded Qt


def _pipe_to(wanted: int | None) -> tuple[IO[bytes] | None, int]:
    """Where to write what a process reads, if that is asked for, and the number of the file in which it reads."""
    if wanted != PIPE:
        return None, os.open(os.devnull, os.O_RDONLY) if wanted == DEVNULL else os.dup(0)
    reading, writing = os.pipe()
    return os.fdopen(writing, "wb", buffering=0), reading


def _pipe_from(wanted: int | IO[bytes] | None, own: int) -> tuple[IO[bytes] | None, int]:
    """Where to read what a process writes, if that is asked for, and the number of the file in which it writes."""
    if wanted == PIPE:
        reading, writing = os.pipe()
        return os.fdopen(reading, "rb"), writing
    if wanted == DEVNULL:
        return None, os.open(os.devnull, os.O_WRONLY)
    assert not isinstance(wanted, int)
    return None, os.dup(own if wanted is None else wanted.fileno())


class _Order(NamedTuple):
    """What is to be forked."""

    words: list[str]
    environ: dict[str, str]
    folder: str


class _WarmPython:
    """The Python that forks, as those see it who have processes forked."""

    def __init__(self, loaded: Sequence[str]) -> None:
        self._socket, theirs = socket.socketpair()
        with theirs:
            number = theirs.fileno()
            self._process = subprocess.Popen(
                [sys.executable, __file__, str(number), *loaded], stdin=DEVNULL, pass_fds=[number], process_group=0
            )
        self._turn = threading.Lock()

    def fork(self, order: _Order, files: Sequence[int]) -> tuple[int, IO[bytes]]:
        """Has a process forked; gives its number, and a file that will tell its status in a line."""
        hearing, telling = os.pipe()
        told = os.fdopen(hearing, "rb", buffering=0)
        with self._turn:
            socket.send_fds(self._socket, [json.dumps(order).encode() + b"\n"], [*files, telling])
            os.close(telling)
            return int(told.readline()), told

    def close(self) -> None:
        """Ends it, and every process that it has forked."""
        self._socket.close()
        self._process.wait()


@cache
def _warm_python(loaded: tuple[str, ...]) -> _WarmPython:
    made = _WarmPython(loaded)
    atexit.register(made.close)
    return made


def _load(modules: Sequence[str]) -> None:
    for module in modules:
        importlib.import_module(module)
    assert threading.active_count() == 1
    gc.freeze()  # what is never looked through stays shared


def _fork_on_demand(orders: socket.socket) -> _Order:
    """Forks for each order; comes back in the forked process only."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those who wait for the forked processes
    while True:
        said, files, _, _ = socket.recv_fds(orders, _MOST, 4)
        if not said:
            os.killpg(0, signal.SIGKILL)  # the tests have ended: itself, and what they have left behind
        while not said.endswith(b"\n"):
            said += orders.recv(_MOST)
        *standard, telling = files
        if not os.fork():
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            orders.close()
            if forked := os.fork():
                _tell(telling, forked, standard)
            os.close(telling)
            for number, file in enumerate(standard):
                os.dup2(file, number)
                os.close(file)
            return _Order(*json.loads(said))
        for file in files:
            os.close(file)


def _tell(telling: int, forked: int, standard: Sequence[int]) -> NoReturn:
    """Tells the number of a process and, when it has ended, its status."""
    for file in standard:
        os.close(file)
    os.write(telling, b"%d\n" % forked)
    _, status = os.waitpid(forked, 0)
    with suppress(BrokenPipeError):  # nobody wants to know
        os.write(telling, b"%d\n" % os.waitstatus_to_exitcode(status))
    os._exit(0)


def _become(order: _Order) -> None:
    """Runs a command of Python in this process, as if it had begun with it."""
    os.environ.clear()
    os.environ.update(order.environ)
    os.chdir(order.folder)
    # Those of before were made for other files, and know of them whether they can be sought in.
    sys.stdin, sys.stdout = os.fdopen(0, closefd=False), os.fdopen(1, "w", closefd=False)
    sys.stderr = os.fdopen(2, "w", buffering=1, errors="backslashreplace", closefd=False)
    first, *rest = order.words
    place = order.folder if first == "-m" else str(Path(first).parent)
    sys.path[:1] = [place, *filter(None, order.environ.get("PYTHONPATH", "").split(os.pathsep))]
    if first == "-m":
        sys.argv = rest
        runpy.run_module(rest[0], run_name="__main__", alter_sys=True)
    else:
        sys.argv = order.words
        runpy.run_path(first, run_name="__main__")


if __name__ == "__main__":
    _load(sys.argv[2:])
    _become(_fork_on_demand(socket.socket(fileno=int(sys.argv[1]))))
