"""NetworkLoop: the loop of the network thread, in which no name that is slow to be found keeps anybody waiting.

A system's resolver takes seconds for each server of names that does not answer, and cannot be interrupted. asyncio asks
it on a few threads that it shares with other work and waits for at the end, and forgets an answer that comes too late
for the attempt that wanted it: one such server, and nothing was ever connected.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import sys
import threading
from typing import Any

PATIENCE = 4.0  # seconds that one attempt waits for a name; less than it may take, so that it is known what was slow
KEPT = 5.0  # seconds that addresses are good for, so that the next attempt has those that came too late

if sys.platform == "win32":
    _SystemLoop = asyncio.ProactorEventLoop
else:
    _SystemLoop = asyncio.SelectorEventLoop


class NetworkLoop(_SystemLoop):
    """The system's loop; names are looked up beside it, each once for all who want it."""

    def __init__(self) -> None:
        super().__init__()
        if sys.platform == "win32" and threading.current_thread() is threading.main_thread():
            # There asyncio has signals tell the loop by a socket if the main thread makes it. This one is closed on
            # another thread, which cannot take that back: a later Ctrl+C would go to whatever has its number then.
            signal.set_wakeup_fd(-1)
        self._lookups: dict[tuple[Any, ...], asyncio.Future[Any]] = {}

    async def getaddrinfo(
        self, host: Any, port: Any, *, family: int = 0, type: int = 0, proto: int = 0, flags: int = 0
    ) -> Any:
        """Looks up the addresses of a name, as `socket.getaddrinfo` does.

        Raises:
            socket.gaierror: there are none, or they are not known within PATIENCE; the lookup goes on, and the next
                one for the same name waits for it.
        """
        wanted = (host, port, family, type, proto, flags)
        found = self._lookups.get(wanted)
        if found is None:
            found = self._lookups[wanted] = self.create_future()
            found.add_done_callback(lambda done: self._keep(wanted, done))
            threading.Thread(target=self._look_up, args=(wanted, found), name=f"lookup of {host}", daemon=True).start()
        try:
            async with asyncio.timeout(PATIENCE):
                return await asyncio.shield(found)
        except TimeoutError as error:
            raise socket.gaierror(socket.EAI_AGAIN, "The name is not known yet.") from error

    def _look_up(self, wanted: tuple[Any, ...], found: asyncio.Future[Any]) -> None:
        """Runs on a thread of its own, for which nobody waits."""
        try:
            addresses, error = socket.getaddrinfo(*wanted), None
        except (OSError, ValueError) as failure:
            addresses, error = [], failure
        with contextlib.suppress(RuntimeError):  # the loop may be over by now
            self.call_soon_threadsafe(_settle, found, addresses, error)

    def _keep(self, wanted: tuple[Any, ...], found: asyncio.Future[Any]) -> None:
        if found.cancelled() or found.exception() is not None:
            del self._lookups[wanted]
        else:
            self.call_later(KEPT, self._lookups.pop, wanted, None)


def _settle(found: asyncio.Future[Any], addresses: list[Any], error: Exception | None) -> None:
    if error is not None:
        found.set_exception(error)
    else:
        found.set_result(addresses)
