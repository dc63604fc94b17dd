"""Suggested changes that come back, decided or not, where a moment of the history is restored."""

from __future__ import annotations

import pytest

from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import SUGGESTIONS
from cowrite.core.writing import lines
from cowrite_server.document.updates import EMPTY_UPDATE
from cowrite_server.history.restoring import restoring
from helpers.copies import copy_of, meet
from helpers.drafts import draft
from helpers.suggesting import changes_of, decide, marked, replace, write


@pytest.mark.parametrize(
    ("decision", "again", "text"),
    [
        ("accept", "accept", "We sow herbs."),
        ("accept", "reject", "We plant herbs."),
        ("reject", "accept", "We sow herbs."),
        ("withdraw", "reject", "We plant herbs."),
    ],
)
def test_what_is_restored_with_a_suggestion_has_it_open_again_whoever_decided_on_it(decision, again, text) -> None:
    document = draft("We plant herbs.")
    own = changes_of(document)
    replace(document, 3, 8, "sow")
    then = document.state()
    mate = copy_of(document)
    changes = changes_of(mate, "Ada", suggests=False)
    if decision == "withdraw":
        own.reject([change.id for change in own.all()])
        meet(document, mate)
    else:
        decide(mate, decision)
        meet(document, mate)
    for _ in range(2):  # the second time there is nothing to be done
        update = restoring(mate.state(), then)
        mate.apply_remote(update)
        meet(document, mate)
        meet(document, mate)
        assert marked(document) == marked(mate) == "We [-plant-]{+sow+} herbs."
    assert update == EMPTY_UPDATE
    assert [change.author.name for change in changes.all()] == ["Bo"]
    decide(mate, again)
    meet(document, mate)
    assert marked(document) == marked(mate) == text
    mate.undo()
    meet(document, mate)
    assert marked(document) == marked(mate) == "We [-plant-]{+sow+} herbs."


def test_the_author_goes_on_with_what_is_restored_and_withdraws_it_where_their_words_are_there_still() -> None:
    document = draft("We plant herbs.")
    own = changes_of(document)
    own.may_edit = False
    replace(document, 3, 8, "sow")
    mate, then = copy_of(document), document.state()
    decide(mate, "accept")
    meet(document, mate)
    mate.apply_remote(restoring(mate.state(), then))
    meet(document, mate)
    write(document, 11, "ing")
    (change,) = own.all()
    own.reject([change.id])
    meet(document, mate)
    assert marked(document) == marked(mate) == "We plant herbs."


@pytest.mark.parametrize("how", ["withdraw", "delete"])
def test_the_author_withdraws_what_is_restored_though_it_is_written_anew_but_no_word_of_others_in_it(how) -> None:
    document = draft("We plant herbs.")
    own = changes_of(document)
    own.may_edit = False
    replace(document, 3, 8, "sow")
    mate, then = copy_of(document), document.state()
    decide(mate, "reject")
    meet(document, mate)
    mate.apply_remote(restoring(mate.state(), then))
    meet(document, mate)
    assert marked(document) == "We [-plant-]{+sow+} herbs."
    with mate.edit(Origin.LOCAL) as edit:
        edit.insert(10, "!", document.rope.attributes_at(9))
    meet(document, mate)
    if how == "withdraw":
        own.reject([change.id for change in own.all()])
    else:
        lines.delete(document, 8, 12)
    for _ in range(2):
        meet(document, mate)
    left = "We plant[-{+!+}-] herbs." if how == "withdraw" else "We [-plant-][-{+!+}-] herbs."
    assert marked(document) == marked(mate) == left
    document.undo()
    meet(document, mate)
    assert marked(document) == marked(mate) == "We [-plant-]{+so!w+} herbs."


def test_the_author_withdraws_all_of_what_was_restored_more_than_once() -> None:
    document = draft("We plant herbs.")
    own = changes_of(document)
    own.may_edit = False
    replace(document, 3, 8, "sow")
    mate = copy_of(document)
    for _ in range(3):
        then = mate.state()
        decide(mate, "reject")
        mate.apply_remote(restoring(mate.state(), then))
        meet(document, mate)
        assert marked(document) == marked(mate) == "We [-plant-]{+sow+} herbs."
    own.reject([change.id for change in own.all()])
    meet(document, mate)
    assert marked(document) == marked(mate) == "We plant herbs."


def test_a_suggestion_that_was_not_there_yet_goes_for_good_and_nobody_is_said_to_have_decided_on_it() -> None:
    document = draft("We plant herbs.")
    mate = copy_of(document)
    changes_of(mate, "Ada")
    lines.delete(mate, 9, 14)
    then = mate.state()
    decide(mate, "reject")
    meet(document, mate)
    changes = changes_of(document)
    lines.delete(document, 3, 8)
    (change,) = changes.all()
    meet(document, mate)
    mate.apply_remote(restoring(mate.state(), then))
    for _ in range(2):
        meet(document, mate)
    assert marked(document) == marked(mate) == "We plant [-herbs-]."
    entry = document.entries(SUGGESTIONS).get(change.id) or {}
    assert not {"state", "decided", "decided_by"} & entry.keys()


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
