"""Member: a client in a room, as the room sees it."""

from __future__ import annotations

from typing import Protocol

from cowrite_server.protocol import Close, Reason, Role


class Member(Protocol):
    """A client in a room, as the room sees it."""

    @property
    def invite(self) -> int | None:
        """Id of the invite by which it came."""

    @property
    def role(self) -> Role:
        """What it may do."""

    @property
    def person(self) -> object:
        """By what the same person is known on another connection, or None."""

    @property
    def name(self) -> str | None:
        """What the others shall see it called, or None."""

    def send(self, frames: bytes) -> None:
        """Sends WebSocket frames as things happen."""

    def saved(self, last: int) -> None:
        """Its updates up to this number are on disk."""

    def settled(self, number: int, reason: Reason | None = None) -> None:
        """Its update of this number is not for the disk: it adds nothing, or is refused for a reason."""

    def answered(self, update: bytes) -> None:
        """The answer to a question of `Room.ask`."""

    def wait(self) -> None:
        """The room cannot take updates for a while: stop reading."""

    def go_on(self) -> None:
        """The room takes updates again."""

    def close(self, code: Close) -> None:
        """Ends the connection."""
