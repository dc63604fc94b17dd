"""Who asks to write, as a store knows it: the same with every database."""

from __future__ import annotations

import pytest

from cowrite_server.errors import NoSuchMember, NoSuchRoom, NotOwner, SaidElsewhere
from cowrite_server.store.asking import LASTS, MOST, OF_EACH, AskedLately, TooManyAsk
from cowrite_server.store.records import hash_secret
from cowrite_server.wire.asking import PAUSE
from cowrite_server.wire.protocol import Role
from desk import ADA, BEN, CYD, NOBODY, Desk


async def asking(desk: Desk, now: int) -> list[tuple[int, int]]:
    """The numbers of those who ask, and since when."""
    return [(each.member.id, each.asked) for each in await desk.store.askers("room", now)]


async def reader(desk: Desk, member: bytes = BEN, role: Role = Role.VIEWER) -> int:
    return (await desk.join((await desk.invite(role))[1], member)).id


@pytest.mark.parametrize("role", [Role.VIEWER, Role.COMMENTER, Role.SUGGESTER])
async def test_a_member_asks_until_an_owner_gives_it_a_role(desk: Desk, role: Role) -> None:
    ada, ben = await desk.owner(ADA), await reader(desk, BEN, role)
    await desk.store.ask_to_write("room", ben, 10)
    assert await asking(desk, 11) == [(ben, 10)]
    await desk.store.ask_to_write("room", ben, 12)
    assert await asking(desk, 13) == [(ben, 10)]
    assert [act[1] for act in await desk.acts()].count("asked-to-write") == 1
    await desk.store.set_role("room", ben, Role.COMMENTER, 14, ada)
    assert await asking(desk, 15) == []


async def test_a_member_who_is_told_not_now_asks_again_after_a_pause(desk: Desk) -> None:
    ada, ben, cyd = await desk.owner(ADA), await reader(desk, BEN), await reader(desk, CYD)
    await desk.store.ask_to_write("room", ben, 10)
    await desk.store.ask_to_write("room", cyd, 11)
    await desk.store.not_now("room", ben, 12, ada)
    assert await asking(desk, 13) == [(cyd, 11)]
    with pytest.raises(AskedLately):
        await desk.store.ask_to_write("room", ben, 10 + PAUSE - 1)
    await desk.store.ask_to_write("room", ben, 10 + PAUSE)
    assert await asking(desk, 10 + PAUSE) == [(cyd, 11), (ben, 10 + PAUSE)]


async def test_who_is_removed_or_waits_for_a_month_asks_no_more(desk: Desk) -> None:
    ada, ben, cyd = await desk.owner(ADA), await reader(desk, BEN), await reader(desk, CYD)
    await desk.store.ask_to_write("room", ben, 10)
    await desk.store.ask_to_write("room", cyd, 10)
    await desk.store.remove_member("room", ben, 11, ada)
    assert await asking(desk, 9 + LASTS) == [(cyd, 10)]
    assert await asking(desk, 10 + LASTS) == []


async def test_what_was_decided_by_a_clock_that_was_ahead_is_no_answer_to_what_is_asked_later(desk: Desk) -> None:
    ben = await reader(desk)
    await desk.store.set_role("room", ben, Role.COMMENTER, 1000)
    await desk.store.ask_to_write("room", ben, 10)
    assert [member for member, _ in await asking(desk, 11)] == [ben]


async def test_who_may_write_asks_for_nothing(desk: Desk) -> None:
    ada = await desk.owner(ADA)
    await desk.store.ask_to_write("room", ada, 10)
    assert await asking(desk, 11) == []
    assert "asked-to-write" not in [act[1] for act in await desk.acts()]


async def test_so_many_ask_at_a_time_and_no_more(desk: Desk) -> None:
    ada = await desk.owner(ADA)
    _, secret = await desk.invite(Role.VIEWER)
    people = [(await desk.join(secret, hash_secret(f"person {number}"))).id for number in range(MOST + 1)]
    for number in people[:-1]:
        await desk.store.ask_to_write("room", number, 10)
    with pytest.raises(TooManyAsk):
        await desk.store.ask_to_write("room", people[-1], 10)
    await desk.store.not_now("room", people[0], 11, ada)
    await desk.store.ask_to_write("room", people[-1], 12)
    assert len(await asking(desk, 13)) == MOST


async def crowd(desk: Desk, count: int) -> list[int]:
    """Members who come by an invite of their own together."""
    _, secret = await desk.invite(Role.VIEWER)
    return [(await desk.join(secret, hash_secret(f"{secret.hex()} {each}"))).id for each in range(count)]


async def test_who_comes_often_by_one_invite_takes_no_place_of_those_of_another(desk: Desk) -> None:
    flood, others = await crowd(desk, MOST + 1), await crowd(desk, OF_EACH + 1)
    for number in (*flood[:MOST], *others[:OF_EACH]):
        await desk.store.ask_to_write("room", number, 10)
    for number in (flood[-1], others[-1]):
        with pytest.raises(TooManyAsk):
            await desk.store.ask_to_write("room", number, 11)
    assert {number for number, _ in await asking(desk, 12)} == {*flood[:MOST], *others[:OF_EACH]}


async def test_who_comes_often_by_one_invite_stands_before_nobody_of_another(desk: Desk) -> None:
    flood, others = await crowd(desk, 4), await crowd(desk, 2)
    for time, number in enumerate((*flood, *others)):
        await desk.store.ask_to_write("room", number, 10 + time)
    found = [number for number, _ in await asking(desk, 20)]
    assert found == [*others, *flood]


async def test_only_owners_and_the_host_say_not_now(desk: Desk) -> None:
    await desk.owner(ADA)
    ben = await reader(desk)
    await desk.store.ask_to_write("room", ben, 10)
    for actor in (ben, NOBODY):
        with pytest.raises(NotOwner):
            await desk.store.not_now("room", ben, 11, actor)
    assert await asking(desk, 12) == [(ben, 10)]
    await desk.store.not_now("room", ben, 13)
    assert await asking(desk, 14) == []


async def test_nobody_asks_where_they_are_no_member_or_a_token_says_their_role(desk: Desk) -> None:
    token = (await desk.join(None, BEN, role=Role.VIEWER)).id
    with pytest.raises(SaidElsewhere):
        await desk.store.ask_to_write("room", token, 10)
    with pytest.raises(NoSuchMember):
        await desk.store.ask_to_write("room", NOBODY, 10)
    with pytest.raises(NoSuchRoom):
        await desk.store.askers("nowhere", 10)
