"""Does a document's state hold an update? Asked before the update's row goes.

A Doc keeps an update whose dependencies have not come yet and leaves it out of `get_update` (pycrdt 0.14.13: the
inserts and the deletions). So a snapshot holds less than what its Doc was given, and a log pruned by it would lose
what is waiting.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pycrdt

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
    try:
        for update in state:
            doc.apply_update(update)
        subscription = doc.observe(note)
        for update in updates:
            doc.apply_update(update)
        doc.unobserve(subscription)
    except BaseException as error:  # pyo3's PanicException is no Exception
        if isinstance(error, ValueError) or type(error).__name__ == "PanicException":
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
        except BaseException as error:  # pyo3's PanicException is no Exception
            if isinstance(error, ValueError) or type(error).__name__ == "PanicException":
                raise BrokenState("the state is not an update of pycrdt") from error
            raise
        self._clocks = dict(_pairs(iter(self._vector)))

    def include(self, update: bytes) -> bool:
        """Whether every insert of the update is in the state, and everything that it deletes; False if in doubt."""
        try:
            rest = pycrdt.get_update(update, self._vector)
        except BaseException as error:  # pyo3's PanicException is no Exception
            if isinstance(error, ValueError) or type(error).__name__ == "PanicException":
                return False
            raise
        return rest.startswith(_NO_STRUCTS) and self._knows_what_goes(rest[1:])

    def _knows_what_goes(self, deletions: bytes) -> bool:
        # A delete set (Yjs' encoding 1): clients, and for each its id, ranges, and for each range clock and length.
        data = iter(deletions)
        for _ in range(_integer(data)):
            known = self._clocks.get(_integer(data), 0)
            if any(clock + length > known for clock, length in _pairs(data)):
                return False
        return True


def _pairs(data: Iterator[int]) -> list[tuple[int, int]]:
    return [(_integer(data), _integer(data)) for _ in range(_integer(data))]


def _integer(data: Iterator[int]) -> int:
    """One of lib0's integers: seven bits a byte, least significant first."""
    value = shift = 0
    for byte in data:
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            break
    return value
