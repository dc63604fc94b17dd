"""Suggested changes: who suggests what, accepting and rejecting, and what becomes of the last line."""

from __future__ import annotations

from itertools import permutations

import pytest
from pycrdt import Text

from cowrite.core.document.document import Document
from cowrite.core.suggestions.changes import SuggestedChanges
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import DELETION, INSERTION, SUGGESTIONS, Span, joined
from cowrite.core.writing import lines, pasting
from helpers.assisted import record
from helpers.copies import copy_of, meet
from helpers.drafts import draft
from helpers.suggesting import changes_of, marked, replace, write


def accept(changes: SuggestedChanges) -> None:
    changes.accept([change.id for change in changes.all()])


def reject(changes: SuggestedChanges) -> None:
    changes.reject([change.id for change in changes.all()])


def test_a_change_goes_on_beside_what_one_has_suggested_and_another_begins_elsewhere() -> None:
    document = draft("We plant herbs.")
    changes = changes_of(document)
    for at, text in ((3, "al"), (5, "l "), (17, "green ")):
        with document.edit(Origin.LOCAL) as edit:
            edit.insert(at, text)
    assert [(change.comes, change.author.name, change.created) for change in changes.all()] == [
        ("all ", "Bo", 5),
        ("green ", "Bo", 5),
    ]


def test_a_decision_is_kept_with_its_change_and_undone_in_one_step() -> None:
    document = draft("We plant herbs.")
    changes = changes_of(document)
    lines.delete(document, 3, 9)
    (change,) = changes.all()
    accept(changes)
    fields = document.entries(SUGGESTIONS).get(change.id)
    assert fields is not None
    assert (fields["state"], fields["decided_by"], fields["decided"]) == ("accepted", "Bo", 5)
    document.undo()
    assert marked(document) == "We [-plant -]herbs."
    assert [each.id for each in changes.all()] == [change.id]


@pytest.mark.parametrize(("decide", "text"), [(accept, "new"), (reject, "old")])
@pytest.mark.parametrize("look", [{}, {"bold": True}])
def test_many_changes_are_decided_on_without_a_walk_through_the_text_for_each(decide, text, look, monkeypatch) -> None:
    document = draft(*["an old \U0001f33f herb"] * 50)
    with document.edit(Origin.LOCAL) as edit:
        edit.format(0, document.length, look)
    changes_of(document)
    for at in reversed(range(3, document.length, 15)):
        document.steps.begin()
        with document.edit(Origin.LOCAL) as edit:
            edit.delete(at, 3)
            edit.insert(at, "new")
    before = marked(document)
    mate = copy_of(document)
    changes = changes_of(mate, "Ada", suggests=False)
    assert len(changes.all()) == 50
    monkeypatch.setattr("cowrite.core.document.edit.MOST_PLACES", 20)
    monkeypatch.setattr("cowrite.core.crdt.anchors.FEW_RUNS", 20)
    with monkeypatch.context() as patch:
        patch.setattr("cowrite.core.document.edit_marks.MOST_LOOKS", 0)
        for walks in ("sticky_index", "__delitem__"):
            patch.setattr(Text, walks, None)
        decide(changes)
    meet(document, mate)
    assert marked(document) == marked(mate) == "¶".join([f"an {text} \U0001f33f herb"] * 50)
    assert joined(mate.spans()) == joined(mate.stored_spans())
    mate.undo()
    meet(document, mate)
    assert marked(document) == marked(mate) == before
    mate.redo()
    meet(document, mate)
    assert marked(document) == marked(mate) == "¶".join([f"an {text} \U0001f33f herb"] * 50)


def test_who_only_suggests_says_how_a_change_ended_where_this_copy_has_begun_it() -> None:
    document = draft("We plant herbs.")
    changes = changes_of(document)
    changes.may_edit = False
    lines.delete(document, 3, 9)
    (change,) = changes.all()
    later = copy_of(document)
    changes_later = changes_of(later)
    changes_later.may_edit = False
    for each, here, state in ((changes, document, "rejected"), (changes_later, later, None)):
        reject(each)
        assert marked(here) == "We plant herbs."
        fields = here.entries(SUGGESTIONS).get(change.id)
        assert fields is not None
        assert fields.get("state") == state


@pytest.mark.parametrize("base", ["a", "", "a\n"])
@pytest.mark.parametrize("press", [lines.press_enter, lambda document, at: lines.insert_divider(document, at, at)])
def test_lines_that_were_suggested_at_the_end_are_gone_when_they_are_rejected(base, press) -> None:
    document = draft(*base.split("\n"))
    changes = changes_of(document)
    caret = press(document, document.length - 1)
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(caret, "and so on")
    reject(changes)
    assert joined(document.spans()) == joined([Span(f"{base}\n")])


def test_the_break_that_closes_the_document_stays_and_is_decided() -> None:
    document = draft("a", "b")
    changes = changes_of(document)
    lines.delete(document, 1, 4)
    accept(changes)
    assert (document.text(), changes.all()) == ("a\n", [])
    lines.delete(document, 0, 2)
    accept(changes)
    assert (document.text(), changes.all()) == ("\n", [])


def test_a_last_line_that_is_accepted_to_go_leaves_no_empty_one() -> None:
    document = draft("a", "b")
    changes = changes_of(document)
    lines.delete(document, 2, 4)
    accept(changes)
    assert (document.text(), changes.all()) == ("a\n", [])


def test_what_two_suggest_for_the_same_words_is_decided_one_by_one() -> None:
    document = draft("We plant herbs.")
    changes_of(document, "Bo")
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(3, "all ")
    changes = changes_of(document, "Ada")
    lines.delete(document, 0, 8)
    bos, adas = sorted(changes.all(), key=lambda change: change.author.name, reverse=True)
    changes.accept([bos.id])
    assert marked(document) == "[-We all p-]lant herbs."
    changes.reject([adas.id])
    assert marked(document) == "We all plant herbs."


def test_two_decide_differently_at_once_and_both_come_to_the_same_text() -> None:
    document = draft("We plant herbs.")
    changes = changes_of(document)
    lines.delete(document, 3, 9)
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(9, "grow ")
    other = copy_of(document)
    accept(changes)
    reject(changes_of(other, "Ada", suggests=False))
    for _ in range(2):  # what one of them puts right goes round as well
        meet(document, other)
    assert joined(document.spans()) == joined(other.spans()) == joined(document.stored_spans())
    assert changes.all() == []


def test_marks_that_are_no_ids_are_no_changes() -> None:
    document = draft("We plant herbs.")
    with document.edit(Origin.IMPORT) as edit:
        edit.format(0, 2, {DELETION: {"by": 7}})
        edit.format(3, 2, {DELETION: ""})
    changes = changes_of(document)
    assert changes.all() == []
    lines.delete(document, 0, 9)
    assert [change.goes for change in changes.all()] == ["We plant "]


def suggested_by(document: Document, who: str, start: int, stop: int, text: str = "") -> None:
    """Somebody suggests text in the place of other text on a copy of their own, and all have it."""
    copy = copy_of(document)
    changes_of(copy, who)
    replace(copy, start, stop, text)
    meet(document, copy)


@pytest.mark.parametrize("text", [" all of us", " all\n of us"])
@pytest.mark.parametrize("decide", [accept, reject])
def test_what_one_suggests_and_another_would_delete_is_so_again_when_a_decision_on_both_is_undone(text, decide) -> None:
    document = draft("We plant herbs.", "Soon.")
    suggested_by(document, "Bo", 2, 2, text)
    suggested_by(document, "Cy", 1, 7)
    before, mate = joined(document.spans()), copy_of(document)
    decide(changes_of(document, "Ada", suggests=False))
    after = joined(document.spans())
    for act, wanted in ((document.undo, before), (document.redo, after), (document.undo, before)):
        act()
        meet(document, mate)
        assert joined(document.spans()) == joined(mate.spans()) == joined(mate.stored_spans()) == wanted


@pytest.mark.parametrize("order", [*permutations(("Bo", "Cy", "Di")), ("Bo Cy", "Di"), ("Bo Cy Di",)])
def test_the_last_lines_go_alike_when_what_people_suggest_of_them_is_accepted_in_whatever_order(order) -> None:
    document = draft("We plant herbs.", "Sage", "too")
    for who, start, stop in (("Bo", 16, 18), ("Cy", 18, 21), ("Di", 21, 25)):
        suggested_by(document, who, start, stop)
    before = marked(document)
    changes = changes_of(document, "Ada", suggests=False)
    for people in order:
        changes.accept([change.id for change in changes.all() if change.author.name in people])
    assert document.text() == "We plant herbs.\n"
    assert changes.all() == []
    for _ in order:
        document.undo()
    assert marked(document) == before


def test_the_last_line_stays_with_its_break_when_all_but_its_words_was_accepted_to_go_and_those_are_to_stay() -> None:
    document = draft("We plant herbs.", "Sage")
    for who, start, stop in (("Bo", 16, 20), ("Cy", 20, 21)):
        suggested_by(document, who, start, stop)
    changes = changes_of(document, "Ada", suggests=False)
    changes.accept([change.id for change in changes.all() if change.author.name == "Cy"])
    reject(changes)
    assert marked(document) == "We plant herbs.¶Sage"
    assert changes.all() == []


def test_lines_that_are_replaced_are_accepted_with_what_another_takes_out_of_the_new_words() -> None:
    document = draft("We plant herbs.", "Soon.")
    with document.edit(Origin.LOCAL) as edit:
        edit.format(16, 6, {DELETION: "change:1"})
        edit.insert(22, " Later", {INSERTION: "change:1"})
        edit.insert(28, " on", {INSERTION: "change:1", DELETION: "change:2"})
    changes = changes_of(document)
    accept(changes)
    assert document.text() == "We plant herbs.\n Later"
    assert not changes.all()
    assert joined(document.stored_spans()) == joined(document.spans())


def test_only_what_one_has_written_and_nobody_suggests_is_suggested_anew() -> None:
    document = draft("We plant herbs.")
    changes = changes_of(document)
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(3, "all 😀 ")
    accept(changes)
    mate = copy_of(document)
    with mate.edit(Origin.LOCAL) as edit:
        edit.insert(6, "of us ")
        edit.insert(0, "Ada says: ")
    meet(document, mate)
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(document.length - 1, " So 😀.")
    document.suggester = changes
    held = mate.state()
    with document.edit(Origin.LOCAL, directly=True) as edit:
        edit.format(document.length - 8, 7, {"insertion": None})
    changes.suggest_anew(held)
    assert marked(document) == "Ada says: We allof us  😀 plant herbs.{+ So 😀.+}"
    assert joined(document.stored_spans()) == joined(document.spans())


def test_the_assistants_text_that_is_only_suggested_keeps_its_record_where_it_is_copied() -> None:
    document = draft("We plant herbs.")
    changes = changes_of(document)
    changes.may_edit = False
    with document.edit(Origin.ASSIST, record=record("r1")) as edit:
        edit.insert(3, "all ")
    assert "r1" not in document.assists
    editor = copy_of(document)
    spans = list(editor.spans(3, 7))
    carried = editor.assists.of(spans)
    assert [each.model for each in carried] == [record("r1").model]
    for at, records in ((0, carried), (19, ())):  # those that came along, and what another program left of it
        pasting.insert_rich_text(editor, at, at, spans, carried=records)
        assert editor.assists.record("r1") == document.assists.record("r1") == record("r1")


def test_who_only_suggests_takes_back_that_they_have_withdrawn_what_an_editor_had_rejected_and_brought_back() -> None:
    document = draft("We plant herbs.")
    own = changes_of(document)
    own.may_edit = False
    write(document, 14, ", too")
    editor = copy_of(document)
    reject(changes_of(editor, "Ada", suggests=False))
    editor.undo()
    meet(document, editor)
    suggested = joined(document.spans())
    own.reject([change.id for change in own.all()])
    for _ in range(2):  # and what that has put right
        meet(document, editor)
        assert marked(document) == marked(editor) == "We plant herbs[-{+, too+}-]."
    document.undo()
    meet(document, editor)
    assert joined(document.spans()) == joined(editor.spans()) == suggested
    document.redo()
    assert marked(document) == "We plant herbs[-{+, too+}-]."


@pytest.mark.parametrize(("may_edit", "text"), [(True, "ONE two three."), (False, "{+ONE+} two three.")])
def test_who_takes_a_step_of_many_changes_back_gets_only_that_one_again_which_another_accepts_meanwhile(
    may_edit, text
) -> None:
    document = draft("one two three.")
    changes = changes_of(document)
    changes.may_edit = may_edit
    with document.edit(Origin.LOCAL) as edit:
        for at, old, new in ((8, "three", "THREE"), (0, "one", "ONE")):
            edit.delete(at, len(old))
            edit.insert(at, new)
    mate = copy_of(document)
    ada = changes_of(mate, "Ada", suggests=False)
    first, _ = ada.all()
    ada.accept([first.id])
    document.undo()
    meet(document, mate)
    assert marked(document) == marked(mate) == text
