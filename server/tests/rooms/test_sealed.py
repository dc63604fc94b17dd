"""Sealed notes and ballots through real sockets: who gets them back, and who hears how many there are."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from itertools import count

import pytest

from cowrite_server.errors import StoreFailed
from cowrite_server.rooms import sealed_news
from cowrite_server.store.sqlite.store import SqliteStore
from cowrite_server.wire.sealed import (
    Count,
    SealedItem,
    SealedList,
    SealedReason,
    seal_message,
)
from house import House, MakeHouse
from sealed_seat import POLL, SESSION, ballot, begin, entry, listing, note, notes, open_box, put, take_back
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

    monkeypatch.setattr(sealed_news, "_COUNT_AGAIN", 0.01)
    monkeypatch.setattr(SqliteStore, "sealed_counts", fail_once)
    assert await put(ada, note("one")) is None
    await ben.until(lambda: ben.counts.get(SESSION) == Count(1, 1))
    caplog.clear()


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
    news = house.server._sealed.news
    authors = [Author(f"member:{number}") for number in range(100)]
    for number, author in enumerate(authors):
        news.enter(number % 3, author)
    news.resumed()
    asked = [author for author in authors if author.asked]
    assert 0 < len(asked) < 50
    gone = next(author for author in authors if not author.asked)
    news.leave(authors.index(gone) % 3, gone)
    await until(lambda: sum(author.asked for author in authors) == 99)
    assert {author.asked for author in authors} == {0, 1}
    assert not gone.asked
