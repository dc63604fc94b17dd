"""Sealed notes and ballots through real sockets: who gets what, and how they come into the document."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Mapping
from itertools import count

import pycrdt
import pytest

from cowrite_server.errors import StoreFailed
from cowrite_server.rooms import sealed
from cowrite_server.store.sealing import Claim
from cowrite_server.store.sqlite.store import SqliteStore
from cowrite_server.wire.encoding import var_string, var_uint
from cowrite_server.wire.protocol import Message, Role
from cowrite_server.wire.sealed import (
    Count,
    SealedItem,
    SealedList,
    SealedReason,
    open_box_message,
    seal_message,
)
from house import House, MakeHouse
from sealed_seat import POLL, SESSION, ballot, begin, board, entry, listing, note, notes, open_box, put, take_back
from sync_clients import Client, until
from team import Team, own


async def test_only_the_author_gets_a_note_back_and_the_others_hear_how_many_there_are(team: Team) -> None:
    ada, ben = await team.join("Ada"), await team.join("Ben")
    await listing(ben)
    assert await put(ada, note("one")) is None
    assert await put(ada, note("two", "note:2")) is None
    await ben.until(lambda: ben.counts.get(SESSION) == Count(2, 1))
    assert await put(ben, note("three")) is None
    assert await put(ben, ballot(dots={"note:9": 1})) is None
    await ben.until(lambda: ben.counts == {SESSION: Count(3, 2), POLL: Count(1, 1)})
    found = await listing(ada)
    assert sorted(item.fields["text"] for item in found.items) == ["one", "two"]
    assert found.counts == {SESSION: Count(3, 2), POLL: Count(1, 1)}
    assert notes(ben) == {}


async def test_what_could_not_be_counted_is_counted_once_the_store_answers_again(
    team: Team, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ada, ben = await team.join("Ada"), await team.join("Ben")
    await listing(ben)
    sealed_counts, asked = SqliteStore.sealed_counts, count(1)

    async def fail_once(store: SqliteStore, rooms: Iterable[int]) -> dict[int, dict[str, Count]]:
        if next(asked) == 1:
            raise StoreFailed("the disk is away")
        return await sealed_counts(store, rooms)

    monkeypatch.setattr(sealed, "_COUNT_AGAIN", 0.01)
    monkeypatch.setattr(SqliteStore, "sealed_counts", fail_once)
    assert await put(ada, note("one")) is None
    await ben.until(lambda: ben.counts.get(SESSION) == Count(1, 1))
    caplog.clear()


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
    await until(lambda: not room.clients)
    rooms._drop(room)  # as it is when it has been empty for a while
    ben = await team.join("Ben")
    go_on.set()
    await ben.until(lambda: [each["text"] for each in notes(ben).values()] == ["one"])


async def test_one_changes_and_takes_back_what_is_one_s_own(team: Team) -> None:
    ada, ben = await team.join("Ada"), await team.join("Ben")
    await listing(ben)
    await put(ada, note("one"))
    await put(ada, note("better"))
    assert await take_back(ben, "note:1") is None
    assert [item.fields["text"] for item in (await listing(ada)).items] == ["better"]
    assert await take_back(ada, "note:1") is None
    await ben.until(lambda: ben.counts.get(SESSION) == Count(0, 0))
    assert await listing(ada) == SealedList((), {})


async def test_somebody_at_two_computers_has_one_ballot_and_both_hear_of_it(team: Team) -> None:
    ada, there, ben = await team.join("Ada"), await team.join("Ada"), await team.join("Ben")
    await begin(ada, session=POLL)
    for client in (ada, there, ben):
        await listing(client)
    await put(ada, ballot(dots={"note:1": 1}))
    await there.until(lambda: there.sealed_elsewhere == 1)
    await put(there, ballot(dots={"note:2": 1}))
    await ada.until(lambda: ada.sealed_elsewhere == 1)
    assert (await listing(ada)).items == (ballot(dots={"note:2": 1}),)
    await ben.until(lambda: ben.counts == {POLL: Count(1, 1)})
    assert await open_box(ben, POLL) is None
    await ben.until(lambda: entry(ben, POLL).get("is_closed"))
    assert entry(ben, POLL)["ballots"] == [{"dots": {"note:2": 1}, "voter": "Ada"}]
    assert (there.sealed_elsewhere, ben.sealed_elsewhere) == (1, 0)


async def test_what_somebody_seals_and_leaves_meanwhile_is_sealed_and_told(
    house: House, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, ben = await team.join("Ada"), await team.join("Ben")
    await listing(ben)
    store = house.server._store
    seal, begun, go_on = store.seal, asyncio.Event(), asyncio.Event()

    async def slowly(room: int, author: str, item: SealedItem) -> None:
        begun.set()
        await go_on.wait()
        await seal(room, author, item)

    monkeypatch.setattr(store, "seal", slowly)
    await ada.send(seal_message(1, note("one")))
    await ada.send(seal_message(2, note("two", "note:2")))
    await begun.wait()
    ada.cut()
    await until(lambda: house.connection_count == 1)
    go_on.set()
    await ben.until(lambda: ben.counts.get(SESSION) == Count(2, 1))


async def test_who_asks_while_somebody_seals_knows_in_the_end_how_many_there_are(
    house: House, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, ben, cat = await team.join("Ada"), await team.join("Ben"), await team.join("Cat")
    await listing(cat)
    store = house.server._store
    look, looked, go_on = store.sealed_counts, asyncio.Event(), asyncio.Event()

    async def answer_late(rooms: Iterable[int]) -> dict[int, dict[str, Count]]:
        found = await look(rooms)
        if not looked.is_set():
            looked.set()
            await go_on.wait()
        return found

    monkeypatch.setattr(store, "sealed_counts", answer_late)
    asked = asyncio.create_task(listing(ben))
    await looked.wait()
    assert await put(ada, note("one")) is None
    await cat.until(lambda: cat.counts == {SESSION: Count(1, 1)})
    go_on.set()
    assert (await asked).counts == {SESSION: Count(1, 1)}


async def test_whoever_asked_nothing_hears_nothing(team: Team) -> None:
    ada, ben = await team.join("Ada"), await team.join("Ben")
    await put(ada, note("one"))
    await ada.write("x")
    await ben.until(lambda: ben.text == "x")
    assert ben.counts == {}


async def test_what_is_sealed_survives_its_author_s_leaving_and_a_restart(house: House, team: Team) -> None:
    ada = await team.join("Ada")
    await begin(ada)
    await put(ada, note("one"))
    await ada.leave()
    ben = await team.join("Ben")
    await put(ben, note("two"))
    await ben.leave()
    await house.stop()
    await house.start()
    cyd = await team.join("Cyd")
    assert (await listing(cyd)).counts == {SESSION: Count(2, 2)}
    assert await open_box(cyd) is None
    await cyd.until(lambda: entry(cyd, SESSION).get("is_revealed"))
    assert sorted(each["text"] for each in notes(cyd).values()) == ["one", "two"]


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


async def test_those_whom_the_server_does_not_tell_apart_seal_nothing(house: House) -> None:
    ada, ben = await house.client(), await house.client()
    assert await put(ada, note("words")) is SealedReason.UNKNOWN
    assert await take_back(ada, "note:1") is SealedReason.UNKNOWN
    assert await listing(ben) == SealedList((), {})


async def test_a_server_for_anybody_knows_people_by_their_secrets(make_house: MakeHouse) -> None:
    house = await make_house(anybody=True)
    ada, ben = Client(member=own("Ada")), Client(member=own("Ben"))
    for each in (ada, ben):
        await house.client("", client=each)
    await put(ada, note("words"))
    assert [item.fields["text"] for item in (await listing(ada)).items] == ["words"]
    assert (await listing(ben)).items == ()
    await begin(ben)
    await open_box(ben)
    await ada.until(lambda: notes(ada))
    assert "author" not in next(iter(notes(ada).values()))


class Author:
    """Somebody who shows what they have sealed."""

    def __init__(self, author: str) -> None:
        self.author = author
        self.asked = 0

    def counted(self, counts: Mapping[str, Count]) -> None:
        """Nothing lies anywhere."""

    def changed_elsewhere(self) -> None:
        """They ask again."""
        self.asked += 1


async def test_when_the_bus_is_back_everybody_asks_again_and_not_all_at_once(house: House) -> None:
    boxes = house.server._sealed
    authors = [Author(f"member:{number}") for number in range(100)]
    for number, author in enumerate(authors):
        boxes.enter(number % 3, author)
    boxes.resumed()
    asked = [author for author in authors if author.asked]
    assert 0 < len(asked) < 50
    gone = next(author for author in authors if not author.asked)
    boxes.leave(authors.index(gone) % 3, gone)
    await until(lambda: sum(author.asked for author in authors) == 99)
    assert {author.asked for author in authors} == {0, 1}
    assert not gone.asked
