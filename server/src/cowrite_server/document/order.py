"""Order: in which order the units of a body stand, with those that are deleted or show nothing.

Lives beside a fork. The library tells of what can be seen only where it is. So it is given the document once more, with
a letter in the place of every unit, whatever that holds, and nothing deleted.
"""

from __future__ import annotations

from typing import Any

import pycrdt

from cowrite_server.document.neighbours import Neighbours, written_anew
from cowrite_server.document.structs import STRING, Id
from cowrite_server.document.updates import guarded
from cowrite_server.document.view import BODY
from cowrite_server.wire.encoding import var_string, var_uint

_BODY = b"\1" + var_string(BODY)
_LEFT, _RIGHT = 0x80, 0x40
_UNIT, _AFTER = b"\0", b"\0"
"""How the library writes that a place is a unit's, and which side of it."""


class Order:
    """The units of one document's body, in their order."""

    __slots__ = ("_body", "_doc")

    def __init__(self, document: bytes) -> None:
        """Those of a document.

        Args:
            document: as one update, without parts that wait for others.

        Raises:
            BrokenUpdate: it cannot be read.
        """
        self._doc: pycrdt.Doc[Any] = pycrdt.Doc(allow_multithreading=True)
        self._body = self._doc.get(BODY, type=pycrdt.Text)
        self.follow(document)

    def follow(self, update: bytes) -> None:
        """Takes an update that the document has taken.

        Raises:
            BrokenUpdate: it cannot be added; this is of no use any more.
        """
        with guarded():
            self._doc.apply_update(written_anew(update, _in_letters))

    def add(self, units: Neighbours) -> bool | None:
        """Adds units, whose neighbours have to be there.

        Returns:
            Whether the neighbours stood side by side in the body; None where none of them is in it.

        Raises:
            BrokenUpdate: see `follow`.
        """
        with guarded():
            with self._doc.transaction() as transaction:
                length = len(self._body)
                left = -1 if units.left is None else self._place(units.left, length, transaction)
                right = length if units.right is None else self._place(units.right, length, transaction)
            client, clock = units.first
            self._doc.apply_update(b"\1\1" + var_uint(client) + var_uint(clock) + _in_letters(units) + b"\0")
        if (left is None or units.left is None) and (right is None or units.right is None):
            return None
        return left is not None and left + 1 == right

    def _place(self, id: Id, length: int, transaction: pycrdt.Transaction) -> int | None:
        """Where a unit stands in the body; None where it is in something else."""
        named = _UNIT + var_uint(id[0]) + var_uint(id[1]) + _AFTER
        at = pycrdt.StickyIndex.decode(named).get_index(transaction)
        is_here = at < length and self._body.sticky_index(at, pycrdt.Assoc.AFTER).encode() == named
        return at if is_here else None


def _in_letters(units: Neighbours) -> bytes:
    """Units as a struct that holds letters, without anything that is in no text of the body."""
    info, near = STRING, b""
    for bit, id in ((_LEFT, units.left), (_RIGHT, units.right)):
        if id is not None:
            info, near = info | bit, near + var_uint(id[0]) + var_uint(id[1])
    # All else that its client has begun is in one text: beside what others have begun, each would pass over all that.
    near = near or (_BODY if units.parent == _BODY else b"\1" + var_string(str(units.first[0])))
    return bytes((info,)) + near + var_string("x" * units.length)
