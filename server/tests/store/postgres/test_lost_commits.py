"""Commits of which PostgreSQL cannot say any more whether it has carried them out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from urllib.parse import urlsplit

import pytest

from commands import run_forked
from cowrite_server.errors import StoreFailed
from cowrite_server.store.records import NO_SPACE, Blob, Record
from cowrite_server.store.store import Store
from log_entries import data_of, update
from relays import CutAtCommit
from stores import document, opened


@asynccontextmanager
async def cut_at_commit(address: str, *, after: bool) -> AsyncIterator[tuple[CutAtCommit, Store]]:
    """A store whose connections can be cut when it commits, before or after the database carries it out."""
    port = urlsplit(address).port
    assert port is not None
    async with AsyncExitStack() as stack:
        relay = await stack.enter_async_context(CutAtCommit(port, after=after))
        there = address.replace(f":{port}/", f":{relay.port}/")
        yield relay, await stack.enter_async_context(opened(there, serving=True))


@pytest.mark.parametrize("after", [False, True], ids=["before it was carried out", "after it was carried out"])
async def test_a_commit_that_was_lost_on_its_way_is_written_once(address: str, store: Store, after: bool) -> None:
    room, other = await store.ensure_room("room", 0), await store.ensure_room("other", 0)
    records: list[Record] = [update(room, b"a"), update(other, b"b"), Blob(room.id, b"hash", "image/png", b"blob")]
    async with cut_at_commit(address, after=after) as (relay, node):
        await node.commit([update(room, b"before")])
        relay.armed = True
        with pytest.raises(StoreFailed):
            await node.commit(records)
        assert relay.cuts == 1
        assert await data_of(store, other) == ([b"b"] if after else [])
        # As a `Log` does: the same records once more, and those that came meanwhile.
        assert await node.commit([*records, update(room, b"c")]) == [2, 1, 0, 3]
        assert await node.commit([update(room, b"d")]) == [4]
    assert await data_of(store, room) == [b"before", b"a", b"c", b"d"]
    assert await data_of(store, other) == [b"b"]
    assert await store.read_blob(room.id, b"hash") is not None


async def test_a_commit_that_was_lost_on_its_way_tells_which_blobs_had_no_space(address: str, store: Store) -> None:
    room = await store.ensure_room("room", 0)
    first, second = (Blob(room.id, name, "image/png", bytes(10_000)) for name in (b"first", b"second"))
    records: list[Record] = [second, update(room, b"a"), first]
    async with cut_at_commit(address, after=True) as (relay, node):
        relay.armed = True
        with pytest.raises(StoreFailed):
            await node.commit(records, 15_000)
        assert await node.commit(records, 15_000) == [NO_SPACE, 1, 0]  # they are written in the order of their hashes


async def test_a_commit_that_went_through_keeps_its_numbers_when_others_wrote_since(address: str, store: Store) -> None:
    room = await store.ensure_room("room", 0)
    records: list[Record] = [update(room, b"a"), update(room, b"b")]
    async with cut_at_commit(address, after=True) as (relay, node):
        relay.armed = True
        with pytest.raises(StoreFailed):
            await node.commit(records)
        assert await store.commit([update(room, b"other")]) == [3]
        assert await node.commit([*records, update(room, b"c")]) == [1, 2, 4]
    assert await data_of(store, room) == [b"a", b"b", b"other", b"c"]


async def test_numbers_that_went_to_others_are_not_taken_for_a_commit_that_got_lost(address: str, store: Store) -> None:
    room = await store.ensure_room("room", 0)
    async with cut_at_commit(address, after=False) as (relay, node):
        relay.armed = True
        with pytest.raises(StoreFailed):
            await node.commit([update(room, b"mine")])
        assert await store.commit([update(room, b"another's")]) == [1]
        assert await node.commit([update(room, b"mine")]) == [2]
    assert await data_of(store, room) == [b"another's", b"mine"]


async def test_commits_may_be_lost_one_after_the_other(address: str, store: Store) -> None:
    room = await store.ensure_room("room", 0)
    first, second, third = (update(room, data) for data in (b"a", b"b", b"c"))
    async with cut_at_commit(address, after=True) as (relay, node):
        relay.armed = True
        with pytest.raises(StoreFailed):
            await node.commit([first])
        relay.armed = True  # cut while it finds out what became of the first
        with pytest.raises(StoreFailed):
            await node.commit([first, second])
        assert await node.commit([first, second, third]) == [1, 2, 3]
    assert await data_of(store, room) == [b"a", b"b", b"c"]


@pytest.mark.parametrize("after", [False, True], ids=["before it was carried out", "after it was carried out"])
async def test_a_rewriting_whose_commit_is_lost_is_done_once_and_the_command_says_nothing_of_that(
    address: str, store: Store, after: bool
) -> None:
    room = await store.ensure_room("room", 0)
    await store.commit([update(room, document(b"words"))])
    port = urlsplit(address).port
    assert port is not None
    async with CutAtCommit(port, after=after, passes=2) as relay:  # those of opening and of reading
        relay.armed = True
        there = address.replace(f":{port}/", f":{relay.port}/")
        done = await asyncio.to_thread(run_forked, "rewrite", "room", "--store", there)
        assert relay.cuts == 1
    assert (done.status, done.errors) == (0, "")
    assert len(await store.list_rooms()) == 2
