"""Who is let into a room and as which member: what every database behind the server has to do about it."""

from __future__ import annotations

import asyncio

import pytest

from cowrite_server.audit import ActKind
from cowrite_server.errors import NoSuchMember, SaidElsewhere
from cowrite_server.store.member_records import Arrival, Joined
from cowrite_server.store.records import hash_secret
from cowrite_server.wire.protocol import Close, Role
from desk import ADA, BEN, CYD, Desk
from stores import OpenStore

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


async def test_a_room_takes_in_no_more_members_than_it_may_have(desk: Desk) -> None:
    _, secret = await desk.invite()
    ada, ben = await desk.join(secret, ADA, most=2), await desk.join(secret, BEN, most=2)
    assert await desk.ask(secret, CYD, most=2) is Close.MEMBERS_FULL
    assert await desk.ask(secret, most=2) is Close.MEMBERS_FULL
    assert await desk.ask(None, CYD, most=2, role=Role.VIEWER) is Close.MEMBERS_FULL
    assert (await desk.join(secret, ADA, most=2)).id == ada.id
    assert [each.used for each in await desk.store.list_invites("room")] == [2]
    await desk.store.remove_member("room", ben.id, 3)
    _, newer = await desk.invite(now=4)
    await desk.join(newer, CYD, most=2, now=5)
    assert await desk.ask(newer, BEN, most=2, now=5) is Close.MEMBERS_FULL
    assert (await desk.join(newer, BEN, most=3, now=5)).id == ben.id


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


async def test_of_invites_made_before_a_member_came_the_better_one_gives_it_more(desk: Desk) -> None:
    _, editors = await desk.invite(Role.EDITOR, now=1)
    _, viewers = await desk.invite(Role.VIEWER, now=2)
    await desk.join(viewers, ADA, now=3)
    ada = await desk.join(editors, ADA, now=4)
    assert ada.role is Role.EDITOR
    await desk.store.set_role("room", ada.id, Role.VIEWER, 5)
    assert (await desk.join(editors, ADA, now=6)).role is Role.VIEWER  # what an owner decides holds


async def test_what_was_decided_last_holds_though_clocks_were_set_back(desk: Desk) -> None:
    ada = await desk.join((await desk.invite(Role.VIEWER, now=0))[1], ADA, now=1)
    _, editors = await desk.invite(Role.EDITOR, now=1000)
    await desk.store.set_role("room", ada.id, Role.COMMENTER, 500)
    assert (await desk.join(editors, ADA, now=501)).role is Role.COMMENTER
    await desk.store.remove_member("room", ada.id, 100)
    assert await desk.ask(editors, ADA, now=101) is Close.WITHDRAWN
    _, new = await desk.invite(Role.VIEWER, now=50)
    assert (await desk.join(new, ADA, now=51)).role is Role.VIEWER


async def test_an_invite_made_in_the_millisecond_of_a_removal_brings_a_member_back(desk: Desk) -> None:
    _, old = await desk.invite(now=5)
    ada = await desk.join(old, ADA, now=5)
    await desk.store.remove_member("room", ada.id, 5)
    assert await desk.ask(old, ADA, now=5) is Close.WITHDRAWN
    _, new = await desk.invite(now=5)
    assert (await desk.join(new, ADA, now=5)).removed is None


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
    assert await desk.acts() == [
        (first.member.id, ActKind.JOINED, {"invite": None, "role": "editor", "name": "Ben"}),
        (
            first.member.id,
            ActKind.ROLE_CHANGED,
            {"member": first.member.id, "before": "editor", "role": "viewer", "by": "token"},
        ),
    ]
    ada = await desk.owner()
    for work in (
        desk.store.set_role(desk.room.name, first.member.id, Role.OWNER, 4, ada),
        desk.store.rename(desk.room.name, first.member.id, "Bob", 4),
    ):
        with pytest.raises(SaidElsewhere):
            await work
    await desk.store.remove_member(desk.room.name, first.member.id, 5, ada)
    assert await desk.store.join(arrival(Role.EDITOR), 6) is Close.WITHDRAWN
