"""What one person writes alone, as the updates that pycrdt makes of it, in a quarter of the time."""

from __future__ import annotations

from array import array

from cowrite_server.wire.encoding import var_string, var_uint

_STRING, _HAS_ORIGIN, _HAS_RIGHT_ORIGIN = 4, 0x80, 0x40
_NOTHING = 2**32 - 1  # where a neighbour would be


class LoneWriter:
    """A text in which nobody else writes: which neighbours a unit has follows from what was written before.

    Args:
        client: number of the replica.
        root: the name of the text.
    """

    def __init__(self, client: int, root: str = "body") -> None:
        self._client = var_uint(client)
        self._parent = b"\x01" + var_string(root)
        self._text = array("I")  # the clocks of the characters that are there
        self._left = array("I")  # by clock: the unit to the left, whether it is there or was deleted
        self._last = _NOTHING

    def replace(self, at: int, deleted: int, inserted: str) -> bytes:
        """Makes one edit; gives its update.

        Args:
            at: position in characters.
            deleted: number of characters that go.
            inserted: what comes in their place; characters of one UTF-16 unit each.
        """
        gone = self._text[at : at + deleted]
        del self._text[at : at + deleted]
        return (self._insert(at, inserted) if inserted else b"\x00") + self._deletions(gone)

    def _insert(self, at: int, text: str) -> bytes:
        first, behind = len(self._left), len(self._left) + len(text)
        right = self._text[at] if at < len(self._text) else _NOTHING
        left = self._last if right == _NOTHING else self._left[right]
        self._left.append(left)
        self._left.extend(range(first, behind - 1))
        if right == _NOTHING:
            self._last = behind - 1
        else:
            self._left[right] = behind - 1
        self._text[at:at] = array("I", range(first, behind))
        info, place = _STRING, b""
        if left != _NOTHING:
            info |= _HAS_ORIGIN
            place += self._client + var_uint(left)
        if right != _NOTHING:
            info |= _HAS_RIGHT_ORIGIN
            place += self._client + var_uint(right)
        section = b"\x01\x01" + self._client + var_uint(first)
        return section + bytes((info,)) + (place or self._parent) + var_string(text)

    def _deletions(self, clocks: array[int]) -> bytes:
        if not clocks:
            return b"\x00"
        ranges: list[list[int]] = []
        for clock in sorted(clocks):
            if ranges and sum(ranges[-1]) == clock:
                ranges[-1][1] += 1
            else:
                ranges.append([clock, 1])
        return b"\x01" + self._client + var_uint(len(ranges)) + b"".join(var_uint(n) for pair in ranges for n in pair)
