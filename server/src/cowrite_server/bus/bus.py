"""Bus: how nodes that work on one store tell each other what happens. Knows no engine.

A bus may lose what it is told; it says so, and whoever listens finds out from the store what was missed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

Hear = Callable[[bytes, bytes], None]
"""Is given the id of the node that speaks, and what it says."""


class Listener(Protocol):
    """What a bus tells the node that it belongs to."""

    def gone(self, node: bytes) -> None:
        """Another node has ended, or is not heard of any more."""

    def resumed(self) -> None:
        """Something may have been missed or lost; from now on everything is heard and passed on again."""


class BusFigures(NamedTuple):
    """What can be seen of a bus at one moment.

    Attributes:
        connected: whether what other nodes say is heard, and what is said to them goes out.
        reconnects: how often it was connected again.
        received: messages of other nodes; that one is there, which each says all the time, does not count.
        sent: messages to them, counted in the same way.
    """

    connected: bool
    reconnects: int
    received: int
    sent: int


class Bus(Protocol):
    """One node's end of what joins all nodes. All methods are called on one event loop."""

    @property
    def joins(self) -> bool:
        """Whether there may be others; where there are none, nobody need tell anything."""

    @property
    def figures(self) -> BusFigures | None:
        """What can be seen of it; None where there is nothing to see."""

    def start(self, listener: Listener) -> None:
        """Begins; called once, before anything else."""

    def tell(self, channel: str, message: bytes) -> None:
        """Says something to all other nodes that follow a channel, without waiting."""

    async def follow(self, channel: str, hear: Hear) -> None:
        """From when this returns, what others say on a channel is heard; or `resumed` is called when it will be."""

    def leave(self, channel: str) -> None:
        """Follows a channel no longer."""

    async def close(self) -> None:
        """Says goodbye."""


class NoBus:
    """The bus of a node that is alone."""

    joins = False
    figures = None

    def start(self, listener: Listener) -> None: ...

    def tell(self, channel: str, message: bytes) -> None: ...

    async def follow(self, channel: str, hear: Hear) -> None: ...

    def leave(self, channel: str) -> None: ...

    async def close(self) -> None: ...
