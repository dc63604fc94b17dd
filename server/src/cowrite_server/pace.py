"""How fast one client is read. Without I/O."""

from __future__ import annotations

from cowrite_server.protocol import Limits

_BURST_SECONDS = 1.0
"""What a client has not used of its rate in this time it may use at once."""


class Pace:
    """Tells how long to wait before a client is read again.

    Time is spent as the client sends: each message and each byte costs its share of a second. (The generic cell rate
    algorithm, ITU-T I.371: one number instead of a bucket that is filled by a timer.)
    """

    __slots__ = ("_byte_cost", "_message_cost", "_paid_until")

    def __init__(self, limits: Limits) -> None:
        self._message_cost = 1 / limits.updates_per_second
        self._byte_cost = 1 / limits.bytes_per_second
        self._paid_until = 0.0

    def spend(self, messages: int, size: int, now: float) -> float:
        """Takes account of what was read.

        Args:
            messages: number of messages.
            size: number of bytes.
            now: seconds of any clock.

        Returns:
            Seconds to wait before the next read; 0 or less for none.
        """
        spent, read = messages * self._message_cost, size * self._byte_cost
        paid_until = max(self._paid_until, now - _BURST_SECONDS) + (max(read, spent))
        self._paid_until = paid_until
        return paid_until - now
