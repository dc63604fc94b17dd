"""Limits: what is refused, before it is accepted and by the limit's name, and what only has to wait."""

from __future__ import annotations

import asyncio
import sys

import pytest
from pycrdt import Text
from websockets.asyncio.client import connect
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.http11 import Request

from cowrite_server.document.replica import Replica
from cowrite_server.errors import BrokenUpdate
from cowrite_server.people.admission import Wish, client_address, read_wish
from cowrite_server.store.membership import Arrival, Joined
from cowrite_server.wire.protocol import (
    Close,
    Limits,
    Reason,
    Refused,
    Role,
    Sync,
    sync_message,
)
from helpers.stopwatch import within
from house import House, MakeHouse
from sync_clients import Client, StockClient, until
from team import own


async def refused_with(house: House, secret: str) -> int:
    """The code with which a client is closed before anything of the document was sent."""
    client = Client(answers=False)
    await client.open(house.server.url, secret=secret)
    closed = await client.until_closed()
    await client.leave()
    assert client.messages == []
    assert closed.reason == Close(closed.code).sentence
    return closed.code


async def test_a_document_that_cannot_be_measured_counts_as_large_as_it_is_known_to_be(
    make_house: MakeHouse, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    house = await make_house(limits=Limits(document_bytes=1000))
    ann = await house.client(await house.secret())
    await ann.write("a" * 600)
    await ann.until_saved()

    def fail(_replica: Replica) -> bytes:
        raise BrokenUpdate("the library gives up")

    monkeypatch.setattr(Replica, "whole", fail)
    await ann.write("b" * 600)
    await ann.until(lambda: ann.refused != [])
    assert (ann.refused[0].reason, ann.refused[0].limit) == (Reason.TOO_LARGE, "document_bytes")
    caplog.clear()


async def test_an_update_that_would_make_a_document_too_large_is_refused_by_the_limit_s_name(
    make_house: MakeHouse,
) -> None:
    house = await make_house(limits=Limits(document_bytes=100_000))
    ann, ben = await house.client(), await house.client()
    await ann.write("x" * 90_000)
    await ann.until_saved()
    ben_s = Client()
    ben_s.body.insert(0, "y" * 20_000)
    await ben.send_update(ben_s.doc.get_update())
    await ben.until(lambda: ben.refused)
    assert ben.refused == [Refused(ben.sent, Reason.TOO_LARGE, "document_bytes")]
    await ben.until_saved()
    await ann.write("goes on")
    await ben.until(lambda: "goes on" in ben.text)
    late = await house.client()
    assert late.text == ann.text == ben.text


async def test_those_who_may_not_edit_fill_no_more_than_half_of_a_document(make_house: MakeHouse) -> None:
    house = await make_house(limits=Limits(document_bytes=100_000))
    ann, mallory = await house.client(), await house.client(await house.secret(Role.COMMENTER))
    unseen = mallory.doc.get("comments", type=Text)  # no app shows it, so nobody can delete it
    unseen.insert(0, "x" * 45_000)
    unseen.insert(0, "x" * 10_000)
    await mallory.push()
    await mallory.until_saved()
    assert {(each.reason, each.limit) for each in mallory.refused} == {(Reason.TOO_LARGE, "document_bytes")}
    await ann.write("y" * 45_000)
    await ann.until_saved()
    assert not ann.refused


async def test_a_full_document_opens_shrinks_and_takes_text_again(make_house: MakeHouse) -> None:
    house = await make_house(limits=Limits(document_bytes=100_000))
    ann = await house.client()
    await ann.write("x" * 99_000)
    await ann.until_saved()
    await ann.write("y" * 5_000)
    await ann.until(lambda: ann.refused)
    await house.stop()
    await house.start()
    ben = await house.client()
    assert ben.text == "x" * 99_000
    del ben.body[:50_000]
    await ben.push()
    await ben.write("z" * 5_000)
    await ben.until_saved()
    assert ben.refused == []
    assert (await house.client()).text == ben.text


async def test_what_a_role_forbids_takes_no_space_from_those_who_may_write(house: House) -> None:
    ann, cleo = await house.client(), await house.client(await house.secret(Role.COMMENTER))
    await ann.write("x" * 1000)
    await ann.until_saved()
    (room,) = house.server._rooms._rooms.values()
    size = room.space.size
    await cleo.write("y" * 1000)
    await cleo.until(lambda: cleo.refused)
    assert room.space.size == size


async def test_what_is_on_its_way_takes_space_also_while_the_whole_document_is_read(make_house: MakeHouse) -> None:
    house = await make_house(limits=Limits(document_bytes=100_000))
    ann = await house.client()
    await ann.write("x" * 50_000)
    await ann.until_saved()
    (room,) = house.server._rooms._rooms.values()
    (sender,) = room.clients
    first, second = Client(), Client()
    first.body.insert(0, "y" * 40_000)
    second.body.insert(0, "z" * 40_000)
    assert room.refuses(first.doc.get_update(), Role.EDITOR) is None
    room.submit(sender, 2, first.doc.get_update())
    assert room.document() is not None
    assert room.refuses(second.doc.get_update(), Role.EDITOR) == "document_bytes"


async def test_a_document_cannot_grow_by_parts_that_wait_for_others(make_house: MakeHouse) -> None:
    house = await make_house(limits=Limits(document_bytes=100_000))
    ann = await house.client()
    lost = Client()
    lost.body.insert(0, "a")
    for _ in range(30):
        before = lost.doc.get_state()
        lost.body.insert(1, "b" * 9_000)
        await ann.send_update(lost.doc.get_update(before))  # builds on the "a" that never came
    await ann.until_saved()
    assert len(ann.refused) == 19 or len(ann.refused) == 20
    assert {refused.limit for refused in ann.refused} == {"document_bytes"}


async def test_a_stock_client_that_cannot_be_told_of_a_full_document_is_closed(make_house: MakeHouse) -> None:
    house = await make_house(limits=Limits(document_bytes=1000))
    stock = await house.stock()
    await stock.write("x" * 2000)
    assert (await stock.until_closed()).code == Close.DOCUMENT_FULL
    assert (await house.client()).text == ""


async def test_an_address_may_have_so_many_connections_and_no_more(make_house: MakeHouse) -> None:
    house = await make_house(address_clients=2)
    secret = await house.secret()
    ann, ben = await house.client(secret), await house.client(secret, room="room")
    assert await refused_with(house, secret) == Close.ADDRESS_FULL
    await ann.leave()
    await until(lambda: house.connection_count == 1)
    await house.client(secret)
    assert ben.closed is None


async def test_a_proxy_s_clients_are_counted_by_their_own_addresses(make_house: MakeHouse) -> None:
    house = await make_house(address_clients=1, proxies=("127.0.0.1",))
    secret = await house.secret()
    url = f"{house.server.url}/room?key={secret}"

    def visit(address: str) -> connect:
        return connect(url, additional_headers={"X-Forwarded-For": address})

    async with visit("203.0.113.1") as one, visit("203.0.113.2") as two, visit("203.0.113.1") as three:
        assert await one.recv()
        assert await two.recv()
        with pytest.raises(ConnectionClosed):
            await three.recv()
        assert three.close_code == Close.ADDRESS_FULL


def forwarded(*addresses: str) -> Wish:
    """What somebody asks for whom proxies ask."""
    return Wish("room", None, None, None, forwarded=addresses)


def test_only_a_proxy_is_believed_whom_it_asks_for() -> None:
    assert client_address("198.51.100.7", forwarded("203.0.113.1"), ("127.0.0.1",)) == "198.51.100.7"
    assert client_address("127.0.0.1", forwarded("203.0.113.1"), ("127.0.0.1",)) == "203.0.113.1"
    assert client_address("127.0.0.1", forwarded("6.6.6.6", "203.0.113.1"), ("127.0.0.1",)) == "203.0.113.1"
    assert client_address("127.0.0.1", forwarded("203.0.113.1", "10.0.0.2"), ("127.0.0.1", "10.0.0.2")) == "203.0.113.1"
    assert client_address("127.0.0.1", forwarded("nonsense"), ("127.0.0.1",)) == "127.0.0.1"
    assert client_address("::ffff:127.0.0.1", forwarded("203.0.113.1"), ("127.0.0.1",)) == "203.0.113.1"


def test_a_proxy_may_be_named_by_its_network() -> None:
    networks = ("10.89.0.0/24", "fd00::/8")
    assert client_address("10.89.0.7", forwarded("203.0.113.1"), networks) == "203.0.113.1"
    assert client_address("fd00::5", forwarded("203.0.113.1"), networks) == "203.0.113.1"
    assert client_address("10.89.1.7", forwarded("203.0.113.1"), networks) == "10.89.1.7"


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("203.0.113.1:4711", "203.0.113.1"),
        ("[2001:db8::1]:4711", "2001:db8::/64"),
        ("[2001:db8::1]", "2001:db8::/64"),
        ("2001:db8::1", "2001:db8::/64"),
        ("203.0.113.1:4711, 10.0.0.2:80", "203.0.113.1"),
    ],
)
def test_a_proxy_may_say_the_port_too(said: str, address: str) -> None:
    wish = read_wish(Request("/room", Headers({"X-Forwarded-For": said})))
    assert client_address("127.0.0.1", wish, ("127.0.0.1", "10.0.0.2")) == address


def test_a_household_s_ipv6_addresses_are_one() -> None:
    assert client_address("2001:db8::1", forwarded(), ()) == client_address("2001:db8::2", forwarded(), ())
    assert client_address("2001:db8::1", forwarded(), ()) != client_address("2001:db8:0:1::1", forwarded(), ())
    assert client_address("::ffff:192.0.2.1", forwarded(), ()) == "192.0.2.1"


async def test_whoever_was_let_in_waits_no_longer_and_gives_way_to_nobody(make_house: MakeHouse) -> None:
    house = await make_house(waiting_clients=2)
    secret = await house.secret()
    ann, ben = await house.client(secret), await house.client(secret)
    silent = [await asyncio.open_connection("127.0.0.1", house.server.port) for _ in range(4)]
    cyd = await house.client(secret)
    await ann.write("undisturbed")
    for other in (ben, cyd):
        await other.until(lambda other=other: other.text == "undisturbed")
    assert ann.closed is None
    for _, writer in silent:
        writer.close()


async def test_a_server_that_is_full_turns_others_away_by_name_says_so_and_lets_them_in_again(
    make_house: MakeHouse, caplog: pytest.LogCaptureFixture
) -> None:
    house = await make_house(server_clients=2, closing_seconds=30)
    secret = await house.secret()
    ann, ben = await house.client(secret), await house.client(secret)
    assert not house.server.ready
    for _ in range(2):
        with pytest.raises(InvalidStatus) as refused:
            await Client().open(house.server.url, secret=secret)
        assert refused.value.response.status_code == 503
        assert b"server_clients" in (refused.value.response.body or b"")
    reader, writer = await asyncio.open_connection("127.0.0.1", house.server.port)
    writer.write(b"GET /health/live HTTP/1.1\r\nHost: here\r\n\r\n")
    assert (await reader.read()).startswith(b"HTTP/1.1 200 "), "whoever watches is answered, or would start it anew"
    writer.close()
    assert caplog.text.count("as many connections as server_clients allows (2)") == 1
    assert house.server._figures.refusals["server_clients"] == 2
    caplog.clear()
    await ann.write("undisturbed")
    await ben.until(lambda: ben.text == "undisturbed")
    await ann.leave()
    await until(lambda: house.server.ready)
    cyd = await house.client(secret)
    assert cyd.text == "undisturbed"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of open files")
def test_as_many_connections_are_let_in_as_the_system_lets_open_files_with_some_left() -> None:
    import resource

    from cowrite_server.sockets.open_files import RESERVED, Room, room_for_connections

    given, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (1000, most))
        assert room_for_connections() == Room(1000 - RESERVED, 1000 - RESERVED * 3 // 4)
        resource.setrlimit(resource.RLIMIT_NOFILE, (100, most))
        assert room_for_connections() == Room(50, 63)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (given, most))


async def test_what_is_sent_before_the_admission_waits_in_the_client_s_own_socket(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = await house.secret()
    ann = await house.client(secret)
    gate = asyncio.Event()
    store = house.server._store
    join = store.join

    async def join_slowly(arrival: Arrival, now: int) -> Joined | Close:
        await gate.wait()
        return await join(arrival, now)

    monkeypatch.setattr(store, "join", join_slowly)
    eager = await Client(answers=False).open(house.server.url, secret=secret)
    sending = asyncio.create_task(flood(eager))
    await until(lambda: eager.socket.transport.get_write_buffer_size() > 0)  # the kernel takes no more either
    for _ in range(5):  # the server reads what others send meanwhile
        await ann.write("x")
        await ann.until_saved()
    assert sum(len(message) for socket in house.server._sockets for message in socket._backlog._waiting) < 300_000
    gate.set()
    await sending
    await eager.until(lambda: eager.saved == eager.sent)
    await eager.leave()


async def flood(client: Client) -> None:
    """Sends 14 MB at once, more than the system takes for a socket at both ends."""
    for _ in range(14):
        client.body.insert(0, "x" * 1_000_000)
    await client.push()


async def test_an_admission_that_takes_too_long_is_ended_and_may_be_tried_again(
    make_house: MakeHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = await make_house(waiting_seconds=0.2)
    secret = await house.secret()
    gate = asyncio.Event()
    store = house.server._store
    join = store.join

    async def join_slowly(arrival: Arrival, now: int) -> Joined | Close:
        await gate.wait()
        return await join(arrival, now)

    monkeypatch.setattr(store, "join", join_slowly)
    assert await refused_with(house, secret) == Close.STORE_FAILED
    gate.set()
    await house.client(secret)


async def test_whoever_sends_too_fast_is_read_more_slowly_and_loses_nothing(make_house: MakeHouse) -> None:
    house = await make_house(limits=Limits(updates_per_second=200))
    ann, ben = await house.client(), await house.client()
    loop = asyncio.get_running_loop()
    begun = loop.time()
    for number in range(500):
        await ann.write(f"{number};")
    await ann.until_saved()
    await ann.write("the next")
    await ann.until_saved()
    assert loop.time() - begun > 1.4  # a second's worth is free, 300 more take a second and a half
    await ben.until(lambda: ben.text == ann.text)
    assert ann.closed is None
    assert ann.refused == []


async def test_two_connections_of_one_member_are_read_no_faster_than_one(make_house: MakeHouse) -> None:
    house = await make_house(limits=Limits(updates_per_second=200))
    secret = await house.secret()
    sockets = [await house.client(secret, client=Client(member=own("ann"))) for _ in range(2)]
    ben = await house.client(secret, client=Client(member=own("ben")))
    loop = asyncio.get_running_loop()
    begun = loop.time()
    for number in range(250):
        for socket in sockets:
            await socket.write(f"{number};")
    async with within(1):
        await ben.write("quick")
        await ben.until_saved()
    for socket in sockets:
        await socket.until_saved()
        await socket.write("the next")
    for socket in sockets:
        await socket.until_saved()
    assert loop.time() - begun > 1.4  # as if one had sent all 500


async def test_bytes_have_a_pace_of_their_own_and_others_do_not_wait_for_it(make_house: MakeHouse) -> None:
    house = await make_house(limits=Limits(bytes_per_second=1_000_000), silence_seconds=1, ping_seconds=0.3)
    ann, ben, cyd = await house.client(), await house.client(), await house.client()
    loop = asyncio.get_running_loop()
    begun = loop.time()
    await ann.write("x" * 3_000_000)
    await ben.write("quick")
    await cyd.until(lambda: "quick" in cyd.text)
    assert ann.saved < ann.sent
    await ann.until_saved()
    assert loop.time() - begun > 1.5
    assert ann.closed is None


async def test_a_question_in_a_full_document_is_still_answered(make_house: MakeHouse) -> None:
    house = await make_house(limits=Limits(document_bytes=10_000))
    ann = await house.client()
    await ann.write("x" * 9_900)
    await ann.write("y" * 900)
    await ann.until(lambda: ann.refused)
    await ann.send(sync_message(Sync.STEP_1, b"\x00"))
    await ann.until(lambda: len(ann.steps) == 2)
    copy = StockClient()
    copy.apply(ann.steps[-1])
    assert copy.text == "x" * 9_900
