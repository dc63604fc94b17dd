"""The commands about people: invites with an end, members, roles, and what was done; while a server runs and not."""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from commands import assert_one_sentence, command, parts_of, run, run_meanwhile
from cowrite_server.store.sqlite.database import FILE_NAME
from cowrite_server.wire.asking import ask_to_write_message
from cowrite_server.wire.protocol import Close, Role
from server_process import ServerProcess
from sync_clients import Client
from team import own


async def visitor(server: ServerProcess, link: str, name: str) -> Client:
    """Somebody with a secret of their own who comes by a link."""
    _, room, secret = parts_of(link)
    client = Client(member=own(name), name=name)
    await client.open(server.url, room, secret)
    await client.until(lambda: client.hello or client.closed)
    return client


async def test_the_host_sees_members_and_changes_what_they_may_do(tmp_path: Path) -> None:
    place = ("--data", tmp_path)
    async with ServerProcess(tmp_path) as server:
        link = await command("invite", "plan", "--uses", 2, "--expires", "7d", *place)
        ada, ben, cyd = [await visitor(server, link, name) for name in ("Ada", "Ben", "Cyd")]
        assert (await cyd.until_closed()).code == Close.USED_UP
        (listed,) = (await command("invites", "plan", *place)).splitlines()
        assert "used 2 of 2" in listed
        assert "used up" in listed
        members = (await command("members", "plan", *place)).splitlines()
        assert [line.split()[:3] for line in members] == [["1", "editor", "Ada"], ["2", "editor", "Ben"]]
        assert "viewer" in await command("role", "plan", 1, "viewer", *place)
        await ada.until(lambda: ada.roles == [Role.VIEWER])
        await command("remove", "plan", 2, *place)
        assert (await ben.until_closed()).code == Close.WITHDRAWN
        assert "1" in await command("revoke", "plan", 1, "--keep-members", *place)
        assert ada.closed is None
        assert "removed" in (await command("members", "plan", *place)).splitlines()[1]
        acts = [json.loads(line) for line in (await command("audit", "plan", "--json", *place)).splitlines()]
        assert [(act["actor"], act["kind"]) for act in acts[:4]] == [
            (None, "withdrawn"),
            (None, "removed"),
            (None, "role-changed"),
            (2, "joined"),
        ]
        plain = (await command("audit", "--most", 2, *place)).splitlines()
        assert len(plain) == 2
        assert 'host         removed  member 2 "Ben"' in plain[1]
        assert 'member 2 "Ben"  joined' in await command("audit", "--most", 4, *place)
        told = json.loads(await command("members", "plan", "--json", *place))
        assert [(each["name"], each["role"], each["here"]) for each in told] == [
            ("Ada", "viewer", True),
            ("Ben", "editor", False),
        ]
        assert [each["removed"] is None for each in told] == [True, False]
        (invite,) = json.loads(await command("invites", "plan", "--json", *place))
        assert (invite["id"], invite["uses"], invite["used"]) == (1, 2, 2)
        assert link not in json.dumps(invite)
        await ada.leave()


async def test_the_host_sees_who_asks_to_write_and_answers(tmp_path: Path) -> None:
    place = ("--data", tmp_path)
    async with ServerProcess(tmp_path) as server:
        link = await command("invite", "plan", "--role", "viewer", *place)
        ada, ben = [await visitor(server, link, name) for name in ("Ada", "Ben")]
        assert await ben.request(ask_to_write_message) is None
        first, second = (await command("members", "plan", *place)).splitlines()
        assert "asked to write" not in first
        assert "asked to write 20" in second
        told = json.loads(await command("members", "plan", "--json", *place))
        assert [isinstance(each["asked"], int) for each in told] == [False, True]
        newest, *_ = (await command("audit", "plan", *place)).splitlines()
        assert newest.endswith('member 2 "Ben"  asked-to-write')
        await command("role", "plan", 2, "editor", *place)
        await ben.until(lambda: ben.roles == [Role.EDITOR])
        assert "asked to write" not in await command("members", "plan", *place)
        for client in (ada, ben):
            await client.leave()


@pytest.mark.parametrize(("when", "seconds"), [("12h", 43_200), ("7d", 604_800), ("2w", 1_209_600), ("0.5h", 1800)])
def test_an_invite_expires_after_a_time(tmp_path: Path, when: str, seconds: int) -> None:
    before = time.time()
    assert run("invite", "plan", "--expires", when, "--data", tmp_path).status == 0
    act = json.loads(run("audit", "--json", "--data", tmp_path).out)
    assert before + seconds - 1 <= act["details"]["expires"] / 1000 <= time.time() + seconds + 1
    assert "good until" in run("invites", "plan", "--data", tmp_path).out


def test_an_invite_expires_on_a_day(tmp_path: Path) -> None:
    assert run("invite", "plan", "--expires", "2999-12-01", "--data", tmp_path).status == 0
    assert "good until 2999-12-01 00:00" in run("invites", "plan", "--data", tmp_path).out


@pytest.mark.parametrize(
    "wrong",
    [
        ("invite", "plan", "--expires", "soon"),
        ("invite", "plan", "--expires", "-3d"),
        ("invite", "plan", "--expires", "nand"),
        ("invite", "plan", "--expires", "1e300w"),
        ("invite", "plan", "--expires", "9999-12-31T23:59:59-10:00"),
        ("invite", "plan", "--uses", "0"),
        ("invite", "plan", "--uses", "many"),
        ("invite", "plan", "--uses", "1" + 30 * "0"),
        ("revoke", "plan", "9" * 5000),
        ("audit", "--most", "1" + 30 * "0"),
        ("role", "plan", "1", "king"),
        ("remove", "plan"),
        *(
            (*words, number)
            for number in ("1_0", " 5", "٣", "+5")
            for words in (
                ("invite", "plan", "--uses"),
                ("revoke", "plan"),
                ("audit", "--most"),
                ("remove", "plan"),
                ("history", "plan", "--at"),
                ("compact", "--fine-days"),
            )
        ),
        *(("invite", "plan", "--expires", when) for when in ("1_0d", " 5d", "٣d", "1e1h", "infw")),
    ],
)
def test_wrong_use_is_one_sentence(tmp_path: Path, wrong: tuple[str, ...]) -> None:
    assert_one_sentence(run(*wrong, "--data", tmp_path), 2)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (("role", "plan", "Ada", "viewer"), "has to be a number, not 'Ada'"),
        (("remove", "plan", "1.5"), "has to be a number, not '1.5'"),
        (("history", "plan", "--at", "noon"), "has to be a number, not 'noon'"),
        (("invite", "plan", "--expires", "2001-01-01"), "has to be a time to come, and 2001-01-01 has begun"),
    ],
)
def test_wrong_use_is_told_in_words(tmp_path: Path, wrong: tuple[str, ...], words: str) -> None:
    assert_one_sentence(run(*wrong, "--data", tmp_path), 2, words)


@pytest.mark.parametrize(
    ("command", "room"),
    [
        *(
            (command, b"\xff")
            for command in ("invites", "revoke 1", "members", "role 1 viewer", "remove 1", "audit", "history")
        ),
        *(("invite", room) for room in (b"\xff", b"two\nlines", b"")),
    ],
)
def test_a_name_that_no_room_can_have_is_one_sentence(tmp_path: Path, command: str, room: bytes) -> None:
    name, *rest = command.split()
    # As Python tells what somebody has typed; on Windows half of a pair of surrogates can be typed as well.
    typed = room.decode("utf-8", "surrogateescape")
    assert_one_sentence(run(name, typed, *rest, "--data", tmp_path), 2, "name of a room")


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    assert run("invite", "plan", "--data", tmp_path).status == 0
    assert_one_sentence(run("role", "plan", 7, "viewer", "--data", tmp_path), 1, "no member 7")
    assert_one_sentence(run("remove", "plan", 7, "--data", tmp_path), 1, "no member 7")
    for name in ("members", "audit"):
        assert_one_sentence(run(name, "nowhere", "--data", tmp_path), 1, "nowhere")


async def test_acts_are_told_in_words(tmp_path: Path) -> None:
    place = ("--data", tmp_path)
    async with ServerProcess(tmp_path) as server:
        link = await command("invite", "plan", "--uses", 1, "--expires", "2999-12-01", *place)
        await command("invite", "plan", *place)
        visiting = await visitor(server, link, "Jörg")
        await visiting.leave()
        assert await command("revoke", "plan", "all", *place) == "Withdrawn: 1, 2.\nRemoved members: 1.\n"
        told = [line.split(maxsplit=4)[3:] for line in (await command("audit", *place)).splitlines()]
    lines = [" ".join(" ".join(words).split()) for words in told]
    assert lines == [
        "host withdrawn invite 2 removed nobody",
        'host withdrawn invite 1 removed 1 "Jörg"',
        'member 1 "Jörg" joined invite 1 role "editor" name "Jörg"',
        'host invited invite 2 role "editor" expires never uses unlimited',
        'host invited invite 1 role "editor" expires 2999-12-01 00:00 uses 1',
    ]


@pytest.mark.parametrize("arguments", [("invites", "plan"), ("audit",)])
def test_an_end_that_is_no_date_is_told_in_words(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    assert run("invite", "plan", "--expires", "7d", "--data", tmp_path).status == 0
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection, connection:
        connection.execute("UPDATE invites SET expires = 9007199254740991")
        connection.execute("UPDATE audit SET details = json_set(details, '$.expires', 9007199254740991)")
    done = run(*arguments, "--data", tmp_path)
    assert (done.status, done.errors) == (0, "")
    assert "after the year 9999" in done.out


async def test_a_member_that_was_removed_before_is_told_apart_from_none(tmp_path: Path) -> None:
    place = ("--data", tmp_path)
    async with ServerProcess(tmp_path) as server:
        ada = await visitor(server, await command("invite", "plan", *place), "Ada")
        await command("remove", "plan", 1, *place)
        await ada.until_closed()
        for what in (("remove", "plan", 1), ("role", "plan", 1, "viewer")):
            done = await run_meanwhile(*what, *place)
            assert_one_sentence(done, 1, "Member 1 was removed already; only an invite")


def test_a_role_that_there_is_not_is_refused_with_those_there_are(tmp_path: Path) -> None:
    for wrong in (("role", "plan", 1, "boss"), ("invite", "plan", "--role", "boss")):
        assert_one_sentence(run(*wrong, "--data", tmp_path), 2, "boss", *Role)


def test_an_invite_says_when_it_makes_a_room_or_does_not_know_the_address_of_the_server(tmp_path: Path) -> None:
    first, second = [run("invite", "plan", "--data", tmp_path) for _ in range(2)]
    assert (first.status, second.status) == (0, 0)
    made = "cowrite-server: There was no room plan yet; it was made, the first in this store.\n"
    assert first.errors == f"{made}{second.errors}"
    assert second.errors.count("\n") == 1
    assert "--url" in second.errors
    address = ("--url", "wss://docs.example.org", "--data", tmp_path)
    assert run("invite", "plan", *address).errors == ""
    assert run("invite", "notes", *address).errors == "cowrite-server: There was no room notes yet; it was made.\n"


@pytest.mark.parametrize("url", ["ws://x y:80", "ws://host:0", "ws://a,b", "wss://ho\\st", "ws://[::1", "ws://:80"])
def test_an_address_to_which_no_link_can_lead_is_refused(tmp_path: Path, url: str) -> None:
    done = run("invite", "plan", "--url", url, "--data", tmp_path / "data")
    assert_one_sentence(done, 2, repr(url), "must look like ws://HOST:PORT")
    assert not (tmp_path / "data").exists()


def test_a_password_in_an_address_is_refused_and_not_repeated(tmp_path: Path) -> None:
    done = run("invite", "plan", "--url", "wss://ann:pass-word@docs.example.org", "--data", tmp_path / "data")
    assert_one_sentence(done, 2, "@docs.example.org", "a link has no place for a password")
    assert "pass-word" not in done.errors
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("host", ["docs.example.org:443", "[2001:db8::1]:8765", "münchen.example", "10.0.0.7", "my_pc"])
def test_an_address_of_any_machine_is_put_into_the_link(tmp_path: Path, host: str) -> None:
    done = run("invite", "plan", "--url", f"wss://{host}", "--data", tmp_path)
    assert done.out.startswith(f"cowrites://{host}/plan#")


def test_a_list_of_nothing_says_so(tmp_path: Path) -> None:
    place = ("--data", tmp_path)
    run("invite", "plan", *place)
    assert run("members", "plan", *place).out == "No members yet.\n"
    assert run("history", "plan", *place).out == "No moments yet.\n"
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection, connection:
        connection.execute("DELETE FROM invites")
        connection.execute("DELETE FROM audit")
    assert run("invites", "plan", *place).out == "No invites yet.\n"
    assert run("audit", "plan", *place).out == "Nothing has been done yet.\n"
    assert run("audit", "plan", "--json", *place).out == ""
