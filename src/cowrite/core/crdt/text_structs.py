"""Structs of text, read from an update past the formats and entries that stand between them.

Pure; see `core.crdt.structs` for the format. Thousands of suggested changes are twenty structs each, of which two are
text. So those of the usual kinds that are a single unit are passed over, many at a time, by regular expressions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from cowrite.core.crdt.structs import Content, Struct, count_of, deletions_of, struct_of
from cowrite.core.errors import MalformedUpdate
from cowrite_server.document.patterns import MANY, NAME, SHORT, VALUE, WITHIN, beside
from cowrite_server.wire.encoding import MalformedMessage, Reader


def read_texts(update: bytes) -> tuple[list[Struct], dict[int, list[range]]]:
    """The structs of an update that hold text or embeds, with some others beside them, and its delete set.

    Of each client there is at least the first struct, and none is left out that has more than a unit or is a gap. What
    is left out is looked at no further than where it ends.

    Args:
        update: in Yjs' encoding (v1).

    Raises:
        MalformedUpdate: the bytes are no update.
    """
    reader = Reader(update)
    try:
        return list(_read(reader, update)), deletions_of(reader)
    except MalformedMessage as error:
        raise MalformedUpdate(len(update)) from error


class _Patterns(NamedTuple):
    """How structs look that are passed over: one of them, and `MANY` of them."""

    one: re.Pattern[bytes]
    many: re.Pattern[bytes]


def _read(reader: Reader, update: bytes) -> Iterator[Struct]:
    patterns = _patterns()
    pass_one, pass_many = patterns.one.match, patterns.many.match
    for _ in range(count_of(reader)):
        left, client, clock = count_of(reader), reader.var_uint(), reader.var_uint()
        is_first = True
        while left:
            at, count = reader.position, 0
            if not is_first and left >= MANY and (passed := pass_many(update, at)) is not None:
                count = MANY
            elif not is_first and (passed := pass_one(update, at)) is not None:
                count = 1
            if count and passed is not None:
                reader.go_on(passed.end())
                left, clock = left - count, clock + count
                continue
            struct = struct_of(reader, client, clock)
            yield struct
            left, clock, is_first = left - 1, clock + struct.length, False


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
