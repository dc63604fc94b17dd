"""The commands about people: `invite`, `invites`, `revoke`, `members`, `role`, `remove`, `audit`.

All work beside a running server, which acts on what they do within half a second.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

from cowrite_server.audit import ActRecord
from cowrite_server.commands.store import (
    AddCommand,
    called,
    hint,
    number,
    opened_store,
    quoted,
    room_name,
)
from cowrite_server.people.invites import address, link, make_invite
from cowrite_server.people.members import invite_summary, member_summary
from cowrite_server.settings.kinds import measure
from cowrite_server.store.member_records import Invite
from cowrite_server.store.membership import names_of
from cowrite_server.store.rewriting import is_kept
from cowrite_server.times import milliseconds_now, minute_text, moment_text
from cowrite_server.wire.encoding import MAX_VAR_UINT
from cowrite_server.wire.members import InviteWish
from cowrite_server.wire.protocol import DEFAULT_PORT, Role

_ACTS = 100
_DIGITS = 19
"""Of the largest number that anything in a database can have."""

_NONE = {"expires": "never", "uses": "unlimited"}
"""How `audit` says that a detail is not there."""

_ROLES = [role.value for role in Role]
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


def add_people(command: AddCommand) -> None:
    """Adds the commands to the command line."""
    invite = command("invite", "Print a link that lets people into a room; makes the room if there is none.", _invite)
    invite.add_argument(
        "room",
        type=room_name,
        metavar="ROOM",
        help="its name: up to 128 letters, digits and . _ ~ -, beginning with a letter or digit",
    )
    invite.add_argument(
        "--role",
        choices=_ROLES,
        default=Role.EDITOR.value,
        help="what they may do at first (default %(default)s)",
    )
    invite.add_argument(
        "--expires",
        type=_time_to_come,
        metavar="WHEN",
        help="stop letting people in after a time such as 12h, 7d or 2w, or from a day on, such as 2030-01-31 (UTC)",
    )
    invite.add_argument("--uses", type=_uses, metavar="N", help="let in at most N members")
    invite.add_argument(
        "--url", metavar="ADDRESS", help="where they reach the server, ws://HOST:PORT or wss://HOST:PORT"
    )

    invites = command("invites", "List the invites of a room.", _invites)
    invites.add_argument("room", type=room_name, metavar="ROOM")
    invites.add_argument("--json", action="store_true", help="print JSON")

    revoke = command("revoke", "Withdraw invites of a room and cut off those who joined with them.", _revoke)
    revoke.add_argument("room", type=room_name, metavar="ROOM")
    revoke.add_argument(
        "invite", nargs="+", type=_which, metavar="ID", help="number of an invite as `invites` lists it, or `all`"
    )
    revoke.add_argument(
        "--keep-members", action="store_true", help="cut off only those whom the server cannot tell apart"
    )

    members = command("members", "List the members of a room.", _members)
    members.add_argument("room", type=room_name, metavar="ROOM")
    members.add_argument("--json", action="store_true", help="print JSON")

    role = command("role", "Give a member of a room another role.", _role)
    role.add_argument("room", type=room_name, metavar="ROOM")
    role.add_argument("member", type=number, metavar="ID", help="number of a member as `members` lists it")
    role.add_argument("role", choices=_ROLES, metavar="ROLE", help=", ".join(_ROLES))

    remove = command("remove", "Remove a member from a room; what they wrote stays.", _remove)
    remove.add_argument("room", type=room_name, metavar="ROOM")
    remove.add_argument("member", type=number, metavar="ID", help="number of a member as `members` lists it")

    audit = command("audit", "Print who did what about members, invites and history, newest first.", _audit)
    audit.add_argument("room", type=room_name, metavar="ROOM", nargs="?", help="one room only")
    audit.add_argument("--most", type=_uses, default=_ACTS, metavar="N", help="how many acts (default %(default)s)")
    audit.add_argument("--json", action="store_true", help="print a JSON object for each")


async def _invite(options: argparse.Namespace) -> None:
    if options.url is not None:
        link(options.url, options.room, "")  # refuses a bad address before anything is made
    async with opened_store(options, make=True) as store:
        url = options.url or await store.announced()
        wish = InviteWish(Role(options.role), options.expires, options.uses)
        is_new = await store.find_room(options.room) is None
        _, secret = await make_invite(store, options.room, wish, milliseconds_now())
        is_first = is_new and len(await store.list_rooms()) == 1
    if is_new:  # or a slip in its name, or in where the data is, would send people into an empty document, or nowhere
        hint(f"There was no room {options.room} yet; it was made{', the first in this store' if is_first else ''}.")
    if url is None:
        url = address("127.0.0.1", DEFAULT_PORT, tls=False)
        hint("No running server is known here, so the link leads to this machine; name its address with --url.")
    print(link(url, options.room, secret))


async def _invites(options: argparse.Namespace) -> None:
    async with opened_store(options) as store:
        invites = await store.list_invites(options.room)
    now = milliseconds_now()
    if options.json:
        print(json.dumps([asdict(invite_summary(invite)) for invite in invites]))
        return
    if not invites:
        print("No invites yet.")
    for invite in invites:
        used = str(invite.used) if invite.uses is None else f"{invite.used} of {invite.uses}"
        print(
            f"{invite.id:>4}  {invite.role.value:<9}  made {minute_text(invite.created)}  "
            f"used {used:<8}  {_state(invite, now)}"
        )


def _state(invite: Invite, now: int) -> str:
    if invite.withdrawn is not None:
        return f"withdrawn {minute_text(invite.withdrawn)}"
    if invite.expires is not None and invite.expires <= now:
        return f"expired {minute_text(invite.expires)}"
    if invite.used_up:
        return "used up"
    return "good" if invite.expires is None else f"good until {minute_text(invite.expires)}"


async def _revoke(options: argparse.Namespace) -> None:
    which = None if None in options.invite else options.invite
    now = milliseconds_now()
    async with opened_store(options) as store:
        gone = await store.withdraw(options.room, which, now, keep_members=options.keep_members)
        removed = [member.id for member in await store.list_members(options.room) if member.removed == now]
    print(f"Withdrawn: {_numbers(gone)}." if gone else "Nothing to withdraw: these invites were withdrawn before.")
    if gone and removed:
        print(f"Removed members: {_numbers(removed)}.")


async def _members(options: argparse.Namespace) -> None:
    now = milliseconds_now()
    async with opened_store(options) as store:
        members = await store.list_members(options.room)
        asked = {each.member.id: each.asked for each in await store.askers(options.room, now)}
    if options.json:
        told = [{**asdict(member_summary(member, now)), "asked": asked.get(member.id)} for member in members]
        print(json.dumps(told))
        return
    if not members:
        kept = is_kept(options.room)
        print("No members: this is what another room was, and people are in that one." if kept else "No members yet.")
    for member in members:
        name = member.name or ("without a name" if member.own else f"all by invite {member.invite}")
        seen = "here" if member.is_here(now) else f"seen {minute_text(min(member.seen, now))}"
        if member.removed is not None:
            seen = f"removed {minute_text(member.removed)}"
        elif member.id in asked:
            seen = f"{seen}  asked to write {minute_text(asked[member.id])}"
        print(f"{member.id:>4}  {member.role.value:<9}  {name:<24}  joined {minute_text(member.joined)}  {seen}")


async def _role(options: argparse.Namespace) -> None:
    async with opened_store(options) as store:
        await store.set_role(options.room, options.member, Role(options.role), milliseconds_now())
    print(f"Member {options.member} is {options.role} now.")


async def _remove(options: argparse.Namespace) -> None:
    async with opened_store(options) as store:
        await store.remove_member(options.room, options.member, milliseconds_now())
    print(f"Removed: {options.member}.")


async def _audit(options: argparse.Namespace) -> None:
    async with opened_store(options) as store:
        acts = await store.list_acts(options.room, options.most)
        names = {} if options.json else await names_of(store, [each for act in acts for each in _people(act)])
    if not acts and not options.json:
        print("Nothing has been done yet.")
    for act in acts:
        if options.json:
            content = {
                "id": act.id,
                "time": act.time,
                "room": act.room,
                "actor": act.actor,
                "kind": act.deed.kind.value,
                "details": dict(act.deed.details),
            }
            print(json.dumps(content))
        else:
            actor = "host" if act.actor is None else f"member {called(act.actor, names)}"
            details = "  ".join(f"{name} {_detail(name, value, names)}" for name, value in act.deed.details.items())
            print(f"{moment_text(act.time)}  {act.room}  {actor:<11}  {act.deed.kind.value}  {details}".rstrip())


def _people(act: ActRecord) -> list[int]:
    """The members of whom an act tells."""
    told = [act.actor, act.deed.details.get("member"), *_listed(act.deed.details.get("removed"))]
    return [each for each in told if isinstance(each, int)]


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _detail(name: str, value: object, names: Mapping[int, str]) -> str:
    """A detail of an act in words; see `audit.ActKind`."""
    if value is None:
        return _NONE.get(name, "none")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        if name == "member":
            return called(value, names)
        return minute_text(value) if name == "expires" else str(value)
    if isinstance(value, list):
        return ", ".join(called(each, names) for each in value) or "nobody"
    return quoted(str(value))


def _numbers(numbers: Sequence[int]) -> str:
    return ", ".join(str(number) for number in numbers)


def _which(text: str) -> int | None:
    if text == "all":
        return None
    if not _is_digits(text) or len(text) > _DIGITS:
        raise argparse.ArgumentTypeError("has to be a number or `all`")
    return int(text)


def _uses(text: str) -> int:
    if not _is_digits(text) or not 1 <= int(text[:20]) <= MAX_VAR_UINT:
        raise argparse.ArgumentTypeError(f"has to be a number from 1 to {MAX_VAR_UINT}")
    return int(text)


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdecimal()


def _time_to_come(text: str) -> int:
    now = milliseconds_now()
    try:
        if text[-1:] in _UNITS:
            when = datetime.fromtimestamp(now / 1000, UTC) + measure(text[:-1]) * _UNITS[text[-1]]
        else:
            when = datetime.fromisoformat(text)
            when = when if when.tzinfo is not None else when.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise argparse.ArgumentTypeError(f"cannot be {text!r}: 12h, 7d, 2w or a day such as 2030-01-31") from error
    milliseconds = int(when.timestamp() * 1000)
    if milliseconds <= now:
        raise argparse.ArgumentTypeError(f"has to be a time to come, and {text} has begun")
    return milliseconds
