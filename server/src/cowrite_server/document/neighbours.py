"""Neighbours: beside what the units of an update were written.

Without I/O; see `structs` for how an update says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from cowrite_server.document.structs import GAP, Id, read_struct
from cowrite_server.errors import BrokenUpdate
from cowrite_server.wire.encoding import MalformedMessage, Reader, var_uint


class Neighbours(NamedTuple):
    """Units that one client wrote in a row, and beside what.

    Attributes:
        first: the first of them.
        length: how many there are.
        left: the unit behind which they were written, or None.
        right: the unit before which they were written, or None.
        parent: in what they are, and under which key, as a struct has it; empty where a neighbour says so, or where
            they are garbage, which is in nothing.
    """

    first: Id
    length: int
    left: Id | None
    right: Id | None
    parent: bytes

    @property
    def is_garbage(self) -> bool:
        """Whether they are in nothing."""
        return not self.parent and self.left is None and self.right is None


def neighbours_in(update: bytes) -> Iterator[Neighbours]:
    """The units of an update, gaps left out.

    Raises:
        BrokenUpdate: it is no update.
    """
    for _, found in _sections(update):
        yield from (units for units in found if isinstance(units, Neighbours))


def written_anew(update: bytes, encode: Callable[[Neighbours], bytes]) -> bytes:
    """An update with other structs in the place of its own, without what it deletes.

    Args:
        update: the update.
        encode: makes a struct of as many units; gaps stay.

    Raises:
        BrokenUpdate: it is no update.
    """
    sections = [
        (head, b"".join([units if isinstance(units, bytes) else encode(units) for units in found]))
        for head, found in _sections(update)
    ]
    return var_uint(len(sections)) + b"".join([part for section in sections for part in section]) + b"\0"


def _sections(update: bytes) -> Iterator[tuple[bytes, list[Neighbours | bytes]]]:
    """What each client has written: how its section begins, and its units, or a gap as it is."""
    reader = Reader(update)
    try:
        for _ in range(reader.var_uint()):
            at = reader.position
            structs, client, clock = reader.var_uint(), reader.var_uint(), reader.var_uint()
            head = update[at : reader.position]
            found: list[Neighbours | bytes] = []
            for _ in range(structs):
                at = reader.position
                near: list[Id | None] = []
                struct = read_struct(reader, near=near)
                if struct.content == GAP:
                    found.append(update[at : reader.position])
                else:
                    left, right = near or (None, None)
                    parent = b"" if left or right or not near else update[at + 1 : struct.at]
                    found.append(Neighbours((client, clock), struct.length, left, right, parent))
                clock += struct.length
            yield head, found
    except MalformedMessage as error:
        raise BrokenUpdate("it ends too early") from error
