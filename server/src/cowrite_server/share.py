"""Share: work that is done one after the other and takes at most half of the time. Runs on the server's event loop.

Such work keeps the interpreter, or the store, from everybody else. So it rests as long as it works, once much was asked
for.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

_SHARE = 2
"""Of the time it takes at most one part in this many."""


class Share:
    """The turns of one kind of work."""

    def __init__(
        self,
        credit: float = 0.0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Nothing was done yet.

        Args:
            credit: what of the share was not used in so many seconds may be used at once.
            clock: gives seconds.
            sleep: waits so many seconds.
        """
        self._credit = credit
        self._clock = clock
        self._sleep = sleep
        self._turn = asyncio.Lock()
        self._rests_until = -math.inf

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """One turn, with all that is read for it."""
        async with self._turn:
            if (rest := self._rests_until - self._clock()) > 0:
                await self._sleep(rest)
            begun = self._clock()
            try:
                yield
            finally:  # the generic cell rate algorithm, as in `pace`
                taken = self._clock() - begun
                self._rests_until = max(self._rests_until, begun - self._credit) + _SHARE * taken
