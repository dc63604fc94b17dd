"""By which ids stretches of a text go, found in one pass."""

from __future__ import annotations

import pytest
from pycrdt import Doc, Text

from cowrite.core.crdt.anchors import Anchors
from cowrite.core.crdt.structs import Id, read_all
from cowrite.core.crdt.text_units import TextUnits, blocks_in_order, placed
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.offsets import InsideCharacter, OutsideText
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import INSERTION, Span, joined
from helpers.copies import copy_of, meet


def blocks_of(doc: Doc[Text], root: str) -> list[tuple[int, Id]]:
    state = doc.get_update()
    return blocks_in_order(state, root, *read_all(state))


def test_texts_of_other_roots_are_none_of_it() -> None:
    doc: Doc[Text] = Doc(client_id=7)
    body, other = doc.get("body", type=Text), doc.get("other", type=Text)
    body += "one"
    other += "two"
    body += "three"
    assert blocks_of(doc, "body") == [(3, Id(7, 0)), (5, Id(7, 6))]
    assert blocks_of(doc, "none") == []


def test_what_is_deleted_is_none_of_it_and_an_embed_is_one_unit() -> None:
    doc: Doc[Text] = Doc(client_id=7)
    body = doc.get("body", type=Text)
    body += "a\U0001f33fbcd"
    del body[5:7]
    body.insert_embed(1, {"divider": True})
    assert blocks_of(doc, "body") == [(1, Id(7, 0)), (1, Id(7, 6)), (2, Id(7, 1)), (1, Id(7, 5))]


def test_stretches_are_cut_where_another_block_begins() -> None:
    units = TextUnits(list(placed(0, [(3, Id(1, 10)), (2, Id(2, 0)), (4, Id(1, 20))])))
    assert list(units.runs(1, "abcde")) == [(2, Id(1, 11)), (2, Id(2, 0)), (1, Id(1, 20))]
    assert units.ranges([(0, 1), (4, 3)]) == {1: [(10, 1), (20, 2)], 2: [(1, 1)]}


@pytest.mark.parametrize("client", [0, 5])
def test_many_stretches_are_deleted_whoever_has_written_in_the_document(client, monkeypatch) -> None:
    """The client id 0 is that of the formats by which blocks are told from each other."""
    monkeypatch.setattr("cowrite.core.document.edit.MOST_WALKS", 2)
    monkeypatch.setattr("cowrite.core.crdt.anchors.FEW_RUNS", 2)
    writer, document = MendedDocument(clock=lambda: 0, client_id=client), MendedDocument(clock=lambda: 0)
    with writer.edit(Origin.LOCAL) as edit:
        for _ in range(5):
            edit.insert(0, "ab")
            edit.insert(0, "\U0001f33f", {INSERTION: "change:1"})
    meet(document, writer)
    mate = copy_of(document)
    document.steps.begin()
    with document.edit(Origin.LOCAL) as edit:
        edit.delete_all([(at, 2) for at in range(0, 20, 4)])
    meet(document, mate)
    assert document.text() == mate.text() == "ab" * 5
    document.undo()
    assert document.text() == "\U0001f33fab" * 5


def test_a_long_stretch_of_many_blocks_goes_and_comes_back(monkeypatch) -> None:
    monkeypatch.setattr("cowrite.core.crdt.anchors.FEW_RUNS", 2)
    writer, document = MendedDocument(clock=lambda: 0), MendedDocument(clock=lambda: 0)
    with writer.edit(Origin.LOCAL) as edit:
        for _ in range(5):
            edit.insert(0, "ab", {"bold": True})  # or it would go by its place
            edit.insert(0, "\U0001f33f", {INSERTION: "change:1"})
    meet(document, writer)
    document.steps.begin()
    with monkeypatch.context() as patch, document.edit(Origin.LOCAL) as edit:
        patch.setattr(Text, "__delitem__", None)
        edit.delete(2, 17)
    meet(document, writer)
    assert document.text() == writer.text() == "\U0001f33fb"
    document.undo()
    meet(document, writer)
    assert joined(document.spans()) == joined(writer.stored_spans())
    assert document.text() == "\U0001f33fab" * 5


def test_an_undo_looks_for_very_many_units_that_come_back_in_one_pass(monkeypatch) -> None:
    monkeypatch.setattr("cowrite.core.crdt.anchors.FEW_RUNS", 5)
    document = MendedDocument.new(clock=lambda: 0)
    with document.edit(Origin.LOCAL) as edit:
        for number in range(60):
            edit.insert(0, "\U0001f33fb\n", {INSERTION: f"change:{number % 2}"})
    before = joined(document.spans())
    document.steps.begin()
    with document.edit(Origin.LOCAL) as edit:
        edit.delete_all([(at, 2) for at in range(0, 240, 4)])
    looked: list[object] = []
    resolve = Anchors.resolve
    monkeypatch.setattr(Anchors, "resolve", lambda self, anchor: looked.append(anchor) or resolve(self, anchor))
    document.undo()
    assert len(looked) < 60
    assert document.text() == "\U0001f33fb\n" * 60 + "\n"
    assert joined(document.spans()) == joined(document.stored_spans()) == before


@pytest.mark.parametrize("walks", [0, 100])
@pytest.mark.parametrize("wrong", [(0, 1), (1, 1), (20, 1)])
def test_of_stretches_of_which_one_is_none_of_the_text_none_is_deleted(wrong, walks, monkeypatch) -> None:
    monkeypatch.setattr("cowrite.core.document.edit.MOST_WALKS", walks)
    monkeypatch.setattr("cowrite.core.crdt.anchors.FEW_RUNS", 0)
    document = MendedDocument(clock=lambda: 0)
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "\U0001f33fabc\n")
    with document.edit(Origin.LOCAL) as edit, pytest.raises((InsideCharacter, OutsideText)):
        edit.delete_all(sorted([wrong, (2, 1), (4, 1)]))
    assert joined(document.spans()) == joined(document.stored_spans()) == [Span("\U0001f33fabc\n")]
