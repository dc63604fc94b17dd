"""Awareness messages: who is there and where, as y-protocols encodes it.

https://github.com/yjs/y-protocols/blob/master/awareness.js. This module has no I/O and imports nothing but the standard
library and the other messages.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cowrite_server.wire.encoding import Reader, var_bytes, var_string, var_uint
from cowrite_server.wire.protocol import Message


@dataclass(frozen=True, slots=True)
class Presence:
    """One client's entry in an awareness message.

    Attributes:
        client: the client id of its CRDT document.
        clock: grows by one with each change of this client's state.
        state: what the client shares (person, carets), or None when it has left.
    """

    client: int
    clock: int
    state: Mapping[str, Any] | None


def awareness_message(entries: list[Presence]) -> bytes:
    """An AWARENESS message."""
    body = bytearray(var_uint(len(entries)))
    for entry in entries:
        state = None if entry.state is None else dict(entry.state)
        body += var_uint(entry.client) + var_uint(entry.clock)
        body += var_string(json.dumps(state, separators=(",", ":"), ensure_ascii=False))
    return var_uint(Message.AWARENESS) + var_bytes(bytes(body))


def read_awareness(reader: Reader, most: int | None = None) -> list[Presence]:
    """The content of an AWARENESS message whose type has been read, without presences whose state nobody can read.

    Args:
        reader: behind the type.
        most: bytes of a state; presences with a longer one are left out. None for any.

    Raises:
        MalformedMessage: it is not a list of presences.
    """
    body = Reader(reader.var_bytes())
    return list(_presences(body, most))


def _presences(body: Reader, most: int | None) -> Iterator[Presence]:
    for _ in range(body.var_uint()):
        client, clock, text = body.var_uint(), body.var_uint(), body.var_bytes()
        if most is not None and len(text) > most:
            continue
        try:
            state = json.loads(text.decode())
        except (ValueError, RecursionError):
            continue
        if state is None or isinstance(state, dict):
            yield Presence(client, clock, state)
