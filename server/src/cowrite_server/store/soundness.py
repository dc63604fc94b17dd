"""Soundness: whether rows hold what is ever written into them, whichever database keeps them. Without I/O."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, NamedTuple, cast

from cowrite_server.audit import deed_as_kept
from cowrite_server.errors import BrokenUpdate, DamagedRow
from cowrite_server.store.membership import role_of
from cowrite_server.store.sealing import item_as_kept

_SECRET_BYTES = 32


def _check_opened(box: str, update: object) -> None:
    what = f"the update with what lay in the sealed box {box}"
    _require(isinstance(update, bytes), what, "it cannot be read")
    from cowrite_server.updates import check_update  # with the CRDT library, which no other row needs

    try:
        check_update(cast("bytes", update))
    except BrokenUpdate as error:
        raise DamagedRow(what, "it cannot be read") from error


def is_time(value: object) -> bool:
    """Whether something can be a time: milliseconds since 1970."""
    return isinstance(value, int) and value >= 0


def _is_number(value: object) -> bool:
    return value is None or (isinstance(value, int) and value >= 0)


def _is_secret(value: object) -> bool:
    return isinstance(value, bytes) and len(value) == _SECRET_BYTES


def _require(holds: bool, what: str, reason: str) -> None:
    if not holds:
        raise DamagedRow(what, reason)


def _check_times(what: str, number: object, *times: object) -> None:
    _require(all(time is None or is_time(time) for time in times), f"{what} {number}", "one of its times is none")


def _check_room(name: object, epoch: object, created: object) -> None:
    what = f"the room {name}"
    _require(isinstance(name, str) and bool(name), what, "its name is none")
    _require(isinstance(epoch, str) and bool(epoch), what, "it has no epoch")
    _require(is_time(created), what, "the time when it was made is none")


def _check_member(number: int, role: object, own: object, secret: object, *names: object) -> None:
    role_of("member", number, role)
    what = f"member {number}"
    _require(own in (0, 1) and _is_secret(secret), what, "its secret is none")
    _require(all(name is None or isinstance(name, str) for name in names), what, "its name is none")


def _check_invite(number: int, role: object, secret: object, *numbers: object) -> None:
    role_of("invite", number, role)
    _require(_is_secret(secret), f"invite {number}", "its secret is none")
    _require(all(map(_is_number, numbers)), f"invite {number}", "the number of its uses is none")


def _check_number(room: object, number: object) -> None:
    raise DamagedRow(f"entry {number} of the room with the key {room}", "no entry has such a number")


def _check_blob(digest: object, media_type: object) -> None:
    named = digest.hex() if isinstance(digest, bytes) else str(digest)
    _require(isinstance(media_type, str), f"the image {named}", "its type is none")


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
    Check("blobs", "hash, media_type", "true", _check_blob),
    Check("audit", "id, kind, CAST(details AS text)", "true", deed_as_kept),
    Check("audit", "id, time", "true", partial(_check_times, "act")),
    Check("sealed", "box, item, data", "true", item_as_kept),
    # Without what is being opened and has no update yet, and what is in the log.
    Check("opened", "box, data", "length(data) > 0", _check_opened),
)


def blob_bytes_fault(name: str, counted: int, held: int) -> str:
    """What is said of a room that counts its images wrongly.

    Args:
        name: the room's.
        counted: what it takes them to cost together, in bytes.
        held: what they cost.
    """
    return f"The room {name} counts {counted} bytes of images, but has {held}."


def row_faults(check: Check, rows: Iterable[tuple[Any, ...]]) -> list[str]:
    """What is unsound in rows of a table, without a word of what people wrote.

    Args:
        check: one of `CHECKS`.
        rows: what it asks for.
    """
    found = []
    for row in rows:
        try:
            check.look(*row)
        except DamagedRow as error:
            found.append(error.sentence)
    return found
