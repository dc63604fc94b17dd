"""Members whom the team's identity provider names, over real sockets."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jwt
import pytest

from commands import command
from cowrite_server.people.tokens import LEEWAY_SECONDS
from cowrite_server.wire.members import MembersReason, rename_message, set_role_message
from cowrite_server.wire.protocol import Close, Role
from house import House, MakeHouse
from sync_clients import Client, StockClient, until_true

SECRET = b"0123456789abcdef0123456789abcdef"


@pytest.fixture
async def house_with_provider(tmp_path: Path, make_house: MakeHouse) -> House:
    path = tmp_path / "provider"
    path.write_bytes(SECRET)
    return await make_house(jwt_secret=path, watch_seconds=0.02)


def token(person: str, role: Role, seconds: float = 60, secret: bytes = SECRET, **changes: Any) -> str:
    content = {"sub": person, "name": person.title(), "exp": time.time() + seconds, "rooms": {"room": role.value}}
    return jwt.encode(content | changes, secret, "HS256")


async def refused(house: House, secret: str) -> int:
    client = await house.enter(Client(), secret)
    return (await client.until_closed()).code


async def test_people_of_an_identity_provider_write_together_and_are_called_what_it_says(
    house_with_provider: House,
) -> None:
    house = house_with_provider
    ada = await house.client(token("ada", Role.OWNER), client=Client(name="Somebody else"))
    ben = await house.client(token("ben", Role.EDITOR), client=StockClient())
    assert ada.hello is not None
    assert (ada.hello.role, ada.hello.name) == (Role.OWNER, "Ada")
    await ada.write("from a token")
    await ben.until(lambda: ben.text == "from a token")


async def test_a_person_may_be_called_by_halves_of_a_character(house_with_provider: House) -> None:
    ada = await house_with_provider.client(token("\ud800", Role.OWNER))
    assert ada.hello is not None
    assert ada.hello.role is Role.OWNER


async def test_the_next_token_decides_what_a_person_may_do(house_with_provider: House) -> None:
    house = house_with_provider
    await house.client(token("owner", Role.OWNER))
    first = await house.client(token("ada", Role.EDITOR))
    second = await house.client(token("ada", Role.VIEWER))
    assert first.hello is not None
    assert second.hello is not None
    assert second.hello.member == first.hello.member
    await first.until(lambda: first.roles == [Role.VIEWER])  # one person has one role, on all their connections


async def test_when_a_token_ends_its_connection_does(house_with_provider: House) -> None:
    house = house_with_provider
    ada = await house.client(token("ada", Role.OWNER))
    brief = await house.client(token("ben", Role.EDITOR, 1.5 - LEEWAY_SECONDS))
    assert (await brief.until_closed()).code == Close.EXPIRED
    assert await refused(house, token("ben", Role.EDITOR, -60)) == Close.EXPIRED
    await ada.write("undisturbed")
    await ada.until_saved()


async def test_a_token_lets_nobody_into_a_room_that_it_does_not_name(house_with_provider: House) -> None:
    house = house_with_provider
    assert await refused(house, token("ada", Role.OWNER, rooms={"elsewhere": "owner"})) == Close.NOT_INVITED
    assert await refused(house, token("ada", Role.OWNER, secret=SECRET[::-1])) == Close.NOT_INVITED


async def test_a_server_takes_up_new_keys_while_it_runs_and_those_who_are_in_stay(
    house_with_provider: House, tmp_path: Path
) -> None:
    house, new = house_with_provider, tmp_path / "new"
    ada = await house.client(token("ada", Role.OWNER))
    new.write_bytes(SECRET[::-1])
    new.replace(tmp_path / "provider")

    async def is_let_in() -> bool:
        ben = await house.enter(Client(), token("ben", Role.EDITOR, secret=SECRET[::-1]))
        await ben.until(lambda: ben.hello or ben.closed)
        return ben.closed is None

    await until_true(is_let_in)
    assert await refused(house, token("cyd", Role.EDITOR)) == Close.NOT_INVITED
    await ada.write("still here")
    await ada.until_saved()
    assert ada.closed is None


async def test_a_viewer_does_not_make_a_room_by_coming_and_the_log_says_so(
    house_with_provider: House, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO"):
        assert await refused(house_with_provider, token("ada", Role.VIEWER)) == Close.NOT_INVITED
    assert "The token was refused: there is no such room, and whoever comes as viewer makes none." in caplog.text


async def test_invites_stay_good_beside_tokens(house_with_provider: House) -> None:
    house = house_with_provider
    ada = await house.client(token("ada", Role.OWNER))
    ben = await house.client(await house.secret())
    await ada.write("both")
    await ben.until(lambda: ben.text == "both")


async def test_role_and_name_of_such_a_person_are_changed_elsewhere(house_with_provider: House) -> None:
    house = house_with_provider
    ada = await house.client(token("ada", Role.OWNER))
    ben = await house.client(token("ben", Role.EDITOR))
    assert ben.hello is not None
    member = ben.hello.member
    assert member is not None
    assert await ada.request(lambda number: set_role_message(number, member, Role.VIEWER)) is MembersReason.ELSEWHERE
    assert await ben.request(lambda number: rename_message(number, "Ada")) is MembersReason.ELSEWHERE


async def test_nobody_becomes_such_a_person_by_a_secret_of_their_own(house_with_provider: House) -> None:
    house = house_with_provider
    ada = await house.client(token("ada", Role.OWNER, iss="https://long.enough.example"))
    assert ada.hello is not None
    person = quote('["https://long.enough.example", "ada"]')
    for secret in (f"%FF{person}", person, f"%C3%BF{person}"):
        eve = Client()
        room = f"room?member={secret}"
        await house.enter(eve, await house.secret(), room=room)
        await eve.until_synced()
        assert eve.hello is not None
        assert eve.hello.member != ada.hello.member


async def test_no_token_opens_or_makes_a_room_that_keeps_what_another_one_was(house_with_provider: House) -> None:
    house = house_with_provider
    for_all = token("ada", Role.OWNER, rooms={"*": "owner"})
    ada = await house.client(for_all)
    await ada.write("words")
    await ada.until_saved()
    place = ("--data", house.folder)
    kept = next(word for word in (await command("rewrite", "room", *place)).split() if ".before-" in word).rstrip(":")
    assert (await ada.until_closed()).code == Close.EPOCH_CHANGED
    for room in (kept, "other.before-20260101T000000000"):
        stranger = await house.enter(Client(), for_all, room=room)
        assert (await stranger.until_closed()).code == Close.NOT_INVITED
    assert "other" not in await command("rooms", *place)
