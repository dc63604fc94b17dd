"""Clocks of single clients in a state vector, found without reading all of it.

Pure. A state vector is a count and so many pairs of client and clock, all lib0's variable-length integers, each as
short as can be. Whoever opens a document and writes is another client: after a year of a team there are thousands, and
to read all of them in Python takes longer than the rest of what is done with a key.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from cowrite.core.crdt.structs import read_clocks
from cowrite_server.wire.encoding import Reader, var_uint

FEW = 20
"""So many clients are looked for one by one."""

_GOES_ON = bytes(range(0x80, 0x100))  # bytes that do not end an integer


def clock_of(state_vector: bytes, client: int) -> int:
    """How many units of a client are known before the first gap."""
    start = _place(state_vector, client)
    return 0 if start is None else _integer(state_vector, start)


def clocks_of(state_vector: bytes, clients: Collection[int]) -> Mapping[int, int]:
    """The same for several clients, and perhaps for more; those that are not known may be left out."""
    if len(clients) > FEW:
        return read_clocks(state_vector)
    return {client: clock_of(state_vector, client) for client in clients}


def with_clocks(state_vector: bytes, clocks: Mapping[int, int]) -> bytes:
    """A state vector with other clocks of some clients."""
    if len(clocks) > FEW:
        every = {**read_clocks(state_vector), **clocks}
        return var_uint(len(every)) + b"".join(var_uint(number) for pair in every.items() for number in pair)
    for client, clock in clocks.items():
        start = _place(state_vector, client)
        if start is None:
            reader = Reader(state_vector)
            state_vector = var_uint(reader.var_uint() + 1) + reader.rest() + var_uint(client) + var_uint(clock)
        else:
            stop = start + len(var_uint(_integer(state_vector, start)))
            state_vector = state_vector[:start] + var_uint(clock) + state_vector[stop:]
    return state_vector


def _place(state_vector: bytes, client: int) -> int | None:
    """Where the clock of a client stands; None where the client is not known."""
    wanted = var_uint(client)
    at = state_vector.find(wanted)
    while at >= 0:
        before = state_vector[:at].translate(None, _GOES_ON)  # has one byte for each integer
        if len(before) % 2 and state_vector[at - 1] < 0x80:
            return at + len(wanted)
        at = state_vector.find(wanted, at + 1)
    return None


def _integer(data: bytes, start: int) -> int:
    return Reader(data[start : start + 10]).var_uint()
