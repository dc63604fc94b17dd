"""The marks of suggested changes stay where people have set them, whoever undoes what."""

from __future__ import annotations

import pytest
from pycrdt import Doc, Text

from cowrite.core import lines
from cowrite.core.ai_marks import PATIENCE, SHORT
from cowrite.core.document import Document
from cowrite.core.origin import Origin
from cowrite.core.richtext import Format, Span, joined, utf16_length
from cowrite.core.structs import Content, read_structs
from cowrite.core.suggested_marks import SuggestedMarks
from cowrite_server.restoring import restoring
from helpers.copies import copy_of, meet
from helpers.drafts import draft
from helpers.suggesting import changes_of, marked


def write(document: Document, at: int, text: str) -> None:
    document.begin_undo_step()
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(at, text)
    document.begin_undo_step()


def test_undoing_a_suggestion_within_which_somebody_wrote_marks_none_of_their_text() -> None:
    document = draft("We plant herbs.")
    changes_of(document)
    write(document, 2, " allof us")
    mate = copy_of(document)
    write(mate, 6, " three ")
    meet(document, mate)
    assert marked(document) == "We{+ all+} three {+of us+} plant herbs."
    document.undo()
    meet(document, mate)
    assert marked(document) == marked(mate) == "We three  plant herbs."
    document.redo()
    meet(document, mate)
    assert marked(document) == marked(mate) == "We{+ all+} three {+of us+} plant herbs."


def test_a_suggested_deletion_that_is_undone_lays_its_mark_over_nothing_behind_what_somebody_wrote_within() -> None:
    document = draft("We plant herbs.", "And sage.")
    changes_of(document)
    lines.delete(document, 2, 14)
    mate = copy_of(document)
    write(mate, 8, " green")
    meet(document, mate)
    assert marked(document) == "We[- plant-] green[- herbs-].¶And sage."
    document.undo()
    meet(document, mate)
    assert marked(document) == marked(mate) == "We plant green[- herbs-].¶And sage."
    document.redo()
    meet(document, mate)
    assert marked(document) == marked(mate) == "We[- plant-] green[- herbs-].¶And sage."


def test_nor_does_what_somebody_wrote_within_it_while_it_was_undone() -> None:
    document = draft("We plant herbs.", "And sage.")
    changes_of(document)
    lines.delete(document, 2, 14)
    mate = copy_of(document)
    write(mate, 8, " green")
    document.undo()
    meet(document, mate)
    meet(document, mate)  # what was put right
    assert marked(document) == marked(mate)
    assert marked(document).endswith(".¶And sage.")


def test_who_rejects_a_change_that_was_undone_in_part_can_take_that_back() -> None:
    document = draft("We plant herbs.", "And sage.")
    changes = changes_of(document)
    for start, stop in ((3, 5), (5, 9)):
        document.begin_undo_step()
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


@pytest.fixture
def ada() -> Document:
    return draft("one two three.")


@pytest.fixture
def bo(ada: Document) -> Document:
    """Has suggested a change of it."""
    bo = copy_of(ada)
    changes_of(bo)
    replace(bo, 4, 7, "XY")
    meet(ada, bo)
    return bo


def replace(document: Document, start: int, stop: int, text: str) -> None:
    document.begin_undo_step()
    with document.edit(Origin.LOCAL) as edit:
        edit.delete(start, stop - start)
        edit.insert(start, text)


def decide(document: Document, decision: str) -> None:
    changes = changes_of(document, "Ada", suggests=False)
    getattr(changes, decision)([change.id for change in changes.all()])


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


def test_a_suggestion_of_ones_own_that_undo_brings_back_is_one_again() -> None:
    document = draft("We plant herbs.")
    changes_of(document)
    write(document, 2, " all")
    write(document, 6, " of us\n")
    document.begin_undo_step()
    lines.delete(document, 4, 12)
    assert marked(document) == "We{+ a¶+} plant herbs."
    document.undo()
    assert marked(document) == "We{+ all of us¶+} plant herbs."


@pytest.mark.parametrize("length", [SHORT, 8 * SHORT])
def test_a_suggestion_of_somebody_else_that_an_editor_deletes_and_brings_back_is_one_again(length: int) -> None:
    document = draft("We plant herbs.")
    changes_of(document)
    write(document, 2, " and" * (length // 4))
    editor = copy_of(document)
    editor.begin_undo_step()
    lines.delete(editor, 1, 6 + length)
    assert marked(editor) == "Wnt herbs."
    editor.undo()
    assert marked(editor) == marked(document)


def test_typing_letter_by_letter_is_remembered_as_one() -> None:
    """Counted: a long session would remember each letter."""
    document = draft("We plant herbs.")
    changes_of(document)
    for at in range(200):
        with document.edit(Origin.LOCAL) as edit:
            edit.insert(2 + at, "x")
    assert len(document._body.suggested._returned._own) < 10
    assert joined(document.spans()) == joined(document.stored_spans())


def undo_and_redo_all(document: Document) -> list[str]:
    """Takes back all steps and brings them back; gives the texts on the way back, which are those on the way there."""
    before = [marked(document)]
    while document.can_undo():
        document.undo()
        before.append(marked(document))
    after = [marked(document)]
    while document.can_redo():
        document.redo()
        after.append(marked(document))
    assert after == before[::-1]
    assert joined(document.spans()) == joined(document.stored_spans())
    return after


def test_what_somebody_wrote_within_a_suggestion_is_in_no_steps_way_when_all_is_undone_and_done_again() -> None:
    document = draft("")
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "one\ntwo\nthree")
    changes_of(document)
    replace(document, 3, 4, "X")
    replace(document, 0, 9, "Y")
    mate = copy_of(document)
    write(mate, 1, "*")
    meet(document, mate)
    assert undo_and_redo_all(document) == [
        "*",
        "o*[-ne¶-]two¶three",
        "o*[-ne¶-]{+X+}two¶three",
        "[-o-]*[-ne¶two¶-]{+Y+}three",
    ]


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


def test_a_mark_that_somebody_has_set_on_ones_own_text_is_there_again_when_that_is_done_again() -> None:
    document = draft("")
    write(document, 0, "herbs")
    mate = copy_of(document)
    with mate.edit(Origin.LOCAL) as edit:
        edit.format(4, 1, {"insertion": "another program"})
    meet(document, mate)
    undo_and_redo_all(document)
    assert marked(document) == "herb{+s+}"


def test_what_is_suggested_after_a_redo_is_a_step_of_its_own() -> None:
    document = draft("We plant herbs.")
    changes_of(document)
    lines.delete(document, 2, 8)
    document.undo()
    document.redo()
    lines.delete(document, 9, 14)
    assert marked(document) == "We[- plant-] [-herbs-]."
    document.undo()
    assert marked(document) == "We[- plant-] herbs."
    document.undo()
    assert marked(document) == "We plant herbs."


def test_a_redo_leaves_alone_what_somebody_has_suggested_meanwhile() -> None:
    document = draft("We plant herbs.")
    changes_of(document)
    lines.delete(document, 2, 14)
    document.undo()
    mate = copy_of(document)
    changes_of(mate, "Cy")
    lines.delete(mate, 3, 8)
    meet(document, mate)
    document.redo()
    meet(document, mate)
    theirs = next(iter(mate.spans(3, 8))).attributes["deletion"]
    assert joined(document.spans()) == joined(mate.spans())
    assert [span.attributes.get("deletion") == theirs for span in document.spans(2, 14)] == [False, True, False]


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


def test_undo_makes_no_suggestion_of_ones_own_text_that_was_none() -> None:
    document = draft("")
    changes = changes_of(document)
    mate = copy_of(document)
    write(mate, 0, "words")
    meet(document, mate)
    replace(document, 0, 5, "words")
    document.begin_undo_step()
    changes.accept([change.id for change in changes.all()])
    replace(document, 0, 5, "new")
    meet(document, mate)
    write(mate, 1, "**")
    meet(document, mate)
    assert undo_and_redo_all(document) == [
        "words**",
        "[-words-]{+w+}**[-{+ords+}-]",
        "w**[-ords-]",
        "[-w-]**[-ords-]{+new+}",
    ]


def test_text_that_somebody_brought_back_with_its_mark_keeps_it_when_its_writer_takes_theirs_back(ada, bo) -> None:
    with ada.edit(Origin.LOCAL) as edit:
        edit.delete(3, 6)
    ada.undo()
    bo.undo()
    for _ in range(3):
        meet(ada, bo)
    assert marked(ada) == marked(bo) == "one two{+XY+} three."


def test_so_does_text_that_somebody_has_rejected_and_brought_back(ada, bo) -> None:
    decide(ada, "reject")
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


def test_undoing_an_acceptance_has_also_that_suggested_again_which_the_server_has_brought_back() -> None:
    document = draft("We plant herbs.")
    changes_of(document)
    write(document, 2, " all 😀 of us")
    then = document.state()
    mate = copy_of(document)
    changes = changes_of(mate, "Ada", suggests=False)
    changes.reject([change.id for change in changes.all()])
    mate.apply_remote(back := restoring(mate.state(), then))
    meet(document, mate)
    assert back
    assert marked(document) == marked(mate) == "We{+ all 😀 of us+} plant herbs."
    changes.accept([change.id for change in changes.all()])
    meet(document, mate)
    assert marked(document) == marked(mate) == "We all 😀 of us plant herbs."
    mate.undo()
    meet(document, mate)
    meet(document, mate)
    assert marked(document) == marked(mate) == "We{+ all 😀 of us+} plant herbs."


def test_what_somebody_writes_into_it_between_the_acceptance_and_the_undo_is_not_suggested() -> None:
    document = draft("We plant herbs.")
    changes_of(document)
    write(document, 2, " all of us")
    then = document.state()
    mate = copy_of(document)
    changes = changes_of(mate, "Ada", suggests=False)
    changes.reject([change.id for change in changes.all()])
    mate.apply_remote(restoring(mate.state(), then))
    changes.accept([change.id for change in changes.all()])
    other = copy_of(mate)
    write(other, 6, " three")
    meet(mate, other)
    meet(document, mate)
    mate.undo()
    meet(document, mate)
    meet(document, mate)
    assert marked(document) == marked(mate) == "We{+ all+} three{+ of us+} plant herbs."


def test_redoing_a_suggested_deletion_leaves_alone_what_somebody_wrote_in_the_place_of_as_much() -> None:
    document = draft("We plant green herbs.")
    changes_of(document)
    lines.delete(document, 2, 20)
    document.undo()
    mate = copy_of(document)
    lines.delete(mate, 9, 14)
    write(mate, 9, "fresh")
    meet(document, mate)
    document.redo()
    meet(document, mate)
    assert marked(document) == marked(mate) == "We[- plant -]fresh[- herbs-]."


def test_who_takes_back_a_suggestion_leaves_alone_what_somebody_has_put_in_its_middle_instead_of_as_much() -> None:
    document = draft("We plant herbs.")
    changes = changes_of(document)
    changes.may_edit = False
    write(document, 2, " some green")
    mate = copy_of(document)
    lines.delete(document, 4, 6)
    with mate.edit(Origin.LOCAL) as edit:
        edit.insert(4, "??", mate.rope.attributes_at(4))
    meet(document, mate)
    changes.reject([change.id for change in changes.all()])
    assert "??" in document.text()


def test_what_somebody_suggests_stays_suggested_where_a_mate_meanwhile_replaces_what_stood_before_it() -> None:
    document = Document(clock=lambda: 0)
    changes = changes_of(document)
    write(document, 0, "We")
    other: Doc[Text] = Doc()  # another program, which deletes by place
    text = other.get("body", type=Text)
    other.apply_update(document.state())
    text.insert(0, "\n")
    text.format(0, 1, {"list": "bullet"})
    write(document, 2, " plant")
    del text[1:3]
    text.insert(1, "They", {"list": None})
    mate = copy_of(document)
    for copy in (document, mate):
        copy.apply_remote(other.get_update())
    meet(document, mate)
    assert marked(document) == marked(mate) == "¶{+ plant+}They"
    mates = changes_of(mate, "Ada", suggests=False)
    mates.accept([change.id for change in mates.all()])
    meet(document, mate)
    meet(document, mate)
    assert marked(document) == marked(mate) == "¶ plantThey"
    assert not changes.all()


def test_a_mark_over_which_two_copies_contradict_each_other_is_put_right_a_few_times_and_not_for_ever() -> None:
    marks = SuggestedMarks(1)
    marks.typed({"insertion": "change:1"}, {})
    rounds = []
    for _ in range(2 * PATIENCE):
        marks.turns(0, [Span("We", {"insertion": "change:1"})], {"insertion": None})
        marks.turns(2, [Span(" plant")], {"insertion": "change:1"})
        rounds.append(marks.take_strays(runs=lambda _at, _text: iter(()), spans=lambda _start, _stop: iter(())))
    assert rounds[0] == [Format(2, 6, {"insertion": None})]
    assert 1 < sum(map(bool, rounds)) < PATIENCE


@pytest.fixture
def bold() -> Document:
    """Where a look is open, the library takes the formats away between which a deletion leaves nothing."""
    document = draft("one two three.")
    with document.edit(Origin.LOCAL) as edit:
        edit.format(0, 14, {"bold": True})
    return document


@pytest.mark.parametrize("letters", ["X", "XY", "\U0001f33fX"])
@pytest.mark.parametrize("gone", ["reject", "delete"])
def test_who_goes_on_with_a_change_that_is_taken_out_meanwhile_still_only_suggests(bold, letters, gone) -> None:
    bo = copy_of(bold)
    changes_of(bo)
    write(bo, 4, letters)
    meet(bold, bo)
    units = utf16_length(letters)
    write(bo, 4 + units, "K")
    if gone == "reject":
        decide(bold, "reject")
    else:
        lines.delete(bold, 4, 4 + units)
    meet(bold, bo)
    assert marked(bold) == marked(bo) == "one {+K+}two three."
    bold.undo()
    meet(bold, bo)
    assert marked(bold) == marked(bo) == f"one {{+{letters}K+}}two three."
    bold.redo()
    meet(bold, bo)
    assert marked(bold) == marked(bo) == "one {+K+}two three."
    assert joined(bold.spans()) == joined(bold.stored_spans()) == joined(bo.stored_spans())


def test_a_place_at_which_somebody_suggests_and_takes_back_a_hundred_times_keeps_no_formats_of_that(bold) -> None:
    changes_of(bold)
    for _ in range(100):
        write(bold, 4, "X")
        lines.delete(bold, 4, 5)
    write(bold, 4, "X")
    structs = read_structs(copy_of(bold).state())
    assert sum(each.content is Content.FORMAT for each in structs) < 10


@pytest.mark.parametrize("look", [{}, {"list": "bullet"}])
def test_what_a_mate_writes_in_the_place_of_a_suggestion_stands_before_what_its_author_goes_on_with(look) -> None:
    document = draft("", "one")
    with document.edit(Origin.LOCAL) as edit:
        edit.format_lines(0, 0, look)
    changes_of(document)
    write(document, 1, "We")
    mate = copy_of(document)
    write(document, 3, " plant")
    with mate.edit(Origin.LOCAL) as edit:
        edit.delete(1, 2)
        edit.insert(1, "They")
    meet(document, mate)
    assert marked(document) == marked(mate) == "¶They{+ plant+}one"


def test_suggested_text_that_is_pasted_and_taken_out_in_one_edit_leaves_no_trace(ada) -> None:
    bo = copy_of(ada)
    changes_of(bo)
    before = marked(bo)
    with bo.edit(Origin.LOCAL) as edit:
        edit.insert(2, "abc", {"insertion": "change:of another document"})
        edit.delete_all([(3, 1), (4, 1)])
        edit.delete(2, 1)
    assert marked(bo) == before


def test_an_undo_within_a_suggestion_looks_at_nothing_that_came_back_before_anybody_suggested() -> None:
    document = draft("")
    write(document, 0, "ab")
    write(document, 2, "cd")
    lines.delete(document, 0, 4)
    document.undo()
    document.undo()
    assert document.text() == "ab\n"
    changes_of(document)
    write(document, 1, "X")
    document.undo()
    assert marked(document) == "ab"
