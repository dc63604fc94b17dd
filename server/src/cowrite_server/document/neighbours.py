"""Neighbours: beside what the units of an update were written.

Without I/O; see `structs` for how an update says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from cowrite_server.document.structs import GAP, Id, read_struct
from cowrite_server.errors import BrokenUpdate
from cowrite_server.wire.encoding import MalformedMessage, Reader


class Neighbours(NamedTuple):
    """Units that one client wrote in a row, and beside what.

    Attributes:
        first: the first of them.
        length: how many there are.
        left: the unit behind which they were written, or None.
        right: the unit before which they were written, or None.
        parent: in what they are, and under which key, as a struct has it; empty where a neighbour says so, or where
            they are garbage, which is in nothing.
        content: the kind of what they hold.
    """

    first: Id
    length: int
    left: Id | None
    right: Id | None
    parent: bytes
    content: int

    @property
    def clock(self) -> int:
        """The clock of the first of them."""
        return self.first[1]

    @property
    def holder(self) -> Id | None:
        """The unit that holds what they are in; None where a neighbour says so, or where that is a root."""
        if self.parent[:1] != b"\0":
            return None
        reader = Reader(self.parent[1:])
        return reader.var_uint(), reader.var_uint()

    @property
    def is_garbage(self) -> bool:
        """Whether they are in nothing."""
        return not self.parent and self.left is None and self.right is None


def neighbours_in(update: bytes) -> Iterator[Neighbours]:
    """The units of an update, gaps left out.

    Raises:
        BrokenUpdate: it is no update.
    """
    reader = Reader(update)
    try:
        for _ in range(reader.var_uint()):
            structs, client, clock = reader.var_uint(), reader.var_uint(), reader.var_uint()
            for _ in range(structs):
                at = reader.position
                near: list[Id | None] = []
                struct = read_struct(reader, near=near)
                if struct.content != GAP:
                    left, right = near or (None, None)
                    parent = b"" if left or right or not near else update[at + 1 : struct.at]
                    yield Neighbours((client, clock), struct.length, left, right, parent, struct.content)
                clock += struct.length
    except MalformedMessage as error:
        raise BrokenUpdate("it ends too early") from error
