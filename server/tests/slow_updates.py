"""Updates that take the library long, as small as they are."""

from __future__ import annotations

from cowrite_server.wire.encoding import var_string, var_uint


def entries_of_one_key(
    count: int, clock: int = 0, *, client: int = 1, root: str = "entries", within: tuple[int, int] | None = None
) -> bytes:
    """Entries of which each is written as if there were none before it: the library looks at all of them each time.

    Args:
        count: how many.
        clock: of the first one.
        client: whose they are.
        root: in which they are.
        within: client and clock of the map in which they are instead.
    """
    parent = b"\x01" + var_string(root) if within is None else b"\x00" + var_uint(within[0]) + var_uint(within[1])
    entry = b"\x28" + parent + var_string("key") + b"\x01\x7e"
    return b"\x01" + var_uint(count) + var_uint(client) + var_uint(clock) + entry * count + b"\x00"


def entries_of_many_clients(count: int, first: int, root: str) -> bytes:
    """Entries of one key, each of another client that has heard of none of the others: it takes the library as long.

    Args:
        count: how many.
        first: the smallest of their client ids.
        root: in which they are.
    """
    entry = b"\x28\x01" + var_string(root) + var_string("key") + b"\x01\x7e"
    sections = [b"\x01" + var_uint(client) + b"\x00" + entry for client in range(first + count - 1, first - 1, -1)]
    return var_uint(count) + b"".join(sections) + b"\x00"


def runs_of_one_text(count: int, *, length: int, is_marked: bool = True, client: int = 1, root: str = "body") -> bytes:
    """A text that somebody wrote from its beginning to its end.

    Args:
        count: of how many runs.
        length: letters of each.
        is_marked: whether between any two a mark begins, so that the library does not join them.
        client: whose they are.
        root: the text.
    """
    run, mark = var_string("x" * length), var_string("bold") + var_string("1")
    made, clock = [b"\x04\x01" + var_string(root) + run], length
    for _ in range(count - 1):
        for content, data, units in ((6, mark, 1), (4, run, length))[not is_marked :]:
            made.append(bytes((0x80 | content,)) + var_uint(client) + var_uint(clock - 1) + data)
            clock += units
    return b"\x01" + var_uint(len(made)) + var_uint(client) + b"\x00" + b"".join(made) + b"\x00"
