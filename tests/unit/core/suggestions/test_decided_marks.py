"""The marks of changes on which somebody decides while others go on with them, or take the decision back."""

from __future__ import annotations

import pytest

from cowrite.core.crdt.anchors import Anchors
from cowrite.core.crdt.blocks import Blocks
from cowrite.core.crdt.structs import Content, read_structs
from cowrite.core.marks import belonging
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import joined
from cowrite.core.writing import lines
from cowrite_server.document.ranges import deletion
from helpers.copies import copy_of, meet
from helpers.counting import counted
from helpers.drafts import draft
from helpers.suggesting import changes_of, decide, marked, replace, write


def test_who_rejects_a_change_that_was_undone_in_part_can_take_that_back() -> None:
    document = draft("We plant herbs.", "And sage.")
    changes = changes_of(document)
    for start, stop in ((3, 5), (5, 9)):
        document.steps.begin()
        lines.delete(document, start, stop)
    document.undo()
    mate = copy_of(document)
    changes_of(mate, "Ada", suggests=False).reject([change.id for change in changes.all()])
    meet(document, mate)
    assert marked(document) == "We plant herbs.¶And sage."
    mate.undo()
    meet(document, mate)
    assert marked(document) == marked(mate) == "We [-pl-]ant herbs.¶And sage."


def test_what_was_accepted_is_so_again_when_all_is_undone_and_done_again() -> None:
    document = draft("")
    changes = changes_of(document)

    def decide_on_all(*, accepts: bool) -> None:
        (changes.accept if accepts else changes.reject)([change.id for change in changes.all()])

    write(document, 0, "ends")
    replace(document, 0, 4, "abc")
    document.undo()
    lines.delete(document, 1, 2)
    decide_on_all(accepts=False)
    write(document, 0, "one two")
    lines.delete(document, 6, 7)
    decide_on_all(accepts=True)
    replace(document, 4, 6, "x")
    decide_on_all(accepts=True)
    assert marked(document) == "one x"
    while document.can_undo():
        document.undo()
    while document.can_redo():
        document.redo()
    assert marked(document) == "one x"
    assert joined(document.spans()) == joined(document.stored_spans())


@pytest.mark.parametrize("decision", ["accept", "reject"])
def test_who_suggests_goes_on_with_a_change_when_a_decision_on_it_was_taken_back(ada, bo, decision) -> None:
    decide(ada, decision)
    meet(ada, bo)
    ada.undo()
    meet(ada, bo)
    replace(bo, 9, 15, "Z")
    meet(ada, bo)
    assert marked(ada) == marked(bo) == "one [-two-]{+XY+}[- three-]{+Z+}."


def test_who_suggests_goes_on_with_a_change_while_somebody_accepts_what_there_is_of_it(ada, bo) -> None:
    decide(ada, "accept")
    replace(bo, 9, 15, "Z")
    meet(ada, bo)
    assert marked(ada) == marked(bo) == "one XY[- three-]{+Z+}."


def test_who_suggests_goes_on_with_a_change_of_which_somebody_has_deleted_a_letter(ada, bo) -> None:
    with ada.edit(Origin.LOCAL) as edit:
        edit.delete(4, 1)
    meet(ada, bo)
    replace(bo, 8, 14, "Z")
    meet(ada, bo)
    assert marked(ada) == marked(bo) == "one [-wo-]{+XY+}[- three-]{+Z+}."


def test_who_suggests_marks_other_text_in_the_place_of_some_though_somebody_has_written_within_it(ada) -> None:
    bo = copy_of(ada)
    changes_of(bo)
    replace(bo, 4, 7, "")
    replace(bo, 7, 13, "")
    meet(ada, bo)
    replace(ada, 6, 6, "x")
    meet(ada, bo)
    bo.undo()
    replace(bo, 0, 4, "")
    meet(ada, bo)
    assert marked(ada) == marked(bo) == "[-one tw-]x[-o-] three."


def test_an_acceptance_can_be_taken_back_after_somebody_else_has_deleted_a_letter_of_the_change(ada, bo) -> None:
    with ada.edit(Origin.LOCAL) as edit:
        edit.delete(7, 1)
    meet(ada, bo)
    bo.suggester = None
    decide(bo, "accept")
    meet(ada, bo)
    bo.undo()
    meet(ada, bo)
    assert marked(ada) == marked(bo) == "one [-two-]{+Y+} three."


@pytest.mark.parametrize("suggests", [False, True])
@pytest.mark.parametrize(
    ("decision", "place", "stands"), [("reject", 5, "one tKwo three."), ("accept", 8, "one XKY three.")]
)
def test_what_is_written_within_a_change_while_it_is_decided_on_lays_its_mark_over_nothing(
    ada, bo, decision, place, stands, suggests
) -> None:
    mate = copy_of(ada)
    if suggests:
        changes_of(mate, "Cy")
    decide(ada, decision)
    with mate.edit(Origin.LOCAL) as edit:
        edit.insert(place, "K")
    for _ in range(2):  # the second time what was put right
        meet(ada, mate)
    assert marked(ada) == marked(mate) == (stands.replace("K", "{+K+}") if suggests else stands)


@pytest.mark.parametrize(
    ("decision", "place", "stands"), [("reject", 5, "one tK[-wo-] three."), ("accept", 8, "one XK{+Y+} three.")]
)
def test_who_wrote_within_a_change_that_is_decided_on_meanwhile_sees_its_mark_nowhere_else(
    ada, bo, decision, place, stands
) -> None:
    bo.suggester = None
    decide(bo, decision)
    with ada.edit(Origin.LOCAL) as edit:
        edit.insert(place, "K")
    ada.apply_remote(bo.update_since(ada.state_vector()))
    assert marked(ada) == stands


def test_an_acceptance_that_is_taken_back_makes_no_suggestion_of_what_somebody_wrote_within_since() -> None:
    document = draft("We plant herbs.")
    changes = changes_of(document)
    write(document, 2, " allofus")
    changes.accept([change.id for change in changes.all()])
    mate = copy_of(document)
    write(mate, 6, " three ")
    meet(document, mate)
    document.undo()
    meet(document, mate)
    assert marked(document) == marked(mate) == "We{+ all+} three {+ofus+} plant herbs."
    document.redo()
    meet(document, mate)
    assert marked(document) == marked(mate) == "We all three ofus plant herbs."


@pytest.mark.parametrize("suggests", [False, True])
@pytest.mark.parametrize("decision", ["accept", "reject"])
@pytest.mark.parametrize("place", [4, 5])
def test_what_is_written_within_a_change_while_a_decision_is_taken_back_neither_gets_its_mark_nor_cuts_it_off(
    ada, decision, place, suggests
) -> None:
    bo = copy_of(ada)
    changes_of(bo)
    if decision == "accept":
        write(bo, 4, "abc")
    else:
        replace(bo, 4, 7, "")
    meet(ada, bo)
    before, word = marked(ada), "abc" if decision == "accept" else "two"
    decide(ada, decision)
    after, mate = marked(ada), copy_of(ada)
    ada.undo()
    meet(ada, bo)
    assert marked(ada) == before
    if suggests:
        changes_of(mate, "Cy")
    write(mate, place, "K")
    new = "{+K+}" if suggests else "K"
    parts = word[: place - 4], word[place - 4 :]
    shown = [f"{{+{part}+}}" if decision == "accept" else f"[-{part}-]" for part in parts if part]
    opened = before.replace(f"{{+{word}+}}" if decision == "accept" else f"[-{word}-]", new.join(["", *shown][-2:]))
    for act, wanted in ((ada.settle, opened), (ada.redo, after.replace(word, new.join(parts))), (ada.undo, opened)):
        act()
        for _ in range(2):  # the second time what was put right
            meet(ada, mate)
            meet(ada, bo)
        assert marked(ada) == marked(mate) == marked(bo) == wanted


def test_what_somebody_brings_back_with_its_mark_keeps_it_where_a_decision_was_taken_back_meanwhile(ada, bo) -> None:
    decide(ada, "reject")
    mate = copy_of(ada)
    ada.undo()
    meet(ada, mate)
    with mate.edit(Origin.LOCAL) as edit:
        edit.delete(4, 3)
    meet(ada, mate)
    mate.undo()
    meet(ada, mate)
    assert marked(ada) == marked(mate) == "one [-two-]{+XY+} three."


def test_a_change_that_was_opened_again_can_be_accepted_by_somebody_else_who_writes_before_it(ada) -> None:
    bo = copy_of(ada)
    changes_of(bo)
    write(bo, 4, "XY")
    meet(ada, bo)
    decide(ada, "accept")
    ada.undo()
    mate = copy_of(ada)
    changes = changes_of(mate, "Mo", suggests=False)
    write(mate, 4, "K")
    changes.accept([change.id for change in changes.all()])
    for _ in range(2):
        meet(ada, mate)
        meet(ada, bo)
    assert marked(ada) == marked(mate) == marked(bo) == "one KXYtwo three."


def test_who_opens_a_document_anew_after_deciding_keeps_the_mark_from_spreading_too() -> None:
    ada = draft("one two three.")
    bo = copy_of(ada)
    changes_of(bo)
    write(bo, 4, "XY")
    meet(ada, bo)
    mate = copy_of(ada)
    changes_of(mate, "Cy")
    write(mate, 5, "K")
    write(ada, 5, "pq")
    decide(ada, "accept")
    mate, again = copy_of(mate), copy_of(ada)
    for _ in range(2):  # the second time what was put right
        meet(again, mate)
    assert marked(again) == marked(mate)
    assert marked(again) in ("one Xpq{+K+}{+Y+}two three.", "one X{+K+}pq{+Y+}two three.")


@pytest.mark.parametrize("gone", ["reject", "delete"])
def test_text_that_somebody_brought_back_with_its_mark_keeps_it_when_its_writer_takes_theirs_back(
    ada, bo, gone
) -> None:
    if gone == "reject":
        decide(ada, "reject")
    else:
        with ada.edit(Origin.LOCAL) as edit:
            edit.delete(3, 6)
    ada.undo()
    bo.undo()
    for _ in range(3):
        meet(ada, bo)
    assert marked(ada) == marked(bo) == "one two{+XY+} three."


def test_an_acceptance_can_be_taken_back_of_text_that_somebody_else_had_rejected_and_brought_back(ada, bo) -> None:
    decide(ada, "reject")
    ada.undo()
    mate = copy_of(ada)
    decide(mate, "accept")
    meet(mate, ada)
    late = copy_of(mate)
    mate.undo()
    for _ in range(2):
        meet(mate, ada)
        meet(mate, bo)
        meet(mate, late)
    assert marked(mate) == marked(ada) == marked(bo) == marked(late) == "one [-two-]{+XY+} three."


def test_copies_that_have_both_brought_a_suggestion_back_agree_on_its_marks(ada, bo) -> None:
    mate = copy_of(ada)
    for each in (ada, mate):
        with each.edit(Origin.LOCAL) as edit:
            edit.delete(7, 2)
        each.undo()
    bo.undo()
    told: list[object] = []
    for each in (ada, mate, bo):
        each.observe_updates(told.append)
    for _ in range(4):
        told.clear()
        for one, other in ((ada, mate), (ada, bo), (mate, bo)):
            meet(one, other)
    assert {update[1] for update in told} <= {Origin.REMOTE}
    assert marked(ada) == marked(mate) == marked(bo) == "one two{+XYXY+} three."


@pytest.mark.parametrize("decision", ["accept", "reject"])
def test_a_decision_is_taken_back_exactly_though_anothers_program_has_tidied_up_its_formats(ada, bo, decision) -> None:
    bo.suggester = None
    with bo.edit(Origin.LOCAL) as edit:
        edit.format(5 if decision == "accept" else 8, 1, {"bold": True})
    meet(ada, bo)
    before, looks = marked(ada), joined(ada.spans())
    decide(ada, decision)
    after = marked(ada)
    tidied: dict[int, list[tuple[int, int]]] = {}
    for each in read_structs(ada.state()):  # as Yjs does where nothing stands between two of them
        if each.content is Content.FORMAT:
            tidied.setdefault(each.client, []).append((each.clock, 1))
    ada.apply_remote(deletion(tidied))
    assert marked(ada) == after
    for act, wanted in ((ada.undo, before), (ada.redo, after), (ada.undo, before)):
        act()
        meet(ada, bo)
        assert marked(ada) == marked(bo) == wanted
    assert joined(ada.spans()) == joined(bo.spans()) == looks


@pytest.mark.parametrize("decision", ["accept", "reject"])
def test_undoing_more_decisions_than_are_looked_at_reads_no_entries_and_seeks_no_place(decision, monkeypatch) -> None:
    """Counted: for thousands that takes as long as all else that an undo does."""
    document = draft(*["herbs"] * 5)
    changes_of(document)
    for at in range(5):
        write(document, 7 * at, "X")
    before, mate = marked(document), copy_of(document)
    for module in ("step_marks", "suggested_marks"):
        monkeypatch.setattr(f"cowrite.core.marks.{module}.MOST_RUNS", 4)
    decide(mate, decision)
    read, sought = counted(monkeypatch, belonging, "fields_of"), counted(monkeypatch, Anchors, "place_of")
    mate.undo()
    assert marked(mate) == before
    assert not read
    assert not sought


def test_an_undo_reads_once_what_was_written_however_many_were_undone_before(monkeypatch) -> None:
    document = copy_of(draft(*["“one” two"] * 5))
    changes_of(document)
    for at in range(5):
        replace(document, 12 * at, 12 * at + 5, "XY")
    read, reads = counted(monkeypatch, Blocks, "update_from"), []
    for _ in range(5):
        read.clear()
        document.undo()
        reads.append(len(read))
    assert document.text() == "“one” two\n" * 5
    assert max(reads[2:]) <= reads[1]


def test_suggested_text_that_is_pasted_and_taken_out_in_one_edit_leaves_no_trace(ada) -> None:
    bo = copy_of(ada)
    changes_of(bo)
    before = marked(bo)
    with bo.edit(Origin.LOCAL) as edit:
        edit.insert(2, "abc", {"insertion": "change:of another document"})
        edit.delete_all([(3, 1), (4, 1)])
        edit.delete(2, 1)
    assert marked(bo) == before
