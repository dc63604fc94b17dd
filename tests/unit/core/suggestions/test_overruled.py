"""Suggested changes on which people decide without knowing of each other, or while the author goes on."""

from __future__ import annotations

import json
from random import Random

import pytest

from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.suggestions.changes import SuggestedChanges
from cowrite.core.text.richtext import SUGGESTIONS
from cowrite.core.writing import lines
from cowrite.core.writing.moving import move, possible
from helpers.copies import copy_of, meet
from helpers.drafts import draft
from helpers.suggesting import BO, changes_of, decide, marked, replace, write


@pytest.mark.parametrize("client", [1, 2**32])
@pytest.mark.parametrize("decision", ["accept", "reject"])
def test_of_two_people_who_decide_otherwise_at_once_one_is_followed_and_no_word_is_lost(bo, client, decision) -> None:
    bo.suggester = None
    cy = MendedDocument(client_id=client, clock=lambda: 0)
    cy.apply_remote(bo.state())
    told: list[str] = []
    changes = SuggestedChanges(cy, lambda: BO, chance=Random(1), clock=lambda: 5, overruled=told.extend)
    decide(bo, "reject" if decision == "accept" else "accept")
    getattr(changes, decision)([change.id for change in changes.all()])
    meet(bo, cy)
    meet(bo, cy)
    ((_, fields),) = bo.entries(SUGGESTIONS).all("change")
    texts = {"accepted": "one XY three.", "rejected": "one two three."}
    assert marked(bo) == marked(cy) == texts[fields["state"]]
    assert told == ([] if fields["decided_by"] == BO.name else ["Ada"])


@pytest.mark.parametrize("client", [1, 2**32])
@pytest.mark.parametrize("decision", ["accept", "reject"])
def test_words_that_came_back_where_another_decision_holds_are_there_once_when_one_undoes_ones_own(
    bo, client, decision
) -> None:
    ada, cy = copy_of(bo), MendedDocument(client_id=client, clock=lambda: 0)
    cy.apply_remote(bo.state())
    texts = set[str]()
    for document, name, what in ((ada, "Ada", decision), (cy, "Cy", "reject" if decision == "accept" else "accept")):
        changes = changes_of(document, name, suggests=False)
        getattr(changes, what)([change.id for change in changes.all()])
        texts.add(marked(document))
    meet(ada, cy)
    meet(ada, cy)
    assert marked(ada) == marked(cy)
    assert marked(ada) in texts
    for document in (ada, cy):
        document.undo()
    meet(ada, cy)
    assert marked(ada) == marked(cy)
    for word in ("one", "two", "XY", "three"):
        assert marked(ada).count(word) <= 1


@pytest.mark.parametrize("client", [1, 2**32])
@pytest.mark.parametrize("has_started_anew", [False, True])
def test_words_come_back_where_two_decide_one_after_the_other_otherwise_than_a_third_who_hears_of_neither(
    bo, client, has_started_anew
) -> None:
    ada, cy = copy_of(bo), MendedDocument(client_id=client, clock=lambda: 0)
    cy.apply_remote(bo.state())
    of_cy = changes_of(cy, "Cy", suggests=False, now=6)
    of_cy.accept([change.id for change in of_cy.all()])
    lines.delete(bo, 2, 4)  # Bo goes on, so something is left where Ada decides
    eve = copy_of(bo)
    for now, (document, name) in enumerate(((ada, "Ada"), (eve, "Eve")), start=7):
        changes = changes_of(document, name, suggests=False, now=now)
        changes.reject([change.id for change in changes.all()])
        for _ in range(3):
            meet(ada, bo)
            meet(bo, eve)
    assert marked(ada) == marked(eve) == "one two three."
    if has_started_anew:
        kept, cy = json.loads(json.dumps(of_cy.decided.kept)), copy_of(cy)
        changes_of(cy, "Cy", suggests=False).decided.recall(kept)
    for _ in range(2):
        for document in (ada, eve):
            meet(document, cy)
    ((_, fields),) = cy.entries(SUGGESTIONS).all("change")
    texts = {"accepted": "one XY three.", "rejected": "one two three."}
    assert marked(ada) == marked(cy) == texts[fields["state"]]


@pytest.mark.parametrize("client", [1, 2**32])
@pytest.mark.parametrize("decision", ["accept", "reject"])
def test_who_is_overruled_can_still_take_back_what_else_they_have_done(bo, client, decision) -> None:
    ada, cy = copy_of(bo), MendedDocument(client_id=client, clock=lambda: 0)
    cy.apply_remote(bo.state())
    for document, name, what in ((ada, "Ada", decision), (cy, "Cy", "reject" if decision == "accept" else "accept")):
        changes = changes_of(document, name, suggests=False)
        write(document, 0, f"{name} was here. ")
        getattr(changes, what)([change.id for change in changes.all()])
        write(document, int(document.length) - 1, f" {name} was there.")
    for _ in range(2):
        meet(ada, cy)
    for document in (ada, cy):
        while document.can_undo():
            document.undo()
    for _ in range(2):
        meet(ada, cy)
    assert marked(ada) == marked(cy)
    assert "was" not in marked(ada)
    for word in ("one", "two", "XY", "three"):
        assert marked(ada).count(word) <= 1


@pytest.mark.parametrize("client", [1, 2**32])
def test_words_that_are_accepted_while_who_may_only_suggest_withdraws_them_are_suggested_anew(bo, client) -> None:
    withdrawn = bo.suggester
    assert isinstance(withdrawn, SuggestedChanges)
    withdrawn.may_edit = False
    (change,) = withdrawn.all()
    cy = MendedDocument(client_id=client, clock=lambda: 0)
    cy.apply_remote(bo.state())
    changes = changes_of(cy, "Cy", suggests=False, now=6)
    withdrawn.reject([change.id])
    changes.accept([change.id])
    meet(bo, cy)
    meet(bo, cy)
    fields = bo.entries(SUGGESTIONS).get(change.id)
    assert fields is not None
    texts = {"accepted": "one {+XY+} three.", "rejected": "one two three."}
    assert marked(bo) == marked(cy) == texts[fields["state"]]


@pytest.mark.parametrize("how", ["undo", "withdrawal"])
def test_words_that_one_moves_and_takes_back_are_not_lost_where_an_editor_accepts_that_at_the_same_moment(how):
    document = draft("one", "two", "three")
    changes = changes_of(document)
    changes.may_edit = False
    move(document, possible(document, 4, 4, up=True))
    ada = copy_of(document)
    if how == "undo":
        document.undo()
    else:
        changes.reject([change.id for change in changes.all()])
    assert marked(document) == "one¶two¶three"
    decide(ada, "accept")
    for _ in range(3):
        meet(ada, document)
    assert marked(ada) == marked(document)
    # Of two decisions one holds; an undo is none.
    assert marked(ada) in ("{+two¶+}one¶three", "one¶two¶three" if how == "withdrawal" else "")


@pytest.mark.parametrize("may_edit", [True, False])
@pytest.mark.parametrize("knows", [True, False])
def test_words_of_which_one_has_taken_the_move_back_are_there_once_where_an_editor_accepts_the_rest_of_that_change(
    may_edit, knows
):
    document = draft("one", "two", "three")
    changes_of(document).may_edit = may_edit
    ada = copy_of(document)
    write(document, 0, "NEW ")
    move(document, possible(document, 9, 9, up=True))
    meet(document, ada)
    assert marked(ada) == "{+two¶NEW +}one¶[-two¶-]three"
    document.steps.begin()
    document.undo()
    if knows:
        meet(document, ada)
        assert marked(ada) == "{+NEW +}one¶two¶three"
    decide(ada, "accept")
    for _ in range(2):
        meet(document, ada)
    assert marked(ada) == marked(document)
    moved = "two¶" if may_edit else "{+two¶+}"
    assert marked(ada) == ("NEW one¶two¶three" if knows else f"{moved}NEW one¶three")


@pytest.mark.parametrize("client", [1, 2**32])
@pytest.mark.parametrize("rest", ["accept", "reject"])
@pytest.mark.parametrize("knows", [True, False])
def test_they_are_so_where_who_has_taken_it_back_decides_on_the_rest_as_well(client, rest, knows):
    document = draft("one", "two", "three")
    changes = changes_of(document)
    ada = MendedDocument(client_id=client, clock=lambda: 0)
    ada.apply_remote(document.state())
    write(document, 0, "NEW ")
    move(document, possible(document, 9, 9, up=True))
    meet(document, ada)
    document.steps.begin()
    document.undo()
    if knows:
        meet(document, ada)
    decide(ada, "accept")
    getattr(changes, rest)([each.id for each in changes.all()])
    for _ in range(2):
        meet(document, ada)
    assert marked(ada) == marked(document)
    for word in ("one", "two", "three"):
        assert marked(ada).count(word) == 1


@pytest.mark.parametrize("may_edit", [True, False])
def test_nor_are_words_that_one_moves_and_takes_back_in_several_steps(may_edit):
    document = draft("one two three four five.")
    changes_of(document).may_edit = may_edit
    for at, word, to in ((8, "three ", 23), (4, "two ", 29)):
        document.steps.begin()
        lines.delete(document, at, at + len(word))
        write(document, to, word)
    ada = copy_of(document)
    assert marked(ada) == "one [-two three -]four five{+three two +}."
    while document.can_undo():
        document.undo()
    decide(ada, "accept")
    for _ in range(2):
        meet(document, ada)
    assert marked(ada) == marked(document)
    for word in ("one", "two", "three", "four", "five"):
        assert marked(ada).count(word) == 1


@pytest.mark.parametrize("clients", [(1, 2), (2, 1)])
def test_words_that_one_moves_into_what_another_strikes_at_the_same_moment_are_there_once_where_both_are_accepted(
    clients,
):
    document = draft("one two.", "three four.")
    ada, bo, cy = (MendedDocument(client_id=client, clock=lambda: 0) for client in (3, *clients))
    for mate in (ada, bo, cy):
        mate.apply_remote(document.state())
    changes_of(bo)
    lines.delete(bo, 8, 14)
    write(bo, 3, "\nthree")
    cys = changes_of(cy, "Cy")
    lines.delete(cy, 0, 8)
    for mate in (bo, cy):
        ada.apply_remote(mate.update_since(ada.state_vector()))
    cy.apply_remote(bo.update_since(cy.state_vector()))
    assert "[-one-][-{+¶three+}-][- two.-]" in marked(ada)  # she cannot know that nobody has struck it
    adas = changes_of(ada, "Ada", suggests=False)
    adas.accept([each.id for each in adas.all() if each.goes.startswith("one")])
    cys.accept([each.id for each in cys.all() if each.is_move])
    for _ in range(2):
        meet(ada, cy)
    assert marked(ada) == marked(cy) == "¶three four."


def test_words_stay_where_they_were_where_an_editor_rejects_a_move_that_one_takes_back_at_the_same_moment():
    document = draft("one", "two", "three")
    changes_of(document)
    move(document, possible(document, 4, 4, up=True))
    ada = copy_of(document)
    document.undo()
    decide(ada, "reject")
    for _ in range(3):
        meet(ada, document)
    assert marked(ada) == marked(document) == "one¶two¶three"


@pytest.mark.parametrize(("first", "then", "text"), [("accept", "reject", "three"), ("reject", "accept", "two X")])
def test_a_decision_stays_where_somebody_decides_otherwise_on_what_the_author_has_gone_on_with(first, then, text):
    document = draft("one two.")
    changes_of(document)
    replace(document, 4, 7, "three")
    ada, eve = copy_of(document), copy_of(document)
    adas = changes_of(ada, "Ada", suggests=False)
    write(document, 12, " X")
    getattr(adas, first)([each.id for each in adas.all()])
    for mate in (ada, eve):
        meet(document, mate)
    eves = changes_of(eve, "Eve", suggests=False)
    assert [each.comes for each in eves.all()] == [" X"]
    getattr(eves, then)([each.id for each in eves.all()])
    for mate in (eve, ada, eve):
        meet(document, mate)
    assert marked(document) == marked(ada) == marked(eve) == f"one {text}."


@pytest.mark.parametrize(("at", "text"), [(12, "one three{+ X+}."), (9, "one th{+ X+}ree."), (7, "one {+ X+}three.")])
def test_nobody_accepts_what_the_author_writes_in_a_suggestion_before_they_see_it(at, text) -> None:
    document = draft("one two.")
    changes_of(document)
    replace(document, 4, 7, "three")
    ada = copy_of(document)
    write(document, at, " X")
    decide(ada, "accept")
    for _ in range(2):
        meet(document, ada)
    assert marked(document) == marked(ada) == text
    decide(ada, "accept")
    meet(document, ada)
    assert marked(document) == marked(ada) == text.replace("{+", "").replace("+}", "")
    ada.undo()
    ada.undo()
    meet(document, ada)
    assert "[-two-]" in marked(document)
    assert marked(document) == marked(ada)
