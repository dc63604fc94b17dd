"""Portions: a large update, cut into updates that are taken in one after the other.

Runs on any thread. None of them lacks anything that comes later: units come in the order in which the library adds
them, see `in_turn`, and what is deleted goes with the last one.

All of them belong into one transaction. At the end of each the library joins what lies side by side, and taking that
apart again for what comes between takes the longer, the longer it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cowrite.core.errors import MalformedUpdate
from cowrite_server.document.pieces import in_turn
from cowrite_server.document.structs import GAP, Id, read_struct
from cowrite_server.errors import BrokenUpdate
from cowrite_server.wire.encoding import MalformedMessage, Reader, var_uint

STRUCTS = 2_000
"""Structs of a portion, at most: a millisecond's work for the library."""

_JSON = 2
_NOTHING_DELETED = b"\0"


class Portions(NamedTuple):
    """An update in portions.

    Attributes:
        updates: what comes to the same, in this order.
        ends: the units of each client up to which it goes.
    """

    updates: tuple[bytes, ...]
    ends: dict[int, int]


class _Part(NamedTuple):
    """A struct.

    Attributes:
        client: who wrote it.
        clock: of its first unit.
        data: it in Yjs' encoding.
        needs: the units that have to be there before it.
    """

    client: int
    clock: int
    data: bytes
    needs: Sequence[Id | None]


def portions(update: bytes) -> Portions | None:
    """Cuts an update.

    Args:
        update: in Yjs' encoding (v1), with bounds that were looked at.

    Returns:
        Its portions; None where it has gaps, or values that the library reads amiss.

    Raises:
        MalformedUpdate: the bytes are no update, or one of which the parts build on each other in a circle.
    """
    reader = Reader(update)
    of: dict[int, list[_Part]] = {}
    ends: dict[int, int] = {}
    try:
        for _ in range(reader.var_uint()):
            structs, client, clock = reader.var_uint(), reader.var_uint(), reader.var_uint()
            if client in of:
                return None
            parts = of[client] = []
            for _ in range(structs):
                at, near, parents = reader.position, list[Id | None](), list[Id]()
                struct = read_struct(reader, near=near, parents=parents)
                if struct.content in (GAP, _JSON):  # see `arrivals.check_values`
                    return None
                parts.append(_Part(client, clock, update[at : reader.position], [*near, *parents]))
                clock += struct.length
            ends[client] = clock
        updates = (*_gathered(of), b"\0" + update[reader.position :])
    except (MalformedMessage, BrokenUpdate) as error:
        raise MalformedUpdate(len(update)) from error
    return Portions(updates, ends)


def _gathered(of: dict[int, list[_Part]]) -> Iterator[bytes]:
    parts: dict[int, list[_Part]] = {}
    count = 0
    for part in in_turn(of, lambda each: each.needs):
        parts.setdefault(part.client, []).append(part)
        count += 1
        if count == STRUCTS:
            yield _encoded(parts)
            parts, count = {}, 0
    if parts:
        yield _encoded(parts)


def _encoded(of: dict[int, list[_Part]]) -> bytes:
    sections = [
        b"".join((var_uint(len(parts)), var_uint(client), var_uint(parts[0].clock), *(part.data for part in parts)))
        for client, parts in of.items()
    ]
    return b"".join((var_uint(len(of)), *sections, _NOTHING_DELETED))
