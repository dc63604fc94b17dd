"""WebSocket frames (RFC 6455, 5.2) in their usual shape, at the least cost. Without I/O.

What a client types comes as short binary frames, one a message. Those are read here; all others are left to the
websockets library, in their order.
"""

from __future__ import annotations

from collections.abc import Callable

try:
    from websockets.speedups import apply_mask
except ImportError:  # the library has no compiled part for this system
    from websockets.utils import apply_mask

_MESSAGE = 0x82
"""First byte of a frame that is a whole binary message."""

_FINAL, _CONTROL = 0x80, 0x08
_MASKED, _LENGTH = 0x80, 0x7F
_LONG, _LONGER = 126, 127
_HEADS = [bytes((_MESSAGE, length)) for length in range(_LONG)]
_MASK_BYTES = 4
_HEAD_BYTES = 2 + _MASK_BYTES
"""Of a client's short frame."""


def frame(message: bytes) -> bytes:
    """A message as the bytes of one binary frame from a server."""
    length = len(message)
    if length < _LONG:
        return _HEADS[length] + message
    return frame_head(length) + message


def frame_head(length: int) -> bytes:
    """What stands before a message of so many bytes in its frame."""
    if length < _LONG:
        return _HEADS[length]
    if length < 1 << 16:
        return bytes((_MESSAGE, _LONG)) + length.to_bytes(2, "big")
    return bytes((_MESSAGE, _LONGER)) + length.to_bytes(8, "big")


class Frames:
    """Parts the bytes of one client into frames."""

    __slots__ = ("_fragmented", "_head", "_left", "_on_message", "_on_other")

    def __init__(self, on_message: Callable[[bytes, bool], None], on_other: Callable[[bytes], object]) -> None:
        """At the beginning of a frame.

        Args:
            on_message: takes each message that came in one short frame, and whether nothing came with it.
            on_other: takes the bytes of all other frames, in parts as they came.
        """
        self._on_message = on_message
        self._on_other = on_other
        self._head = b""
        self._left = 0
        self._fragmented = False

    def feed(self, data: bytes) -> int:
        """Takes bytes as they came.

        Returns:
            How many frames began in them.
        """
        if self._head:
            data, self._head = self._head + data, b""
        at = count = 0
        end = len(data)
        if self._left:
            at = self._pass_on(data, 0, self._left)
        while at < end:
            if data[at] == _MESSAGE and end - at >= _HEAD_BYTES and not self._fragmented:
                length = data[at + 1] - _MASKED  # below 0 where it is not masked
                begin = at + _HEAD_BYTES
                stop = begin + length
                if 0 <= length < _LONG and stop <= end:
                    is_alone = stop == end and not at
                    self._on_message(apply_mask(data[begin:stop], data[begin - _MASK_BYTES : begin]), is_alone)
                    at = stop
                    count += 1
                    continue
            size = _size(data, at)
            if size is None:
                self._head = data[at:]
                break
            if not data[at] & _CONTROL:
                self._fragmented = not data[at] & _FINAL
            at = self._pass_on(data, at, size)
            count += 1
        return count

    def _pass_on(self, data: bytes, at: int, size: int) -> int:
        """Leaves so many bytes of a frame, as far as they have come, to the library; gives where they end."""
        stop = min(at + size, len(data))
        self._left = at + size - stop
        self._on_other(data[at:stop])
        return stop


def _size(data: bytes, at: int) -> int | None:
    """Bytes of the frame that begins here, its head included; None where too little of it has come."""
    begin = at + 2
    if begin > len(data):
        return None
    length = data[at + 1] & _LENGTH
    if length >= _LONG:
        more = 2 if length == _LONG else 8
        begin += more
        if begin > len(data):
            return None
        length = int.from_bytes(data[begin - more : begin], "big")
    return begin - at + (_MASK_BYTES if data[at + 1] & _MASKED else 0) + length
