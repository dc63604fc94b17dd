"""What owners do about members and invites over the wire, and what nobody else may do."""

from __future__ import annotations

import json

import pytest

from cowrite_server.wire.encoding import var_string, var_uint
from cowrite_server.wire.members import (
    Act,
    Invited,
    InviteWish,
    MemberList,
    MembersReason,
    audit_get_message,
    invite_message,
    members_get_message,
    remove_member_message,
    rename_message,
    set_role_message,
    withdraw_message,
)
from cowrite_server.wire.protocol import Close, Message, Role
from helpers.stopwatch import within
from house import MakeHouse
from sync_clients import Client
from team import Team, closed_with, members, number_of, own


async def test_an_owner_invites(team: Team) -> None:
    ada = await team.join("Ada", Role.OWNER)
    wish = InviteWish(Role.SUGGESTER, team.house.clock() + 60_000, 2)
    invited = await ada.request(invite_message, wish)
    assert isinstance(invited, Invited)
    assert (invited.invite.creator, invited.invite.expires, invited.invite.uses) == (
        number_of(ada),
        wish.expires,
        wish.uses,
    )
    ben = await team.house.client(invited.secret)
    assert ben.hello is not None
    assert ben.hello.role is Role.SUGGESTER


@pytest.mark.parametrize(
    "terms",
    [
        {"expires": 1},
        {"uses": 0},
        {"uses": -1},
        {"expires": 2**53 - 1},
        {"expires": -5},
    ],
)
async def test_an_invite_that_cannot_be_is_refused(team: Team, terms: dict[str, int]) -> None:
    ada = await team.join("Ada", Role.OWNER)
    assert await ada.request(invite_message, InviteWish(Role.VIEWER, **terms)) is MembersReason.BAD_REQUEST


@pytest.mark.parametrize(
    "wish",
    [
        *('{"role": "king"}', "[]", "", 100_000 * "["),
        *('{"role": "viewer", "uses": 1e999}', f'{{"role": "viewer", "expires": {10**30}}}'),
    ],
)
async def test_what_is_no_wish_is_malformed(team: Team, wish: str) -> None:
    ada = await team.join("Ada", Role.OWNER)
    await ada.send(var_uint(Message.INVITE) + var_uint(1) + var_string(wish))
    assert (await ada.until_closed()).code == Close.MALFORMED


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OWNER])
async def test_nobody_but_owners_may_do_anything_about_others(team: Team, role: Role) -> None:
    ada, ben = await team.join("Ada", Role.OWNER), await team.join("Ben", role)
    for message, *details in (
        (invite_message, InviteWish(Role.OWNER)),
        (withdraw_message, 1, False),
        (set_role_message, number_of(ben), Role.OWNER),
        (remove_member_message, number_of(ada)),
        (audit_get_message,),
    ):
        assert await ben.request(message, *details) is MembersReason.NOT_OWNER
    assert team.house.server._figures.refusals["not-owner"] == 5
    assert len(await members(ada)) == 2


async def test_nobody_on_an_open_server_is_an_owner_or_a_member(make_house: MakeHouse) -> None:
    house = await make_house(anybody=True)
    await house.secret(Role.OWNER)
    async with Client(member=own("ada"), name="Ada") as ada:
        await ada.open(house.server.url)
        await ada.until_synced()
        assert ada.hello is not None
        assert (ada.hello.member, ada.hello.name) == (None, None)
        assert await ada.request(set_role_message, 1, Role.OWNER) is MembersReason.NOT_OWNER
        assert await ada.request(rename_message, "Ada") is MembersReason.NO_SUCH_MEMBER
        assert await members(ada) == {}


async def test_the_last_owner_cannot_be_lost_over_the_wire(team: Team) -> None:
    ada, ben = await team.join("Ada", Role.OWNER), await team.join("Ben")
    assert await ada.request(set_role_message, number_of(ada), Role.EDITOR) is MembersReason.LAST_OWNER
    assert await ada.request(remove_member_message, number_of(ada)) is MembersReason.LAST_OWNER
    assert await ada.request(withdraw_message, 1, False) is MembersReason.LAST_OWNER
    assert await ada.request(set_role_message, 999, Role.EDITOR) is MembersReason.NO_SUCH_MEMBER
    assert await ada.request(withdraw_message, 999, False) is MembersReason.NO_SUCH_INVITE
    assert await ada.request(set_role_message, number_of(ben), Role.OWNER) is None
    assert await ada.request(set_role_message, number_of(ada), Role.EDITOR) is None
    await ada.until(lambda: ada.roles == [Role.EDITOR])
    assert await ada.request(set_role_message, number_of(ben), Role.EDITOR) is MembersReason.NOT_OWNER


async def test_whoever_is_removed_is_closed_and_stays_out(team: Team) -> None:
    ada, ben = await team.join("Ada", Role.OWNER), await team.join("Ben")
    phone = await team.join("Ben")
    async with within(1):
        assert await ada.request(remove_member_message, number_of(ben)) is None
        for client in (ben, phone):
            assert (await client.until_closed()).code == Close.WITHDRAWN
    secret = await team.secret(Role.EDITOR)
    assert await closed_with(team.house, Client(member=own("Ben")), secret) == Close.WITHDRAWN


@pytest.mark.parametrize("keep", [True, False])
async def test_with_an_invite_go_all_who_came_by_it_or_only_those_it_alone_let_in(team: Team, keep: bool) -> None:
    ada, ben = await team.join("Ada", Role.OWNER), await team.join("Ben")
    shared = await team.house.client(await team.secret(Role.EDITOR))
    assert await ada.request(withdraw_message, 2, keep) is None
    assert (await shared.until_closed()).code == Close.WITHDRAWN
    if keep:
        await ben.write("still here")
        await ben.until_saved()
        assert (await team.join("Ben")).text == "still here"
    else:
        assert (await ben.until_closed()).code == Close.WITHDRAWN


async def test_owners_read_who_did_what(team: Team) -> None:
    ada, ben = await team.join("Ada", Role.OWNER), await team.join("Ben")
    await ben.write("first")
    await ben.until_saved()
    await ben.write(", second")
    await ben.until_saved()
    assert await ben.restore(1) is None
    await ada.request(set_role_message, number_of(ben), Role.VIEWER)
    acts = await ada.request(audit_get_message)
    assert isinstance(acts, tuple)
    assert [(act.actor, act.kind, act.details) for act in acts[:2]] == [
        (number_of(ada), "role-changed", {"member": number_of(ben), "before": "editor", "role": "viewer"}),
        (number_of(ben), "history-restored", {"moment": 1}),
    ]
    older = await ada.request(audit_get_message, acts[1].id)
    assert older == acts[2:]
    assert all(isinstance(act, Act) for act in acts)
    assert "first" not in json.dumps([act.details for act in acts])


@pytest.mark.parametrize("act", ["demote", "remove", "withdraw"])
async def test_what_an_owner_did_is_in_force_though_their_connection_ends_at_once(team: Team, act: str) -> None:
    for number in range(6):  # the end comes at another moment each time
        owner = await team.join(f"owner {number}", Role.OWNER)
        secret = await team.house.secret(Role.EDITOR)
        ben = await team.house.client(secret, client=Client(member=own(f"ben {number}")))
        listed = await owner.request(members_get_message)
        assert isinstance(listed, MemberList)
        invite = listed.invites[-1].id
        message = {
            "demote": set_role_message(99, number_of(ben), Role.VIEWER),
            "remove": remove_member_message(99, number_of(ben)),
            "withdraw": withdraw_message(99, invite, keep_members=False),
        }[act]
        await owner.send_anyhow(message)
        owner.cut()
        if act == "demote":
            await ben.until(lambda ben=ben: ben.roles == [Role.VIEWER])
        else:
            assert (await ben.until_closed()).code == Close.WITHDRAWN
