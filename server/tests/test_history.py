"""History: every version that was saved can be opened again, whatever was compacted meanwhile, and brought back."""

from __future__ import annotations

import asyncio
import random

import pytest
from pycrdt import Map, UndoManager

from cowrite_server.compaction import Compactor, compacted
from cowrite_server.errors import NoSuchMoment
from cowrite_server.history import History
from cowrite_server.history_protocol import HistoryReason, OpenedMoment, Span
from cowrite_server.moments import LONGEST, MOST_ENTRIES, PAUSE, TOGETHER
from cowrite_server.protocol import Role
from cowrite_server.replay import Replay
from cowrite_server.restoring import restoring, text_of, who_wrote
from cowrite_server.settings import Settings
from cowrite_server.store.opening import sqlite_address
from cowrite_server.store.records import Entry, RoomHistory, RoomRecord, Update
from cowrite_server.store.sqlite import SqliteStore
from house import House, MakeHouse
from stores import opened
from sync_clients import Client, until
from writers import Writers, body_of, document_of, edit

ROOM = RoomRecord(1, "room", "epoch")

SEEDS = range(12)


def replayed(*entries: Entry) -> Replay:
    return Replay.read(ROOM, RoomHistory(None, [], list(entries), 1))


def at_each_entry(replay: Replay, entries: list[Entry]) -> list[object]:
    bodies = []
    for entry in entries:
        after, upto = replay.needs(entry.seq)
        bodies.append(body_of(document_of(replay.at(entry.seq, entries[after:upto]).document())))
    return bodies


# Moments


def entry_at(seq: int, time: int, member: int | None = 1) -> Entry:
    return Entry(seq, time, member, b"\x00\x00")


def grouped(*entries: tuple[int, int]) -> list[tuple[int, int]]:
    replay = replayed(*(entry_at(seq, time, member) for seq, (time, member) in enumerate(entries, 1)))
    return [(moment.first, moment.last) for moment in replay.moments]


def test_a_pause_ends_a_moment() -> None:
    assert grouped((0, 1), (PAUSE, 1), (2 * PAUSE + 1, 1)) == [(1, 2), (3, 3)]


def test_a_clock_set_back_ends_a_moment_as_a_pause_does() -> None:
    day = 24 * 60 * 60_000
    assert grouped((3 * day, 1), (3 * day + 1, 1), (0, 1), (1, 1)) == [(1, 2), (3, 4)]
    assert grouped((PAUSE, 1), (0, 1), (PAUSE, 1)) == [(1, 3)]  # clocks are set by seconds all the time


def test_another_author_begins_a_moment() -> None:
    assert grouped((0, 1), (1, 1), (TOGETHER + 2, 2), (TOGETHER + 3, 2)) == [(1, 2), (3, 4)]


def test_two_who_write_at_the_same_time_share_a_moment() -> None:
    replay = replayed(entry_at(1, 0, 1), entry_at(2, TOGETHER, 2), entry_at(3, TOGETHER + 1, 1))
    assert [(moment.first, moment.last) for moment in replay.moments] == [(1, 3)]
    assert set(replay.parts()) == {1, 2}


def test_a_restoring_begins_a_moment_so_that_what_was_before_it_can_be_chosen() -> None:
    replay = replayed(entry_at(1, 0), entry_at(2, 1)._replace(begins=True), entry_at(3, 2))
    assert [(moment.first, moment.last) for moment in replay.moments] == [(1, 1), (2, 3)]


def test_a_moment_ends_after_a_while_even_without_a_pause() -> None:
    step = PAUSE // 2
    times = [(number * step, 1) for number in range(2 * LONGEST // step)]
    assert [last - first + 1 for first, last in grouped(*times)] == [LONGEST // step + 1, LONGEST // step - 1]
    assert grouped(*[(0, 1)] * (MOST_ENTRIES + 1)) == [(1, MOST_ENTRIES), (MOST_ENTRIES + 1, MOST_ENTRIES + 1)]


# What was saved is there again


@pytest.mark.parametrize("seed", SEEDS)
def test_history_replay_equals_each_saved_version(seed: int) -> None:
    writers = Writers(seed)
    writers.write(60)
    assert at_each_entry(replayed(*writers.entries), writers.entries) == writers.saved


@pytest.mark.parametrize("seed", SEEDS)
def test_compaction_changes_neither_a_moment_nor_a_version(seed: int) -> None:
    writers = Writers(seed)
    writers.write(60)
    whole = replayed(*writers.entries)
    history = RoomHistory(None, [], [], 1)
    done = 0
    while done < len(writers.entries):
        more = writers.entries[done : done + writers.chance.randint(1, 20)]
        done = more[-1].seq
        snapshot, moments, _ = compacted(ROOM, RoomHistory(history.snapshot, history.moments, more, 1), 0)
        kept = [moment for moment in history.moments if moment.last < moments[0].first]
        history = RoomHistory(snapshot, [*kept, *moments], [], 1)
    replay = Replay.read(ROOM, history)
    assert replay.moments == whole.moments
    assert at_each_entry(replay, writers.entries) == writers.saved


def test_an_edit_that_waits_for_another_shows_when_it_is_whole() -> None:
    writer = Client()
    updates: list[bytes] = []
    subscription = writer.doc.observe(lambda event: updates.append(event.update))
    for character in "abc":
        writer.body.insert(len(writer.text), character)
    writer.doc.unobserve(subscription)
    entries = [Entry(seq, seq * 2 * PAUSE, None, updates[at]) for seq, at in ((1, 0), (2, 2), (3, 1))]
    snapshot, moments, _ = compacted(ROOM, RoomHistory(None, [], entries[:2], 1), 0)
    replay = Replay.read(ROOM, RoomHistory(snapshot, moments, entries[2:], 1))
    assert [text_of(replay.at(seq).document()) for seq in (1, 2, 3)] == ["a", "a", "abc"]


def test_an_entry_that_never_was_has_no_moment() -> None:
    replay = replayed(entry_at(1, 0))
    for seq in (0, 2):
        with pytest.raises(NoSuchMoment):
            replay.at(seq)


# Who wrote what


@pytest.mark.parametrize("seed", SEEDS)
def test_every_character_is_its_authors(seed: int) -> None:
    chance = random.Random(seed)
    clients = [Client(), Client()]
    entries: list[Entry] = []
    for seq in range(1, 41):
        member = chance.randrange(2)
        client = clients[member]
        before = client.doc.get_state()
        places = [len(client.text[:index].encode()) for index in range(len(client.text) + 1)]
        begin, end = sorted(chance.choices(places, k=2))
        if chance.random() < 0.3:
            del client.body[begin:end]
        else:
            client.body.insert(begin, "aé🙂" if member == 0 else "BÉ漢")
        update = client.doc.get_update(before)
        clients[1 - member].apply(update)
        entries.append(Entry(seq, seq * chance.choice((1, PAUSE)), member + 1, update))
    replay = replayed(*entries)
    owners = "".join(
        str(member) * (len(char.encode("utf-16-le")) // 2)
        for char in clients[0].text
        for member in [1 if char in "aé🙂" else 2]
    )
    spans = who_wrote(replay.document(), replay.parts())
    assert "".join(str(span.member) * span.length for span in spans) == owners


# Restoring


@pytest.mark.parametrize("seed", SEEDS)
def test_restoring_brings_back_text_looks_and_title(seed: int) -> None:
    writers = Writers(seed)
    writers.write(50)
    replay = replayed(*writers.entries)
    for seq in writers.chance.sample(range(1, 51), 6):
        after, upto = replay.needs(seq)
        then = replay.at(seq, writers.entries[after:upto]).document()
        update = restoring(replay.document(), then)
        restored, wanted = document_of(replay.document(), update), document_of(then)
        assert body_of(restored) == writers.saved[seq - 1]
        assert restored.get("meta", type=Map).to_py() == wanted.get("meta", type=Map).to_py()
        assert restoring(restored.get_update(), then) == b"\x00\x00"


@pytest.mark.parametrize("seed", SEEDS)
def test_a_restoring_merges_with_what_was_written_offline(seed: int) -> None:
    writers = Writers(seed)
    writers.write(40)
    replay = replayed(*writers.entries)
    moment = writers.chance.choice(replay.moments)
    update = restoring(replay.document(), replay.at(moment.last).document())
    offline, online = document_of(replay.document()), document_of(replay.document(), update)
    for _ in range(10):
        edit(writers.chance, offline)
        edit(writers.chance, online)
    offline.apply_update(online.get_update())
    online.apply_update(offline.get_update())
    assert body_of(offline) == body_of(online)


async def test_an_open_client_sees_a_restoring_as_somebody_elses_and_cannot_undo_it(house: House) -> None:
    secret = await house.secret()
    ann, ben = await house.client(secret), await house.client(secret)
    undo = UndoManager(scopes=[ann.body], capture_timeout_millis=0)
    undo.include_origin("mine")
    with ann.doc.transaction(origin="mine"):
        ann.body.insert(0, "first")
    await ann.push()
    await ann.until_saved()
    seq = (await ann.moments()).moments[-1].seq
    with ann.doc.transaction(origin="mine"):
        ann.body.format(0, 5, {"bold": True})
        del ann.body[1:4]
    await ann.push()
    await ben.until(lambda: ben.text == "ft")
    assert await ann.restore(seq) is None
    await ann.until(lambda: ann.text == "first")
    await ben.until(lambda: ben.text == "first")
    assert body_of(ann.doc) == body_of(ben.doc) == [("first", {})]
    while undo.can_undo():
        undo.undo()
    assert "irs" in ann.text  # what the restoring wrote is not Ann's to undo
    await ann.push()
    await ben.until(lambda: ben.text == ann.text)


async def test_what_was_written_offline_survives_a_restoring_on_the_server(house: House) -> None:
    secret = await house.secret()
    ann, ben = await house.client(secret), await house.client(secret)
    await ann.write("one two")
    await ben.until(lambda: ben.text == "one two")
    await ann.until_saved()
    seq = (await ann.moments()).moments[-1].seq
    await ben.leave()
    ben.body.insert(3, " offline")
    del ann.body[0:4]
    await ann.push()
    assert await ann.restore(seq) is None
    again = Client(ben.doc)
    await house.client(secret, client=again)
    await ann.until(lambda: "offline" in ann.text)
    await again.until(lambda: again.text == ann.text)
    assert ann.text.replace(" offline", "") == "one two"


# Over the wire


async def test_a_client_opens_a_moment_with_its_authors(make_house: MakeHouse) -> None:
    house = await make_house()
    editor, other = await house.secret(), await house.secret()
    ann, ben = await house.client(editor), await house.client(other)
    await ann.write("Ann 🙂 ")
    await ben.until(lambda: ben.text)
    await ben.write("Ben")
    await ben.until_saved()
    found = await ann.moments()
    assert found.fine_from == 1
    assert [moment.members for moment in found.moments] == [(1, 2)]
    opened_moment = await ann.moment(found.moments[-1].seq)
    assert isinstance(opened_moment, OpenedMoment)
    assert text_of(opened_moment.document) == "Ann 🙂 Ben"
    assert opened_moment.spans == (Span(7, 1), Span(3, 2))
    earlier = await ann.moment(1)
    assert isinstance(earlier, OpenedMoment)
    assert text_of(earlier.document) == "Ann 🙂 "
    assert await ann.moment(99) is HistoryReason.NO_SUCH_MOMENT


@pytest.mark.parametrize("seed", range(3))
async def test_a_server_that_compacts_and_restarts_keeps_every_version(make_house: MakeHouse, seed: int) -> None:
    chance = random.Random(seed)
    house = await make_house(snapshot_bytes=200, idle_seconds=0.01)
    secret, saved = await house.secret(), dict[int, object]()
    people = [await house.client(secret) for _ in range(2)]
    for _ in range(3):
        for _ in range(15):
            writer, other = chance.sample(people, 2)
            edit(chance, writer.doc)
            await writer.push()
            await writer.until_saved()
            await other.until(lambda writer=writer, other=other: other.doc.get_state() == writer.doc.get_state())
            if chance.random() < 0.2 and saved:
                assert await writer.restore(chance.choice(list(saved))) is None
                await other.until(lambda writer=writer, other=other: body_of(other.doc) == body_of(writer.doc))
            saved[(await writer.moments()).moments[-1].seq] = body_of(writer.doc)
        for person in people:
            await person.leave()
        await house.stop()
        await house.start()
        people = [await house.client(secret, client=Client(person.doc)) for person in people]
    for seq, body in saved.items():
        opened_moment = await people[0].moment(seq)
        assert isinstance(opened_moment, OpenedMoment)
        assert body_of(document_of(opened_moment.document)) == body


async def test_a_viewer_reads_history_and_restores_nothing(house: House) -> None:
    ann, reader = await house.client(), await house.client(await house.secret(Role.VIEWER))
    await ann.write("kept")
    await ann.until_saved()
    assert isinstance(await reader.moment((await reader.moments()).moments[0].seq), OpenedMoment)
    assert await reader.restore(1) is HistoryReason.READ_ONLY
    assert ann.text == "kept"


async def test_a_restoring_is_kept_with_whoever_asked_for_it(house: House) -> None:
    secret = await house.secret()
    ann = await house.client(secret)
    await ann.write("one")
    await ann.until_saved()
    await ann.write(" two")
    await ann.until_saved()
    assert await ann.restore(1) is None
    async with opened(house.settings.store) as store:
        room = await store.find_room("room")
        assert room is not None
        entries = await store.read_after(room.id, 0)
    assert [entry.member for entry in entries] == [1, 1, 1]
    assert [moment.seq for moment in (await ann.moments()).moments] == [2, 3]  # what was there before can be chosen
    assert ann.text == "one"
    assert await ann.restore(3) is None  # it is that already
    assert ann.text == "one"


async def test_who_drags_through_history_has_it_read_once_until_something_is_written(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: list[int] = []
    read = Replay.read

    def counted(room: RoomRecord, history: RoomHistory) -> Replay:
        reads.append(history.entries[-1].seq)
        return read(room, history)

    monkeypatch.setattr(Replay, "read", counted)
    ann = await house.client()

    async def drag(last: int) -> list[object]:
        return [body_of(document_of((await ann.moment(seq)).document)) for seq in (last, 1, last - 1, 1)]

    for word in ("one", " two", " three"):
        await ann.write(word)
        await ann.until_saved()
    dragged = await drag(3)
    assert reads == [3]
    await ann.write(" four")
    await ann.until_saved()
    assert (await drag(4))[1:] == [dragged[1], dragged[0], dragged[1]]
    assert reads == [3, 4]


async def test_whoever_lists_moments_again_and_again_has_the_document_read_once(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, ben = await house.client(), await house.client(await house.secret(Role.VIEWER))
    await ann.write("x")
    await ann.until_saved()
    reads, read = [], Replay.read
    monkeypatch.setattr(Replay, "read", lambda *details: reads.append(1) or read(*details))
    lists = [await client.moments() for client in (ben, ann, ben, ben)]
    assert len(reads) == 1
    assert {tuple(found.moments) for found in lists} == {tuple(lists[0].moments)}
    await ann.write("y")
    await ann.until_saved()
    assert (await ben.moments()).moments[-1].seq == lists[0].moments[-1].seq + 1
    assert len(reads) == 2


async def test_of_several_who_ask_for_history_one_is_read_for_at_a_time(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = await house.client()
    await ann.write("one")
    await ann.until_saved()
    read, reading, most = SqliteStore.read_history, 0, 0

    async def read_slowly(store: SqliteStore, room: int) -> RoomHistory:
        nonlocal reading, most
        reading += 1
        most = max(most, reading)
        try:
            found = await read(store, room)
            await store.changes_by_others()  # the others have their turn meanwhile
            return found
        finally:
            reading -= 1

    monkeypatch.setattr(SqliteStore, "read_history", read_slowly)
    others = [await house.client() for _ in range(3)]
    await asyncio.gather(*[each.moments() for each in (ann, *others)])
    assert most == 1


async def test_a_replay_is_not_kept_for_long(house: House) -> None:
    ann = await house.client()
    await ann.write("one")
    await ann.until_saved()
    async with opened(house.settings.store) as store:
        room = await store.find_room("room")
        assert room is not None
        lasting, fleeting = History(store, keeps=3600), History(store, keeps=0)
        for history in (lasting, fleeting):
            await history.open(room, 1)
        assert lasting._kept is not None
        await until(lambda: fleeting._kept is None)


# Compaction of what is stored


async def test_old_moments_stay_and_their_single_steps_go(tmp_path, house: House) -> None:
    writers = Writers(1)
    writers.write(60)
    now = writers.entries[-1].time
    async with opened(sqlite_address(tmp_path / "other"), serving=True) as store:
        room = await store.ensure_room("room", 0)
        await store.commit([Update(room.id, entry.time, None, entry.data) for entry in writers.entries])
        before = await History(store).moments(room)
        days = 5 * 60_000 / 86_400_000
        settings = Settings(store="", history_fine_days=days)
        assert await Compactor(store, settings, lambda: now).compact(room) > 0
        after = await History(store).moments(room)
        assert after.moments == before.moments
        assert after.fine_from > 1
        kept = {moment.seq for moment in after.moments}
        for entry in writers.entries:
            if entry.seq in kept or entry.seq >= after.fine_from:
                document = (await History(store).open(room, entry.seq)).document
                assert body_of(document_of(document)) == writers.saved[entry.seq - 1]
            else:
                with pytest.raises(NoSuchMoment):
                    await History(store).open(room, entry.seq)


async def test_a_server_thins_rooms_that_nobody_is_in(make_house: MakeHouse) -> None:
    house = await make_house(history_fine_days=0, sweep_seconds=0.01, idle_seconds=0.01)
    secret = await house.secret()
    ann = await house.client(secret)
    await ann.write("written")
    await ann.until_saved()
    await ann.leave()
    async with opened(house.settings.store) as store:
        room = await store.find_room("room")
        assert room is not None
        counts: list[int] = []

        async def look() -> None:
            while not counts or counts[-1]:
                counts.append(len(await store.read_after(room.id, 0)))

        await look()
    assert (await house.client(secret)).text == "written"
    await until(lambda: house.server.room_count == 1)
