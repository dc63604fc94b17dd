"""Soundness: whether rows hold what is ever written into them, whichever database keeps them. Without I/O."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

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


CHECKS: dict[str, tuple[str, str, Callable[..., object]]] = {
    "members": ("id, role", "true", partial(role_of, "member")),
    "invites": ("id, role", "true", partial(role_of, "invite")),
    "audit": ("id, kind, CAST(details AS text)", "true", deed_as_kept),
    "sealed": ("box, item, data", "true", item_as_kept),
    # Without what is being opened and has no update yet, and what is in the log.
    "opened": ("box, data", "length(data) > 0", _check_opened),
}
"""For each table what is asked of it, of which rows, and what takes a row and raises DamagedRow."""


def row_faults(table: str, rows: Iterable[tuple[Any, ...]]) -> list[str]:
    """What is unsound in rows of a table, without a word of what people wrote.

    Args:
        table: one of `CHECKS`.
        rows: what is asked of it.
    """
    found = []
    for row in rows:
        try:
            CHECKS[table][2](*row)
        except DamagedRow as error:
            found.append(error.sentence)
    return found
