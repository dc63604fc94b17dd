"""History: every version that was saved can be opened again, whatever was compacted meanwhile, and brought back."""

from __future__ import annotations

import asyncio
import random
import threading
from typing import Any

import pytest
from pycrdt import UndoManager

from cowrite_server.errors import NoSuchMoment
from cowrite_server.history.history import History
from cowrite_server.history.replay import Replay
from cowrite_server.history.restoring import text_of
from cowrite_server.rooms.compaction import Compactor
from cowrite_server.settings.settings import Settings
from cowrite_server.sockets.websocket import Socket
from cowrite_server.store.opening import sqlite_address
from cowrite_server.store.records import RoomHistory, RoomRecord, Update
from cowrite_server.store.sqlite.store import SqliteStore
from cowrite_server.wire.history import HistoryReason, MomentList, OpenedMoment, Span
from cowrite_server.wire.protocol import Role
from house import House, MakeHouse
from stores import opened
from sync_clients import PATIENCE, Client, until, until_true
from writers import Writers, body_of, document_of, edit


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


async def test_who_only_comes_back_and_knows_what_was_deleted_has_done_nothing(house: House) -> None:
    secret = await house.secret()
    ann, ben = await house.client(await house.secret()), await house.client(secret)
    await ann.write("one two")
    await ben.until(lambda: ben.text == "one two")
    del ann.body[0:4]
    await ann.push()
    await ann.until_saved()
    await ben.until(lambda: ben.text == "two")
    before = (await ann.moments()).moments
    await ben.leave()
    again = Client(ben.doc)
    await house.client(secret, client=again)
    await again.until_saved()
    assert (await ann.moments()).moments == before
    await again.send_update(again.doc.get_update())  # as stock clients may
    await again.until_saved()
    assert [each.members for each in (await ann.moments()).moments] == [each.members for each in before]
    await again.leave()
    del again.body[0:1]
    late = Client(again.doc)
    await house.client(secret, client=late)
    await ann.until(lambda: ann.text == "wo")
    await late.until_saved()
    last = (await ann.moments()).moments[-1]
    assert (len(last.members), last.removed) == (2, before[-1].removed + 1)


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


@pytest.mark.parametrize("seed", range(2))
async def test_a_server_that_compacts_and_restarts_keeps_every_version(make_house: MakeHouse, seed: int) -> None:
    chance = random.Random(seed)
    house = await make_house(snapshot_bytes=200, idle_seconds=0.01)
    secret, saved = await house.secret(), dict[int, object]()
    people = [await house.client(secret) for _ in range(2)]
    for _ in range(3):
        for _ in range(8):
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


async def test_who_drags_through_history_has_it_read_once_and_then_what_is_written_meanwhile(
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
    assert reads == [3]


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
    assert len(reads) == 1


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


async def test_who_goes_away_has_nobody_elses_history_read_while_theirs_is(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = await house.secret()
    ann, ben = await house.client(secret), await house.client(secret)
    await ann.write("one")
    await ann.until_saved()
    at_work: list[threading.Event] = []

    def work(*_: object) -> MomentList:
        at_work.append(threading.Event())
        assert at_work[-1].wait(PATIENCE)
        return MomentList((), 1)

    monkeypatch.setattr("cowrite_server.history.history._summaries", work)
    asking = asyncio.create_task(ann.moments())
    await until(lambda: at_work)
    await ann.leave()
    asking.cancel()
    await until(lambda: house.connection_count == 1)
    asked = asyncio.create_task(ben.moments())
    for _ in range(5):  # so often the server could go on, and work for Ben
        await ben.write("x")
        await ben.until_saved()
    others = at_work[1:]
    at_work[0].set()
    await until(lambda: len(at_work) == 2)
    at_work[1].set()
    assert isinstance(await asked, MomentList)
    assert others == []


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

        async def thinned(number: int = room.id) -> bool:
            return not await store.read_after(number, 0)

        await until_true(thinned)
    assert (await house.client(secret)).text == "written"
    await until(lambda: house.room_count == 1)


async def test_what_two_restore_at_once_comes_back_once(house: House) -> None:
    secret = await house.secret()
    ann, ben = await house.client(secret), await house.client(secret)
    await ann.write("one two")
    await ann.until_saved()
    seq = (await ann.moments()).moments[-1].seq
    del ann.body[0:4]
    await ann.push()
    await ann.until_saved()
    await ben.until(lambda: ben.text == "two")
    assert await asyncio.gather(ann.restore(seq), ben.restore(seq)) == [None, None]
    await until(lambda: ann.text == ben.text and "one" in ann.text)
    assert (await house.client(secret)).text == "one two"


async def test_a_moment_that_many_ask_for_at_once_is_made_once_and_kept_once(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = await house.secret()
    ann = await house.client(secret)
    await ann.write("x" * 100_000)
    await ann.until_saved()
    seq = (await ann.moments()).moments[-1].seq
    readers = [await house.client(secret) for _ in range(8)]
    made, sent = 0, list[bytes]()
    at, reply = Replay.at, Socket.reply

    def count(replay: Replay, *entry: Any) -> Replay:
        nonlocal made
        made += 1
        return at(replay, *entry)

    def note(socket: Socket, frames: bytes, body: bytes = b"") -> None:
        sent.append(body)
        reply(socket, frames, body)

    monkeypatch.setattr(Replay, "at", count)
    monkeypatch.setattr(Socket, "reply", note)
    opened = await asyncio.gather(*[reader.moment(seq) for reader in readers])
    assert made == 1
    assert all(isinstance(each, OpenedMoment) and each == opened[0] for each in opened)
    assert len({id(body) for body in sent if len(body) > 100_000}) == 1
    await ann.write("y")
    await ann.until_saved()
    assert await ann.moment(seq) == opened[0]
    assert await ann.moment(seq + 1) != opened[0]
