"""Burden: how long it takes to make one document anew, as far as it has to be known.

The library makes a document in one go, and the server stands still meanwhile. What a document takes that was written in
small updates is known when it is weighed; until then only what these have taken is. Runs on the server's event loop.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from cowrite_server.rooms.client import Client

_logger = logging.getLogger(__name__)


class Burden:
    """The burden of one room's document. Owns who waits until it is weighed."""

    def __init__(self, name: str, most: float, weigh: Callable[[], None]) -> None:
        """That of a document that takes no time.

        Args:
            name: of the room, for the log.
            most: seconds that it may take to make the document anew.
            weigh: begins to find out how long it does; `weighed` is to be called then.
        """
        self.is_too_much = False
        """Whether it takes longer than it may, so that the document may grow no more."""
        self.is_unknown = False
        """Whether it is being weighed."""
        self._name = name
        self._most = most
        self._weigh = weigh
        self._waiting: dict[Client, None] = {}

    def note(self, seconds: float) -> None:
        """Has the document weighed where it may be too much: what has come in has taken so long."""
        if seconds > self._most and not self.is_unknown and not self.is_too_much:
            self.is_unknown = True
            self._weigh()

    def hold(self, client: Client) -> None:
        """Has a client that sent something wait while the document is weighed; else it could grow much meanwhile."""
        if self.is_unknown and client not in self._waiting:
            self._waiting[client] = None
            client.wait()

    def weighed(self, seconds: float) -> list[Client]:
        """Takes what the document takes, in seconds; gives those that have waited."""
        self.is_unknown = False
        if seconds > self._most and not self.is_too_much:
            self.is_too_much = True
            _logger.error(
                "Room %s may grow no more: reading it takes the server %.1f s, and may take %g s (document_seconds).",
                self._name,
                seconds,
                self._most,
            )
        waiting, self._waiting = self._waiting, {}
        return list(waiting)

    def leave(self, client: Client) -> None:
        """A client is gone."""
        self._waiting.pop(client, None)
