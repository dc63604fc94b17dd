"""Census: what a large update has very much of, counted in one quick reading.

Without I/O; see `structs` for the format. A document has a hundred thousand structs, and is counted each time it is
opened. So those of the usual kinds are passed over many at a time by regular expressions, and only the others read.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from cowrite_server.document.structs import ANY, DELETED, EMBED, FORMAT, STRING, TYPE, Id, read_struct
from cowrite_server.errors import BrokenUpdate
from cowrite_server.wire.encoding import MalformedMessage, Reader

VALUE_BYTES = 8
"""Bytes that the library copies, where it joins, for a value of a few bytes."""

_STEP = 16
"""Structs that are passed over at a time."""

_SHORT = 0x7F
"""Bytes of a text, at most, that is passed over."""


class Census(NamedTuple):
    """What an update has.

    Attributes:
        structs: its structs.
        types: shared types that do not say themselves that they lie in a root.
        longest: bytes of the longest row, or more: parts of text, or values, that somebody may have written one behind
            the other.
    """

    structs: int
    types: int
    longest: int


class Counted:
    """An update with what it has, which is counted when somebody asks, and once.

    Attributes:
        update: any bytes.
    """

    __slots__ = ("_census", "update")

    def __init__(self, update: bytes) -> None:
        self.update = update
        self._census: Census | None = None

    @property
    def is_counted(self) -> bool:
        """Whether that was done."""
        return self._census is not None

    def census(self) -> Census:
        """What it has.

        Raises:
            BrokenUpdate: it ends too early, or holds what no update holds, such as values that are nested too deeply.
        """
        if self._census is None:
            try:
                self._census = _counted(self.update)
            except MalformedMessage as error:
                raise BrokenUpdate("it ends too early") from error
        return self._census


def _counted(update: bytes) -> Census:
    patterns = _patterns()
    pass_one, pass_many, is_row = patterns.one.match, patterns.many.match, patterns.row.match
    count = types = longest = 0
    reader = Reader(update)
    for _ in range(reader.var_uint()):
        left, _client, _clock = reader.var_uint(), reader.var_uint(), reader.var_uint()
        count += left
        at = reader.position
        row = 0  # bytes that the one may have that goes on here
        before: tuple[int, Id | None] | None = None  # kind and right neighbour of what was read; None of what was not
        while left:
            begin, some = at, min(left, _STEP)
            if left >= _STEP and (match := pass_many(update, at)) is not None:
                at, left, some = match.end(), left - _STEP, 0
            while some and (match := pass_one(update, at)) is not None:
                at, left, some = match.end(), left - 1, some - 1
            if at > begin:
                row += at - begin
                longest, before = max(longest, row), None
                if is_row(update, begin, at) is None:  # it has ended there, and another one may have begun
                    row = at - begin
            if some:
                near: list[Id | None] = []
                reader = Reader(update, at)
                content, _, length = read_struct(reader, near=near)
                types += content == TYPE and (near != [None, None] or update[at + 1] != 1)
                now = content, near[1] if near else None
                if content not in (STRING, ANY) or before not in (None, now):
                    row = 0
                if content in (STRING, ANY):
                    row += max(reader.position - at, VALUE_BYTES * length if content == ANY else 0)
                    longest = max(longest, row)
                at, left, before = reader.position, left - 1, now
        reader = Reader(update, at)
    return Census(count, types, longest)


class _Patterns(NamedTuple):
    """How structs look that are passed over.

    Attributes:
        one: one of them.
        many: `_STEP` of them.
        row: so many that are parts of text in one row.
    """

    one: re.Pattern[bytes]
    many: re.Pattern[bytes]
    row: re.Pattern[bytes]


@cache
def _patterns() -> _Patterns:
    """Made when they are wanted first: it takes a moment."""
    number = rb"[\x80-\xff]{0,8}+[\x00-\x7f]"
    id = number + number
    short = b"(?:%b)" % b"|".join(b"%b.{%d}" % (re.escape(bytes((size,))), size) for size in range(_SHORT + 1))

    def beside(content: int) -> bytes:
        """Up to the content of a struct that has neighbours."""
        one, both = (re.escape(bytes(bits | content for bits in kinds)) for kinds in ((0x80, 0x40), (0xC0,)))
        return b"(?:[%b]%b|%b%b)" % (one, id, both, id + id)

    texts = b"%b|%b|%b%b" % (beside(STRING), beside(EMBED), beside(FORMAT), short)
    one = rb"(?:(?:%b)%b|%b%b|[\x00\x0a]%b)" % (texts, short, beside(DELETED), number, number)
    row = rb"(?:\x84%b%b)++\Z|\xc4%b(%b)%b(?:\xc4%b\1%b)*+\Z" % (id, short, id, id, short, id, short)
    return _Patterns(*(re.compile(each, re.DOTALL) for each in (one, one + b"{%d}+" % _STEP, row)))
