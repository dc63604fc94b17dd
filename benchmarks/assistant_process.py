"""What is measured on the worker as a process: cancelling, keys painted beside it, energy."""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from cowrite.assist.engine.contact import WAY_EVERY
from cowrite.assist.engine.wire import decode, encode, plain_generation
from cowrite.assist.requests import Completing, Generation, Lane, Window, Words

WATTS = 15.0
"""Of a notebook's processor for each core that computes, where the system exposes no energy: an estimate."""
_RAPL = Path("/sys/class/powercap")


class Worker:
    """A worker that was started for this."""

    def __init__(self, model: Path, threads: int) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "cowrite.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        self._model, self._threads = model, threads
        self._id = 0
        self._way_given = 0.0
        self.until("hello")

    def close(self) -> None:
        """Ends it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._process.pid

    def send(self, kind: str, id: int = 0, **fields: Any) -> int:
        """Sends a message."""
        self._id += 1
        assert self._process.stdin is not None
        self._process.stdin.write(encode(kind, id or self._id, **fields))
        self._process.stdin.flush()
        return id or self._id

    def until(self, *kinds: str) -> dict[str, Any]:
        """Passes over messages up to one of some kinds."""
        assert self._process.stdout is not None
        while True:
            message = decode(self._process.stdout.readline())
            if message["type"] in kinds:
                return message

    def load(self) -> int:
        """Begins to load the model."""
        return self.send("load", path=str(self._model), name="", context=0, threads=self._threads, batch=0)

    def ask(self, text: str, tokens: int, lane: Lane = Lane.PANEL) -> int:
        """Begins to write."""
        generation = Generation(lane, Completing((Window((text,)), Words(""))), tokens, is_shown=True)
        return self.send("generate", generation=plain_generation(generation))

    def give_way(self) -> None:
        """Says that somebody types, as often as the app does."""
        if time.monotonic() - self._way_given >= WAY_EVERY:
            self._way_given = time.monotonic()
            self.send("typing")

    def cancelled(self, id: int) -> float:
        """Milliseconds from cancelling a request until the worker has let go of it."""
        begun = time.perf_counter()
        self.send("cancel", id)
        while self.until("done", "failed", "loaded")["id"] != id:
            pass
        return 1000 * (time.perf_counter() - begun)


def cancel_latencies(model: Path, threads: int, rounds: int, seed: int = 5) -> list[dict[str, Any]]:
    """Milliseconds from cancel to rest in each phase."""
    chance = random.Random(seed)
    worker = Worker(model, threads)
    times: dict[str, list[float]] = {"loading": [], "reading": [], "writing": []}
    for _ in range(rounds):
        id = worker.load()
        worker.until("loading")
        times["loading"].append(worker.cancelled(id))
    worker.load()
    worker.until("loaded")
    for number in range(rounds):
        id = worker.ask(f"{number} The bell rang twice, and nobody in the harbour spoke of it. " * 190, 100)
        time.sleep(0.2 + 0.1 * chance.random())  # somewhere within a batch
        times["reading"].append(worker.cancelled(id))
        id = worker.ask("Once upon a time", 500)
        worker.until("token")
        time.sleep(0.2 * chance.random())
        times["writing"].append(worker.cancelled(id))
    worker.close()
    return [
        {"phase": phase, "median_ms": statistics.median(some), "most_ms": max(some), "times": len(some)}
        for phase, some in times.items()
    ]


@contextmanager
def writing(worker: Worker) -> Iterator[None]:
    """Within it, the worker writes without a pause, one text after the other."""
    ended = threading.Event()

    def go_on() -> None:
        while not ended.is_set():
            id = worker.ask("Once upon a time there was a harbour", 400)
            while not ended.is_set():
                if worker.until("token", "done", "failed")["type"] != "token":
                    break
            else:
                worker.cancelled(id)

    thread = threading.Thread(target=go_on)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def energy(worker: Worker, tokens: int = 200) -> dict[str, Any]:
    """Joules for each token that is written."""
    before, seconds = _joules(), _processor_seconds(worker.pid)
    begun = time.perf_counter()
    worker.ask("Once upon a time there was a harbour", tokens)
    generated = max(1, worker.until("done")["completion"]["usage"]["generated"])
    wall = time.perf_counter() - begun
    after = _joules()
    if before is not None and after is not None and after > before:
        # What the machine takes at rest is not the worker's.
        time.sleep(wall)
        rest = _joules()
        idle = max(0.0, rest - after) if rest is not None else 0.0
        return {"joules_per_token": (after - before - idle) / generated, "source": "measured (RAPL, less idle)"}
    used = _processor_seconds(worker.pid) - seconds
    source = f"estimate ({WATTS:g} W for each second of a core; the system exposes no energy)"
    return {"joules_per_token": used * WATTS / generated, "source": source}


def _joules() -> float | None:
    """What all processor packages have used since some time; None where it cannot be read."""
    total = 0.0
    found = False
    for zone in sorted(_RAPL.glob("intel-rapl:[0-9]")):
        with suppress(OSError, ValueError):
            total += int((zone / "energy_uj").read_text()) / 1e6
            found = True
    return total if found else None


def _processor_seconds(pid: int) -> float:
    """That a process has used (Linux); 0 where it cannot be read."""
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0
