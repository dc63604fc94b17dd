"""Who asks to write, read once for all who want to know until something is done about a room's people.

Whatever is done there has every owner, and everybody who may not write, ask at once, and each reading goes through all
members of the room.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from cowrite_server.store.asking import LASTS
from cowrite_server.store.member_records import AskRecord
from cowrite_server.store.records import RoomRecord
from cowrite_server.store.store import Store

MOST_ROOMS = 100
"""Of so many rooms it is kept, those of which it was asked last."""


@dataclass(slots=True)
class _Kept:
    """What is known of one room.

    Attributes:
        looks: how often it was looked whether the list is still good.
        act: number of the room's latest act before the list was read; None while there is none.
        askers: the list.
        turn: of those who look.
    """

    looks: int = 0
    act: int | None = None
    askers: Sequence[AskRecord] = ()
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class Askers:
    """Those of a store's rooms."""

    def __init__(self, store: Store, now: Callable[[], int]) -> None:
        """Nothing is known.

        Args:
            store: where it is read.
            now: gives milliseconds since 1970.
        """
        self._store = store
        self._now = now
        self._kept: OrderedDict[int, _Kept] = OrderedDict()

    async def of(self, room: RoomRecord) -> list[AskRecord]:
        """Who asks in a room, as it was when this was called or later; in the order of `Membership.askers`.

        Raises:
            NoSuchRoom: there is no such room.
            StoreFailed: it cannot be read.
        """
        kept = self._kept.setdefault(room.id, _Kept())
        self._kept.move_to_end(room.id)
        if len(self._kept) > MOST_ROOMS:
            self._kept.popitem(last=False)
        before = kept.looks
        async with kept.turn:
            if kept.looks == before or kept.act is None:  # else another has begun to look since, and seen it all
                await self._look(room, kept)
        now = self._now()
        return [each for each in kept.askers if now - each.asked < LASTS]

    async def _look(self, room: RoomRecord, kept: _Kept) -> None:
        kept.looks += 1
        before, kept.act = kept.act, None
        act = (await self._store.last_acts([room.id])).get(room.id, 0)
        if act != before:
            kept.askers = await self._store.askers(room.name, self._now())
        kept.act = act
