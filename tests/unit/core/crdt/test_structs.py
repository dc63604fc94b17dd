"""The structs of updates, against what pycrdt itself says of the same documents."""

from __future__ import annotations

import contextlib
import itertools
import random
from collections import Counter
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycrdt import Array, Doc, Map, Text, XmlElement, XmlFragment

from cowrite.core.crdt.structs import Content, Id, Struct, read_structs
from cowrite.core.document.document import Document
from cowrite.core.errors import MalformedUpdate
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin
from cowrite_server.wire.encoding import Reader, var_uint
from helpers.rich_edits import INLINE, WORDS, boundaries
from helpers.seeds import seeds


def random_document(seed: int, *, deletes: bool) -> Document:
    chance = random.Random(seed)
    clock = itertools.count(0, 300)
    one, other = (MendedDocument(clock=lambda: next(clock)) for _ in range(2))
    for _ in range(40):
        places = boundaries(one.text())
        i = chance.randrange(len(places))
        j = min(len(places) - 1, i + chance.randrange(6))
        at, length = places[i], places[j] - places[i]
        with one.edit(Origin.LOCAL) as edit:
            match chance.randrange(6):
                case 0 | 1:
                    edit.insert(at, chance.choice(WORDS), chance.choice([{}, {"bold": True}]))
                case 2:
                    edit.insert_embed(at, {"image": "sha256:" + "0" * 64})
                case 3:
                    edit.format_text(at, length, chance.choice(INLINE))
                case 4 if deletes:
                    edit.delete(at, length)
        one.meta.set_title(chance.choice(WORDS))
        other.apply_remote(one.update_since(other.state_vector()))
        one, other = other, one
    return other


def clocks(state_vector: bytes) -> dict[int, int]:
    reader = Reader(state_vector)
    return {reader.var_uint(): reader.var_uint() for _ in range(reader.var_uint())}


@pytest.mark.parametrize("seed", seeds(10))
def test_structs_follow_each_other_without_a_gap_up_to_the_state_vector(seed: int) -> None:
    document = random_document(seed, deletes=True)
    ends: dict[int, int] = {}
    for struct in read_structs(document.state()):
        assert struct.clock == ends.get(struct.client, 0)
        ends[struct.client] = struct.clock + struct.length
    assert ends == clocks(document.state_vector())


@pytest.mark.parametrize("seed", seeds(10))
def test_structs_hold_all_characters_and_embeds_of_the_text(seed: int) -> None:
    document = random_document(seed, deletes=False)
    structs = list(read_structs(document.state()))
    embeds = sum(struct.content is Content.EMBED for struct in structs)
    text = "".join(struct.text for struct in structs)
    assert Counter(text) + Counter({"\ufffc": embeds}) == Counter(document.text())


@pytest.mark.parametrize("seed", seeds(10))
def test_an_update_since_a_state_holds_what_came_after_it(seed: int) -> None:
    document = random_document(seed, deletes=True)
    chance = random.Random(seed)
    for client, clock in clocks(document.state_vector()).items():
        since = chance.randrange(clock)
        others = dict.fromkeys(clocks(document.state_vector()), 2**32 - 1) | {client: since}
        state = var_uint(len(others)) + b"".join(var_uint(each) + var_uint(others[each]) for each in others)
        structs = list(read_structs(document.update_since(state)))
        assert {struct.client for struct in structs} == {client}
        assert structs[0].clock == since


def test_origins_name_the_neighbours_at_the_time_of_writing() -> None:
    document = MendedDocument(client_id=7, clock=lambda: 0)
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "ab")
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(1, "中")
    assert list(read_structs(document.state())) == [
        Struct(7, 0, 1, Content.STRING, None, None, "a", root="body"),
        Struct(7, 1, 1, Content.STRING, Id(7, 0), None, "b"),
        Struct(7, 2, 1, Content.STRING, Id(7, 0), Id(7, 1), "中"),
    ]


def test_shared_types_and_all_their_values_are_read_past() -> None:
    doc: Doc[Any] = Doc(client_id=9)
    values: Map[Any] = Map()
    doc["map"] = values
    with doc.transaction():
        values["all"] = [None, True, False, 1, -(2**40), 1.5, "é😀", b"bytes", [[], {}, {"a": [{"b": 2**53}]}]]
        values["binary"] = b"\x00\xff"
        values["types"] = Map({"array": Array([1, "two", Text("three")])})
        values["document"] = Doc()
    doc["xml"] = fragment = XmlFragment()
    fragment.children.append(XmlElement("p", {"class": "x"}))
    structs = list(read_structs(doc.get_update()))
    assert structs[-1].clock + structs[-1].length == clocks(doc.get_state())[9]
    kinds = {struct.content for struct in structs}
    assert kinds == {Content.ANY, Content.TYPE, Content.STRING, Content.DOC}


@pytest.mark.parametrize(
    ("struct", "content", "length"),
    [
        ("0005", Content.GARBAGE, 5),
        ("0a05", Content.GAP, 5),
        ("81010005", Content.DELETED, 5),
        ("820100020131023432", Content.JSON, 2),
        ("83010003000102", Content.BINARY, 1),
    ],
)
def test_what_pycrdt_does_not_write_itself_is_read_as_well(struct: str, content: Content, length: int) -> None:
    (read,) = read_structs(bytes.fromhex("01010700") + bytes.fromhex(struct))
    assert (read.content, read.length) == (content, length)


def test_an_update_that_ends_within_its_structs_is_malformed() -> None:
    document = random_document(1, deletes=True)
    update = document.state()
    whole = len(list(read_structs(update)))
    found = [how_many(update[:size]) for size in range(len(update))]
    complete = found.index(whole)
    assert found == [None] * complete + [whole] * (len(update) - complete)


def how_many(update: bytes) -> int | None:
    try:
        return len(list(read_structs(update)))
    except MalformedUpdate:
        return None


@cache
def state(seed: int) -> bytes:
    return random_document(seed, deletes=True).state()


@given(st.integers(0, 9), st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=6))
def test_damaged_bytes_are_read_as_structs_or_refused(seed: int, damage: list[tuple[int, int]]) -> None:
    update = bytearray(state(seed))
    for place, byte in damage:
        update[place % len(update)] = byte
    with contextlib.suppress(MalformedUpdate):
        assert all(struct.length >= 0 for struct in read_structs(bytes(update)))


@given(st.binary(max_size=200))
def test_any_bytes_are_read_as_structs_or_refused(data: bytes) -> None:
    with contextlib.suppress(MalformedUpdate):
        list(read_structs(data))


@pytest.mark.parametrize(
    "structs",
    [
        pytest.param("0b", id="a kind that nobody knows"),
        pytest.param("8007", id="garbage with an origin"),
        pytest.param("0000", id="garbage of length nothing"),
        pytest.param("810100", id="an end within the origin"),
        pytest.param("81010000", id="a deletion of length nothing"),
        pytest.param("84010002ff00", id="a text that is not UTF-8"),
        pytest.param("84010005616263", id="a text longer than the rest"),
        pytest.param("87010008", id="a shared type that nobody knows"),
        pytest.param("8801000142", id="a value of no kind"),
        pytest.param("880100ffffffff0f7f", id="more values than bytes"),
        pytest.param("8801000175ffffffff0f", id="a list longer than the rest"),
    ],
)
def test_structs_that_break_the_format_are_malformed(structs: str) -> None:
    data = bytes.fromhex("01010700") + bytes.fromhex(structs)
    with pytest.raises(MalformedUpdate) as caught:
        list(read_structs(data))
    assert caught.value.size == len(data)


def test_values_nested_without_end_do_not_exhaust_the_stack() -> None:
    depth = 50_000
    data = bytes.fromhex("01010700") + bytes.fromhex("88010001") + b"\x75\x01" * depth
    with pytest.raises(MalformedUpdate):
        list(read_structs(data))
    assert [struct.content for struct in read_structs(data + b"\x7f")] == [Content.ANY]
