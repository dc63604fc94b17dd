"""Store: everything that the server asks of its database.

Knows no database. Several servers (nodes) may work on one store where the database is made for it, and commands such as
`cowrite-server revoke` work beside them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Protocol

from cowrite_server.store.membership import Membership
from cowrite_server.store.moving import Moving
from cowrite_server.store.records import (
    UNBOUNDED,
    Blob,
    Entry,
    Moment,
    Record,
    RoomHistory,
    RoomLog,
    RoomRecord,
    RoomSize,
    Snapshot,
    Version,
)
from cowrite_server.store.sealing import Sealing
from cowrite_server.store.soundness import Fault


class Store(Membership, Sealing, Moving, Protocol):
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
            For each record the number that it got in its room; for blobs, which have none, 0 or NO_SPACE; ROOM_GONE for
            those that are not written because their room was forgotten, or is called otherwise than they say. The
            updates of a room in one commit have numbers without a gap; between two commits others may have written.

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

    def turn_to_restore(self, room: int) -> AbstractAsyncContextManager[None]:
        """For as long as this is entered no other server enters it for the same room: two that work out at once how a
        document comes to be what it was bring the same text back twice.

        Args:
            room: the room's key.

        Raises:
            StoreFailed: on entering: it could not be had, or another one has it for too long.
        """

    async def compact(self, base: int, snapshot: Snapshot, moments: Sequence[Moment]) -> bool:
        """Takes a room's new snapshot and its new moments, in one transaction, where nobody was faster.

        Args:
            base: `seq` of the snapshot from which this one was made; 0 where there was none.
            snapshot: the new snapshot.
            moments: those that end after `base`, and the one before where it was made longer. They take the place of
                all that end at or after the first one's beginning.

        Returns:
            Whether it was written; False where the room's snapshot is no longer that of `base`, an entry within one of
            the moments was named meanwhile, or the room was forgotten.

        Raises:
            StoreFailed: nothing of it was written, as far as can be known.
        """

    async def name_version(self, version: Version, before: str, most: int, pieces: Sequence[Moment] = ()) -> None:
        """Gives the moment that ends with an entry a name, in place of the one that it has, or takes that away.

        From then on no later entry joins the moment. The act is noted in the same transaction, and servers notice it as
        those on members.

        Args:
            version: what is named how, by whom and when; with an empty name it has none any more.
            before: the name that it has, as whoever names it knows; empty for none.
            most: so many names a room may have.
            pieces: what takes the place of the moment within which the entry stands, where it stands within one.

        Raises:
            NamedOtherwise: it has another name than `before`.
            NoSuchMoment: the log has no such entry, or the room was forgotten.
            TooManyVersions: the room has as many names as it may.
            WithinMoment: the entry stands within a moment that is kept, of which `pieces` are none.
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

    async def list_sizes(self) -> list[RoomSize]:
        """What each room takes, by their names.

        Raises:
            StoreFailed: it could not be read.
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

    async def damage(self) -> list[Fault]:
        """What is unsound in the database itself, in its blobs, and in rows of people, acts and sealed boxes; takes as
        long as it takes.

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

    async def ensure_room(self, name: str, now: int, *, anew: bool = False) -> RoomRecord:
        """The room of this name, made if there is none. All who ask at one time get the same one.

        Args:
            name: a name that a room can have (`protocol.ROOM_NAME`).
            now: milliseconds since 1970.
            anew: whether one is made also where a room of this name was forgotten, as the host alone may wish.

        Raises:
            RoomForgotten: there is none, and the one that was there was forgotten.
            StoreFailed: it could not be written.
        """

    async def forget_room(self, name: str, now: int) -> None:
        """Removes a room for good: its log, snapshot, history, members, invites and acts, what lies sealed in it, and
        the blobs that no other room holds; and with it the rooms that keep what it was before its log began anew.

        The audit log keeps that and when the host did so, and the store the room's name and epoch: it is not made again
        by whoever comes to it. What servers still have for it is not written any more, see `commit`.

        Args:
            name: the room's name.
            now: milliseconds since 1970.

        Raises:
            NoSuchRoom: there is no such room.
            StoreFailed: nothing of it was removed, as far as can be known.
        """

    async def wipe(self) -> str:
        """Has the database let go of what was deleted, in its files too, as far as it can. May take long, and those who
        write may wait for it.

        Returns:
            Where traces may be all the same, and what can be done about it, in a sentence; nothing where nowhere.

        Raises:
            StoreFailed: the store is closed.
        """

    async def was_forgotten(self, name: str, epoch: str | None = None) -> bool:
        """Whether a room of this name was forgotten, whether or not another one has the name now.

        Args:
            name: the room's name.
            epoch: the epoch that it had, or None for any.

        Raises:
            StoreFailed: it could not be read.
        """

    async def names(self, rooms: Iterable[int]) -> dict[int, str]:
        """The names that some rooms have now, by their keys.

        A room that was forgotten has none, and one whose log began anew has another one than before.

        Raises:
            StoreFailed: they could not be read.
        """

    async def begin_anew(self, room: RoomRecord, last: int, snapshot: Snapshot, moment: Moment, now: int) -> str:
        """Has a room's log begin anew, with a new key and epoch: with a snapshot, and a moment that tells who wrote
        what is in it. Its people, its acts and what lies sealed come along, and its blobs.

        What it was, log, history and names of versions, stays under the key that it had, as a room of another name
        without people. What servers still have for it goes there.

        Args:
            room: the room.
            last: number of the last entry of its log.
            snapshot: what its document is now; `room` in it does not count, nor in `moment`.
            moment: all that came before.
            now: milliseconds since 1970.

        Returns:
            The name of the room that keeps what it was. Empty where more was written meanwhile, and nothing was done.

        Raises:
            NoSuchRoom: it is not there any more.
            BegunAnew: its log has begun anew since `room` was read.
            StoreFailed: nothing of it was written, as far as can be known.
        """

    async def put_back(self, name: str, aside: str, now: int) -> str:
        """Puts what a room was before its log began anew in its place again, with the epoch that it had. What it was
        since is kept in its turn.

        Args:
            name: the room's name.
            aside: the name of the room that keeps what it was.
            now: milliseconds since 1970.

        Returns:
            The name of the room that keeps what it was since.

        Raises:
            NoSuchRoom: there is no such room, or no such that keeps what it was.
            StoreFailed: nothing of it was written, as far as can be known.
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
