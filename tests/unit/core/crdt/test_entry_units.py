"""EntryUnits: which units hold what entries say, whoever wrote over whom."""

from __future__ import annotations

import random
from typing import Any

from pycrdt import Array, Doc, Map, Text

from cowrite.core.crdt.entry_units import EntryUnits
from cowrite.core.crdt.structs import Id

FIELDS = {"comments": ("author", "text"), "board": ("author",)}


def document(client: int, *updates: bytes) -> Doc[Any]:
    doc: Doc[Any] = Doc(client_id=client)
    for root in FIELDS:
        doc.get(root, type=Map)
    doc.get("body", type=Text)
    for update in updates:
        doc.apply_update(update)
    return doc


def read(doc: Doc[Any]) -> EntryUnits:
    units = EntryUnits(FIELDS)
    units.take(doc.get_update())
    return units


def writers(units: EntryUnits, id: str, root: str = "comments") -> list[int]:
    """Which clients wrote an entry, and each of its fields."""
    return [unit.client for unit in units.of(root, id)]


def test_an_entry_and_its_fields_are_found_and_nothing_of_others() -> None:
    doc = document(7)
    doc["body"] += "words"
    doc["comments"]["thread:1"] = Map({"colour": "#112233", "author": "Ada", "text": "I agree."})
    doc["other"] = Map({"thread:1": Map({"author": "Ben"})})
    assert read(doc).of("comments", "thread:1") == (Id(7, 5), Id(7, 7), Id(7, 8))
    assert read(doc).of("comments", "thread:2") == ()


def test_a_field_that_somebody_else_wrote_over_is_theirs_and_so_is_one_that_they_wrote_at_the_same_time() -> None:
    ada = document(1)
    ada["comments"]["thread:1"] = Map({"author": "Ada", "text": "Yes"})
    ben = document(2, ada.get_update())
    ben["comments"]["thread:1"]["text"] = "No"
    ada.apply_update(ben.get_update())
    assert writers(read(ada), "thread:1") == [1, 1, 2]
    cleo = document(3, ada.get_update())
    ada["comments"]["thread:1"]["text"] = "Ada's"
    cleo["comments"]["thread:1"]["text"] = "Cleo's"
    ada.apply_update(cleo.get_update())
    cleo.apply_update(ada.get_update())
    last = 1 if ada["comments"]["thread:1"]["text"] == "Ada's" else 3
    assert writers(read(ada), "thread:1") == writers(read(cleo), "thread:1") == [1, 1, last]


def test_what_follows_a_gap_is_seen_and_so_it_is_whose_it_is() -> None:
    ada = document(1)
    ada["comments"]["thread:1"] = Map({"author": "Ben", "text": "Yes"})
    hidden = document(9, ada.get_update())
    hidden["body"] += "not sent"
    sent = hidden.get_state()
    hidden["comments"]["thread:1"]["author"] = "Ben"
    ada.apply_update(hidden.get_update(sent))
    assert ada["comments"]["thread:1"]["author"] == "Ben"
    assert writers(read(ada), "thread:1") == [1, 9, 1]


def test_an_update_that_leads_in_a_circle_is_read_to_its_end() -> None:
    # Two structs of two clients, each of which follows the other one's.
    circle = bytes([2, 1, 1, 0, 0x88, 2, 0, 1, 119, 1, 65, 1, 2, 0, 0x88, 1, 0, 1, 119, 1, 65, 0])
    units = EntryUnits(FIELDS)
    units.take(circle)
    assert units.of("comments", "thread:1") == ()


def test_read_bit_by_bit_or_at_once_and_by_whichever_copy_it_comes_to_the_same_values() -> None:
    for seed in range(20):
        chance = random.Random(seed)
        docs = [document(client) for client in (5, 3, 9)]
        kept, state = EntryUnits(FIELDS), docs[0].get_state()
        for step in range(60):
            doc = chance.choice(docs)
            entries = doc[chance.choice(["comments", "board"])]
            id = f"thread:{chance.randrange(3)}"
            entry = entries.get(id)
            if not isinstance(entry, Map):
                entries[id] = Map({"author": f"{step}", "text": Text("x"), "list": Array([1])})
            else:
                entry[chance.choice(["author", "text", "colour"])] = f"{step}"
                if chance.random() < 0.1:
                    entries[id] = Map({"author": f"{step}"})
            if chance.random() < 0.5:
                doc.apply_update(chance.choice(docs).get_update(doc.get_state()))
            if chance.random() < 0.3:
                kept.take(docs[0].get_update(state))
                state = docs[0].get_state()
        for _ in range(2):
            for doc in docs:
                for other in docs:
                    doc.apply_update(other.get_update(doc.get_state()))
        kept.take(docs[0].get_update(state))
        whole = [read(doc) for doc in docs]
        for root in FIELDS:
            for id in docs[0][root].keys():  # noqa: SIM118, iterating needs a transaction
                found = kept.of(root, id)
                assert found
                assert [each.of(root, id) for each in whole] == [found] * 3, seed
