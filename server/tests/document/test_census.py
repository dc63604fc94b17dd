"""What an update has is counted as it would be by reading all of it."""

from __future__ import annotations

from random import Random
from typing import Any

import pycrdt
import pytest

from cowrite_server.document.census import Counted
from cowrite_server.document.structs import TYPE, structs_in
from cowrite_server.errors import BrokenUpdate
from cowrite_server.wire.encoding import Reader, var_uint
from helpers.seeds import seeds
from slow_updates import runs_of_one_text


@pytest.mark.parametrize("seed", seeds(20))
def test_structs_and_types_are_those_that_a_reading_finds(seed: int) -> None:
    random = Random(seed)
    docs: list[pycrdt.Doc[Any]] = [
        pycrdt.Doc({"body": pycrdt.Text(), "map": pycrdt.Map()}, client_id=random.randrange(1, 2**53)) for _ in range(2)
    ]
    for step in range(400):
        doc = random.choice(docs)
        body, entries = doc.get("body", type=pycrdt.Text), doc.get("map", type=pycrdt.Map)
        at = len(str(body)[: random.randrange(len(str(body)) + 1)].encode())
        match random.randrange(6):
            case 0:
                body.insert_embed(at, {"image": "x" * random.choice([1, 200])})
            case 1:
                entries[str(step % 9)] = pycrdt.Map({"text": pycrdt.Text("ü"), "at": [step, {"deep": 0.5}]})
            case 2 if at:
                del body[0 : len(str(body)[0].encode())]
            case 3 if at:
                body.format(0, at, {"bold": random.random() < 0.5})
            case _:
                body.insert(at, random.choice(["word ", "ü𝄞", "long " * 40]))
        if random.random() < 0.1:
            docs[0].apply_update(docs[1].get_update())
            docs[1].apply_update(docs[0].get_update())
    update = docs[0].get_update()
    reader, begin, count, types = Reader(update), 0, 0, 0
    for *_, struct in structs_in(reader):
        head = update[begin : struct.at]
        count += 1
        types += struct.content == TYPE and b"\1\3map" not in head
        begin = reader.position
    assert Counted(update).census()[:2] == (count, types)
    assert not Counted(update).census().has_json


@pytest.mark.parametrize("length", [9, 100, 1000])
def test_the_longest_row_is_no_shorter_than_it_is(length: int) -> None:
    update = runs_of_one_text(1_000, length=length, is_marked=False)
    assert 1_000 * length <= Counted(update).census().longest <= len(update)
    assert Counted(runs_of_one_text(1_000, length=length)).census().longest < 20 * (length + 20)


@pytest.mark.parametrize("keyed", [0x00, 0x20])
def test_values_that_are_written_one_behind_the_other_are_one_row(keyed: int) -> None:
    first = bytes((0x08,)) + b"\x01\x04list\x01w\x01a"
    others = b"".join(bytes((0x88 | keyed, 7)) + var_uint(clock) + b"\x01w\x01a" for clock in range(999))
    update = b"\x01" + var_uint(1000) + b"\x07\x00" + first + others + b"\x00"
    assert Counted(update).census().longest >= 8 * 1000


def test_fields_of_many_entries_are_no_row() -> None:
    one, other = (pycrdt.Doc({"map": pycrdt.Map()}, client_id=client) for client in (7, 8))
    entries: pycrdt.Map[Any] = one["map"]
    for number in range(1000):
        entries[f"{number}"] = pycrdt.Map({"state": "open", "by": "Ada"})
    other.apply_update(one.get_update())
    before = other.get_state()
    with other.transaction():
        for each in other["map"].values():
            each["state"], each["by"] = "accepted", "Bo"
    assert Counted(other.get_update(before)).census().longest < 2000


def test_values_of_the_old_form_are_seen() -> None:
    assert Counted(bytes.fromhex("0101070082010002013102343200")).census().has_json


def test_an_update_that_ends_in_a_struct_is_none() -> None:
    update = runs_of_one_text(100, length=9)
    with pytest.raises(BrokenUpdate):
        Counted(update[:-20]).census()
