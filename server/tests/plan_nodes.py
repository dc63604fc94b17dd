"""Plans with several nodes on one PostgreSQL database and one Redis, each of which is killed and started again.

Where the disk of a single server is locked, Redis goes away here, and where its clock is set forward the database
crashes: the clocks of nodes have to be right.
"""

from __future__ import annotations

import asyncio
import signal
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

from engines import Postgres, Redis
from helpers.plan_files import Op
from plan_world import SETTINGS, World
from server_process import TunedServer
from sync_clients import until_true

_SETTINGS = {**SETTINGS, "heal_seconds": 0.1, "gap_seconds": 0.05}
_LAG = 0.5
"""Seconds after which a node knows what another one has written, also without Redis."""


class NodeWorld(World):
    """All people, and the nodes between which they are spread."""

    revoked_within = 3.0  # the database and three nodes have one machine, and one of them may just have been killed

    def __init__(
        self, plan: list[Op], folder: Path, stack: AsyncExitStack, *, postgres: Postgres, redis: Redis, count: int
    ) -> None:
        """Nothing runs yet.

        Args:
            plan: what is going to happen.
            folder: for what is kept beside the database.
            stack: ends what was begun.
            postgres: gives them a database of their own.
            redis: joins the nodes.
            count: of nodes.
        """
        super().__init__(plan, folder, stack, lag=_LAG)
        self._postgres = postgres
        self._address = postgres.new_database()
        self._place = ("--store", self._address)
        self._redis = redis
        self._is_redis_away = False
        self._count = count
        self._nodes: list[TunedServer] = []

    @property
    def past_url(self) -> str:
        """Now the one, now the other."""
        self._nodes.append(self._nodes.pop(0))
        return self._nodes[0].url

    async def start(self) -> None:
        """Starts the nodes that are down; on each what was acknowledged must be there."""
        self._unlock_store()
        while len(self._nodes) < self._count:
            node = TunedServer(self._address, bus=self._redis.address, **_SETTINGS)
            self._server = await self._stack.enter_async_context(node)
            self._nodes.append(node)
            self._spread()
            if self.people:
                await self.look_at_what_was_acknowledged()

    async def end(self, how: signal.Signals) -> None:
        """Ends the node that has run longest."""
        if not self._nodes:
            return
        await self.end_one(self._nodes.pop(0), how)
        self._server = self._nodes[-1] if self._nodes else None
        self._spread()

    def _spread(self) -> None:
        for number, person in enumerate(self.people if self._nodes else ()):
            person.proxy.redirect(self._nodes[number % len(self._nodes)].port)

    async def _lock_store(self) -> None:
        if not self._is_redis_away:
            self._is_redis_away = True
            self._redis.stop()
            self._stack.callback(self._unlock_store)

    def _unlock_store(self) -> None:
        if self._is_redis_away:
            self._is_redis_away = False
            self._redis.start()

    async def _back_up(self) -> None:
        """PostgreSQL is backed up with its own tools."""

    async def _pass_hours(self, hours: int) -> None:
        """The clocks of nodes have to be right; the database crashes instead."""
        await asyncio.to_thread(self._postgres.stop, "immediate")
        await asyncio.to_thread(self._postgres.start)
        for node in self._nodes:
            await until_true(partial(_is_ready, node))


async def _is_ready(node: TunedServer) -> object:
    return (await node.figures())["ready"]
