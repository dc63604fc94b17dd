"""Loading: a room whose log holds what contradicts itself opens all the same."""

from __future__ import annotations

import pytest
from pycrdt import Doc, Text

from cowrite_server.errors import RoomUnreadable
from cowrite_server.rooms.loading import build
from cowrite_server.store.records import Entry, RoomLog, RoomRecord, Snapshot
from poison import BEFORE_POISON, POISON

ROOM = RoomRecord(1, "plan", "epoch")
TYPED = b"\x01\x01\x07\x00\x04\x01\x04" + b"note" + b"\x05" + b"after" + b"\x00"
"""The word "after" of client 7, in a text of its own."""


def log(*updates: bytes, snapshot: bytes | None = None) -> RoomLog:
    kept = None if snapshot is None else Snapshot(1, 1, 0, Snapshot.compressed(snapshot))
    return RoomLog(kept, [Entry(number, 0, None, data) for number, data in enumerate(updates, 1 + (kept is not None))])


def texts(document: bytes) -> tuple[str, str]:
    doc: Doc[Text] = Doc()
    doc.apply_update(document)
    return str(doc.get("body", type=Text)), str(doc.get("note", type=Text))


def test_what_contradicts_is_left_out_and_what_honest_people_wrote_before_and_after_is_there() -> None:
    loaded = build(ROOM, log(BEFORE_POISON, POISON, TYPED, POISON))

    assert loaded.aside == (2, 4)
    assert texts(loaded.replica.whole()) == ("hello", "after")
    assert loaded.seq == 4  # what is written next comes behind all that the log has


def test_what_contradicts_a_snapshot_is_left_out_too() -> None:
    loaded = build(ROOM, log(POISON, TYPED, snapshot=BEFORE_POISON))

    assert loaded.aside == (2,)
    assert texts(loaded.replica.whole()) == ("hello", "after")


def test_a_log_with_very_many_contradictions_is_left_as_it_is() -> None:
    with pytest.raises(RoomUnreadable):
        build(ROOM, log(BEFORE_POISON, *[POISON] * 100))


def test_damage_is_not_taken_for_a_contradiction() -> None:
    with pytest.raises(RoomUnreadable) as caught:
        build(ROOM, log(BEFORE_POISON, POISON[:-3], TYPED))

    assert caught.value.seq == 2
