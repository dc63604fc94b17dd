"""Soundness: whether rows hold what is ever written into them, whichever database keeps them. Without I/O."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, NamedTuple

from cowrite_server.audit import deed_as_kept
from cowrite_server.errors import BrokenUpdate, DamagedRow
from cowrite_server.replica import check_update
from cowrite_server.store.membership import role_of
from cowrite_server.store.sealing import item_as_kept


def _check_opened(box: str, update: bytes) -> None:
    try:
        check_update(update)
    except BrokenUpdate as error:
        raise DamagedRow(f"the update with what lay in the sealed box {box}", "it cannot be read") from error


def is_time(value: object) -> bool:
    """Whether something can be a time: milliseconds since 1970."""
    return isinstance(value, int) and value >= 0


def _check_times(what: str, number: int, *times: object) -> None:
    if not all(time is None or is_time(time) for time in times):
        raise DamagedRow(f"{what} {number}", "one of its times is none")


def _check_room(name: str, epoch: object, created: object) -> None:
    if not isinstance(epoch, str) or not epoch:
        raise DamagedRow(f"the room {name}", "it has no epoch")
    if not is_time(created):
        raise DamagedRow(f"the room {name}", "the time when it was made is none")


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
    Check("members", "id, role", "true", partial(role_of, "member")),
    Check("members", "id, joined, seen, decided, removed", "true", partial(_check_times, "member")),
    Check("invites", "id, role", "true", partial(role_of, "invite")),
    # When an invite ends is anybody's wish, and an older version took any number for it.
    Check("invites", "id, created, withdrawn", "true", partial(_check_times, "invite")),
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
