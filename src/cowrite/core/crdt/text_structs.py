"""Structs of text, read from an update past the formats and entries that stand between them.

Pure; see `core.crdt.structs` for the format. Thousands of suggested changes are twenty structs each, of which two are
text. So those of the usual kinds that are a single unit are passed over, many at a time, by regular expressions.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from cowrite.core.crdt.structs import Content, Struct, count_of, deletions_of, struct_of
from cowrite.core.errors import MalformedUpdate
from cowrite_server.document.patterns import MANY, NAME, SHORT, VALUE, WITHIN, beside
from cowrite_server.wire.encoding import MalformedMessage, Reader


class Chunks:
    """The structs of one client in an update, a few at a time.

    Args:
        update: it.
        client: who wrote them.
    """

    def __init__(self, update: bytes, client: int) -> None:
        self._update = update
        self._client = client
        self._clocks: list[int] = []
        self._places: list[int] = []  # where each chunk begins, and where the last one ends
        self._read: dict[int, list[Struct]] = {}

    def begin(self, clock: int, place: int) -> None:
        """A chunk begins with this clock at this place of the update."""
        self._clocks.append(clock)
        self._places.append(place)

    def end(self, place: int) -> None:
        """The last one ends there."""
        self._places.append(place)

    def back_from(self, clock: int) -> Iterator[Struct]:
        """The structs from the one that has a clock, or the last before it, back to the first."""
        for number in reversed(range(bisect_right(self._clocks, clock))):
            yield from (each for each in reversed(self._chunk(number)) if each.clock <= clock)

    def _chunk(self, number: int) -> list[Struct]:
        if number not in self._read:
            reader, clock = Reader(self._update, self._places[number]), self._clocks[number]
            found: list[Struct] = []
            while reader.position < self._places[number + 1]:
                found.append(struct_of(reader, self._client, clock))
                clock += found[-1].length
            self._read[number] = found
        return self._read[number]


class Texts(NamedTuple):
    """What an update has of text.

    Attributes:
        structs: those that hold text or embeds, with some others beside them: of each client there is at least the
            first, and none is left out that has more than a unit or is a gap.
        deleted: its delete set, see `read_deletions`.
        chunks: all structs, by client.
    """

    structs: list[Struct]
    deleted: dict[int, list[range]]
    chunks: dict[int, Chunks]


def read_texts(update: bytes) -> Texts:
    """What an update has of text. What is left out is looked at no further than where it ends.

    Args:
        update: in Yjs' encoding (v1), with one section for each client.

    Raises:
        MalformedUpdate: the bytes are no update.
    """
    reader = Reader(update)
    chunks: dict[int, Chunks] = {}
    try:
        return Texts(list(_read(reader, update, chunks)), deletions_of(reader), chunks)
    except MalformedMessage as error:
        raise MalformedUpdate(len(update)) from error


class _Patterns(NamedTuple):
    """How structs look that are passed over: one of them, and `MANY` of them."""

    one: re.Pattern[bytes]
    many: re.Pattern[bytes]


def _read(reader: Reader, update: bytes, chunks: dict[int, Chunks]) -> Iterator[Struct]:
    patterns = _patterns()
    pass_one, pass_many = patterns.one.match, patterns.many.match
    for _ in range(count_of(reader)):
        first = left = count_of(reader)
        client, clock = reader.var_uint(), reader.var_uint()
        known = chunks[client] = Chunks(update, client)
        begun = left + MANY  # how many were left where the last chunk begins
        while left:
            at, count = reader.position, 0
            if begun - left >= MANY:
                known.begin(clock, at)
                begun = left
            if left < first and left >= MANY and (passed := pass_many(update, at)) is not None:
                count = MANY
            elif left < first and (passed := pass_one(update, at)) is not None:
                count = 1
            if count and passed is not None:
                reader.go_on(passed.end())
                left, clock = left - count, clock + count
                continue
            struct = struct_of(reader, client, clock)
            yield struct
            left, clock = left - 1, clock + struct.length
        known.end(reader.position)


@cache
def _patterns() -> _Patterns:
    """Made when they are wanted first: it takes a moment."""
    kinds = (
        beside(Content.FORMAT) + NAME + SHORT,
        rb"(?:%b|\x21%b)\x01" % (beside(Content.DELETED, keyed=True), WITHIN),
        rb"(?:%b|\x28%b)\x01%b" % (beside(Content.ANY, keyed=True), WITHIN, VALUE),
        rb"\x27%b[\x00-\x02\x04-\x06]" % WITHIN,
    )
    one = b"(?:%b)" % b"|".join(kinds)
    return _Patterns(re.compile(one, re.DOTALL), re.compile(one + b"{%d}+" % MANY, re.DOTALL))
