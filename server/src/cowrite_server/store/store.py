"""Store: everything that the server asks of its database, and the values that it gives and takes.

Knows no database. Several servers (nodes) may work on one store where the database is made for it, and commands such as
`cowrite-server revoke` work beside them.
"""

from __future__ import annotations

import hashlib
import lzma
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

from cowrite_server.audit import Deed
from cowrite_server.store.membership import Membership
from cowrite_server.store.sealing import Sealing

UNBOUNDED = 2**63 - 1
"""As large as a number of a database can be."""

LEAST_BLOB_COST = 4096
"""Bytes that a blob costs its room at least; see `Blob.cost`."""

NO_SPACE = -1
"""Stands in the place of a blob's number where the room had no space for it."""


@dataclass(frozen=True, slots=True)
class RoomRecord:
    """A room as the store knows it.

    Attributes:
        id: its key in the store.
        name: its name in URLs.
        epoch: identity of its history; the same for as long as the room is there.
    """

    id: int
    name: str
    epoch: str


class Update(NamedTuple):
    """An update on its way into a room's log.

    Attributes:
        room: the room's key.
        time: milliseconds since 1970.
        member: number of the member who wrote it, or None.
        data: the update.
        deed: the act that the update carries out, or None; it goes into the audit log in the same transaction.
    """

    room: int
    time: int
    member: int | None
    data: bytes
    deed: Deed | None = None

    @property
    def begins(self) -> bool:
        """Whether a moment begins with it in any case, see `Entry.begins`: what carries out an act stands by itself."""
        return self.deed is not None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A room's document as one update, with everything that was ever deleted still in it.

    Attributes:
        room: the room's key.
        seq: it holds every entry of the log up to this number and nothing else.
        time: milliseconds since 1970.
        data: the document, compressed; see `compressed` and `document`.
    """

    room: int
    seq: int
    time: int
    data: bytes

    @staticmethod
    def compressed(document: bytes) -> bytes:
        """The `data` of a document. Takes about 0.1 s for a megabyte, without holding the interpreter."""
        return lzma.compress(document, preset=1)

    def document(self) -> bytes:
        """The document.

        Raises:
            ValueError: `data` is damaged.
        """
        try:
            return lzma.decompress(self.data)
        except lzma.LZMAError as error:
            raise ValueError(str(error)) from error


@dataclass(frozen=True, slots=True)
class Moment:
    """A run of a room's entries that people see as one step of its history.

    Attributes:
        room: the room's key.
        first: number of its first entry.
        last: number of its last entry; names the moment in its room.
        begun: time of its first entry, in milliseconds since 1970.
        ended: time of its last entry.
        data: who added and deleted what, as `moments.encode_parts` writes it.
    """

    room: int
    first: int
    last: int
    begun: int
    ended: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Blob:
    """Bytes that a document refers to by their hash, such as an image.

    Attributes:
        room: key of the room that holds it.
        hash: SHA-256 of the data.
        media_type: such as `image/png`.
        data: the bytes.
    """

    room: int
    hash: bytes
    media_type: str
    data: bytes

    @property
    def cost(self) -> int:
        """Bytes that it takes of what a room's blobs may have together; a small one takes more than its data."""
        return max(len(self.data), LEAST_BLOB_COST)


Record = Update | Blob


class Entry(NamedTuple):  # a log may have very many, and a row becomes one of these at next to no cost
    """An update in a room's log.

    Attributes:
        seq: its number in the room, from 1, without gaps.
        time: milliseconds since 1970.
        member: number of the member who wrote it, or None.
        data: the update.
        begins: whether a moment begins with it, however soon it follows the one before.
    """

    seq: int
    time: int
    member: int | None
    data: bytes
    begins: bool = False


@dataclass(frozen=True, slots=True)
class RoomLog:
    """What a room's document is made of.

    Attributes:
        snapshot: the latest, or None.
        entries: the log after the snapshot, in the order of its numbers.
    """

    snapshot: Snapshot | None
    entries: list[Entry]


@dataclass(frozen=True, slots=True)
class RoomHistory:
    """What a room's history is made of.

    Attributes:
        snapshot: the latest, or None.
        moments: the moments of the entries up to the snapshot, in their order.
        entries: the log after the snapshot.
        fine_from: from this number on, every single entry is there.
    """

    snapshot: Snapshot | None
    moments: list[Moment]
    entries: list[Entry]
    fine_from: int


def new_epoch() -> str:
    """The identity of a history that begins now."""
    return secrets.token_hex(16)


def hash_secret(secret: str) -> bytes:
    """What a store keeps of the secret of an invite or a member: its SHA-256.

    A slow hash would add nothing, because a secret is random and too long for anybody to guess.
    """
    return hashlib.sha256(secret.encode()).digest()


class Store(Membership, Sealing, Protocol):
    """A database. Its methods may be called on one event loop, several at a time; any may raise StoreFailed."""

    @property
    def shared(self) -> bool:
        """Whether several servers may work on it at one time."""

    async def commit(self, records: Sequence[Record], room_blob_bytes: int = UNBOUNDED) -> Sequence[int]:
        """Writes records in one transaction, in their order; when this returns they are on disk.

        The store numbers the updates: each room has one sequence, from 1 and without gaps, whichever nodes write. A
        blob that is there stays, and costs its room nothing. One for which its room has no space, whichever nodes took
        what is in it, is not written; the rest is. Blobs of one commit may take the space of their room in any order.

        After a failure the next commit begins with the same records in the same order. So a store whose database was
        lost in the middle of a commit can find out whether they are there, and need not write them twice.

        Args:
            records: what to write; the rooms exist.
            room_blob_bytes: what the blobs of a room may cost together, see `Blob.cost`.

        Returns:
            For each record the number that it got in its room; for blobs, which have none, 0 or NO_SPACE. The updates
            of a room in one commit have numbers without a gap; between two commits others may have written.

        Raises:
            StoreFailed: nothing of it was written, as far as can be known.
        """

    async def read_room(self, room: int) -> RoomLog:
        """What a room's document is made of, as it was at one moment.

        Args:
            room: the room's key.

        Raises:
            StoreFailed: it could not be read.
        """

    async def read_after(self, room: int, seq: int, upto: int | None = None) -> list[Entry]:
        """The entries of a room's log with larger numbers than `seq`, in their order, as far as they are kept.

        A node that knows of an entry that it has not got reads what it lacks with this.

        Args:
            room: the room's key.
            seq: number of an entry, or 0 for all.
            upto: number of the last entry wanted, or None for all.

        Raises:
            StoreFailed: it could not be read.
        """

    async def last_numbers(self, rooms: Sequence[int]) -> dict[int, int]:
        """The number of the last entry of each room's log, 0 where there is none.

        Args:
            rooms: keys of rooms.

        Raises:
            StoreFailed: they could not be read.
        """

    async def read_history(self, room: int) -> RoomHistory:
        """What a room's history is made of, as it was at one moment.

        Args:
            room: the room's key.

        Raises:
            StoreFailed: it could not be read.
        """

    async def compact(self, base: int, snapshot: Snapshot, moments: Sequence[Moment]) -> bool:
        """Takes a room's new snapshot and its new moments, in one transaction, where nobody was faster.

        Args:
            base: `seq` of the snapshot from which this one was made; 0 where there was none.
            snapshot: the new snapshot.
            moments: those that end after `base`, and the one before where it was made longer. They take the place of
                all that end at or after the first one's beginning.

        Returns:
            Whether it was written; False where the room's snapshot is no longer that of `base`.

        Raises:
            StoreFailed: nothing of it was written, as far as can be known.
        """

    async def thin(self, room: int, before: int, most: int) -> int:
        """Deletes single entries whose moment ended before a time and that the room's snapshot holds.

        Args:
            room: the room's key.
            before: milliseconds since 1970.
            most: delete no more than about this many, so that commits come in between.

        Returns:
            How many entries were deleted; 0 when none is left to delete.

        Raises:
            StoreFailed: nothing of it was deleted, as far as can be known.
        """

    async def list_rooms(self, before: int | None = None) -> list[RoomRecord]:
        """All rooms by their names.

        Args:
            before: milliseconds since 1970: only rooms whose oldest single entry is older; None for all.

        Raises:
            StoreFailed: they could not be read.
        """

    async def back_up(self, path: Path) -> None:
        """Writes all that is stored at one moment to a new file, while servers work on it.

        Args:
            path: a file that is not there yet.

        Raises:
            BackedUpElsewhere: such a store is backed up with the tools of its database; says which.
            BackupUnusable: the file cannot be written.
            StoreFailed: the store could not be read.
        """

    async def damage(self) -> list[str]:
        """What is unsound in the database itself, in its blobs, and in rows of people, acts and sealed boxes, in one
        sentence each; takes as long as it takes.

        Raises:
            StoreFailed: it could not be read at all.
        """

    async def read_blob(self, room: int, digest: bytes) -> Blob | None:
        """A blob that a room holds, or None; that another room holds it does not count.

        Args:
            room: the room's key.
            digest: SHA-256 of the blob.

        Raises:
            StoreFailed: it could not be read.
        """

    async def find_room(self, name: str) -> RoomRecord | None:
        """The room of this name, or None.

        Raises:
            StoreFailed: it could not be read.
        """

    async def ensure_room(self, name: str, now: int) -> RoomRecord:
        """The room of this name, made if there is none. All who ask at one time get the same one.

        Args:
            name: a name that a room can have (`protocol.ROOM_NAME`).
            now: milliseconds since 1970.

        Raises:
            StoreFailed: it could not be written.
        """

    async def announce(self, url: str) -> None:
        """Leaves word where the server that works on this store is reached.

        Args:
            url: its address, ws://HOST:PORT or wss://HOST:PORT.

        Raises:
            DataFolderUnusable: it could not be written.
        """

    async def announced(self) -> str | None:
        """Where a server that works on this store at the moment is reached; None if there is none, or too many."""

    async def close(self) -> None:
        """Lets go of the database, after what is under way. Every other method then raises StoreFailed."""
