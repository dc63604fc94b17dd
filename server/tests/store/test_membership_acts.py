"""What owners and the host do about members, and what is noted of it: the same with every database."""

from __future__ import annotations

import asyncio
import json

import pytest

from cowrite_server import audit
from cowrite_server.audit import ActKind
from cowrite_server.errors import LastOwner, NoSuchInvite, NoSuchMember, NoSuchRoom, NotOwner, StoreFailed
from cowrite_server.store.member_records import Arrival, Standing
from cowrite_server.store.records import Update
from cowrite_server.wire.members import InviteWish
from cowrite_server.wire.protocol import Close, Role
from desk import ADA, BEN, CYD, NOBODY, Desk
from stores import OpenStore


async def test_withdrawing_an_invite_removes_those_who_came_by_it(desk: Desk) -> None:
    invite, secret = await desk.invite()
    ada, shared = await desk.join(secret, ADA), await desk.join(secret)
    other = await desk.join((await desk.invite())[1], BEN)
    assert await desk.store.withdraw("room", [invite.id], 8) == [invite.id]
    members = await desk.members()
    assert (members[ada.id].removed, members[shared.id].removed, members[other.id].removed) == (8, 8, None)
    assert await desk.ask(secret, ADA) is Close.WITHDRAWN


async def test_members_with_a_secret_of_their_own_may_be_kept(desk: Desk) -> None:
    invite, secret = await desk.invite()
    ada, shared = await desk.join(secret, ADA), await desk.join(secret)
    await desk.store.withdraw("room", [invite.id], 8, keep_members=True)
    assert [member.id for member in (await desk.members()).values() if member.removed is None] == [ada.id]
    assert (await desk.join(secret, ADA)).id == ada.id
    assert await desk.ask(secret) is Close.WITHDRAWN
    assert await desk.ask(secret, BEN) is Close.WITHDRAWN
    assert (await desk.store.standings([ada.id, shared.id, NOBODY])) == {
        ada.id: Standing(Role.EDITOR, None, False),
        shared.id: Standing(Role.EDITOR, None, True),
    }


async def test_only_owners_and_the_host_act(desk: Desk) -> None:
    owner = await desk.owner()
    invite, secret = await desk.invite()
    ben = (await desk.join(secret, BEN)).id
    elsewhere = Desk(desk.store, await desk.store.ensure_room("elsewhere", 0))
    stranger = await elsewhere.owner()
    for actor in (ben, stranger, NOBODY):
        for act in (
            desk.store.add_invite(desk.room.id, InviteWish(Role.OWNER), CYD, 1, actor=actor),
            desk.store.withdraw("room", [invite.id], 1, actor=actor),
            desk.store.set_role("room", ben, Role.OWNER, 1, actor),
            desk.store.remove_member("room", owner, 1, actor),
        ):
            with pytest.raises(NotOwner):
                await act
    assert (await desk.members())[ben].role is Role.EDITOR
    await desk.store.set_role("room", ben, Role.COMMENTER, 1, owner)
    await desk.store.set_role("room", ben, Role.VIEWER, 1)
    assert (await desk.members())[ben].role is Role.VIEWER


async def test_what_is_not_there_is_named(desk: Desk) -> None:
    owner = await desk.owner()
    elsewhere = Desk(desk.store, await desk.store.ensure_room("elsewhere", 0))
    stranger = await elsewhere.owner()
    for number in (NOBODY, stranger):
        with pytest.raises(NoSuchMember):
            await desk.store.set_role("room", number, Role.VIEWER, 1, owner)
        with pytest.raises(NoSuchMember):
            await desk.store.remove_member("room", number, 1)
    with pytest.raises(NoSuchInvite):
        await desk.store.withdraw("room", [NOBODY], 1, actor=owner)
    for question in (desk.store.list_members("nowhere"), desk.store.list_acts("nowhere", 9)):
        with pytest.raises(NoSuchRoom):
            await question
    with pytest.raises(NoSuchRoom):
        await desk.store.set_role("nowhere", owner, Role.VIEWER, 1)


async def test_the_last_owner_stays_unless_the_host_says_otherwise(desk: Desk) -> None:
    invite, secret = await desk.invite(Role.OWNER)
    ada = (await desk.join(secret, ADA)).id
    for act in (
        desk.store.set_role("room", ada, Role.EDITOR, 1, ada),
        desk.store.remove_member("room", ada, 1, ada),
        desk.store.withdraw("room", [invite.id], 1, actor=ada),
    ):
        with pytest.raises(LastOwner):
            await act
    assert (await desk.store.list_invites("room"))[0].withdrawn is None
    await desk.store.withdraw("room", [invite.id], 1, keep_members=True, actor=ada)
    ben = await desk.owner(BEN)
    await desk.store.remove_member("room", ada, 1, ada)
    await desk.store.remove_member("room", ben, 1)
    assert {member.removed for member in (await desk.members()).values()} == {1}


async def test_an_owner_whose_invite_has_expired_is_none_who_is_left(desk: Desk) -> None:
    _, secret = await desk.invite(Role.OWNER, expires=5)
    await desk.join(secret)
    ada = await desk.owner()
    with pytest.raises(LastOwner):
        await desk.store.set_role("room", ada, Role.EDITOR, 5, ada)
    await desk.store.set_role("room", ada, Role.EDITOR, 4, ada)


async def test_of_two_owners_who_remove_each_other_one_stays(desk: Desk, another: OpenStore) -> None:
    ada, ben = await desk.owner(ADA), await desk.owner(BEN)
    done = await asyncio.gather(
        desk.store.remove_member("room", ada, 1, ben),
        (await another()).remove_member("room", ben, 1, ada),
        return_exceptions=True,
    )
    assert [type(each) for each in done if each is not None] == [NotOwner]


async def test_when_a_member_was_seen_is_kept(desk: Desk) -> None:
    ada, ben = await desk.owner(ADA), await desk.owner(BEN)
    await desk.store.saw([ada], 50)
    assert [(await desk.members())[each].seen for each in (ada, ben)] == [50, 1]


# Acts


async def test_whatever_is_done_is_noted(desk: Desk) -> None:
    invite, secret = await desk.invite(Role.OWNER, expires=500, uses=5)
    ada = (await desk.join(secret, ADA, name="Ada")).id
    ben = (await desk.join(secret, BEN)).id
    await desk.join(secret, BEN)  # which is no news
    await desk.store.set_role("room", ben, Role.VIEWER, 2, ada)
    await desk.store.rename("room", ada, "Ada L.", 3)
    await desk.store.rename("room", ada, "Ada L.", 3)  # neither is this
    await desk.store.remove_member("room", ben, 4, ada)
    await desk.store.withdraw("room", [invite.id], 5)
    await desk.store.commit([Update(desk.room.id, 6, ada, b"x", audit.history_restored(7))])
    assert await desk.acts() == [
        (None, ActKind.INVITED, {"invite": invite.id, "role": "owner", "expires": 500, "uses": 5}),
        (ada, ActKind.JOINED, {"invite": invite.id, "role": "owner", "name": "Ada"}),
        (ben, ActKind.JOINED, {"invite": invite.id, "role": "owner"}),
        (ada, ActKind.ROLE_CHANGED, {"member": ben, "before": "owner", "role": "viewer"}),
        (ada, ActKind.RENAMED, {"before": "Ada", "name": "Ada L."}),
        (ada, ActKind.REMOVED, {"member": ben}),
        (None, ActKind.WITHDRAWN, {"invite": invite.id, "removed": [ada]}),
        (ada, ActKind.HISTORY_RESTORED, {"moment": 7}),
    ]
    noted = json.dumps(await desk.acts())
    assert not any(secret.hex() in noted for secret in (secret, ADA, BEN))


async def test_acts_are_read_in_pages_from_the_latest(desk: Desk) -> None:
    for _ in range(5):
        await desk.invite()
    elsewhere = Desk(desk.store, await desk.store.ensure_room("elsewhere", 0))
    await elsewhere.invite()
    latest = await desk.store.list_acts("room", 2)
    assert [act.room for act in latest] == ["room", "room"]
    before = await desk.store.list_acts("room", 9, latest[-1].id)
    assert len(before) == 3
    everything = await desk.store.list_acts(None, 9)
    assert [act.room for act in everything] == ["elsewhere", *5 * ["room"]]
    assert [act.id for act in everything[1:]] == [act.id for act in [*latest, *before]]
    assert await desk.store.last_acts([desk.room.id, NOBODY]) == {desk.room.id: latest[0].id}


async def test_an_act_that_fails_is_not_noted(desk: Desk) -> None:
    owner = await desk.owner()
    before = await desk.acts()
    with pytest.raises(LastOwner):
        await desk.store.remove_member("room", owner, 1, owner)
    with pytest.raises(StoreFailed):
        await desk.store.commit([Update(desk.room.id, 1, NOBODY, b"x", audit.history_restored(1))])
    assert await desk.acts() == before


async def test_what_others_do_about_members_is_noticed(desk: Desk, another: OpenStore) -> None:
    owner = await desk.owner()
    other = await another()
    for act in (
        lambda: other.set_role("room", owner, Role.EDITOR, 2),
        lambda: other.rename("room", owner, "Ada", 2),
        lambda: other.remove_member("room", owner, 3),
        lambda: other.add_invite(desk.room.id, InviteWish(Role.VIEWER), CYD, 4),
        lambda: other.join(Arrival("room", CYD, BEN), 5),
    ):
        before = await desk.store.changes_by_others()
        await act()
        assert await desk.store.changes_by_others() != before


async def test_sound_data_is_found_sound(desk: Desk) -> None:
    await desk.owner()
    assert await desk.store.damage() == []
