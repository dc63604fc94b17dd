"""Does a document's state hold an update? Asked before the update's row goes.

A Doc keeps an update whose dependencies have not come yet and leaves it out of `get_update` (pycrdt 0.14.13: the
inserts and the deletions). So a snapshot holds less than what its Doc was given, and a log pruned by it would lose
what is waiting.
"""

from __future__ import annotations

from collections.abc import Iterable

import pycrdt

from cowrite.core.crdt.depth import Depth
from cowrite.core.crdt.structs import read_clocks, read_deletions
from cowrite.core.document.arrivals import check
from cowrite.core.document.waiting import Waiting
from cowrite.core.errors import MalformedUpdate, is_panic

_NOTHING = b"\0\0"  # an update without inserts and deletions
_NO_STRUCTS = b"\0"  # an update starts with the number of clients that it has inserts of


class BrokenState(ValueError):
    """Bytes that are not an update of pycrdt."""


def brings_more(updates: Iterable[bytes], state: Iterable[bytes]) -> bool:
    """Whether any of some updates has something that a state has not; True also where that cannot be told."""
    found = False

    def note(event: pycrdt.TransactionEvent) -> None:
        nonlocal found
        found = found or event.update != _NOTHING

    doc: pycrdt.Doc[pycrdt.Text] = pycrdt.Doc()
    depth, waiting = Depth(), Waiting()

    def take(update: bytes) -> None:
        counted = check(update)
        depth.note(counted, doc)
        waiting.merge(counted, doc)
        waiting.look_again(doc)

    try:
        for update in state:
            take(update)
        subscription = doc.observe(note)
        for update in updates:
            take(update)
        doc.unobserve(subscription)
    except BaseException as error:
        if _is_refusal(error):
            return True
        raise
    return found


class Holdings:
    """What a state holds."""

    def __init__(self, state: bytes) -> None:
        """Reads a state.

        Raises:
            BrokenState: it is none.
        """
        try:
            self._vector = pycrdt.get_state(state)
            self._clocks = read_clocks(self._vector)
        except BaseException as error:
            if _is_refusal(error):
                raise BrokenState("the state is not an update of pycrdt") from error
            raise

    def include(self, update: bytes) -> bool:
        """Whether every insert of the update is in the state, and everything that it deletes; False if in doubt."""
        try:
            rest = pycrdt.get_update(update, self._vector)
            gone = read_deletions(rest) if rest.startswith(_NO_STRUCTS) else None
        except BaseException as error:
            if _is_refusal(error):
                return False
            raise
        if gone is None:
            return False
        return all(each.stop <= self._clocks.get(client, 0) for client, found in gone.items() for each in found)


def _is_refusal(error: BaseException) -> bool:
    """Whether an update cannot be read."""
    return isinstance(error, ValueError | MalformedUpdate) or is_panic(error)
