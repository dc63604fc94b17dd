"""Client: a client in a room, as the room sees it, and what all who were let in have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from cowrite_server.audit import Deed
from cowrite_server.people.admission import Admission
from cowrite_server.wire.protocol import Close, Reason, Role


class Client(Protocol):
    """A client in a room, as the room sees it."""

    @property
    def id(self) -> int | None:
        """Number of the member that it is; None on a server for anybody."""

    @property
    def role(self) -> Role:
        """What it may do."""

    @property
    def person(self) -> object:
        """By what the same person is known on another connection, or None."""

    @property
    def name(self) -> str | None:
        """What the others shall see it called, or None."""

    @property
    def deed(self) -> Deed | None:
        """The act that its updates carry out, or None where they are edits like others."""

    def send(self, frames: bytes) -> None:
        """Sends WebSocket frames as things happen."""

    def saved(self, last: int) -> None:
        """Its updates up to this number are on disk."""

    def settled(self, number: int, reason: Reason | None = None, limit: str | None = None) -> None:
        """Its update of this number is not for the disk: it adds nothing, or is refused for a reason; where that is a
        limit, it has a name, see `Refused`."""

    def put_off(self, entries: Sequence[tuple[int, bytes]]) -> None:
        """The room takes none of these updates, given with their numbers, before it is found out whether the first one
        stands where it can: see `Room.find`. Then they have to be submitted again."""

    def answered(self, update: bytes, later: Sequence[bytes]) -> None:
        """The answer to a question of `Room.ask`: a long update, and short ones behind it."""

    def worked(self, seconds: float) -> None:
        """The server has worked so long on what it sent, at another time than when that was read."""

    def wait(self, cause: str) -> None:
        """The room cannot take updates for a while: stop reading until this cause, and each other, has ended."""

    def go_on(self, cause: str) -> None:
        """One cause has ended."""

    def close(self, code: Close) -> None:
        """Ends the connection."""


class Admitted:
    """Somebody who was let in. What they may do and are called may change while they are here."""

    def __init__(self, admission: Admission) -> None:
        """Somebody who was let in so."""
        self.admission = admission

    @property
    def id(self) -> int | None:
        """Number of the member that they are; None on a server for anybody."""
        return self.admission.member

    @property
    def role(self) -> Role:
        """What they may do."""
        return self.admission.role

    @property
    def person(self) -> object:
        """By what the server knows the same person on another connection; None where it cannot."""
        return self.admission.member

    @property
    def name(self) -> str | None:
        """What the others shall see them called; None where that is left to them."""
        return self.admission.name

    @property
    def deed(self) -> Deed | None:
        """None: what they write are edits like others."""
        return None

    def worked(self, seconds: float) -> None:
        """Nobody counts it."""


class Absent(Admitted):
    """The sender of what the server writes itself: nobody in the room, so that the edit comes to all who are."""

    def send(self, frames: bytes) -> None:
        """Nobody listens."""

    def put_off(self, entries: Sequence[tuple[int, bytes]]) -> None:
        """What the server writes is not judged."""

    def answered(self, update: bytes, later: Sequence[bytes]) -> None:
        """Nobody asked."""

    def wait(self, cause: str) -> None:
        """There is nothing to stop."""

    def go_on(self, cause: str) -> None:
        """There is nothing to go on with."""
