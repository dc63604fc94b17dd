"""Which notes of a board stand for those that were merged into them."""

from __future__ import annotations

from cowrite.core.board.items import Note, Place
from cowrite.gui.board.stand_ins import StandIns


def notes(**merged_into: str) -> dict[str, Note]:
    return {id: Note(id, id, Place(0, 0), merged_into=into) for id, into in merged_into.items()}


def test_a_note_stands_for_what_was_merged_into_those_for_which_it_stands() -> None:
    found = StandIns()
    assert found.find(notes(herbs="", basil="herbs", thyme="basil", party="")) == {"herbs", "basil", "thyme"}
    assert [found.of(id) for id in ("herbs", "basil", "thyme", "party")] == ["herbs", "herbs", "herbs", "party"]
    assert found.counts() == {"herbs": 2}
    assert "thyme" in found
    assert "herbs" not in found


def test_a_note_whose_stand_in_is_not_there_stands_for_itself() -> None:
    found = StandIns()
    assert found.find(notes(basil="herbs")) == set()
    assert not found
    assert found.of("basil") == "basil"


def test_what_shows_otherwise_is_told_once() -> None:
    found = StandIns()
    found.find(notes(herbs="", basil="herbs", party="", music="party"))
    assert found.find(notes(herbs="", basil="", party="", music="party")) == {"herbs", "basil"}
    assert found.find(notes(herbs="", basil="", party="", music="party")) == set()
