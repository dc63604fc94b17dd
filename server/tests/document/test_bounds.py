"""What is kept away from the library: updates that would harm the process by being read, or the document."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycrdt import Array, Doc, Map, Text, XmlElement, XmlFragment

from cowrite_server.document.bounds import NESTED_AT_MOST, check_update_bounds, check_xml_hooks
from cowrite_server.document.census import Counted
from cowrite_server.document.fork import Fork
from cowrite_server.document.replica import Replica
from cowrite_server.document.updates import check_update, merge, read_update
from cowrite_server.errors import BrokenUpdate
from cowrite_server.wire.encoding import var_uint
from cowrite_server.wire.protocol import Close, Role, Sync, sync_message
from helpers.seeds import seeds
from house import House
from poison import nested_update


def test_an_update_nested_beyond_measure_is_refused_before_it_overflows_the_stack() -> None:
    with pytest.raises(BrokenUpdate):
        check_update(nested_update(100_000))
    check_update(nested_update(NESTED_AT_MOST))


def test_the_nesting_that_is_allowed_is_safe_on_a_small_stack() -> None:
    script = (
        "import sys, threading\n"
        "from cowrite_server.document.replica import Replica\n"
        "from cowrite_server.document.updates import check_update\n"
        "def work():\n    check_update(update); Replica([update]).whole(); print('whole')\n"
        "update = bytes.fromhex(sys.argv[1]); threading.stack_size(512 * 1024)\n"
        "thread = threading.Thread(target=work); thread.start(); thread.join()"
    )
    update = nested_update(NESTED_AT_MOST).hex()
    done = subprocess.run([sys.executable, "-c", script, update], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "whole"


def maps_in_maps(first: int, count: int) -> bytes:
    """So many maps, each in the one before, the first of all in the comments."""
    within = [b"\0" + var_uint(1) + var_uint(at - 1) if at else b"\1\x08comments" for at in range(first, first + count)]
    maps = [b"\x27" + holder + b"\1k\1" for holder in within]
    return var_uint(1) + var_uint(count) + var_uint(1) + var_uint(first) + b"".join(maps) + b"\0"


MAPS_IN_MAPS = {
    "at once": [(0, 1000)],
    "one by one": [(at, 1) for at in range(300)],
    "many by many": [(at, 100) for at in range(0, 1000, 100)],
    "the first one last": [*((at, 100) for at in range(1, 1001, 100)), (0, 1)],
}


@pytest.mark.parametrize("parts", MAPS_IN_MAPS.values(), ids=MAPS_IN_MAPS)
def test_types_are_nested_in_one_another_no_deeper_than_the_library_can_delete_them(
    parts: list[tuple[int, int]],
) -> None:
    replica = Replica()

    def write() -> None:
        for first, count in parts:
            replica.apply(read_update(maps_in_maps(first, count)))

    with pytest.raises(BrokenUpdate, match="nested"):
        write()


def test_whose_updates_are_judged_is_refused_before_the_document_itself_has_types_too_deep() -> None:
    fork = Fork(Replica())

    def write() -> None:
        for first in range(0, 300, 100):
            fork.apply(read_update(maps_in_maps(first, 100)), looks=False)

    with pytest.raises(BrokenUpdate, match="nested"):
        write()


async def test_nobody_ends_the_server_by_maps_in_maps(house: House) -> None:
    ada, sue = await house.client(), await house.client(await house.secret(Role.COMMENTER))
    for first in range(0, 300, 100):
        await sue.send_anyhow(sync_message(Sync.UPDATE, maps_in_maps(first, 100)))
    assert (await sue.until_closed()).code == Close.MALFORMED
    await ada.write("Hello")
    await ada.until_saved()
    ben = await house.client()
    ben.doc.get("comments", type=Map).clear()
    await ben.push()
    await ben.until_saved()


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**50), 2**50) | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=len(seeds(15)))
@given(st.lists(values, min_size=1, max_size=6), st.text(max_size=20))
def test_every_kind_of_content_is_read_in_full_without_complaint(entries: list[object], text: str) -> None:
    doc: Doc[Text] = Doc()
    filler = "u" * (NESTED_AT_MOST + 1)  # so many bytes that could open something that the update is read in full
    doc["body"] = body = Text(filler + text)
    doc["list"] = items = Array([Map({"inner": Text("x")}), Array([1])])
    doc["map"] = settings = Map()
    doc["page"] = page = XmlFragment()
    page.children.append(XmlElement("p", {"class": "x"}))
    body.format(0, 3, {"bold": True})
    body.insert_embed(2, {"image": "u"})
    del body[5:9]
    for number, value in enumerate(entries):
        items.append(value)
        settings[f"key {number}"] = value
    del items[0]
    check_update_bounds(Counted(doc.get_update()))


@pytest.mark.parametrize(
    "update",
    [
        b"\xff\xff\xff\xff\x0f\x01\x05\x00",  # four thousand million clients
        b"\x01\x01\x05\x00\x08\x01\x04body\x01\x76\xff\xff\xff\x3f\x00",  # a map of a hundred million entries
    ],
)
def test_an_update_that_claims_to_be_huge_is_refused_before_space_is_made_for_it(update: bytes) -> None:
    with pytest.raises(BrokenUpdate):
        check_update_bounds(Counted(update))


def test_a_state_vector_that_claims_to_be_huge_is_refused() -> None:
    with pytest.raises(BrokenUpdate):
        Replica().missing(b"\xff\xff\xff\xff\x01\x05")


def test_long_text_is_not_mistaken_for_something_harmful() -> None:
    doc: Doc[Text] = Doc()
    doc["body"] = Text("uvula vé中文 " * 100_000)
    check_update(doc.get_update())


@pytest.mark.parametrize(
    "update",
    [
        "010101000701017805016800",  # alone, as Yjs writes one that is called h
        "010301000701017803017087010005016887010103017100",  # between two elements
        "010201002101016d016b01a701000501680101010001",  # in the place of another value of a map
    ],
)
def test_an_xml_hook_is_refused_because_no_yjs_client_could_read_the_document_any_more(update: str) -> None:
    with pytest.raises(BrokenUpdate, match="XML hook"):
        read_update(bytes.fromhex(update))


def test_xml_elements_lists_and_numbers_that_look_like_a_hook_are_taken() -> None:
    doc: Doc[Any] = Doc(client_id=7)
    fragment = doc.get("x", type=XmlFragment)
    for name in ("p", "\x05"):
        fragment.children.append(XmlElement(name))
    doc.get("a", type=Array).extend([5, "\x07\x05"])
    update = doc.get_update()
    assert Replica([read_update(update)]).state() == doc.get_state()


def test_a_long_text_is_looked_through_for_hooks_once_whatever_stands_in_it() -> None:
    doc: Doc[Text] = Doc(client_id=5)
    doc.get("body", type=Text).insert(0, "It's Gina's, isn't it? We've said so, and that's that. " * 4000)
    update = doc.get_update()
    assert b"\x05" in update
    begun = time.process_time()
    merge([update, update])
    merged = time.process_time()
    check_xml_hooks(update)
    assert time.process_time() - merged < 100 * max(merged - begun, 0.001)
