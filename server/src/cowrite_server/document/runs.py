"""Runs: what somebody wrote in a row and an update holds in very many parts, made one part.

Without I/O; see `structs` for the format.

WORKAROUND: Yrs (pycrdt 0.14.13) joins such parts itself, and with each it copies all that it has joined, and lets go of
none of the copies before it is done: a text of 8 MB in 8,000 parts takes 30 GB, and 80 kB with 10,000 values two.
"""

from __future__ import annotations

from collections.abc import Container

from cowrite_server.document.census import census
from cowrite_server.document.structs import ANY, STRING, Id, read_struct
from cowrite_server.errors import BrokenUpdate
from cowrite_server.wire.encoding import MalformedMessage, Reader, var_uint

_LITTLE = 2 * 1024 * 1024 * 1024
"""Bytes that the library copies in half a second."""

_SHORT = 8 * 1024
"""Bytes of an update that never has so much to join."""

_VALUE_BYTES = 8
"""Bytes that it copies for one of an update that has a value of a few bytes."""

_TEXTS, _VALUES = ((bytes((0x80 | content,)), bytes((0xC0 | content,))) for content in (STRING, ANY))
"""How a part may begin that goes on with another."""


def in_runs(update: bytes) -> bytes:
    """The same update with fewer parts, where the library would have very much to join.

    Args:
        update: any bytes; what is no update, or has content that only the library knows, stays as it is.
    """
    if (
        len(update) < _SHORT
        or _copied(update, *(sum(map(update.count, begin)) for begin in (_TEXTS, _VALUES))) < _LITTLE
    ):
        return update  # as nearly all
    try:
        joints = census(update).joints
        if _copied(update, *(sum(kind == content for kind in joints.values()) for content in (STRING, ANY))) < _LITTLE:
            return update
        reader = Reader(update)
        clients = reader.var_uint()
        sections = [_section(reader, update, joints) for _ in range(clients)]
    except (MalformedMessage, BrokenUpdate):
        return update
    return b"".join([var_uint(clients), *sections, update[reader.position :]])


def _copied(update: bytes, texts: int, values: int) -> int:
    """Bytes that the library copies, at most, where so many parts go on with others."""
    return (texts + _VALUE_BYTES * values) * len(update)


def _section(reader: Reader, update: bytes, joints: Container[Id]) -> bytes:
    """What one client wrote, with the parts joined that begin at a joint."""
    structs, client, clock = reader.var_uint(), reader.var_uint(), reader.var_uint()
    made = [var_uint(client), var_uint(clock)]
    count = 0
    row: list[bytes] = []
    kind = units = 0

    def end() -> None:
        if row:
            data = b"".join(row)
            made.extend((var_uint(len(data) if kind == STRING else units), data))
            row.clear()

    for _ in range(structs):
        at = reader.position
        struct = read_struct(reader)
        if (client, clock) not in joints:
            end()
            count += 1
            kind, units = struct.content, 0
            made.append(update[at : struct.at if kind in (STRING, ANY) else reader.position])
        if kind in (STRING, ANY):
            content = Reader(update[struct.at : reader.position])
            content.var_uint()
            row.append(update[struct.at + content.position : reader.position])
            units += struct.length
        clock += struct.length
    end()
    return b"".join([var_uint(count), *made])
