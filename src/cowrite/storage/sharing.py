"""What opens shared documents: the links that this person holds, and the invites that were made here.

Links and invites are keys, and so are those of the assistant's endpoints. They are kept apart from the document files,
which people copy and send, in a file that only this person can read.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self, TypeVar

from cowrite.invite import Invite
from cowrite.storage.errors import failures_of
from cowrite.storage.json_file import read_object, set_aside, write_object
from cowrite_server.wire.protocol import Role

Value = TypeVar("Value")

_KNOWN = frozenset({"links", "members", "hosted", "port", "invites", "endpoints", "rooms"})
_ROLES = frozenset(Role)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sharing:
    """All keys.

    Attributes:
        links: document id to the link by which it is shared, secret included.
        hosted: document id to the room under which this computer hosts it.
        rooms: document id to the room under which this computer hosted it last. There it is hosted again, so that the
            copies of teammates come back to it.
        port: the port that hosting uses; 0 for any.
        invites: the invites that were made here.
        members: place of a link (see `Link.place`), or the room that is hosted here, to the secret by which its server
            knows this person again.
        endpoints: address of an endpoint of the assistant to the key that it wants.
        others: members of the file that this version does not know; they are written back as they were.
        other_invites: likewise, invites of a role that it does not know.
        kept_aside: where a broken file of keys is now, when there are no keys because of it.
    """

    links: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    hosted: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    port: int | None = None
    invites: tuple[Invite, ...] = ()
    members: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    endpoints: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    rooms: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    others: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    other_invites: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)
    kept_aside: Path | None = None

    def with_endpoint(self, url: str, key: str) -> Self:
        """The same with this key for an endpoint; an empty one for none."""
        endpoints = {other: held for other, held in self.endpoints.items() if other != url}
        return replace(self, endpoints={**endpoints, url: key} if key else endpoints)

    def with_link(self, document_id: str, link: str | None) -> Self:
        """The same with this link for a document, or with none."""
        links = {key: value for key, value in self.links.items() if key != document_id}
        return replace(self, links={**links, document_id: link} if link else links)

    def with_member(self, place: str, secret: str) -> Self:
        """The same with this secret for a place, unless there is one."""
        return replace(self, members={place: secret, **self.members})

    def with_hosted(self, document_id: str, room: str | None) -> Self:
        """The same with a document hosted under this room, or not hosted."""
        hosted = {key: value for key, value in self.hosted.items() if key != document_id}
        if room is None:
            return replace(self, hosted=hosted)
        return replace(self, hosted={**hosted, document_id: room}, rooms={**self.rooms, document_id: room})


def load_sharing(path: Path) -> Sharing:
    """The keys in a file; none where there is no file or a broken one, which is kept aside.

    Raises:
        StorageFailed: the system refuses to read it.
    """
    read = read_object(path)
    try:
        sharing = _sharing(read.values)
    except (KeyError, TypeError, ValueError, AttributeError):
        with failures_of(path):
            sharing = Sharing(kept_aside=set_aside(path))
    if read.kept_aside is not None:
        sharing = Sharing(kept_aside=read.kept_aside)
    if sharing.kept_aside is not None:
        _log.warning("the keys in %s cannot be read; the file is kept as %s", path, sharing.kept_aside)
    return sharing


def save_sharing(path: Path, sharing: Sharing) -> None:
    """Writes the keys in one step, for this person's eyes only.

    Raises:
        DiskFull, StorageFailed: the file is as it was.
    """
    invites = [*(asdict(invite) for invite in sharing.invites), *sharing.other_invites]
    values = {
        **sharing.others,
        "links": dict(sharing.links),
        "members": dict(sharing.members),
        "hosted": dict(sharing.hosted),
        "port": sharing.port,
        "invites": invites,
        "endpoints": dict(sharing.endpoints),
        "rooms": dict(sharing.rooms),
    }
    with failures_of(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    with suppress(OSError):  # a file system without permissions keeps nothing from anybody anyway
        path.parent.chmod(0o700)
    write_object(path, values)
    with suppress(OSError):
        path.chmod(0o600)


def _sharing(values: Mapping[str, Any]) -> Sharing:
    port = values.get("port")
    others = tuple(each for each in values.get("invites", ()) if _typed(each["role"], str) not in _ROLES)
    return Sharing(
        links=_texts(values.get("links", {})),
        hosted=_texts(values.get("hosted", {})),
        port=None if port is None else _typed(port, int),
        invites=tuple(
            Invite(_typed(each["room"], str), Role(each["role"]), _typed(each["id"], int), _typed(each["secret"], str))
            for each in values.get("invites", ())
            if each["role"] in _ROLES
        ),
        members=_texts(values.get("members", {})),
        endpoints=_texts(values.get("endpoints", {})),
        rooms=_texts(values.get("rooms", {})),
        others={name: value for name, value in values.items() if name not in _KNOWN},
        other_invites=others,
    )


def _texts(values: Mapping[str, Any]) -> Mapping[str, str]:
    return {key: _typed(value, str) for key, value in values.items()}


def _typed(value: Any, kind: type[Value]) -> Value:
    if type(value) is not kind:  # isinstance takes true for a number
        raise TypeError(f"not of type {kind.__name__}")
    return value
