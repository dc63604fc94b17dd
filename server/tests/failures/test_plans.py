"""Random plans for people, network and server; `python server/tests/run_plans.py` carries out more of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from helpers.plan_files import load_plan, save_plan, shrink
from plan_runs import run_plan, run_seed
from plan_world import PlanFailed
from sync_plans import make_plan


@pytest.mark.parametrize("seed", range(20))
def test_a_random_plan_loses_doubles_and_misplaces_nothing(seed: int) -> None:
    assert run_seed(seed, steps=20, smaller=False) is None


def test_a_plan_is_the_same_for_the_same_seed_and_comes_back_from_its_file(tmp_path: Path) -> None:
    plan = make_plan(7)
    assert plan == make_plan(7) != make_plan(8)
    save_plan(plan, tmp_path / "plan.jsonl")
    assert load_plan(tmp_path / "plan.jsonl") == plan
    assert len((tmp_path / "plan.jsonl").read_text().splitlines()) == len(plan)
    json.loads((tmp_path / "plan.jsonl").read_text().splitlines()[0])


ACKNOWLEDGED_AND_LOST = [
    {"do": "begin", "seed": 0, "people": 1},
    {"do": "wait", "who": 0},
    {"do": "lock"},
    {"do": "type", "who": 0, "n": 3},
    {"do": "bounce", "who": 0},
    {"do": "wait", "who": 0},
    {"do": "kill"},
    {"do": "start"},
]
"""While the disk is locked a person types, connects anew, and the server is killed."""


def test_what_only_memory_had_is_not_acknowledged_on_the_next_connection() -> None:
    run_plan(ACKNOWLEDGED_AND_LOST)


DEMOTED = [
    {"do": "begin", "seed": 0, "people": 2},
    {"do": "wait", "who": 0},
    {"do": "type", "who": 0, "n": 3},
    {"do": "wait", "who": 0},
    {"do": "demote", "who": 0},
    {"do": "type", "who": 0, "n": 3},
    {"do": "kill"},
    {"do": "type", "who": 0, "n": 3},
    {"do": "start"},
    {"do": "connect", "who": 0},
    {"do": "rub", "who": 0},
    {"do": "kill"},
    {"do": "start"},
]
"""The server is killed as soon as somebody is told that they only read now, and types on; twice."""


def test_who_was_made_a_viewer_is_one_for_the_next_server_too() -> None:
    run_plan(DEMOTED)


def test_a_loss_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    import plan_world

    async def forget(person: plan_world.Person, true: object, what: str) -> None:
        person.acknowledged = person.typed + 1  # as if the server had claimed what it never got

    monkeypatch.setattr(plan_world, "_comes_true", forget)
    with pytest.raises(PlanFailed, match="were acknowledged"):
        run_plan([*ACKNOWLEDGED_AND_LOST[:2], *ACKNOWLEDGED_AND_LOST[3:4], *ACKNOWLEDGED_AND_LOST[5:]])
    smaller = shrink(make_plan(1), lambda plan: any(op["do"] == "kill" for op in plan))
    assert [op["do"] for op in smaller] == ["begin", "kill"]
