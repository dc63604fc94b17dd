"""Notices: what the nodes that have a room open tell each other about it, and how that is written. Without I/O."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cowrite_server.wire.encoding import MalformedMessage, Reader, var_bytes, var_uint

_WRITTEN, _PRESENT, _EVERYBODY, _QUESTION = range(4)

LARGEST = 1024 * 1024
"""Bytes of updates that are passed on; Redis ends the connection of a listener for whom too much waits."""


@dataclass(frozen=True, slots=True)
class Written:
    """Entries were added to the room's log.

    Attributes:
        first: number of the first.
        last: number of the last.
        updates: what they hold, or nothing where it is too much to be passed on and has to be read from the log.
    """

    first: int
    last: int
    updates: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class Present:
    """The presence of clients on the node has changed, or is this.

    Attributes:
        body: their states, the content of an AWARENESS message.
        everybody: whether these are all clients of the room on this node.
    """

    body: bytes
    everybody: bool


@dataclass(frozen=True, slots=True)
class Question:
    """Who is here? Each node answers with everybody who is there."""


Notice = Written | Present | Question


def notice_message(notice: Notice) -> bytes:
    """A notice as bytes."""
    if isinstance(notice, Written):
        updates = notice.updates if sum(map(len, notice.updates)) <= LARGEST else ()
        head = var_uint(_WRITTEN) + var_uint(notice.first) + var_uint(notice.last)
        return head + b"".join(map(var_bytes, updates))
    if isinstance(notice, Present):
        return var_uint(_EVERYBODY if notice.everybody else _PRESENT) + notice.body
    return var_uint(_QUESTION)


def read_notice(message: bytes) -> Notice:
    """The notice that stands in a message.

    Raises:
        MalformedMessage: there is none in it.
    """
    reader = Reader(message)
    kind = reader.var_uint()
    if kind == _WRITTEN:
        first, last, updates = reader.var_uint(), reader.var_uint(), []
        while not reader.at_end:
            updates.append(reader.var_bytes())
        return Written(first, last, updates)
    if kind in (_PRESENT, _EVERYBODY):
        return Present(reader.bytes(reader.left), kind == _EVERYBODY)
    if kind == _QUESTION:
        return Question()
    raise MalformedMessage(f"there is no notice of kind {kind}")
