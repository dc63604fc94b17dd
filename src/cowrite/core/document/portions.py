"""Portions: a large update, cut into updates that are taken in one after the other.

Runs on any thread. None of them lacks anything that comes later: units come in the order in which the library adds
them, see `in_turn`, and what is deleted goes with the last one.

All of them belong into one transaction. At the end of each the library joins what lies side by side, and taking that
apart again for what comes between takes the longer, the longer it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
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


class Part(NamedTuple):
    """A struct.

    Attributes:
        client: who wrote it.
        clock: of its first unit.
        end: of what follows it.
        data: it in Yjs' encoding.
        needs: the units that have to be there before it.
    """

    client: int
    clock: int
    end: int
    data: bytes
    needs: Sequence[Id | None]


class Parts(NamedTuple):
    """What an update consists of.

    Attributes:
        of: the structs of each client.
        deleted: what it deletes, as it stands there.
    """

    of: dict[int, list[Part]]
    deleted: bytes

    def in_turn(self) -> Iterator[Part]:
        """The structs, each behind those that it needs; see `pieces.in_turn`."""
        return in_turn(self.of, lambda each: each.needs)


def portions(update: bytes) -> Portions | None:
    """Cuts an update.

    Args:
        update: in Yjs' encoding (v1), with bounds that were looked at.

    Returns:
        Its portions; None where it has gaps, or values that the library reads amiss.

    Raises:
        MalformedUpdate: the bytes are no update, or one of which the parts build on each other in a circle.
    """
    try:
        parts = parts_of(update)
        if parts is None:
            return None
        updates = (*_gathered(parts), b"\0" + parts.deleted)
    except (MalformedMessage, BrokenUpdate) as error:
        raise MalformedUpdate(len(update)) from error
    return Portions(updates, {client: found[-1].end for client, found in parts.of.items() if found})


def parts_of(update: bytes) -> Parts | None:
    """What an update consists of; None where it has gaps, or values that the library reads amiss.

    Raises:
        MalformedMessage: the bytes are no update.
    """
    reader = Reader(update)
    of: dict[int, list[Part]] = {}
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
            end = clock + struct.length
            parts.append(Part(client, clock, end, update[at : reader.position], [*near, *parents]))
            clock = end
    return Parts(of, update[reader.position :])


def encoded(parts: Iterable[Part], deleted: bytes = _NOTHING_DELETED) -> bytes:
    """An update of some parts, of each client in their order.

    Args:
        parts: they.
        deleted: what else it deletes.
    """
    of: dict[int, list[Part]] = {}
    for part in parts:
        of.setdefault(part.client, []).append(part)
    sections = [
        b"".join((var_uint(len(each)), var_uint(client), var_uint(each[0].clock), *(part.data for part in each)))
        for client, each in of.items()
    ]
    return b"".join((var_uint(len(of)), *sections, deleted))


def _gathered(parts: Parts) -> Iterator[bytes]:
    each = parts.in_turn()
    while portion := list(islice(each, STRUCTS)):
        yield encoded(portion)
