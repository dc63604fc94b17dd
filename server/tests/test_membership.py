"""Invites, members and acts in the store: what every database behind the server has to do about them."""

from __future__ import annotations

import asyncio
import json

import pytest

from cowrite_server import audit
from cowrite_server.audit import ActKind
from cowrite_server.errors import (
    LastOwner,
    NoSuchInvite,
    NoSuchMember,
    NoSuchRoom,
    NotOwner,
    SaidElsewhere,
    StoreFailed,
)
from cowrite_server.protocol import Close, Role
from cowrite_server.store.membership import Arrival, Invite, Joined, MemberRecord, Standing
from cowrite_server.store.store import RoomRecord, Store, Update, hash_secret
from stores import OpenStore

ADA, BEN, CYD = (hash_secret(name) for name in ("ada", "ben", "cyd"))
NOBODY = 999_999


class Desk:
    """One room, and a way to invite and to join that reads."""

    def __init__(self, store: Store, room: RoomRecord) -> None:
        self.store = store
        self.room = room
        self._secrets = 0

    async def invite(self, role: Role = Role.EDITOR, now: int = 0, **terms: int) -> tuple[Invite, bytes]:
        """A new invite and the hash of its secret."""
        self._secrets += 1
        secret = hash_secret(f"invite {self._secrets} of {self.room.name}")
        return await self.store.add_invite(self.room.id, role, secret, now, **terms), secret

    async def ask(self, secret: bytes | None, member: bytes | None = None, now: int = 1, **more: str) -> Joined | Close:
        """Asks to be let in."""
        return await self.store.join(Arrival(self.room.name, secret, member, **more), now)

    async def join(self, secret: bytes | None, member: bytes | None = None, now: int = 1, **more: str) -> MemberRecord:
        """Is let in."""
        joined = await self.ask(secret, member, now, **more)
        assert isinstance(joined, Joined), joined
        return joined.member

    async def owner(self, member: bytes = ADA) -> int:
        """Number of a new owner."""
        return (await self.join((await self.invite(Role.OWNER))[1], member)).id

    async def members(self) -> dict[int, MemberRecord]:
        """All members by their numbers."""
        return {member.id: member for member in await self.store.list_members(self.room.name)}

    async def acts(self) -> list[tuple[int | None, ActKind, dict[str, object]]]:
        """All acts, oldest first."""
        acts = await self.store.list_acts(self.room.name, 1000)
        return [(act.actor, act.deed.kind, dict(act.deed.details)) for act in reversed(acts)]


@pytest.fixture
def desk(store: Store, room: RoomRecord) -> Desk:
    """A room without members."""
    return Desk(store, room)


# Joining


async def test_the_first_visit_makes_a_member_and_later_ones_find_it(desk: Desk) -> None:
    invite, secret = await desk.invite(Role.VIEWER)
    ada = await desk.join(secret, ADA, now=7)
    assert (ada.role, ada.own, ada.invite, ada.joined, ada.removed) == (Role.VIEWER, True, invite.id, 7, None)
    assert (await desk.join(secret, ADA, now=8)).id == ada.id
    assert (await desk.join(None, ADA, now=9)).id == ada.id
    ben = await desk.join(secret, BEN)
    assert ben.id != ada.id
    assert [each.used for each in await desk.store.list_invites("room")] == [2]


async def test_all_without_a_secret_of_their_own_are_one_member(desk: Desk) -> None:
    _, secret = await desk.invite(uses=1)
    one = await desk.join(secret)
    assert not one.own
    assert (await desk.join(secret)).id == one.id
    assert await desk.ask(secret, ADA) is Close.USED_UP
    assert [each.used for each in await desk.store.list_invites("room")] == [1]


async def test_a_secret_opens_its_room_only(desk: Desk) -> None:
    _, secret = await desk.invite()
    await desk.store.ensure_room("elsewhere", 0)
    await desk.join(secret, ADA)
    for room in ("elsewhere", "nowhere"):
        assert await desk.store.join(Arrival(room, secret, ADA), 1) is Close.NOT_INVITED
    assert await desk.ask(hash_secret("guessed"), BEN) is Close.NOT_INVITED
    assert await desk.ask(None, BEN) is Close.NOT_INVITED
    assert await desk.ask(None) is Close.NOT_INVITED


async def test_a_member_s_secret_is_no_invite_and_an_invite_s_no_member(desk: Desk) -> None:
    _, secret = await desk.invite(expires=5)
    await desk.join(secret)
    assert await desk.ask(ADA) is Close.NOT_INVITED
    assert await desk.ask(secret, secret, now=6) is Close.EXPIRED


async def test_an_expired_invite_lets_in_those_it_made_members_and_nobody_else(desk: Desk) -> None:
    _, secret = await desk.invite(expires=5)
    ada = await desk.join(secret, ADA, now=4)
    shared = await desk.ask(secret, now=4)
    assert isinstance(shared, Joined)
    assert shared.expires == 5
    assert await desk.ask(secret, BEN, now=5) is Close.EXPIRED
    assert await desk.ask(secret, now=5) is Close.EXPIRED
    known = await desk.ask(secret, ADA, now=5)
    assert isinstance(known, Joined)
    assert (known.member.id, known.expires) == (ada.id, None)


async def test_an_invite_lets_in_as_many_as_it_was_made_for(desk: Desk) -> None:
    _, secret = await desk.invite(uses=2)
    ada = await desk.join(secret, ADA)
    await desk.join(secret, BEN)
    assert await desk.ask(secret, CYD) is Close.USED_UP
    assert (await desk.join(secret, ADA)).id == ada.id


async def test_however_many_come_at_once_no_more_are_let_in(desk: Desk, another: OpenStore) -> None:
    _, secret = await desk.invite(uses=3)
    stores = [desk.store, *[await another() for _ in range(4)]]

    async def come(number: int) -> Joined | Close:
        arrival = Arrival("room", secret, hash_secret(f"member {number}"))
        return await stores[number % len(stores)].join(arrival, 1)

    done = await asyncio.gather(*map(come, range(30)))
    assert [each for each in done if isinstance(each, Close)] == 27 * [Close.USED_UP]
    assert len(await desk.members()) == 3
    assert [each.used for each in await desk.store.list_invites("room")] == [3]


async def test_one_who_comes_several_times_at_once_is_one_member(desk: Desk, another: OpenStore) -> None:
    _, secret = await desk.invite()
    stores = [desk.store, await another(), await another()]
    done = await asyncio.gather(*(each.join(Arrival("room", secret, ADA), 1) for each in stores for _ in range(3)))
    assert len({each.member.id for each in done if isinstance(each, Joined)}) == 1
    assert [each.used for each in await desk.store.list_invites("room")] == [1]


async def test_a_stranger_to_the_epoch_uses_no_invite(desk: Desk) -> None:
    _, secret = await desk.invite(uses=1)
    assert await desk.ask(secret, ADA, epoch="another") is Close.EPOCH_CHANGED
    assert await desk.ask(hash_secret("guessed"), ADA, epoch="another") is Close.NOT_INVITED
    await desk.join(secret, ADA, epoch=desk.room.epoch)


async def test_an_invite_made_after_a_removal_brings_a_member_back(desk: Desk) -> None:
    _, old = await desk.invite(now=0)
    ada = await desk.join(old, ADA, now=1)
    _, unused = await desk.invite(now=2)
    await desk.store.remove_member("room", ada.id, 3)
    for secret in (None, old, unused):
        assert await desk.ask(secret, ADA, now=4) is Close.WITHDRAWN
    _, new = await desk.invite(Role.VIEWER, now=5, uses=1)
    back = await desk.join(new, ADA, now=6)
    assert (back.id, back.role, back.removed) == (ada.id, Role.VIEWER, None)
    assert await desk.ask(new, BEN, now=6) is Close.USED_UP


async def test_a_newer_invite_gives_a_member_more_and_never_less(desk: Desk) -> None:
    ada = await desk.join((await desk.invite(Role.VIEWER, now=0))[1], ADA, now=1)
    _, editors = await desk.invite(Role.EDITOR, now=2)
    assert (await desk.join(editors, ADA, now=3)).role is Role.EDITOR
    _, viewers = await desk.invite(Role.VIEWER, now=4)
    assert (await desk.join(viewers, ADA, now=5)).role is Role.EDITOR
    await desk.store.set_role("room", ada.id, Role.VIEWER, 6)
    assert (await desk.join(editors, ADA, now=7)).role is Role.VIEWER  # what was decided later holds


# Names


async def test_names_that_are_alike_are_told_apart(desk: Desk) -> None:
    _, secret = await desk.invite()
    first = await desk.join(secret, ADA, name="Ada")
    second = await desk.join(secret, BEN, name="Ada")
    third = await desk.join(secret, CYD, name="Ada")
    assert [each.name for each in (first, second, third)] == ["Ada", "Ada (2)", "Ada (3)"]
    assert (await desk.join(secret, BEN, name="Ada")).name == "Ada (2)"
    assert (await desk.join(secret, BEN)).name == "Ada (2)"
    assert (await desk.join(secret, BEN, name="Ben")).name == "Ben"
    assert await desk.store.rename("room", third.id, "Ada", 9) == "Ada (2)"
    assert await desk.store.rename("room", third.id, "Cyd", 9) == "Cyd"


async def test_all_who_choose_a_name_at_once_are_told_apart(desk: Desk, another: OpenStore) -> None:
    _, secret = await desk.invite()
    stores = [desk.store, await another()]
    arrivals = [Arrival("room", secret, hash_secret(str(number)), "x" * 64) for number in range(8)]
    await asyncio.gather(*(stores[number % 2].join(each, 1) for number, each in enumerate(arrivals)))
    names = {member.name for member in (await desk.members()).values()}
    assert len(names) == 8
    assert max(len(name or "") for name in names) == 64


async def test_those_without_a_secret_of_their_own_have_no_name(desk: Desk) -> None:
    _, secret = await desk.invite()
    shared = await desk.join(secret, name="Ada")
    assert shared.name is None
    with pytest.raises(NoSuchMember):
        await desk.store.rename("room", shared.id, "Ada", 1)


# What owners and the host do


async def test_whom_an_identity_provider_names_is_a_member_in_the_role_that_it_says_each_time(desk: Desk) -> None:
    def arrival(role: Role) -> Arrival:
        return Arrival(desk.room.name, None, BEN, "Ben", None, role)

    first = await desk.store.join(arrival(Role.EDITOR), 1)
    assert isinstance(first, Joined)
    assert (first.member.role, first.member.name, first.member.invite) == (Role.EDITOR, "Ben", None)
    again = await desk.store.join(arrival(Role.EDITOR), 2)
    assert isinstance(again, Joined)
    assert (again.member.id, again.news) == (first.member.id, False)
    less = await desk.store.join(arrival(Role.VIEWER), 3)
    assert isinstance(less, Joined)
    assert (less.member.id, less.member.role) == (first.member.id, Role.VIEWER)
    ada = await desk.owner()
    for work in (
        desk.store.set_role(desk.room.name, first.member.id, Role.OWNER, 4, ada),
        desk.store.rename(desk.room.name, first.member.id, "Bob", 4),
    ):
        with pytest.raises(SaidElsewhere):
            await work
    await desk.store.remove_member(desk.room.name, first.member.id, 5, ada)
    assert await desk.store.join(arrival(Role.EDITOR), 6) is Close.WITHDRAWN


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
            desk.store.add_invite(desk.room.id, Role.OWNER, CYD, 1, actor=actor),
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
        (ada, ActKind.JOINED, {"invite": invite.id, "role": "owner"}),
        (ada, ActKind.RENAMED, {"before": None, "name": "Ada"}),
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
        lambda: other.add_invite(desk.room.id, Role.VIEWER, CYD, 4),
        lambda: other.join(Arrival("room", CYD, BEN), 5),
    ):
        before = await desk.store.changes_by_others()
        await act()
        assert await desk.store.changes_by_others() != before


async def test_sound_data_is_found_sound(desk: Desk) -> None:
    await desk.owner()
    assert await desk.store.damage() == []
