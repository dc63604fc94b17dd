"""Census: what a large update has very much of, counted in one quick reading.

Without I/O; see `structs` for the format. A document has a hundred thousand structs, and is counted each time it is
opened. So those of the usual kinds are passed over many at a time by regular expressions, and only the others read.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from cowrite_server.document.patterns import ID, MANY, NAME, NUMBER, SHORT, VALUE, WITHIN, beside
from cowrite_server.document.structs import ANY, DELETED, EMBED, FORMAT, JSON, STRING, TYPE, Id, read_struct
from cowrite_server.errors import BrokenUpdate
from cowrite_server.wire.encoding import MalformedMessage, Reader

VALUE_BYTES = 8
"""Bytes that the library copies, where it joins, for a value of a few bytes."""


class Census(NamedTuple):
    """What an update has.

    Attributes:
        structs: its structs.
        types: shared types that do not say themselves that they lie in a root.
        longest: bytes of the longest row, or more: parts of text, or values, that somebody may have written one behind
            the other.
        has_json: whether it has values in the old form, which no client of today writes.
    """

    structs: int
    types: int
    longest: int
    has_json: bool


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
    has_json = False
    reader = Reader(update)
    for _ in range(reader.var_uint()):
        left, _client, _clock = reader.var_uint(), reader.var_uint(), reader.var_uint()
        count += left
        at = reader.position
        row = 0  # bytes that the one may have that goes on here
        before: tuple[int, Id | None] | None = None  # kind and right neighbour of what was read; None of what was not
        while left:
            begin, had, some = at, left, min(left, MANY)
            if left >= MANY and (match := pass_many(update, at)) is not None:
                at, left, some = match.end(), left - MANY, 0
            while some and (match := pass_one(update, at)) is not None:
                at, left, some = match.end(), left - 1, some - 1
            if at > begin:
                size = max(at - begin, VALUE_BYTES * (had - left))
                row += size
                longest, before = max(longest, row), None
                if is_row(update, begin, at) is None or _ends_within(update, begin, had - left):
                    row = size  # another one may have begun there
            if some:
                near: list[Id | None] = []
                reader = Reader(update, at)
                content, _, length = read_struct(reader, near=near)
                types += content == TYPE and (near != [None, None] or update[at + 1] != 1)
                has_json = has_json or content == JSON
                now = content, near[1] if near else None
                if content not in (STRING, ANY) or before not in (None, now):
                    row = 0
                if content in (STRING, ANY):
                    row += max(reader.position - at, VALUE_BYTES * length if content == ANY else 0)
                    longest = max(longest, row)
                at, left, before = reader.position, left - 1, now
        reader = Reader(update, at)
    return Census(count, types, longest, has_json)


def _ends_within(update: bytes, at: int, structs: int) -> bool:
    """Whether some structs that are parts of one row by their looks are none: the third is not written right behind the
    second.

    Args:
        update: it.
        at: where the first of them begins.
        structs: how many they are.
    """
    if structs < 3:
        return False
    reader = Reader(update, at)
    lefts: list[Id | None] = []
    length = 0
    for _ in range(3):
        near: list[Id | None] = []
        before, (_, _, length) = length, read_struct(reader, near=near)
        lefts.append(near[0])
    _, second, third = lefts
    return second is None or third != (second[0], second[1] + before)


class _Patterns(NamedTuple):
    """How structs look that are passed over.

    Attributes:
        one: one of them.
        many: `MANY` of them.
        row: so many that are parts of text, or values, in one row.
    """

    one: re.Pattern[bytes]
    many: re.Pattern[bytes]
    row: re.Pattern[bytes]


@cache
def _patterns() -> _Patterns:
    """Made when they are wanted first: it takes a moment."""
    texts = b"%b|%b|%b%b" % (beside(STRING), beside(EMBED), beside(FORMAT), SHORT)
    plain = rb"(?:%b)%b|%b%b|[\x00\x0a]%b" % (texts, SHORT, beside(DELETED), NUMBER, NUMBER)
    fields = rb"(?:%b|\x28%b)\x01%b|\x27\x01%b%b[\x00-\x02\x04\x06]" % (
        beside(ANY, keyed=True),
        WITHIN,
        VALUE,
        NAME,
        NAME,
    )
    one = b"(?:%b|%b)" % (plain, fields)
    value = rb"\x01" + VALUE
    rows = (
        rb"(?:\x84%b%b)++\Z" % (ID, SHORT),
        rb"(?:[\x88\xa8]%b%b)++\Z" % (ID, value),
        rb"\xc4%b(?P<right>%b)%b(?:\xc4%b(?P=right)%b)*+\Z" % (ID, ID, SHORT, ID, SHORT),
        rb"[\xc8\xe8]%b(?P<behind>%b)%b(?:[\xc8\xe8]%b(?P=behind)%b)*+\Z" % (ID, ID, value, ID, value),
    )
    return _Patterns(*(re.compile(each, re.DOTALL) for each in (one, one + b"{%d}+" % MANY, b"|".join(rows))))
