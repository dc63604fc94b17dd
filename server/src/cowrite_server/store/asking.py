"""Who asks to write, and that an owner says not now, whichever database keeps it.

Nothing is kept of it but the acts: a member asks while the latest act about that is its own, nobody has decided on its
role since, and it has not waited too long.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from cowrite_server import audit
from cowrite_server.audit import ActKind, deed_as_kept
from cowrite_server.errors import ServerError
from cowrite_server.store.audit import note
from cowrite_server.store.member_records import AskRecord, MemberRecord
from cowrite_server.store.members import members_of, not_before
from cowrite_server.store.rooms import existing_room
from cowrite_server.store.rules import find_member, require_own_word, require_owner
from cowrite_server.store.soundness import number_in
from cowrite_server.store.tables import Tables
from cowrite_server.wire.asking import PAUSE

LASTS = 30 * 24 * 3_600_000
"""After so many milliseconds nobody asks any more who got no answer."""

MOST = 50
"""So many members of a room ask at a time."""

OF_EACH = 5
"""So many may ask in any case of those who came by one invite, so that those of another one keep nobody from it."""

_LATEST = 1000
"""So many acts are looked at, the latest ones."""


class AskedLately(ServerError):
    """A member asks to write who did so a short while ago."""

    def __init__(self, room: str, member: int) -> None:
        super().__init__(f"Member {member} of the room {room} has asked to write a short while ago.")
        self.room = room
        self.member = member


class TooManyAsk(ServerError):
    """A member asks to write where as many do so as may at a time."""

    def __init__(self, room: str) -> None:
        super().__init__(f"So many members of the room {room} ask to write that an owner has to answer some first.")
        self.room = room


async def ask_to_write(tables: Tables, room: str, member: int, now: int) -> None:
    """A member asks to write; see `membership.Membership.ask_to_write`."""
    record = await existing_room(tables, room)
    async with tables.changing(record.id):
        members = await members_of(tables, record.id)
        found = find_member(room, members, member)
        require_own_word(room, found)
        last = await _last_words(tables, record.id)
        asking = _asking(members, last, now)
        if found.role.may_edit or any(each.member.id == member for each in asking):
            return
        if 0 <= now - await _asked_last(tables, record.id, member) < PAUSE:
            raise AskedLately(room, member)
        likewise = sum(each.member.invite == found.invite for each in asking)
        if len(asking) >= MOST and likewise >= OF_EACH:
            raise TooManyAsk(room)
        time = await not_before(tables, record.id, now - 1) + 1
        await note(tables, record.id, time, member, audit.asked_to_write())


async def not_now(tables: Tables, room: str, member: int, now: int, actor: int | None = None) -> None:
    """An owner says not now; see `membership.Membership.not_now`."""
    record = await existing_room(tables, room)
    async with tables.changing(record.id):
        members = await members_of(tables, record.id)
        require_owner(members, actor)
        find_member(room, members, member)
        if any(each.member.id == member for each in _asking(members, await _last_words(tables, record.id), now)):
            await note(tables, record.id, now, actor, audit.put_off(member))


async def askers(tables: Tables, room: str, now: int) -> list[AskRecord]:
    """Who asks to write; see `membership.Membership.askers`."""
    record = await existing_room(tables, room)
    async with tables.at_one_moment():
        return _asking(await members_of(tables, record.id), await _last_words(tables, record.id), now)


def _asking(members: Sequence[MemberRecord], last: Mapping[int, int | None], now: int) -> list[AskRecord]:
    """Those who ask; who came by an invite by which few do comes first, so that nobody waits behind many of another.

    Args:
        members: of the room.
        last: when each asked last, by their numbers; None for who was told not now since.
        now: milliseconds since 1970.
    """
    found = [
        AskRecord(member, asked)
        for member in members
        if (asked := last.get(member.id)) is not None and member.decided < asked and now - asked < LASTS
        if member.removed is None and not member.role.may_edit
    ]
    likewise = Counter(each.member.invite for each in found)
    return sorted(found, key=lambda each: (likewise[each.member.invite], each.asked))


async def _last_words(tables: Tables, room: int) -> dict[int, int | None]:
    rows = await tables.rows(
        "SELECT id, time, actor, kind, details::text FROM audit WHERE room = %s AND kind IN (%s, %s) "
        "ORDER BY id DESC LIMIT %s",
        *(room, ActKind.ASKED_TO_WRITE.value, ActKind.PUT_OFF.value, _LATEST),
    )
    last: dict[int, int | None] = {}
    for number, time, actor, kind, details in rows:
        deed = deed_as_kept(number, kind, details)
        is_asked = deed.kind is ActKind.ASKED_TO_WRITE
        about = actor if is_asked else deed.details.get("member")
        if isinstance(about, int):
            last.setdefault(about, number_in(f"act {number}", time) if is_asked else None)
    return last


async def _asked_last(tables: Tables, room: int, member: int) -> int:
    """When a member asked last, in milliseconds since 1970; long ago where it never did."""
    row = await tables.row(
        "SELECT max(time) FROM audit WHERE room = %s AND actor = %s AND kind = %s",
        *(room, member, ActKind.ASKED_TO_WRITE.value),
    )
    return -PAUSE if row is None or row[0] is None else number_in(f"an act of member {member}", row[0])
