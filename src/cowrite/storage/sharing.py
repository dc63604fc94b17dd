"""What opens shared documents: the links that this person holds, and the invites that were made here.

Links and invites are keys. They are kept apart from the document files, which people copy and send, in a file that
only this person can read.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

from cowrite.storage.json_file import read_object, write_object


@dataclass(frozen=True, slots=True)
class Invite:
    """An invite into a room that this computer hosts.

    Attributes:
        room: the document's room.
        role: what its holder may do.
        id: the server's number for it.
        secret: what opens the room.
    """

    room: str
    role: str
    id: int
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Sharing:
    """All keys.

    Attributes:
        links: document id to the link by which it is shared, secret included.
        hosted: document id to the room under which this computer hosts it.
        port: the port that hosting uses; 0 for any.
        invites: the invites that were made here.
    """

    links: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    hosted: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    port: int | None = None
    invites: tuple[Invite, ...] = ()

    def with_link(self, document_id: str, link: str | None) -> Self:
        """The same with this link for a document, or with none."""
        links = {key: value for key, value in self.links.items() if key != document_id}
        return replace(self, links={**links, document_id: link} if link else links)

    def with_hosted(self, document_id: str, room: str | None) -> Self:
        """The same with a document hosted under this room, or not hosted."""
        hosted = {key: value for key, value in self.hosted.items() if key != document_id}
        return replace(self, hosted={**hosted, document_id: room} if room else hosted)


def load_sharing(path: Path) -> Sharing:
    """The keys in a file; none where there is no file or a broken one, which is kept aside.

    Raises:
        StorageFailed: the system refuses to read it.
    """
    values = read_object(path).values
    try:
        return Sharing(
            links=_texts(values.get("links", {})),
            hosted=_texts(values.get("hosted", {})),
            port=values.get("port"),
            invites=tuple(
                Invite(str(each["room"]), str(each["role"]), int(each["id"]), str(each["secret"]))
                for each in values.get("invites", ())
            ),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return Sharing()


def save_sharing(path: Path, sharing: Sharing) -> None:
    """Writes the keys in one step, for this person's eyes only.

    Raises:
        DiskFull, StorageFailed: the file is as it was.
    """
    invites = [{"room": i.room, "role": i.role, "id": i.id, "secret": i.secret} for i in sharing.invites]
    values = {"links": dict(sharing.links), "hosted": dict(sharing.hosted), "port": sharing.port, "invites": invites}
    path.parent.mkdir(parents=True, exist_ok=True)
    with suppress(OSError):  # a file system without permissions keeps nothing from anybody anyway
        path.parent.chmod(0o700)
    write_object(path, values)
    with suppress(OSError):
        path.chmod(0o600)


def _texts(values: Mapping[str, Any]) -> Mapping[str, str]:
    return {str(key): str(value) for key, value in values.items()}
