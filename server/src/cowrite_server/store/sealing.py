"""Sealing: what a store keeps of sealed boxes, and what is asked of it about them.

An item lies in the box of a session or poll until the box is opened. Opening has three steps, so that all of it comes
into the document exactly once, whichever nodes open it and whenever one of them ends: the box is claimed, from when on
nothing goes in or out; the update that puts everything into the document is kept in place of the items; when the update
is in the log, it is let go of. An update that is in the log twice changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from cowrite_server.errors import DamagedRow, StoreFailed
from cowrite_server.wire.sealed import Count, SealedItem


@dataclass(frozen=True, slots=True)
class AuthoredItem:
    """An item and who laid it into its box.

    Attributes:
        author: by what the server knows its author again, see `Admission.author`.
        item: the item.
    """

    author: str
    item: SealedItem


@dataclass(frozen=True, slots=True)
class Claim:
    """A box that is being opened, or was.

    Attributes:
        items: what lies in it, while no update is made of it.
        update: the update that puts all of it into the document; None while there is none.
        is_done: whether that is in the log.
    """

    items: tuple[AuthoredItem, ...]
    update: bytes | None
    is_done: bool


def item_as_kept(box: str, item: str, data: bytes) -> SealedItem:
    """An item as it stands in a row.

    Raises:
        DamagedRow: it holds no JSON object.
    """
    try:
        fields = json.loads(data)
        if not isinstance(fields, dict):
            raise TypeError("it is no object")
        return SealedItem(box, item, fields)
    except (ValueError, TypeError) as error:
        raise DamagedRow(f"an item of the sealed box {box}", "it cannot be read") from error


def box_is_gone(box: str) -> StoreFailed:
    """What is raised where the host has removed a box's room for good, or had it rewritten: it is not there."""
    return StoreFailed(f"the box {box} went with its room, which was removed or rewritten")


class Sealing(Protocol):
    """The part of a store that knows sealed boxes. Any method may raise StoreFailed."""

    async def seal(self, room: int, author: str, item: SealedItem) -> None:
        """Lays an item into its box, in place of the author's item of the same id, and of one that is the same as
        another author's; on disk when this returns.

        Args:
            room: the room's key.
            author: by what the server knows its author again.
            item: the item.

        Raises:
            BoxOpened: the box is being opened, or was.
            BoxFull: the author has as much in it or in the room as one may have, or the room holds as much as it may.
        """

    async def take_back(self, room: int, author: str, box: str, item: str) -> None:
        """Takes an author's item out of its box, if it is there.

        Raises:
            BoxOpened: the box is being opened, or was.
        """

    async def sealed_by(self, room: int, author: str) -> list[SealedItem]:
        """What an author has in the boxes of a room."""

    async def sealed_counts(self, rooms: Iterable[int]) -> dict[int, dict[str, Count]]:
        """How much lies in each box of some rooms, by the rooms' keys; boxes and rooms with nothing are left out."""

    async def claimed_boxes(self, room: int) -> list[str]:
        """The boxes of a room whose opening has begun and has not come to its end."""

    async def claim_box(self, room: int, box: str) -> Claim:
        """Begins to open a box, or goes on with it."""

    async def prepare_box(self, room: int, box: str, update: bytes) -> bytes:
        """Keeps the update that puts a claimed box into the document, in place of the items, of which nothing is left.

        Returns:
            The update that was kept: another one's, where somebody was faster; empty where it is in the log already.
        """

    async def finish_box(self, room: int, box: str) -> None:
        """Lets go of a claimed box's update, which is in the log."""
