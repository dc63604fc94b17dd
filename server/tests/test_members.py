"""Members over the wire: who is in a room and under which name, what owners do about it, and that it counts at once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from urllib.parse import quote

import pytest
from pycrdt import Doc, Text

from cowrite_server.encoding import var_string, var_uint
from cowrite_server.members_protocol import (
    NAME_UNITS,
    Act,
    Invited,
    InviteWish,
    MemberList,
    MembersReason,
    MemberSummary,
    audit_get_message,
    invite_message,
    members_get_message,
    remove_member_message,
    rename_message,
    set_role_message,
    withdraw_message,
)
from cowrite_server.protocol import (
    Close,
    Message,
    Reason,
    Role,
)
from house import House, MakeHouse
from stores import opened
from sync_clients import Client, until


def own(name: str) -> str:
    """A secret of somebody's own."""
    return name.ljust(32, "-")


class Team:
    """People in one room, each with a secret of their own."""

    def __init__(self, house: House) -> None:
        self.house = house
        self._secrets: dict[Role, str] = {}

    async def secret(self, role: Role) -> str:
        """The secret of the invite for a role."""
        if role not in self._secrets:
            self._secrets[role] = await self.house.secret(role)
        return self._secrets[role]

    async def join(self, name: str, role: Role = Role.EDITOR, doc: Doc[Text] | None = None) -> Client:
        """Somebody who comes with a name."""
        return await self.house.client(await self.secret(role), client=Client(doc, member=own(name), name=name))


@pytest.fixture
def team(house: House) -> Team:
    """Nobody yet."""
    return Team(house)


def number_of(client: Client) -> int:
    assert client.hello is not None
    assert client.hello.member is not None
    return client.hello.member


async def members(client: Client) -> dict[int, MemberSummary]:
    found = await client.request(members_get_message)
    assert isinstance(found, MemberList), found
    return {member.id: member for member in found.members}


async def closed_with(house: House, client: Client, secret: str | None) -> int:
    """The close code with which somebody is answered."""
    await client.open(house.server.url, "room", secret)
    closed = await client.until_closed()
    await client.leave()
    assert client.messages == []
    return closed.code


async def shown(client: Client, of: Client) -> Callable[[], object]:
    """The name under which a client sees another one."""

    def name() -> object:
        entry = client.present.get(of.doc.client_id)
        return None if entry is None or entry.state is None else entry.state["user"]["name"]

    return name


# Who is who


async def test_somebody_with_a_secret_of_their_own_is_the_same_member_whatever_becomes_of_the_invite(
    house: House,
) -> None:
    now = house.server._now()
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


async def test_when_an_invite_expires_those_go_whom_only_it_let_in(house: House) -> None:
    wish = InviteWish(Role.EDITOR, house.server._now() + 700)
    invited = await house.server.members.invite("room", wish)
    shared, stock = await house.client(invited.secret), await house.stock(invited.secret)
    ada = await house.client(invited.secret, client=Client(member=own("ada")))
    assert house.server._now() < (wish.expires or 0)
    for client in (shared, stock):
        assert (await client.until_closed()).code == Close.EXPIRED
    assert house.server._now() - (wish.expires or 0) < 1000
    await ada.write("undisturbed")
    await ada.until_saved()
    assert ada.closed is None
    assert await closed_with(house, Client(), invited.secret) == Close.EXPIRED
    assert await closed_with(house, Client(member=own("ben")), invited.secret) == Close.EXPIRED
    await house.client(invited.secret, client=Client(member=own("ada")))


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
    await until(lambda: team.house.server.connection_count == 2)
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
    before = team.house.server._now()
    await ben.leave()
    await ada.leave()
    await until(lambda: team.house.server.connection_count == 0)
    await team.house.stop()
    await team.house.start()
    again = await team.join("Ada")
    found = (await members(again))[number_of(ben)]
    assert not found.here
    assert before <= found.seen <= team.house.server._now()


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


# What owners do


async def test_an_owner_invites(team: Team) -> None:
    ada = await team.join("Ada", Role.OWNER)
    wish = InviteWish(Role.SUGGESTER, team.house.server._now() + 60_000, 2)
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
    "terms", [{"expires": 1}, {"uses": 0}, {"uses": -1}, {"uses": 10**30}, {"expires": 10**30}, {"expires": -5}]
)
async def test_an_invite_that_cannot_be_is_refused(team: Team, terms: dict[str, int]) -> None:
    ada = await team.join("Ada", Role.OWNER)
    assert await ada.request(invite_message, InviteWish(Role.VIEWER, **terms)) is MembersReason.BAD_REQUEST


@pytest.mark.parametrize("wish", ['{"role": "king"}', "[]", "", '{"role": "viewer", "uses": 1e999}', 100_000 * "["])
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
    async with asyncio.timeout(1):
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


# Roles that change while people write


async def test_a_role_that_changes_counts_at_once_and_disturbs_nobody_else(team: Team) -> None:
    ada, ben, cyd = await team.join("Ada", Role.OWNER), await team.join("Ben"), await team.join("Cyd")
    await ben.write("acknowledged ")
    await ben.until_saved()
    typing = asyncio.create_task(type_on(cyd))
    await ada.until(lambda: "<3>" in ada.text)
    async with asyncio.timeout(1):
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
    whole = Client()
    sent: list[bytes] = []
    whole.send = lambda message: _keep(sent, message)  # type: ignore[method-assign]
    await whole.upload(picture, part=500)
    await ben.send(sent[0])
    assert await ada.request(set_role_message, number_of(ben), Role.VIEWER) is None
    await ben.until(lambda: ben.roles)
    await ben.send(sent[1])
    await ben.until(lambda: ben.blobs_refused)
    assert ben.blobs_refused[0].reason is Reason.READ_ONLY


async def _keep(sent: list[bytes], message: bytes) -> None:
    sent.append(message)


async def test_what_the_host_changes_beside_the_server_counts_within_a_second(team: Team) -> None:
    ben, stock = await team.join("Ben"), await team.house.stock(await team.secret(Role.EDITOR))
    alike = await team.house.client(await team.secret(Role.EDITOR))  # the same member as the stock client
    async with opened(team.house.settings.store) as beside:
        async with asyncio.timeout(1):
            await beside.set_role("room", number_of(ben), Role.COMMENTER, 1)
            await ben.until(lambda: ben.roles == [Role.COMMENTER])
        shared = next(member.id for member in await beside.list_members("room") if not member.own)
        await beside.set_role("room", shared, Role.VIEWER, 1)
        await alike.until(lambda: alike.roles == [Role.VIEWER])
        await stock.write("refused without a word")
        async with asyncio.timeout(1):
            await beside.remove_member("room", number_of(ben), 2)
            assert (await ben.until_closed()).code == Close.WITHDRAWN
    late = await team.join("Late")
    assert late.text == ""
    assert stock.closed is None


async def test_somebody_demoted_cannot_restore(team: Team) -> None:
    ada, ben = await team.join("Ada", Role.OWNER), await team.join("Ben")
    await ben.write("text")
    await ben.until_saved()
    assert await ben.restore(1) is None
    await ada.request(set_role_message, number_of(ben), Role.SUGGESTER)
    assert str(await ben.restore(1)) == "read-only"


# Acts


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


# Whoever asks may go away


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


async def test_a_client_that_keeps_changing_its_name_is_put_off(team: Team) -> None:
    ada = await team.join("Ada")
    answers = [await ada.request(lambda number, name=f"Ada {turn}": rename_message(number, name)) for turn in range(20)]
    assert answers.count(None) == 10
    assert answers[10:] == [MembersReason.BUSY] * 10
