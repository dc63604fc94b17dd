"""Order: in which order the units of a body stand, with those that are deleted or show nothing.

Lives beside a fork, on the server's event loop. The library tells of what can be seen only where it is. So it is given
the document once more, with a letter in the place of every unit, whatever that holds, and nothing deleted.
"""

from __future__ import annotations

from typing import Any

import pycrdt

from cowrite_server.document.structs import GAP, MOST_STRUCTS, STRING, Id, TooManyStructs, read_struct
from cowrite_server.document.updates import guarded
from cowrite_server.document.view import BODY
from cowrite_server.errors import BrokenUpdate
from cowrite_server.wire.encoding import MalformedMessage, Reader, var_string, var_uint

_BODY = b"\1" + var_string(BODY)
_NEAR = 0xC0
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
            TooManyStructs: it is too long.
        """
        self._doc: pycrdt.Doc[Any] = pycrdt.Doc(allow_multithreading=True)
        self._body = self._doc.get(BODY, type=pycrdt.Text)
        self.follow(document)

    def follow(self, update: bytes) -> None:
        """Takes an update that the document has taken.

        Raises:
            BrokenUpdate, TooManyStructs: it cannot be added; this is of no use any more.
        """
        letters = _in_letters(update)
        with guarded():
            self._doc.apply_update(letters)

    def has_beside(self, left: Id | None, right: Id | None) -> bool | None:
        """Whether two units stand side by side in the body, or one of them at its end where there is no other.

        Returns:
            Whether they do; None where none of them is in the body.

        Raises:
            BrokenUpdate: one of them is nowhere.
        """
        with guarded(), self._doc.transaction() as transaction:
            length = len(self._body)
            before = None if left is None else self._place(left, length, transaction)
            behind = None if right is None else self._place(right, length, transaction)
        if before is None and behind is None:
            return None
        if left is None:
            return behind == 0
        if right is None:
            return before == length - 1
        return before is not None and before + 1 == behind

    def _place(self, id: Id, length: int, transaction: pycrdt.Transaction) -> int | None:
        """Where a unit stands in the body; None where it is in something else."""
        named = _UNIT + var_uint(id[0]) + var_uint(id[1]) + _AFTER
        at = pycrdt.StickyIndex.decode(named).get_index(transaction)
        is_here = at < length and self._body.sticky_index(at, pycrdt.Assoc.AFTER).encode() == named
        return at if is_here else None


def _in_letters(update: bytes) -> bytes:
    """An update with letters in the place of all that its structs hold, which deletes nothing."""
    reader = Reader(update)
    made: list[bytes] = []
    left = MOST_STRUCTS
    try:
        clients = reader.var_uint()
        for _ in range(clients):
            begin = reader.position
            structs, client, _clock = reader.var_uint(), reader.var_uint(), reader.var_uint()
            made.append(update[begin : reader.position])
            left -= structs
            if left < 0:
                raise TooManyStructs("The document has too many parts to be put in order.")
            for _ in range(structs):
                at = reader.position
                struct = read_struct(reader)
                if struct.content == GAP:
                    made.append(update[at : reader.position])
                else:
                    info = update[at] & _NEAR if struct.content else 0
                    made.append(_letters(client, info, update[at + 1 : struct.at], struct.length))
    except MalformedMessage as error:
        raise BrokenUpdate("it ends too early") from error
    return b"".join([var_uint(clients), *made, b"\0"])


def _letters(client: int, info: int, head: bytes, length: int) -> bytes:
    """A struct with letters.

    Args:
        client: who wrote it.
        info: which neighbours it has, as a struct says it.
        head: what stands between that and its content.
        length: how many letters.
    """
    if not info and head != _BODY:
        # All else that its client has begun is in one text: beside what others have begun, each would pass over that.
        head = b"\1" + var_string(str(client))
    return bytes((STRING | info,)) + head + var_string("x" * length)
