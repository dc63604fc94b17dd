"""The list of ideas as an item model: whatever changes, rows that stay are the same rows."""

from __future__ import annotations

from random import Random

import pytest
from PySide6.QtCore import QPersistentModelIndex
from PySide6.QtTest import QAbstractItemModelTester

from cowrite.gui.ideas import item_model
from cowrite.gui.ideas.item_model import IdeasModel
from cowrite.gui.ideas.outline import UNGROUPED, Branch, Kind, Row
from helpers.seeds import seeds


def outline_of(chance: Random, ids: list[str]) -> tuple[Branch, ...]:
    """Some of the ids as notes in some groups, some of them below others."""
    groups = [f"group:{number}" for number in range(4) if chance.random() < 0.7]
    chance.shuffle(groups)
    members: dict[str, list[Branch]] = {id: [] for id in (*groups, UNGROUPED)}
    shown = [id for id in ids if chance.random() < 0.8]
    chance.shuffle(shown)
    while shown:
        id = shown.pop()
        below = [shown.pop() for _ in range(min(len(shown), chance.choice([0, 0, 0, 1, 2])))]
        inner = tuple(Branch(Row(each, Kind.MERGED, f"{each} {chance.randrange(3)}")) for each in below)
        branch = Branch(Row(id, Kind.NOTE, f"{id} {chance.randrange(3)}", count=len(inner)), inner)
        members[chance.choice(list(members))].append(branch)
    return tuple(
        Branch(Row(id, Kind.GROUP, id or "In no group", count=len(inside)), tuple(inside))
        for id, inside in members.items()
    )


def shown(model: IdeasModel) -> tuple[Branch, ...]:
    """What the model says there is, by Qt's questions alone."""

    def below(parent) -> tuple[Branch, ...]:
        indexes = [model.index(row, 0, parent) for row in range(model.rowCount(parent))]
        assert all(model.parent(index) == parent for index in indexes)
        return tuple(Branch(model.row_at(index), below(index)) for index in indexes)

    return below(model.index(-1, -1))


@pytest.mark.parametrize("many", [item_model.MANY, 5, 0])
@pytest.mark.parametrize("seed", seeds(2))
def test_rows_that_stay_are_the_same_rows_wherever_they_go(qapp, monkeypatch, seed, many):
    monkeypatch.setattr(item_model, "MANY", many)
    chance = Random(seed)
    ids = [f"note:{number}" for number in range(12)]
    model = IdeasModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    held: dict[str, QPersistentModelIndex] = {}
    for _ in range(12):
        wanted = outline_of(chance, ids)
        model.show_outline(wanted)
        assert shown(model) == wanted
        there = {row.id for row in model.rows()}
        for id, index in held.items():
            if id in there:
                assert model.row_at(index).id == id, f"{id} is another row now"
            else:
                assert not index.isValid()
        held = {id: QPersistentModelIndex(model.index_of(id)) for id in there}


def test_nothing_is_told_where_nothing_has_changed(qapp):
    model = IdeasModel()
    wanted = outline_of(Random(1), [f"note:{number}" for number in range(12)])
    model.show_outline(wanted)
    told = []
    for signal in (model.dataChanged, model.rowsInserted, model.rowsRemoved, model.rowsMoved, model.modelReset):
        signal.connect(lambda *_args: told.append(1))
    model.show_outline(wanted)
    assert not told


def test_of_very_many_rows_that_go_elsewhere_is_told_at_once(qapp):
    notes = [Branch(Row(f"note:{number}", Kind.NOTE, "idea")) for number in range(100)]
    model = IdeasModel()
    model.show_outline([Branch(Row(UNGROUPED, Kind.GROUP, "All"), tuple(notes))])
    moved, laid_out = [], []
    model.rowsMoved.connect(lambda *where: moved.append(where))
    model.layoutChanged.connect(lambda *where: laid_out.append(where))

    merged = [Branch(Row(each.row.id, Kind.MERGED, "idea")) for each in notes[1:]]
    model.show_outline([Branch(Row(UNGROUPED, Kind.GROUP, "All"), (Branch(notes[0].row, tuple(merged)),))])
    assert (len(moved), len(laid_out)) == (0, 1)
