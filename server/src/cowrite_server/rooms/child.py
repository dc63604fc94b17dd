"""Child: a process that does one thing which takes the library long, and ends; the server goes on meanwhile."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

WITH_THE_SERVER = ("SIGINT", "SIGTERM", "SIGHUP")
"""What a terminal and systemd tell all processes of a server, which ends those that it has begun."""

_NICENESS = 10
"""So far a child stands back behind the server (see `nice(2)`): of a core that both want the server has nine tenths."""


async def carry_out(command: str, given: bytes, patience: float) -> tuple[int, bytes]:
    """Has one do something, and ends when it has ended.

    Args:
        command: what makes `python -m cowrite_server` such a process; not for people.
        given: what it reads.
        patience: seconds after which it is ended.

    Returns:
        Its exit status and what it has written.

    Raises:
        OSError: there can be none.
        TimeoutError: it took too long.
    """
    process = begin(command)
    work = asyncio.ensure_future(asyncio.to_thread(process.communicate, given, patience))
    try:
        written, _ = await asyncio.shield(work)
    except asyncio.CancelledError:
        process.kill()
        await asyncio.wait([work])
        raise
    except subprocess.TimeoutExpired as error:
        await asyncio.to_thread(_end, process)
        raise TimeoutError from error
    return process.returncode, written


def begin(command: str) -> subprocess.Popen[bytes]:
    """Begins one.

    Args:
        command: what makes `python -m cowrite_server` such a process; not for people.

    Raises:
        OSError: there can be none.
    """
    pipe = subprocess.PIPE
    words = command_line(command)
    if sys.platform == "win32":  # where it would also open a window
        flags = subprocess.CREATE_NO_WINDOW | subprocess.BELOW_NORMAL_PRIORITY_CLASS
        return subprocess.Popen(words, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, creationflags=flags)
    process = subprocess.Popen(words, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL)
    with suppress(OSError):  # it has ended already, or a server with little priority would give it more
        niceness = os.getpriority(os.PRIO_PROCESS, 0) + _NICENESS
        os.setpriority(os.PRIO_PROCESS, process.pid, niceness)
    return process


def command_line(command: str) -> list[str]:
    """How such a process is begun."""
    if not getattr(sys, "frozen", False):
        return [sys.executable, "-P", "-m", "cowrite_server", command]
    is_server = Path(sys.executable).stem == "cowrite-server"  # else the app, which becomes the module that it is given
    return [sys.executable, *(() if is_server else ("--module", "cowrite_server")), command]


def end_after(seconds: float) -> None:
    """Ends this process when it has worked so long, whatever it does then; with 0 not any more."""
    if sys.platform != "win32":  # there the patience of whoever began it ends it
        signal.setitimer(signal.ITIMER_PROF, seconds)


def _end(process: subprocess.Popen[bytes]) -> None:
    with process:  # closes its pipes, which `communicate` leaves open that has run out of time
        process.kill()


def be_the_first_to_go() -> None:
    """Has the system end rather this process than the server where memory runs out."""
    with suppress(OSError):  # on other systems there is no such file
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
