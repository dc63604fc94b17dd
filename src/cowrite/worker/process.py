"""What makes a process a worker: its streams, its priority, its end with the app's, what it leaves behind, and how its
threads wait.

Everything here runs before llama.cpp is loaded.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from contextlib import suppress
from typing import BinaryIO

NICENESS = 10
NICENESS_VARIABLE = "COWRITE_WORKER_NICENESS"
"""With 0 the worker keeps its priority, for where whoever waits for the model has nothing else to do."""

_PR_SET_PDEATHSIG = 1
_BELOW_NORMAL_PRIORITY_CLASS = 0x00004000
_SEM_FAILCRITICALERRORS = 0x0001
_SEM_NOGPFAULTERRORBOX = 0x0002
"""With it Windows neither shows that the process has crashed, nor reports it with parts of its memory."""

SPIN_COUNT = "1000"
"""How often a thread of llama.cpp looks before it sleeps at a barrier. Measured on two cores, 1 thread / 2 threads with
0, 1,000 and 10,000, in tokens a second: alone 80 / 43, 121, 105; with other work beside it 78 / 20 to 58, 16, 2 to 18.
"""


def take_streams() -> tuple[BinaryIO, BinaryIO]:
    """The streams of the protocol. From now on, what anybody prints to file descriptor 1 goes to stderr."""
    sys.stdout.flush()
    mine = os.dup(1)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    source = os.fdopen(os.dup(0), "rb", buffering=1 << 16)
    return source, os.fdopen(mine, "wb", buffering=0)


def step_back() -> None:
    """Takes a low priority, so that typing stays smooth, unless the environment says otherwise."""
    if os.environ.get(NICENESS_VARIABLE) == "0":
        return
    if sys.platform == "win32":
        kernel = ctypes.windll.kernel32
        # As a pointer: ctypes would pass a number of 32 bits, which is no process in a system of 64.
        own = ctypes.c_void_p(kernel.GetCurrentProcess())
        kernel.SetPriorityClass(own, _BELOW_NORMAL_PRIORITY_CLASS)
    else:
        with suppress(OSError):
            os.nice(NICENESS)


def die_with(parent: int) -> None:
    """Where the system can do it, ends this process with its parent, however that ends; elsewhere stdin's end does.

    On Linux it is the parent's thread that counts, so a worker is started from one that lasts.

    Args:
        parent: the process's parent when it began; one that is gone by now ends the process here.
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)


def leave_no_dump() -> None:
    """Has the system write no image of this process where it crashes: words of people's documents are in its memory."""
    if sys.platform == "win32":
        ctypes.windll.kernel32.SetErrorMode(_SEM_FAILCRITICALERRORS | _SEM_NOGPFAULTERRORBOX)
    else:
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def calm_threads() -> None:
    """Lets the threads of llama.cpp sleep soon while they wait; what the environment says already counts."""
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    os.environ.setdefault("GOMP_SPINCOUNT", SPIN_COUNT)
