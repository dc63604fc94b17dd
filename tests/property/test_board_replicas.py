"""People who group, merge, split, rename, move and vote at the same time lose nothing, in three replicas.

A plan that fails is saved; `load_plan` and `run_plan` carry it out again.
"""

from __future__ import annotations

import pytest

from helpers.board_plans import BoardWorld, check_plan, make_plan, run_plan
from helpers.plan_files import load_plan
from helpers.seeds import seeds


@pytest.mark.parametrize("seed", seeds(8))
def test_what_three_people_do_on_a_board_at_once_is_all_there_and_the_same_for_each(seed):
    check_plan(make_plan(seed))


def test_a_long_plan_holds_too():
    check_plan(make_plan(1000, steps=200))


def test_a_plan_that_fails_is_made_small_and_saved(tmp_path, monkeypatch):
    monkeypatch.setenv("COWRITE_PLANS", str(tmp_path))
    renamed = BoardWorld._rename
    monkeypatch.setattr(BoardWorld, "_rename", lambda self, *args: (renamed(self, *args), 1 / 0))

    with pytest.raises(AssertionError, match="seed 7: division by zero"):
        check_plan(make_plan(7))

    (saved,) = tmp_path.iterdir()
    small = load_plan(saved)
    assert [op["do"] for op in small[1:]] == ["rename"]
    monkeypatch.undo()
    run_plan(small)
