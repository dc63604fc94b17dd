"""What a Transport tells of its connections: frozen values, so they may go from its thread to another."""

from __future__ import annotations

from dataclasses import dataclass

UNTAKEN_COST = 1024  # bytes for which a message counts beside its own while it waits to be taken in


@dataclass(frozen=True, slots=True)
class Opened:
    """A connection is open.

    Attributes:
        connection: its number, from 1; messages are sent to a connection by number, so that what was meant for an
            earlier one never reaches a later one, where the counting of saved updates has begun again.
    """

    connection: int


@dataclass(frozen=True, slots=True)
class Received:
    """A message has come."""

    connection: int
    message: bytes

    @property
    def cost(self) -> int:
        """What it counts for while it waits to be taken in, in bytes."""
        return len(self.message) + UNTAKEN_COST


@dataclass(frozen=True, slots=True)
class Drained:
    """All messages given to `send` are with the network: whoever has more that can wait may send it now."""

    connection: int


@dataclass(frozen=True, slots=True)
class Closed:
    """A connection has ended or could not be made.

    Attributes:
        connection: its number.
        code: the server's close code, or None where it gave none.
        reason: what happened, in one sentence for people.
        final: whether the transport waits for `retry_now` before it connects again.
    """

    connection: int
    code: int | None
    reason: str
    final: bool


TransportEvent = Opened | Received | Drained | Closed
