"""Keeps bytes away from the library that would harm the process by being read.

WORKAROUND: two weaknesses of Yrs, measured with pycrdt 0.14.13. It reads nested arrays and maps recursively without a
limit, so an update of 80 kB that nests 40,000 arrays overflows the stack and ends the process. And it makes space for
as many clients, or entries of a map, as the bytes claim to hold before it looks for them, so a message of ten bytes
takes seconds and a gigabyte.

What to look for is cheap to see in nearly every update; only where something looks suspicious is it read in full. The
format is Yjs's update encoding, version 1 (https://github.com/yjs/yjs/blob/main/src/utils/UpdateDecoder.js, values as
in `writeAny` of https://github.com/dmonad/lib0/blob/main/encoding.js).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cowrite_server.errors import BrokenUpdate
from cowrite_server.protocol import MalformedMessage, Reader

NESTED_AT_MOST = 500
"""Levels that are read without danger on the smallest stacks in use (512 kB)."""

_ARRAY, _MAP = b"u", b"v"
_LARGE_MAP = re.compile(rb"v[\x80-\xff]{3}")
_FIXED_SIZES = {127: 0, 126: 0, 124: 4, 123: 8, 122: 8, 121: 0, 120: 0}
_TYPES_WITH_NAME = frozenset({3, 5})
_TYPES_AT_MOST = 6
_CLIENT_BYTES = 3
_CLOCK_BYTES = 2


def check_update_bounds(update: bytes) -> None:
    """Makes sure that the library can be asked whether this is an update.

    Raises:
        BrokenUpdate: it cannot. Bytes that are no update for other reasons may pass.
    """
    reader = Reader(update)
    try:
        clients = reader.var_uint()
        if clients * _CLIENT_BYTES > reader.left:
            raise BrokenUpdate("it is shorter than it says")
        nested = update.count(_ARRAY) + update.count(_MAP)
        if nested > NESTED_AT_MOST or _LARGE_MAP.search(update):
            for _ in _read(reader, clients):
                pass
    except MalformedMessage as error:
        raise BrokenUpdate("it ends too early") from error


def first_clocks(update: bytes) -> list[tuple[int, int]]:
    """Reads an update to its end.

    Returns:
        Client id and clock of the first struct, for each client that it has content of.

    Raises:
        BrokenUpdate: it ends too early, or has content that Yjs does not know: Yrs also has types that move and quote
            what others wrote.
    """
    reader = Reader(update)
    try:
        return list(_read(reader, reader.var_uint()))
    except MalformedMessage as error:
        raise BrokenUpdate("it ends too early") from error


def check_state_bounds(state: bytes) -> None:
    """Makes sure that the library can be asked to read a state vector.

    Raises:
        BrokenUpdate: it cannot.
    """
    reader = Reader(state)
    try:
        if reader.var_uint() * _CLOCK_BYTES > reader.left:
            raise BrokenUpdate("a state vector is shorter than it says")
    except MalformedMessage as error:
        raise BrokenUpdate("a state vector ends too early") from error


def _read(reader: Reader, clients: int) -> Iterator[tuple[int, int]]:
    for _ in range(clients):
        structs = reader.var_uint()
        yield reader.var_uint(), reader.var_uint()
        for _ in range(structs):
            _read_struct(reader)


def _read_struct(reader: Reader) -> None:
    info = reader.bytes(1)[0]
    content = info & 0x1F
    if content in (0, 10):  # collected garbage, or a gap
        reader.var_uint()
        return
    for bit in (0x80, 0x40):  # the neighbours at the time of writing
        if info & bit:
            reader.var_uint()
            reader.var_uint()
    if not info & 0xC0:
        if reader.var_uint() == 1:
            reader.var_bytes()
        else:
            reader.var_uint()
            reader.var_uint()
        if info & 0x20:
            reader.var_bytes()
    _read_content(reader, content)


def _read_content(reader: Reader, content: int) -> None:
    if content == 1:  # deleted
        reader.var_uint()
    elif content == 2:  # JSON texts
        for _ in range(reader.var_uint()):
            reader.var_bytes()
    elif content in (3, 4, 5):  # binary, string, embed
        reader.var_bytes()
    elif content == 6:  # format: key and JSON text
        reader.var_bytes()
        reader.var_bytes()
    elif content == 7:
        kind = reader.var_uint()
        if kind > _TYPES_AT_MOST:
            raise BrokenUpdate(f"it has a shared type of the unknown kind {kind}")
        if kind in _TYPES_WITH_NAME:
            reader.var_bytes()
    elif content == 8:
        for _ in range(reader.var_uint()):
            _read_value(reader)
    elif content == 9:  # a document: its name and options
        reader.var_bytes()
        _read_value(reader)
    else:
        raise BrokenUpdate(f"it has content of the unknown kind {content}")


def _read_value(reader: Reader) -> None:
    open_values: list[tuple[int, bool]] = [(1, False)]  # how many values are left, and whether each has a key
    while open_values:
        left, keyed = open_values.pop()
        if left == 0:
            continue
        open_values.append((left - 1, keyed))
        if keyed:
            reader.var_bytes()
        kind = reader.bytes(1)[0]
        if kind in _FIXED_SIZES:
            reader.bytes(_FIXED_SIZES[kind])
        elif kind == 125:  # integer: continuation in the high bit, like the unsigned ones
            while reader.bytes(1)[0] & 0x80:
                pass
        elif kind in (119, 116):  # string, binary
            reader.var_bytes()
        elif kind in (117, 118):  # array, map
            count = reader.var_uint()
            if count > reader.left:
                raise BrokenUpdate("a value is shorter than it says")
            open_values.append((count, kind == 118))
            if len(open_values) - 1 > NESTED_AT_MOST:
                raise BrokenUpdate("its values are nested too deeply")
        else:
            raise BrokenUpdate(f"it has a value of the unknown kind {kind}")
