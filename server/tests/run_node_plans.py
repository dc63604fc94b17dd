"""Carries out random plans for several nodes on PostgreSQL and Redis: `python server/tests/run_node_plans.py`.

What is kept in each is a database of its own. A failing plan is saved as it is; `--replay FILE` runs one again.
"""

from __future__ import annotations

import sys
import traceback
from contextlib import closing
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))
sys.path.insert(0, str(Path(__file__).parent))

import shutil

from engines import Postgres, Redis, missing, postgres_programs
from helpers.plan_files import Op, load_plan, plan_command
from plan_nodes import NodeWorld
from plan_runs import run_plan, save_failed
from plan_world import PlanFailed
from sync_plans import make_plan, with_past


def carry_out(plans: list[list[Op]]) -> list[PlanFailed | None]:
    """Carries plans out on engines that are started for them; says of each how it failed."""
    programs, program = postgres_programs(), shutil.which("redis-server")
    if programs is None or program is None:
        missing("postgresql" if programs is None else "redis-server")
    failures: list[PlanFailed | None] = []
    with closing(Postgres(programs)) as postgres, closing(Redis(program)) as redis:
        for plan in plans:
            make = partial(NodeWorld, postgres=postgres, redis=redis, count=2 + plan[0]["seed"] % 2)
            try:
                run_plan(plan, make)
                failures.append(None)
            except PlanFailed as failure:
                failures.append(failure)
    return failures


def run_batch(seeds: list[int], steps: int) -> list[str]:
    """What is wrong with the plans of some seeds."""
    plans = [with_past(make_plan(seed, steps=steps)) for seed in seeds]
    found = zip(seeds, plans, carry_out(plans), strict=True)
    return [
        f"plan {seed} fails {failure}\n  {save_failed(plan, f'node-plan-{seed}')}"
        for seed, plan, failure in found
        if failure is not None
    ]


def replay(path: Path) -> int:
    """Runs a saved plan; 1 where it fails."""
    [failure] = carry_out([load_plan(path)])
    if failure is None:
        print("The plan holds.")
        return 0
    print(failure)
    traceback.print_exception(failure.__cause__)
    return 1


if __name__ == "__main__":
    sys.exit(plan_command(__doc__, run_batch, replay, steps=40))
