"""The assistant's mark stays on its text alone: with teammates who type, undo, and were away."""

from __future__ import annotations

import pytest
from pycrdt import Doc, Text

from cowrite.core.crdt.anchors import Anchors
from cowrite.core.crdt.structs import Content, Id, Struct
from cowrite.core.document.document import Document
from cowrite.core.marks import ai_marks
from cowrite.core.marks.ai_marks import MOST_RUNS, AiMarks
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.change import Change
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import Format, Span, joined
from helpers.assisted import Copies, record, shown_marks
from helpers.drafts import draft
from helpers.suggesting import write


def accept(document: Document, at: int, text: str, id: str = "r1") -> None:
    document.steps.begin()
    with document.edit(Origin.ASSIST, record=record(id)) as edit:
        edit.insert(at, text)
    document.steps.begin()


def test_undoing_text_within_which_a_teammate_typed_marks_nothing_else() -> None:
    copies = Copies("before  after\n")
    accept(copies["a"], 7, "MACHINE")
    write(copies["b"], 10, "human")
    assert copies.texts() == ["before r1[MAC]humanr1[HINE] after\n"]
    copies["a"].undo()
    assert copies.texts() == ["before human after\n"]
    copies["a"].redo()
    assert copies.texts() == ["before r1[MAC]humanr1[HINE] after\n"]
    copies["a"].undo()
    assert copies.texts() == ["before human after\n"]


@pytest.mark.parametrize("away", ["a", "b"])
def test_the_same_while_one_of_them_is_away(away: str) -> None:
    copies = Copies("before  after\n", "abc")
    accept(copies["a"], 7, "MACHINE")
    copies.cut(away)
    write(copies["b"], 10, "human")
    copies["a"].undo()
    copies.join()
    assert copies.texts() == ["before human after\n"]
    copies["a"].redo()
    assert copies.texts() == ["before r1[MAC]humanr1[HINE] after\n"]


def test_a_person_who_typed_there_puts_it_right_when_the_other_has_gone() -> None:
    copies = Copies("before  after\n", "abc")
    accept(copies["a"], 7, "MACHINE")
    copies.cut("b")
    write(copies["b"], 10, "human")
    copies["a"].undo()
    copies.cut("a")
    copies["b"].apply_remote(copies["c"].update_since(copies["b"].state_vector()))
    copies["c"].apply_remote(copies["b"].update_since(copies["c"].state_vector()))
    assert shown_marks(copies["b"]) == shown_marks(copies["c"]) == "before human after\n"


def test_an_undo_and_what_it_needs_are_one_update() -> None:
    copies = Copies("before  after\n")
    accept(copies["a"], 7, "MACHINE")
    write(copies["b"], 10, "human")
    updates: list[tuple[bytes, Origin]] = []
    changes: list[Change] = []
    copies["a"].observe_updates(updates.append)
    copies["a"].observe_changes(changes.append)
    copies["a"].undo()
    assert [origin for _, origin in updates] == [Origin.UNDO]
    (change,) = changes
    assert not any(isinstance(op, Format) and op.attributes.get("ai") for op in change.ops)


def test_what_a_teammate_deleted_and_brought_back_is_marked_as_it_was() -> None:
    copies = Copies("before  after\n")
    accept(copies["a"], 7, "MACHINE")
    with copies["b"].edit(Origin.LOCAL) as edit:
        edit.delete(5, 11)
    assert copies.texts() == ["beforfter\n"]
    copies["b"].undo()
    assert copies.texts() == ["before r1[MACHINE] after\n"]


def test_marks_within_marks_come_and_go_with_their_text() -> None:
    copies = Copies("before  after\n")
    accept(copies["a"], 7, "MACHINE")
    accept(copies["b"], 10, "OTHER", "r2")
    assert copies.texts() == ["before r1[MAC]r2[OTHER]r1[HINE] after\n"]
    copies["b"].undo()
    assert copies.texts() == ["before r1[MACHINE] after\n"]
    copies["b"].redo()
    copies["a"].undo()
    assert copies.texts() == ["before r2[OTHER] after\n"]


def test_two_who_put_marks_right_come_to_an_end() -> None:
    copies = Copies("some text\n", "abc")
    count = [0]
    for document in copies.documents.values():
        document.observe_updates(lambda _told: count.__setitem__(0, count[0] + 1))
    for name in "abc":
        copies.cut(name)
    accept(copies["a"], 4, "AAAA", "r1")
    copies.join()
    for name in "abc":
        copies.cut(name)
    accept(copies["b"], 6, "BBBB", "r2")
    accept(copies["c"], 6, "CCCC", "r3")
    copies["a"].undo()
    copies.join()
    copies["b"].undo()
    copies["c"].undo()
    assert copies.texts() == ["some text\n"]
    assert count[0] < 40


def test_other_formatting_is_undone_as_ever() -> None:
    copies = Copies("before  after\n")
    accept(copies["a"], 7, "MACHINE")
    copies["a"].steps.begin()
    with copies["a"].edit(Origin.LOCAL) as edit:
        edit.format(0, 14, {"bold": True})
    copies["a"].steps.begin()
    copies["a"].undo()
    assert [dict(span.attributes) for span in copies["b"].spans()] == [{}, {"ai": "r1"}, {}]


@pytest.mark.parametrize(("is_marked", "most"), [(False, 0), (True, MOST_RUNS)])
def test_undoing_thousands_of_replacements_looks_for_few_of_their_places(
    monkeypatch: pytest.MonkeyPatch, is_marked: bool, most: int
) -> None:
    looked_for: list[Id] = []
    place_of = Anchors.place_of

    def noting(self: Anchors, id: Id) -> int | None:
        looked_for.append(id)
        return place_of(self, id)

    monkeypatch.setattr(Anchors, "place_of", noting)
    hits = 3 * MOST_RUNS
    document = MendedDocument.new(clock=lambda: 0)
    write(document, 0, "ab cd " * hits)
    if is_marked:
        accept(document, 6 * hits, "ab MACHINE ab")
    before = joined(document.spans())
    document.steps.begin()
    with document.edit(Origin.LOCAL) as edit:
        for at in reversed(range(hits + is_marked)):
            attributes = document.rope.attributes_at(6 * at)
            edit.delete(6 * at, 2)
            edit.insert(6 * at, "xyz", attributes)
    after = joined(document.spans())
    for act, expected in ((document.undo, before), (document.redo, after), (document.undo, before)):
        looked_for.clear()
        act()
        assert len(looked_for) <= most
        assert joined(document.spans()) == joined(document.stored_spans()) == expected


def test_an_undo_that_brings_a_long_text_of_others_back_looks_at_none_of_its_letters(monkeypatch) -> None:
    marks, ids = AiMarks(1), []
    monkeypatch.setattr(ai_marks, "Id", lambda *of: ids.append(of) or Id(*of))
    marks.deletes(0, [Span("ab", {"ai": "r1"}), Span("cd")], lambda at, text: iter([(len(text), Id(2, 100 + at))]))
    marks.came_back([Struct(1, 500, 10_000, Content.STRING, right_origin=Id(2, 0))])
    assert list(marks.had(Id(1, 500), 10_000))[1] == (100, 2, "r1")
    assert len(ids) < 20


def test_a_mark_that_another_program_takes_off_a_long_text_is_put_back_without_looking_for_each_letter(
    monkeypatch,
) -> None:
    document = draft("Wir säen Kräuter.")
    text = "Wörter " * 100
    accept(document, 4, text)
    foreign: Doc[Text] = Doc()
    foreign.apply_update(document.state())
    before = foreign.get_state()
    octet = document.rope.octet_of(4)
    foreign.get("body", type=Text).format(octet, octet + len(text.encode()), {"ai": None})
    looked: list[Id] = []
    place = Anchors._place
    monkeypatch.setattr(Anchors, "_place", lambda self, id, stick: looked.append(id) or place(self, id, stick))
    document.apply_remote(foreign.get_update(before))
    assert joined(document.spans(4, 4 + len(text))) == [Span(text, {"ai": "r1"})]
    assert len(looked) < 50


def test_what_is_written_after_an_undo_that_went_wrong_goes_out_as_ever(document, monkeypatch) -> None:
    told: list[Origin] = []
    document.observe_updates(lambda update: told.append(update[1]))
    accept(document, 0, "MACHINE")
    monkeypatch.setattr(AiMarks, "take_strays", lambda *_of, **_how: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        document.undo()
    monkeypatch.undo()
    write(document, 0, "human")
    assert told == [Origin.ASSIST, Origin.UNDO, Origin.LOCAL]
