"""Snapshots and moments in the store, whichever database it is."""

from __future__ import annotations

import asyncio
import hashlib

from cowrite_server.store.records import (
    Blob,
    Moment,
    RoomRecord,
    Snapshot,
)
from cowrite_server.store.store import Store
from log_entries import logged, update
from stores import OpenStore


def moment(room: RoomRecord, first: int, last: int, ended: int = 0, data: bytes = b"") -> Moment:
    return Moment(room.id, first, last, 0, ended, data)


async def test_a_room_is_its_snapshot_and_what_came_after_it(store: Store, room: RoomRecord) -> None:
    log = await store.read_room(room.id)
    assert (log.snapshot, log.entries) == (None, [])
    await store.commit([update(room, data) for data in (b"a", b"b", b"c")])
    log = await store.read_room(room.id)
    assert (log.snapshot, [entry.data for entry in log.entries]) == (None, [b"a", b"b", b"c"])
    snapshot = Snapshot(room.id, 2, 9, b"ab")
    assert await store.compact(0, snapshot, [moment(room, 1, 2)])
    await store.commit([update(room, b"d")])
    log = await store.read_room(room.id)
    assert (log.snapshot, [(entry.seq, entry.data) for entry in log.entries]) == (snapshot, [(3, b"c"), (4, b"d")])
    assert len(await logged(store, room)) == 4


async def test_of_two_who_compact_a_room_the_first_counts(store: Store, another: OpenStore, room: RoomRecord) -> None:
    slow = await another()
    await store.commit([update(room, data) for data in (b"a", b"b", b"c")])
    newer = Snapshot(room.id, 2, 0, b"ab")
    assert await store.compact(0, newer, [moment(room, 1, 2, data=b"theirs")])
    assert not await slow.compact(0, Snapshot(room.id, 3, 0, b"abc"), [moment(room, 1, 3)])
    history = await slow.read_history(room.id)
    assert (history.snapshot, history.moments) == (newer, [moment(room, 1, 2, data=b"theirs")])


async def test_a_moment_that_went_on_takes_the_place_of_its_beginning(store: Store, room: RoomRecord) -> None:
    await store.commit([update(room, bytes((number,))) for number in range(9)])
    first, begun = moment(room, 1, 2), moment(room, 3, 4)
    assert await store.compact(0, Snapshot(room.id, 4, 0, b""), [first, begun])
    longer, later = moment(room, 3, 6, data=b"longer"), moment(room, 7, 8)
    assert await store.compact(4, Snapshot(room.id, 8, 0, b""), [longer, later])
    history = await store.read_history(room.id)
    assert history.moments == [first, longer, later]
    assert [entry.seq for entry in history.entries] == [9]
    assert history.fine_from == 1


async def test_single_entries_of_old_moments_are_deleted_bit_by_bit(store: Store, room: RoomRecord) -> None:
    await store.commit([update(room, bytes((number,))) for number in range(9)])
    assert await store.thin(room.id, 1000, 100) == 0  # what no snapshot holds stays
    moments = [moment(room, 1, 5, ended=10), moment(room, 6, 8, ended=20)]
    assert await store.compact(0, Snapshot(room.id, 8, 0, b"all"), moments)
    assert await store.thin(room.id, 10, 100) == 0
    assert [await store.thin(room.id, 20, 2) for _ in range(4)] == [2, 2, 1, 0]
    assert [seq for seq, _ in await logged(store, room)] == [6, 7, 8, 9]
    assert (await store.read_history(room.id)).fine_from == 6
    assert await store.thin(room.id, 1000, 100) == 3
    assert list(await store.commit([update(room, b"next")])) == [10]
    assert [entry.seq for entry in await store.read_after(room.id, 0, upto=9)] == [9]


async def test_a_number_is_not_given_twice_when_all_entries_are_gone(store: Store, room: RoomRecord) -> None:
    await store.commit([update(room, b"a"), update(room, b"b")])
    assert await store.compact(0, Snapshot(room.id, 2, 0, b"ab"), [moment(room, 1, 2)])
    assert await store.thin(room.id, 1, 100) == 2
    assert list(await store.commit([update(room, b"c")])) == [3]


async def test_rooms_are_listed_by_the_age_of_what_they_keep(store: Store) -> None:
    old, new, _ = [await store.ensure_room(name, 0) for name in ("old", "new", "empty")]
    await store.commit([update(old, b"a", time=10), update(old, b"b", time=99), update(new, b"c", time=50)])
    assert [room.name for room in await store.list_rooms()] == ["empty", "new", "old"]
    assert [room.name for room in await store.list_rooms(50)] == ["old"]


async def test_each_room_has_what_it_takes(store: Store) -> None:
    one, other, _ = [await store.ensure_room(name, 7) for name in ("one", "other", "empty")]
    await store.commit([update(one, b"abc", time=10), update(one, b"de", time=20), update(other, b"f", time=5)])
    picture = Blob(other.id, hashlib.sha256(b"p" * 5000).digest(), "image/png", b"p" * 5000)
    await store.commit([picture])
    assert await store.list_sizes() == [("empty", 7, None, 0), ("one", 7, 20, 5), ("other", 7, 5, 1 + picture.cost)]
    history = moment(one, 1, 2, ended=30)
    assert await store.compact(0, Snapshot(one.id, 2, 0, b"abcde"), [history])
    assert await store.thin(one.id, 1000, 100) == 2
    assert (await store.list_sizes())[1] == ("one", 7, 30, 5 + len(history.data))


async def test_a_room_is_read_as_it_was_at_one_moment(store: Store, another: OpenStore, room: RoomRecord) -> None:
    reader = await another()

    async def write() -> None:
        for number in range(1, 41):
            await store.commit([update(room, b"x")])
            assert await store.compact(
                number - 1, Snapshot(room.id, number, 0, b"x" * number), [moment(room, number, number)]
            )

    writing = asyncio.create_task(write())
    while not writing.done():
        history = await reader.read_history(room.id)
        held = 0 if history.snapshot is None else len(history.snapshot.data)
        assert held == len(history.moments)
        assert len(history.entries) <= 1
    await writing


async def test_rooms_are_restored_beside_each_other(store: Store) -> None:
    one, other = [await store.ensure_room(name, 0) for name in ("one", "other")]
    async with asyncio.timeout(30), store.turn_to_restore(one.id), store.turn_to_restore(other.id):
        pass


async def test_a_sound_store_has_no_damage(store: Store, room: RoomRecord) -> None:
    await store.commit([update(room, b"a"), Blob(room.id, hashlib.sha256(b"x").digest(), "image/png", b"x")])
    assert await store.damage() == []
    await store.commit([Blob(room.id, hashlib.sha256(b"y").digest(), "image/png", b"z")])
    assert len(await store.damage()) == 1
