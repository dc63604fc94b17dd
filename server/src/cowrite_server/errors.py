"""What can go wrong on the server, one type each, with the sentence that a person reads.

How the command line may be used wrongly is in `wrong_use`. What only one part of the server meets is in that part, such
as what only a move meets in `moving`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from cowrite_server.counting import counted


class ServerError(Exception):
    """Base of all errors of this package; `str()` gives one sentence for people."""


class DataFolderUnusable(ServerError):
    """The data folder cannot be made, read or written."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"The data folder {path} cannot be used: {reason}.")
        self.path = path
        self.reason = reason


class DataFolderInUse(ServerError):
    """Another server runs on the same data folder."""

    def __init__(self, path: Path, owner_pid: int | None) -> None:
        owner = "another cowrite-server" if owner_pid is None else f"the cowrite-server with process id {owner_pid}"
        super().__init__(f"The data folder {path} is in use by {owner}; stop it or choose another folder.")
        self.path = path
        self.owner_pid = owner_pid


class DatabaseUnusable(ServerError):
    """The database cannot be reached, or its tables are missing or cannot be made."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"The database {name} cannot be used: {reason}.")
        self.name = name
        self.reason = reason


class DatabaseInUse(ServerError):
    """Servers work on a database that has to be left alone."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The database {name} is in use by a server, or by another `cowrite-server move`; stop all nodes."
        )
        self.name = name


class NotEmpty(ServerError):
    """A store into which everything was to be moved holds something already."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is something in {name} already, and it was left as it is; name an empty store.")
        self.name = name


class ForeignData(ServerError):
    """The database was made by another program."""

    def __init__(self, place: Path | str) -> None:
        super().__init__(f"{place} is not a database of cowrite-server; choose another place for its data.")
        self.place = place


class DamagedData(ServerError):
    """The database file is damaged; it is left as it is."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"The file {path} is damaged ({reason}) and was left as it is; `cowrite-server restore` puts a backup in "
            "its place."
        )
        self.path = path
        self.reason = reason


class NewerData(ServerError):
    """The database was written by a newer version of this program."""

    def __init__(self, place: Path | str, found: int, known: int) -> None:
        super().__init__(
            f"The database {place} was written by a newer cowrite-server (data version {found}, this one knows "
            f"{known}); update cowrite-server."
        )
        self.place = place
        self.found = found
        self.known = known


class CannotListen(ServerError):
    """The address or port cannot be listened on."""

    def __init__(self, host: str, port: int, reason: str) -> None:
        super().__init__(f"The server cannot listen on {host} port {port}: {reason}.")
        self.host = host
        self.port = port
        self.reason = reason


class TooFewFiles(ServerError):
    """The system lets the process open fewer files than it needs by itself."""

    def __init__(self) -> None:
        super().__init__(
            "The system lets cowrite-server open too few files; let it open more (ulimit -n, LimitNOFILE), and run it "
            "again."
        )


class NotSaved(ServerError):
    """A server has ended before everything was on its disk."""

    def __init__(self) -> None:
        super().__init__("Not everything could be saved before the end; clients keep what was not acknowledged.")


class TokenKeysUnusable(ServerError):
    """A file with keys of the identity provider cannot be used."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"The keys in {path} cannot be used: {reason}.")
        self.path = path
        self.reason = reason


class TokenRefused(ServerError):
    """A token of the identity provider is not good for this room."""

    def __init__(self, reason: str, *, expired: bool = False) -> None:
        super().__init__(f"The token was refused: {reason}.")
        self.reason = reason
        self.expired = expired


class CertificateUnusable(ServerError):
    """The TLS certificate or its key cannot be read."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"The certificate {path} or its key cannot be used: {reason}.")
        self.path = path
        self.reason = reason


class NoSuchRoom(ServerError):
    """The store holds no room of this name."""

    def __init__(self, name: str, place: str = "--data or --store") -> None:
        """Its name, and what says which store it is."""
        super().__init__(f"There is no room {name} in this store; check its name, and {place}.")
        self.name = name


class RoomForgotten(ServerError):
    """The host has removed the room of this name for good, and it is not made again by whoever comes."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The room {name} was removed for good; `cowrite-server invite {name}` begins a new one of that name."
        )
        self.name = name


class NoSuchInvite(ServerError):
    """The room has no invite of this id."""

    def __init__(self, room: str, invite: int) -> None:
        super().__init__(
            f"The room {room} has no invite {invite}; `cowrite-server invites {room}` lists those that it has."
        )
        self.room = room
        self.invite = invite


class NoSuchMember(ServerError):
    """The room has no member of this number that could be meant, or has it no longer."""

    def __init__(self, room: str, member: int, *, removed: bool = False) -> None:
        super().__init__(
            f"Member {member} was removed already; only an invite that is made now lets them in again."
            if removed
            else f"The room {room} has no member {member}; `cowrite-server members {room}` lists those that it has."
        )
        self.room = room
        self.member = member
        self.removed = removed


class SaidElsewhere(ServerError):
    """What a member may do and is called is said by the team's identity provider."""

    def __init__(self, room: str, member: int) -> None:
        super().__init__(
            f"Member {member} of the room {room} comes with a token of your identity provider; change the role or the "
            "name there."
        )
        self.room = room
        self.member = member


class BadName(ServerError):
    """A name that no member can have."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name!r} cannot be a name: it is too long, or has nothing that can be seen.")
        self.name = name


class NotOwner(ServerError):
    """Who acts is no owner of the room."""

    def __init__(self, actor: int | None) -> None:
        super().__init__("Only the owners of a room may do this.")
        self.actor = actor


class LastOwner(ServerError):
    """An act would leave the room without an owner."""

    def __init__(self, room: str) -> None:
        super().__init__(f"The room {room} would have no owner any more.")
        self.room = room


class NoSuchMoment(ServerError):
    """The history of a room has no such entry, or keeps it no longer by itself."""

    def __init__(self, room: str, seq: int) -> None:
        super().__init__(
            f"The history of the room {room} has no moment {seq}; `cowrite-server history {room}` lists those it has."
        )
        self.room = room
        self.seq = seq


class WithinMoment(ServerError):
    """An entry with which a moment has to end stands within one."""

    def __init__(self, room: str, seq: int) -> None:
        super().__init__(f"Entry {seq} of the room {room} stands within a moment.")
        self.room = room
        self.seq = seq


class NamedOtherwise(ServerError):
    """A moment has another name than whoever names it knows."""

    def __init__(self, seq: int, name: str) -> None:
        """Its last entry, and its name; empty for none."""
        super().__init__(f"Moment {seq} was named otherwise meanwhile.")
        self.seq = seq
        self.name = name


class BadVersionName(ServerError):
    """A name that no moment can have."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name!r} cannot name a version: it is too long, or has nothing that can be seen.")
        self.name = name


class TooManyVersions(ServerError):
    """The moments of a room have as many names as they may."""

    def __init__(self, most: int) -> None:
        super().__init__(f"The moments of a room may have {most} names (room_versions), and have as many.")
        self.most = most


class NoSuchBox(ServerError):
    """The document knows neither session nor poll to which a sealed box would belong."""

    def __init__(self, box: str) -> None:
        super().__init__(f"The document has no session or poll {box}.")
        self.box = box


class BoxOpened(ServerError):
    """What lay in a sealed box is in the document, or on its way there; nothing can be laid into it any more."""

    def __init__(self, box: str) -> None:
        super().__init__(f"The box of {box} was opened.")
        self.box = box


class BoxFull(ServerError):
    """Somebody has laid as much into a sealed box as it takes, or all together as much as the room takes."""

    def __init__(self, box: str) -> None:
        super().__init__(f"The box of {box} takes no more.")
        self.box = box


class DocumentFull(ServerError):
    """A document has no space for what is to come into it."""

    def __init__(self, room: str) -> None:
        super().__init__(f"The document of the room {room} is as large as it may be.")
        self.room = room


class BackupUnusable(ServerError):
    """A backup cannot be written or read."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"The backup {path} cannot be used: {reason}.")
        self.path = path
        self.reason = reason


class UnsoundData(ServerError):
    """`verify` has found something, and has said what."""

    def __init__(self, address: str, faults: int, tool: str) -> None:
        """An address as anybody may read it, how many faults, and the command that puts a backup in its place."""
        super().__init__(
            f"{counted(faults, 'fault was', 'faults were')} found in {address}; nothing was changed. Keep "
            f"this data, and put a sound backup in its place with `{tool}`."
        )
        self.address = address
        self.faults = faults


class BackedUpElsewhere(ServerError):
    """A store that is backed up with the tools of its database."""

    def __init__(self, address: str, advice: str) -> None:
        super().__init__(f"The store {address} is backed up with its own tools: {advice}.")
        self.address = address
        self.advice = advice


class ExtraMissing(ServerError):
    """A part of the distribution that is installed on request only is needed."""

    def __init__(self, what: str, extra: str) -> None:
        python = f'"{sys.executable}"' if " " in sys.executable else sys.executable  # `pip` alone may be another one's
        super().__init__(
            f"{what} needs more than is installed (the extra {extra}): in a checkout of the project, "
            f"`{python} -m pip install --require-hashes -r requirements/nodes.txt`."
        )
        self.extra = extra


class StoreFailed(ServerError):
    """The database cannot be read or written at the moment."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The database cannot be read or written: {reason}.")
        self.reason = reason


class RoomUnreadable(StoreFailed):
    """An entry of a room's log is damaged, so its document cannot be read; what is stored is left as it is."""

    def __init__(self, room: str, seq: int, reason: str) -> None:
        super().__init__(f"entry {seq} of the room {room} is damaged ({reason})")
        self.room = room
        self.seq = seq


class DamagedRow(StoreFailed):
    """A row of the database holds what was never written into it; it is left as it is."""

    def __init__(self, what: str, reason: str) -> None:
        """What the row tells of, such as "member 3", and what is wrong with it."""
        super().__init__(f"{what} is damaged ({reason})")

    @property
    def sentence(self) -> str:
        """The same by itself."""
        return f"{self.reason[0].upper()}{self.reason[1:]}."


class BrokenUpdate(ServerError):
    """Bytes that are no update of a document, or one that the document cannot take."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"An update cannot be read: {reason}.")
        self.reason = reason
