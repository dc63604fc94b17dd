"""Versions: the moments of a store's rooms that have a name, and how they get it.

What is named is in force on this node when its method returns, and on the others soon after. Runs on the server's event
loop.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from cowrite_server.history.history import History
from cowrite_server.store.records import RoomRecord
from cowrite_server.undertakings import Undertakings
from cowrite_server.wire.history import Naming


class Versions:
    """The named moments of a store's rooms."""

    def __init__(
        self, history: History, most: int, now: Callable[[], int], changed: Callable[[], Awaitable[None]]
    ) -> None:
        """The named moments of the rooms in a history.

        Args:
            history: what the rooms were.
            most: so many names a room may have.
            now: gives milliseconds since 1970.
            changed: has everybody in the rooms told that there was an act.
        """
        self._history = history
        self._most = most
        self._now = now
        self._changed = changed
        self._acts = Undertakings("a naming")

    async def name(self, room: RoomRecord, naming: Naming, member: int | None) -> None:
        """Gives a moment a name, or takes it away, though whoever asked goes away meanwhile.

        Args:
            room: which room.
            naming: which moment, by its last entry, and which name.
            member: number of the member who names it, or None.

        Raises:
            BadVersionName, NamedOtherwise, NoSuchMoment, StoreFailed, TooManyVersions: see `History.name`.
        """

        async def work() -> None:
            await self._history.name(room, naming, member, self._now(), self._most)
            await self._changed()

        await self._acts.do(work())

    async def close(self) -> None:
        """Brings to its end what was begun."""
        await self._acts.close()
