"""Invites and members as rows, which are the same in both databases. Without I/O."""

from __future__ import annotations

from typing import Any

from cowrite_server.errors import DamagedRow
from cowrite_server.store.membership import Invite, MemberRecord, require_numbers, role_of

INVITE = "id, role, created, withdrawn, creator, expires, uses, used"
"""The columns of `read_invite`."""

MEMBER = "id, role, own, chosen, name, invite, joined, seen, decided, removed"
"""The columns of `read_member`."""


def read_invite(row: tuple[Any, ...]) -> Invite:
    """The invite of a row."""
    number, role, *others = row
    require_numbers("invite", number, others)
    return Invite(number, role_of("invite", number, role), *others)


def read_member(row: tuple[Any, ...]) -> MemberRecord:
    """The member of a row."""
    number, role, own, chosen, name, *others = row
    require_numbers("member", number, others)
    if not all(each is None or isinstance(each, str) for each in (chosen, name)):
        raise DamagedRow(f"member {number}", "its name is not valid")
    # SQLite has numbers for what is either true or false.
    return MemberRecord(number, role_of("member", number, role), bool(own), chosen, name, *others)
