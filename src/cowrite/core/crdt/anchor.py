"""Anchor: a position that survives others' edits, as a value.

It names a character, by the replica that wrote it and that replica's clock, and lies just before or just after it. It
is Yjs' relative position, and its JSON is theirs, so that editors bound by y-quill understand our carets and we theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import Any, NamedTuple

from cowrite.core.crdt.structs import Id
from cowrite.core.text.richtext import Delete, Insert, Op, Utf16, utf16_length
from cowrite.errors import CowriteError
from cowrite_server.wire.encoding import MAX_VAR_UINT

BODY = "body"
"""Name of the root that anchors lie in."""

MAX_CLOCK = 2**32 - 1


class Stick(IntEnum):
    """Which neighbour an anchor stays with; the values are Yjs' `assoc`."""

    LEFT = -1
    """With the character before it: what is inserted at the anchor comes after it."""
    RIGHT = 0
    """With the character after it: what is inserted at the anchor comes before it."""


class BadAnchor(CowriteError):
    """Data are no anchor in a document's body.

    Attributes:
        reason: what is wrong with them.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"A position could not be read: {reason}.")
        self.reason = reason


class Anchor(NamedTuple):
    """A position that survives others' edits.

    Attributes:
        id: the UTF-16 unit it stays with, or None for the start (LEFT) or the end (RIGHT) of the text.
        stick: on which side of it that unit is.
    """

    id: Id | None
    stick: Stick

    def to_json(self) -> dict[str, Any]:
        """As a Yjs relative position."""
        item = None if self.id is None else {"client": self.id.client, "clock": self.id.clock}
        return {"type": None, "tname": BODY if item is None else None, "item": item, "assoc": int(self.stick)}

    @classmethod
    def from_json(cls, data: object) -> Anchor:
        """Reads a Yjs relative position; keys that are null may be missing, and so may `assoc`.

        Raises:
            BadAnchor: the data are none, or one in another root or in a nested type.
        """
        if not isinstance(data, Mapping):
            raise BadAnchor("it is no object")
        assoc, item, name = data.get("assoc"), data.get("item"), data.get("tname")
        stick = Stick.LEFT if assoc is not None and _integer("assoc", assoc, -MAX_CLOCK, MAX_CLOCK) < 0 else Stick.RIGHT
        if name not in (None, BODY):
            raise BadAnchor("it lies in another root")
        if item is None:
            if name is None:
                raise BadAnchor("it names no place in the body")
            return cls(None, stick)
        if not isinstance(item, Mapping):
            raise BadAnchor("its item is no object")
        client = _integer("client", item.get("client"), 0, MAX_VAR_UINT)
        return cls(Id(client, _integer("clock", item.get("clock"), 0, MAX_CLOCK)), stick)


def moved(position: int, ops: tuple[Op, ...], stick: Stick) -> Utf16:
    """Where a position lies after a change, without looking into the CRDT.

    Text inserted at the position comes before it where it sticks RIGHT, and after it where it sticks LEFT; when the
    text around it is deleted, it collapses to where that was. So it goes where an anchor goes whose character lives.
    Once that is deleted, an anchor still knows on which side of the deleted text an insert lies, and this does not.

    Args:
        position: UTF-16 units in the text before the change.
        ops: the change's steps.
        stick: which neighbour it stays with.
    """
    for op in ops:
        if isinstance(op, Insert):
            if op.at < position or (op.at == position and stick is Stick.RIGHT):
                position += utf16_length(op.span.text)
        elif isinstance(op, Delete) and op.at < position:
            position = max(op.at, position - op.length)
    return Utf16(position)


def _integer(name: str, value: object, low: int, high: int) -> int:
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # pycrdt hands JSON's integers back as floats
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise BadAnchor(f"its {name} is no number in range")
    return value
