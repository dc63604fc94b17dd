"""Values as lib0 encodes them, the encoding under all messages of Yjs (https://github.com/dmonad/lib0).

This module has no I/O and imports the standard library only.
"""

from __future__ import annotations

MAX_VAR_UINT = 2**53 - 1
"""The largest integer of lib0's encoding: what a JavaScript number holds exactly."""

_MOST = 10  # bytes of an integer, those counted that are longer than needed


class MalformedMessage(ValueError):
    """Bytes that are not a message of this protocol."""


_SHORT = [bytes((value,)) for value in range(0x80)]

_Bytes = bytes  # inside Reader, the name `bytes` means its method


class Reader:
    """Reads lib0-encoded values from bytes.

    Every method raises MalformedMessage where the bytes end too early or hold no such value.

    Args:
        data: the bytes.
        position: how many of them were read before.
    """

    __slots__ = ("_data", "_position")

    def __init__(self, data: bytes, position: int = 0) -> None:
        self._data = data
        self._position = position

    @property
    def at_end(self) -> bool:
        """Whether all bytes are read."""
        return self._position >= len(self._data)

    @property
    def position(self) -> int:
        """Number of bytes read."""
        return self._position

    @property
    def left(self) -> int:
        """Number of bytes not yet read."""
        return len(self._data) - self._position

    def go_on(self, position: int) -> None:
        """Takes so many bytes for read."""
        self._position = position

    def var_uint(self) -> int:
        """An unsigned integer of up to 53 bits; encodings longer than needed are read like the shortest one."""
        data, position = self._data, self._position
        if position < len(data) and (byte := data[position]) < 0x80:  # as most are
            self._position = position + 1
            return byte
        value = shift = 0
        for byte in data[position : position + _MOST]:
            position += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                break
            shift += 7
        else:
            raise MalformedMessage("an integer ends too early or is too long")
        self._position = position
        if value > MAX_VAR_UINT:
            raise MalformedMessage("an integer has more than 53 bits")
        return value

    def bytes(self, length: int) -> _Bytes:
        """Exactly `length` bytes."""
        end = self._position + length
        if end > len(self._data):
            raise MalformedMessage("a message ends before its content does")
        data = self._data[self._position : end]
        self._position = end
        return data

    def var_bytes(self) -> _Bytes:
        """Bytes preceded by their number."""
        return self.bytes(self.var_uint())

    def var_string(self) -> str:
        """UTF-8 text preceded by its number of bytes."""
        try:
            return self.var_bytes().decode()
        except UnicodeDecodeError as error:
            raise MalformedMessage("a string is not UTF-8") from error

    def rest(self) -> _Bytes:
        """All bytes not yet read."""
        return self.bytes(len(self._data) - self._position)


def var_uint(value: int) -> bytes:
    """Encodes an unsigned integer as lib0 does: seven bits a byte, least significant first, high bit means more."""
    if 0 <= value < 0x80:
        return _SHORT[value]
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(0x80 | value & 0x7F)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


def var_bytes(data: bytes) -> bytes:
    """Encodes bytes preceded by their number."""
    return var_uint(len(data)) + data


def var_string(text: str) -> bytes:
    """Encodes text as UTF-8 preceded by its number of bytes."""
    return var_bytes(text.encode())
