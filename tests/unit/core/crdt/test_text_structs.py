"""The text of an update, found past the formats and entries between, against a reading of every struct."""

from __future__ import annotations

import random
from typing import Any

import pytest
from pycrdt import Doc, Map, Text

from cowrite.core.crdt.structs import Content, read_all
from cowrite.core.crdt.text_structs import read_texts
from cowrite.core.errors import MalformedUpdate
from helpers.seeds import seeds

TEXT = (Content.STRING, Content.EMBED)
VALUES = (
    None,
    True,
    1,
    -(2**40),
    0.1,
    "word",
    "long " * 40,
    b"bytes",
    [],
    [1, 2.5],
    ["deep", [{}]],
    {"a": 1, "é😀": [7]},
)


def random_update(seed: int) -> bytes:
    chance = random.Random(seed)
    docs: list[Doc[Any]] = [Doc(client_id=client) for client in chance.sample(range(1, 2**40), 3)]
    for step in range(300):
        doc = chance.choice(docs)
        body, entries = doc.get("body", type=Text), doc.get("suggestions", type=Map)
        at = len(str(body)[: chance.randrange(len(str(body)) + 1)].encode())
        match chance.randrange(7):
            case 0:
                body.insert_embed(at, {"image": "x" * chance.choice([1, 200])})
            case 1:
                entries[f"change:{step}"] = Map({"name": "Ada", "at": chance.choice(VALUES), "said": Text("ü")})
            case 2 if list(entries):
                entries[chance.choice(sorted(entries))][chance.choice(("state", "at"))] = chance.choice(VALUES)
            case 3 if at:
                del body[0 : len(str(body)[0].encode())]
            case 4 if at:
                body.format(0, at, {"deletion": chance.choice([f"change:{step}", None])})
            case _:
                body.insert(at, chance.choice(["word ", "plain", "long " * 40]))
        if chance.random() < 0.1:
            for one in docs:
                one.apply_update(doc.get_update())
    return docs[0].get_update()


@pytest.mark.parametrize("seed", seeds(20))
def test_the_text_and_the_deletions_are_those_that_a_reading_of_every_struct_finds(seed: int) -> None:
    update = random_update(seed)
    structs, deleted = read_all(update)
    found = read_texts(update)
    assert [each for each in found.structs if each.content in TEXT] == [
        each for each in structs if each.content in TEXT
    ]
    assert found.deleted == deleted
    assert len(found.structs) < len(structs)
    left_out = {(each.client, each.clock) for each in structs} - {(each.client, each.clock) for each in found.structs}
    assert all(each.length == 1 for each in structs if (each.client, each.clock) in left_out)


@pytest.mark.parametrize("seed", seeds(20))
def test_the_structs_of_a_client_are_found_from_any_clock_back_to_the_first(seed: int) -> None:
    update = random_update(seed)
    by_client: dict[int, list[Any]] = {}
    for each in read_all(update)[0]:
        by_client.setdefault(each.client, []).append(each)
    chunks = read_texts(update).chunks
    assert chunks.keys() == by_client.keys()
    for client, structs in by_client.items():
        for number, each in enumerate(structs):
            assert list(chunks[client].back_from(each.clock + each.length - 1)) == structs[number::-1]


def test_an_update_that_ends_within_is_malformed() -> None:
    update = random_update(1)
    for size in range(0, len(update), 7):
        with pytest.raises(MalformedUpdate):
            read_texts(update[:size])
