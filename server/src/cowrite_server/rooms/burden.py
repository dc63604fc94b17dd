"""Burden: how long it takes to make one document anew, as far as it has to be known.

The library makes a document in one go, and the server stands still meanwhile. What a document takes that was written in
small updates is known when it is weighed; until then only what these have taken is. Runs on the server's event loop.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from cowrite_server.rooms.client import Client

_logger = logging.getLogger(__name__)

_MORE = 4
"""By one part in so many of the most a document may become slower before it is weighed again, and by another before
whoever writes in it waits for that. So nobody waits for the weighing of a document that people write."""

_REST = 10
"""So many times as long as weighing a document that is too much has taken passes before it is weighed again: the
computer may have been slow."""


class Burden:
    """The burden of one room's document. Owns who waits until it is weighed."""

    def __init__(self, name: str, most: float, weigh: Callable[[], None], clock: Callable[[], float]) -> None:
        """That of a document that takes no time.

        Args:
            name: of the room, for the log.
            most: seconds that it may take to make the document anew.
            weigh: begins to find out how long it does; `weighed` is to be called then.
            clock: gives seconds.
        """
        self.is_too_much = False
        """Whether it takes longer than it may, so that the document may grow no more."""
        self.is_unknown = False
        """Whether it is being weighed."""
        self._name = name
        self._most = most
        self._weigh = weigh
        self._clock = clock
        self._seconds = 0.0
        self._next = most  # from so many seconds on it is weighed
        self._begun = self._rest_until = 0.0
        self._waiting: dict[Client, None] = {}

    def note(self, seconds: float) -> None:
        """Has the document weighed where it may be too much: what has come in has taken so long."""
        self._seconds = seconds
        if seconds > self._next and not self.is_too_much:
            self._begin()

    def refuses(self, update: bytes) -> bool:
        """Whether the document may not have an update, because it would grow; it may be weighed again then."""
        if not self.is_too_much or update[:1] == b"\x00":  # deletions are taken
            return False
        if self._clock() >= self._rest_until:
            self._begin()
        return True

    def hold(self, client: Client) -> None:
        """Has a client that sent something wait where the document has grown much while it is weighed."""
        has_grown = self._seconds > self._next + self._most / _MORE
        if self.is_unknown and has_grown and not self.is_too_much and client not in self._waiting:
            self._waiting[client] = None
            client.wait()

    def weighed(self, seconds: float | None) -> list[Client]:
        """Takes what the document takes, in seconds, or None where nobody can tell; gives those that have waited."""
        self.is_unknown = False
        now = self._clock()
        self._rest_until = now + _REST * (now - self._begun)
        if seconds is not None:
            self._judge(seconds)
        waiting, self._waiting = self._waiting, {}
        return list(waiting)

    def leave(self, client: Client) -> None:
        """A client is gone."""
        self._waiting.pop(client, None)

    def _begin(self) -> None:
        if not self.is_unknown:
            self.is_unknown = True
            self._begun = self._clock()
            self._weigh()

    def _judge(self, seconds: float) -> None:
        self._next = max(self._most, seconds + self._most / _MORE)
        was_too_much, self.is_too_much = self.is_too_much, seconds > self._most
        if self.is_too_much and not was_too_much:
            _logger.error(
                "Room %s may grow no more: reading it takes the server %.1f s, and may take %g s (document_seconds).",
                self._name,
                seconds,
                self._most,
            )
        elif was_too_much and not self.is_too_much:
            _logger.warning("Room %s may grow again: reading it takes the server %.1f s.", self._name, seconds)
