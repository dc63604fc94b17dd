"""What a SyncPeer reports: frozen values that say what happened and, for some, what is to be done about it."""

from __future__ import annotations

from dataclasses import dataclass

from cowrite.sync.blob_exchange import BlobEvent
from cowrite_server.wire.hello import Hello
from cowrite_server.wire.protocol import Close, Reason, Role


@dataclass(frozen=True, slots=True)
class Joined:
    """The server has greeted this client.

    To be done: store the peer's record, which names the epoch, and give the epoch to the transport.
    """

    hello: Hello


@dataclass(frozen=True, slots=True)
class Coming:
    """The server's document is here, and so large that to take it in takes long.

    To be done: have the document take it in, then call `SyncPeer.came`, and receive nothing meanwhile.

    Attributes:
        update: it.
    """

    update: bytes


@dataclass(frozen=True, slots=True)
class Synced:
    """This copy now has everything that the server had when the connection was opened."""


@dataclass(frozen=True, slots=True)
class UpdateRefused:
    """The server did not accept a local change; this and later changes are tried again with the next connection.

    Attributes:
        reason: why.
        limit: name of the limit in `protocol.Limits` that was passed, if it was one.
    """

    reason: Reason
    limit: str | None


@dataclass(frozen=True, slots=True)
class UpdateHeld:
    """A local change of somebody who may only comment or suggest waits behind one that the server did not accept.

    Attributes:
        refusal: of that one.
    """

    refusal: UpdateRefused


@dataclass(frozen=True, slots=True)
class ServerHolds:
    """The whole document of the server, as was asked for (`SyncPeer.ask_for_all`); this copy has taken it in.

    Attributes:
        update: it.
    """

    update: bytes


@dataclass(frozen=True, slots=True)
class RoleChanged:
    """An owner lets this client do something else from now on."""

    role: Role


@dataclass(frozen=True, slots=True)
class MembersChanged:
    """The list of members or invites is another one now. To be done: ask for it again where it is shown."""


@dataclass(frozen=True, slots=True)
class PresenceChanged:
    """Others came, moved or left, or the server calls this client otherwise."""


@dataclass(frozen=True, slots=True)
class Strangers:
    """The room holds a document that has nothing to do with this one, and nothing was exchanged.

    To be done: close the connection and ask the person. `SyncPeer.merge_strangers` and a new connection put the two
    documents together.
    """


@dataclass(frozen=True, slots=True)
class Leave:
    """This connection is of no use. To be done: close it, and do not connect again until a person says so.

    Attributes:
        close: the close code that says why.
    """

    close: Close


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The server sent something that this program cannot read. To be done: drop the connection; the next one resyncs.

    Attributes:
        reason: one sentence.
    """

    reason: str


Event = (
    Joined
    | Coming
    | Synced
    | UpdateRefused
    | UpdateHeld
    | RoleChanged
    | ServerHolds
    | MembersChanged
    | PresenceChanged
    | Strangers
    | Leave
    | Unreadable
    | BlobEvent
)
