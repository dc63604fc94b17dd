"""Patterns: how the parts of structs look that are passed over by regular expressions.

See `structs` for the format. A pattern is to be compiled with `re.DOTALL`. What it matches ends where `read_struct`
finds its end; what is unusual, such as a long text, it does not match.
"""

from __future__ import annotations

import re

MANY = 16
"""Structs that are passed over at a time."""

_SHORT = 0x7F
"""Bytes of a text, at most, that is passed over."""

_NAME = 31
"""Bytes of a name, or of a text within a value."""

_FEW = 8
"""Of so many values within a value there are fewer."""

NUMBER = rb"[\x80-\xff]{0,8}+[\x00-\x7f]"
ID = NUMBER + NUMBER


def _sized(most: int) -> bytes:
    return b"(?:%b)" % b"|".join(b"%b.{%d}" % (re.escape(bytes((size,))), size) for size in range(most + 1))


SHORT = _sized(_SHORT)
"""A text of few bytes."""

NAME = _sized(_NAME)
"""One of fewer: each size takes a while to be made a pattern."""

WITHIN = rb"(?:\x00%b|\x01%b)%b" % (ID, NAME, NAME)
"""The map, or the root, in which something lies, and under which key."""


def _few(each: bytes) -> bytes:
    """A few of something, behind their number."""
    return b"(?:%b)" % b"|".join(b"%b(?:%b){%d}+" % (re.escape(bytes((few,))), each, few) for few in range(_FEW))


_NUMBERS = rb"[xy~\x7f]|\}[\x80-\xff]*+[\x00-\x7f]|\|.{4}|[z{].{8}"  # and what else has no text
_NO_TEXT = _NUMBERS + b"|u" + _few(_NUMBERS)
VALUE = b"(?:w%b|%b|v%b)" % (SHORT, _NO_TEXT, _few(b"%b(?:w%b|%b)" % (NAME, NAME, _NO_TEXT)))
"""A value that is a short text, a number, or the like, or a list or map of a few of these."""


def beside(content: int, *, keyed: bool = False) -> bytes:
    """A struct that has neighbours, up to its content.

    Args:
        content: of which kind that is.
        keyed: whether it may also lie under a key.
    """
    bits = (0x00, 0x20) if keyed else (0x00,)
    one, both = (
        re.escape(bytes(near | bit | content for near in kinds for bit in bits)) for kinds in ((0x80, 0x40), (0xC0,))
    )
    return b"(?:[%b]%b|[%b]%b)" % (one, ID, both, ID + ID)
