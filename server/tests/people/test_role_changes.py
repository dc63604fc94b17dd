"""A role that changes while people write counts at once, and disturbs nobody else."""

from __future__ import annotations

import asyncio

from cowrite_server.wire.members import (
    set_role_message,
)
from cowrite_server.wire.protocol import Close, Reason, Role
from helpers.stopwatch import within
from house import MakeHouse
from stores import opened
from sync_clients import Client, until
from team import Team, members, number_of


async def test_a_role_that_changes_counts_at_once_and_disturbs_nobody_else(team: Team) -> None:
    ada, ben, cyd = await team.join("Ada", Role.OWNER), await team.join("Ben"), await team.join("Cyd")
    await ben.write("acknowledged ")
    await ben.until_saved()
    typing = asyncio.create_task(type_on(cyd))
    await ada.until(lambda: "<3>" in ada.text)
    async with within(1):
        assert await ada.request(set_role_message, number_of(ben), Role.VIEWER) is None
        await ben.until(lambda: ben.roles == [Role.VIEWER])
    await ben.write("refused")
    await ben.until(lambda: ben.refused)
    assert ben.refused[-1].reason is Reason.READ_ONLY
    assert await ada.request(set_role_message, number_of(ben), Role.EDITOR) is None
    await ben.until(lambda: ben.roles == [Role.VIEWER, Role.EDITOR])
    await typing
    late = await team.join("Late")
    assert late.text.count("acknowledged ") == 1
    assert "refused" not in late.text
    assert [late.text.count(f"<{number}>") for number in range(20)] == 20 * [1]
    for client in (ada, ben, cyd):
        assert client.closed is None
        assert len(client.steps) == 1  # nobody had to load anything again
    assert cyd.refused == []
    assert cyd.roles == []


async def type_on(client: Client) -> None:
    """Somebody types and waits each time until it is saved."""
    for number in range(20):
        await client.write(f"<{number}>")
        await client.until_saved()


async def test_a_viewer_who_becomes_an_editor_writes_without_connecting_again(team: Team) -> None:
    ada, ben = await team.join("Ada", Role.OWNER), await team.join("Ben", Role.VIEWER)
    assert await ada.request(set_role_message, number_of(ben), Role.EDITOR) is None
    await ben.until(lambda: ben.roles == [Role.EDITOR])
    await ben.write("hello")
    await ben.until_saved()
    await ada.until(lambda: ada.text == "hello")


async def test_what_a_stock_client_was_refused_comes_when_it_may_write_again(team: Team) -> None:
    ada, stock = await team.join("Ada", Role.OWNER), await team.house.stock(await team.secret(Role.EDITOR))
    await stock.write("before ")
    await ada.until(lambda: ada.text == "before ")
    number = next(each.id for each in (await members(ada)).values() if each.name is None)
    assert await ada.request(set_role_message, number, Role.VIEWER) is None
    await stock.write("refused ")
    await until(lambda: team.house.server._figures.refusals[Reason.READ_ONLY])
    assert await ada.request(set_role_message, number, Role.EDITOR) is None
    await stock.write("after")
    await ada.until(lambda: ada.text == "before refused after")
    assert stock.closed is None


async def test_an_editor_who_becomes_a_suggester_is_judged_as_one(team: Team) -> None:
    ada, ben = await team.join("Ada", Role.OWNER), await team.join("Ben")
    await ben.write("text ")
    await ben.until_saved()
    assert await ada.request(set_role_message, number_of(ben), Role.SUGGESTER) is None
    await ben.until(lambda: ben.roles)
    ben.body.insert(5, "suggested", {"insertion": "ben"})
    await ben.push()
    await ben.until_saved()
    await ada.until(lambda: ada.text == "text suggested")
    ben.body.insert(0, "plain ")
    await ben.push()
    await ben.until(lambda: ben.refused)
    assert ben.refused[-1].reason is Reason.ONLY_SUGGESTING
    assert ada.text == "text suggested"


async def test_a_picture_on_its_way_is_refused_when_its_sender_becomes_a_viewer(team: Team) -> None:
    ada, ben = await team.join("Ada", Role.OWNER), await team.join("Ben")
    picture = bytes(1000)
    drawer = Drawer()
    await drawer.upload(picture, part=500)
    await ben.send(drawer.kept[0])
    assert await ada.request(set_role_message, number_of(ben), Role.VIEWER) is None
    await ben.until(lambda: ben.roles)
    await ben.send(drawer.kept[1])
    await ben.until(lambda: ben.blobs_refused)
    assert ben.blobs_refused[0].reason is Reason.READ_ONLY


class Drawer(Client):
    """Keeps its messages instead of sending them."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: list[bytes] = []

    async def send(self, message: bytes) -> None:
        """Keeps a message."""
        self.kept.append(message)


async def test_what_the_host_changes_beside_the_server_counts_within_a_second(team: Team) -> None:
    ben, stock = await team.join("Ben"), await team.house.stock(await team.secret(Role.EDITOR))
    alike = await team.house.client(await team.secret(Role.EDITOR))  # the same member as the stock client
    async with opened(team.house.settings.store) as beside:
        async with within(1):
            await beside.set_role("room", number_of(ben), Role.COMMENTER, 1)
            await ben.until(lambda: ben.roles == [Role.COMMENTER])
        shared = next(member.id for member in await beside.list_members("room") if not member.own)
        await beside.set_role("room", shared, Role.VIEWER, 1)
        await alike.until(lambda: alike.roles == [Role.VIEWER])
        await stock.write("refused without a word")
        async with within(1):
            await beside.remove_member("room", number_of(ben), 2)
            assert (await ben.until_closed()).code == Close.WITHDRAWN
    late = await team.join("Late")
    assert late.text == ""
    assert stock.closed is None


async def test_the_store_is_looked_at_for_other_roles_as_often_as_the_settings_say(make_house: MakeHouse) -> None:
    house = await make_house(watch_seconds=0.01)
    ben = await Team(house).join("Ben")
    async with opened(house.settings.store) as beside, within(2):
        for number in range(8):
            await beside.set_role("room", number_of(ben), Role.VIEWER if number % 2 else Role.EDITOR, number)
            await ben.until(lambda number=number: len(ben.roles) >= number)


async def test_somebody_demoted_cannot_restore(team: Team) -> None:
    ada, ben = await team.join("Ada", Role.OWNER), await team.join("Ben")
    await ben.write("text")
    await ben.until_saved()
    assert await ben.restore(1) is None
    await ada.request(set_role_message, number_of(ben), Role.SUGGESTER)
    assert str(await ben.restore(1)) == "read-only"
