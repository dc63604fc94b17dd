"""Burden: how long it takes to make one document anew, as far as it has to be known.

The library makes a document in one go, and the server stands still meanwhile. What a document takes that was written in
small updates is known when it is weighed, in a process of its own; until then only what these have taken is. `Burden`
and `Scales` run on the server's event loop, and `weigh_document` in the process.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import struct
import sys
from collections.abc import Callable, Iterable

from cowrite_server.background import end_tasks
from cowrite_server.document.census import Counted
from cowrite_server.document.replica import Replica
from cowrite_server.errors import BrokenUpdate
from cowrite_server.rooms.child import be_the_first_to_go, carry_out, end_after
from cowrite_server.rooms.client import Client
from cowrite_server.wire.protocol import Role

_logger = logging.getLogger(__name__)

COMMAND = "weigh-document"
"""What makes `python -m cowrite_server` a process that weighs; not for people."""

_READING = 10.0
"""Seconds after which a document is weighed no further: it takes at least as long."""

_PATIENCE = 30.0
"""Seconds that the process may take beside those."""

_OF_OTHERS = 2
"""Those who may not edit use one part in so many of what a document may have: they are not to keep those who may from
writing, as by what no program shows and so nobody deletes."""

_MORE = 4
"""A document that grows is weighed again when it may take longer by one part in so many of what it may."""

_REST = 10
"""So many times as long as weighing a document that is too much has taken passes before it is weighed again: the
computer may have been slow."""

_LETTERS = 1024
"""Bytes that an editor may add while the document is weighed, so that nobody is kept from typing meanwhile."""

_SECONDS = struct.Struct("<d")
_CAUSE = "weighing"


def part_of(role: Role) -> int:
    """Those of a role may use one part in so many of what a document may have."""
    return 1 if role.may_edit else _OF_OTHERS


class Scales:
    """Weighs the documents of one server, one at a time."""

    def __init__(self) -> None:
        """Nothing yet."""
        self._turn = asyncio.Lock()

    async def weigh(self, document: bytes) -> float:
        """How many seconds the library takes to make a document anew.

        Args:
            document: as an update.

        Raises:
            OSError: no process can find out.
        """
        async with self._turn:
            try:
                status, written = await carry_out(COMMAND, document, _READING + _PATIENCE)
            except TimeoutError:
                return _READING
        if hasattr(signal, "SIGPROF") and status == -signal.SIGPROF:
            return _READING
        if status or len(written) != _SECONDS.size:
            raise OSError(f"The process ended with {status}.")
        (seconds,) = _SECONDS.unpack(written)
        return float(seconds)


def weigh_document() -> int:
    """Makes a document anew, from standard input, and writes how many seconds that takes; gives the exit status."""
    be_the_first_to_go()
    document = sys.stdin.buffer.read()
    Counted(b"\x00\x00").census()  # what a process makes once and then has is no part of the document's time
    end_after(_READING)
    try:
        seconds = Replica([document]).seconds
    except BrokenUpdate:
        return 1
    end_after(0)
    sys.stdout.buffer.write(_SECONDS.pack(seconds))
    return 0


class Burden:
    """The burden of one room's document. Owns who waits until it is weighed."""

    def __init__(
        self,
        name: str,
        most: float,
        scales: Scales,
        document: Callable[[], bytes | None],
        weighed: Callable[[float], None],
        clock: Callable[[], float],
    ) -> None:
        """That of a document that takes no time.

        Args:
            name: of the room, for the log.
            most: seconds that it may take to make the document anew.
            scales: weigh it.
            document: gives it as one update; None while nobody knows what it is.
            weighed: told how many seconds less than was thought it takes.
            clock: gives seconds.
        """
        self._name = name
        self._most = most
        self._scales = scales
        self._document = document
        self._weighed = weighed
        self._clock = clock
        self._rest_until = 0.0
        self._seconds = 0.0  # as it was weighed last
        self._noted = 0.0
        self._next = most / _OF_OTHERS
        self.is_unknown = False
        """Whether it may be too much, so that not much is to be added before it has been weighed."""
        self._waiting: dict[Client, None] = {}
        self._added: dict[Client, int] = {}  # while it is weighed
        self._task: asyncio.Task[None] | None = None

    def refuses(self, update: bytes, role: Role) -> bool:
        """Whether the document may not have an update, because it would grow; it may be weighed again then.

        Args:
            update: the update.
            role: of its sender.
        """
        if not self._seconds:  # it was never too much, as nearly all
            return False
        if self._seconds <= self._most / part_of(role) or update[:1] == b"\x00":  # deletions are taken
            return False
        if self._clock() >= self._rest_until:
            self.weigh(self._noted)
        return True

    def note(self, seconds: float, clients: Iterable[Client]) -> None:
        """Has the document weighed where it may be too much.

        Args:
            seconds: what has come in has taken so long.
            clients: who is in the room. Those who may write but not edit wait, or many of them could make it more.
        """
        self._noted = seconds
        if seconds > self._next and not self.is_unknown:
            self.is_unknown = True
            self.weigh(seconds)
            for client in clients:
                self.hold(client)

    def weigh(self, seconds: float) -> None:
        """Has the document weighed, while everybody goes on.

        Args:
            seconds: what has come in has taken so long.
        """
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._weigh(seconds), name=f"weigh {self._name}")

    def take(self, found: float | None, seconds: float) -> None:
        """Takes what was found out where the document was made anew for something else.

        Args:
            found: seconds that the library took; None where that failed, and the document is weighed.
            seconds: what had come in before has taken so long.
        """
        if found is None:
            self.weigh(seconds)
        elif self._task is None:
            self._note_weight(found, seconds, found)

    def hold(self, client: Client, size: int = 0) -> None:
        """Has a client wait while the document is weighed, else that could grow much meanwhile.

        Args:
            client: somebody in the room.
            size: bytes that they have added just now.
        """
        if not self.is_unknown or client in self._waiting or client.role is Role.VIEWER:
            return
        self._added[client] = added = self._added.get(client, 0) + size
        if added > _LETTERS or not client.role.may_edit:
            self._waiting[client] = None
            client.wait(_CAUSE)

    def leave(self, client: Client) -> None:
        """A client is gone."""
        self._waiting.pop(client, None)
        self._added.pop(client, None)

    async def close(self) -> None:
        """Stops weighing."""
        if self._task is not None:
            await end_tasks([self._task])

    async def _weigh(self, seconds: float) -> None:
        found, begun = self._seconds, self._clock()
        try:
            document = self._document()
            if document is not None:
                found = await self._scales.weigh(document)
        except OSError as error:
            _logger.error("Room %s cannot be weighed. %s", self._name, error)
        except Exception:  # nobody foresaw it, and those who wait would wait for ever
            _logger.exception("Room %s cannot be weighed.", self._name)
        self._note_weight(found, seconds, self._clock() - begun)

    def _note_weight(self, found: float, seconds: float, taken: float) -> None:
        was_too_much, self._seconds = self._seconds > self._most, found
        self._next = max(self._most / _OF_OTHERS, found + self._most / _MORE)
        if found > self._most and not was_too_much:
            _logger.error(
                "Room %s may grow no more: reading it takes the server %.1f s, and may take %g s (document_seconds).",
                self._name,
                found,
                self._most,
            )
        if was_too_much and found <= self._most:
            _logger.warning("Room %s may grow again: reading it takes the server %.1f s.", self._name, found)
        self._rest_until = self._clock() + _REST * taken
        waiting, self._waiting, self._added = self._waiting, {}, {}
        self._task, self.is_unknown = None, False
        self._weighed(seconds - found)
        for client in waiting:
            client.go_on(_CAUSE)
