"""The instalments of an update come to the same as the update, one after the other, and none lacks what comes later."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from pycrdt import Doc, Map, Text

from cowrite.core.crdt.structs import read_clocks, read_deletions
from cowrite.core.document.instalments import instalments
from cowrite.core.document.portions import parts_of
from helpers.seeds import seeds
from helpers.suggesting_room import play
from helpers.suggesting_writer import EVERY_ACT

ROOTS = ("comments", "suggestions", "board")


def document(*updates: bytes) -> Doc[Any]:
    doc: Doc[Any] = Doc()
    for update in updates:
        doc.apply_update(update)
    return doc


def seen(doc: Doc[Any]) -> tuple[object, ...]:
    """All that is in a document."""
    gone = {
        (client, unit)
        for client, ranges in read_deletions(doc.get_update()).items()
        for each in ranges
        for unit in each
    }
    entries = [doc.get(root, type=Map).to_py() for root in ROOTS]
    return doc.get("body", type=Text).diff(), entries, read_clocks(doc.get_state()), gone


@pytest.mark.parametrize("seed", seeds(20))
def test_they_come_to_the_same_and_each_is_taken_in_at_once(seed: int) -> None:
    chance = Random(seed)
    room = play(chance.randrange(10**6), 40, EVERY_ACT)
    first = room.members[0].document
    before = first.state()
    for _ in range(30):
        who = chance.choice(room.members)
        for each in room.members:
            who.document.apply_remote(each.document.update_since(who.document.state_vector()))
        who.act(chance.choice(list(EVERY_ACT)))
        first.apply_remote(who.document.update_since(first.state_vector()))
    there = chance.choice((b"\0\0", before))
    update = first.update_since(document(there).get_state())
    most = chance.choice((1, 2, 7, 50))
    cut = instalments(update, most)
    assert len(cut) > 1
    doc = document(there)
    for instalment in cut:
        parts = parts_of(instalment)
        assert parts is not None
        doc.apply_update(instalment)
        here = read_clocks(doc.get_state())
        assert all(here[client] >= found[-1].end for client, found in parts.of.items())
    assert seen(doc) == seen(document(there, update))


def test_what_is_small_or_no_update_stays_as_it_is() -> None:
    doc: Doc[Any] = Doc()
    doc.get("body", type=Text).insert(0, "a few words")
    assert instalments(doc.get_update()) == (doc.get_update(),)
    assert instalments(b"\xff\xff") == (b"\xff\xff",)
