"""Second units: of characters of two UTF-16 units, such as emoji, that the text of an update holds.

Without I/O; see `pairs` for why they matter.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Set

from cowrite_server.document.structs import STRING, add_deleted, structs_in
from cowrite_server.wire.encoding import Reader, var_string

PAIR = re.compile(rb"[\xf0-\xf4][\x80-\xbf]{3}")
"""A character of two UTF-16 units, in UTF-8."""

_LEADS = tuple(bytes([lead]) for lead in range(0xF0, 0xF5))  # the first byte of each
_LONG = 10_000  # bytes
_OFTEN = 1000  # times that one of them is there without such a character, as where it is a part of a client id
_SLICE = 64 * 1024  # bytes that the expression looks through before others can have their turn
_BEYOND_ONE_UNIT = re.compile("[\U00010000-\U0010ffff]")
_STAND_INS = "\ufffd\ufffd".encode("utf-16-le")


def may_hold_pairs(update: bytes) -> bool:
    """Whether there is something in an update that looks like a character of two units."""
    if len(update) < _LONG:
        return PAIR.search(update) is not None
    # One byte is found thirty times as fast as the expression, during which no other thread has its turn.
    found = 0
    for lead in _LEADS:
        at = update.find(lead)
        while at >= 0:
            if PAIR.match(update, at):
                return True
            found += 1
            if found > _OFTEN:
                return any(PAIR.search(update, begin, begin + _SLICE + 3) for begin in range(0, len(update), _SLICE))
            at = update.find(lead, at + 1)
    return False


def second_units(update: bytes, seams: set[tuple[int, int]] | None) -> Iterator[tuple[int, int]]:
    """The second units of all characters of two UTF-16 units: client id and clock of each, a struct's in order.

    Args:
        update: the update.
        seams: gets the units before which it takes text apart, see `seams`; the last of them once all is read.

    Raises:
        MalformedMessage: it ends too early.
        BrokenUpdate: it holds what no update holds.
    """
    reader = Reader(update)
    for client, clock, struct in structs_in(reader, seams):
        if struct.content == STRING and PAIR.search(update, struct.at, reader.position):
            second = clock + 1
            for pair in _BEYOND_ONE_UNIT.finditer(_text(update[struct.at : reader.position])):
                yield client, second + pair.start()
                second += 1
    if seams is not None:
        add_deleted(reader, seams)


def with_stand_ins(update: bytes, halved: Set[tuple[int, int]]) -> bytes:
    """The update with two replacement characters in the place of each character whose second unit is named.

    The number of units stays. Yjs does the same to a character that is taken apart.

    Args:
        update: the update.
        halved: client ids and clocks of second units.

    Raises:
        MalformedMessage: it ends too early.
        BrokenUpdate: it holds what no update holds.
    """
    seconds: dict[int, list[int]] = {}
    for client, clock in sorted(halved):
        seconds.setdefault(client, []).append(clock)
    reader = Reader(update)
    pieces: list[bytes] = []
    done = 0
    for client, clock, struct in structs_in(reader):
        known = seconds.get(client, [])
        here = known[bisect_right(known, clock) : bisect_left(known, clock + struct.length)]
        if here and struct.content == STRING:
            text = bytearray(_text(update[struct.at : reader.position]).encode("utf-16-le"))
            for at in here:
                text[2 * (at - clock) - 2 : 2 * (at - clock) + 2] = _STAND_INS
            pieces += [update[done : struct.at], var_string(text.decode("utf-16-le", errors="replace"))]
            done = reader.position
    return b"".join([*pieces, update[done:]])


def _text(content: bytes) -> str:
    """The text that is the content of a struct."""
    return Reader(content).var_bytes().decode(errors="replace")
