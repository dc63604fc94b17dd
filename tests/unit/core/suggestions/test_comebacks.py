"""Words that a decision had taken out, and that are there again because another decision holds."""

from __future__ import annotations

import pytest

from cowrite.core.document.document import Document
from cowrite.core.marks.comeback import MOST_PARTS
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.richtext import SUGGESTIONS
from cowrite.core.writing import lines
from helpers.copies import meet
from helpers.drafts import draft
from helpers.suggesting import changes_of, marked, replace, write

HOLDS = 9
"""The client id of who decides last: of two verdicts at once that of the higher id holds."""


def copies(document: Document, *clients: int) -> list[Document]:
    """Copies of a document, as teammates have them."""
    found: list[Document] = [MendedDocument(client_id=client, clock=lambda: 0) for client in clients]
    for each in found:
        each.apply_remote(document.state())
    return found


def all_meet(*documents: Document) -> None:
    """Everybody gets what the others have."""
    for _ in range(3):
        for one in documents:
            for other in documents:
                if one is not other:
                    meet(one, other)


@pytest.fixture
def suggested() -> Document:
    """Bo suggests that words come in."""
    document = draft("one four.")
    changes_of(document)
    write(document, 4, "two \U0001f33f three ")
    return document


@pytest.mark.parametrize("who", [3, 5, HOLDS])
def test_what_somebody_has_struck_in_words_that_come_back_is_struck_still(suggested, who) -> None:
    ada, cy, eve = copies(suggested, 3, 5, HOLDS)
    adas, eves = changes_of(ada, "Ada"), changes_of(eve, "Eve", now=6)
    changes_of(cy, "Cy")
    ids = [each.id for each in adas.all()]
    striker = {3: ada, 5: cy, HOLDS: eve}[who]
    lines.delete(striker, 8, 16)
    struck = "one two [-\U0001f33f three-] four."
    assert marked(striker).replace("{+", "").replace("+}", "") == struck
    adas.reject(ids)
    eves.accept(ids)
    all_meet(ada, eve, cy)
    assert marked(ada) == marked(eve) == marked(cy) == struck


def test_who_accepts_a_change_before_its_stroke_is_on_words_that_came_back_does_not_have_them_stay(suggested) -> None:
    ada, cy, eve = copies(suggested, 3, 5, HOLDS)
    adas, eves = changes_of(ada, "Ada", suggests=False), changes_of(eve, "Eve", now=6, suggests=False)
    cys = changes_of(cy, "Cy")
    ids = [each.id for each in adas.all()]
    adas.reject(ids)
    eves.accept(ids)
    cy.apply_remote(eve.state())
    replace(cy, 8, 16, "X")
    ada.apply_remote(cy.state())
    assert marked(ada) == "one two \U0001f33f three {+X+}four."
    adas.accept([each.id for each in cys.all()])
    all_meet(ada, eve, cy)
    assert marked(ada) == marked(eve) == marked(cy) == "one two [-\U0001f33f three-] Xfour."


@pytest.mark.parametrize("at_once", [True, False])
def test_words_that_several_people_have_taken_out_come_back_once(suggested, at_once) -> None:
    ada, bea, cy, eve = copies(suggested, 3, 4, 5, HOLDS)
    for document, name, now in ((ada, "Ada", 4), (bea, "Bea", 5), (cy, "Cy", 6)):
        changes = changes_of(document, name, suggests=False, now=now)
        changes.reject([each.id for each in changes.all()])
    eves = changes_of(eve, "Eve", suggests=False, now=7)
    eves.accept([each.id for each in eves.all()])
    for each in (ada, bea, cy) if at_once else ():
        each.apply_remote(eve.update_since(each.state_vector()))
    all_meet(ada, bea, cy, eve)
    assert marked(ada) == marked(bea) == marked(cy) == marked(eve) == "one two \U0001f33f three four."


def test_what_says_nothing_of_what_came_back_is_passed_over(suggested) -> None:
    ada, cy = copies(suggested, 3, 5)
    lines.delete(suggested, 0, 3)
    text = marked(suggested)
    ((id, _),) = ada.entries(SUGGESTIONS).all("change")
    for said in ("all", [[1, 2]], [[1, 2, 3, 4, -5]], [[1, 2, 3, 4, "5"]], [{}], [[1, 2, 3, 4, 5]] * (MOST_PARTS + 1)):
        ada.entries(SUGGESTIONS).change(id, {"back:3": said, "back:x": said})
        meet(ada, suggested)
    meet(ada, cy)
    assert marked(suggested) == marked(cy) == text


def test_words_that_somebody_takes_elsewhere_meanwhile_do_not_come_back_where_they_stood(suggested) -> None:
    ada, cy, eve = copies(suggested, 3, 5, HOLDS)
    adas, eves = changes_of(ada, "Ada", suggests=False), changes_of(eve, "Eve", suggests=False, now=6)
    changes_of(cy, "Cy", suggests=False)
    ids = [each.id for each in adas.all()]
    lines.delete(cy, 11, 17)
    write(cy, 0, "three ")
    adas.reject(ids)
    eves.accept(ids)
    all_meet(ada, cy, eve)
    assert marked(ada) == marked(cy) == marked(eve) == "three one two \U0001f33f four."


def test_what_an_author_goes_on_with_meanwhile_and_takes_back_is_not_accepted_with_the_rest(suggested) -> None:
    (eve,) = copies(suggested, 2**32 - 1)
    bos, eves = changes_of(suggested), changes_of(eve, "Eve", suggests=False, now=6)
    eves.accept([each.id for each in eves.all()])
    write(suggested, 8, "\U0001f33b and ")
    bos.reject([each.id for each in bos.all()])
    all_meet(suggested, eve)
    assert marked(suggested) == marked(eve) == "one two \U0001f33f three four."


def test_words_stay_out_that_somebody_has_taken_out_by_another_decision(suggested) -> None:
    bea, cy, eve = copies(suggested, 3, 5, HOLDS)
    changes_of(cy, "Cy")
    lines.delete(cy, 4, 8)
    meet(cy, eve)
    beas, eves = changes_of(bea, "Bea", suggests=False), changes_of(eve, "Eve", suggests=False, now=6)
    beas.reject([each.id for each in beas.all()])
    eves.accept([each.id for each in eves.all()])
    all_meet(bea, cy, eve)
    assert marked(bea) == marked(cy) == marked(eve) == "one \U0001f33f three four."


@pytest.mark.parametrize(("kind", "is_named"), [("back", False), ("anew", False), ("anew", True)])
def test_whoever_says_that_words_of_others_have_come_back_has_none_of_them_deleted(suggested, kind, is_named) -> None:
    ada, cy = copies(suggested, 3, 5)
    adas, cys = changes_of(ada, "Ada", suggests=False), changes_of(cy, "Cy")
    adas.accept([each.id for each in adas.all()])
    write(ada, 22, " five")
    ((units, gone),) = ada.anchors.runs(22, " five")
    lines.delete(ada, 22, 27)
    meet(ada, cy)
    text = marked(ada)
    ((_, there),) = cy.anchors.runs(17, "four.")
    client = there.client if is_named else cy.client_id
    cy.entries(SUGGESTIONS).change(cys.begin(), {f"{kind}:{client}": [[*gone, *there, units]]})
    meet(ada, cy)
    assert marked(ada) == text == "one two \U0001f33f three four."
