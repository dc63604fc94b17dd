"""What both ends of the wire agree on about sealed notes and ballots: the messages, their bounds, and their encoding.

A box belongs to a session ("session:…", its items are notes) or to a poll ("poll:…", one ballot from each person). What
lies in it is told to nobody but its author; the others hear how many items there are, by how many people. A client asks
with a number of its own choice, the request; the answer carries the same number: SEALED or SEAL_DONE, or else
SEAL_REFUSED. One connection's requests are answered one after the other, in their order.

This module has no I/O and imports nothing but the standard library and the other messages.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from cowrite_server.wire.encoding import MalformedMessage, Reader, var_string, var_uint
from cowrite_server.wire.json_messages import RefusalReason, expecting, json_message, json_object, whole
from cowrite_server.wire.protocol import Message

ITEM_BYTES = 32 * 1024
"""The largest item, as JSON in UTF-8."""

ITEMS_EACH = 500
"""Items that one person can have in one box."""

ROOM_BYTES = 16 * 1024 * 1024
"""What can lie sealed in one room; an item counts as LEAST_ITEM_COST at least."""

PERSON_BYTES = ROOM_BYTES // 8
"""What one person can have sealed in one room: who fills boxes that nobody opens leaves space for others."""

LEAST_ITEM_COST = 1024
"""Bytes that an item costs its room at least: whatever it says, it is counted and moved about with all others."""

_TEXT_UNITS = 8 * ITEM_BYTES
"""A longer text is that of no item, however it is written. To read it takes the time and memory of all others."""

BALLOT = "ballot"
"""The item of a poll's box: each person has one."""

_BOX = re.compile(r"(session|poll):[A-Za-z0-9._~-]{1,64}")
_NOTE = re.compile(r"note:[A-Za-z0-9._~-]{1,64}")


class ItemTooLarge(Exception):
    """An item is larger than ITEM_BYTES."""


@dataclass(frozen=True, slots=True)
class SealedItem:
    """One note or ballot.

    Attributes:
        box: id of the session or poll.
        id: of the note, as its author knows it; BALLOT for a ballot.
        fields: what it says, values as JSON has them.
    """

    box: str
    id: str
    fields: Mapping[str, Any]


class Count(NamedTuple):
    """How much lies in a box.

    Attributes:
        items: notes or ballots.
        people: by how many people.
    """

    items: int
    people: int


@dataclass(frozen=True, slots=True)
class SealedList:
    """What somebody may know of a room's boxes.

    Attributes:
        items: those of one's own.
        counts: for each box in which anything lies, how much.
    """

    items: tuple[SealedItem, ...]
    counts: Mapping[str, Count]


class SealedReason(RefusalReason):
    """Why a request was refused."""

    READ_ONLY = "read-only"
    """One's role does not let one contribute, or open a box."""
    OPENED = "opened"
    """The box was opened; a note that comes so late goes straight onto the board."""
    NO_SUCH_BOX = "no-such-box"
    """The document has no such session or poll."""
    TOO_LARGE = "too-large"
    """The item is larger than ITEM_BYTES."""
    TOO_MANY = "too-many"
    """One has ITEMS_EACH in the box or PERSON_BYTES in the room already, or there are ROOM_BYTES in the room."""
    DOCUMENT_FULL = "document-full"
    """The document has no space for what lies in the box."""
    UNKNOWN = "unknown"
    """The server does not know this client again, so it could give nothing back: it has no secret of its own."""
    UNREADABLE = "unreadable"
    """The server could not read or write it; asking again later may help."""
    BUSY = "busy"
    """The client has too many requests open."""
    LATER = "later"
    """One that only a server of a later version knows."""


def seal_message(request: int, item: SealedItem) -> bytes:
    """A SEAL message."""
    head = var_uint(Message.SEAL) + var_uint(request) + var_string(item.box) + var_string(item.id)
    return head + var_string(packed(item.fields))


def read_seal(reader: Reader) -> SealedItem:
    """The item of a SEAL message whose type and request have been read.

    Raises:
        ItemTooLarge: it is larger than ITEM_BYTES.
        MalformedMessage: it is no such message, or holds what is not JSON or cannot be written as UTF-8.
    """
    box, id = read_item(reader)
    text = reader.var_string()
    if len(text) > _TEXT_UNITS:
        raise ItemTooLarge
    try:
        fields = json.loads(text, parse_constant=_refuse)
        if not isinstance(fields, dict):
            raise MalformedMessage("an item is not a JSON object")
        size = len(packed(fields).encode())  # JSON can name halves of a character
    except (ValueError, RecursionError) as error:
        raise MalformedMessage("an item is not JSON") from error
    if size > ITEM_BYTES:
        raise ItemTooLarge
    return SealedItem(box, id, fields)


def take_back_message(request: int, box: str, item: str) -> bytes:
    """A TAKE_BACK message."""
    return var_uint(Message.TAKE_BACK) + var_uint(request) + var_string(box) + var_string(item)


def read_item(reader: Reader) -> tuple[str, str]:
    """The box and the id of an item in a SEAL or TAKE_BACK message whose type and request have been read.

    Raises:
        MalformedMessage: no item can have them.
    """
    box, id = read_box(reader), reader.var_string()
    if not (_NOTE.fullmatch(id) if box.startswith("session:") else id == BALLOT):
        raise MalformedMessage("no sealed item can have this id")
    return box, id


def read_box(reader: Reader) -> str:
    """The box in an OPEN_BOX message whose type and request have been read.

    Raises:
        MalformedMessage: no box can have such an id.
    """
    box = reader.var_string()
    if not _BOX.fullmatch(box):
        raise MalformedMessage("no sealed box can have this id")
    return box


def sealed_get_message(request: int) -> bytes:
    """A SEALED_GET message."""
    return var_uint(Message.SEALED_GET) + var_uint(request)


def open_box_message(request: int, box: str) -> bytes:
    """An OPEN_BOX message."""
    return var_uint(Message.OPEN_BOX) + var_uint(request) + var_string(box)


def sealed_message(request: int, found: SealedList) -> bytes:
    """A SEALED message."""
    items = [{"box": item.box, "id": item.id, "fields": item.fields} for item in found.items]
    return json_message(Message.SEALED, request, {"items": items, "counts": found.counts})


def read_sealed(reader: Reader) -> tuple[int, SealedList]:
    """The request and the content of a SEALED message whose type has been read.

    Raises:
        MalformedMessage: it is no such message.
    """
    request, content = reader.var_uint(), json_object(reader)
    with expecting("a list of sealed items"):
        items = tuple(SealedItem(str(each["box"]), str(each["id"]), dict(each["fields"])) for each in content["items"])
        return request, SealedList(items, _counts(content["counts"]))


def seal_done_message(request: int) -> bytes:
    """A SEAL_DONE message."""
    return var_uint(Message.SEAL_DONE) + var_uint(request)


def sealed_changed_message() -> bytes:
    """A SEALED_CHANGED message."""
    return var_uint(Message.SEALED_CHANGED)


def sealed_counts_message(counts: Mapping[str, Count]) -> bytes:
    """A SEALED_COUNTS message; a box in which nothing lies any more has zeros."""
    return var_uint(Message.SEALED_COUNTS) + var_string(json.dumps(counts))


def read_sealed_counts(reader: Reader) -> dict[str, Count]:
    """The content of a SEALED_COUNTS message whose type has been read.

    Raises:
        MalformedMessage: it is no such message.
    """
    content = json_object(reader)
    with expecting("a count of sealed items"):
        return _counts(content)


def packed(fields: Mapping[str, Any]) -> str:
    """An item's fields as they are stored and measured."""
    return json.dumps(fields, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _counts(content: Any) -> dict[str, Count]:
    return {str(box): Count(whole(items), whole(people)) for box, (items, people) in content.items()}


def _refuse(constant: str) -> None:
    raise ValueError(constant)  # NaN and the infinities are no JSON
