"""Members who ask to write, over the wire."""

from __future__ import annotations

import asyncio
from collections import Counter
from unittest.mock import patch

import pytest

from clock import HOUR
from cowrite_server.errors import StoreFailed
from cowrite_server.store.member_records import AskRecord
from cowrite_server.wire.asking import Asker, ask_to_write_message, askers_get_message, not_now_message
from cowrite_server.wire.members import MembersReason, rename_message, set_role_message
from cowrite_server.wire.protocol import Message, Role
from house import MakeHouse
from sync_clients import Client
from team import Team, number_of, own


async def askers(client: Client) -> list[tuple[str | None, Role]]:
    """Whom a client is told of: what they are called, and what they may do."""
    found = await client.request(askers_get_message)
    assert isinstance(found, tuple), found
    assert all(isinstance(each, Asker) for each in found)
    return [(each.name, each.role) for each in found]


@pytest.mark.parametrize("role", [Role.VIEWER, Role.COMMENTER, Role.SUGGESTER])
async def test_owners_hear_at_once_who_asks_and_who_comes_later_is_told(team: Team, role: Role) -> None:
    ada, ben = await team.join("Ada", Role.OWNER), await team.join("Ben", role)
    await ada.until(lambda: ada.members_changed)  # that Ben has come
    before = ada.members_changed
    assert await ben.request(ask_to_write_message) is None
    await ada.until(lambda: ada.members_changed > before)
    assert await askers(ada) == [("Ben", role)]
    await ben.leave()
    cyd = await team.join("Cyd", Role.OWNER)
    assert await askers(cyd) == [("Ben", role)]
    assert await cyd.request(set_role_message, number_of(ben), Role.EDITOR) is None
    assert await askers(ada) == []


async def test_nobody_asks_for_somebody_else_and_nobody_but_owners_is_told_of_others(team: Team) -> None:
    ada, ben, cyd = [
        await team.join(name, role)
        for name, role in (("Ada", Role.EDITOR), ("Ben", Role.VIEWER), ("Cyd", Role.COMMENTER))
    ]
    assert await ben.request(ask_to_write_message) is None
    assert await askers(ben) == [("Ben", Role.VIEWER)]
    assert await askers(ada) == await askers(cyd) == []
    for client in (ada, ben, cyd):
        assert await client.request(not_now_message, number_of(ben)) is MembersReason.NOT_OWNER
    assert await askers(ben) == [("Ben", Role.VIEWER)]


async def test_who_is_told_not_now_hears_of_it_and_cannot_ask_again_at_once(team: Team) -> None:
    ada, ben = await team.join("Ada", Role.OWNER), await team.join("Ben", Role.VIEWER)
    assert await ben.request(ask_to_write_message) is None
    await ben.until(lambda: ben.members_changed)
    before = ben.members_changed
    assert await ada.request(not_now_message, number_of(ben)) is None
    await ben.until(lambda: ben.members_changed > before)
    assert await askers(ben) == []
    assert ben.roles == []
    assert await ben.request(ask_to_write_message) is MembersReason.ASKED_LATELY
    team.house.clock.ahead += HOUR
    assert await ben.request(ask_to_write_message) is None
    assert await askers(ada) == [("Ben", Role.VIEWER)]


async def test_what_is_asked_disturbs_no_stock_client_and_nobody_who_writes(team: Team) -> None:
    ada, ben = await team.join("Ada", Role.EDITOR), await team.join("Ben", Role.VIEWER)
    stock = await team.house.stock(await team.secret(Role.EDITOR))
    assert await ben.request(ask_to_write_message) is None
    await ada.write("written meanwhile")
    await ada.until_saved()
    await stock.until(lambda: stock.text == "written meanwhile")
    assert not {Message.ASKERS, Message.MEMBERS_CHANGED} & set(stock.messages)


async def test_nobody_asks_on_a_server_for_anybody(make_house: MakeHouse) -> None:
    house = await make_house(anybody=True)
    async with Client(member=own("ada"), name="Ada") as ada:
        await ada.open(house.server.url)
        await ada.until_synced()
        assert await ada.request(ask_to_write_message) is MembersReason.NO_SUCH_MEMBER


async def test_the_list_is_read_once_for_all_who_ask_for_it_after_one_act_and_is_always_that_of_now(team: Team) -> None:
    owners = [await team.join(f"owner {number}", Role.OWNER) for number in range(10)]
    readers = [await team.join(f"reader {number}", Role.VIEWER) for number in range(50)]
    store, reads = team.house.server._store, Counter[str]()
    read = store.askers

    async def count(room: str, now: int) -> list[AskRecord]:
        reads[room] += 1
        return await read(room, now)

    async def all_look() -> list[list[tuple[str | None, Role]]]:
        return await asyncio.gather(*(askers(client) for client in (*owners, *readers)))

    with patch.object(store, "askers", count):
        for reader in readers:
            assert await reader.request(ask_to_write_message) is None
        everybody = [(f"reader {number}", Role.VIEWER) for number in range(50)]
        assert await all_look() == [everybody] * 10 + [[each] for each in everybody]
        assert await all_look() == [everybody] * 10 + [[each] for each in everybody]
        assert reads == {"room": 1}
        for number in range(5):
            assert await readers[0].request(rename_message, f"Zoe {number}") is None
            everybody[0] = (f"Zoe {number}", Role.VIEWER)
            assert await all_look() == [everybody] * 10 + [[each] for each in everybody]
        assert reads == {"room": 6}


async def test_a_list_that_could_not_be_read_is_read_again(team: Team) -> None:
    ada, ben = await team.join("Ada", Role.OWNER), await team.join("Ben", Role.VIEWER)
    assert await ben.request(ask_to_write_message) is None

    async def fail(room: str, now: int) -> list[AskRecord]:
        raise StoreFailed("The disk is full.")

    with patch.object(team.house.server._store, "askers", fail):
        assert await ada.request(askers_get_message) is MembersReason.UNREADABLE
    assert await askers(ada) == [("Ben", Role.VIEWER)]
