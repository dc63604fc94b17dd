"""What both ends of the wire agree on about history: the messages, and their encoding.

A client asks with MOMENTS_GET, MOMENT_GET, RESTORE, NAME_VERSION or BROUGHT_GET and a number of its own choice, the
request; the answer carries the same number. One connection's requests are answered one after the other, in their order.

This module has no I/O and imports the standard library only.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from cowrite_server.wire.encoding import MalformedMessage, Reader, var_string, var_uint
from cowrite_server.wire.json_messages import RefusalReason, expecting, whole, whole_or_none
from cowrite_server.wire.names import clean_name
from cowrite_server.wire.protocol import Message

VERSION_NAME_UNITS = 100
"""So many code points the name of a moment may have."""

CLIENTS_AT_ONCE = 10_000
"""Client ids that can be asked about at once."""


@dataclass(frozen=True, slots=True)
class VersionName:
    """The name that somebody has given a moment.

    Attributes:
        text: the name.
        member: number of the member who named it so; None for nobody known.
        time: when, in milliseconds since 1970.
    """

    text: str
    member: int | None
    time: int


@dataclass(frozen=True, slots=True)
class MomentSummary:
    """A moment as people see it in a list.

    Attributes:
        seq: number of its last entry; names it.
        begun: time of its first entry, in milliseconds since 1970.
        ended: time of its last entry.
        members: numbers of the members who wrote it; None for nobody known.
        added: how many units were written, formats included.
        removed: how many units were deleted.
        name: its name, if it has one.
    """

    seq: int
    begun: int
    ended: int
    members: tuple[int | None, ...]
    added: int
    removed: int
    name: VersionName | None = None


@dataclass(frozen=True, slots=True)
class MomentList:
    """A room's history.

    Attributes:
        moments: all moments, oldest first.
        fine_from: from this number on, the document can be opened at every entry; before, at moments only.
        names: what the others see its people called, or saw last, by their numbers: also those who were removed, of
            whom the list of members tells owners alone. Empty where the server does not say it.
    """

    moments: tuple[MomentSummary, ...]
    fine_from: int
    names: Mapping[int, str] = field(default_factory=dict)

    @property
    def people(self) -> set[int]:
        """Numbers of the members who wrote in it, or named something."""
        wrote = {member for moment in self.moments for member in moment.members}
        named = {moment.name.member for moment in self.moments if moment.name is not None}
        return {member for member in wrote | named if member is not None}


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the body that one member wrote.

    Attributes:
        length: in UTF-16 units; an embed counts as one.
        member: number of the member who wrote it; None for nobody known.
    """

    length: int
    member: int | None


@dataclass(frozen=True, slots=True)
class OpenedMoment:
    """The document as it was.

    Attributes:
        seq: number of the last entry in it.
        document: the document as one update.
        spans: who wrote what, from the beginning of the body to its end.
    """

    seq: int
    document: bytes
    spans: tuple[Span, ...]


class Brought(NamedTuple):
    """What one member has brought to the server, whatever the document says of who wrote it.

    Attributes:
        member: number of the member; None for nobody known, and for what the server itself has written.
        name: what the others see the member called, or saw last; None where it has no name.
        units: client id, first clock and number of units of each run.
    """

    member: int | None
    name: str | None
    units: tuple[tuple[int, int, int], ...]


class Naming(NamedTuple):
    """What is to be called how.

    Attributes:
        seq: number of the last entry of the moment; 0 for all that has come to the server so far.
        before: the name that it has, as far as the client knows; empty for none.
        name: its name from now on; empty for none.
    """

    seq: int
    before: str
    name: str


class HistoryReason(RefusalReason):
    """Why a request was refused."""

    READ_ONLY = "read-only"
    """Only those who may edit may restore, and name versions."""
    NO_SUCH_MOMENT = "no-such-moment"
    """There is no such entry, or it is no longer kept by itself."""
    UNREADABLE = "unreadable"
    """The server could not read it; asking again later may help."""
    TOO_LARGE = "too-large"
    """The document has no space for what a restoring would bring back."""
    BUSY = "busy"
    """The client has too many requests open, or has named too much in the last minute."""
    NAMED_OTHERWISE = "named-otherwise"
    """It has another name than the client knows."""
    BAD_NAME = "bad-name"
    """Nothing can be called so."""
    TOO_MANY_NAMES = "too-many-names"
    """The document has as many named versions as `room_versions` allows."""
    LATER = "later"
    """One that only a server of a later version knows."""


def moments_get_message(request: int) -> bytes:
    """A MOMENTS_GET message."""
    return var_uint(Message.MOMENTS_GET) + var_uint(request)


def moments_message(request: int, found: MomentList) -> bytes:
    """A MOMENTS message; for a long history to be made beside the event loop."""
    # One after the other: the encoder keeps the interpreter from everybody else until a value is written whole.
    moments = ", ".join([json.dumps(_as_json(moment)) for moment in found.moments])
    names = json.dumps(found.names)
    text = f'{{"fine_from": {found.fine_from}, "moments": [{moments}], "names": {names}}}'
    return var_uint(Message.MOMENTS) + var_uint(request) + var_string(text)


def moments_as_json(found: MomentList) -> dict[str, Any]:
    """What a MOMENTS message holds."""
    moments = [_as_json(moment) for moment in found.moments]
    return {"fine_from": found.fine_from, "moments": moments, "names": dict(found.names)}


def _as_json(moment: MomentSummary) -> dict[str, Any]:
    content = {name: getattr(moment, name) for name in MomentSummary.__slots__ if name != "name"}
    if moment.name is not None:
        content["name"] = {name: getattr(moment.name, name) for name in VersionName.__slots__}
    return content


def read_moments(reader: Reader) -> tuple[int, MomentList]:
    """The request and the content of a MOMENTS message whose type has been read.

    Raises:
        MalformedMessage: it is no such message.
    """
    request = reader.var_uint()
    with expecting("a list of moments"):
        content = json.loads(reader.var_string())
        moments = tuple(
            MomentSummary(
                whole(moment["seq"]),
                whole(moment["begun"]),
                whole(moment["ended"]),
                tuple(whole_or_none(member) for member in moment["members"]),
                whole(moment["added"]),
                whole(moment["removed"]),
                _version_name(moment.get("name")),
            )
            for moment in content["moments"]
        )
        called = ((whole(member), clean_name(str(name))) for member, name in content.get("names", {}).items())
        names = {member: name for member, name in called if name is not None}
        return request, MomentList(moments, whole(content["fine_from"]), names)


def moment_get_message(request: int, seq: int) -> bytes:
    """A MOMENT_GET message: asks for the document as it was after entry `seq`."""
    return var_uint(Message.MOMENT_GET) + var_uint(request) + var_uint(seq)


def moment_head(request: int, opened: OpenedMoment) -> bytes:
    """A MOMENT message without the document at its end; for a long document to be made beside the event loop, see
    `moments_message`."""
    head = var_uint(Message.MOMENT) + var_uint(request) + var_uint(opened.seq)
    spans = ", ".join([json.dumps(span) for span in spans_as_json(opened.spans)])
    return head + var_string(f"[{spans}]") + var_uint(len(opened.document))


def spans_as_json(spans: Sequence[Span]) -> list[list[int | None]]:
    """What a MOMENT message holds of spans: length and member of each."""
    return [[span.length, span.member] for span in spans]


def read_moment(reader: Reader) -> tuple[int, OpenedMoment]:
    """The request and the content of a MOMENT message whose type has been read.

    Raises:
        MalformedMessage: it is no such message.
    """
    request, seq = reader.var_uint(), reader.var_uint()
    with expecting("spans"):
        spans = tuple(Span(whole(length), whole_or_none(member)) for length, member in json.loads(reader.var_string()))
    return request, OpenedMoment(seq, reader.var_bytes(), spans)


def brought_get_message(request: int, clients: Collection[int]) -> bytes:
    """A BROUGHT_GET message: asks which member has brought which units of some client ids, CLIENTS_AT_ONCE at most."""
    ids = b"".join(map(var_uint, clients))
    return var_uint(Message.BROUGHT_GET) + var_uint(request) + var_uint(len(clients)) + ids


def read_brought_get(reader: Reader) -> frozenset[int]:
    """The client ids in a BROUGHT_GET message whose type and request have been read.

    Raises:
        MalformedMessage: it is no such message.
    """
    count = reader.var_uint()
    if count > CLIENTS_AT_ONCE:
        raise MalformedMessage("too many clients are asked about at once")
    return frozenset([reader.var_uint() for _ in range(count)])


def brought_message(request: int, found: Sequence[Brought]) -> bytes:
    """A BROUGHT message; for a long history to be made beside the event loop, see `moments_message`."""
    each = ", ".join([json.dumps(part) for part in found])
    return var_uint(Message.BROUGHT) + var_uint(request) + var_string(f"[{each}]")


def read_brought(reader: Reader) -> tuple[int, tuple[Brought, ...]]:
    """The request and the content of a BROUGHT message whose type has been read.

    Raises:
        MalformedMessage: it is no such message.
    """
    request = reader.var_uint()
    with expecting("what members have brought"):
        return request, tuple(
            Brought(
                whole_or_none(member),
                None if name is None else str(name),
                tuple((whole(client), whole(clock), whole(length)) for client, clock, length in units),
            )
            for member, name, units in json.loads(reader.var_string())
        )


def restore_message(request: int, seq: int) -> bytes:
    """A RESTORE message: asks to make the document what it was after entry `seq`, by an edit that all see."""
    return var_uint(Message.RESTORE) + var_uint(request) + var_uint(seq)


def restored_message(request: int) -> bytes:
    """A RESTORED message: the edit is on disk, or none was needed."""
    return var_uint(Message.RESTORED) + var_uint(request)


def name_version_message(request: int, naming: Naming) -> bytes:
    """A NAME_VERSION message: asks to give a moment a name, or to take it away."""
    head = var_uint(Message.NAME_VERSION) + var_uint(request) + var_uint(naming.seq)
    return head + var_string(naming.before) + var_string(naming.name)


def read_naming(reader: Reader) -> Naming:
    """The content of a NAME_VERSION message whose type and request have been read.

    Raises:
        MalformedMessage: it is no such message.
    """
    return Naming(reader.var_uint(), reader.var_string(), reader.var_string())


def version_named_message(request: int, seq: int) -> bytes:
    """A VERSION_NAMED message: the name of the moment that ends with entry `seq` is on disk."""
    return var_uint(Message.VERSION_NAMED) + var_uint(request) + var_uint(seq)


def _version_name(value: Any) -> VersionName | None:
    if value is None:
        return None
    text = clean_name(str(value["text"]), VERSION_NAME_UNITS) or ""
    return VersionName(text, whole_or_none(value["member"]), whole(value["time"]))
