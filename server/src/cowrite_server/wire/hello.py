"""Hello: what a server says first to a client that speaks `cowrite.v1`, and how that is encoded.

This module has no I/O and imports nothing but the standard library and the other messages.
"""

from __future__ import annotations

import json
from typing import NamedTuple

from cowrite_server.wire.encoding import Reader, var_string, var_uint
from cowrite_server.wire.json_messages import expecting, json_object, whole, whole_or_none
from cowrite_server.wire.protocol import Limits, Message, Role


class Hello(NamedTuple):
    """The server's first message to a `cowrite.v1` client.

    Attributes:
        epoch: identity of the room's history; changes when the document is rebuilt from anything but its own log.
        role: what the caller may do.
        room: the room's name.
        server: name and version of the server.
        limits: what the server accepts.
        member: number of the member that the caller is; None where the server keeps no members.
        name: what the others see the caller called; None where that is left to the caller.
        seals: whether the server keeps sealed boxes; one that does not ends a connection on which it is asked.
        now: what time it is at the server, in milliseconds since 1970, by which history goes; None where it does not
            say.
        names_versions: whether it gives moments names; one that does not ends a connection on which it is asked.
        tells_brought: whether it says who has brought what; one that does not ends a connection on which it is asked.
        takes_said: whether whoever may not edit, but comment, may say in a session that they are done, and the like.
        takes_asking: whether members can ask to write; a server that does not ends a connection on which it is asked.
    """

    epoch: str
    role: Role
    room: str
    server: str
    limits: Limits
    member: int | None = None
    name: str | None = None
    seals: bool = False
    now: int | None = None
    names_versions: bool = False
    tells_brought: bool = False
    takes_said: bool = False
    takes_asking: bool = False


def hello_message(hello: Hello) -> bytes:
    """A HELLO message."""
    content = {
        "epoch": hello.epoch,
        "role": hello.role.value,
        "room": hello.room,
        "server": hello.server,
        "limits": {name: getattr(hello.limits, name) for name in Limits.__slots__},
        "member": hello.member,
        "name": hello.name,
        "seals": hello.seals,
        "now": hello.now,
        "names_versions": hello.names_versions,
        "tells_brought": hello.tells_brought,
        "takes_said": hello.takes_said,
        "takes_asking": hello.takes_asking,
    }
    return var_uint(Message.HELLO) + var_string(json.dumps(content))


def read_hello(reader: Reader) -> Hello:
    """The content of a HELLO message whose type has been read.

    Raises:
        MalformedMessage: it is no hello. Limits that this side does not know are ignored.
    """
    content = json_object(reader)
    with expecting("a hello"):
        limits = {name: whole(value) for name, value in content["limits"].items() if name in Limits.__slots__}
        return Hello(
            epoch=str(content["epoch"]),
            role=Role.told(str(content["role"])),
            room=str(content["room"]),
            server=str(content["server"]),
            limits=Limits(**limits),
            member=whole_or_none(content.get("member")),
            name=None if content.get("name") is None else str(content["name"]),
            seals=content.get("seals") is True,
            now=whole_or_none(content.get("now")),
            names_versions=content.get("names_versions") is True,
            tells_brought=content.get("tells_brought") is True,
            takes_said=content.get("takes_said") is True,
            takes_asking=content.get("takes_asking") is True,
        )
