"""Opened boxes: what lay there comes into the document once and in one update, and says no more than it may."""

from __future__ import annotations

import asyncio
import json

import pycrdt
import pytest

from cowrite_server.rooms import sealed
from cowrite_server.store.sealing import Claim
from cowrite_server.store.sqlite.store import SqliteStore
from cowrite_server.wire.encoding import var_string, var_uint
from cowrite_server.wire.protocol import Message, Role
from cowrite_server.wire.sealed import (
    Count,
    SealedList,
    SealedReason,
    open_box_message,
)
from house import MakeHouse
from sealed_seat import POLL, SESSION, ballot, begin, board, entry, listing, note, notes, open_box, put, take_back
from sync_clients import until
from team import Team


async def test_a_box_that_nobody_asked_to_open_and_that_cannot_be_is_told_of_in_the_log(
    team: Team, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ada = await team.join("Ada")
    await begin(ada)
    await put(ada, note("one"))
    (room,) = team.house.server._rooms._rooms.values()
    await team.house.server._store.claim_box(room.record.id, SESSION)  # by a node that has ended since

    def fail(*_given: object) -> bytes:
        raise RuntimeError("nobody foresaw this")

    monkeypatch.setattr(sealed, "revealing", fail)
    await listing(ada)
    await until(lambda: "nobody foresaw this" in caplog.text)
    caplog.clear()


async def test_whoever_opens_a_box_does_not_wait_for_others_to_write(make_house: MakeHouse) -> None:
    ada = await Team(await make_house(commit_seconds=3600)).join("Ada")
    await begin(ada)
    await put(ada, note("one"))
    assert await open_box(ada) is None
    await ada.until(lambda: notes(ada))


async def test_what_lay_in_a_box_is_seen_by_whoever_comes_though_all_left_while_it_was_opened(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = await team.join("Ada")
    await begin(ada)
    await put(ada, note("one"))
    rooms = team.house.server._rooms
    (room,) = rooms._rooms.values()
    claim_box, begun, go_on = SqliteStore.claim_box, asyncio.Event(), asyncio.Event()

    async def slowly(store: SqliteStore, number: int, box: str) -> Claim:
        begun.set()
        await go_on.wait()
        return await claim_box(store, number, box)

    monkeypatch.setattr(SqliteStore, "claim_box", slowly)
    await ada.send(open_box_message(1, SESSION))
    await begun.wait()
    await ada.leave()
    await until(lambda: not room.participants.clients)
    rooms._drop(room)  # as it is when it has been empty for a while
    ben = await team.join("Ben")
    go_on.set()
    await ben.until(lambda: [each["text"] for each in notes(ben).values()] == ["one"])


async def test_a_reveal_is_one_update_that_names_authors_where_they_are_to_be_known(team: Team) -> None:
    ada, ben = await team.join("Ada"), await team.join("Ben")
    await begin(ada)
    await listing(ben)
    await put(ada, note("one", colour="blue", phase="write"))
    await put(ben, note("two", author="Ada", created=7, group="group:1", removed=True, evil={"x": []}))
    updates = len(ben.updates)
    assert await open_box(ada) is None
    await ben.until(lambda: entry(ben, SESSION)["is_revealed"])
    assert len(ben.updates) == updates + 1
    found = sorted(notes(ben).values(), key=lambda each: each["text"])
    assert [(each["text"], each["author"], each.get("colour", "")) for each in found] == [
        ("one", "Ada", "blue"),
        ("two", "Ben", ""),
    ]
    assert len({each["created"] for each in found}) == 1
    assert found[0]["created"] > 7
    assert set(found[1]) == {"text", "hand", "x", "y", "width", "height", "author", "session", "created"}
    assert isinstance(board(ben)[next(iter(notes(ben)))]["text"], pycrdt.Text)
    await ben.until(lambda: ben.counts.get(SESSION) == Count(0, 0))
    assert await listing(ada) == SealedList((), {})


async def test_in_an_anonymous_session_nothing_tells_who_wrote_a_note(team: Team) -> None:
    ada, ben = await team.join("Ada"), await team.join("Ben")
    await begin(ada, is_anonymous=True)
    for number in range(8):
        author = (ada, ben)[number % 2]
        await put(author, note(f"idea {number}", f"note:a{number}", assist="assist:1", x=number, width=200 + number))
    assert await open_box(ben) is None
    await ada.until(lambda: entry(ada, SESSION).get("is_revealed"))
    found = notes(ada)
    assert sorted(each["text"] for each in found.values()) == [f"idea {number}" for number in range(8)]
    assert not set(found) & {f"note:a{number}" for number in range(8)}
    assert not any("author" in each or "assist" in each for each in found.values())
    assert len({(each["width"], each["height"], each["created"]) for each in found.values()}) == 1


async def test_a_note_that_builds_on_one_s_own_still_does_under_new_ids(team: Team) -> None:
    ada, ben = await team.join("Ada"), await team.join("Ben")
    await begin(ada, is_anonymous=True)
    await put(ada, note("root", "note:same"))
    await put(ben, note("other", "note:same"))
    await put(ada, note("leaf", "note:2", builds_on=["note:same", "note:board"]))
    await open_box(ada)
    await ben.until(lambda: entry(ben, SESSION).get("is_revealed"))
    by_text = {each["text"]: id for id, each in notes(ben).items()}
    assert notes(ben)[by_text["leaf"]]["builds_on"] == [by_text["root"], "note:board"]


async def test_a_note_never_takes_the_place_of_another_on_the_board(team: Team) -> None:
    ada = await team.join("Ada")
    cyd = await team.join("Cyd", Role.COMMENTER)
    await begin(ada)
    board(ada)["note:1"] = pycrdt.Map({"text": pycrdt.Text("was there")})
    await ada.push()
    await ada.until_saved()
    await put(cyd, note("mine", "note:1"))
    await put(ada, note("twice", "note:2"))
    await put(cyd, note("and twice", "note:2"))
    await open_box(ada)
    await ada.until(lambda: entry(ada, SESSION)["is_revealed"])
    assert entry(ada, "note:1")["text"] == "was there"
    assert sorted(each["text"] for each in notes(ada).values()) == ["and twice", "mine", "twice", "was there"]


@pytest.mark.parametrize("is_anonymous", [False, True])
async def test_closing_a_poll_puts_the_ballots_in_an_order_that_depends_on_what_they_say(
    team: Team, is_anonymous: bool
) -> None:
    ada, ben = await team.join("Ada"), await team.join("Ben", Role.SUGGESTER)
    await begin(ada, session=POLL, is_anonymous=is_anonymous)
    await put(ben, ballot(dots={"note:1": 1}, voter="Ada"))
    await put(ben, ballot(dots={"note:1": 2, "note:2": 10**400, "note:3": "x"}, voter="Ada", evil=[[]]))
    await put(ada, ballot(position="consent", reason="fine", scores={"cost": {"note:1": 3}}, ranking=["note:1", 7]))
    assert "ballots" not in entry(ben, POLL)
    assert await open_box(ada, POLL) is None
    await ben.until(lambda: entry(ben, POLL).get("is_closed"))
    names = [{}, {}] if is_anonymous else [{"voter": "Ben"}, {"voter": "Ada"}]
    expected = [
        {"dots": {"note:1": 2, "note:2": 0, "note:3": 0}, **names[0]},
        {
            "position": "consent",
            "reason": "fine",
            "scores": {"cost": {"note:1": 3}},
            "ranking": ["note:1"],
            **names[1],
        },
    ]
    assert entry(ben, POLL)["ballots"] == sorted(expected, key=lambda each: json.dumps(each, sort_keys=True))


async def test_what_comes_after_the_opening_is_refused_with_the_reason(team: Team) -> None:
    ada, ben = await team.join("Ada"), await team.join("Ben")
    await begin(ada)
    await put(ben, note("in time"))
    await open_box(ada)
    assert await put(ben, note("late", "note:2")) is SealedReason.OPENED
    assert await take_back(ben, "note:1") is SealedReason.OPENED
    assert await open_box(ben) is None  # it is open, as was asked
    await ben.write("x")
    await ada.until(lambda: ada.text == "x")
    assert [each["text"] for each in notes(ada).values()] == ["in time"]


async def test_two_who_reveal_at_once_reveal_once(team: Team) -> None:
    people = [await team.join(name) for name in ("Ada", "Ben", "Cyd")]
    await begin(people[0])
    for person in people:
        await put(person, note(f"of {person.doc.client_id}"))
        await person.until_synced()
    await until(lambda: all(entry(person, SESSION) for person in people))
    for request in range(100, 103):
        for person in people:
            await person.send(var_uint(Message.OPEN_BOX) + var_uint(request) + var_string(SESSION))
    for person in people:
        await person.until(lambda person=person: set(range(100, 103)) <= set(person.answers_by_request))
        assert {person.answers_by_request[number] for number in range(100, 103)} == {None}
    for person in people:
        await person.until(lambda person=person: entry(person, SESSION)["is_revealed"])
        assert len(notes(person)) == 3


@pytest.mark.parametrize("role", list(Role))
async def test_all_but_viewers_contribute_and_those_who_edit_open(team: Team, role: Role) -> None:
    owner, person = await team.join("Ada", Role.OWNER), await team.join("Ben", role)
    await begin(owner)
    await listing(owner)
    refused = SealedReason.READ_ONLY if role is Role.VIEWER else None
    assert await put(person, note("words")) is refused
    assert await put(person, ballot(dots={})) is refused
    await listing(person)
    assert await take_back(person, "note:1") is refused
    await put(owner, note("words"))
    assert await open_box(person) is (None if role.may_edit else SealedReason.READ_ONLY)
    assert bool(entry(owner, SESSION)["is_revealed"]) is False or role.may_edit


async def test_there_is_no_box_without_its_entry_in_the_document(team: Team) -> None:
    ada = await team.join("Ada")
    await put(ada, note("words"))
    assert await open_box(ada) is SealedReason.NO_SUCH_BOX
    assert await put(ada, note("more", "note:2")) is None
    await begin(ada)
    assert await open_box(ada) is None
    await ada.until(lambda: len(notes(ada)) == 2)
