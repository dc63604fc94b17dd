"""Anchors: positions that survive others' edits."""

from __future__ import annotations

import base64
import itertools
import json
from typing import Any

import pytest
from pycrdt import Doc, Text

from cowrite.core.crdt.anchor import Anchor, BadAnchor, Stick, moved
from cowrite.core.crdt.structs import Id
from cowrite.core.document.document import Document
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.offsets import InsideCharacter, OutsideText
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import Delete, Format, Insert, Op, Span, Utf16
from helpers.copies import copy_of
from helpers.rich_edits import boundaries

FROM_YJS = base64.b64decode(
    "AgHqBwDE6QcH6QcIE9ep15zXlded8J+RqeKAjfCfkacL6QcABAEEYm9keQFugekHAAGB6QcBAYTpBwICdmWE6QcEASCE6QcFBPCfmICE6QcHCCDk"
    "uK3mlocKxukHAekHAgRib2xkBHRydWXG6QcE6QcFBGJvbGQEbnVsbMXpBwXpBwYNeyJpbWFnZSI6IngifcTpBwTpBw0Cw6kB6QcBAQI="
)
"""A document of two replicas made by Yjs 13.6.33: `nveé ￼😀שלום👩‍👧 中文` with formats, an image and a deleted `aï`."""

ANCHORS_OF_YJS = [
    *[(0, 0, (1001, 0)), (0, -1, None), (1, 0, (1001, 3)), (1, -1, (1001, 0)), (2, 0, (1001, 4)), (2, -1, (1001, 3))],
    *[(3, 0, (1001, 15)), (3, -1, (1001, 4)), (4, 0, (1001, 5)), (4, -1, (1001, 15)), (5, 0, (1001, 14))],
    *[(5, -1, (1001, 5)), (6, 0, (1001, 6)), (6, -1, (1001, 14)), (8, 0, (1002, 0)), (8, -1, (1001, 7))],
    *[(9, 0, (1002, 1)), (9, -1, (1002, 0)), (10, 0, (1002, 2)), (10, -1, (1002, 1)), (11, 0, (1002, 3))],
    *[(11, -1, (1002, 2)), (12, 0, (1002, 4)), (12, -1, (1002, 3)), (14, 0, (1002, 6)), (14, -1, (1002, 5))],
    *[(15, 0, (1002, 7)), (15, -1, (1002, 6)), (17, 0, (1001, 8)), (17, -1, (1002, 8)), (18, 0, (1001, 9))],
    *[(18, -1, (1001, 8)), (19, 0, (1001, 10)), (19, -1, (1001, 9)), (20, 0, (1001, 11)), (20, -1, (1001, 10))],
    *[(21, 0, None), (21, -1, (1001, 11))],
]
"""What its `createRelativePositionFromTypeIndex` says: position, assoc, item."""


def document_with(text: str) -> Document:
    document = MendedDocument(clock=lambda: 0)
    with document.edit(Origin.IMPORT) as edit:
        edit.insert(0, text)
    return document


def insert(document: Document, at: int, text: str) -> None:
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(at, text)


def delete(document: Document, at: int, length: int) -> None:
    with document.edit(Origin.LOCAL) as edit:
        edit.delete(at, length)


@pytest.mark.parametrize(("at", "assoc", "item"), ANCHORS_OF_YJS)
def test_an_anchor_is_the_one_that_yjs_makes(at: int, assoc: int, item: tuple[int, int] | None) -> None:
    document = MendedDocument(clock=lambda: 0)
    document.apply_remote(FROM_YJS)
    data = {"type": None, "tname": "body", "item": item and {"client": item[0], "clock": item[1]}, "assoc": assoc}
    anchor = Anchor.from_json(data)
    assert document.anchor(at, Stick(assoc)) == anchor
    assert document.resolve(anchor) == at


@pytest.mark.parametrize("stick", Stick)
def test_an_anchor_becomes_the_same_anchor_again_by_way_of_json(stick: Stick) -> None:
    for anchor in (Anchor(None, stick), Anchor(Id(2**53 - 1, 2**32 - 1), stick)):
        assert Anchor.from_json(json.loads(json.dumps(anchor.to_json()))) == anchor


def test_the_json_of_an_anchor_has_the_keys_of_yjs() -> None:
    document = document_with("é!")
    item = {"client": document.client_id, "clock": 1}
    assert document.anchor(1, Stick.RIGHT).to_json() == {"type": None, "tname": None, "item": item, "assoc": 0}
    assert document.anchor(2, Stick.LEFT).to_json() == {"type": None, "tname": None, "item": item, "assoc": -1}
    assert document.anchor(2, Stick.RIGHT).to_json() == {"type": None, "tname": "body", "item": None, "assoc": 0}
    assert document.anchor(0, Stick.LEFT).to_json() == {"type": None, "tname": "body", "item": None, "assoc": -1}


@pytest.mark.parametrize(
    ("data", "anchor"),
    [
        ({"tname": "body"}, Anchor(None, Stick.RIGHT)),
        ({"tname": "body", "assoc": -1}, Anchor(None, Stick.LEFT)),
        ({"item": {"client": 1, "clock": 2}}, Anchor(Id(1, 2), Stick.RIGHT)),
        ({"item": {"client": 1.0, "clock": 2.0}, "assoc": -1.0}, Anchor(Id(1, 2), Stick.LEFT)),
        ({"item": {"client": 1, "clock": 2}, "tname": "body", "assoc": 3}, Anchor(Id(1, 2), Stick.RIGHT)),
        ({"type": {"client": 9, "clock": 9}, "item": {"client": 1, "clock": 2}}, Anchor(Id(1, 2), Stick.RIGHT)),
        ({"item": {"client": 1, "clock": 2}, "more": []}, Anchor(Id(1, 2), Stick.RIGHT)),
    ],
)
def test_every_form_in_which_yjs_sends_a_position_is_read(data: object, anchor: Anchor) -> None:
    assert Anchor.from_json(data) == anchor


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        "body",
        {},
        {"assoc": 0},
        {"tname": "other"},
        {"tname": 5},
        {"tname": "other", "item": {"client": 1, "clock": 2}},
        {"type": {"client": 1, "clock": 2}},
        {"item": 3},
        {"item": {"client": 1}},
        {"item": {"client": "1", "clock": 2}},
        {"item": {"client": True, "clock": 2}},
        {"item": {"client": 1, "clock": -1}},
        {"item": {"client": 1, "clock": 2**32}},
        {"item": {"client": 2**53, "clock": 2}},
        {"item": {"client": 1, "clock": 2.5}},
        {"item": {"client": 1, "clock": float("inf")}},
        {"item": {"client": 1, "clock": 2}, "assoc": "left"},
    ],
)
def test_what_is_no_position_in_the_body_is_a_bad_anchor(data: object) -> None:
    with pytest.raises(BadAnchor):
        Anchor.from_json(data)


@pytest.mark.parametrize("text", ["", "plain", "é😀中"])
def test_the_start_and_the_end_of_a_text_stay_its_start_and_end(text: str) -> None:
    document = document_with(text)
    start, end = document.anchor(0, Stick.LEFT), document.anchor(document.length, Stick.RIGHT)
    assert (document.resolve(start), document.resolve(end)) == (0, document.length)
    insert(document, 0, "ß")
    insert(document, document.length, "𝔘")
    assert (document.resolve(start), document.resolve(end)) == (0, document.length)


@pytest.mark.parametrize("text", ["abcd", "é中😀d", "אבגד", "👩‍👧👧"])
def test_what_is_inserted_at_an_anchor_comes_on_the_side_where_it_does_not_stick(text: str) -> None:
    document = document_with(text)
    left, right = document.anchor(2, Stick.LEFT), document.anchor(2, Stick.RIGHT)
    insert(document, 2, "¡😀!")
    assert (document.resolve(left), document.resolve(right)) == (2, 6)


@pytest.mark.parametrize("word", ["gone", "émøjí", "😀😀", "你好"])
def test_an_anchor_whose_text_is_deleted_lies_where_the_text_was(word: str) -> None:
    document = document_with(f"à {word} z")
    anchors = [document.anchor(at, stick) for at in range(2, 3 + len(word), 2) for stick in Stick][1:-1]
    delete(document, 2, document.length - 4)
    assert document.text() == "à  z"
    assert {document.resolve(anchor) for anchor in anchors} == {2}
    insert(document, 0, "中")
    assert {document.resolve(anchor) for anchor in anchors} == {3}
    assert {copy_of(document).resolve(anchor) for anchor in anchors} == {3}


def test_an_anchor_that_comes_before_its_text_is_resolved_when_the_text_is_here() -> None:
    ada, bo = document_with("é\n"), MendedDocument(clock=lambda: 0)
    first = ada.anchor(0, Stick.RIGHT)
    assert bo.resolve(first) is None
    bo.apply_remote(ada.state())
    assert bo.resolve(first) == 0
    insert(ada, 1, "😀s")
    second = ada.anchor(3, Stick.RIGHT)
    assert bo.resolve(second) is None
    bo.apply_remote(ada.update_since(bo.state_vector()))
    assert bo.resolve(second) == 3


def test_text_that_has_come_before_what_was_written_earlier_can_be_anchored() -> None:
    ada, bo = document_with("né\n"), MendedDocument(clock=lambda: 0)
    bo.apply_remote(ada.state())
    updates: list[bytes] = []
    cy = copy_of(ada)
    cy.observe_updates(lambda update: updates.append(update[0]))
    insert(cy, 0, "¡")
    insert(cy, 3, "😀ok")
    insert(cy, 0, "¿")
    bo.apply_remote(updates[1])
    assert bo.text() == "né😀ok\n"
    for at in (2, 4, 5, 6):
        for stick in Stick:
            anchor = bo.anchor(at, stick)
            assert bo.resolve(anchor) == at
            assert cy.resolve(anchor) == at + 2
    assert bo.resolve(cy.anchor(1, Stick.RIGHT)) is None
    assert bo.resolve(cy.anchor(0, Stick.RIGHT)) is None
    bo.apply_remote(updates[0])
    assert bo.resolve(cy.anchor(1, Stick.RIGHT)) == 0


@pytest.mark.parametrize("text", ["one two three", "ñne 😀wö 中文ree"])
def test_an_anchor_follows_its_text_through_undo_as_often_as_it_comes_back(text: str) -> None:
    document = document_with(text)
    places = [4, 6, 8, 9]
    anchors = [document.anchor(at, stick) for at in places for stick in Stick]
    expected = [at for at in places for _ in Stick]
    for _ in range(3):
        delete(document, 2, 9)
        assert {document.resolve(anchor) for anchor in anchors} == {2}
        document.undo()
        assert document.text() == text
        assert [document.resolve(anchor) for anchor in anchors] == expected
        document.redo()
        document.undo()
        assert [document.resolve(anchor) for anchor in anchors] == expected
    insert(document, 6, "ü😀")
    delete(document, 2, 2)
    moved_on = [document.resolve(anchor) for anchor in anchors]
    assert moved_on == [2, 2, 4, 7, 9, 9, 10, 10]


def test_text_that_undo_brought_back_has_anchors_that_all_replicas_understand() -> None:
    ada = document_with("ñne 😀wö 中文ree")
    delete(ada, 2, 9)
    ada.undo()
    bo = copy_of(ada)
    for at in (0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11):
        for stick in Stick:
            assert bo.resolve(ada.anchor(at, stick)) == at
            assert ada.resolve(bo.anchor(at, stick)) == at


@pytest.mark.parametrize("pairs", range(60, 70))
def test_a_block_is_found_behind_a_long_run_of_surrogate_pairs(pairs: int) -> None:
    document = document_with("x" + "😀" * pairs)
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "中文é" * 25, {"bold": True})
    for at in range(0, 75, 5):
        assert document.resolve(document.anchor(at, Stick.RIGHT)) == at
    fresh = copy_of(document)
    for at in range(0, 75, 5):
        assert fresh.resolve(document.anchor(at, Stick.LEFT)) == at


@pytest.mark.parametrize("text", ["😀", "x😀", "é😀é"])
def test_an_anchor_that_halves_a_character_is_moved_out_of_it(text: str) -> None:
    document = document_with(text)
    start = text.index("😀")
    halves = [Anchor(Id(document.client_id, start), Stick.LEFT), Anchor(Id(document.client_id, start + 1), Stick.RIGHT)]
    assert [document.resolve(anchor) for anchor in halves] == document.anchors.resolve_all(halves) == [start + 2, start]


@pytest.mark.parametrize("text", ["plain", "é😀"])
def test_an_anchor_in_something_else_than_the_body_resolves_without_harm(text: str) -> None:
    peer: Doc[Any] = Doc(client_id=5)
    peer.get("notes", type=Text).insert(0, "much longer than the body")
    document = document_with(text)
    document.apply_remote(peer.get_update())
    document.meta.set_title("Über")
    for id in [Id(5, 20), *(Id(document.client_id, clock) for clock in range(len(text) + 1))]:
        for stick in Stick:
            place = document.resolve(Anchor(id, stick))
            assert place is None or 0 <= place <= document.length


def test_only_a_position_of_the_text_can_be_anchored() -> None:
    document = document_with("a😀")
    for stick in Stick:
        with pytest.raises(InsideCharacter):
            document.anchor(2, stick)
        for outside in (-1, 4):
            with pytest.raises(OutsideText):
                document.anchor(outside, stick)


def test_anchors_can_be_made_and_resolved_while_an_edit_is_under_way() -> None:
    document = document_with("é\n")
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(1, "😀")
        anchor = document.anchor(3, Stick.LEFT)
        edit.insert(0, "中")
        assert document.resolve(anchor) == 4
    assert document.resolve(anchor) == 4


@pytest.mark.parametrize(
    ("ops", "left", "right"),
    [
        ((), 5, 5),
        ((Insert(Utf16(4), Span("é😀")),), 8, 8),
        ((Insert(Utf16(5), Span("é😀")),), 5, 8),
        ((Insert(Utf16(6), Span("é😀")),), 5, 5),
        ((Insert(Utf16(0), Span("\ufffc", {}, {"divider": True})),), 6, 6),
        ((Delete(Utf16(1), Utf16(2)),), 3, 3),
        ((Delete(Utf16(3), Utf16(2)),), 3, 3),
        ((Delete(Utf16(3), Utf16(9)),), 3, 3),
        ((Delete(Utf16(5), Utf16(9)),), 5, 5),
        ((Format(Utf16(0), Utf16(9), {"bold": True}),), 5, 5),
        ((Delete(Utf16(2), Utf16(3)), Insert(Utf16(2), Span("new")), Insert(Utf16(0), Span("\n"))), 3, 6),
    ],
)
def test_a_position_is_moved_by_a_change_as_its_side_demands(ops: tuple[Op, ...], left: int, right: int) -> None:
    assert (moved(5, ops, Stick.LEFT), moved(5, ops, Stick.RIGHT)) == (left, right)


@pytest.mark.parametrize("text", ["We plant herbs.", "We plant herbs. 😀", f"We plant {'many ' * 9}herbs."])
def test_what_somebody_else_wrote_in_the_place_of_as_much_is_no_part_of_what_was_written_in_a_row(text: str) -> None:
    document = document_with(text)
    units, client = document.length, document.client_id
    mate = copy_of(document)
    with mate.edit(Origin.LOCAL) as edit:
        edit.delete(4, 3)
        edit.insert(4, "ost")
    document.apply_remote(mate.update_since(document.state_vector()))
    for each in (document, mate):
        with each.edit(Origin.LOCAL) as edit:
            (writers,) = edit.writers([(0, units)])
        by = [writer for length, writer in writers for _ in range(length)]
        assert by == [client] * 4 + [mate.client_id] * 3 + [client] * (units - 7)


def test_many_anchors_made_and_resolved_at_once_are_those_of_one_at_a_time() -> None:
    document = MendedDocument(clock=lambda: 0)
    document.apply_remote(FROM_YJS)
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "gone é👍 ")
        edit.insert(3, "back")
    with document.edit(Origin.LOCAL) as edit:
        edit.delete(2, 4)
    document.undo()
    places = [(at, stop) for at, stop in itertools.combinations(boundaries(document.text()), 2)]
    anchors = document.anchors.ends_of(places)
    assert anchors == [(document.anchor(at, Stick.RIGHT), document.anchor(stop, Stick.LEFT)) for at, stop in places]
    with document.edit(Origin.LOCAL) as edit:
        edit.delete(7, 3)
        edit.insert(1, "!")
    each = [anchor for ends in anchors for anchor in ends] + [Anchor(Id(7, 7), Stick.LEFT), Anchor(None, Stick.RIGHT)]
    assert document.anchors.resolve_all(each) == [document.resolve(anchor) for anchor in each]
