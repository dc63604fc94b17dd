"""Order: in which order the units of a body stand, with those that are deleted or show nothing.

Lives beside a fork, on the server's event loop. The library tells of what can be seen only where it is. So it is given
the document once more, with a letter in the place of every unit, whatever that holds, and nothing deleted. In the place
of the first unit of a run is an embed: the library joins text with text, and how long it takes for that grows with the
square of how many runs there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pycrdt

from cowrite_server.document.structs import EMBED, GAP, MOST_STRUCTS, STRING, Id, TooManyStructs, encoded, read_struct
from cowrite_server.document.updates import guarded
from cowrite_server.document.view import BODY
from cowrite_server.errors import BrokenUpdate
from cowrite_server.wire.encoding import MalformedMessage, Reader, var_string, var_uint

_BODY = b"\1" + var_string(BODY)
_HAS_LEFT, _HAS_RIGHT = 0x80, 0x40

_MOST_LETTERS = 64 * 1024 * 1024
"""Units of a document, each of which takes a byte here. A few bytes can say of very many that they are deleted."""

_JSON = var_string("0")
_UNIT, _AFTER = b"\0", b"\0"
"""How the library writes that a place is a unit's, and which side of it."""


class Order:
    """The units of one document's body, in their order."""

    __slots__ = ("_body", "_doc", "_left")

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
        self._left = _MOST_LETTERS
        self.follow(document)

    def follow(self, update: bytes) -> None:
        """Takes an update that the document has taken.

        Raises:
            BrokenUpdate, TooManyStructs: it cannot be added; this is of no use any more.
        """
        letters, count = _in_letters(update, self._left)
        self._left -= count
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
        named = _UNIT + encoded(id) + _AFTER
        at = pycrdt.StickyIndex.decode(named).get_index(transaction)
        is_here = at < length and self._body.sticky_index(at, pycrdt.Assoc.AFTER).encode() == named
        return at if is_here else None


def _in_letters(update: bytes, most: int) -> tuple[bytes, int]:
    """An update with letters in the place of all that its structs hold, which deletes nothing, and their number.

    Args:
        update: the update.
        most: letters that it may have.
    """
    count = 0
    reader = Reader(update)
    sections: list[bytes] = []
    left = MOST_STRUCTS
    try:
        clients = reader.var_uint()
        for _ in range(clients):
            structs, client, clock = reader.var_uint(), reader.var_uint(), reader.var_uint()
            first, made = clock, list[bytes]()
            left -= structs
            if left < 0:
                raise TooManyStructs("The document has too many parts to be put in order.")
            for _ in range(structs):
                at = reader.position
                near: list[Id | None] = []
                struct = read_struct(reader, near=near)
                if struct.content == GAP:
                    made.append(update[at : reader.position])
                else:
                    count += struct.length
                    if count > most:
                        raise TooManyStructs("The document has too many units to be put in order.")
                    made += _letters((client, clock), near, update[at + 1 : struct.at], struct.length)
                clock += struct.length
            sections += var_uint(len(made)), var_uint(client), var_uint(first), *made
    except MalformedMessage as error:
        raise BrokenUpdate("it ends too early") from error
    return b"".join([var_uint(clients), *sections, b"\0"]), count


def _letters(first: Id, near: Sequence[Id | None], head: bytes, length: int) -> list[bytes]:
    """The structs with letters in the place of one.

    Args:
        first: its first unit.
        near: its neighbours, if it can have any.
        head: what stands between its kind and its content.
        length: how many letters.
    """
    left, right = near or (None, None)
    info = _HAS_LEFT * (left is not None) | _HAS_RIGHT * (right is not None)
    if not info and head != _BODY:
        # All else that its client has begun is in one text: beside what others have begun, each would pass over that.
        head = b"\1" + var_string(str(first[0]))
    made = [bytes((EMBED | info,)) + head + _JSON]
    if length > 1:
        behind = encoded(first) if right is None else encoded(first) + encoded(right)
        made.append(bytes((STRING | _HAS_LEFT | info,)) + behind + var_string("x" * (length - 1)))
    return made
