"""The values that a store gives and takes: rooms, what their logs and histories hold, and blobs."""

from __future__ import annotations

import hashlib
import lzma
import secrets
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from cowrite_server.audit import Deed

ROOM_TABLES = (
    "updates",
    "snapshots",
    "moments",
    "versions",
    "sealed",
    "opened",
    "audit",
    "members",
    "invites",
    "room_blobs",
)
"""Tables with rows of a room, in an order in which no row is left that refers to one that is gone."""

UNBOUNDED = 2**63 - 1
"""As large as a number of a database can be."""

LEAST_BLOB_COST = 4096
"""Bytes that a blob costs its room at least; see `Blob.cost`."""

NO_SPACE = -1
"""Stands in the place of a blob's number where the room had no space for it."""

ROOM_GONE = -2
"""Stands in the place of a record's number where its room was forgotten, or is called otherwise than its writer knows
because it keeps now what a room was, and nothing was written."""


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


class RoomSize(NamedTuple):
    """What a room takes in the store.

    Attributes:
        name: of the room.
        created: milliseconds since 1970, as all times.
        written: when something was written there last, or None.
        bytes: the size of its log, snapshot, history and blobs; those that it shares with other rooms count in each.
    """

    name: str
    created: int
    written: int | None
    bytes: int


class Update(NamedTuple):
    """An update on its way into a room's log.

    Attributes:
        room: the room's key.
        time: milliseconds since 1970.
        member: number of the member who wrote it, or None.
        data: the update.
        deed: the act that the update carries out, or None; it goes into the audit log in the same transaction.
        name: what the room is called as far as its writer knows; None for whatever it is called.
    """

    room: int
    time: int
    member: int | None
    data: bytes
    deed: Deed | None = None
    name: str | None = None

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
        except (lzma.LZMAError, TypeError) as error:  # the latter where a database has kept something else
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


class Version(NamedTuple):
    """A moment with a name, which somebody has given it: it ends with this entry, and no later one joins it.

    Attributes:
        room: the room's key.
        seq: number of the moment's last entry.
        name: what it is called; empty once the name was taken away, whereupon the moment still ends there.
        member: number of the member who said so, or None where nobody knows.
        time: when, in milliseconds since 1970.
    """

    room: int
    seq: int
    name: str
    member: int | None
    time: int


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Blob:
    """Bytes that a document refers to by their hash, such as an image.

    Attributes:
        room: key of the room that holds it.
        hash: SHA-256 of the data.
        media_type: such as `image/png`.
        data: the bytes.
        part: whoever sent it may fill one part in so many of the space that the room has for blobs.
        name: what the room is called, see `Update.name`.
    """

    room: int
    hash: bytes
    media_type: str
    data: bytes
    part: int = 1
    name: str | None = None

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
        versions: those moments that have a name, or had one, in their order.
    """

    snapshot: Snapshot | None
    moments: list[Moment]
    entries: list[Entry]
    fine_from: int
    versions: list[Version] = field(default_factory=list)

    @property
    def ends(self) -> frozenset[int]:
        """The numbers of entries with which a moment ends in any case."""
        return frozenset([version.seq for version in self.versions])


def split_by(moments: Sequence[Moment], ends: Iterable[int]) -> Moment | None:
    """The first moment within which one of some entries stands, with which a moment has to end; None where none does.

    Args:
        moments: in their order.
        ends: numbers of the entries.
    """
    lasts = [moment.last for moment in moments]
    for seq in ends:
        place = bisect_left(lasts, seq)
        if place < len(moments) and moments[place].first <= seq < moments[place].last:
            return moments[place]
    return None


def takes_place(pieces: Sequence[Moment], first: int, last: int, seq: int) -> bool:
    """Whether moments hold the entries of another one, from its first to its last, and one of them ends with `seq`."""
    starts = [first, *(piece.last + 1 for piece in pieces)]
    follow = all(piece.first == start for piece, start in zip(pieces, starts, strict=False))
    return follow and starts[-1] == last + 1 and seq + 1 in starts


def new_epoch() -> str:
    """The identity of a history that begins now."""
    return secrets.token_hex(16)


def hash_secret(secret: str) -> bytes:
    """What a store keeps of the secret of an invite or a member: its SHA-256.

    A slow hash would add nothing, because a secret is random and too long for anybody to guess. Secrets themselves are
    never compared: they are found by this hash, and how long that takes tells only of bytes that nobody can choose.
    """
    return hashlib.sha256(secret.encode()).digest()
