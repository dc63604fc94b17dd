"""What both ends of the wire agree on: message numbers, subprotocol, close codes, limits, and their encoding.

The base is the dialect of y-websocket: one binary WebSocket frame holds one message, the room is the URL's path, and
a message starts with its type as a lib0 variable-length integer
(https://github.com/yjs/y-protocols/blob/master/PROTOCOL.md). Clients that ask for the WebSocket subprotocol
`cowrite.v1` also exchange the messages from 64 up; stock Yjs clients never see them.

A client is let in by a secret, given as `Authorization: Bearer SECRET` or as the query parameter `key`: that of an
invite, or a token of the team's identity provider. By the header `Cowrite-Member` or the query parameter `member` it
may give a secret of its own, at least 32 characters; the server then knows it again as one member of the room, whatever
becomes of the invite, and by `Cowrite-Name` or `name` (percent-encoded UTF-8) what to call it. Without one, all who
come by the same invite are one member. A `cowrite.v1` client that has met the document before also gives the query
parameter `epoch`; where it differs from the room's, the server closes with EPOCH_CHANGED before it sends or takes one
byte of the document; where it is that of a room which the host has removed for good, with FORGOTTEN.

Counting for SAVED: sync step 2 and update messages of one connection are numbered from 1 in the order in which the
server receives them, empty ones included. `SAVED n` says that each of the first n is on disk (after fsync) or was
named in a REFUSED message before.

This module has no I/O, and beside the standard library knows only `encoding`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import NamedTuple

from cowrite_server.wire.encoding import Reader, var_string, var_uint
from cowrite_server.wire.json_messages import expecting, json_object, whole

SUBPROTOCOL = "cowrite.v1"

DEFAULT_PORT = 8765
"""Where a server listens, and a link leads, that names no other port."""

ROOM_NAME_LENGTH = 128
ROOM_NAME = re.compile(rf"[A-Za-z0-9][A-Za-z0-9._~-]{{0,{ROOM_NAME_LENGTH - 1}}}")
"""Names that a room can have: they stand in URLs and in links unescaped."""


class Message(IntEnum):
    """Types of messages; 0 to 3 are y-websocket's, the rest belongs to `cowrite.v1`."""

    SYNC = 0
    AWARENESS = 1
    AUTH = 2
    QUERY_AWARENESS = 3
    HELLO = 64
    """Server to client, first message: JSON object, see `hello`."""
    SAVED = 65
    """Server to client: var_uint n; the first n updates of this connection are on disk."""
    REFUSED = 66
    """Server to client: JSON object, see `Refused`; one update was not accepted and nothing of it is kept."""
    BLOB_PART = 67
    """Both ways: hash (32 bytes SHA-256), var_string media type, var_uint total, var_uint offset, var_bytes data."""
    BLOB_SAVED = 68
    """Server to client: hash (32 bytes); the whole blob is on disk."""
    BLOB_GET = 69
    """Client to server: hash (32 bytes); the server answers with BLOB_PART messages or BLOB_MISSING."""
    BLOB_MISSING = 70
    """Server to client: hash (32 bytes); the room has no such blob."""
    BLOB_REFUSED = 71
    """Server to client: hash (32 bytes), JSON object, see `BlobRefused`; nothing of the blob is kept."""
    MOMENTS_GET = 80
    """Client to server: var_uint request; asks for the room's moments. This and the next ones: `history`."""
    MOMENTS = 81
    """Server to client: var_uint request, JSON object, see `MomentList`."""
    MOMENT_GET = 82
    """Client to server: var_uint request, var_uint seq; asks for the document as it was after that entry."""
    MOMENT = 83
    """Server to client: var_uint request, var_uint seq, JSON array of spans, var_bytes update."""
    RESTORE = 84
    """Client to server: var_uint request, var_uint seq; asks to make the document what it was after that entry."""
    RESTORED = 85
    """Server to client: var_uint request; the edit is on disk, and came like one of somebody else's."""
    HISTORY_REFUSED = 86
    """Server to client: var_uint request, JSON object with a reason, see `HistoryReason`."""
    NAME_VERSION = 87
    """Client to server: var_uint request, var_uint seq, var_string before, var_string name, see `Naming`."""
    VERSION_NAMED = 88
    """Server to client: var_uint request, var_uint seq; the name is on disk."""
    BROUGHT_GET = 89
    """Client to server: var_uint request, var_uint count, client ids; asks which member has brought their units."""
    BROUGHT = 90
    """Server to client: var_uint request, JSON array, see `Brought`."""
    MEMBERS_GET = 96
    """Client to server: var_uint request; asks who is a member. This and the next ones: `members`."""
    MEMBERS = 97
    """Server to client: var_uint request, JSON object, see `MemberList`."""
    INVITE = 98
    """Client to server: var_uint request, JSON object, see `InviteWish`; asks for a new invite."""
    INVITED = 99
    """Server to client: var_uint request, JSON object, see `Invited`."""
    WITHDRAW = 100
    """Client to server: var_uint request, var_uint invite, var_uint 1 if those who came by it stay, else 0."""
    SET_ROLE = 101
    """Client to server: var_uint request, var_uint member, var_string role."""
    REMOVE_MEMBER = 102
    """Client to server: var_uint request, var_uint member."""
    RENAME = 103
    """Client to server: var_uint request, var_string name; what the others shall see this client called."""
    DONE = 104
    """Server to client: var_uint request; what was asked for is on disk and in force."""
    MEMBERS_REFUSED = 105
    """Server to client: var_uint request, JSON object with a reason, see `MembersReason`."""
    ROLE = 106
    """Server to client, unasked: var_string role; what this client may do from now on."""
    MEMBERS_CHANGED = 107
    """Server to client, unasked: the list of members is another one now; whoever shows it asks again."""
    AUDIT_GET = 108
    """Client to server: var_uint request, var_uint before: asks for acts older than that one, 0 for the latest."""
    AUDIT = 109
    """Server to client: var_uint request, JSON array, see `Act`; newest first."""
    SEALED_GET = 112
    """Client to server: var_uint request; asks for what one has sealed. This and the next ones: `sealed`."""
    SEALED = 113
    """Server to client: var_uint request, JSON object, see `SealedList`; from then on SEALED_COUNTS come too."""
    SEAL = 114
    """Client to server: var_uint request, var_string box, var_string item, JSON object: lays it into the box."""
    TAKE_BACK = 115
    """Client to server: var_uint request, var_string box, var_string item."""
    OPEN_BOX = 116
    """Client to server: var_uint request, var_string box; asks to put all that lies in it into the document."""
    SEAL_DONE = 117
    """Server to client: var_uint request; what was asked for is on disk."""
    SEAL_REFUSED = 118
    """Server to client: var_uint request, JSON object with a reason, see `SealedReason`."""
    SEALED_COUNTS = 119
    """Server to client, unasked: JSON object; for each box that changed, how many items by how many people."""
    SEALED_CHANGED = 120
    """Server to client, unasked: what one has sealed was changed on another connection; whoever shows it asks again."""
    ASK_TO_WRITE = 128
    """Client to server: var_uint request; this client's member wants to write. This and the next ones: `asking`."""
    ASKERS_GET = 129
    """Client to server: var_uint request; asks who asks to write. An owner is told all, anybody else of themselves."""
    ASKERS = 130
    """Server to client: var_uint request, JSON array, see `Asker`."""
    NOT_NOW = 131
    """Client to server: var_uint request, var_uint member; an owner's answer to one who asks."""


class Sync(IntEnum):
    """Kinds of SYNC messages; each carries one var_bytes."""

    STEP_1 = 0
    """A state vector: "send me what I lack"."""
    STEP_2 = 1
    """An update: the answer to step 1."""
    UPDATE = 2
    """An update as it happens."""


# A member that is read off its class costs ten times what a global does, and these are read for every update.
_SYNC_HEADS = [bytes((Message.SYNC, kind)) for kind in Sync]
_SAVED_HEAD = var_uint(Message.SAVED)


class Role(StrEnum):
    """What a person may do in a room. Everybody reads, and is seen by the others."""

    OWNER = "owner"
    EDITOR = "editor"
    SUGGESTER = "suggester"
    COMMENTER = "commenter"
    VIEWER = "viewer"

    def __init__(self, name: str) -> None:
        self.may_edit = name in ("owner", "editor")
        """Whether they may change everything in the document; looked at several times for every update."""

    @classmethod
    def told(cls, name: str) -> Role:
        """The role that a server tells a client; VIEWER for one of a later version, of which this one knows nothing."""
        return next((role for role in cls if role == name), cls.VIEWER)

    @property
    def may_manage(self) -> bool:
        """Whether they decide who else may do what."""
        return self is Role.OWNER

    @property
    def may_suggest(self) -> bool:
        """Whether they may mark text for insertion and deletion."""
        return self.may_edit or self is Role.SUGGESTER

    @property
    def may_comment(self) -> bool:
        """Whether they may write comments."""
        return self.may_suggest or self is Role.COMMENTER

    @property
    def refusal(self) -> Reason:
        """Why a change is refused that goes beyond this role."""
        return _REFUSALS.get(self, Reason.READ_ONLY)


class Close(IntEnum):
    """WebSocket close codes: why the server ended a connection."""

    SHUTTING_DOWN = 1001
    TOO_LARGE = 1009
    MALFORMED = 4400
    NOT_INVITED = 4401
    WITHDRAWN = 4403
    NO_SUCH_ROOM = 4404
    FOREIGN_ORIGIN = 4405
    SLOW_READER = 4408
    EPOCH_CHANGED = 4409
    EXPIRED = 4410
    USED_UP = 4411
    FORGOTTEN = 4412
    DOCUMENT_FULL = 4413
    TOO_MUCH = 4428
    ROOM_FULL = 4429
    ADDRESS_FULL = 4430
    MEMBERS_FULL = 4431
    STORE_FAILED = 4500

    @property
    def sentence(self) -> str:
        """What a person reads: one sentence that says what happened and, where there is something to do, what."""
        return _CLOSE_SENTENCES[self]

    @property
    def rest(self) -> float:
        """Seconds for which a client leaves the server alone before it connects again, at least."""
        return _REST if self is Close.TOO_MUCH else 0.0

    @property
    def final(self) -> bool:
        """Whether connecting again with the same link cannot help."""
        return self in _FINAL_CLOSES


_REST = 30.0

_CLOSE_SENTENCES = {
    Close.SHUTTING_DOWN: "The server is shutting down; your work is kept here and sent when it is back.",
    Close.TOO_LARGE: "A message was larger than the server accepts.",
    Close.MALFORMED: "The server could not read a message from this program; if one of the two is older, update it.",
    Close.NOT_INVITED: "This link does not open this document; ask for a new one.",
    Close.WITHDRAWN: "This link does not let you in any more; ask an owner for a new one.",
    Close.NO_SUCH_ROOM: (
        "This link names no document; a name is up to 128 letters, digits and . _ ~ -, the first a letter or digit."
    ),
    Close.FOREIGN_ORIGIN: "The server does not let in this web page; whoever runs the server can allow its origin.",
    Close.SLOW_READER: "The connection was too slow to keep up; it is opened again and catches up.",
    Close.EPOCH_CHANGED: (
        "The copy on the server was rebuilt and is no longer the document that you have; your copy is kept as it is."
    ),
    Close.EXPIRED: "This link has expired; ask its owner for a new one.",
    Close.USED_UP: "This link has let in as many people as it was made for; ask its owner for a new one.",
    Close.FORGOTTEN: "Whoever runs the server has removed this document there for good; your copy is kept as it is.",
    Close.DOCUMENT_FULL: (
        "This document is as large as the server allows; delete some of it, or ask whoever runs the server to rewrite "
        "it."
    ),
    Close.TOO_MUCH: (
        "More was sent, and for longer, than the server allows (excess_seconds); it is kept here and sent in a minute."
    ),
    Close.ROOM_FULL: "This document has as many people in it as the server allows; try again later.",
    Close.ADDRESS_FULL: "Your network address has as many connections as the server allows; try again later.",
    Close.MEMBERS_FULL: "This document has as many members as the server allows; ask an owner of it to remove some.",
    Close.STORE_FAILED: (
        "The server cannot read or write its disk at the moment, nor let in anybody new; your work is kept here."
    ),
}

_FINAL_CLOSES = frozenset(
    {
        Close.TOO_LARGE,
        Close.MALFORMED,
        Close.NOT_INVITED,
        Close.WITHDRAWN,
        Close.NO_SUCH_ROOM,
        Close.FOREIGN_ORIGIN,
        Close.EPOCH_CHANGED,
        Close.EXPIRED,
        Close.USED_UP,
        Close.FORGOTTEN,
        Close.DOCUMENT_FULL,
        Close.MEMBERS_FULL,
    }
)


class Reason(StrEnum):
    """Why an update was refused."""

    READ_ONLY = "read-only"
    ONLY_SUGGESTING = "only-suggesting"
    """It does more than to suggest, and its sender may not."""
    ONLY_COMMENTING = "only-commenting"
    """It does more than to comment, and its sender may not."""
    INCOMPLETE = "incomplete"
    """It builds on content that the server lacks, so that nobody can say yet what it does."""
    MALFORMED = "malformed"
    TOO_LARGE = "too-large"
    UNKNOWN = "unknown"
    """One that only a server of a later version knows."""

    @classmethod
    def told(cls, name: str) -> Reason:
        """The reason that a server tells a client."""
        return next((reason for reason in cls if reason == name), cls.UNKNOWN)


_REFUSALS = {Role.SUGGESTER: Reason.ONLY_SUGGESTING, Role.COMMENTER: Reason.ONLY_COMMENTING}


@dataclass(frozen=True, slots=True)
class Limits:
    """What a server accepts; told to each client in its hello, see `hello`.

    Attributes:
        message_bytes: size of one message.
        blob_bytes: size of one blob (an image).
        room_blob_bytes: size of all blobs of one room together, each of which counts as 4 KiB at least.
        blob_part_bytes: size of the data of one BLOB_PART.
        room_clients: connections in one room at a time.
        document_bytes: size of one document; only deletions are accepted beyond it, and never more than an eighth.
        room_versions: moments of one room that have a name.
        room_members: members of one room that were not removed; a link lets in nobody new beyond it.
        updates_per_second: messages of one member on one node; beyond that the server reads later.
        bytes_per_second: bytes of one member on one node; beyond that the server reads later.
    """

    message_bytes: int = 64 * 1024 * 1024
    blob_bytes: int = 32 * 1024 * 1024
    room_blob_bytes: int = 1024 * 1024 * 1024
    blob_part_bytes: int = 256 * 1024
    room_clients: int = 200
    document_bytes: int = 48 * 1024 * 1024
    room_versions: int = 1000
    room_members: int = 5000
    updates_per_second: int = 5000
    bytes_per_second: int = 32 * 1024 * 1024


class Refused(NamedTuple):
    """One update was not accepted.

    Attributes:
        update: number of the update on its connection, from 1.
        reason: why.
        limit: name of the limit in `Limits` that it passed, if it was a limit.
    """

    update: int
    reason: Reason
    limit: str | None = None


def sync_message(kind: Sync, data: bytes) -> bytes:
    """A SYNC message.

    Args:
        kind: step 1, step 2 or update.
        data: a state vector for step 1, an update otherwise.
    """
    return _SYNC_HEADS[kind] + var_uint(len(data)) + data


def sync_head(kind: Sync, length: int) -> bytes:
    """What stands before the data in a SYNC message.

    Args:
        kind: step 1, step 2 or update.
        length: bytes of the data.
    """
    return _SYNC_HEADS[kind] + var_uint(length)


def saved_message(count: int) -> bytes:
    """A SAVED message: the first `count` updates of the connection are on disk."""
    return _SAVED_HEAD + var_uint(count)


def refused_message(refused: Refused) -> bytes:
    """A REFUSED message."""
    content = {"update": refused.update, "reason": refused.reason.value, "limit": refused.limit}
    return var_uint(Message.REFUSED) + var_string(json.dumps(content))


def read_refused(reader: Reader) -> Refused:
    """The content of a REFUSED message whose type has been read.

    Raises:
        MalformedMessage: it is no refusal.
    """
    content = json_object(reader)
    with expecting("a refusal"):
        return Refused(whole(content["update"]), Reason.told(str(content["reason"])), content.get("limit"))
