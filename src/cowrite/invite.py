"""Invite: a key to a room that this computer hosts. The host makes them, the storage keeps them."""

from __future__ import annotations

from dataclasses import dataclass, field

from cowrite_server.wire.protocol import Role


@dataclass(frozen=True, slots=True)
class Invite:
    """An invite that was made on this computer.

    Attributes:
        room: the document's room.
        role: what its holder may do.
        id: the server's number for it.
        secret: what opens the room.
    """

    room: str
    role: Role
    id: int
    secret: str = field(repr=False)
