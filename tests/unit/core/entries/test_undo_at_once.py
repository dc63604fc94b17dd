"""Undo of what a teammate has set at the same moment: a field goes back to what it held, and never to nothing."""

from __future__ import annotations

import pytest

from cowrite.core.board.items import Hand, Note, Place
from cowrite.core.brainstorm.brainstorm import Brainstorm
from cowrite.core.decisions.decisions import Decision, Status
from cowrite.core.mending.mended_document import MendedDocument
from helpers.brainstorms import brainstorm_of


@pytest.fixture
def pair() -> tuple[Brainstorm, Brainstorm]:
    """Bo, whose change holds where both make one at the same moment, and Ada; they hear of each other by `meet`."""
    first = MendedDocument.new(clock=lambda: 0)
    bo, ada = (MendedDocument(client_id=number, clock=lambda: 0) for number in (2, 1))
    for each in (bo, ada):
        each.apply_remote(first.state())
    return brainstorm_of(bo, "Bo", 1), brainstorm_of(ada, "Ada", 2)


def meet(*pair: Brainstorm) -> None:
    one, other = (each.document for each in pair)
    other.apply_remote(one.state())
    one.apply_remote(other.state())


def test_a_note_that_both_have_moved_goes_back_to_where_it_lay_and_undo_and_redo_go_on_from_there(pair):
    bo, ada = pair
    (id,) = bo.write([Note("", "Trees", Place(200, 300), colour="red")])
    bo.board.change({id: {"colour": "blue"}})
    meet(*pair)
    ada.board.change({id: {"place": Place(500, 500), "colour": "green"}})
    bo.board.change({id: {"place": Place(900, 900), "colour": "grey"}})
    meet(*pair)

    def seen() -> tuple[float, float, str]:
        meet(*pair)
        note, theirs = (each.board.note(id) for each in pair)
        assert note == theirs
        return note.place.x, note.place.y, note.colour

    last = (900, 900, "grey")
    assert seen() == last
    for act, expected in (
        (bo.undo, (200, 300, "blue")),
        (bo.redo, last),
        (bo.undo, (200, 300, "blue")),
        (bo.undo, (200, 300, "red")),
        (bo.redo, (200, 300, "blue")),
        (bo.redo, last),
    ):
        act()
        assert seen() == expected


def test_a_decision_stays_accepted_by_whom_it_was_when_two_have_changed_it_and_one_takes_that_back(pair):
    bo, ada = pair
    id = bo.decisions.add(Decision("", "What do we plant?", outcome="Herbs."))
    bo.decisions.put(id, status=Status.ACCEPTED, decider="Cy")
    meet(*pair)
    ada.decisions.put(id, status=Status.REJECTED, decider="Ada")
    bo.decisions.put(id, status=Status.SUPERSEDED, decider="Bo")
    meet(*pair)
    bo.undo()
    meet(*pair)
    for each in pair:
        decision = each.decisions.get(id)
        assert (decision.status, decision.decider) == (Status.ACCEPTED, "Cy")
    bo.undo()
    assert bo.decisions.get(id).status is Status.PROPOSED


def test_a_note_of_the_model_never_becomes_a_person_s_when_two_have_adopted_it(pair):
    bo, ada = pair
    (id,) = bo.board.add([Note("", "A pond", Place(0, 0), hand=Hand.MODEL)])
    meet(*pair)
    ada.adopt([id])
    bo.adopt([id])
    meet(*pair)
    bo.undo()
    meet(*pair)
    assert [each.board.note(id).hand for each in pair] == [Hand.MODEL, Hand.MODEL]


def test_what_a_teammate_has_set_since_is_left_alone_by_the_next_undo(pair):
    bo, ada = pair
    (id,) = bo.write([Note("", "Trees", Place(0, 0), colour="red")])
    bo.board.change({id: {"colour": "blue"}})
    meet(*pair)
    ada.board.change({id: {"colour": "green"}})
    bo.board.change({id: {"colour": "grey"}})
    meet(*pair)
    bo.undo()
    meet(*pair)
    ada.board.change({id: {"colour": "purple"}})
    meet(*pair)
    bo.undo()
    note = bo.board.note(id)
    assert note is None or note.colour == "purple"
