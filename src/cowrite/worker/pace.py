"""With how many threads llama.cpp computes from one moment to the next.

Pure Python; runs in the worker. Its threads wait for each other a thousand times a token. Where another program takes
one of their cores, all of them wait for it, and one thread alone is many times as fast. And whoever types beside it
needs a core whose caches no model has filled. The number of threads does not change what is computed.
"""

from __future__ import annotations

import time
from collections.abc import Callable

WAY = 0.5
"""Seconds for which a core is left to whoever types."""

_SLOW = 2.5  # times the usual seconds a token, from which on several threads are in each other's way
_PATIENCE = 3  # tokens or batches in a row that must be slow
_RETRY = 1.0  # seconds of computing by one thread, after which several are tried again
_BATCH = 16  # tokens computed together, from which on each of them takes about the same
_LONGEST = 16.0  # seconds, to which that wait doubles where it was in vain


class Pace:
    """Chooses between all threads and one, by how long what was computed took; fewer while somebody types."""

    def __init__(
        self,
        threads: int,
        is_fixed: bool = False,
        *,
        beside_typing: int | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Args:
        threads: where nothing is in their way.
        is_fixed: whether that holds whatever comes.
        beside_typing: at most so many while somebody types; as many as ever where left out.
        clock: seconds.
        """
        self._is_fixed = is_fixed or threads == 1
        self._all = threads
        self._usual: dict[bool, float] = {}
        self._slow = 0
        self._alone = 0.0
        self._wait = _RETRY
        self._chosen = threads
        self._beside_typing = threads if beside_typing is None else beside_typing
        self._clock = clock
        self._until = clock()

    @property
    def threads(self) -> int:
        """To compute the next with."""
        gives_way = self._clock() < self._until
        return min(self._chosen, self._beside_typing) if gives_way else self._chosen

    def give_way(self) -> None:
        """Somebody types: for the next WAY there is a core for them. Any thread may call."""
        self._until = self._clock() + WAY

    def took(self, seconds: float, tokens: int, threads: int) -> None:
        """Learns how long some tokens took that were computed together, by so many threads."""
        if self._is_fixed or threads < self._chosen:  # it says nothing of all together
            return
        if self._chosen == 1:
            self._alone += seconds
            if self._alone >= self._wait:
                self._chosen, self._slow = self._all, 0
            return
        is_batch = tokens >= _BATCH
        if not is_batch and tokens > 1:  # neither here nor there
            return
        each = seconds / tokens
        usual = self._usual.get(is_batch, each)
        self._usual[is_batch] = min(usual * 1.01, each)  # what is usual may change slowly: the prompt grows
        if each <= usual * _SLOW:
            self._slow = 0
            self._wait = _RETRY
        else:
            self._slow += 1
            if self._slow >= (1 if is_batch else _PATIENCE):
                self._chosen, self._alone = 1, 0.0
                self._wait = min(_LONGEST, self._wait * 2)
