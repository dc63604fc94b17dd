"""Blobs: sent in parts, kept once, proved by their hash, and read through a room that holds them."""

from __future__ import annotations

import hashlib
import random
import sqlite3
from contextlib import closing

import pytest

from cowrite_server.connections.uploads import UploadRefused, Uploads
from cowrite_server.store.records import Blob
from cowrite_server.store.sqlite.database import FILE_NAME
from cowrite_server.store.sqlite.store import SqliteStore
from cowrite_server.wire.blobs import (
    BlobPart,
    BlobRefused,
    blob_message,
    blob_part_message,
)
from cowrite_server.wire.encoding import MalformedMessage
from cowrite_server.wire.protocol import (
    Close,
    Limits,
    Message,
    Reason,
    Role,
)
from house import House, MakeHouse
from sync_clients import until

DATA = random.Random(1).randbytes(700_000)
DIGEST = hashlib.sha256(DATA).digest()


def part(offset: int, data: bytes, total: int = len(DATA), digest: bytes = DIGEST) -> BlobPart:
    return BlobPart(digest, "image/png", total, offset, data)


async def test_a_blob_is_saved_and_read_by_the_others(house: House) -> None:
    ann, ben = await house.client(), await house.client(await house.secret(Role.VIEWER))
    digest = await ann.upload(DATA)
    await ann.until(lambda: digest in ann.blobs_saved)
    await ben.want(digest)
    await ben.until(lambda: ben.blobs.get(digest) == DATA)
    await house.stop()
    await house.start()
    late = await house.client()
    await late.want(digest)
    await late.until(lambda: late.blobs.get(digest) == DATA)


@pytest.mark.parametrize("data", [b"", b"x", b"x" * 256 * 1024])
async def test_a_blob_of_any_size_comes_back(house: House, data: bytes) -> None:
    ann = await house.client()
    digest = await ann.upload(data)
    await ann.until(lambda: digest in ann.blobs_saved)
    await ann.want(digest)
    await ann.until(lambda: ann.blobs.get(digest) == data)


async def test_a_blob_is_read_only_through_a_room_that_holds_it(house: House) -> None:
    ann, ben = await house.client(room="one"), await house.client(room="two")
    digest = await ann.upload(DATA)
    await ann.until(lambda: ann.blobs_saved)
    await ben.want(digest)
    await ben.until(lambda: ben.blobs_missing == {digest})
    await ben.upload(DATA)
    await ben.until(lambda: ben.blobs_saved)
    await ben.want(digest)
    await ben.until(lambda: ben.blobs.get(digest) == DATA)
    with closing(sqlite3.connect(house.folder / FILE_NAME)) as connection:
        assert connection.execute("SELECT count(*) FROM blobs").fetchone() == (1,)


async def test_a_blob_with_another_hash_is_refused(house: House) -> None:
    ann = await house.client()
    await ann.send(blob_part_message(part(0, b"not this", 8)))
    await ann.until(lambda: ann.blobs_refused)
    assert ann.blobs_refused == [BlobRefused(DIGEST, Reason.MALFORMED)]
    await ann.want(DIGEST)
    await ann.until(lambda: ann.blobs_missing)
    await ann.upload(DATA)
    await ann.until(lambda: ann.blobs_saved)


async def test_a_blob_that_is_too_large_is_refused_with_the_limit_s_name(make_house: MakeHouse) -> None:
    house = await make_house(limits=Limits(blob_bytes=600_000))
    ann = await house.client()
    await ann.upload(DATA)
    small = await ann.upload(b"small")
    await ann.until(lambda: small in ann.blobs_saved)
    assert ann.blobs_refused == [BlobRefused(DIGEST, Reason.TOO_LARGE, "blob_bytes")]


async def test_a_suggester_leaves_space_for_the_images_of_editors(make_house: MakeHouse) -> None:
    house = await make_house(limits=Limits(room_blob_bytes=2_000_000))
    mallory, ann = await house.client(await house.secret(Role.SUGGESTER)), await house.client()
    await mallory.upload(DATA)
    await mallory.until(lambda: mallory.blobs_saved == {DIGEST})
    more = await mallory.upload(DATA[::-1])
    await mallory.until(lambda: mallory.blobs_refused)
    assert mallory.blobs_refused == [BlobRefused(more, Reason.TOO_LARGE, "room_blob_bytes")]
    await ann.upload(DATA[::-1])
    await ann.until(lambda: ann.blobs_saved == {more})


async def test_a_blob_for_which_the_room_has_no_space_is_refused_with_the_limit_s_name(make_house: MakeHouse) -> None:
    house = await make_house(limits=Limits(room_blob_bytes=1_000_000))
    ann, ben = await house.client(), await house.client()
    await ann.upload(DATA)
    await ann.until(lambda: ann.blobs_saved == {DIGEST})
    other = await ben.upload(DATA[::-1])
    await ben.until(lambda: ben.blobs_refused)
    assert ben.blobs_refused == [BlobRefused(other, Reason.TOO_LARGE, "room_blob_bytes")]
    await ben.want(other)
    await ben.until(lambda: ben.blobs_missing == {other})
    await ben.upload(DATA)  # the room has it, so it costs nothing
    small = await ben.upload(b"small")
    await ben.until(lambda: ben.blobs_saved == {DIGEST, small})
    elsewhere = await house.client(room="another")
    await elsewhere.upload(DATA[::-1])
    await elsewhere.until(lambda: elsewhere.blobs_saved == {other})


async def test_a_viewer_cannot_add_a_blob(house: House) -> None:
    viewer = await house.client(await house.secret(Role.VIEWER))
    await viewer.upload(DATA)
    await viewer.want(DIGEST)
    await viewer.until(lambda: viewer.blobs_missing)
    assert viewer.blobs_refused == [BlobRefused(DIGEST, Reason.READ_ONLY)]


async def test_whoever_comments_adds_a_blob_as_their_sealed_notes_may_have_one(house: House) -> None:
    commenter = await house.client(await house.secret(Role.COMMENTER))
    await commenter.upload(DATA)
    await commenter.until(lambda: commenter.blobs_saved == {DIGEST})


async def test_a_blob_is_not_saved_before_the_disk_has_it(house: House) -> None:
    ann = await house.client()
    with closing(sqlite3.connect(house.folder / FILE_NAME, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        digest = await ann.upload(DATA)
        await ann.want(digest)
        await ann.until(lambda: ann.blobs_missing)
        assert ann.blobs_saved == set()
        other.execute("COMMIT")
    await ann.until(lambda: ann.blobs_saved)


async def test_many_blobs_can_be_asked_for_at_once(house: House) -> None:
    ann = await house.client()
    digests = [await ann.upload(bytes([number]) * 1000) for number in range(200)]
    await ann.until(lambda: len(ann.blobs_saved) == 200)
    for digest in digests:
        await ann.want(digest)
    await ann.write("and writing goes on")
    await ann.until(lambda: len(ann.blobs) == 200)
    await ann.until_saved()


async def test_a_blob_is_kept_once_for_all_whom_it_is_on_the_way_to(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: list[bytes] = []
    read = SqliteStore.read_blob

    async def counted(store: SqliteStore, room: int, digest: bytes) -> Blob | None:
        reads.append(digest)
        return await read(store, room, digest)

    monkeypatch.setattr(SqliteStore, "read_blob", counted)
    ann, deaf = await house.client(), await house.client()
    digest = await ann.upload(bytes(9_000_000))
    await ann.until(lambda: digest in ann.blobs_saved)
    deaf.socket.transport.pause_reading()
    await deaf.want(digest)
    await until(lambda: any(socket.queued for socket in house.server._sockets))
    await ann.want(digest)
    await ann.until(lambda: len(ann.blobs.get(digest, b"")) == 9_000_000)
    assert reads == [digest]
    deaf.cut()
    await until(lambda: not house.server._reception._services.blobs_on_their_way)


async def test_who_asks_for_a_large_blob_cuts_nobody_who_waits_for_another_where_messages_are_small(
    make_house: MakeHouse,
) -> None:
    house = await make_house(limits=Limits(message_bytes=600_000))
    ann, deaf = await house.client(), await house.client()
    first, second = [await ann.upload(bytes(size)) for size in (9_000_000, 3_000_000)]
    await ann.until(lambda: {first, second} <= ann.blobs_saved)
    deaf.socket.transport.pause_reading()
    await deaf.want(first)
    await until(lambda: any(socket.queued for socket in house.server._sockets))
    await ann.want(second)
    await ann.until(lambda: len(ann.blobs.get(second, b"")) == 3_000_000)
    deaf.socket.transport.resume_reading()
    await deaf.until(lambda: len(deaf.blobs.get(first, b"")) == 9_000_000)


async def test_stock_clients_have_no_blobs(house: House) -> None:
    stock = await house.stock()
    await stock.send(blob_message(Message.BLOB_GET, DIGEST))
    assert (await stock.until_closed()).code == Close.MALFORMED


def test_parts_of_several_blobs_may_alternate() -> None:
    uploads = Uploads(Limits())
    other = bytes(reversed(DATA))[:300_000]
    other_digest = hashlib.sha256(other).digest()
    assert uploads.take(part(0, DATA[:200_000])) is None
    assert uploads.take(part(0, other[:200_000], len(other), other_digest)) is None
    assert uploads.take(part(200_000, DATA[200_000:400_000])) is None
    assert uploads.take(part(200_000, other[200_000:], len(other), other_digest)) == other
    assert uploads.take(part(400_000, DATA[400_000:600_000])) is None
    assert uploads.take(part(600_000, DATA[600_000:])) == DATA


def test_a_part_that_is_missing_refuses_the_blob_once() -> None:
    uploads = Uploads(Limits())
    uploads.take(part(0, DATA[:1000]))
    with pytest.raises(UploadRefused):
        uploads.take(part(2000, DATA[2000:3000]))
    assert uploads.take(part(3000, DATA[3000:4000])) is None
    assert uploads.take(part(0, DATA[:1000])) is None


def test_one_connection_has_no_more_under_way_than_one_blob_may_have() -> None:
    uploads = Uploads(Limits(blob_bytes=1_000_000))
    uploads.take(part(0, DATA[:1000]))
    with pytest.raises(UploadRefused) as refused:
        uploads.take(part(0, DATA[:1000], digest=bytes(32)))
    assert refused.value.limit == "blob_bytes"


def test_many_small_blobs_under_way_count_for_what_they_take() -> None:
    uploads = Uploads(Limits(blob_bytes=10 * 4096))
    for number in range(10):
        uploads.take(part(0, b"", 2, bytes([number]) * 32))
    with pytest.raises(UploadRefused) as refused:
        uploads.take(part(0, b"", 2, bytes([10]) * 32))
    assert refused.value.limit == "blob_bytes"
    assert (uploads.take(part(0, b"x", 2, bytes([9]) * 32)), uploads.size) == (None, 1)
    uploads.refuse(bytes([9]) * 32, Reason.MALFORMED)
    assert uploads.size == 0


@pytest.mark.parametrize("media_type", ["", "png", "image/png; x=\n", "image/" + "x" * 200])
def test_a_blob_has_a_media_type(media_type: str) -> None:
    with pytest.raises(MalformedMessage):
        Uploads(Limits()).take(BlobPart(DIGEST, media_type, 1, 0, b"x"))


def test_a_part_is_no_larger_than_the_limit() -> None:
    with pytest.raises(MalformedMessage):
        Uploads(Limits(blob_part_bytes=10)).take(part(0, DATA[:11]))


def test_a_blob_is_no_larger_than_it_said_when_the_limit_was_looked_at() -> None:
    uploads = Uploads(Limits(blob_bytes=10))
    with pytest.raises(UploadRefused) as refused:
        uploads.take(part(0, DATA[:20], total=10, digest=hashlib.sha256(DATA[:20]).digest()))
    assert refused.value.reason is Reason.MALFORMED
