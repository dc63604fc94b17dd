"""Steps of undo taken apart, and taken back where some of what was written in them has come back."""

from __future__ import annotations

from random import Random

import pytest

from cowrite.core.crdt.undo_steps import _parts
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin
from helpers.copies import copy_of


@pytest.mark.parametrize("seed", range(20))
def test_what_is_left_of_ranges_without_others_is_what_is_in_these_alone(seed):
    chance = Random(seed)
    edges = [sorted(chance.sample(range(60), 12)) for _ in range(2)]
    ranges, gone = ([range(*each) for each in zip(found[::2], found[1::2], strict=True)] for found in edges)
    left = list(_parts(ranges, gone))
    assert [at for part in left for at in part] == sorted(_all(ranges) - _all(gone))
    assert all(left)


def _all(ranges: list[range]) -> set[int]:
    return {at for each in ranges for at in each}


def test_a_step_goes_as_a_whole_where_a_word_of_it_has_come_back_right_behind_what_was_written_last():
    document = MendedDocument(clock=lambda: 1)
    for text in ("herbs", "x"):
        with document.edit(Origin.LOCAL) as edit:
            edit.insert(0, text)
    document.steps.begin()
    with document.edit(Origin.LOCAL) as edit:
        edit.delete(1, 4)
    document.undo()
    document.undo()
    assert document.text() == copy_of(document).text() == ""
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "new")
    assert copy_of(document).text() == "new"


@pytest.mark.parametrize("parts", ["own", "own other own", "own own other own other", "other own other own own"])
def test_a_step_goes_and_comes_back_as_a_whole_where_other_text_lies_between_its_parts_in_one_block(parts):
    document = MendedDocument(clock=lambda: 1)
    for letter, whose in zip("abcde", parts.split(), strict=False):
        with document.edit(Origin.LOCAL if whose == "own" else Origin.MENDING) as edit:
            edit.insert(document.length, letter)
    text = document.text()
    others = "".join(letter for letter, whose in zip(text, parts.split(), strict=True) if whose == "other")
    document.undo()
    assert document.text() == copy_of(document).text() == others
    document.redo()
    assert sorted(document.text()) == sorted(text)
    document.undo()
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "new")
    assert document.text() == copy_of(document).text() == f"new{others}"
