"""Named versions: a name stands for what the document was when it was given, whatever is written and done later."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from commands import run_meanwhile
from cowrite_server.audit import ActKind
from cowrite_server.errors import NamedOtherwise, NoSuchMoment, StoreFailed, TooManyVersions, WithinMoment
from cowrite_server.history.history import History
from cowrite_server.history.replay import Replay
from cowrite_server.rooms.compaction import Compactor, compacted
from cowrite_server.settings.settings import Settings
from cowrite_server.store.opening import sqlite_address
from cowrite_server.store.records import (
    RoomHistory,
    RoomRecord,
    Snapshot,
    Update,
    Version,
)
from cowrite_server.store.store import Store
from cowrite_server.verifying import faults
from cowrite_server.wire.history import (
    MomentList,
    Naming,
)
from log_entries import update
from store.test_moments import moment
from store.test_store import member
from stores import OpenStore, opened
from writers import Writers, body_of, document_of

SEEDS = range(8)
MANY = 1000
DAY = 24 * 60 * 60 * 1000


def version(room: RoomRecord, seq: int, name: str = "Sent", time: int = 7, by: int | None = None) -> Version:
    return Version(room.id, seq, name, by, time)


def named(found: MomentList) -> dict[int, str]:
    return {moment.seq: moment.name.text for moment in found.moments if moment.name is not None}


async def names_of(store: Store, room: RoomRecord) -> list[tuple[int, str]]:
    return [(each.seq, each.name) for each in (await store.read_history(room.id)).versions]


# What a store keeps


async def test_a_moment_is_named_renamed_and_unnamed_and_each_is_an_act(store: Store, room: RoomRecord) -> None:
    ada = await member(store, room)
    await store.commit([update(room, b"a"), update(room, b"b")])
    await store.name_version(version(room, 2, "Draft", by=ada), "", MANY)
    assert (await store.read_history(room.id)).versions == [version(room, 2, "Draft", by=ada)]
    await store.name_version(version(room, 2, "Sent 🦊", 8), "Draft", MANY)
    assert (await store.read_history(room.id)).versions == [version(room, 2, "Sent 🦊", 8)]
    await store.name_version(version(room, 2, "Sent 🦊", 9), "Sent 🦊", MANY)  # which is no act
    await store.name_version(version(room, 2, "", 9), "Sent 🦊", MANY)
    assert (await store.read_history(room.id)).versions == [version(room, 2, "", 9)]  # where it ended
    acts = [act for act in await store.list_acts("room", 9) if act.deed.kind is ActKind.VERSION_NAMED]
    assert [(act.actor, act.time, dict(act.deed.details)) for act in reversed(acts)] == [
        (ada, 7, {"moment": 2, "before": "", "name": "Draft"}),
        (None, 8, {"moment": 2, "before": "Draft", "name": "Sent 🦊"}),
        (None, 9, {"moment": 2, "before": "Sent 🦊", "name": ""}),
    ]
    assert await store.damage() == []


async def test_a_name_that_cannot_be_given_changes_nothing(store: Store, room: RoomRecord) -> None:
    await store.commit([update(room, b"a"), update(room, b"b")])
    await store.name_version(version(room, 1), "", 2)
    for seq in (0, 3, -1):
        with pytest.raises(NoSuchMoment):
            await store.name_version(version(room, seq), "", 2)
    with pytest.raises(NamedOtherwise):  # somebody else was faster
        await store.name_version(version(room, 1, "Mine"), "", 2)
    with pytest.raises(NamedOtherwise):
        await store.name_version(version(room, 2, ""), "Mine", 2)
    await store.name_version(version(room, 2), "", 2)
    await store.commit([update(room, b"c")])
    with pytest.raises(TooManyVersions):
        await store.name_version(version(room, 3), "", 2)
    await store.name_version(version(room, 2, "Renamed"), "Sent", 2)
    assert await names_of(store, room) == [(1, "Sent"), (2, "Renamed")]
    assert len([act for act in await store.list_acts("room", 9) if act.deed.kind is ActKind.VERSION_NAMED]) == 3


async def test_a_moment_ends_at_a_name_though_it_was_made_longer_meanwhile(
    store: Store, another: OpenStore, room: RoomRecord
) -> None:
    await store.commit([update(room, bytes((number,))) for number in range(6)])
    await store.name_version(version(room, 2), "", MANY)
    # Somebody who has read what is stored before the name was there makes one moment of it.
    slow = await another()
    assert not await slow.compact(0, Snapshot(room.id, 6, 0, b""), [moment(room, 1, 6)])
    assert await slow.compact(0, Snapshot(room.id, 6, 0, b""), [moment(room, 1, 2), moment(room, 3, 6)])
    with pytest.raises(WithinMoment):
        await store.name_version(version(room, 4), "", MANY)
    wrong = ([moment(room, 3, 6)], [moment(room, 3, 4)], [moment(room, 3, 4), moment(room, 6, 6)])
    for pieces in wrong:
        with pytest.raises(WithinMoment):
            await store.name_version(version(room, 4), "", MANY, pieces)
    assert await names_of(store, room) == [(2, "Sent")]
    pieces = [moment(room, 3, 4, data=b"one"), moment(room, 5, 6, data=b"other")]
    await store.name_version(version(room, 4, "Read"), "", MANY, pieces)
    history = await store.read_history(room.id)
    assert history.moments == [moment(room, 1, 2), *pieces]
    assert await names_of(store, room) == [(2, "Sent"), (4, "Read")]
    # A name that is gone leaves the end of the moment, in the log until that is in a moment of its own.
    await store.commit([update(room, b"6"), update(room, b"7")])
    for seq, name in ((4, "Read"), (7, "")):
        await store.name_version(version(room, seq, "x" if seq == 7 else ""), name, MANY)
    await store.name_version(version(room, 7, ""), "x", MANY)
    assert not await slow.compact(6, Snapshot(room.id, 8, 0, b""), [moment(room, 7, 8)])
    assert await names_of(store, room) == [(2, "Sent"), (4, ""), (7, "")]
    assert await slow.compact(6, Snapshot(room.id, 8, 0, b""), [moment(room, 7, 7), moment(room, 8, 8)])
    assert await names_of(store, room) == [(2, "Sent")]


async def test_of_two_who_name_a_version_at_one_time_one_does(
    store: Store, another: OpenStore, room: RoomRecord
) -> None:
    other = await another()
    await store.commit([update(room, b"a")])
    wishes = [each.name_version(version(room, 1, name), "", MANY) for each, name in ((store, "One"), (other, "Two"))]
    done = await asyncio.gather(*wishes, return_exceptions=True)
    assert sorted(type(each).__name__ for each in done) == ["NamedOtherwise", "NoneType"]


async def test_a_forgotten_room_takes_its_names_along(store: Store, room: RoomRecord) -> None:
    await store.commit([update(room, b"a")])
    await store.name_version(version(room, 1), "", MANY)
    await store.forget_room("room", 9)
    with pytest.raises(NoSuchMoment):
        await store.name_version(version(room, 1), "", MANY)
    assert (await store.read_history(room.id)).versions == []
    assert [act.deed.kind for act in await store.list_acts(None, 9)] == [ActKind.ROOM_FORGOTTEN]


# What a name stands for


def replayed(history: RoomHistory) -> Replay:
    return Replay.read(ROOM, history)


ROOM = RoomRecord(1, "room", "epoch")


@pytest.mark.parametrize("seed", SEEDS)
def test_moments_end_at_names_before_and_after_compaction(seed: int) -> None:
    writers = Writers(seed)
    writers.write(40)
    chance = writers.chance
    seqs = sorted(chance.sample(range(1, 41), 6))
    versions = [Version(1, seq, str(seq), None, 0) for seq in seqs]
    history = RoomHistory(None, [], writers.entries, 1, versions)
    replay = replayed(history)
    assert set(seqs) <= {moment.last for moment in replay.moments}
    snapshot, moments, _ = compacted(ROOM, RoomHistory(None, [], writers.entries[:25], 1, versions), 0)
    later = replayed(RoomHistory(snapshot, moments, writers.entries[25:], 1, versions))
    assert later.moments == replay.moments
    assert [body_of(document_of(later.at(seq).document())) for seq in seqs] == [writers.saved[seq - 1] for seq in seqs]
    unnamed = replayed(replace(history, versions=[]))
    assert len(unnamed.moments) <= len(replay.moments)


@pytest.mark.parametrize("seed", range(3))
async def test_a_named_version_is_the_document_as_it_was_through_compaction_thinning_backup_and_restore(
    tmp_path: Path, seed: int
) -> None:
    writers = Writers(seed)
    writers.write(60)
    chance = writers.chance
    now, given = writers.entries[-1].time, dict[int, str]()
    # Where everything old enough goes at once, only names and moments can hold a boundary.
    settings = Settings(store="", history_fine_days=chance.choice((0, 5 * 60_000 / DAY)))

    async def check(store: Store, room: RoomRecord) -> None:
        history = History(store)
        found = await history.moments(room)
        assert named(found) == given
        assert [before.seq for before, after in pairwise(found.moments) if before.seq >= after.seq] == []
        for seq in given:
            assert body_of(document_of((await history.open(room, seq)).document)) == writers.saved[seq - 1]

    async with opened(sqlite_address(tmp_path / "data"), serving=True) as store:
        room = await store.ensure_room("room", 0)
        at = 0
        while at < len(writers.entries):
            more = writers.entries[at : at + chance.randint(1, 12)]
            at = more[-1].seq
            await store.commit([Update(room.id, entry.time, None, entry.data) for entry in more])
            history = History(store)
            wanted = chance.choice((at, at, chance.randint(1, at)))
            if wanted not in given:
                try:
                    await history.name(room, Naming(wanted, "", f"v{wanted}"), None, at, MANY)
                    given[wanted] = f"v{wanted}"
                except NoSuchMoment:
                    assert wanted != at  # its single entries are gone
            if chance.random() < 0.4:
                await Compactor(store, settings, lambda: now + 1).compact(room)
                await check(store, room)
            if given and chance.random() < 0.2:
                gone = chance.choice(list(given))
                await history.name(room, Naming(gone, given.pop(gone), ""), None, at, MANY)
        await Compactor(store, settings, lambda: now + DAY).compact(room)
        await check(store, room)
        assert [fault async for fault in faults(store)] == []
        await store.back_up(tmp_path / "backup")
    done = await run_meanwhile("restore", tmp_path / "backup", "--data", tmp_path / "new", "--keep-epochs")
    assert done.status == 0
    async with opened(sqlite_address(tmp_path / "new")) as store:
        await check(store, room)


async def test_the_moments_of_a_room_that_change_while_one_is_named_are_cut_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writers = Writers(2)
    writers.write(30)
    async with opened(sqlite_address(tmp_path), serving=True) as store:
        room = await store.ensure_room("room", 0)
        await store.commit([Update(room.id, entry.seq, None, entry.data) for entry in writers.entries])
        history, compactor = History(store), Compactor(store, Settings(store=""), lambda: 0)
        name_version = store.name_version

        async def after_compaction(*details: object) -> None:
            await compactor.compact(room)
            await name_version(*details)

        monkeypatch.setattr(store, "name_version", after_compaction)
        await history.name(room, Naming(7, "", "Sent"), None, 0, MANY)
        assert [moment.seq for moment in (await history.moments(room)).moments] == [7, 30]

        async def changes_on(*_details: object) -> None:
            raise WithinMoment("room", 7)

        monkeypatch.setattr(store, "name_version", changes_on)
        with pytest.raises(StoreFailed):
            await history.name(room, Naming(8, "", "Sent"), None, 0, MANY)


async def test_many_name_within_one_moment_at_once(store: Store, room: RoomRecord) -> None:
    writers = Writers(2)
    writers.write(30)
    await store.commit([Update(room.id, entry.seq, None, entry.data) for entry in writers.entries])
    await Compactor(store, Settings(store=""), lambda: 0).compact(room)
    history = History(store)
    namings = [history.name(room, Naming(seq, "", f"Sent {seq}"), None, 0, MANY) for seq in range(5, 24)]
    await asyncio.gather(*namings)
    assert named(await history.moments(room)) == {seq: f"Sent {seq}" for seq in range(5, 24)}


async def test_what_is_unsound_in_names_is_said(tmp_path: Path) -> None:
    writers = Writers(2)
    writers.write(10)
    async with opened(sqlite_address(tmp_path), serving=True) as store:
        room = await store.ensure_room("room", 0)
        await store.commit([Update(room.id, entry.seq, None, entry.data) for entry in writers.entries])
        await Compactor(store, Settings(store=""), lambda: 0).compact(room)
        await store.run(  # type: ignore[attr-defined]  # that of SQLite, which the contract of stores does not have
            lambda connection: connection.executemany(
                "INSERT INTO versions VALUES (1, ?, ?, NULL, 0)", [(4, "within"), (11, "beyond"), (12, "")]
            )
        )
        found = [fault.sentence async for fault in faults(store)]
    assert len(found) == 3
    assert all("named version" in sentence for sentence in found)
    assert not any("within" in sentence and '"' in sentence for sentence in found)  # no word of what people wrote


# Over the wire
