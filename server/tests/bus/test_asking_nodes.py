"""Who asks to write on one node is answered from another, whatever becomes of the first one."""

from __future__ import annotations

from contextlib import AsyncExitStack

import pytest

from cowrite_server.people.invites import make_invite
from cowrite_server.wire.asking import Asker, ask_to_write_message, askers_get_message, not_now_message
from cowrite_server.wire.members import InviteWish, MembersReason, set_role_message
from cowrite_server.wire.protocol import Role
from engines import Postgres, Redis
from helpers.stopwatch import within
from nodes import NEVER, StartNodes
from server_process import ServerProcess
from stores import opened
from sync_clients import Client, until_true
from team import number_of, own


async def askers(client: Client) -> list[str | None]:
    """What those are called of whom a client is told that they ask."""
    found = await client.request(askers_get_message)
    assert isinstance(found, tuple), found
    assert all(isinstance(each, Asker) for each in found)
    return [each.name for each in found]


async def until_told_anew(client: Client, before: int) -> None:
    """Waits until a client hears that something is otherwise than when it had heard so often."""
    await client.until(lambda: client.members_changed > before)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.COMMENTER, Role.SUGGESTER])
async def test_who_asks_on_one_node_may_write_once_an_owner_on_another_has_answered(
    start_nodes: StartNodes, role: Role
) -> None:
    nodes = await start_nodes(2, watch_seconds=NEVER)
    owners, readers = [await nodes.servers[0].invite("room", each) for each in (Role.OWNER, role)]
    ada = await nodes.client(1, secret=owners, name="Ada")
    ben, cyd = [await nodes.client(0, secret=readers, name=name) for name in ("Ben", "Cyd")]
    await ada.until(lambda: ada.members_changed >= 2)  # that Ben and Cyd have come
    before = ada.members_changed
    async with within(1):
        assert await ben.request(ask_to_write_message) is None
        await until_told_anew(ada, before)
        assert await askers(ada) == ["Ben"]
    async with within(1):
        assert await ada.request(set_role_message, number_of(ben), Role.EDITOR) is None
        await ben.until(lambda: ben.roles == [Role.EDITOR])
    await ben.write("from Ben")
    await ben.until_saved()
    await ada.until(lambda: ada.text == "from Ben")
    assert await askers(ada) == await askers(ben) == []
    assert [each.closed for each in (ada, ben, cyd)] == [None] * 3
    assert cyd.roles == []


async def test_who_is_told_not_now_on_another_node_hears_of_it_and_waits_on_each(start_nodes: StartNodes) -> None:
    nodes = await start_nodes(2, watch_seconds=NEVER)
    owners, readers = [await nodes.servers[0].invite("room", each) for each in (Role.OWNER, Role.VIEWER)]
    ada, ben = await nodes.client(1, secret=owners, name="Ada"), await nodes.client(0, secret=readers, name="Ben")
    assert await ben.request(ask_to_write_message) is None
    await until_true(lambda: askers(ada))
    before = ben.members_changed
    async with within(1):
        assert await ada.request(not_now_message, number_of(ben)) is None
        await until_told_anew(ben, before)
        assert await askers(ben) == []
    elsewhere = await nodes.client(1, secret=readers, name="Ben")
    assert number_of(elsewhere) == number_of(ben)
    assert await elsewhere.request(ask_to_write_message) is MembersReason.ASKED_LATELY


async def test_what_was_asked_on_a_node_that_was_killed_is_answered_and_in_force_on_another(
    stack: AsyncExitStack, postgres: Postgres, redis: Redis
) -> None:
    address = stack.enter_context(postgres.database())
    async with opened(address) as store:
        owners, readers = [
            (await make_invite(store, "room", InviteWish(role), now=1))[1] for role in (Role.OWNER, Role.VIEWER)
        ]
    doomed, other = [await stack.enter_async_context(ServerProcess(address, "--bus", redis.address)) for _ in range(2)]

    async def come(node: ServerProcess, name: str, secret: str) -> Client:
        client = Client(member=own(name), name=name)
        await client.open(node.url, "room", secret)
        stack.push_async_callback(client.leave)
        await client.until_synced()
        return client

    ada, ben = await come(other, "Ada", owners), await come(doomed, "Ben", readers)
    await ada.until(lambda: ada.members_changed)  # that Ben has come
    before = ada.members_changed
    async with within(1):
        assert await ben.request(ask_to_write_message) is None
        await until_told_anew(ada, before)
    await doomed.kill()
    await ben.until_closed()
    assert await askers(ada) == ["Ben"]
    back = await come(other, "Ben", readers)
    assert number_of(back) == number_of(ben)
    assert await askers(back) == ["Ben"]
    assert await ada.request(set_role_message, number_of(ben), Role.EDITOR) is None
    await back.until(lambda: back.roles == [Role.EDITOR])
    await back.write("from Ben")
    await ada.until(lambda: ada.text == "from Ben")
    assert ada.closed is None
