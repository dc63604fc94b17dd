"""Audit: what was done about a room's people, invites and history, and by whom. Acts are kept and never changed.

An act is written in the same transaction as what it tells of. It holds no secrets and nothing of a document's text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum

from cowrite_server.errors import DamagedRow
from cowrite_server.wire.members import InviteWish
from cowrite_server.wire.protocol import Role


class ActKind(StrEnum):
    """What was done; beside each, the names of its details."""

    INVITED = "invited"
    """An invite was made: `invite`, `role`, `expires`, `uses`."""
    WITHDRAWN = "withdrawn"
    """An invite was withdrawn: `invite`, and `removed`, the members that were cut off with it."""
    JOINED = "joined"
    """Somebody became a member, or one again: `invite`, null for one with a token, `role`, and `name`, where they came
    with one for the first time."""
    RENAMED = "renamed"
    """A member chose another name: `before`, `name`."""
    ROLE_CHANGED = "role-changed"
    """A member got another role: `member`, `before`, `role`; and `by`, "token", where it came with one that says so."""
    REMOVED = "removed"
    """A member was removed: `member`."""
    ASKED_TO_WRITE = "asked-to-write"
    """A member asked to write; no details."""
    PUT_OFF = "put-off"
    """A member who asked to write was told not now: `member`."""
    HISTORY_RESTORED = "history-restored"
    """The document was made what it was: `moment`, the number of the entry after which it was that."""
    VERSION_NAMED = "version-named"
    """A moment was given another name: `moment`, the number of its last entry, `before`, `name`; empty for none."""
    ROOM_RESTORED = "room-restored"
    """The room was restored from a backup: `began_anew`, whether it has a new epoch."""
    ROOM_REWRITTEN = "room-rewritten"
    """The host had the document rewritten, which had become slow: `aside`, the room that keeps what it was."""

    ROOM_PUT_BACK = "room-put-back"
    """The host has put back what the document was before it was rewritten: `aside`, the room that keeps what it was
    since."""

    ROOM_FORGOTTEN = "room-forgotten"
    """The host has removed a room for good, with its acts: `room`, its name."""


@dataclass(frozen=True, slots=True)
class Deed:
    """An act on its way into the log; where and when it was done, and by whom, is said beside it.

    Attributes:
        kind: what was done.
        details: on what, and how; values as JSON has them.
    """

    kind: ActKind
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ActRecord:
    """An act as the store keeps it.

    Attributes:
        id: its number; later ones have larger numbers.
        time: milliseconds since 1970.
        room: the room's name.
        actor: number of the member who did it; None for the host of the server.
        deed: what was done.
    """

    id: int
    time: int
    room: str
    actor: int | None
    deed: Deed


def deed_as_kept(number: int, kind: str, details: str) -> Deed:
    """An act as it stands in a row.

    Args:
        number: the row's.
        kind: what was done.
        details: on what, and how; JSON.

    Raises:
        DamagedRow: that is no act.
    """
    try:
        found = json.loads(details)
        if not isinstance(found, dict):
            raise TypeError("the details are no object")
        return Deed(ActKind(kind), found)
    except (ValueError, TypeError) as error:
        raise DamagedRow(f"act {number}", "nothing was ever noted so") from error


def act_as_kept(number: int, time: int, room: str | None, actor: int | None, kind: str, details: str) -> ActRecord:
    """An act as it stands in a row: its number, when, the room's name or none, by whom, and its deed.

    Raises:
        DamagedRow: that is no act.
    """
    deed = deed_as_kept(number, kind, details)
    if not isinstance(time, int):
        raise DamagedRow(f"act {number}", "its time is not valid")
    if not isinstance(actor, int | None):
        raise DamagedRow(f"act {number}", "who did it is nobody")
    if not isinstance(room, str | None):
        raise DamagedRow(f"act {number}", "the name of its room is not valid")
    # What tells that a room was forgotten is of none that there is.
    return ActRecord(number, time, str(deed.details.get("room", "")) if room is None else room, actor, deed)


def invited(invite: int, wish: InviteWish) -> Deed:
    """An invite was made."""
    return Deed(ActKind.INVITED, {"invite": invite, **asdict(wish)})


def withdrawn(invite: int, removed: Sequence[int]) -> Deed:
    """An invite was withdrawn, and these members with it."""
    return Deed(ActKind.WITHDRAWN, {"invite": invite, "removed": list(removed)})


def joined(invite: int | None, role: Role, name: str | None) -> Deed:
    """Somebody became a member, or one again; without an invite, by a token of the identity provider."""
    return Deed(ActKind.JOINED, {"invite": invite, "role": role.value, **({} if name is None else {"name": name})})


def renamed(before: str | None, name: str) -> Deed:
    """A member is called otherwise."""
    return Deed(ActKind.RENAMED, {"before": before, "name": name})


def role_changed(member: int, before: Role, role: Role) -> Deed:
    """A member has another role."""
    return Deed(ActKind.ROLE_CHANGED, {"member": member, "before": before.value, "role": role.value})


def role_changed_by_token(member: int, before: Role, role: Role) -> Deed:
    """A member has come with a token of the identity provider that gives it another role."""
    return Deed(ActKind.ROLE_CHANGED, {**role_changed(member, before, role).details, "by": "token"})


def removed(member: int) -> Deed:
    """A member may not come any more."""
    return Deed(ActKind.REMOVED, {"member": member})


def asked_to_write() -> Deed:
    """A member wants to write."""
    return Deed(ActKind.ASKED_TO_WRITE)


def put_off(member: int) -> Deed:
    """A member who asked to write may not now."""
    return Deed(ActKind.PUT_OFF, {"member": member})


def history_restored(moment: int) -> Deed:
    """The document is what it was after this entry."""
    return Deed(ActKind.HISTORY_RESTORED, {"moment": moment})


def version_named(moment: int, before: str, name: str) -> Deed:
    """The moment that ends with this entry has another name; an empty one stands for none."""
    return Deed(ActKind.VERSION_NAMED, {"moment": moment, "before": before, "name": name})


def room_restored(began_anew: bool) -> Deed:
    """The room is what it was in a backup."""
    return Deed(ActKind.ROOM_RESTORED, {"began_anew": began_anew})


def room_rewritten(aside: str) -> Deed:
    """The document was rewritten, and a room of this name keeps what it was."""
    return Deed(ActKind.ROOM_REWRITTEN, {"aside": aside})


def room_put_back(aside: str) -> Deed:
    """The document is what it was before it was rewritten, and a room of this name keeps what it was since."""
    return Deed(ActKind.ROOM_PUT_BACK, {"aside": aside})


def room_forgotten(room: str) -> Deed:
    """A room of this name is no more."""
    return Deed(ActKind.ROOM_FORGOTTEN, {"room": room})
