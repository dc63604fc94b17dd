"""What somebody suggests to go while others write there: nobody's words go with it that nobody has asked to go."""

from __future__ import annotations

import pytest

from cowrite.core.crdt.anchors import Anchors
from cowrite.core.document.document import Document
from cowrite.core.marks.ai_marks import MOST_LOOKS
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin
from cowrite.core.writing import lines
from helpers.copies import copy_of, meet
from helpers.drafts import draft
from helpers.suggesting import changes_of, decide, marked, replace, write


@pytest.fixture
def ada() -> Document:
    return draft("one two three.")


@pytest.fixture
def bo(ada: Document) -> Document:
    """Suggests."""
    bo = copy_of(ada)
    changes_of(bo)
    return bo


def meet_until_all_is_right(*documents: Document) -> None:
    """What somebody puts right goes round as well."""
    for _ in range(2):
        meet(*documents)


def tell(one: Document, other: Document) -> None:
    """Brings one copy what another has, and not the other way round."""
    other.apply_remote(one.update_since(other.state_vector()))


def strike(document: Document, start: int, stop: int) -> None:
    """A step in which somebody takes words out."""
    document.steps.begin()
    lines.delete(document, start, stop)


@pytest.mark.parametrize(
    ("start", "stop", "text", "shown"),
    [
        (6, 6, "NEW", "one [-tw-]NEW[-o-] three."),
        (7, 7, "NEW", "one [-two-]NEW three."),
        (5, 6, "NEW", "one [-t-]NEW[-o-] three."),
    ],
)
def test_words_that_somebody_writes_before_they_see_that_others_are_to_go_stay_when_those_go(
    ada, bo, start, stop, text, shown
) -> None:
    strike(bo, 4, 7)
    replace(ada, start, stop, text)
    meet_until_all_is_right(ada, bo)
    assert marked(ada) == marked(bo) == shown
    decide(ada, "accept")
    assert "NEW" in marked(ada)


@pytest.mark.parametrize("deed", ["write", "move"])
def test_so_they_do_where_somebody_accepts_who_has_not_heard_of_it_from_who_suggests_that(ada, bo, deed) -> None:
    cy = copy_of(ada)
    strike(bo, 4, 7)
    if deed == "write":
        write(cy, 6, "NEW")
    else:
        lines.delete(cy, 0, 4)
        write(cy, 2, "one ")
    tell(bo, ada)
    tell(cy, ada)
    assert marked(ada) == ("one [-tw-]NEW[-o-] three." if deed == "write" else "[-tw-]one [-o-] three.")
    decide(ada, "accept")
    meet_until_all_is_right(ada, bo)
    assert marked(ada) == marked(bo) == ("one NEW three." if deed == "write" else "one  three.")


def test_words_that_are_to_go_are_so_still_where_somebody_else_takes_them_elsewhere_or_brings_them_back(
    ada, bo
) -> None:
    cy = copy_of(ada)
    strike(bo, 0, 13)
    tell(bo, ada)
    tell(bo, cy)
    strike(cy, 4, 8)
    tell(cy, ada)
    cy.undo()
    tell(cy, ada)
    assert marked(ada) == "[-one two three-]."
    line = list(cy.spans(4, 8))
    with cy.edit(Origin.LOCAL) as edit:
        edit.delete(4, 4)
        edit.insert_spans(6, line)
    tell(cy, ada)
    assert marked(ada) == "[-one thtwo ree-]."


def test_so_do_those_that_are_there_already_when_their_writer_goes_on_before_they_see_what_was_put_right(
    ada, bo
) -> None:
    strike(bo, 0, 13)
    write(ada, 7, "NEW")
    tell(bo, ada)
    tell(ada, bo)
    write(ada, 5, "MORE")
    meet_until_all_is_right(ada, bo)
    assert marked(ada) == marked(bo) == "[-one t-]MORE[-wo-]NEW[- three-]."


def test_words_that_somebody_takes_out_and_brings_back_are_to_go_still(ada, bo) -> None:
    strike(bo, 0, 13)
    strike(ada, 4, 7)
    meet_until_all_is_right(ada, bo)
    ada.undo()
    meet_until_all_is_right(ada, bo)
    assert marked(ada) == marked(bo) == "[-one two three-]."


@pytest.mark.parametrize("start", [3, 6])
def test_what_somebody_rejects_stays_and_what_is_behind_it_though_more_is_suggested_to_go_right_before_it(
    ada, bo, start
) -> None:
    strike(bo, 7, 9)
    meet(ada, bo)
    decide(ada, "reject")
    strike(bo, start, 7)
    meet_until_all_is_right(ada, bo)
    assert marked(ada) == marked(bo) == f"{'one two three.'[:start]}[-{'one two three.'[start:7]}-] three."


def test_so_does_what_two_reject_side_by_side_at_the_same_moment_though_another_suggests_more_beside_it(
    ada, bo
) -> None:
    cy, eve = copy_of(ada), copy_of(ada)
    changes_of(cy, "Cy")
    strike(bo, 7, 9)
    meet(bo, cy)
    strike(cy, 3, 7)
    meet(cy, ada)
    meet(ada, eve)
    adas, eves = (changes_of(each, "Ada", suggests=False) for each in (ada, eve))
    first, second = adas.all()
    adas.reject([first.id])
    eves.reject([second.id])
    meet_until_all_is_right(ada, eve)
    assert marked(ada) == marked(eve) == "one two three."
    strike(cy, 0, 3)
    meet_until_all_is_right(ada, cy)
    assert marked(ada) == marked(cy) == "[-one-] two three."


def test_what_somebody_goes_on_to_strike_is_struck_for_all_though_who_rejected_it_saw_it_struck_by_mistake(
    ada, bo
) -> None:
    strike(bo, 7, 13)
    write(ada, 11, "X")
    meet(ada, bo)
    assert marked(ada) == "one two[- thrXee-]."
    decide(ada, "reject")
    strike(bo, 10, 14)  # and "X", which is in the same change
    for _ in range(3):  # Bo's copy puts right that Ada's has it off again
        meet(ada, bo)
    assert marked(ada) == marked(bo) == "one two thr[-X-]ee."


def test_what_somebody_suggests_again_after_they_have_heard_that_it_is_rejected_is_suggested_for_all(ada, bo) -> None:
    bo.steps.begin()
    replace(bo, 4, 7, "2")
    meet(ada, bo)
    decide(ada, "reject")
    bo.undo()
    meet(ada, bo)
    bo.redo()
    meet_until_all_is_right(ada, bo)
    assert marked(ada) == marked(bo) == "one [-two-]{+2+} three."


def test_a_stroke_that_was_undone_does_not_come_back_over_the_next_one_of_the_same_person(ada, bo) -> None:
    strike(bo, 4, 13)
    meet(ada, bo)
    bo.undo()
    strike(bo, 0, 13)
    write(ada, 7, "X")
    meet_until_all_is_right(ada, bo)
    assert marked(ada) == marked(bo) == "[-one two-]X[- three-]."
    bo.undo()
    meet_until_all_is_right(ada, bo)
    assert marked(ada) == marked(bo) == "one twoX three."


def test_undo_takes_back_a_stroke_also_where_the_one_before_it_was_rejected_and_undone_since(ada, bo) -> None:
    strike(bo, 4, 13)
    meet(ada, bo)
    decide(ada, "reject")
    meet(ada, bo)
    bo.undo()  # of what is no more
    replace(bo, 8, 13, "3")
    assert marked(bo) == "one two [-three-]{+3+}."
    bo.undo()
    assert marked(bo) == "one two three."


@pytest.mark.parametrize("decision", ["accept", "reject"])
def test_of_two_who_suggest_other_words_for_the_same_the_second_has_theirs_alone_however_the_first_is_decided(
    ada, bo, decision
) -> None:
    cy = copy_of(ada)
    changes_of(cy, "Cy")
    replace(bo, 4, 7, "2")
    meet(bo, cy)
    replace(cy, 4, 8, "zwei")
    tell(cy, ada)
    assert marked(ada) == "one [-two-][-{+2+}-]{+zwei+} three."
    changes = changes_of(ada, "Ada", suggests=False)
    for name, how in (("Bo", decision), ("Cy", "accept")):
        getattr(changes, how)([change.id for change in changes.all() if change.author.name == name])
        meet_until_all_is_right(ada, cy)
    assert marked(ada) == marked(cy) == "one zwei three."


@pytest.fixture(params=[(11, 12), (12, 11)])
def two(request: pytest.FixtureRequest, ada: Document) -> tuple[Document, Document]:
    """Copies of it, of which either is the one whose writing comes first in the CRDT."""
    one, other = (MendedDocument(client_id=client, clock=lambda: 0) for client in request.param)
    for document in (one, other):
        document.apply_remote(ada.state())
    return one, other


@pytest.mark.parametrize(("first", "second"), [((0, 7), (4, 13)), ((0, 4), (0, 13)), ((4, 8), (0, 13))])
def test_what_two_suggest_to_go_of_which_one_part_is_the_same_goes_all_the_same(two, first, second) -> None:
    bo, cy = two
    changes_of(bo)
    changes_of(cy, "Cy")
    strike(bo, *first)
    strike(cy, *second)
    meet_until_all_is_right(bo, cy)
    decide(bo, "accept")
    meet(bo, cy)
    assert marked(bo) == marked(cy) == "."


@pytest.mark.parametrize("redo", [False, True])
def test_a_stroke_that_is_undone_while_another_shows_in_its_place_does_not_show_once_that_is_rejected(
    two, redo
) -> None:
    changes = [changes_of(each, name) for each, name in zip(two, ("Bo", "Cy"), strict=True)]
    for each in two:
        strike(each, 4, 7)
    meet_until_all_is_right(*two)
    (stroke,) = changes[0].all()
    below, above = two[::-1] if changes[0].is_mine(stroke) else two
    below.undo()
    if redo:
        below.redo()
    meet_until_all_is_right(*two)
    assert changes[0].all() == [stroke]
    decide(above, "reject")
    meet_until_all_is_right(*two)
    assert marked(above) == marked(below) == ("one [-two-] three." if redo else "one two three.")


def test_new_words_of_a_change_are_not_to_go_with_it_when_somebody_takes_its_rejection_back_and_leaves(two) -> None:
    ada, bo = two
    changes_of(bo)
    strike(bo, 4, 7)
    meet(ada, bo)
    decide(ada, "reject")
    with bo.edit(Origin.LOCAL) as edit:
        edit.insert(4, "N")
        edit.insert(5, "EW")
    ada.undo()
    tell(ada, bo)
    assert marked(bo) == "one {+NEW+}[-two-] three."


def test_words_in_many_pieces_that_come_back_when_a_decision_is_undone_are_gone_through_once(
    ada, bo, monkeypatch
) -> None:
    for at in range(600):
        with ada.edit(Origin.IMPORT) as edit:
            edit.insert(2 * at % 7, "ä")
    meet_until_all_is_right(ada, bo)
    strike(bo, 0, bo.length - 1)
    meet_until_all_is_right(ada, bo)
    struck = marked(bo)
    decide(ada, "accept")
    meet_until_all_is_right(ada, bo)
    ada.undo()
    looked: list[int] = []
    make = Anchors.make
    monkeypatch.setattr(Anchors, "make", lambda self, at, stick: looked.append(at) or make(self, at, stick))
    tell(ada, bo)
    assert marked(bo) == struck
    assert len(looked) < 1000


def test_what_is_rejected_while_its_maker_writes_in_it_is_laid_over_no_other_rejected_one_behind_it(ada, bo) -> None:
    strike(bo, 9, 12)
    strike(bo, 1, 6)
    meet(ada, bo)
    decide(ada, "reject")
    write(bo, 5, "NEW")
    meet_until_all_is_right(bo, ada)
    assert marked(ada) == marked(bo) == "one t{+NEW+}wo three."


@pytest.mark.parametrize("decision", ["accept", "reject"])
def test_what_one_suggests_to_go_right_behind_what_somebody_decides_on_meanwhile_is_suggested_still(ada, bo, decision):
    changes_of(bo)
    strike(bo, 0, 4)
    meet(ada, bo)
    strike(bo, 4, 8)
    decide(ada, decision)
    meet_until_all_is_right(ada, bo)
    assert marked(ada) == marked(bo) == f"{'one ' if decision == 'reject' else ''}[-two -]three."
    decide(ada, "reject")
    meet_until_all_is_right(ada, bo)
    assert marked(ada) == marked(bo) == f"{'one ' if decision == 'reject' else ''}two three."


def test_what_two_suggest_to_go_is_to_go_still_when_one_of_them_withdraws_that_and_not_when_both_do(two) -> None:
    bo, cy = two
    changes_of(bo)
    cys = changes_of(cy, "Cy")
    strike(bo, 0, 8)
    strike(cy, 4, 13)
    meet_until_all_is_right(bo, cy)
    cys.reject([each.id for each in cys.all() if each.author.name == "Cy"])
    meet_until_all_is_right(bo, cy)
    assert marked(bo) == marked(cy) == "[-one two -]three."
    bo.undo()
    meet_until_all_is_right(bo, cy)
    assert marked(bo) == marked(cy) == "one two three."
    bo.redo()
    meet_until_all_is_right(bo, cy)
    assert marked(bo) == marked(cy) == "[-one two -]three."


@pytest.mark.parametrize("may_edit", [True, False])
@pytest.mark.parametrize("who", ["Bo", "Cy"])
def test_what_two_suggest_to_go_side_by_side_is_to_go_still_though_one_has_started_cowrite_anew(two, who, may_edit):
    for document, name, start, stop in zip(two, ("Bo", "Cy"), (0, 4), (4, 8), strict=True):
        changes_of(document, name)
        strike(document, start, stop)
    before, other = two if who == "Bo" else two[::-1]
    anew = MendedDocument(clock=lambda: 0)
    anew.apply_update(before.state(), Origin.STORAGE)
    own = changes_of(anew, who)
    own.may_edit = may_edit
    meet_until_all_is_right(anew, other)
    assert marked(anew) == marked(other) == "[-one -][-two -]three."
    own.reject([each.id for each in own.all() if own.is_mine(each)])
    meet_until_all_is_right(anew, other)
    assert marked(anew) == marked(other) == ("one [-two -]three." if who == "Bo" else "[-one -]two three.")


@pytest.mark.parametrize("who", ["Bo", "Cy"])
def test_who_has_started_cowrite_anew_and_suggests_very_much_still_knows_the_beginning_of_it(two, who) -> None:
    before, other = two if who == "Bo" else two[::-1]
    write(before, 13, " ab" * MOST_LOOKS)
    meet(*two)
    for document, name, start, stop in zip(two, ("Bo", "Cy"), (0, 4), (4, 8), strict=True):
        changes_of(document, name)
        strike(document, start, stop)
    for number in range(MOST_LOOKS):
        strike(before, 14 + 3 * number, 15 + 3 * number)
    anew = MendedDocument(clock=lambda: 0)
    anew.apply_update(before.state(), Origin.STORAGE)
    changes_of(anew, who)
    meet_until_all_is_right(anew, other)
    assert marked(anew) == marked(other)
    assert marked(anew).startswith("[-one -][-two -]three")


def test_what_one_withdraws_who_has_started_cowrite_anew_is_to_go_no_more_when_another_withdraws_it_too(two) -> None:
    before, cy = two
    changes_of(before)
    cys = changes_of(cy, "Cy")
    strike(before, 0, 8)
    bo = MendedDocument(clock=lambda: 0)
    bo.apply_update(before.state(), Origin.STORAGE)
    bos = changes_of(bo)
    bos.may_edit = False
    strike(cy, 4, 13)
    meet_until_all_is_right(bo, cy)
    bos.reject([each.id for each in bos.all() if bos.is_mine(each)])
    meet_until_all_is_right(bo, cy)
    cys.reject([each.id for each in cys.all() if cys.is_mine(each)])
    meet_until_all_is_right(bo, cy)
    assert marked(bo) == marked(cy) == "one two three."
