"""Links to headings of a document, which follow when the person here gives these other words."""

from __future__ import annotations

from random import Random

import pytest

from cowrite.core.document.document import Document
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.suggestions.changes import SuggestedChanges
from cowrite.core.text.origin import Origin
from cowrite.core.writing.lines import delete, press_enter, set_style
from cowrite.core.writing.moving import move, possible
from helpers.drafts import Clock, draft
from helpers.suggesting import BO

HEAD = {"header": 1}


def linked(*headings: str, clock: Clock | None = None) -> Document:
    """A document of these headings, below which there is a link to each."""
    document = draft(*((each, HEAD) for each in headings), "", clock=clock)
    for name in reversed([each.lower() for each in headings]):
        with document.edit(Origin.IMPORT) as edit:
            edit.insert(document.length - 1, "x", {"link": f"#{name}"})
            edit.insert(document.length - 1, " ")
    document.steps.forget()
    return document


def addresses(document: Document) -> list[str]:
    """Where the links of a document lead, from the last one on."""
    return [span.attributes["link"] for span in document.spans() if "link" in span.attributes][::-1]


def write(document: Document, at: int, text: str) -> None:
    for offset, letter in enumerate(text):
        with document.edit(Origin.LOCAL) as edit:
            edit.insert(at + offset, letter)


def test_a_link_follows_its_heading_letter_by_letter_and_is_undone_with_it():
    clock = Clock()
    document = linked("Plan", "Beds", clock=clock)
    clock.pause()
    write(document, 4, " B")
    assert addresses(document) == ["#plan-b", "#beds"]
    clock.pause()
    write(document, 6, "!")
    write(document, 15, "below")
    document.undo()
    assert (addresses(document), document.text()[:7]) == (["#plan-b", "#beds"], "Plan B\n")
    document.undo()
    assert (addresses(document), document.text()[:5]) == (["#plan", "#beds"], "Plan\n")
    document.redo()
    assert addresses(document) == ["#plan-b", "#beds"]


def test_a_link_finds_the_heading_that_was_emptied_and_written_anew():
    document = linked("Plan", "Beds")
    delete(document, 0, 4)
    assert addresses(document) == ["#plan", "#beds"]
    write(document, 0, "Aims")
    assert addresses(document) == ["#aims", "#beds"]


def test_a_heading_that_others_get_their_number_from_takes_the_links_to_them_along():
    document = draft(("Notes", HEAD), ("Notes", HEAD), "")
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(12, "x", {"link": "#notes"})
        edit.insert(13, "y", {"link": "#Notes-1"})
    write(document, 5, "!?a")
    assert addresses(document) == ["#notes", "#notesa"]
    set_style(document, document.length - 1, document.length - 1, "heading_1")
    set_style(document, 0, 0, "paragraph")
    assert addresses(document) == ["#notes", "#notesa"]


def test_links_follow_two_headings_that_change_their_names_at_once():
    document = linked("Plan", "Beds")
    with document.edit(Origin.LOCAL) as edit:
        for at, words in ((5, "Plan"), (0, "Beds")):
            edit.delete(at, 4)
            edit.insert(at, words)
    assert addresses(document) == ["#beds", "#plan"]
    document.undo()
    assert addresses(document) == ["#plan", "#beds"]
    document.redo()
    assert addresses(document) == ["#beds", "#plan"]
    document = linked("Plan", *(f"Bed {number}" for number in range(20)))
    with document.edit(Origin.LOCAL) as edit:
        for number in range(20):
            at = document.text().index(f"Bed {number}\n")
            edit.delete(at, 3)
            edit.insert(at, "Row")
    assert addresses(document)[:3] == ["#plan", "#row-0", "#row-1"]


def test_a_heading_that_is_begun_above_takes_no_link():
    document = linked("Plan")
    press_enter(document, 0)
    write(document, 0, "above")
    set_style(document, 0, 0, "heading_1")
    assert addresses(document) == ["#plan"]


def test_headings_that_are_moved_keep_their_links():
    document = linked("Plan", "Beds")
    move(document, possible(document, 0, 0, up=False))
    write(document, 4, "2")
    assert document.text().startswith("Beds2\nPlan\n")
    assert addresses(document) == ["#plan", "#beds2"]


def test_of_what_others_do_a_copy_leaves_the_links_to_them():
    document, other = linked("Plan"), MendedDocument(clock=lambda: 0)
    other.apply_remote(document.state())
    updates = []
    other.observe_updates(lambda update: updates.append(update[0]))
    with other.edit(Origin.LOCAL) as edit:
        edit.insert(4, "s")
    sent = []
    document.observe_updates(lambda update: sent.append(update[1]))
    document.apply_remote(updates[0])
    assert (addresses(document), sent) == (["#plan"], [Origin.REMOTE])
    document.apply_remote(updates[1])
    assert addresses(document) == ["#plans"]
    write(document, 5, "!")
    write(document, 6, "b")
    assert addresses(document) == ["#plansb"]


@pytest.mark.parametrize("ids", [(1, 2), (2, 1)])
def test_where_two_write_in_one_heading_at_once_the_link_leads_to_what_comes_of_both(ids):
    document = linked("Plan")
    both = [MendedDocument(client_id=id, clock=lambda: 0) for id in ids]
    for each in both:
        each.apply_remote(document.state())
    write(both[0], 4, "ab")
    write(both[1], 0, "cd")
    for _ in range(3):
        states = [each.state() for each in both]
        for each, state in zip(both, reversed(states), strict=True):
            each.apply_remote(state)
    assert both[0].text().startswith("cdPlanab\n")
    assert [addresses(each) for each in both] == [["#cdplanab"]] * 2


def test_a_heading_that_is_given_other_words_by_suggestion_takes_its_links_along_once_these_are_accepted():
    document, formats_left = linked("Plan"), list[bool]()
    changes = SuggestedChanges(
        document, lambda: BO, chance=Random(1), clock=lambda: 5, formats_left=lambda: formats_left.append(True)
    )
    document.suggester = changes
    write(document, 4, "s")
    assert (addresses(document), formats_left) == (["#plan"], [])
    changes.reject([each.id for each in changes.all()])
    write(document, 4, "s")
    changes.accept([each.id for each in changes.all()])
    assert (addresses(document), formats_left) == (["#plans"], [])
    document.undo()
    assert addresses(document) == ["#plan"]


def test_a_link_that_leads_nowhere_goes_on_doing_so_when_a_heading_gets_its_first_words():
    document = draft(("", HEAD), "")
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(1, "x", {"link": "#gone"})
    write(document, 0, "New")
    assert addresses(document) == ["#gone"]
