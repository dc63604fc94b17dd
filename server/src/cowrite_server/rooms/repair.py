"""Repair: one reading of a room's document again, when nobody knows any more what the one in memory is.

Runs on the server's event loop.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable

from cowrite_server.background import end_tasks
from cowrite_server.errors import StoreFailed
from cowrite_server.rooms.client import Client
from cowrite_server.rooms.loading import LoadedRoom

_logger = logging.getLogger(__name__)

_CAUSE = "repair"


class Repair:
    """One reading again. Owns who waits for it: clients that may send nothing more, and questions to the document."""

    def __init__(
        self,
        name: str,
        load: Callable[[], Awaitable[LoadedRoom]],
        ended: Callable[[Repair, LoadedRoom | None], None],
    ) -> None:
        """Begins to read.

        Args:
            name: of the room.
            load: reads it.
            ended: takes it and what was read, or None where the store failed.
        """
        self.questions: dict[Client, bytes] = {}
        """Who asked meanwhile what a document lacks, and its state vector: the last, for a client may ask without end,
        and each answer may be a whole document."""
        self._name = name
        self._load = load
        self._ended = ended
        self._waiting: dict[Client, None] = {}
        self._task = asyncio.get_running_loop().create_task(self._read(), name=f"repair of {name}")

    def hold(self, clients: Iterable[Client]) -> None:
        """Has clients that sent something wait until the document is whole."""
        for client in clients:
            if client not in self._waiting:
                self._waiting[client] = None
                client.wait(_CAUSE)

    def leave(self, client: Client) -> None:
        """A client is gone."""
        self._waiting.pop(client, None)

    def let_go(self) -> None:
        """Has those that wait go on."""
        for client in self._waiting:
            client.go_on(_CAUSE)

    async def close(self) -> None:
        """Stops the reading."""
        await end_tasks([self._task])

    async def _read(self) -> None:
        try:
            loaded = await self._load()
        except StoreFailed as error:
            _logger.error("Room %s cannot be read again. %s", self._name, error)
            self._ended(self, None)
        except Exception:  # nobody foresaw it, and those who wait would wait for ever
            _logger.exception("Room %s cannot be read again.", self._name)
            self._ended(self, None)
        else:
            self._ended(self, loaded)
