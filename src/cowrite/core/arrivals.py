"""Arrivals: an update from elsewhere on its way into the CRDT.

Runs on the document's thread. Anybody can have written anything there: its bounds are looked at before the library
reads it, and whatever the library fails with is a MalformedUpdate.
"""

from __future__ import annotations

from typing import Any

from pycrdt import Doc

from cowrite.core.errors import MalformedUpdate, is_panic


def check(update: bytes) -> None:
    """Makes sure that the library can read an update without harm.

    Args:
        update: in Yjs' encoding (v1).

    Raises:
        MalformedUpdate: the bytes are no update, or one that would harm the process.
    """
    from cowrite_server.bounds import check_update_bounds  # not needed before somebody shares
    from cowrite_server.errors import BrokenUpdate

    try:
        check_update_bounds(update)
    except BrokenUpdate as error:
        raise MalformedUpdate(len(update)) from error


def parts(update: bytes, doc: Doc[Any]) -> list[bytes]:
    """The updates that are to be merged in the place of one, each by itself and in their order.

    Args:
        update: in Yjs' encoding (v1), with bounds that were looked at.
        doc: into which it is to go.
    """
    writes_and_deletes = update[:1] != b"\x00" and update[-1:] != b"\x00"
    if not writes_and_deletes or doc.get_state() == b"\x00":  # an empty document has nothing to take apart
        return [update]
    from cowrite.core.halves import without_halves  # not needed before somebody shares

    halves = without_halves(update, doc.get_update)
    return [update] if halves is None else [halves, update]


def merge(update: bytes, doc: Doc[Any]) -> None:
    """Merges an update into the CRDT.

    Raises:
        MalformedUpdate: the bytes are no update; nothing has changed.
    """
    try:
        doc.apply_update(update)
    except ValueError as error:
        raise MalformedUpdate(len(update)) from error
    except BaseException as error:
        if is_panic(error):
            raise MalformedUpdate(len(update)) from error
        raise
