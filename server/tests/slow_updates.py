"""Updates that take the library long, as small as they are."""

from __future__ import annotations

from cowrite_server.wire.encoding import var_string, var_uint


def entries_of_one_key(count: int, clock: int = 0) -> bytes:
    """Entries of which each is written as if there were none before it: the library looks at all of them each time."""
    entry = b"\x28\x01" + var_string("entries") + var_string("key") + b"\x01\x7e"
    return b"\x01" + var_uint(count) + b"\x01" + var_uint(clock) + entry * count + b"\x00"
