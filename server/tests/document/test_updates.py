"""Updates as bytes: several merged into one say what all of them said."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st
from pycrdt import Array, Doc, Map, Text

from cowrite_server.document.ranges import deletion
from cowrite_server.document.replica import Replica
from cowrite_server.document.updates import merge, read_update
from keystrokes import document, keystrokes, text_of

KINDS = ["insert", "format", "embed", "delete", "set", "push"]
edits = st.lists(st.tuples(st.sampled_from(KINDS), st.text(max_size=4)))


def test_merging_makes_one_update_of_many() -> None:
    updates = keystrokes("Hello world, how are you?" * 10)
    assert text_of(merge(updates)) == "Hello world, how are you?" * 10


@given(st.lists(edits, min_size=1, max_size=3))
def test_merged_updates_make_the_same_document_as_the_updates_one_by_one(writers: list[list[tuple[str, str]]]) -> None:
    updates: list[bytes] = []
    for client, todo in enumerate(writers, 1):
        doc = document(updates, client)
        subscription = doc.observe(lambda event: updates.append(event.update))
        for kind, word in todo:
            edit(doc, kind, word)
        doc.unobserve(subscription)
    if updates:
        assert content(document([merge(updates)])) == content(document(updates))


def content(doc: Doc[Text]) -> tuple[object, ...]:
    return doc.get("body", type=Text).diff(), doc.get("map", type=Map).to_py(), doc.get("", type=Array).to_py()


def edit(doc: Doc[Text], kind: str, word: str) -> None:
    body = doc.get("body", type=Text)
    if kind == "insert":
        body.insert(0, f"<{word}>")
    elif kind == "format" and str(body)[:1] == "<":  # positions are bytes: only this one is surely a whole character
        body.format(0, 1, {word: True})
    elif kind == "embed":
        body.insert_embed(0, {word: word})
    elif kind == "delete" and str(body)[:1] == "<":
        del body[0:1]
    elif kind == "set":
        doc.get("map", type=Map)[word] = Map({word: [word, {word: None}]})
    elif kind == "push":
        doc.get("", type=Array).append(word)


@given(
    ranges=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 6)), max_size=6),
    more=st.lists(st.tuples(st.integers(0, 30), st.integers(1, 6)), max_size=2),
)
@example(ranges=[(15, 2), (12, 2)], more=[(3, 1)])
@example(ranges=[(4, 2), (3, 5)], more=[(10, 1)])
@example(ranges=[(2, 1), (0, 2), (0, 0)], more=[(0, 1)])
def test_deletions_in_no_order_are_all_there_in_what_is_merged(
    ranges: list[tuple[int, int]], more: list[tuple[int, int]]
) -> None:
    written = Doc(client_id=5)
    written["body"] = Text("abcdefghijklmnopqrstuvwxyz0123456789")
    updates = [written.get_update(), *(read_update(deletion({5: found})) for found in (ranges, more))]
    one_by_one, merged = Replica(), Replica([merge(updates)])
    for update in updates:
        one_by_one.apply(update)
    assert text_of(merged.whole()) == text_of(one_by_one.whole())


def test_merging_writes_integers_as_javascript_can_read_them() -> None:
    client_of_64_bits = b"\x01\x01" + b"\xff" * 9 + b"\x01" + b"\x00\x04\x01\x04body\x01x\x00"
    assert b"\xff" * 8 not in merge([client_of_64_bits])
