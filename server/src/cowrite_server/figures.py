"""What a server counts about itself while it works. Plain numbers: whoever counts must not feel it."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter

BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
"""Upper ends of the ranges of durations, in seconds; one more range has what is longer."""


class Durations:
    """How often something took how long."""

    __slots__ = ("counts", "total")

    def __init__(self) -> None:
        self.counts = [0] * (len(BOUNDS) + 1)
        """For each range of BOUNDS, how many durations were in it."""
        self.total = 0.0
        """Sum of all durations, in seconds."""

    def add(self, seconds: float) -> None:
        """Counts one duration."""
        self.counts[bisect_left(BOUNDS, seconds)] += 1
        self.total += seconds


class Figures:
    """The counts of one server since its start."""

    __slots__ = ("broadcast", "commit", "loop_delay", "pauses", "received_bytes", "refusals", "sent_bytes", "updates")

    def __init__(self) -> None:
        self.updates = 0
        """Updates accepted from clients."""
        self.received_bytes = 0
        """Bytes read from clients."""
        self.sent_bytes = 0
        """Bytes of updates, presence and answers handed to clients' send queues."""
        self.refusals: Counter[str] = Counter()
        """Connections closed and updates refused by the server, by the name of the reason or limit."""
        self.pauses: Counter[str] = Counter()
        """How often a client was read no further for a while, by the cause."""
        self.broadcast = Durations()
        """From the first update of a turn to its being in all send queues."""
        self.commit = Durations()
        """From there to its being on disk."""
        self.loop_delay = Durations()
        """How much later than asked for the event loop does something."""
