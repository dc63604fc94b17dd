"""Carries out random plans for a server: `python server/tests/run_plans.py --plans 1000 [--seed N] [--jobs 2]`.

A failing plan is saved, made as small as can be; `--replay FILE` runs one again. What the network and the processes do
takes a different time in each run, so a plan that failed may hold the next time.
"""

from __future__ import annotations

import sys
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))
sys.path.insert(0, str(Path(__file__).parent))

from helpers.plan_files import load_plan, plan_command
from plan_runs import run_plan, run_seed
from plan_world import PlanFailed


def run_batch(seeds: list[int], steps: int) -> list[str]:
    """What is wrong with the plans of some seeds."""
    return [wrong for seed in seeds if (wrong := run_seed(seed, steps=steps)) is not None]


def replay(path: Path) -> int:
    """Runs a saved plan; 1 where it fails."""
    try:
        run_plan(load_plan(path))
    except PlanFailed as failure:
        print(failure)
        traceback.print_exception(failure.__cause__)
        return 1
    print("The plan holds.")
    return 0


if __name__ == "__main__":
    sys.exit(plan_command(__doc__, run_batch, replay, steps=40))
