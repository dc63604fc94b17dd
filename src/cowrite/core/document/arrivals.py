"""Arrivals: an update from elsewhere on its way into the CRDT.

Runs on the document's thread. Anybody can have written anything there: its bounds are looked at before the library
reads it, and whatever the library fails with is a MalformedUpdate.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any

from pycrdt import Doc, get_update, merge_updates

from cowrite.core.crdt.structs import Content, read_clocks, read_structs
from cowrite.core.errors import MalformedUpdate, is_panic

if TYPE_CHECKING:
    from cowrite_server.document.census import Counted

_SHORT = 8 * 1024
"""Bytes of an update of which the library joins what it wants at no great cost."""


def check(update: bytes) -> Counted:
    """Makes sure that the library can read an update without harm to the process.

    Args:
        update: in Yjs' encoding (v1).

    Returns:
        The update, with what was counted in it.

    Raises:
        MalformedUpdate: the bytes are no update, or one that would harm the process.
    """
    from cowrite_server.document.bounds import check_update_bounds  # not needed before somebody shares
    from cowrite_server.document.census import Counted
    from cowrite_server.errors import BrokenUpdate

    counted = Counted(update)
    try:
        check_update_bounds(counted)
    except BrokenUpdate as error:
        raise MalformedUpdate(len(update)) from error
    return counted


def count(counted: Counted) -> None:
    """Counts now what is in an update, which in a long one takes its time.

    Raises:
        MalformedUpdate: the bytes are no update.
    """
    from cowrite_server.errors import BrokenUpdate

    try:
        counted.census()
    except BrokenUpdate as error:
        raise MalformedUpdate(len(counted.update)) from error


def check_values(counted: Counted) -> None:
    """Makes sure that an update has no values that the library reads amiss.

    WORKAROUND: yrs 0.28 reads one value more of a `Content.JSON`, which no client of today writes, than there is: the
    struct behind it. Each time it writes and reads the document another one goes, until it cannot be read any more.

    Args:
        counted: in Yjs' encoding (v1), with bounds that were looked at.

    Raises:
        MalformedUpdate: the bytes are no update, or one with such values.
    """
    from cowrite_server.errors import BrokenUpdate

    update = counted.update
    with _Reading(update):
        if merge_updates(update) == update:  # no value was added to it, and to see that takes no time
            return
    try:
        has_json = counted.census().has_json
    except BrokenUpdate:  # content that only the library knows
        has_json = any(struct.content is Content.JSON for struct in read_structs(update))
    if has_json:
        raise MalformedUpdate(len(update))


def parts(counted: Counted, doc: Doc[Any]) -> list[Counted]:
    """The updates that are to be merged in the place of one, each by itself and in their order.

    Args:
        counted: in Yjs' encoding (v1), with bounds that were looked at.
        doc: into which it is to go.
    """
    update = counted.update
    writes_and_deletes = update[:1] != b"\x00" and update[-1:] != b"\x00"
    if not writes_and_deletes or doc.get_state() == b"\x00":  # an empty document has nothing to take apart
        return [counted]
    from cowrite.core.crdt.halves import without_halves  # not needed before somebody shares

    halves = without_halves(update, doc.get_update)
    return [counted] if halves is None else [type(counted)(halves), counted]


def beyond(update: bytes, state_vector: bytes) -> bytes:
    """What of an update a document lacks; with all that it deletes.

    Args:
        update: in Yjs' encoding (v1), with bounds that were looked at.
        state_vector: of the document.

    Raises:
        MalformedUpdate: the bytes are no update.
    """
    with _Reading(update):
        return bytes(get_update(update, state_vector))


def merge(counted: Counted, doc: Doc[Any]) -> None:
    """Merges an update into the CRDT.

    Raises:
        MalformedUpdate: the bytes are no update, or one that would take all memory; nothing has changed, unless only
            their end is none.
    """
    update = in_runs(counted, doc)
    with _Reading(update):
        doc.apply_update(update)


def joined(updates: Sequence[bytes]) -> bytes:
    """One update with the content of several.

    Raises:
        MalformedUpdate: one of them is no update.
    """
    from cowrite_server.document.updates import merge as merge_in_runs  # all at once takes a minute for 30,000
    from cowrite_server.errors import BrokenUpdate

    try:
        return merge_in_runs(updates)
    except BrokenUpdate as error:
        raise MalformedUpdate(sum(map(len, updates))) from error


def in_runs(counted: Counted, doc: Doc[Any]) -> bytes:
    """An update with fewer parts, where the library would have very much to join.

    Args:
        counted: in Yjs' encoding (v1), with bounds that were looked at.
        doc: into which it is to go.

    Raises:
        MalformedUpdate: it would take all memory all the same.
    """
    if len(counted.update) <= _SHORT:
        return counted.update
    from cowrite_server.document import runs  # not needed for what is typed
    from cowrite_server.errors import BrokenUpdate

    try:
        return runs.in_runs(counted, lambda: read_clocks(doc.get_state()))
    except BrokenUpdate as error:
        raise MalformedUpdate(len(counted.update)) from error


class _Reading:  # a generator would take longer than most updates do
    """Makes a MalformedUpdate of whatever the library fails with at an update."""

    __slots__ = ("_update",)

    def __init__(self, update: bytes) -> None:
        self._update = update

    def __enter__(self) -> None:
        return

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, ValueError | RuntimeError) or (error is not None and is_panic(error)):
            raise MalformedUpdate(len(self._update)) from error
