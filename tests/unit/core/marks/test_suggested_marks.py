"""The marks of suggested changes stay where people have set them, whoever undoes what."""

from __future__ import annotations

from itertools import permutations

import pytest
from pycrdt import Doc, Text

from cowrite.core.document.document import Document
from cowrite.core.marks.ai_marks import SHORT
from cowrite.core.marks.corrections import MOST_OWN
from cowrite.core.marks.suggested_marks import SuggestedMarks
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import Format, Span, joined
from cowrite.core.writing import lines
from helpers.copies import copy_of, meet
from helpers.drafts import draft
from helpers.suggesting import changes_of, decide, marked, replace, write


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


def test_a_suggested_deletion_that_is_undone_is_gone_also_behind_what_somebody_wrote_within() -> None:
    document = draft("We plant herbs.", "And sage.")
    changes_of(document)
    lines.delete(document, 2, 14)
    mate = copy_of(document)
    write(mate, 8, " green")
    meet(document, mate)
    assert marked(document) == "We[- plant-] green[- herbs-].¶And sage."
    document.undo()
    meet(document, mate)
    assert marked(document) == marked(mate) == "We plant green herbs.¶And sage."
    document.redo()
    meet(document, mate)
    assert marked(document) == marked(mate) == "We[- plant-] green[- herbs-].¶And sage."


def test_so_is_one_around_which_somebody_has_suggested_other_words_and_it_comes_again_under_theirs() -> None:
    document = draft("We plant herbs.")
    changes_of(document)
    lines.delete(document, 4, 7)
    mate = copy_of(document)
    changes_of(mate, "Cy")
    replace(mate, 3, 8, "X")
    meet(document, mate)
    assert marked(document) == marked(mate) == "We [-p-][-lan-][-t-]{+X+} herbs."
    for turn in (document.undo, document.redo) * 2:
        turn()
        for _ in range(2):
            meet(document, mate)
        assert marked(document) == marked(mate) == "We [-plant-]{+X+} herbs."
    decide(mate, "reject")
    for _ in range(2):
        meet(document, mate)
    assert marked(document) == marked(mate) == "We p[-lan-]t herbs."


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


def test_a_suggestion_of_ones_own_that_undo_brings_back_is_one_again() -> None:
    document = draft("We plant herbs.")
    changes_of(document)
    write(document, 2, " all")
    write(document, 6, " of us\n")
    document.steps.begin()
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
    editor.steps.begin()
    lines.delete(editor, 1, 6 + length)
    assert marked(editor) == "Wnt herbs."
    editor.undo()
    assert marked(editor) == marked(document)


def test_so_is_one_that_the_editor_has_accepted_before_and_taken_that_back() -> None:
    document = draft("We herbs.")
    changes_of(document)
    write(document, 2, " plant")
    editor = copy_of(document)

    def deleted_and_brought_back() -> str:
        editor.steps.begin()
        lines.delete(editor, 2, 8)
        assert marked(editor) == "We herbs."
        editor.undo()
        return marked(editor)

    decide(editor, "accept")
    assert deleted_and_brought_back() == "We plant herbs."
    editor.undo()
    assert marked(editor) == "We{+ plant+} herbs."
    editor.redo()
    assert deleted_and_brought_back() == "We plant herbs."
    editor.undo()
    assert deleted_and_brought_back() == "We{+ plant+} herbs."


def test_typing_letter_by_letter_is_remembered_as_one() -> None:
    """Counted: a long session would remember each letter."""
    document = draft("We plant herbs.")
    changes_of(document)
    for at in range(200):
        with document.edit(Origin.LOCAL) as edit:
            edit.insert(2 + at, "x")
    assert len(document._body.suggested.returned._own) < 10
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
        "o*ne¶two¶three",
        "o*ne[-¶-]{+X+}two¶three",
        "[-o-]*[-ne¶two¶-]{+Y+}three",
    ]


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


def test_undo_makes_no_suggestion_of_ones_own_text_that_was_none() -> None:
    document = draft("")
    changes = changes_of(document)
    mate = copy_of(document)
    write(mate, 0, "words")
    meet(document, mate)
    replace(document, 0, 5, "words")
    document.steps.begin()
    changes.accept([change.id for change in changes.all()])
    replace(document, 0, 5, "new")
    meet(document, mate)
    write(mate, 1, "**")
    meet(document, mate)
    assert undo_and_redo_all(document) == [
        "words**",
        "[-words-]{+w+}**{+ords+}",
        "w**ords",
        "[-w-]**[-ords-]{+new+}",
    ]


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
    document = MendedDocument(clock=lambda: 0)
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
    marks.deeds.types({"insertion": "change:1"}, {})
    rounds = []
    for _ in range(2 * MOST_OWN):
        marks.turns(0, [Span("We", {"insertion": "change:1"})], {"insertion": None})
        marks.turns(2, [Span(" plant")], {"insertion": "change:1"})
        rounds.append(marks.take_strays(runs=lambda _at, _text: iter(()), spans=lambda _start, _stop: iter(())))
    assert rounds[0] == [Format(2, 6, {"insertion": None})]
    assert 1 < sum(map(bool, rounds)) < MOST_OWN


def test_of_two_strokes_that_are_both_undone_none_comes_back_in_the_place_of_the_other() -> None:
    ada, bo, cy = (MendedDocument(client_id=client, clock=lambda: 0) for client in (1, 2, 3))
    with ada.edit(Origin.IMPORT) as edit:
        edit.insert(0, "one x two\n")
    meet(ada, bo)
    meet(ada, cy)
    for suggesting, name in ((bo, "Bo"), (cy, "Cy")):
        changes_of(suggesting, name)
    for suggesting, start, stop in ((cy, 7, 8), (bo, 0, 7), (cy, 2, 3)):
        suggesting.steps.begin()
        lines.delete(suggesting, start, stop)
    write(ada, 7, "N")
    for _ in range(3):
        exchange(ada, bo, cy)
    for suggesting in (bo, cy):
        while suggesting.can_undo():
            suggesting.undo()
    for _ in range(MOST_OWN):
        exchange(ada, bo, cy)
    assert marked(ada) == marked(bo) == marked(cy) == "one x tNwo"


def exchange(*documents: Document) -> None:
    """Each tells each other what that lacks."""
    for one, other in permutations(documents, 2):
        other.apply_remote(one.update_since(other.state_vector()))


def test_a_mark_over_text_that_is_none_of_the_suggestion_is_left_to_those_who_may_write() -> None:
    document = copy_of(draft("We plant herbs."))
    changes = changes_of(document)
    write(document, 2, " all")
    (change,) = changes.all()
    writer, reader = copy_of(document), copy_of(document)
    reader.mends = False
    told: list[Origin] = []
    for each in (writer, reader):
        each.observe_updates(lambda update: told.append(update[1]))
    foreign: Doc[Text] = Doc()
    foreign.apply_update(document.state())
    before = foreign.get_state()
    foreign.get("body", type=Text).format(0, 2, {"insertion": change.id})
    strange = foreign.get_update(before)
    reader.apply_remote(strange)
    assert told == [Origin.REMOTE]
    assert marked(reader) == "{+We all+} plant herbs."
    writer.apply_remote(strange)
    assert told == [Origin.REMOTE, Origin.REMOTE, Origin.MENDING]
    meet(writer, reader)
    assert marked(reader) == marked(writer) == "We{+ all+} plant herbs."


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
