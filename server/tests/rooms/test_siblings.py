"""A room and what its siblings on other nodes tell it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycrdt import Doc, Text

from cowrite_server.bus.bus import NoBus
from cowrite_server.bus.notice import LARGEST, Notice, Present, Question, Written, notice_message, read_notice
from cowrite_server.document.replica import Replica
from cowrite_server.figures import Figures
from cowrite_server.rooms.burden import Scales
from cowrite_server.rooms.loading import LoadedRoom, Loader
from cowrite_server.rooms.log import Log, Saved
from cowrite_server.rooms.room import Room
from cowrite_server.settings.settings import Settings
from cowrite_server.store.records import Entry, Record, RoomRecord
from cowrite_server.wire.encoding import MalformedMessage


class Shelf:
    """A log and a loader: keeps what it is given, and says when it is saved only when the test does."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.saved: list[Saved] = []
        self.stored = LoadedRoom(Replica(), 0, 0, 0)
        self.loaded = asyncio.Event()

    def append(self, records: Sequence[Record], saved: Saved | None = None) -> None:
        self.records += records
        if saved is not None:
            self.saved.append(saved)

    async def load(self, record: RoomRecord) -> LoadedRoom:
        self.loaded.set()
        return self.stored

    async def read_after(self, record: RoomRecord, seq: int) -> list[Entry]:
        return []


def update(text: str) -> bytes:
    doc: Doc[Text] = Doc()
    doc.get("body", type=Text).insert(0, text)
    return doc.get_update()


async def test_a_room_that_lacks_what_the_log_has_no_more_reads_its_document_anew() -> None:
    shelf = Shelf()
    shelf.stored = LoadedRoom(Replica([update("theirs")]), 5, 0, 0)
    room = Room(
        RoomRecord(1, "room", "epoch"),
        LoadedRoom(Replica(), 0, 0, 0),
        cast(Loader, shelf),
        cast(Log, shelf),
        NoBus(),
        Settings(store="", gap_seconds=0.001),
        Figures(),
        lambda: 0,
        lambda _compacted: None,
        Scales(),
    )
    room.siblings.hear(b"node", notice_message(Written(6, 6, [update("newer")])))
    await asyncio.wait_for(shelf.loaded.wait(), 30)
    await asyncio.sleep(0)  # the room takes what was read
    assert room.state() == shelf.stored.replica.state()
    await room.close()


notices = st.one_of(
    st.builds(Written, st.integers(1, 2**50), st.integers(1, 2**50), st.lists(st.binary(max_size=20), max_size=4)),
    st.builds(Present, st.binary(max_size=50), st.booleans()),
    st.just(Question()),
)


@given(notices)
def test_a_notice_is_read_as_it_was_written(notice: Notice) -> None:
    assert read_notice(notice_message(notice)) == notice


@given(st.binary(max_size=30))
def test_any_bytes_are_a_notice_or_malformed(message: bytes) -> None:
    with suppress(MalformedMessage):
        read_notice(message)


def test_what_is_too_large_for_the_bus_is_named_only() -> None:
    assert read_notice(notice_message(Written(3, 4, [bytes(LARGEST), b"x"]))) == Written(3, 4, [])


@pytest.mark.parametrize("message", [b"", b"\x09", b"\x00\x01"])
def test_what_is_no_notice_is_malformed(message: bytes) -> None:
    with pytest.raises(MalformedMessage):
        read_notice(message)
