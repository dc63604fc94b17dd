"""Pictures on their way to and from the server."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from cowrite.storage.errors import StorageFailed
from cowrite.sync.blob import Blob
from cowrite.sync.blob_exchange import PART, PARTS_OUTSTANDING, BlobArrived, BlobExchange, BlobRejected, BlobSaved
from cowrite_server.wire.blobs import BlobPart, BlobRefused, blob_message, read_blob_part
from cowrite_server.wire.encoding import Reader
from cowrite_server.wire.protocol import Limits, Message, Reason

PICTURE = Blob("image/png", bytes(range(256)) * 1200)  # 300 kB: ten parts
SMALL = Blob("image/png", b"small")


class Store(dict[bytes, Blob]):
    """Blobs kept here, by digest."""

    def keep(self, blob: Blob) -> bytes:
        self[blob.digest] = blob
        return blob.digest


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def exchange(store: Store) -> BlobExchange:
    """An exchange with a server that takes blobs."""
    exchange = BlobExchange(store.get)
    exchange.connected(Limits(), may_upload=True)
    return exchange


def parts(messages: list[bytes]) -> list[BlobPart]:
    """The parts among messages."""
    readers = [Reader(message) for message in messages]
    return [read_blob_part(reader) for reader in readers if reader.var_uint() == Message.BLOB_PART]


def parts_of(blob: Blob, size: int = 100_000) -> list[BlobPart]:
    """A blob as a server sends it."""
    return [
        BlobPart(blob.digest, blob.media_type, len(blob.data), at, blob.data[at : at + size])
        for at in range(0, max(len(blob.data), 1), size)
    ]


def asked(messages: list[bytes]) -> list[bytes]:
    """Digests of the blobs asked for."""
    return [message[1:] for message in messages if message[0] == Message.BLOB_GET]


class TestSending:
    def test_a_blob_travels_whole_in_small_parts(self, exchange: BlobExchange, store: Store) -> None:
        exchange.offer(store.keep(PICTURE))
        sent: list[BlobPart] = []
        while messages := exchange.messages_to_send(0.0):
            sent += parts(messages)
            exchange.drained()
        assert b"".join(part.data for part in sent) == PICTURE.data
        assert max(len(part.data) for part in sent) == PART
        assert {part.total for part in sent} == {len(PICTURE.data)}

    def test_it_is_read_from_the_store_once_however_many_parts_it_has(self, store: Store) -> None:
        reads: list[bytes] = []

        def read(digest: bytes) -> Blob | None:
            reads.append(digest)
            return store.get(digest)

        exchange = BlobExchange(read)
        exchange.connected(Limits(), may_upload=True)
        exchange.offer(store.keep(PICTURE))
        while exchange.messages_to_send(0.0):
            exchange.drained()
        assert reads == [PICTURE.digest]

    def test_only_a_few_parts_are_outstanding(self, exchange: BlobExchange, store: Store) -> None:
        exchange.offer(store.keep(PICTURE))
        assert len(exchange.messages_to_send(0.0)) == PARTS_OUTSTANDING
        assert exchange.messages_to_send(0.0) == []
        exchange.drained()
        assert len(exchange.messages_to_send(0.0)) == PARTS_OUTSTANDING

    def test_parts_are_no_larger_than_the_server_takes(self, store: Store) -> None:
        exchange = BlobExchange(store.get)
        exchange.connected(Limits(blob_part_bytes=1000), may_upload=True)
        exchange.offer(store.keep(PICTURE))
        assert {len(part.data) for part in parts(exchange.messages_to_send(0.0))} == {1000}

    def test_it_is_waiting_until_the_server_has_it_on_disk(self, exchange: BlobExchange, store: Store) -> None:
        digest = store.keep(SMALL)
        exchange.offer(digest)
        exchange.messages_to_send(0.0)
        assert exchange.waiting == 1
        exchange.saved(digest)
        assert exchange.waiting == 0
        assert exchange.take_events() == [BlobSaved(digest)]

    def test_the_rest_of_a_blob_that_the_server_has_already_is_not_sent(
        self, exchange: BlobExchange, store: Store
    ) -> None:
        digest = store.keep(PICTURE)
        exchange.offer(digest)
        exchange.messages_to_send(0.0)
        exchange.saved(digest)
        exchange.drained()
        assert exchange.messages_to_send(0.0) == []

    def test_it_is_sent_again_after_a_lost_connection(self, exchange: BlobExchange, store: Store) -> None:
        exchange.offer(store.keep(SMALL))
        exchange.messages_to_send(0.0)
        exchange.disconnected()
        assert exchange.messages_to_send(1.0) == []
        exchange.connected(Limits(), may_upload=True)
        assert [part.data for part in parts(exchange.messages_to_send(2.0))] == [SMALL.data]

    def test_one_that_the_disk_does_not_give_for_a_moment_goes_on_waiting(self, store: Store) -> None:
        is_readable = False

        def read(digest: bytes) -> Blob | None:
            if not is_readable:
                raise StorageFailed(Path("draft.cowrite"), "the disk fails")
            return store.get(digest)

        exchange = BlobExchange(read)
        exchange.connected(Limits(), may_upload=True)
        exchange.offer(store.keep(PICTURE))
        assert exchange.messages_to_send(0) == []
        assert exchange.waiting == 1
        is_readable = True
        exchange.disconnected()
        exchange.connected(Limits(), may_upload=True)
        assert len(parts(exchange.messages_to_send(0))) == PARTS_OUTSTANDING

    def test_a_viewer_sends_none(self, store: Store) -> None:
        exchange = BlobExchange(store.get)
        exchange.connected(Limits(), may_upload=False)
        exchange.offer(store.keep(SMALL))
        assert exchange.messages_to_send(0.0) == []

    def test_one_that_is_larger_than_the_limit_is_not_sent_and_the_limit_named(self, store: Store) -> None:
        exchange = BlobExchange(store.get)
        exchange.connected(Limits(blob_bytes=1000), may_upload=True)
        large, small = store.keep(PICTURE), store.keep(SMALL)
        exchange.offer(large)
        exchange.offer(small)
        assert [part.hash for part in parts(exchange.messages_to_send(0.0))] == [small]
        assert exchange.take_events() == [BlobRejected(large, Reason.TOO_LARGE, "blob_bytes")]
        assert exchange.rejection == BlobRejected(large, Reason.TOO_LARGE, "blob_bytes")
        assert exchange.waiting == 2

    def test_one_that_the_server_refuses_is_sent_no_further_and_tried_again_with_the_next_connection(
        self, exchange: BlobExchange, store: Store
    ) -> None:
        digest = store.keep(PICTURE)
        exchange.offer(digest)
        exchange.messages_to_send(0.0)
        exchange.refused(BlobRefused(digest, Reason.MALFORMED))
        exchange.drained()
        assert exchange.messages_to_send(0.0) == []
        assert exchange.take_events() == [BlobRejected(digest, Reason.MALFORMED, None)]
        exchange.disconnected()
        exchange.connected(Limits(), may_upload=True)
        assert exchange.rejection is None
        assert parts(exchange.messages_to_send(1.0))[0].offset == 0

    def test_one_that_is_gone_here_is_not_waited_for(self, exchange: BlobExchange) -> None:
        exchange.offer(SMALL.digest)
        assert exchange.messages_to_send(0.0) == []
        assert exchange.waiting == 0

    def test_an_empty_blob_is_one_empty_part(self, exchange: BlobExchange, store: Store) -> None:
        exchange.offer(store.keep(Blob("image/png", b"")))
        assert [part.data for part in parts(exchange.messages_to_send(0.0))] == [b""]


class TestFetching:
    def test_a_wanted_blob_is_asked_for_once_put_together_and_verified(self, exchange: BlobExchange) -> None:
        exchange.want(PICTURE.digest)
        exchange.want(PICTURE.digest)
        assert asked(exchange.messages_to_send(0.0)) == [PICTURE.digest]
        for part in parts_of(PICTURE):
            assert exchange.take_events() == []
            exchange.part_received(part, 1.0)
        assert exchange.take_events() == [BlobArrived(PICTURE.digest, PICTURE)]
        assert exchange.messages_to_send(2.0) == []

    def test_only_two_are_asked_for_at_a_time(self, exchange: BlobExchange) -> None:
        blobs = [Blob("image/png", bytes([number])) for number in range(3)]
        for blob in blobs:
            exchange.want(blob.digest)
        assert asked(exchange.messages_to_send(0.0)) == [blob.digest for blob in blobs[:2]]
        exchange.part_received(parts_of(blobs[0])[0], 1.0)
        assert asked(exchange.messages_to_send(1.0)) == [blobs[2].digest]

    def test_one_that_its_owner_has_not_uploaded_yet_is_asked_for_again_ever_more_rarely(
        self, exchange: BlobExchange
    ) -> None:
        exchange.want(SMALL.digest)
        times = []
        now = 0.0
        for _ in range(9):
            assert asked(exchange.messages_to_send(now)) == [SMALL.digest]
            times.append(now)
            exchange.missing(SMALL.digest, now)
            due = exchange.next_tick()
            assert due is not None
            now = due
        pauses = [later - earlier for earlier, later in pairwise(times)]
        assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]

    def test_other_bytes_than_the_name_promises_are_thrown_away(self, exchange: BlobExchange) -> None:
        exchange.want(SMALL.digest)
        exchange.messages_to_send(0.0)
        exchange.part_received(BlobPart(SMALL.digest, "image/png", 5, 0, b"smell"), 1.0)
        assert exchange.take_events() == []
        assert asked(exchange.messages_to_send(2.0)) == [SMALL.digest]
        exchange.part_received(parts_of(SMALL)[0], 2.0)
        assert exchange.take_events() == [BlobArrived(SMALL.digest, SMALL)]

    def test_a_part_that_comes_twice_counts_once(self, exchange: BlobExchange) -> None:
        exchange.want(PICTURE.digest)
        exchange.messages_to_send(0.0)
        for part in parts_of(PICTURE):
            exchange.part_received(part, 1.0)
            exchange.part_received(part, 1.0)
        assert exchange.take_events() == [BlobArrived(PICTURE.digest, PICTURE)]

    def test_a_gap_makes_it_begin_again(self, exchange: BlobExchange) -> None:
        exchange.want(PICTURE.digest)
        exchange.messages_to_send(0.0)
        first, _, third, *_ = parts_of(PICTURE)
        exchange.part_received(first, 1.0)
        exchange.part_received(third, 1.0)
        assert asked(exchange.messages_to_send(2.0)) == [PICTURE.digest]

    def test_a_blob_that_claims_to_be_larger_than_the_limit_is_not_collected(self, exchange: BlobExchange) -> None:
        exchange.want(SMALL.digest)
        exchange.messages_to_send(0.0)
        exchange.part_received(BlobPart(SMALL.digest, "image/png", 2**40, 0, b"x"), 1.0)
        assert exchange.take_events() == []

    def test_parts_that_nobody_asked_for_are_passed_over(self, exchange: BlobExchange) -> None:
        exchange.part_received(parts_of(SMALL)[0], 1.0)
        exchange.missing(SMALL.digest, 1.0)
        assert exchange.take_events() == []

    def test_a_server_that_does_not_answer_is_asked_again(self, exchange: BlobExchange) -> None:
        exchange.want(SMALL.digest)
        exchange.messages_to_send(0.0)
        assert exchange.next_tick() == 30.0
        exchange.messages_to_send(30.0)
        assert asked(exchange.messages_to_send(31.0)) == [SMALL.digest]

    def test_a_lost_connection_makes_it_ask_anew(self, exchange: BlobExchange) -> None:
        exchange.want(PICTURE.digest)
        exchange.messages_to_send(0.0)
        exchange.part_received(parts_of(PICTURE)[0], 0.5)
        exchange.disconnected()
        exchange.connected(Limits(), may_upload=True)
        assert asked(exchange.messages_to_send(1.0)) == [PICTURE.digest]
        for part in parts_of(PICTURE):
            exchange.part_received(part, 1.5)
        assert exchange.take_events() == [BlobArrived(PICTURE.digest, PICTURE)]


def test_the_request_is_the_message_that_the_protocol_names(exchange: BlobExchange) -> None:
    exchange.want(SMALL.digest)
    assert exchange.messages_to_send(0.0) == [blob_message(Message.BLOB_GET, SMALL.digest)]
