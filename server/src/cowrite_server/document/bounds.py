"""Keeps bytes away from the library that would harm the process, or the document, by being read.

WORKAROUND: three weaknesses of Yrs, measured with pycrdt 0.14.13. It reads nested arrays and maps recursively without a
limit, so an update of 80 kB that nests 40,000 arrays overflows the stack and ends the process. And it makes space for
as many clients, or entries of a map, as the bytes claim to hold before it looks for them, so a message of ten bytes
takes seconds and a gigabyte. And it loses the name of an XML hook, which every client of Yjs then looks for.

What to look for is cheap to see in nearly every update; only where something looks suspicious is it read in full.
"""

from __future__ import annotations

import re

from cowrite_server.document.census import Counted
from cowrite_server.document.structs import NESTED_AT_MOST, TYPE_BEGINS, has_xml_hook, read_struct, skip_structs
from cowrite_server.errors import BrokenUpdate
from cowrite_server.wire.encoding import MalformedMessage, Reader

_ARRAY, _MAP = b"u", b"v"
_LARGE_MAP = re.compile(rb"v[\x80-\xff]{3}")
_HOOK = b"\x05"
_CLIENT_BYTES = 3
_READS = 6
_CLOCK_BYTES = 2


class _BriefReader(Reader):
    """Reads so many pieces at most; a struct is a few of them, and each of its values one or two."""

    __slots__ = ("_left",)

    def __init__(self, data: bytes, most: int) -> None:
        super().__init__(data)
        self._left = most

    def bytes(self, length: int) -> bytes:
        self._left -= 1
        if self._left < 0:
            raise BrokenUpdate("it has too many values")
        return super().bytes(length)


def check_update_bounds(counted: Counted) -> None:
    """Makes sure that the library can be asked whether this is an update.

    Raises:
        BrokenUpdate: it cannot. Bytes that are no update for other reasons may pass.
    """
    update = counted.update
    maps = update.count(_MAP)
    suspicious = update.count(_ARRAY) + maps > NESTED_AT_MOST or (maps and _LARGE_MAP.search(update))
    if not suspicious and len(update) > _CLIENT_BYTES and update[0] <= 1:
        return  # it holds what one client wrote, as nearly all do
    reader = Reader(update)
    try:
        clients = reader.var_uint()
        if clients * _CLIENT_BYTES > reader.left:
            raise BrokenUpdate("it is shorter than it says")
    except MalformedMessage as error:
        raise BrokenUpdate("it ends too early") from error
    if suspicious:
        counted.census()


def check_xml_hooks(update: bytes) -> None:
    """Makes sure that an update has no XML hook.

    Yrs reads one without its name and writes it so, and then no client of Yjs can read the document any more.

    Raises:
        BrokenUpdate: it has one.
    """
    if TYPE_BEGINS.search(update, 0, max(update.rfind(_HOOK), 0)) is None:  # of a text of many apostrophes, say
        return
    try:
        found = has_xml_hook(update)
    except (MalformedMessage, BrokenUpdate):  # content that only the library knows
        return
    if found:
        raise BrokenUpdate("it has an XML hook, which the server cannot keep")


def deletions_behind(update: bytes, most: int) -> bytes | None:
    """The list of deletions of an update that has few structs, as an update; no more of it is read than these take.

    Args:
        update: any bytes.
        most: structs that it may have, with a few values in each.

    Returns:
        The list; of what is no update, anything. None where there are more of them, or content that only the library
        knows.
    """
    reader = _BriefReader(update, _READS * most)
    left = most
    try:
        for _ in range(reader.var_uint()):
            structs, _client, _clock = reader.var_uint(), reader.var_uint(), reader.var_uint()
            left -= max(structs, 1)
            if left < 0:
                return None
            for _ in range(structs):
                read_struct(reader)
    except MalformedMessage:
        return b"\x00\x00"
    except BrokenUpdate:
        return None
    return b"\x00" + update[reader.position :]


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
        return skip_structs(reader, reader.var_uint())
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
