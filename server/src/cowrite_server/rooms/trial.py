"""Trial: an update of very many parts is added to a copy of its document, in a process of its own, before it is taken.

The library adds an update as a whole, and nothing else runs meanwhile. How long that takes cannot be told from its
size: twenty thousand entries of one key, each written as if there were none before it, take eight seconds, and twice as
many four times as long. And whether an update stands where a client can have put it, is found out in such a process
where the document has many parts. `Trials` runs on the server's event loop, `try_update` and `place_update` in the
process.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import struct
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from time import process_time
from weakref import WeakKeyDictionary

from cowrite_server.document.bounds import deletions_behind
from cowrite_server.document.fork import Fork
from cowrite_server.document.placing import is_placed_well
from cowrite_server.document.replica import Replica
from cowrite_server.document.structs import TooManyStructs
from cowrite_server.document.updates import read_update
from cowrite_server.errors import BrokenUpdate, ServerError
from cowrite_server.rooms.child import WITH_THE_SERVER, be_the_first_to_go, carry_out, end_after
from cowrite_server.sockets.pace import Pace

_logger = logging.getLogger(__name__)

COMMAND, PLACE_COMMAND = "try-update", "place-update"
"""What makes `python -m cowrite_server` such a process; not for people."""

_MANY, _FEW = 500, 200
"""Parts that an update may have untried, and that it may have where its sender has had too much of the server's time.
"""

_JOINED = 32 * 1024 * 1024
"""Bytes times parts that an update may have untried: what somebody wrote in a row the library joins part by part, and
with each it copies all that it has joined so far."""

_PART_BYTES = 2
"""The least that a struct or a deletion takes."""

UNTRIED_BYTES = _PART_BYTES * _FEW
"""Up to this size no update is tried, whoever sent it."""

_PATIENCE = 30.0
"""Seconds that a process may take beside those that are counted: it has to begin, and to read what it is given."""

_READING = 10.0
"""Seconds that it may take there to make the document anew, as whoever loads it has to."""

_OF_A_ROOM, _OF_A_SENDER = 2, 4
"""Of the bytes that may wait, the updates for one room, and of one sender, take at most one part in so many."""

_HEAD = struct.Struct("<dQ")
_BROKEN, _TOO_LONG, _MISPLACED = 3, 4, 5
_STATUSES = 256  # of a process that has ended by itself; others are ended by the system
_TOO_MUCH = ("SIGPROF", "SIGKILL")  # the second where the memory does not suffice


class TooMuchWork(ServerError):
    """An update would keep everybody waiting for too long."""


class NotTried(ServerError):
    """An update could not be tried at the moment; its sender is to send it again."""


@dataclass(slots=True)
class _Line:
    """Those who wait of one room, or of one sender: one of them waits among the others."""

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    bytes: int = 0


class Trials:
    """The trials of one server, one at a time: the rooms take turns, and within a room its members."""

    def __init__(self, seconds: float, most: int) -> None:
        """None yet.

        Args:
            seconds: how long it may take to add an update to its document.
            most: bytes of all updates that wait for their trial.
        """
        self._seconds = seconds
        self._most = most
        self._all = _Line()
        self._lines: WeakKeyDictionary[object, _Line] = WeakKeyDictionary()

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
        most = min(_FEW if is_worn else _MANY, _JOINED // max(len(update), 1))
        if len(update) <= _PART_BYTES * most:
            return False
        listed = deletions_behind(update, most)
        return listed is None or (len(listed) > _PART_BYTES * most and not deletes_few(listed, most))

    def has_space(self, pace: Pace, room: object, update: bytes) -> bool:
        """Whether an update can wait for its trial.

        Args:
            pace: of the sender; those who have the same one share what one may take of the space.
            room: where it is to be added; what may wait of one room leaves space for others.
            update: any bytes.
        """
        waiting = ((self._all, 1), (self._line(room), _OF_A_ROOM), (self._line(pace), _OF_A_SENDER))
        return all(line.bytes + len(update) <= self._most // parts for line, parts in waiting)

    async def read(
        self, pace: Pace, room: object, document: Callable[[], bytes | None], update: bytes, part: int = 1
    ) -> bytes:
        """An update as `read_update` gives it.

        Args:
            pace: of the sender.
            room: where it is to be added.
            document: gives the whole document that it is to be added to, as an update, when it is its turn; None where
                nobody knows what that is.
            update: any bytes.
            part: it may take one part in so many of the time.

        Raises:
            BrokenUpdate: it is no update, or the document cannot take it.
            TooMuchWork: it takes too long to add it, or more memory than there is.
            NotTried: nobody knows what the document is, or the process was ended from outside.
        """
        async with self._turn(pace, room, document, update) as whole:
            return await self._read(whole, update, self._seconds / part)

    async def place(self, pace: Pace, room: object, document: Callable[[], bytes | None], update: bytes) -> bool | None:
        """Whether a client of Yjs can have put what an update has where it stands; None where nobody can tell, because
        it takes too long or there can be no process.

        Args:
            pace: of the sender.
            room: where it is to be added.
            document: see `read`.
            update: as `read_update` gives it.

        Raises:
            NotTried: nobody knows what the document is, or the process was ended from outside.
        """
        async with self._turn(pace, room, document, update) as whole:
            given = b"".join([_HEAD.pack(_READING, len(whole)), whole, update])
            try:
                status, _ = await carry_out(PLACE_COMMAND, given, _READING + _PATIENCE)
            except (TimeoutError, OSError) as error:
                _logger.error("It could not be found out where an update stands. %s", error)
                return None
        if status in _statuses(WITH_THE_SERVER):
            raise NotTried("The process that looked at it was ended.")
        return {0: True, _MISPLACED: False, _BROKEN: False}.get(status)

    @asynccontextmanager
    async def _turn(
        self, pace: Pace, room: object, document: Callable[[], bytes | None], update: bytes
    ) -> AsyncIterator[bytes]:
        """The turn of an update, and the whole document as it is then; see `read`."""
        sender, others = self._line(pace), self._line(room)
        with _waiting((sender, others, self._all), len(update)):
            async with sender.turn, others.turn, self._all.turn:
                whole = document()
                if whole is None:
                    raise NotTried("The document is being read again.")
                yield whole

    def _line(self, of: object) -> _Line:
        return self._lines.setdefault(of, _Line())

    async def _read(self, document: bytes, update: bytes, seconds: float) -> bytes:
        given = b"".join([_HEAD.pack(seconds, len(document)), document, update])
        try:
            status, read = await carry_out(COMMAND, given, seconds + _READING + _PATIENCE)
        except TimeoutError as error:
            raise TooMuchWork("An update takes too long to read.") from error
        except OSError as error:
            return _untried(update, error)
        if status == 0:
            return read
        if status == _TOO_LONG or status in _statuses(_TOO_MUCH):
            raise TooMuchWork("An update takes too long to add.")
        if status in _statuses(WITH_THE_SERVER):
            raise NotTried("The process that tried it was ended.")
        if status == _BROKEN or status not in range(_STATUSES):
            raise BrokenUpdate(f"a process that tried to add it ended with {status}")
        return _untried(update, f"It ended with {status}.")


def try_update() -> int:
    """Adds an update to a document, both from standard input, and writes it as `read_update` gives it.

    Returns:
        The process's exit status. Where the update takes too long, it does not return, but for Windows.
    """
    be_the_first_to_go()
    seconds, size = _HEAD.unpack(sys.stdin.buffer.read(_HEAD.size))
    document = sys.stdin.buffer.read(size)
    try:
        update = read_update(sys.stdin.buffer.read())
        end_after(_READING)
        replica = Replica([document])
        end_after(seconds)
        begun = process_time()
        replica.apply(update)
        end_after(0)
        if process_time() - begun > seconds:  # on Windows, which ends no process for it
            return _TOO_LONG
    except BrokenUpdate:
        return _BROKEN
    sys.stdout.buffer.write(update)
    return 0


def place_update() -> int:
    """Finds out whether an update stands in a document where it can, both from standard input.

    Returns:
        The process's exit status. Where it takes too long, it does not return, but for Windows.
    """
    be_the_first_to_go()
    seconds, size = _HEAD.unpack(sys.stdin.buffer.read(_HEAD.size))
    document = sys.stdin.buffer.read(size)
    end_after(seconds)
    try:
        fork = Fork(Replica([document]))
        effect = fork.apply(sys.stdin.buffer.read(), looks=False)
        is_well = effect is not None and is_placed_well(fork.whole(), effect.update)
    except TooManyStructs:
        return _TOO_LONG
    except BrokenUpdate:
        return _BROKEN
    return 0 if is_well else _MISPLACED


@contextmanager
def _waiting(lines: Iterable[_Line], size: int) -> Iterator[None]:
    for line in lines:
        line.bytes += size
    try:
        yield
    finally:
        for line in lines:
            line.bytes -= size


def _statuses(names: Iterable[str]) -> set[int]:
    """The statuses of processes that such signals have ended; Windows has fewer of these, and ends none by them."""
    return {-getattr(signal, name) for name in names if hasattr(signal, name)}


def _untried(update: bytes, cause: object) -> bytes:
    _logger.error("An update could not be tried in a process of its own, and is taken untried. %s", cause)
    return read_update(update)
