"""Runs: what somebody wrote in a row and an update holds in very many parts, made one part.

Without I/O; see `structs` for the format.

WORKAROUND: Yrs (pycrdt 0.14.13) joins such parts itself, and with each it copies all that it has joined, and lets go of
none of the copies before it is done: a text of 8 MB in 8,000 parts takes 30 GB, and 80 kB with 10,000 values two. As
much take 8,000 places at which it takes such a text apart only to join it again.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping

from cowrite_server.document.census import Counted
from cowrite_server.document.rows import rows_in
from cowrite_server.document.structs import ANY, STRING, Id, read_struct
from cowrite_server.errors import BrokenUpdate
from cowrite_server.wire.encoding import Reader, var_uint

_LITTLE = 2 * 1024 * 1024 * 1024
"""Bytes that the library copies in half a second."""

_TOO_MUCH = 2 * _LITTLE
"""Bytes that it copies only where somebody means harm."""

_SHORT = 8 * 1024
"""Bytes of an update that never has so much to join."""


def in_runs(counted: Counted, known: Callable[[], Mapping[int, int]] = dict) -> bytes:
    """An update with fewer parts, where the library would have very much to join.

    Args:
        counted: any update; what is none, or has content that only the library knows, stays as it is.
        known: gives how many units of each client the document has to which it is to be added.

    Raises:
        BrokenUpdate: it takes what somebody wrote in a row apart in very many places, and nothing comes there.
    """
    update = counted.update
    if len(update) < _SHORT:
        return update
    try:
        structs, _, longest, _ = counted.census()
        if 3 * structs * longest < _LITTLE:  # each has two neighbours, and is a part
            return update  # as nearly all
        rows = list(rows_in(update, known()))
    except BrokenUpdate:
        return update
    if sum((len(row.joints) + row.tears) * row.size for row in rows) < _LITTLE:
        return update
    if sum(row.tears * row.size for row in rows) >= _TOO_MUCH:
        raise BrokenUpdate("it takes text apart in too many places")
    joints = {joint for row in rows for joint in row.joints}
    reader = Reader(update)
    clients = reader.var_uint()
    sections = [_section(reader, update, joints) for _ in range(clients)]
    return b"".join([var_uint(clients), *sections, update[reader.position :]])


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
