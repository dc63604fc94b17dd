"""What both ends of the wire agree on about members who ask to write: the messages, and their encoding.

They are requests like those of `members`. ASK_TO_WRITE and NOT_NOW are answered with DONE, ASKERS_GET with ASKERS; each
may be refused with MEMBERS_REFUSED. That somebody has asked, or was answered, is told to all like other acts, by
MEMBERS_CHANGED. A server says in its hello whether it knows them (`takes_asking`).

This module has no I/O and imports nothing but the standard library and the other messages.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from cowrite_server.wire.encoding import Reader, var_uint
from cowrite_server.wire.json_messages import expecting, json_message, whole
from cowrite_server.wire.names import clean_name
from cowrite_server.wire.protocol import Message, Role

PAUSE = 10 * 60_000
"""For so many milliseconds after it has asked a member cannot ask again."""


@dataclass(frozen=True, slots=True)
class Asker:
    """A member who asks to write, and has not been answered.

    Attributes:
        id: the member's number.
        name: what the others see it called; None where it never said.
        role: what it may do.
        asked: when it asked, in milliseconds since 1970.
    """

    id: int
    name: str | None
    role: Role
    asked: int


def ask_to_write_message(request: int) -> bytes:
    """An ASK_TO_WRITE message."""
    return var_uint(Message.ASK_TO_WRITE) + var_uint(request)


def not_now_message(request: int, member: int) -> bytes:
    """A NOT_NOW message."""
    return var_uint(Message.NOT_NOW) + var_uint(request) + var_uint(member)


def askers_get_message(request: int) -> bytes:
    """An ASKERS_GET message."""
    return var_uint(Message.ASKERS_GET) + var_uint(request)


def askers_message(request: int, askers: Sequence[Asker]) -> bytes:
    """An ASKERS message; those of the invite by which fewest do come first."""
    return json_message(Message.ASKERS, request, askers)


def read_askers(reader: Reader) -> tuple[int, tuple[Asker, ...]]:
    """The request and the content of an ASKERS message whose type has been read; of each member the first.

    Raises:
        MalformedMessage: it is no such message.
    """
    request = reader.var_uint()
    found: dict[int, Asker] = {}
    with expecting("a list of those who ask to write"):
        for each in json.loads(reader.var_string()):
            name = None if each["name"] is None else clean_name(str(each["name"]))
            asker = Asker(whole(each["id"]), name, Role.told(str(each["role"])), whole(each["asked"]))
            found.setdefault(asker.id, asker)
    return request, tuple(found.values())
