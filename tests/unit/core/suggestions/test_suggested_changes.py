"""Suggested changes of copies that meet: whose letters go, and which text has a mark afterwards."""

from __future__ import annotations

from random import Random

import pytest

from cowrite.core.crdt.blocks import Blocks
from cowrite.core.crdt.structs import Id
from cowrite.core.document.document import Document
from cowrite.core.entries.authors import Author
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.suggestions.changes import SuggestedChanges
from cowrite.core.text.origin import Origin
from helpers.copies import copy_of, meet
from helpers.suggesting import marked

ADA, BO = Author("Ada", "#c4314b", "a1"), Author("Bo", "#2f5fd0", "b2")


def changes_of(document: Document, who: Author, *, may_edit: bool = True) -> SuggestedChanges:
    changes = SuggestedChanges(document, lambda: who, chance=Random(document.client_id), clock=lambda: 5)
    changes.may_edit = may_edit
    return changes


def write(document: Document, at: int, text: str) -> None:
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(at, text)


def take_out(document: Document, at: int, length: int) -> None:
    with document.edit(Origin.LOCAL) as edit:
        edit.delete(at, length)


@pytest.fixture
def draft() -> Document:
    """Ada's."""
    draft = MendedDocument.new(clock=lambda: 0)
    write(draft, 0, "We plant herbs.")
    return draft


@pytest.fixture
def mate(draft: Document) -> Document:
    """Bo's copy, who may only suggest and has done so."""
    mate = copy_of(draft)
    mate.suggester = changes_of(mate, BO, may_edit=False)
    write(mate, 8, " green")
    meet(draft, mate)
    return mate


def test_what_an_editor_writes_in_a_suggestion_while_it_is_undone_marks_nothing_behind_it(draft, mate):
    write(draft, 10, "x")
    mate.undo()
    for _ in range(2):
        meet(draft, mate)
    assert marked(draft) == marked(mate) == "We plantx herbs."


@pytest.mark.parametrize("how", ["accept", "reject"])
def test_what_is_suggested_in_a_change_while_an_editor_decides_on_it_marks_nothing_behind_it(draft, mate, how):
    third = copy_of(draft)
    third.suggester = changes_of(third, Author("Cy", "#2f8f4f", "c3"), may_edit=False)
    write(third, 10, "x")
    changes = changes_of(draft, ADA)
    getattr(changes, how)([change.id for change in changes.all()])
    for _ in range(2):
        meet(draft, third)
    assert marked(draft) == marked(third)
    assert marked(draft).endswith(" herbs.")
    assert "{+x+}" in marked(draft)


def test_letters_of_others_in_ones_own_suggestion_are_only_suggested_to_go(draft, mate):
    changes = changes_of(draft, ADA)
    changes.reject([change.id for change in changes.all()])
    draft.undo()  # the same words, written by Ada's copy now
    meet(draft, mate)
    take_out(mate, 13, 1)
    assert marked(mate) == "We plant{+ gree+}[-{+n+}-] herbs."
    mate.suggester.reject([change.id for change in mate.suggester.all()])
    assert marked(mate) == "We plant[-{+ green+}-] herbs."
    meet(draft, mate)
    changes.reject([change.id for change in changes.all()])
    assert marked(draft) == "We plant herbs."


def test_a_second_copy_goes_on_in_another_change_and_takes_back_what_the_first_has_written(draft, mate):
    again = copy_of(mate)
    again.suggester = changes_of(again, BO, may_edit=False)
    write(again, 14, "er")
    assert marked(again) == "We plant{+ green+}{+er+} herbs."
    assert [change.comes for change in again.suggester.all()] == [" green", "er"]
    take_out(again, 13, 2)
    assert marked(again) == "We plant{+ gree+}{+r+} herbs."


def lacking(document: Document, held: bytes) -> bytes:
    server = MendedDocument(clock=lambda: 0)
    server.apply_remote(held)
    return document.update_since(server.state_vector())


def test_what_the_server_has_not_taken_is_suggested_anew_and_looks_of_accepted_text_are_left(draft, mate):
    changes = changes_of(draft, ADA)
    changes.accept([change.id for change in changes.all()])
    write(mate, 11, "x")
    with mate.edit(Origin.LOCAL) as edit:
        edit.format(8, 3, {"bold": True})
    held = draft.state()
    mate.apply_remote(lacking(draft, mate.state()))
    assert marked(mate) != "We plant gr{+x+}een herbs." or any("bold" in span.attributes for span in mate.spans())
    mate.suggester.suggest_anew(held)
    assert marked(mate) == "We plant gr{+x+}een herbs."
    assert not any("bold" in span.attributes for span in mate.spans())


def test_what_others_have_written_since_is_not_taken_for_a_suggestion(draft, mate):
    write(draft, 0, "So: ")
    meet(draft, mate)
    before = marked(mate)
    mate.suggester.suggest_anew(draft.state())
    assert marked(mate) == before == "So: We plant{+ green+} herbs."


@pytest.mark.parametrize("how", ["withdraw", "delete"])
def test_many_suggestions_that_somebody_takes_back_at_once_are_looked_for_together(draft, monkeypatch, how) -> None:
    write(draft, 0, "Wörter " * 300)
    document = copy_of(draft)
    changes = changes_of(document, BO, may_edit=False)
    document.suggester = changes
    with document.edit(Origin.LOCAL) as edit:
        for at in reversed(range(300)):
            edit.insert(7 * at, "neu")
    read: list[Id] = []
    update_from = Blocks.update_from
    monkeypatch.setattr(Blocks, "update_from", lambda self, id: read.append(id) or update_from(self, id))
    if how == "withdraw":
        changes.reject([change.id for change in changes.all()])
    else:
        with document.edit(Origin.LOCAL) as edit:
            edit.delete(0, document.length - 1)
    assert "neu" not in document.text()
    assert len(read) < 100
