"""Trial: an update of very many parts is added to a copy of its document, in a process of its own, before it is taken.

The library adds an update as a whole, and nothing else runs meanwhile. How long that takes cannot be told from its
size: twenty thousand entries of one key, each written as if there were none before it, take eight seconds, and twice as
many four times as long. `Trials` runs on the server's event loop, and `try_update` in the process.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import struct
import subprocess
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from weakref import WeakKeyDictionary

from cowrite_server.document.bounds import deletions_behind
from cowrite_server.document.replica import Replica
from cowrite_server.document.updates import read_update
from cowrite_server.errors import BrokenUpdate, ServerError
from cowrite_server.sockets.pace import Pace

_logger = logging.getLogger(__name__)

COMMAND = "try-update"
"""What makes `python -m cowrite_server` such a process; not for people."""

_MANY, _FEW = 2000, 200
"""Parts that an update may have untried, and that it may have where its sender has had too much of the server's time.
"""

_PART_BYTES = 2
"""The least that a struct or a deletion takes."""

_PATIENCE = 30.0
"""Seconds that a process may take beside those that are counted: it has to begin, and to read what it is given."""

_READING = 5
"""So many times as long as for the update it may take to make the document anew, as whoever loads it has to."""

_HEAD = struct.Struct("<dQ")
_BROKEN = 3
_STATUSES = 256  # of a process that has ended by itself; others are ended by the system
_TOO_MUCH = ("SIGPROF", "SIGKILL")  # the second where the memory does not suffice
_WITH_THE_SERVER = ("SIGINT", "SIGTERM", "SIGHUP")
"""How a process ends that somebody ends, mostly with the server: a terminal and systemd tell all of its processes."""


class TooMuchWork(ServerError):
    """An update would keep everybody waiting for too long."""


class NotTried(ServerError):
    """An update could not be tried at the moment; its sender is to send it again."""


class Trials:
    """The trials of one server, one at a time."""

    def __init__(self, seconds: float, most: int) -> None:
        """None yet.

        Args:
            seconds: how long it may take to add an update to its document.
            most: bytes of all updates that wait for their trial.
        """
        self._seconds = seconds
        self._most = most
        self._bytes = 0
        self._turn = asyncio.Lock()
        self._turns: WeakKeyDictionary[Pace, asyncio.Lock] = WeakKeyDictionary()

    def wants(self, update: bytes, deletes_few: Callable[[bytes, int], bool], *, is_worn: bool) -> bool:
        """Whether an update is to be tried.

        Whoever comes back sends every deletion that they know, and of most of these the document has been told.

        Args:
            update: any bytes.
            deletes_few: whether an update without items deletes no more than so many places that the document has not.
            is_worn: whether its sender has had too much of the server's time.

        Raises:
            BrokenUpdate: it is no update; others that are none may pass.
        """
        most = _FEW if is_worn else _MANY
        if len(update) <= _PART_BYTES * most:
            return False
        listed = deletions_behind(update, most)
        return listed is None or (len(listed) > _PART_BYTES * most and not deletes_few(listed, most))

    def has_space(self, update: bytes) -> bool:
        """Whether an update can wait for its trial."""
        return self._bytes + len(update) <= self._most

    async def read(self, pace: Pace, document: Callable[[], bytes | None], update: bytes) -> bytes:
        """An update as `read_update` gives it.

        Args:
            pace: of the sender; of those who have the same one only one waits among the others.
            document: gives the whole document that it is to be added to, as an update, when it is its turn; None where
                nobody knows what that is.
            update: any bytes.

        Raises:
            BrokenUpdate: it is no update, or the document cannot take it.
            TooMuchWork: it takes too long to add it, or more memory than there is.
            NotTried: nobody knows what the document is, or the process was ended from outside.
        """
        self._bytes += len(update)
        try:
            async with self._turns.setdefault(pace, asyncio.Lock()), self._turn:
                whole = document()
                if whole is None:
                    raise NotTried("The document is being read again.")
                return await self._read(whole, update)
        finally:
            self._bytes -= len(update)

    async def _read(self, document: bytes, update: bytes) -> bytes:
        try:
            process = _begin()
        except OSError as error:
            return _untried(update, error)
        given = b"".join([_HEAD.pack(self._seconds, len(document)), document, update])
        try:
            read, _ = await asyncio.to_thread(process.communicate, given, self._seconds + _PATIENCE)
        except subprocess.TimeoutExpired as error:
            process.kill()
            await asyncio.to_thread(process.communicate)
            raise TooMuchWork("An update takes too long to read.") from error
        finally:
            process.kill()
        status = process.returncode
        if status == 0:
            return read
        if status in _statuses(_TOO_MUCH):
            raise TooMuchWork("An update takes too long to add.")
        if status in _statuses(_WITH_THE_SERVER):
            raise NotTried("The process that tried it was ended.")
        if status == _BROKEN or status not in range(_STATUSES):
            raise BrokenUpdate(f"a process that tried to add it ended with {status}")
        return _untried(update, f"It ended with {status}.")


def try_update() -> int:
    """Adds an update to a document, both from standard input, and writes it as `read_update` gives it.

    Returns:
        The process's exit status. It does not return where the update takes too long.
    """
    with suppress(OSError):  # on other systems there is no such file
        # Where memory runs out, rather this process than the server.
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    seconds, size = _HEAD.unpack(sys.stdin.buffer.read(_HEAD.size))
    document = sys.stdin.buffer.read(size)
    try:
        update = read_update(sys.stdin.buffer.read())
        _end_after(_READING * seconds)
        replica = Replica([document])
        _end_after(seconds)
        replica.apply(update)
        _end_after(0)
    except BrokenUpdate:
        return _BROKEN
    sys.stdout.buffer.write(update)
    return 0


def _end_after(seconds: float) -> None:
    """Ends this process when it has worked so long, whatever it does then; with 0 not any more."""
    if sys.platform != "win32":  # there the patience of whoever began it ends it
        signal.setitimer(signal.ITIMER_PROF, seconds)


def _statuses(names: Iterable[str]) -> set[int]:
    """The statuses of processes that such signals have ended; Windows has fewer of these, and ends none by them."""
    return {-getattr(signal, name) for name in names if hasattr(signal, name)}


def _untried(update: bytes, cause: object) -> bytes:
    _logger.error("An update could not be tried in a process of its own, and is taken untried. %s", cause)
    return read_update(update)


def _begin() -> subprocess.Popen[bytes]:
    pipe = subprocess.PIPE
    window = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # on Windows it would open one
    return subprocess.Popen(_command(), stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, creationflags=window)


def _command() -> list[str]:
    if not getattr(sys, "frozen", False):
        return [sys.executable, "-P", "-m", "cowrite_server", COMMAND]
    is_server = Path(sys.executable).stem == "cowrite-server"  # else the app, which becomes the module that it is given
    return [sys.executable, *(() if is_server else ("--module", "cowrite_server")), COMMAND]
