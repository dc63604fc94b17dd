"""The store: what every database behind the server has to do, told once for all of them."""

from __future__ import annotations

import asyncio
import hashlib
import sys

import pytest

from commands import run_meanwhile
from cowrite_server.errors import NoSuchInvite, NoSuchRoom, StoreFailed
from cowrite_server.store.member_records import Arrival, Joined
from cowrite_server.store.opening import open_store
from cowrite_server.store.records import (
    NO_SPACE,
    Blob,
    Entry,
    Record,
    RoomRecord,
    hash_secret,
)
from cowrite_server.store.store import Store
from cowrite_server.wire.members import InviteWish
from cowrite_server.wire.protocol import Role
from cowrite_server.wrong_use import BadStoreAddress, PostgresOnWindows
from log_entries import logged, update
from stores import OpenStore, opened

SECRET, OTHER = hash_secret("secret"), hash_secret("other")
NOBODY = 999_999


async def command(address: str, *arguments: str) -> str:
    """Runs a command of `cowrite-server`; gives what it prints."""
    done = await run_meanwhile(*arguments, "--store", address)
    assert done.status == 0, done.errors
    return done.out


async def member(store: Store, room: RoomRecord) -> int:
    """Number of a new member."""
    await store.add_invite(room.id, InviteWish(Role.EDITOR), SECRET, 0)
    return await join(store, room, SECRET)


async def join(store: Store, room: RoomRecord, invite: bytes) -> int:
    joined = await store.join(Arrival(room.name, invite), 0)
    assert isinstance(joined, Joined)
    return joined.member.id


# Rooms


async def test_a_room_is_made_once_and_keeps_its_epoch(store: Store, another: OpenStore, address: str) -> None:
    assert await store.find_room("room") is None
    made = await store.ensure_room("room", 5)
    assert made.name == "room"
    assert await store.ensure_room("room", 6) == made
    assert await store.find_room("room") == made
    assert await (await another()).ensure_room("room", 7) == made
    assert await store.find_room("Room") is None


async def test_all_who_make_a_room_at_one_time_get_the_same_one(store: Store, another: OpenStore) -> None:
    stores = [store, *[await another() for _ in range(4)]]
    for name in ("one", "two", "three"):
        made = await asyncio.gather(*(each.ensure_room(name, 0) for each in stores for _ in range(3)))
        assert set(made) == {await store.find_room(name)}


async def test_rooms_have_histories_of_their_own(store: Store) -> None:
    one, two = await store.ensure_room("one", 0), await store.ensure_room("two", 0)
    assert one.id != two.id
    assert one.epoch != two.epoch


# Invites


async def test_invites_are_listed_oldest_first(store: Store, room: RoomRecord) -> None:
    assert await store.list_invites("room") == []
    made = [
        await store.add_invite(room.id, InviteWish(role), hash_secret(role), 0) for role in (Role.EDITOR, Role.VIEWER)
    ]
    elsewhere = await store.ensure_room("elsewhere", 0)
    await store.add_invite(elsewhere.id, InviteWish(Role.EDITOR), OTHER, 0)
    assert await store.list_invites("room") == made
    with pytest.raises(NoSuchRoom):
        await store.list_invites("nowhere")


async def test_an_invite_is_withdrawn_once_and_says_when(store: Store, room: RoomRecord) -> None:
    first = await store.add_invite(room.id, InviteWish(Role.EDITOR), SECRET, 0)
    second = await store.add_invite(room.id, InviteWish(Role.EDITOR), OTHER, 0)
    assert await store.withdraw("room", [first.id, first.id], 8) == [first.id]
    assert await store.withdraw("room", [first.id], 9) == []
    assert await store.withdraw("room", None, 10) == [second.id]
    assert await store.withdraw("room", None, 11) == []
    assert [invite.withdrawn for invite in await store.list_invites("room")] == [8, 10]


async def test_invites_are_withdrawn_together_or_not_at_all(store: Store, room: RoomRecord) -> None:
    elsewhere = await store.ensure_room("elsewhere", 0)
    mine = await store.add_invite(room.id, InviteWish(Role.EDITOR), SECRET, 0)
    theirs = await store.add_invite(elsewhere.id, InviteWish(Role.EDITOR), OTHER, 0)
    with pytest.raises(NoSuchInvite):
        await store.withdraw("room", [mine.id, theirs.id], 8)
    with pytest.raises(NoSuchRoom):
        await store.withdraw("nowhere", None, 8)
    assert [invite.withdrawn for invite in await store.list_invites("room")] == [None]
    assert [invite.withdrawn for invite in await store.list_invites("elsewhere")] == [None]


async def test_an_invite_is_withdrawn_by_one_of_those_who_try(
    store: Store, another: OpenStore, room: RoomRecord
) -> None:
    invite = await store.add_invite(room.id, InviteWish(Role.EDITOR), SECRET, 0)
    stores = [store, *[await another() for _ in range(4)]]
    done = await asyncio.gather(*(each.withdraw("room", None, 8) for each in stores))
    assert sorted(done) == [[], [], [], [], [invite.id]]


# The log


async def test_updates_are_numbered_in_their_room_as_they_are_committed(store: Store, room: RoomRecord) -> None:
    other = await store.ensure_room("other", 0)
    records: list[Record] = [update(room, b"a"), update(other, b"b"), update(room, b"c")]
    assert list(await store.commit(records)) == [1, 1, 2]
    blob = Blob(room.id, hashlib.sha256(b"").digest(), "image/png", b"")
    assert list(await store.commit([update(room, b"d"), blob, update(room, b"e")])) == [3, 0, 4]
    assert list(await store.commit([])) == []
    assert await logged(store, room) == [(1, b"a"), (2, b"c"), (3, b"d"), (4, b"e")]
    assert await logged(store, other) == [(1, b"b")]


async def test_an_entry_keeps_when_and_by_whom(store: Store, room: RoomRecord) -> None:
    author = await member(store, room)
    now = 1_900_000_000_123
    await store.commit([update(room, b"\x00a", now, author), update(room, b"\xff")])
    assert await store.read_after(room.id, 0) == [Entry(1, now, author, b"\x00a"), Entry(2, 0, None, b"\xff")]


async def test_reading_after_a_number_gives_what_came_later(store: Store, room: RoomRecord) -> None:
    await store.commit([update(room, bytes((number,))) for number in range(1, 6)])
    assert await logged(store, room, 3) == [(4, b"\x04"), (5, b"\x05")]
    assert await logged(store, room, 5) == []
    assert await store.read_after(NOBODY, 0) == []


async def test_a_commit_is_there_for_others_when_it_returns(store: Store, another: OpenStore, room: RoomRecord) -> None:
    other = await another()
    for number in range(1, 20):
        await store.commit([update(room, b"x")])
        assert await logged(other, room, number - 1) == [(number, b"x")]


async def test_nodes_that_write_at_one_time_share_one_sequence_without_gaps(
    store: Store, another: OpenStore, room: RoomRecord
) -> None:
    stores = [store, *[await another() for _ in range(3)]]
    given: dict[int, bytes] = {}

    async def write(node: int, store: Store) -> None:
        for turn in range(20):
            data = [bytes((node, turn, part)) for part in range(3)]
            numbers = list(await store.commit([update(room, each) for each in data]))
            assert numbers == list(range(numbers[0], numbers[0] + 3))
            given.update(zip(numbers, data, strict=True))

    await asyncio.gather(*(write(node, each) for node, each in enumerate(stores)))
    assert sorted(given) == list(range(1, 241))
    assert await logged(store, room) == sorted(given.items())


async def test_a_commit_that_fails_leaves_nothing_and_takes_no_numbers(store: Store, room: RoomRecord) -> None:
    await store.commit([update(room, b"before")])
    digest = hashlib.sha256(b"blob").digest()
    records: list[Record] = [
        update(room, b"half"),
        Blob(room.id, digest, "image/png", b"blob"),
        update(RoomRecord(NOBODY, "nowhere", ""), b"into no room"),
    ]
    with pytest.raises(StoreFailed):
        await store.commit(records)
    log = await store.read_room(room.id)
    assert (log.snapshot, [entry.data for entry in log.entries]) == (None, [b"before"])
    assert await store.read_blob(room.id, digest) is None
    assert list(await store.commit([update(room, b"after")])) == [2]


async def test_a_large_commit_is_one(store: Store, another: OpenStore, room: RoomRecord) -> None:
    other = await another()
    seen = set()
    async with asyncio.TaskGroup() as group:
        writing = group.create_task(store.commit([update(room, bytes(100)) for _ in range(20_000)]))
        while not writing.done():
            seen.add(len(await other.read_after(room.id, 0)))
    assert list(writing.result()) == list(range(1, 20_001))
    assert seen <= {0, 20_000}


async def test_everything_is_there_after_a_restart(address: str) -> None:
    async with opened(address, serving=True) as store:
        room = await store.ensure_room("room", 0)
        author = await member(store, room)
        await store.commit([update(room, b"a", 1, author)])
    async with opened(address, serving=True) as store:
        assert await store.find_room("room") == room
        assert list(await store.commit([update(room, b"b", 2, author)])) == [2]
        assert await store.read_after(room.id, 0) == [Entry(1, 1, author, b"a"), Entry(2, 2, author, b"b")]


# Blobs


async def test_a_blob_is_read_through_the_rooms_that_hold_it(store: Store, room: RoomRecord) -> None:
    other = await store.ensure_room("other", 0)
    data = bytes(range(256)) * 1000
    digest = hashlib.sha256(data).digest()
    blob = Blob(room.id, digest, "image/png", data)
    assert await store.read_blob(room.id, digest) is None
    await store.commit([blob, blob])
    assert await store.read_blob(room.id, digest) == blob
    assert await store.read_blob(other.id, digest) is None
    await store.commit([Blob(other.id, digest, "image/jpeg", data)])
    assert await store.read_blob(other.id, digest) == Blob(other.id, digest, "image/png", data)  # as it was at first


def image(room: RoomRecord, data: bytes) -> Blob:
    return Blob(room.id, hashlib.sha256(data).digest(), "image/png", data)


async def test_a_blob_for_which_its_room_has_no_space_is_not_written(store: Store, room: RoomRecord) -> None:
    other = await store.ensure_room("other", 0)
    blobs = [image(room, bytes([number]) * 10_000) for number in range(3)]
    first, second, third = sorted(blobs, key=lambda blob: blob.hash)  # some stores take them in this order
    records = [first, update(room, b"a"), second, third, update(room, b"b")]
    assert list(await store.commit(records, 25_000)) == [0, 1, 0, NO_SPACE, 2]
    assert await store.read_blob(room.id, third.hash) is None
    assert list(await store.commit([image(other, third.data)], 25_000)) == [0]  # each room has space of its own
    assert list(await store.commit([third], 30_000)) == [0]


async def test_a_blob_that_its_room_has_costs_nothing(store: Store, room: RoomRecord, another: OpenStore) -> None:
    blob = image(room, bytes(10_000))
    assert list(await store.commit([blob, blob], 10_000)) == [0, 0]
    assert list(await (await another()).commit([blob], 10_000)) == [0]
    assert list(await store.commit([image(room, b"small")], 10_000)) == [NO_SPACE]


async def test_a_small_blob_costs_its_room_more_than_its_data(store: Store, room: RoomRecord) -> None:
    blobs = [image(room, bytes([number])) for number in range(4)]
    assert sorted(await store.commit(blobs, 3 * 4096)) == [NO_SPACE, 0, 0, 0]


async def test_all_who_write_blobs_at_one_time_share_the_space_of_a_room(
    store: Store, room: RoomRecord, another: OpenStore
) -> None:
    stores = [store, *[await another() for _ in range(3)]]
    blobs = [image(room, bytes([number]) * 10_000) for number in range(8)]
    given = await asyncio.gather(*(stores[at % 4].commit([blob], 50_000) for at, blob in enumerate(blobs)))
    assert sorted(number for numbers in given for number in numbers) == [NO_SPACE] * 3 + [0] * 5
    there = [await store.read_blob(room.id, blob.hash) for blob in blobs]
    assert [blob is not None for blob in there] == [list(numbers) == [0] for numbers in given]


# Others


async def test_what_another_process_withdraws_is_noticed(store: Store, room: RoomRecord, address: str) -> None:
    invite = await store.add_invite(room.id, InviteWish(Role.EDITOR), SECRET, 0)
    author = await join(store, room, SECRET)
    await store.commit([update(room, b"x")])
    before = await store.changes_by_others()
    await store.commit([update(room, b"x")])
    assert await store.changes_by_others() == before
    await command(address, "revoke", "room", str(invite.id))
    after = await store.changes_by_others()
    assert after != before
    assert (await store.standings([author]))[author].removed
    assert await store.changes_by_others() == after


async def test_what_another_process_withdraws_is_noticed_between_commits(
    store: Store, room: RoomRecord, address: str
) -> None:
    invite = await store.add_invite(room.id, InviteWish(Role.EDITOR), SECRET, 0)
    before = await store.changes_by_others()
    await store.commit([update(room, b"x")])
    await command(address, "revoke", "room", str(invite.id))
    await store.changes_by_others()
    await store.commit([update(room, b"x")])
    assert await store.changes_by_others() != before


async def test_what_another_process_makes_is_there_at_once(store: Store, address: str) -> None:
    link = await command(address, "invite", "made-elsewhere", "--role", "viewer", "--url", "ws://host:1")
    secret = link.strip().partition("#")[2]
    joined = await store.join(Arrival("made-elsewhere", hash_secret(secret)), 0)
    assert isinstance(joined, Joined)
    assert joined.member.role is Role.VIEWER
    assert "viewer" in await command(address, "invites", "made-elsewhere")


async def test_a_closed_store_says_so(address: str) -> None:
    async with opened(address) as store:
        room = await store.ensure_room("room", 0)
    await store.close()
    for call in (
        store.commit([update(room, b"x")]),
        store.read_room(room.id),
        store.find_room("room"),
        store.changes_by_others(),
    ):
        with pytest.raises(StoreFailed):
            await call


@pytest.mark.parametrize(
    "address", ["", ".", "sqlite:", "sqlite", "mysql://host/name", "postgresql://host/name?what=ever"]
)
async def test_an_address_that_names_no_store_is_refused(address: str) -> None:
    with pytest.raises(BadStoreAddress):
        await open_store(address)


async def test_on_windows_postgresql_is_refused_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(PostgresOnWindows, match="give --data instead of --store"):
        await open_store("postgresql://127.0.0.1:1/cowrite")
