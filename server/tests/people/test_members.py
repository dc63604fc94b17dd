"""Members over the wire: who is who, under which name, and what everybody sees of the others."""

from __future__ import annotations

import asyncio
from urllib.parse import quote

import pytest

from clock import HOUR
from commands import run
from cowrite_server.store.opening import sqlite_address
from cowrite_server.store.sqlite.store import SqliteStore
from cowrite_server.wire.members import (
    InviteWish,
    MemberList,
    MembersReason,
    invite_message,
    members_get_message,
    remove_member_message,
    rename_message,
    set_role_message,
)
from cowrite_server.wire.names import NAME_UNITS
from cowrite_server.wire.protocol import Close, Message, Role
from helpers.stopwatch import within
from house import House, MakeHouse
from stores import opened
from sync_clients import Client, until, until_true
from team import Team, closed_with, members, number_of, own, shown

# Who is who


async def test_somebody_with_a_secret_of_their_own_is_the_same_member_whatever_becomes_of_the_invite(
    house: House,
) -> None:
    now = house.clock()
    invited = await house.server.members.invite("room", InviteWish(Role.EDITOR, now + 60_000, 1))
    ada = await house.client(invited.secret, client=Client(member=own("ada"), name="Ada"))
    assert ada.hello is not None
    assert (ada.hello.role, ada.hello.name) == (Role.EDITOR, "Ada")
    assert await closed_with(house, Client(member=own("ben")), invited.secret) == Close.USED_UP
    assert await closed_with(house, Client(), invited.secret) == Close.USED_UP
    again = await house.client(invited.secret, client=Client(member=own("ada")))
    assert again.hello is not None
    assert (again.hello.member, again.hello.name) == (ada.hello.member, "Ada")
    stranger = await house.client(await house.secret(), client=Client(member=own("cyd")))
    assert number_of(stranger) != number_of(ada)


async def test_all_who_come_by_one_invite_without_a_secret_of_their_own_are_one_member(house: House) -> None:
    secret = await house.secret()
    one, two, named = await house.client(secret), await house.client(secret), Client(name="Ada")
    await house.client(secret, client=named)
    assert number_of(one) == number_of(two) == number_of(named)
    assert named.hello is not None
    assert named.hello.name is None  # it would be the name of all three
    assert await named.request(rename_message, "Ada") is MembersReason.NO_SUCH_MEMBER
    assert [(member.here, member.name) for member in (await members(one)).values()] == [(True, None)]


async def test_secret_and_name_may_stand_in_the_query(house: House) -> None:
    secret = await house.secret()
    query = f"room?key={secret}&member={own('ada')}&name={quote('Ada Łövelace')}"
    async with Client() as ada:
        await ada.open(house.server.url, query)
        await ada.until(lambda: ada.hello)
        assert ada.hello is not None
        assert ada.hello.name == "Ada Łövelace"


async def test_a_secret_that_could_be_guessed_is_not_taken(house: House) -> None:
    assert await closed_with(house, Client(member="ada"), await house.secret()) == Close.MALFORMED


async def test_an_invite_for_one_lets_in_one_of_all_who_come_at_once(house: House) -> None:
    invited = await house.server.members.invite("room", InviteWish(Role.EDITOR, uses=1))
    clients = [Client(member=own(f"client {number}")) for number in range(20)]
    await asyncio.gather(*(client.open(house.server.url, "room", invited.secret) for client in clients))
    for client in clients:
        await client.until(lambda client=client: client.hello or client.closed)
        await client.leave()
    assert sum(client.hello is not None for client in clients) == 1
    assert house.server._figures.refusals["used_up"] == 19


async def test_however_many_come_at_once_it_is_looked_twice_at_most_how_all_stand(house: House) -> None:
    await house.client()
    attendance = house.server._attendance
    before = attendance.looks
    await asyncio.gather(*(attendance.changed() for _ in range(100)))
    assert 1 <= attendance.looks - before <= 2  # one that was under way may have missed what was done behind its back


async def test_when_an_invite_expires_those_go_whom_only_it_let_in(house: House) -> None:
    wish = InviteWish(Role.EDITOR, house.clock() + HOUR)
    invited = await house.server.members.invite("room", wish)
    shared, stock = await house.client(invited.secret), await house.stock(invited.secret)
    ada = await house.client(invited.secret, client=Client(member=own("ada")))
    async with within(1):
        house.clock.ahead += HOUR
        for client in (shared, stock):
            assert (await client.until_closed()).code == Close.EXPIRED
    await ada.write("undisturbed")
    await ada.until_saved()
    assert ada.closed is None
    assert await closed_with(house, Client(), invited.secret) == Close.EXPIRED
    assert await closed_with(house, Client(member=own("ben")), invited.secret) == Close.EXPIRED
    await house.client(invited.secret, client=Client(member=own("ada")))


async def test_a_store_that_is_silent_keeps_nobody_beyond_their_time(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, answer = asyncio.Event(), asyncio.Event()

    async def silent(self: SqliteStore) -> int:
        asked.set()
        await answer.wait()
        return 1

    monkeypatch.setattr(SqliteStore, "changes_by_others", silent)
    await asked.wait()
    invited = await house.server.members.invite("room", InviteWish(Role.EDITOR, house.clock() + HOUR))
    stock = await house.stock(invited.secret)
    house.clock.ahead += HOUR
    assert (await stock.until_closed()).code == Close.EXPIRED
    answer.set()


async def test_the_log_names_members_as_authors(team: Team) -> None:
    ada, ben = await team.join("Ada"), await team.join("Ben")
    await ada.write("from Ada")
    await ada.until_saved()
    await ben.until(lambda: ben.text == "from Ada")
    await ben.write(", from Ben")
    await ben.until_saved()
    moments = (await ada.moments()).moments
    assert {member for moment in moments for member in moment.members} == {number_of(ada), number_of(ben)}


# Names


async def test_presence_shows_names_that_the_server_gave(team: Team) -> None:
    ada, impostor = (
        await team.join("Ada"),
        await team.house.client(await team.secret(Role.EDITOR), client=Client(member=own("impostor"), name="Ada")),
    )
    ada_shown, impostor_shown = await shown(impostor, ada), await shown(ada, impostor)
    await ada.show({"user": {"name": "whatever", "color": "#123456"}})
    await impostor.show({"user": {"name": "Ada"}})
    await impostor.until(lambda: ada_shown() == "Ada")
    await ada.until(lambda: impostor_shown() == "Ada (2)")
    entry = ada.present[ada.doc.client_id].state
    assert entry == {"user": {"name": "Ada", "color": "#123456"}}


async def test_a_new_name_is_seen_by_all_at_once(team: Team) -> None:
    ada, ben = await team.join("Ada"), await team.join("Ben")
    name = await shown(ben, ada)
    await ada.show({"user": {"name": "Ada"}, "at": 1}, clock=5)
    await ben.until(lambda: name() == "Ada")
    assert await ada.request(rename_message, " Ada\u202e  Lovelace\x07 ") is None
    await ben.until(lambda: name() == "Ada Lovelace")
    assert (await members(ben))[number_of(ada)].name == "Ada Lovelace"
    await ben.until(lambda: ben.members_changed)
    await ada.show({"user": {"name": "Ada"}, "at": 2}, clock=6)  # sent before it heard of the new one
    await ben.until(lambda: (ben.present[ada.doc.client_id].state or {}).get("at") == 2)
    assert name() == "Ada Lovelace"
    later = await team.house.client(client=Client(member=own("Ada"), name="Countess"))  # at another handshake
    await ben.until(lambda: name() == "Countess")
    assert number_of(later) == number_of(ada)


@pytest.mark.parametrize("name", ["", " \t", "x" * (NAME_UNITS + 1), "\u202e"])
async def test_what_is_no_name_is_refused(team: Team, name: str) -> None:
    ada = await team.join("Ada")
    assert await ada.request(rename_message, name) is MembersReason.BAD_REQUEST
    assert (await members(ada))[number_of(ada)].name == "Ada"


# The list


async def test_everybody_sees_the_members_and_owners_see_the_rest(team: Team) -> None:
    ada, ben, cyd = await team.join("Ada", Role.OWNER), await team.join("Ben"), await team.join("Cyd", Role.VIEWER)
    await cyd.leave()
    gone = await team.join("Gone")
    assert await ada.request(remove_member_message, number_of(gone)) is None
    await until(lambda: team.house.connection_count == 2)
    seen = await members(ben)
    assert {member.name: (member.role, member.here) for member in seen.values()} == {
        "Ada": (Role.OWNER, True),
        "Ben": (Role.EDITOR, True),
        "Cyd": (Role.VIEWER, False),
    }
    everything = await ada.request(members_get_message)
    assert isinstance(everything, MemberList)
    assert [member.name for member in everything.members if member.removed is not None] == ["Gone"]
    assert [(invite.role, invite.used) for invite in everything.invites] == [
        (Role.OWNER, 1),
        (Role.EDITOR, 2),
        (Role.VIEWER, 1),
    ]
    found = await ben.request(members_get_message)
    assert isinstance(found, MemberList)
    assert found.invites == ()


async def test_when_somebody_was_here_last_is_known_after_a_restart(team: Team) -> None:
    ada, ben = await team.join("Ada"), await team.join("Ben")
    before = team.house.clock()
    await ben.leave()
    await ada.leave()
    await until(lambda: team.house.connection_count == 0)
    await team.house.stop()
    await team.house.start()
    again = await team.join("Ada")
    found = (await members(again))[number_of(ben)]
    assert not found.here
    assert before <= found.seen <= team.house.clock()


async def test_who_has_gone_is_not_here_and_who_is_here_stays_so_when_the_clock_is_set_back(team: Team) -> None:
    clock, store = team.house.clock, team.house.server._store
    clock.ahead += HOUR
    ada, ben = await team.join("Ada"), await team.join("Ben")

    async def is_here(client: Client, here: bool = True) -> bool:
        (found,) = [each for each in await store.list_members("room") if each.id == number_of(client)]
        return found.is_here(clock()) is here

    await until_true(lambda: is_here(ada))
    await until_true(lambda: is_here(ben))
    await ben.leave()
    await until_true(lambda: is_here(ben, here=False))
    clock.ahead -= HOUR
    found = (await members(ada))[number_of(ben)]
    assert not found.here
    assert found.seen <= clock()
    await until_true(lambda: is_here(ada))  # for whoever asks the store, which may be another node
    done = await asyncio.to_thread(run, "members", "room", "--data", team.house.folder)
    assert [("here" in line, "Ben" in line) for line in done.out.splitlines()] == [(True, False), (False, True)]


async def test_whoever_shows_the_list_hears_when_it_changes(team: Team) -> None:
    ada, stock = await team.join("Ada", Role.OWNER), await team.house.stock()
    before = ada.members_changed
    ben = await team.join("Ben")
    await ada.until(lambda: ada.members_changed > before)
    assert ben.members_changed == 0
    for change in (
        (set_role_message, number_of(ben), Role.VIEWER),
        (invite_message, InviteWish(Role.VIEWER)),
        (remove_member_message, number_of(ben)),
    ):
        before = ada.members_changed
        await ada.request(*change)
        await ada.until(lambda before=before: ada.members_changed > before)
    assert Message.MEMBERS_CHANGED not in stock.messages


# What nobody may do to the server or learn from it


async def test_a_client_with_too_many_requests_is_told_to_wait(team: Team) -> None:
    ada = await team.join("Ada")
    for number in range(40):
        await ada.send(members_get_message(1000 + number))
    await ada.until(lambda: sum(number >= 1000 for number in ada.answers_by_request) == 40)
    answers = list(ada.answers_by_request.values())
    assert MembersReason.BUSY in answers
    assert any(isinstance(answer, MemberList) for answer in answers)


async def test_stock_clients_are_told_nothing_of_members(house: House) -> None:
    stock = await house.stock()
    await stock.send(members_get_message(1))
    assert (await stock.until_closed()).code == Close.MALFORMED


async def test_no_secret_is_in_the_data(team: Team) -> None:
    await team.join("Ada")
    secret = await team.secret(Role.EDITOR)
    await team.house.stop()
    for path in team.house.folder.iterdir():
        content = path.read_bytes()
        assert secret.encode() not in content
        assert own("Ada").encode() not in content


async def test_a_client_that_keeps_changing_its_name_is_put_off(team: Team) -> None:
    ada = await team.join("Ada")
    answers = [await ada.request(lambda number, name=f"Ada {turn}": rename_message(number, name)) for turn in range(20)]
    assert answers.count(None) == 10
    assert answers[10:] == [MembersReason.BUSY] * 10


async def test_who_comes_again_under_ever_another_name_keeps_the_one_of_the_last_time_that_it_was_taken(
    house: House,
) -> None:
    secret, names = await house.secret(), []
    for turn in range(14):
        ada = await house.client(secret, client=Client(member=own("ada"), name=f"Ada {turn}"))
        assert ada.hello is not None
        names.append(ada.hello.name)
        if turn < 13:
            await ada.leave()
    assert names == [*(f"Ada {turn}" for turn in range(11)), "Ada 10", "Ada 10", "Ada 10"]
    assert await ada.request(rename_message, "Ada L.") is MembersReason.BUSY
    ben = await house.client(secret, client=Client(member=own("ben"), name="Ben"))
    assert await ben.request(rename_message, "Ben B.") is None


async def test_whoever_is_removed_elsewhere_goes_with_what_is_saved_when_it_would_soon_be_looked(
    make_house: MakeHouse,
) -> None:
    house = await make_house(watch_seconds=1000.0)
    team = Team(house)
    ada, ben = await team.join("Ada"), await team.join("Ben")
    async with opened(sqlite_address(house.folder)) as elsewhere:
        await elsewhere.remove_member("room", number_of(ben), house.clock())
    async with within(10):
        while ben.closed is None:  # a look that begins because Ben has come may end only now
            house.clock.ahead += 501_000
            await ada.write("saved")
            await ada.until_saved()
    assert ben.closed.code == Close.WITHDRAWN
    assert ada.closed is None
