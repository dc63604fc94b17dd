"""Soundness: whether rows hold what is ever written into them, whichever database keeps them. Without I/O."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, NamedTuple, TypeGuard, cast

from cowrite_server.audit import deed_as_kept
from cowrite_server.errors import BrokenUpdate, DamagedRow
from cowrite_server.store.member_records import role_of
from cowrite_server.store.records import UNBOUNDED, RoomRecord, RoomSize
from cowrite_server.store.sealing import item_as_kept

_SECRET_BYTES = 32

REFERENCES = (
    ("invites", "room", "rooms", "id"),
    ("updates", "room", "rooms", "id"),
    ("invites", "creator", "members", "id"),
    ("members", "room", "rooms", "id"),
    ("members", "invite", "invites", "id"),
    ("updates", "member", "members", "id"),
    ("snapshots", "room", "rooms", "id"),
    ("moments", "room", "rooms", "id"),
    ("versions", "room", "rooms", "id"),
    ("versions", "member", "members", "id"),
    ("room_blobs", "room", "rooms", "id"),
    ("room_blobs", "hash", "blobs", "hash"),
    ("audit", "room", "rooms", "id"),
    ("audit", "actor", "members", "id"),
    ("sealed", "room", "rooms", "id"),
    ("opened", "room", "rooms", "id"),
)
"""Columns that refer to a row of another table, with that table and its key."""


class Fault(NamedTuple):
    """Something unsound in a store.

    Attributes:
        sentence: what is unsound, for the host.
        rooms: keys of the rooms whose removal would remove it; empty if it belongs to no room.
    """

    sentence: str
    rooms: frozenset[int] = frozenset()


def _check_opened(box: str, update: object) -> None:
    what = f"the update with what lay in the sealed box {box}"
    _require(isinstance(update, bytes), what, "it cannot be read")
    from cowrite_server.document.updates import check_update  # with the CRDT library, which no other row needs

    try:
        check_update(cast("bytes", update))
    except BrokenUpdate as error:
        raise DamagedRow(what, "it cannot be read") from error


def is_time(value: object) -> TypeGuard[int]:
    """Whether something can be a time: milliseconds since 1970."""
    return isinstance(value, int) and value >= 0


def number_in(what: str, value: object) -> int:
    """A number that stands in a row, or what a database has made of such numbers.

    Args:
        what: what the row is, such as "an entry of the room with the key 3".
        value: what stands there.

    Raises:
        DamagedRow: that is no number from 0 to the largest that there can be.
    """
    if not isinstance(value, int) or not 0 <= value < UNBOUNDED:
        raise DamagedRow(what, "something else stands in the place of a number")
    return value


def room_as_kept(number: int, name: str, epoch: str) -> RoomRecord:
    """A room as it stands in a row that was found by its name.

    Raises:
        DamagedRow: that is none.
    """
    _require(isinstance(epoch, str), f"the room {name}", "it has no epoch")
    return RoomRecord(number, name, epoch)


def size_as_kept(name: str, created: int, written: int | None, size: int) -> RoomSize:
    """What a room takes, as a database says it: its name, when it was made and written in last, and how many bytes.

    Raises:
        DamagedRow: something else stands in the place of one of these.
    """
    what = f"the room {name}"
    _require(isinstance(name, str), what, "its name is not valid")
    _require(isinstance(size, int), what, "what it takes is not a number")
    number_in(what, created)
    if written is not None:
        number_in(what, written)
    return RoomSize(name, created, written, size)


def is_number(value: object) -> bool:
    """Whether it is a number as the store gives them out, or none."""
    return value is None or (isinstance(value, int) and value >= 0)


def _is_secret(value: object) -> bool:
    return isinstance(value, bytes) and len(value) == _SECRET_BYTES


def _require(holds: bool, what: str, reason: str) -> None:
    if not holds:
        raise DamagedRow(what, reason)


def _check_times(what: str, number: object, *times: object) -> None:
    _require(all(time is None or is_time(time) for time in times), f"{what} {number}", "one of its times is not valid")


def _check_room(name: object, epoch: object, created: object) -> None:
    what = f"the room {name}"
    _require(isinstance(name, str) and bool(name), what, "its name is not valid")
    _require(isinstance(epoch, str) and bool(epoch), what, "it has no epoch")
    _require(is_time(created), what, "the time when it was made is not valid")


def _check_member(number: int, role: object, own: object, secret: object, *names: object) -> None:
    role_of("member", number, role)
    what = f"member {number}"
    _require(own in (0, 1) and _is_secret(secret), what, "its secret is not valid")
    _require(all(name is None or isinstance(name, str) for name in names), what, "its name is not valid")


def _check_invite(number: int, role: object, secret: object, *numbers: object) -> None:
    role_of("invite", number, role)
    _require(_is_secret(secret), f"invite {number}", "its secret is not valid")
    _require(all(map(is_number, numbers)), f"invite {number}", "the number of its uses is not valid")


def _check_number(room: object, number: object) -> None:
    raise DamagedRow(f"entry {number} of the room with the key {room}", "no entry has such a number")


def _check_version(room: object, number: object, name: object, time: object) -> None:
    what = f"the named version {number} of the room with the key {room}"
    _require(isinstance(name, str), what, "its name is not valid")
    _require(is_time(time), what, "the time when it was named is not valid")


def _check_blob(digest: object, media_type: object) -> None:
    named = digest.hex() if isinstance(digest, bytes) else str(digest)
    _require(isinstance(media_type, str), f"the image {named}", "its type is not valid")


class Check(NamedTuple):
    """What is looked at in one table.

    Attributes:
        table: the table.
        columns: what is asked of it.
        which: of which rows.
        look: takes a row, and raises DamagedRow.
    """

    table: str
    columns: str
    which: str
    look: Callable[..., object]


CHECKS = (
    Check("rooms", "name, epoch, created", "true", _check_room),
    Check("members", "id, role, own, secret, chosen, name", "true", _check_member),
    Check("members", "id, joined, seen, decided, removed", "true", partial(_check_times, "member")),
    Check("invites", "id, role, secret, used, uses", "true", _check_invite),
    # When an invite ends is anybody's wish, and an older version took any number for it.
    Check("invites", "id, created, withdrawn", "true", partial(_check_times, "invite")),
    Check("updates", "room, seq", "seq < 1", _check_number),
    Check("versions", "room, seq, name, time", "true", _check_version),
    Check("blobs", "hash, media_type", "true", _check_blob),
    Check("audit", "id, kind, CAST(details AS text)", "true", deed_as_kept),
    Check("audit", "id, time", "true", partial(_check_times, "act")),
    Check("sealed", "box, item, data", "true", item_as_kept),
    # Without what is being opened and has no update yet, and what is in the log.
    Check("opened", "box, data", "length(data) > 0", _check_opened),
)


def rooms_of(table: str, of_blob: str) -> str:
    """What a database is asked for to learn of which rooms a row is; `keys_in` reads the answer.

    Args:
        table: the table of the row.
        of_blob: what it is asked for where that is a blob: the keys of the rooms that have it, with commas between.
    """
    return {"rooms": "rooms.id", "blobs": of_blob, "forgotten": "NULL"}.get(table, f"{table}.room")


def keys_in(value: object) -> frozenset[int]:
    """The keys of rooms in the answer of a database."""
    if isinstance(value, str):
        return frozenset(int(key) for key in value.split(",") if key.isdecimal())
    return frozenset((value,)) if isinstance(value, int) else frozenset()


def lost_fault(rooms: object, table: str, parent: str) -> Fault:
    """What is said of a row that refers to one that is not there.

    Args:
        rooms: of which rooms it is, as a database says it.
        table: in which the row is.
        parent: in which the other one is not.
    """
    return Fault(f"A row of the table {table} belongs to a row of {parent} that is not there.", keys_in(rooms))


def blob_fault(rooms: object, digest: object) -> Fault:
    """What is said of a blob with another content than its hash names.

    Args:
        rooms: which have it, as a database says it.
        digest: the hash.
    """
    named = digest.hex() if isinstance(digest, bytes) else digest
    return Fault(f"The image {named} is not what its hash says.", keys_in(rooms))


def blob_bytes_fault(room: int, name: str, counted: int, held: int) -> Fault:
    """What is said of a room that counts its images wrongly.

    Args:
        room: its key.
        name: its name.
        counted: what it takes them to cost together, in bytes.
        held: what they cost.
    """
    return Fault(f"The room {name} counts {counted} bytes of images, but has {held}.", frozenset((room,)))


def row_faults(check: Check, rows: Iterable[tuple[Any, ...]]) -> list[Fault]:
    """What is unsound in rows of a table, without a word of what people wrote.

    Args:
        check: one of `CHECKS`.
        rows: what it asks for, behind what says of which rooms it is.
    """
    found = []
    for of, *row in rows:
        try:
            check.look(*row)
        except DamagedRow as error:
            found.append(Fault(error.sentence, keys_in(of)))
    return found
