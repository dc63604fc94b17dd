"""Who is let in, who is not and why, and how an invite ends while its holder writes."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
from pycrdt import Doc, Text
from websockets.asyncio.client import connect

from cowrite_server.errors import NoSuchInvite, NoSuchRoom
from cowrite_server.people.admission import Wish, origin_allowed
from cowrite_server.people.invites import link, make_invite
from cowrite_server.settings.settings import Settings
from cowrite_server.store.sqlite.database import FILE_NAME
from cowrite_server.wire.encoding import var_bytes
from cowrite_server.wire.members import InviteWish
from cowrite_server.wire.protocol import (
    SUBPROTOCOL,
    Close,
    Limits,
    Reason,
    Refused,
    Role,
    Sync,
    sync_message,
)
from cowrite_server.wrong_use import BadAddress, BadRoomName, OpenBeyondLoopback
from helpers.stopwatch import within
from house import House, MakeHouse
from stores import opened
from sync_clients import Client, StockClient
from team import closed_with, own


async def test_without_a_secret_nobody_is_let_in(house: House) -> None:
    await house.secret()
    assert await closed_with(house, Client()) == Close.NOT_INVITED


async def test_a_wrong_secret_and_a_wrong_room_are_answered_alike(house: House) -> None:
    secret = await house.secret(room="room")
    await house.secret(room="other")
    assert await closed_with(house, Client(), secret="guessed") == Close.NOT_INVITED
    assert await closed_with(house, Client(), room="other", secret=secret) == Close.NOT_INVITED
    assert await closed_with(house, Client(), room="missing", secret=secret) == Close.NOT_INVITED


@pytest.mark.parametrize("name", ["", "/[", "two/parts", "%20", "-dash", "x" * 129, "caf%C3%A9", ".hidden", "a:b"])
async def test_a_name_that_no_room_can_have_is_no_room_and_the_rule_is_said(house: House, name: str) -> None:
    assert await closed_with(house, Client(), room=name, secret="any") == Close.NO_SUCH_ROOM
    assert "128 letters, digits and . _ ~ -" in Close.NO_SUCH_ROOM.sentence


async def test_the_secret_may_stand_in_the_query(house: House) -> None:
    secret = await house.secret()
    async with connect(f"{house.server.url}/room?key={secret}", subprotocols=[SUBPROTOCOL]) as socket:
        assert await socket.recv()
        assert socket.subprotocol == SUBPROTOCOL


async def test_other_subprotocols_are_not_agreed_to(house: House) -> None:
    async with connect(f"{house.server.url}/room?key={await house.secret()}", subprotocols=["chat"]) as socket:
        assert await socket.recv()
        assert socket.subprotocol is None


async def test_secrets_are_not_in_the_data(house: House) -> None:
    secret = await house.secret()
    await house.stop()
    for path in house.folder.iterdir():
        assert secret.encode() not in path.read_bytes()


async def test_a_client_of_another_epoch_is_told_before_anything_is_exchanged(house: House) -> None:
    secret = await house.secret()
    ann = await house.client(secret)
    await ann.write("the document")
    await ann.until_saved()
    assert await closed_with(house, Client(), secret=secret, epoch="another") == Close.EPOCH_CHANGED
    assert ann.hello is not None
    again = await house.enter(Client(), secret, epoch=ann.hello.epoch)
    await again.until(lambda: again.text == "the document")


async def test_a_rebuilt_room_is_not_merged_with_old_copies(house: House) -> None:
    ann = await house.client()
    await ann.write("the document")
    await ann.until_saved()
    assert ann.hello is not None
    await ann.leave()
    await house.stop()
    for path in house.folder.glob(f"{FILE_NAME}*"):
        path.unlink()
    await house.start()
    secret = await house.secret()
    assert await closed_with(house, Client(), secret=secret, epoch=ann.hello.epoch) == Close.EPOCH_CHANGED
    fresh = await house.client(secret)
    assert fresh.text == ""
    assert ann.text == "the document"


async def test_a_full_room_lets_nobody_else_in(make_house: MakeHouse) -> None:
    house = await make_house(limits=Limits(room_clients=2))
    secret = await house.secret()
    ann, _ = await house.client(secret), await house.client(secret)
    assert await closed_with(house, Client(), secret=secret) == Close.ROOM_FULL
    await ann.leave()
    await house.client(secret)


async def test_a_room_with_all_its_members_lets_in_them_and_nobody_new(make_house: MakeHouse) -> None:
    house = await make_house(limits=Limits(room_members=2))
    secret = await house.secret()
    ann = await house.client(secret, client=Client(member=own("ann")))
    await house.client(secret)
    assert ann.hello is not None
    assert ann.hello.limits.room_members == 2
    assert await closed_with(house, Client(member=own("ben")), secret) == Close.MEMBERS_FULL
    await ann.leave()
    await house.client(secret, client=Client(member=own("ann")))
    await house.client(secret)


def update_messages() -> dict[str, bytes]:
    doc: Doc[Text] = Doc()
    doc["body"] = Text("not allowed")
    update = doc.get_update()
    long_size = bytes((0x80 | len(update), 0x80, 0))
    return {
        "update": sync_message(Sync.UPDATE, update),
        "step 2": sync_message(Sync.STEP_2, update),
        "type in two bytes": b"\x80\x00" + b"\x02" + var_bytes(update),
        "kind in three bytes": b"\x00" + b"\x82\x80\x00" + var_bytes(update),
        "step 2 in long integers": b"\x80\x80\x00" + b"\x81\x00" + long_size + update,
    }


@pytest.mark.parametrize("encoding", update_messages())
async def test_nothing_that_a_viewer_sends_is_kept(house: House, encoding: str) -> None:
    ann = await house.client()
    viewer = await house.client(await house.secret(Role.VIEWER))
    await viewer.until_saved()
    await viewer.send(update_messages()[encoding])
    await viewer.until(lambda: viewer.refused)
    assert viewer.refused == [Refused(viewer.sent + 1, Reason.READ_ONLY)]
    await viewer.until(lambda: viewer.saved == viewer.sent + 1)
    stock = await house.stock(await house.secret(Role.VIEWER))
    await stock.send(update_messages()[encoding])
    await ann.write("allowed")
    await stock.until(lambda: stock.text == "allowed")  # a stock viewer stays, and reads on
    await viewer.until(lambda: viewer.text == "allowed")
    await ann.until_saved()
    await house.stop()
    await house.start()
    assert (await house.client()).text == "allowed"


async def test_a_viewer_with_nothing_new_is_not_refused(house: House) -> None:
    ann = await house.client()
    await ann.write("some text")
    del ann.body[0:5]
    await ann.push()
    await ann.until_saved()
    copy: Doc[Text] = Doc()
    copy.apply_update(ann.doc.get_update())
    viewer = await house.client(await house.secret(Role.VIEWER), client=Client(copy))
    await viewer.until_saved()  # its answer to step 1 names every deletion
    await viewer.send_update(copy.get_update(), Sync.STEP_2)
    await viewer.until_saved()
    assert viewer.refused == []


async def test_a_withdrawn_invite_closes_its_connections_within_a_second(house: House) -> None:
    secret, other = await house.secret(), await house.secret()
    ann, ben, stock = await house.client(secret), await house.client(other), await house.stock(secret)
    async with opened(house.settings.store) as another_process:
        first = (await another_process.list_invites("room"))[0].id
        async with within(1):
            assert await another_process.withdraw("room", [first], now=1) == [first]
            assert (await ann.until_closed()).code == Close.WITHDRAWN
            assert (await stock.until_closed()).code == Close.WITHDRAWN
    assert await closed_with(house, Client(), secret=secret) == Close.WITHDRAWN
    await ben.write("still writing")
    await ben.until_saved()
    assert ben.closed is None


async def test_an_invite_made_by_another_process_is_good_at_once(house: House) -> None:
    async with opened(house.settings.store) as another_process:
        secret = (await make_invite(another_process, "new-room", InviteWish(Role.VIEWER), 0))[1]
    client = await house.client(secret, room="new-room")
    assert client.hello is not None
    assert client.hello.role is Role.VIEWER


async def test_invites_are_listed_and_withdrawn_by_their_numbers(house: House) -> None:
    ann = await house.client(await house.secret(Role.EDITOR))
    await house.secret(Role.VIEWER)
    assert [(invite.id, invite.role) for invite in await house.server.invites("room")] == [
        (1, Role.EDITOR),
        (2, Role.VIEWER),
    ]
    assert await house.server.revoke("room", [1]) == [1]
    assert (await ann.until_closed()).code == Close.WITHDRAWN
    assert await house.server.revoke("room") == [2]
    assert await house.server.revoke("room") == []
    with pytest.raises(NoSuchInvite):
        await house.server.revoke("room", [3])
    with pytest.raises(NoSuchRoom):
        await house.server.invites("nowhere")
    with pytest.raises(BadRoomName):
        await house.server.invite("no/room", Role.EDITOR)


async def test_an_open_server_makes_rooms_and_editors_of_all_who_come(make_house: MakeHouse) -> None:
    house = await make_house(anybody=True)
    ann = await Client().open(house.server.url, "brand-new")
    async with ann:
        await ann.until_synced()
        assert ann.hello is not None
        assert ann.hello.role is Role.EDITOR
        await ann.write("hello")
        await ann.until_saved()
    viewer = await house.client(await house.secret(Role.VIEWER))
    assert viewer.hello is not None
    assert viewer.hello.role is Role.VIEWER


async def test_an_open_server_refuses_web_pages_of_strangers(make_house: MakeHouse) -> None:
    house = await make_house(anybody=True)
    for origin, welcome in (("https://evil.example", False), ("http://localhost:5173", True)):
        async with StockClient(answers=False) as page:
            await page.open(house.server.url, origin=origin)
            if welcome:
                await page.until(lambda page=page: page.messages)
            else:
                assert (await page.until_closed()).code == Close.FOREIGN_ORIGIN


async def test_an_open_server_is_for_this_machine_only(make_house: MakeHouse) -> None:
    with pytest.raises(OpenBeyondLoopback):
        await make_house(anybody=True, host="0.0.0.0")


def test_a_link_carries_room_and_secret_behind_the_address() -> None:
    assert link("ws://10.0.0.1:8765", "plan", "S") == "cowrite://10.0.0.1:8765/plan#S"
    assert link("wss://docs.example.org", "plan", "S") == "cowrites://docs.example.org/plan#S"
    assert link("wss://[::1]:1/", "plan", "S") == "cowrites://[::1]:1/plan#S"


@pytest.mark.parametrize("url", ["http://host", "host:8765", "ws://", "ws://host/path", "ws://host:port", "ws://h?x=1"])
def test_an_address_that_is_none_makes_no_link(url: str) -> None:
    with pytest.raises(BadAddress):
        link(url, "plan", "S")


async def test_the_database_says_whose_it_is(house: House) -> None:
    with closing(sqlite3.connect(house.folder / FILE_NAME)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA application_id").fetchone() == (0x63777376,)
        assert connection.execute("PRAGMA user_version").fetchone() == (7,)


@pytest.mark.parametrize(
    ("origin", "changes", "welcome"),
    [
        (None, {}, True),
        ("https://evil.example", {}, False),
        ("null", {}, False),
        ("http://[", {}, False),
        ("https://evil.example", {"allow_origin": ("https://docs.example.org",)}, False),
        ("https://docs.example.org", {"allow_origin": ("https://docs.example.org/",)}, True),
        ("https://docs.example.org", {"allow_origin": ("https://docs.example.org:443",)}, True),
        ("https://docs.example.org", {"allow_origin": ("https://docs.example.org:80",)}, False),
        ("https://docs.example.org.evil.example", {"allow_origin": ("https://docs.example.org",)}, False),
        ("https://evil.example", {"allow_origin": ("*",)}, True),
        ("http://localhost:5173", {}, True),
    ],
)
async def test_a_web_page_is_let_in_only_where_it_may_be(
    make_house: MakeHouse, origin: str | None, changes: dict[str, object], welcome: bool
) -> None:
    house = await make_house(**changes)
    async with StockClient(answers=False) as page:
        await page.open(house.server.url, secret=await house.secret(), origin=origin)
        if welcome:
            await page.until(lambda: page.messages)
        else:
            assert (await page.until_closed()).code == Close.FOREIGN_ORIGIN
            assert page.messages == []


async def test_of_whoever_is_not_let_in_the_log_says_why_and_from_where(
    make_house: MakeHouse, caplog: pytest.LogCaptureFixture
) -> None:
    house = await make_house(limits=Limits(room_clients=1))
    secret = await house.secret()
    await house.client(secret)
    caplog.set_level(logging.INFO)
    for given, origin, code in (
        ("wrong", None, Close.NOT_INVITED),
        (secret, "https://elsewhere.example", Close.FOREIGN_ORIGIN),
        (secret, None, Close.ROOM_FULL),
    ):
        caplog.clear()
        async with StockClient(answers=False) as stranger:
            await stranger.open(house.server.url, secret=given, origin=origin)
            assert (await stranger.until_closed()).code == code
        [record] = [record for record in caplog.records if record.name == "cowrite_server.reception"]
        assert record.getMessage() == f"A client was not let in: {code.sentence}"
        assert vars(record)["address"] == "127.0.0.1"


def test_a_page_of_the_server_s_own_address_is_let_in_unless_everybody_is() -> None:
    wish = Wish("room", None, None, "https://docs.example.org", "docs.example.org")
    guarded = Settings(store="sqlite:rooms", host="0.0.0.0")
    assert origin_allowed(wish, guarded)
    assert not origin_allowed(replace(wish, host="other.example.org"), guarded)
    assert not origin_allowed(replace(wish, origin="http://localhost:5173"), guarded)
    assert not origin_allowed(wish, replace(guarded, host="127.0.0.1", anybody=True))  # a name made to lead here


async def test_a_damaged_row_that_keeps_somebody_out_is_named_in_the_log_once(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    secret = await house.secret()
    with closing(sqlite3.connect(house.folder / FILE_NAME)) as connection, connection:
        connection.execute("UPDATE invites SET role = 'boss'")
    for _ in range(2):
        assert await closed_with(house, Client(), secret=secret) == Close.STORE_FAILED
    (said,) = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    caplog.clear()
    assert said.startswith("A client cannot be let in.")
    assert "invite 1 is damaged (no role has such a name)" in said
