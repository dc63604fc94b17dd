"""Broken frames, messages and updates, made from sound ones; each by its number and a seed."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from pycrdt import Array, Doc, Map, Text, XmlElement, XmlFragment, XmlText

from cowrite_server.wire.awareness import Presence, awareness_message
from cowrite_server.wire.blobs import BlobPart, blob_message, blob_part_message
from cowrite_server.wire.encoding import var_uint
from cowrite_server.wire.history import (
    Naming,
    moment_get_message,
    moments_get_message,
    name_version_message,
    restore_message,
)
from cowrite_server.wire.members import (
    InviteWish,
    audit_get_message,
    invite_message,
    members_get_message,
    remove_member_message,
    rename_message,
    set_role_message,
    withdraw_message,
)
from cowrite_server.wire.protocol import Message, Role, Sync, sync_message
from cowrite_server.wire.sealed import (
    BALLOT,
    SealedItem,
    open_box_message,
    seal_message,
    sealed_get_message,
    take_back_message,
)
from poison import BEFORE_POISON, BROKEN_UPDATES, MALFORMED, PANIC, PANIC_IN_A_ROOM, POISON

_BINARY = 2
_SESSION, _POLL = "session:1", "poll:1"
_NUMBERS = (0, 1, 0x7F, 0x80, 0xFFFF, 2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**53 - 1, 2**53, 2**63, 2**64 - 1)


@dataclass(frozen=True)
class Case:
    """Something to send.

    Attributes:
        kind: which of its layers is broken.
        data: the bytes on the wire.
        whole: whether its frame is sound, so that the server owes an answer to what follows it.
    """

    kind: str
    data: bytes
    whole: bool


def client_frame(data: bytes, first: int = 0x80 | _BINARY) -> bytes:
    """A client's frame; its mask is zero, so the content stands in it as it is."""
    size = len(data)
    if size < 126:
        head = bytes((first, 0x80 | size))
    elif size < 65536:
        head = bytes((first, 0x80 | 126)) + size.to_bytes(2, "big")
    else:
        head = bytes((first, 0x80 | 127)) + size.to_bytes(8, "big")
    return head + bytes(4) + data


def mutated(chance: random.Random, data: bytes, donor: bytes = b"") -> bytes:
    """Bytes with a few errors, some of them taken from other bytes."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 5))):
        at = chance.randrange(len(changed) + 1)
        match chance.randrange(10):
            case 0 | 1 | 2 if at < len(changed):
                changed[at] = chance.randrange(256)
            case 3 if at < len(changed):
                changed[at] ^= 1 << chance.randrange(8)
            case 4:
                del changed[at:]
            case 5:
                changed[at:at] = chance.randbytes(chance.randint(1, 9))
            case 6:
                del changed[at : at + chance.randint(1, 5)]
            case 7:
                changed[at : at + chance.choice((0, 1, 1))] = _long_number(chance)
            case 8:
                begin = chance.randrange(len(donor) + 1)
                changed[at:at] = donor[begin : begin + chance.randint(1, 40)]
            case _:
                changed[at:at] = changed[chance.randrange(len(changed) + 1) :][: chance.randint(1, 40)]
    return bytes(changed)


def _long_number(chance: random.Random) -> bytes:
    number = var_uint(chance.choice(_NUMBERS))
    if chance.random() < 0.3:  # longer than it has to be
        number = number[:-1] + bytes((number[-1] | 0x80,)) + b"\x80" * chance.randint(0, 3) + b"\x00"
    return number


def sound_updates() -> list[bytes]:
    """Updates with every kind of content that there is."""
    doc: Doc[Any] = Doc(client_id=77)
    updates: list[bytes] = []
    subscription = doc.observe(lambda event: updates.append(event.update))
    body = doc.get("body", type=Text)
    body.insert(0, "some text, écrit 😀 and 日本")
    body.format(0, 4, {"bold": True, "link": "https://example.org"})
    body.insert_embed(3, {"image": "sha256:ab"}, {"alt": "x"})
    del body[1:3]
    values = doc.get("map", type=Map)
    values["any"] = {"a": [1, 2.5, None, True, "x", {"deep": [b"bytes"]}], "big": 2**40}
    values["array"] = Array([1, "two", Text("three")])
    values["inner"] = Map({"text": Text("nested")})
    del values["any"]
    fragment = doc.get("xml", type=XmlFragment)
    fragment.children.append(XmlElement("p", {"class": "x"}, [XmlText("in XML")]))
    with doc.transaction():
        body.insert(0, "a")
        body.insert(2, "b")
        del body[0:1]
    doc.unobserve(subscription)
    return [*updates, doc.get_update(), BEFORE_POISON, PANIC, POISON]


def sound_messages(updates: list[bytes]) -> list[bytes]:
    """Messages of every type that a client may send and that is no request."""
    state = Doc(client_id=77).get_state()
    part = BlobPart(bytes(32), "image/png", 12, 0, b"not an image")
    presences = [Presence(5, 1, {"name": "x"}), Presence(2**32, 7, None), Presence(6, 2, {"deep": [[["x"]]]})]
    return [
        *(sync_message(kind, update) for update in updates[:-2] for kind in (Sync.UPDATE, Sync.STEP_2)),
        sync_message(Sync.STEP_1, state),
        sync_message(Sync.STEP_1, b"\x02\x05\x07\x4d\x10"),
        awareness_message(presences),
        awareness_message([Presence(client, 1, {}) for client in range(10_000)]),
        bytes((Message.QUERY_AWARENESS,)),
        bytes((Message.AUTH, 0, 0)),
        blob_message(Message.BLOB_GET, bytes(32)),
        blob_part_message(part),
    ]


def board() -> bytes:
    """A session and a poll, in whose boxes something can be sealed."""
    doc: Doc[Any] = Doc(client_id=78)
    entries = doc.get("board", type=Map)
    entries[_SESSION] = Map({"question": Text("What now?"), "is_revealed": False})
    entries[_POLL] = Map({"question": Text("Which?"), "is_closed": False})
    return doc.get_update()


def sound_requests() -> list[bytes]:
    """Requests of every type, about history, members and what lies sealed on the `board`."""
    return [*_history_messages(), *_members_messages(), *_sealed_messages()]


def _history_messages() -> list[bytes]:
    return [
        moments_get_message(1),
        moment_get_message(2, 1),
        restore_message(3, 1),
        name_version_message(4, Naming(0, "", "Now 🦊")),
        name_version_message(5, Naming(1, "", "First")),
        name_version_message(6, Naming(1, "First", "")),
    ]


def _members_messages() -> list[bytes]:
    return [
        members_get_message(7),
        audit_get_message(8),
        audit_get_message(9, 2),
        rename_message(10, "Zoë"),
        invite_message(11, InviteWish(Role.VIEWER, 2**41, 3)),
        withdraw_message(12, 1, True),
        set_role_message(13, 1, Role.VIEWER),
        remove_member_message(14, 1),
    ]


def _sealed_messages() -> list[bytes]:
    fields = {"text": "é😀", "x": 40, "y": 0.5, "session": _SESSION, "deep": [{"a": None}]}
    note = SealedItem(_SESSION, "note:1", fields)
    ballot = SealedItem(_POLL, BALLOT, {"dots": {"note:1": 1}})
    return [
        sealed_get_message(15),
        seal_message(16, note),
        seal_message(17, ballot),
        take_back_message(18, note.box, note.id),
        take_back_message(19, ballot.box, ballot.id),
        open_box_message(20, _SESSION),
        open_box_message(21, _POLL),
    ]


class Cases:
    """All cases of a seed."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._updates = sound_updates()
        self._messages = sound_messages(self._updates)
        self._requests = sound_requests()
        harmful = (*BROKEN_UPDATES.values(), PANIC, PANIC_IN_A_ROOM, POISON)
        self._known = [*MALFORMED.values(), *(sync_message(Sync.UPDATE, update) for update in harmful)]

    def __getitem__(self, number: int) -> Case:
        """One case."""
        chance = random.Random(f"{self._seed}:{number}")
        roll = chance.random()
        if roll < 0.5:
            update = mutated(chance, chance.choice(self._updates), chance.choice(self._updates))
            return Case("update", client_frame(sync_message(chance.choice((Sync.UPDATE, Sync.STEP_2)), update)), True)
        if roll < 0.75:
            message = mutated(chance, chance.choice(self._messages), chance.choice(self._messages))
            return Case("message", client_frame(message), True)
        if roll < 0.82:
            request = chance.choice(self._requests)
            if chance.random() < 0.7:
                request = mutated(chance, request, chance.choice(self._requests))
            return Case("request", client_frame(request), True)
        if roll < 0.98:
            message = chance.choice(self._messages)
            frames = client_frame(message)
            if chance.random() < 0.3:
                cut = chance.randrange(len(message) + 1)
                frames = client_frame(message[:cut], _BINARY) + client_frame(message[cut:], 0x80)
            head = frames[:14]  # where the frame's own fields are; further in, an error would be the message's
            return Case("frame", mutated(chance, head) + frames[14:], False)
        return Case("known", client_frame(chance.choice(self._known)), True)
