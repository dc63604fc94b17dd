"""Addresses: each has so many connections, and proxies are believed who they ask for."""

from __future__ import annotations

import pytest
from websockets.asyncio.client import connect
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request

from cowrite_server.addresses import client_address
from cowrite_server.people.admission import read_wish
from cowrite_server.wire.protocol import Close
from house import MakeHouse
from sync_clients import Client, until
from team import closed_with


async def test_an_address_may_have_so_many_connections_and_no_more(make_house: MakeHouse) -> None:
    house = await make_house(address_clients=2)
    secret = await house.secret()
    ann, ben = await house.client(secret), await house.client(secret, room="room")
    assert await closed_with(house, Client(answers=False), secret) == Close.ADDRESS_FULL
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


def test_only_a_proxy_is_believed_whom_it_asks_for() -> None:
    assert client_address("198.51.100.7", ("203.0.113.1",), ("127.0.0.1",)) == "198.51.100.7"
    assert client_address("127.0.0.1", ("203.0.113.1",), ("127.0.0.1",)) == "203.0.113.1"
    assert client_address("127.0.0.1", ("6.6.6.6", "203.0.113.1"), ("127.0.0.1",)) == "203.0.113.1"
    assert client_address("127.0.0.1", ("203.0.113.1", "10.0.0.2"), ("127.0.0.1", "10.0.0.2")) == "203.0.113.1"
    assert client_address("127.0.0.1", ("nonsense",), ("127.0.0.1",)) == "127.0.0.1"
    assert client_address("::ffff:127.0.0.1", ("203.0.113.1",), ("127.0.0.1",)) == "203.0.113.1"


def test_a_proxy_may_be_named_by_its_network() -> None:
    networks = ("10.89.0.0/24", "fd00::/8")
    assert client_address("10.89.0.7", ("203.0.113.1",), networks) == "203.0.113.1"
    assert client_address("fd00::5", ("203.0.113.1",), networks) == "203.0.113.1"
    assert client_address("10.89.1.7", ("203.0.113.1",), networks) == "10.89.1.7"


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
    assert client_address("127.0.0.1", wish.forwarded, ("127.0.0.1", "10.0.0.2")) == address


def test_a_household_s_ipv6_addresses_are_one() -> None:
    assert client_address("2001:db8::1", (), ()) == client_address("2001:db8::2", (), ())
    assert client_address("2001:db8::1", (), ()) != client_address("2001:db8:0:1::1", (), ())
    assert client_address("::ffff:192.0.2.1", (), ()) == "192.0.2.1"
