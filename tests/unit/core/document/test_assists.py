"""Records of the assistant's uses, and the marks of its text."""

from __future__ import annotations

import pytest
from pycrdt import Map

from cowrite.core.document.assists import UNKNOWN, Act, AssistRecord, marked, new_id
from cowrite.core.document.document import Document
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import Span
from cowrite.core.writing.looks import inherited_attributes
from cowrite.core.writing.pasting import insert_rich_text
from helpers.assisted import Copies, amounts, record, shown_marks, uses
from helpers.drafts import Clock, draft


def accept(document: Document, at: int, text: str, of: AssistRecord) -> None:
    document.steps.begin()
    with document.edit(Origin.ASSIST, record=of) as edit:
        edit.insert(at, text)
    document.steps.begin()


def test_accepted_text_and_its_record_are_one_update() -> None:
    copies = Copies("Once \n")
    updates: list[bytes] = []
    copies["a"].observe_updates(lambda told: updates.append(told[0]))
    accept(copies["a"], 5, "upon a time", record())
    assert len(updates) == 1
    assert copies.texts() == ["Once r1[upon a time]\n"]
    assert copies["b"].assists.record("r1") == record()
    assert [(use.start, use.stop, use.record.by) for use in uses(copies["b"])] == [(5, 16, "Ada")]


def test_a_record_comes_back_as_it_was(tmp_path: object) -> None:
    document = draft("Once ")
    accept(document, 5, "upon", record(place="http://localhost:8080/v1", act=Act.IDEA))
    again = MendedDocument(clock=Clock())
    again.apply_update(document.state(), Origin.STORAGE)
    assert again.assists.records() == {"r1": record(place="http://localhost:8080/v1", act=Act.IDEA)}


@pytest.mark.parametrize("data", [5, "x", {"seed": "many", "act": "magic", "model": 3, "time": 1.5, "client": True}])
def test_a_record_that_another_program_spoiled_says_that_nothing_is_known(data: object) -> None:
    document = draft("Once ")
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "Well. ", {"ai": "odd"})
    document._doc.get("assists", type=Map)["odd"] = Map(data) if isinstance(data, dict) else data
    (use,) = uses(document)
    assert use.record == AssistRecord("odd")


def test_line_breaks_carry_no_mark_and_embeds_do() -> None:
    document = draft("Once")
    with document.edit(Origin.ASSIST, record=record()) as edit:
        edit.insert(4, " upon\na time", {"bold": True})
        edit.insert_embed(0, {"divider": True})
    assert shown_marks(document) == "r1[\ufffc]Oncer1[ upon]\nr1[a time]\n"
    assert [(use.record.id, use.stop - use.start) for use in uses(document)] == [
        ("r1", 1),
        ("r1", 5),
        ("r1", 6),
    ]


def test_an_edit_that_changes_nothing_leaves_no_record() -> None:
    document = draft("Once")
    with document.edit(Origin.ASSIST, record=record()):
        pass
    assert document.assists.records() == {}


def test_undo_takes_the_text_and_the_record_claims_nothing() -> None:
    copies = Copies("Once \n")
    accept(copies["a"], 5, "upon a time", record())
    copies["a"].undo()
    assert copies.texts() == ["Once \n"]
    for document in copies.documents.values():
        assert uses(document) == []
        assert document.assists.record("r1") == record()
    copies["a"].redo()
    assert copies.texts() == ["Once r1[upon a time]\n"]


def test_ids_are_unlike_each_other() -> None:
    assert len({new_id() for _ in range(100)}) == 100


# What people type


@pytest.mark.parametrize("at", [5, 7, 9])
def test_text_typed_within_or_beside_the_assistants_is_a_persons(at: int) -> None:
    document = draft("Once ")
    accept(document, 5, "upon", record())
    assert "ai" not in inherited_attributes(document, at)
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(at, "ME", inherited_attributes(document, at))
    assert shown_marks(document).replace("ME", "") in ("Once r1[upon]\n", "Once r1[up]r1[on]\n")
    assert amounts(document) == {"r1": 4}


# Copies


def test_pasted_text_keeps_its_mark_where_the_record_is() -> None:
    document = draft("Once ")
    accept(document, 5, "upon", record())
    spans = list(document.spans(3, 9))
    insert_rich_text(document, 0, 0, spans)
    assert shown_marks(document) == "e r1[upon]Once r1[upon]\n"
    assert len(document.assists.records()) == 1


def test_text_pasted_into_another_document_brings_its_record() -> None:
    source, target = draft("Once "), draft("There ")
    accept(source, 5, "upon", record())
    accept(source, 9, " unused", record("r2"))
    spans = list(source.spans(3, 9))
    insert_rich_text(target, 6, 6, spans, carried=source.assists.of(spans))
    assert shown_marks(target) == "There e r1[upon]\n"
    assert target.assists.records() == {"r1": record()}
    target.undo()
    assert uses(target) == []


def test_pasted_text_whose_record_was_lost_on_the_way_is_still_the_assistants() -> None:
    target = draft("There ")
    insert_rich_text(target, 6, 6, [Span("upon", {"ai": "r1"})])
    assert shown_marks(target) == "There r1[upon]\n"
    assert target.assists.record("r1") == AssistRecord("r1")
    assert "r1" in target.assists


def test_a_record_that_is_there_is_not_overwritten_by_one_that_is_pasted() -> None:
    document = draft("Once ")
    accept(document, 5, "upon", record())
    insert_rich_text(document, 0, 0, [Span("x", {"ai": "r1"})], carried=(record(by="Mallory"),))
    assert document.assists.record("r1").by == "Ada"


@pytest.mark.parametrize("mark", [{"model": "x"}, 5, True, "", "x" * 65])
def test_a_mark_that_is_no_id_counts_as_the_assistants_of_unknown_kind(mark: object) -> None:
    assert marked([Span("x", {"ai": mark})]) == [Span("x", {"ai": UNKNOWN})]
    document = draft("There")
    insert_rich_text(document, 0, 0, [Span("x", {"ai": mark})])
    assert [use.record.id for use in uses(document)] == [UNKNOWN]
