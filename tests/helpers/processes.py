"""The real server and the real application as processes that can be killed.

The application types by itself, see `helpers.typist`.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random
from subprocess import PIPE
from typing import Any

from cowrite.paths import HOME_VARIABLE
from helpers.warm_python import APPLICATION, Forked

PATIENCE = 40.0  # seconds until waiting for a process is given up
KILLED = 1 if sys.platform == "win32" else -signal.SIGKILL  # the status of a process that was


class GaveUp(Exception):
    """A process did not do what was waited for."""


PORTS = range(20_000, 32_000)  # outside of those that the system gives to outgoing connections


def free_port() -> int:
    """A port that nothing uses; each of the processes in which tests run at once draws from its own."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    own = PORTS[worker::workers]
    while True:
        port = Random().choice(own)
        with closing(socket.socket()) as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port


class ServerProcess:
    """A server on a fixed folder and port.

    Args:
        data: its folder.
        port: its port.
        log: takes what it says on standard error.
        options: more flags of `cowrite-server serve`.
    """

    def __init__(self, data: Path, port: int, log: Path, *options: str) -> None:
        command = [sys.executable, "-m", "cowrite_server", "serve", "--data", str(data), "--port", str(port)]
        self._command = [*command, *options]
        self._log = log
        self._process: Forked | None = None

    @property
    def is_running(self) -> bool:
        return self._process is not None

    def start(self) -> None:
        """Starts it without waiting."""
        with self._log.open("ab") as errors:
            self._process = Forked(self._command, stdout=PIPE, stderr=errors)

    def wait_until_listening(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        lines: list[bytes] = []
        output = self._process.stdout
        reading = threading.Thread(target=lambda: lines.append(output.readline()), daemon=True)
        reading.start()  # on Windows one cannot ask whether there is something in a pipe
        reading.join(PATIENCE)
        if not lines or b"listening" not in lines[0]:
            self.kill()
            raise GaveUp(f"The server did not start; see {self._log}.")

    def kill(self) -> None:
        """Ends it as a power failure would."""
        process, self._process = self._process, None
        if process is not None:
            assert process.stdout is not None
            process.kill()
            process.wait()
            process.stdout.close()


class AppProcess:
    """One life of an application that types.

    Args:
        home: the folder below which its files are.
        log: takes what it says on standard error.
        life: what it is to do, see `helpers.typist.Typist`.
    """

    def __init__(self, home: Path, log: Path, life: dict[str, Any]) -> None:
        self.reports: list[dict[str, Any]] = []
        self.life = life
        self.killed_at: float | None = None
        environment = {**os.environ, HOME_VARIABLE: str(home), "QT_QPA_PLATFORM": "offscreen"}
        environment["PYTHONPATH"] = os.pathsep.join(
            [str(Path(__file__).parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])]
        )
        command = [sys.executable, "-m", "helpers.typist", json.dumps(life)]
        with log.open("ab") as errors:
            self._process = Forked(command, stdin=PIPE, stdout=PIPE, stderr=errors, env=environment, loaded=APPLICATION)
        self._changed = threading.Condition()
        self._has_ended = False
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def told(self, what: str) -> list[dict[str, Any]]:
        """Its reports of one kind."""
        return [each for each in list(self.reports) if each["what"] == what]

    @property
    def next_number(self) -> int:
        """The first token that it has not reported as typed; it may have been typed all the same."""
        return int(max((told["number"] + 1 for told in self.told("typed")), default=self.life["number"]))

    def order(self, order: str) -> None:
        """Tells it to do something."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{order}\n".encode())
        self._process.stdin.flush()

    def wait_for(self, what: str, is_enough: Callable[[dict[str, Any]], bool] = lambda _: True) -> dict[str, Any]:
        """Waits for a report."""

        def found() -> dict[str, Any] | None:
            return next((each for each in reversed(self.told(what)) if is_enough(each)), None)

        with self._changed:
            self._changed.wait_for(lambda: found() is not None or self._has_ended, PATIENCE)
        answer = found()
        if answer is None:
            raise GaveUp(f"The application of {self.life['letter']} never told that it had {what}.")
        return answer

    def wait_for_next(self, what: str, patience: float) -> None:
        """Waits until it reports something of this kind once more, or until patience, in seconds, is over."""
        before = len(self.told(what))
        with self._changed:
            self._changed.wait_for(lambda: len(self.told(what)) > before or self._has_ended, patience)

    def kill(self) -> None:
        """Ends it as a power failure would, unless it has ended by itself."""
        if self.killed_at is None:
            self.killed_at = time.monotonic()
            self._process.kill()
            if self._process.wait() != KILLED:
                self.reports.append({"what": "wrong", "sentence": f"It ended with status {self._process.returncode}."})
            self._reader.join()
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            self._process.stdin.close()
            self._process.stdout.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            with self._changed:
                if line.endswith(b"\n"):  # the last one may have been cut off
                    self.reports.append(json.loads(line))
                self._changed.notify_all()
        with self._changed:
            self._has_ended = True
            self._changed.notify_all()
