"""Keystroke: an update that brings a short stretch of text beside what is there, and nothing else.

Without I/O; see `structs` for the format. Nearly every update is one, and whatever others are searched for is known of
it as soon as it is read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from time import monotonic
from typing import Any, NamedTuple

import pycrdt

from cowrite_server.wire.encoding import var_uint

_CLIENT = rb"([\x00-\x7f]|[\x80-\xff]{1,6}+[\x01-\x7f]|[\x80-\xff]{7}[\x01-\x0f])"
"""A client id of up to 53 bits, no longer than it has to be."""

_CLOCK = rb"([\x00-\x7f]|[\x80-\xff]{1,3}+[\x01-\x7f])"
"""A clock that is far below the library's largest."""

_UNIT = _CLIENT + _CLOCK
_HEAD = re.compile(rb"\x01\x01%b(?:[\x84\x44]%b|\xc4%b%b)[\x01-\x7f]" % (_UNIT, _UNIT, _UNIT, _UNIT), re.DOTALL)
"""One struct of one client: text of so many bytes, with a neighbour or two."""

_LONGER = re.compile(rb"[\xf0-\xff]")
"""Begins a character of two UTF-16 units, or none at all."""


class Keystroke(NamedTuple):
    """What a keystroke brings. A client is named by the bytes of its id.

    Attributes:
        client: who wrote it.
        clock: of its first unit.
        end: clock behind its last unit.
        near: the units that it was written beside, one or two: client and clock of each.
    """

    client: bytes
    clock: int
    end: int
    near: tuple[tuple[bytes, int], ...]


def read_keystroke(update: bytes) -> Keystroke | None:
    """What an update brings if it is a keystroke: in the library's own encoding, without a character of two units.

    Args:
        update: any bytes.
    """
    head = _HEAD.match(update)
    if head is None or not (length := _units(update, head.end())):
        return None
    client, first, one, at, left, left_at, right, right_at = head.groups()
    clock = _number(first)
    near = ((one, _number(at)),) if one is not None else ((left, _number(left_at)), (right, _number(right_at)))
    return Keystroke(client, clock, clock + length, near)


def is_keystroke(update: bytes) -> bool:
    """Whether an update is one.

    Args:
        update: any bytes.
    """
    head = _HEAD.match(update)
    return head is not None and _units(update, head.end()) > 0


def _units(update: bytes, begin: int) -> int:
    """How many units the text of an update has, which begins there; 0 where it is none, or not all that follows."""
    text = update[begin:-1]
    if len(text) != update[begin - 1] or update[-1]:
        return 0
    if text.isascii():
        return len(text)
    try:
        return 0 if _LONGER.search(text) is not None else len(text.decode())
    except UnicodeDecodeError:
        return 0


def add_keystroke(doc: pycrdt.Doc[Any], update: bytes) -> float:
    """Adds a keystroke to a document.

    Below pycrdt's wrapper, which enters a transaction twice for it and takes longer than the library does.

    Args:
        doc: a document in which nothing waits, and that has all that the keystroke builds on.
        update: the keystroke.

    Returns:
        Seconds that it takes, by the wall clock: to ask for the thread's own time takes ten times as long. Not in it is
        joining the text to what stands before it, which is no part of making the document anew.
    """
    inner = doc._doc
    transaction = inner.create_transaction()
    try:
        begun = monotonic()
        inner.apply_update(transaction, update)
        taken = monotonic() - begun
        transaction.commit()
    finally:
        transaction.drop()
    return taken


class Typists:
    """How far those have come who type in one document; it may have more of them."""

    __slots__ = ("_ends",)

    def __init__(self, clocks: Mapping[int, int]) -> None:
        """As far as a state vector says.

        Args:
            clocks: how many units of each client the document has.
        """
        self._ends = {var_uint(client): clock for client, clock in clocks.items()}

    def take(self, keystroke: Keystroke) -> bool:
        """The document is given a keystroke; tells whether all that it builds on is known to be there, so that it waits
        for nothing."""
        writer, clock, end, near = keystroke
        ends = self._ends
        if clock > (known := ends.get(writer, 0)):
            return False
        for client, at in near:
            if at >= ends.get(client, 0):
                return False
        if end > known:
            ends[writer] = end
        return True

    def note(self, keystroke: Keystroke) -> bool:
        """The document has taken a keystroke of which that was not known, and it did not wait; tells whether it is
        now."""
        self._ends[keystroke.client] = max(keystroke.end, self._ends.get(keystroke.client, 0))
        return self.take(keystroke)


def _number(encoded: bytes) -> int:
    """An unsigned integer, see `var_uint`."""
    value = shift = 0
    for byte in encoded:
        value |= (byte & 0x7F) << shift
        shift += 7
    return value
