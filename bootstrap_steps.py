"""What setting up and building do step by step: commands, how long they take, and why one cannot go on.

A part of bootstrap.py; runs before anything is installed, so it imports the standard library only.
"""

from __future__ import annotations

import contextlib
import errno
import os
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent

TO_DO = dict.fromkeys((errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)), "Make room there")
TO_DO |= dict.fromkeys((errno.EACCES, errno.EPERM), "Make it yours, or use a checkout of your own")
TO_DO[errno.EROFS] = "Use a checkout in a place where you may write"
OTHERWISE = "Make room there, or make it yours"


class Problem(Exception):
    """Why setup cannot go on, in one sentence with what to do about it."""


class Progress:
    """Prints each step of a known number of steps with the seconds it took."""

    def __init__(self, total: int) -> None:
        self._total, self._done, self._live = total, 0, sys.stdout.isatty()
        self._width = 0  # of what stands in the line of a terminal

    @contextlib.contextmanager
    def step(self, label: str) -> Iterator[Callable[[str], None]]:
        """Times one step; the function it yields shows a note while the step runs, where there is a terminal."""
        self._done += 1
        head = f"[{self._done}/{self._total}] {label}"
        begin = time.monotonic()
        self._show(f"{head} ...")

        def note(text: str) -> None:
            if self._live:
                self._show(f"{head}: {text}, {time.monotonic() - begin:.0f} s")

        yield note
        self._show(f"{head}: {time.monotonic() - begin:.1f} s")
        if self._live:
            print(flush=True)
            self._width = 0

    def _show(self, text: str) -> None:
        """Prints a line; on a terminal over the one before, with blanks where that was longer: a console of Windows
        knows no signs that clear a line."""
        print(f"\r{text:<{self._width}}" if self._live else text, flush=True, end="" if self._live else "\n")
        self._width = len(text)


def words_of(error: OSError) -> str:
    """Says what the system refuses, as when a disk is full or a checkout is another person's, and what to do."""
    about = f"{error.filename}: " if error.filename else ""
    return f"{about}{error.strerror or error}. {TO_DO.get(error.errno or 0, OTHERWISE)}, and start again."


def scripts_of(environment: Path) -> Path:
    """Gives the folder of the programs of a virtual environment."""
    return environment / ("Scripts" if os.name == "nt" else "bin")


def python_of(environment: Path) -> Path:
    """Gives the Python of a virtual environment."""
    return scripts_of(environment) / ("python.exe" if os.name == "nt" else "python")


def pip_of(python: Path) -> list[str]:
    """Gives how the pip of a Python is called, which then asks nothing and looks for no newer one."""
    return [str(python), "-m", "pip", "--disable-pip-version-check", "--no-input"]


def deaf(_line: str) -> None:
    """Hears nothing: `call` shows the last lines of a command that fails."""


def ask(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Runs a command without input and keeps what it prints."""
    null = subprocess.DEVNULL
    return subprocess.run(command, stdin=null, capture_output=True, encoding="utf-8", errors="replace", check=False)


def call(command: Sequence[str], hear: Callable[[str], None], env: Mapping[str, str] | None = None) -> None:
    """Runs a command without input, hands each line it prints to hear, and raises Problem with the last ones."""
    env = {**(os.environ if env is None else env), "PIP_USER": "0"}  # else pip refuses to work in .venv for some people
    tail: deque[str] = deque(maxlen=25)
    null, pipe, same = subprocess.DEVNULL, subprocess.PIPE, subprocess.STDOUT
    with subprocess.Popen(
        command, cwd=ROOT, env=env, stdin=null, stdout=pipe, stderr=same, errors="replace"
    ) as process:
        for line in process.stdout or ():
            tail.append(line)
            hear(line)
    if process.returncode:
        print("\n", *tail, sep="", end="", file=sys.stderr)
        raise Problem(f"`{' '.join(command)}` failed with status {process.returncode}; its last lines are above.")
