"""Which notes of a board stand for those that were merged into them."""

from __future__ import annotations

from cowrite.core.board.items import Note, Place
from cowrite.gui.board.stand_ins import StandIns


def notes(**merged_into: str) -> dict[str, Note]:
    return {id: Note(id, id, Place(0, 0), merged_into=into) for id, into in merged_into.items()}


def test_a_note_stands_for_what_was_merged_into_those_for_which_it_stands() -> None:
    found = StandIns()
    found.take(notes(herbs="", basil="herbs", thyme="basil", party=""))
    assert [found.of(id) for id in ("herbs", "basil", "thyme", "party")] == ["herbs", "herbs", "herbs", "party"]
    assert found.counts() == {"herbs": 2}
    assert [id for id in ("herbs", "basil", "thyme", "party") if found.shown(id)] == ["herbs", "party"]


def test_a_note_whose_stand_in_is_not_there_stands_for_itself() -> None:
    found = StandIns()
    found.take(notes(basil="herbs"))
    assert found.of("basil") == "basil"
    assert found.shown("basil")


def test_what_shows_otherwise_is_told_once() -> None:
    found = StandIns()
    found.take(notes(herbs="", basil="herbs", party="", music="party"))
    apart = notes(herbs="", basil="", party="", music="party")
    assert found.take(apart) == ["basil", "herbs"]
    assert found.take(apart) == []


def test_what_stood_for_a_note_that_is_gone_is_told_with_it() -> None:
    found = StandIns()
    found.take(notes(herbs="", basil="herbs"))
    assert found.take({}, asked=["basil"]) == ["herbs", "basil"]
    assert found.counts() == {}
