"""What lies in sealed boxes: what every database behind the server has to do about it."""

from __future__ import annotations

import asyncio

import pytest

from cowrite_server.errors import BoxFull, BoxOpened, StoreFailed
from cowrite_server.people.admission import author_of
from cowrite_server.store import sealed
from cowrite_server.store.member_records import Arrival, Joined
from cowrite_server.store.records import RoomRecord, hash_secret
from cowrite_server.store.sealing import AuthoredItem, Claim
from cowrite_server.store.store import Store
from cowrite_server.wire.members import InviteWish
from cowrite_server.wire.protocol import Role
from cowrite_server.wire.sealed import (
    BALLOT,
    ITEM_BYTES,
    LEAST_ITEM_COST,
    PERSON_BYTES,
    ROOM_BYTES,
    Count,
    SealedItem,
)
from stores import OpenStore

ADA, BEN = "member:1", "member:2"


def note(text: str, id: str = "note:1", box: str = "session:1") -> SealedItem:
    return SealedItem(box, id, {"text": text})


async def test_an_author_gets_back_what_is_theirs_and_nothing_else(store: Store, room: RoomRecord) -> None:
    elsewhere = await store.ensure_room("elsewhere", 0)
    mine = [note("one"), note("two", "note:2"), SealedItem("poll:1", BALLOT, {"dots": {"note:9": 2}})]
    for item in mine:
        await store.seal(room.id, ADA, item)
    await store.seal(room.id, BEN, note("theirs"))
    await store.seal(elsewhere.id, ADA, note("elsewhere"))
    found = await store.sealed_by(room.id, ADA)
    assert sorted(found, key=lambda item: (item.box, item.id)) == sorted(mine, key=lambda item: (item.box, item.id))
    assert await store.sealed_by(room.id, BEN) == [note("theirs")]
    assert await store.sealed_counts([room.id, elsewhere.id, 999]) == {
        room.id: {"session:1": Count(3, 2), "poll:1": Count(1, 1)},
        elsewhere.id: {"session:1": Count(1, 1)},
    }


async def test_an_item_takes_the_place_of_the_same_author_s_alone(store: Store, room: RoomRecord) -> None:
    await store.seal(room.id, ADA, note("first"))
    await store.seal(room.id, BEN, note("theirs"))
    await store.seal(room.id, ADA, note("second"))
    assert await store.sealed_by(room.id, ADA) == [note("second")]
    await store.take_back(room.id, ADA, "session:1", "note:1")
    await store.take_back(room.id, ADA, "session:1", "note:none")
    assert await store.sealed_by(room.id, ADA) == []
    assert await store.sealed_by(room.id, BEN) == [note("theirs")]


async def test_what_one_person_seals_again_as_another_member_is_counted_once(store: Store, room: RoomRecord) -> None:
    mine = [note("one"), SealedItem("poll:1", BALLOT, {"dots": {"note:9": 2}, "id": "0123456789abcdef"})]
    for author in (ADA, "member:3"):  # the server was moved, and has given her a new link
        for item in mine:
            await store.seal(room.id, author, item)
    assert await store.sealed_counts([room.id]) == {room.id: {"session:1": Count(1, 1), "poll:1": Count(1, 1)}}
    assert sorted(each.id for each in await store.sealed_by(room.id, "member:3")) == [BALLOT, "note:1"]

    await store.seal(room.id, BEN, note("other words"))
    alike = SealedItem("poll:2", BALLOT, {"dots": {"note:9": 2}})  # of two people, whose programs give it no id
    await store.seal(room.id, ADA, alike)
    await store.seal(room.id, BEN, alike)
    counts = await store.sealed_counts([room.id])
    assert (counts[room.id]["session:1"], counts[room.id]["poll:2"]) == (Count(2, 2), Count(2, 2))


async def test_what_is_sealed_is_there_after_a_restart(store: Store, room: RoomRecord, another: OpenStore) -> None:
    await store.seal(room.id, ADA, note("one"))
    await store.close()
    again = await another()
    assert await again.sealed_by(room.id, ADA) == [note("one")]
    assert await again.damage() == []


async def test_a_claimed_box_takes_and_gives_nothing(store: Store, room: RoomRecord) -> None:
    await store.seal(room.id, ADA, note("one"))
    await store.seal(room.id, ADA, note("elsewhere", box="session:2"))
    claim = await store.claim_box(room.id, "session:1")
    assert claim == Claim((AuthoredItem(ADA, note("one")),), None, False)
    with pytest.raises(BoxOpened):
        await store.seal(room.id, BEN, note("late"))
    with pytest.raises(BoxOpened):
        await store.take_back(room.id, ADA, "session:1", "note:1")
    await store.seal(room.id, BEN, note("in time", box="session:2"))
    assert await store.claim_box(room.id, "session:1") == claim
    assert await store.claimed_boxes(room.id) == ["session:1"]


async def test_the_update_that_was_first_takes_the_place_of_the_items(
    store: Store, room: RoomRecord, another: OpenStore
) -> None:
    await store.seal(room.id, ADA, note("one"))
    other = await another()
    await asyncio.gather(*(each.claim_box(room.id, "session:1") for each in (store, other)))
    kept = await asyncio.gather(
        store.prepare_box(room.id, "session:1", b"mine"), other.prepare_box(room.id, "session:1", b"theirs")
    )
    assert len(set(kept)) == 1
    assert await store.sealed_by(room.id, ADA) == []
    assert await other.claim_box(room.id, "session:1") == Claim((), kept[0], False)
    assert await store.claimed_boxes(room.id) == ["session:1"]
    await store.finish_box(room.id, "session:1")
    assert await other.claim_box(room.id, "session:1") == Claim((), None, True)
    assert await other.prepare_box(room.id, "session:1", b"late") == b""
    assert await store.claimed_boxes(room.id) == []
    assert await store.sealed_counts([room.id]) == {}


@pytest.mark.parametrize("seed", range(4))
async def test_what_is_put_while_a_box_is_claimed_is_in_the_claim_or_refused(
    store: Store, room: RoomRecord, another: OpenStore, seed: int
) -> None:
    other = await another()

    async def write(number: int) -> bool:
        try:
            await (store, other)[number % 2].seal(room.id, f"member:{number % 5}", note("words", f"note:{number}"))
        except BoxOpened:
            return False
        return True

    async def claim() -> Claim:
        for _ in range(seed):
            await asyncio.sleep(0)
        return await other.claim_box(room.id, "session:1")

    *written, claimed = await asyncio.gather(*map(write, range(40)), claim())
    assert isinstance(claimed, Claim)
    there = {item.item.id for item in claimed.items}
    assert there == {f"note:{number}" for number, done in enumerate(written) if done}


async def test_a_box_takes_so_many_from_each(store: Store, room: RoomRecord, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed, "ITEMS_EACH", 5)
    for number in range(5):
        await store.seal(room.id, ADA, note("x", f"note:{number}"))
    with pytest.raises(BoxFull):
        await store.seal(room.id, ADA, note("x", "note:more"))
    await store.seal(room.id, ADA, note("instead", "note:0"))
    await store.seal(room.id, BEN, note("x", "note:more"))
    await store.seal(room.id, ADA, note("x", "note:more", "session:2"))


async def test_what_lies_in_a_box_takes_space_however_little_it_says(
    store: Store, room: RoomRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealed, "ROOM_BYTES", 3 * LEAST_ITEM_COST)
    for number in range(3):
        await store.seal(room.id, ADA, SealedItem(f"poll:{number}", BALLOT, {}))
    with pytest.raises(BoxFull):
        await store.seal(room.id, BEN, SealedItem("poll:more", BALLOT, {}))
    await store.seal(room.id, ADA, SealedItem("poll:0", BALLOT, {"reason": "instead"}))
    await store.take_back(room.id, ADA, "poll:0", BALLOT)
    await store.seal(room.id, BEN, SealedItem("poll:more", BALLOT, {}))


async def test_one_person_leaves_space_for_the_others(store: Store, room: RoomRecord) -> None:
    large = "x" * (ITEM_BYTES - 100)
    for number in range(PERSON_BYTES // ITEM_BYTES):
        await store.seal(room.id, ADA, note(large, f"note:{number}", f"session:{number}"))
    with pytest.raises(BoxFull):
        await store.seal(room.id, ADA, note(large, "note:more"))
    await store.seal(room.id, ADA, note(large, "note:0", "session:0"))  # in the place of one as large
    await store.seal(room.id, BEN, note(large, "note:0", "session:0"))


async def test_a_room_takes_so_much_from_all(store: Store, room: RoomRecord, monkeypatch: pytest.MonkeyPatch) -> None:
    most = 12
    assert most * ITEM_BYTES <= ROOM_BYTES  # there is room for as many, and more would only take longer
    monkeypatch.setattr(sealed, "ROOM_BYTES", most * ITEM_BYTES)
    large = "x" * (ITEM_BYTES - 100)
    for number in range(most):
        await store.seal(room.id, f"member:{number}", note(large, f"note:{number}", f"session:{number % 2}"))
    with pytest.raises(BoxFull):
        await store.seal(room.id, BEN, note(large, "note:more"))
    await store.seal(room.id, "member:0", note(large, "note:0", "session:0"))  # in the place of one as large
    await store.seal(room.id, BEN, note("short", "note:more"))
    elsewhere = await store.ensure_room("elsewhere", 0)
    await store.seal(elsewhere.id, BEN, note(large))


async def test_a_box_whose_room_is_removed_while_it_is_opened_is_gone(store: Store, room: RoomRecord) -> None:
    await store.seal(room.id, ADA, note("one"))
    await store.claim_box(room.id, "session:1")
    await store.forget_room(room.name, 1)
    with pytest.raises(StoreFailed, match="removed"):
        await store.prepare_box(room.id, "session:1", b"update")
    await store.finish_box(room.id, "session:1")
    assert await store.damage() == []


async def test_what_somebody_sealed_who_was_removed_takes_no_space_from_others(
    store: Store, room: RoomRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealed, "ROOM_BYTES", 3 * LEAST_ITEM_COST)
    await store.add_invite(room.id, InviteWish(Role.COMMENTER), hash_secret("invite"), 1)
    joined = await store.join(Arrival(room.name, hash_secret("invite"), hash_secret("m" * 40), "Mallory"), 2)
    assert isinstance(joined, Joined)
    author = author_of(joined.member.id)
    for number in range(3):
        await store.seal(room.id, author, note("x", f"note:{number}"))
    with pytest.raises(BoxFull):
        await store.seal(room.id, BEN, note("y"))
    await store.remove_member(room.name, joined.member.id, 3)
    await store.seal(room.id, BEN, note("y"))
    assert len(await store.sealed_by(room.id, author)) == 3  # to be opened with the others
