"""Carries out random plans for bound editors: `python tests/run_plans.py --plans 10000 [--seed N] [--jobs 2]`.

A failing plan is saved, made as small as can be; `--replay FILE` runs one again.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"
sys.path.insert(0, str(Path(__file__).parent))

BATCH = 25


def run_batch(seeds: list[int], steps: int) -> list[str]:
    """What is wrong with the plans of some seeds."""
    from helpers.plan_runs import run_seed

    qt_application()
    return [wrong for seed in seeds if (wrong := run_seed(seed, steps=steps)) is not None]


def qt_application() -> object:
    """Qt's application object of this process."""
    from PySide6.QtWidgets import QApplication

    global _application  # noqa: PLW0603, it must live as long as the process
    _application = QApplication.instance() or QApplication([])
    return _application


_application: object = None


def replay(path: Path) -> int:
    """Runs a saved plan; 1 where it fails."""
    from helpers.plan_runs import PlanFailed, run_plan
    from helpers.plans import load_plan

    qt_application()
    try:
        run_plan(load_plan(path))
    except PlanFailed as failure:
        print(failure)
        if failure.__cause__ is not None:
            import traceback

            traceback.print_exception(failure.__cause__)
        return 1
    print("The plan holds.")
    return 0


def main() -> int:
    """Carries out one command; 1 where a plan fails."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plans", type=int, default=1000, help="how many (default 1000)")
    parser.add_argument("--seed", type=int, default=0, help="of the first plan; the others count from it")
    parser.add_argument("--steps", type=int, default=60, help="operations in a plan (default 60)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes")
    parser.add_argument("--stop-after", type=int, default=10, help="failures after which to stop (default 10)")
    parser.add_argument("--replay", type=Path, metavar="FILE", help="run a saved plan instead")
    chosen = parser.parse_args()
    if chosen.replay:
        return replay(chosen.replay)
    begin = time.monotonic()
    seeds = range(chosen.seed, chosen.seed + chosen.plans)
    batches = [list(seeds[at : at + BATCH]) for at in range(0, len(seeds), BATCH)]
    failures: list[str] = []
    done = 0
    with ProcessPoolExecutor(chosen.jobs) as pool:
        work = [pool.submit(run_batch, batch, chosen.steps) for batch in batches]
        for batch, result in zip(batches, work, strict=True):
            for wrong in result.result():
                print(wrong, flush=True)
                failures.append(wrong)
            done += len(batch)
            if sys.stderr.isatty():
                print(f"\r{done} of {len(seeds)} plans", end="", file=sys.stderr)
            if len(failures) >= chosen.stop_after:
                pool.shutdown(cancel_futures=True)
                break
    print(f"{done} plans, {len(failures)} failures, {time.monotonic() - begin:.0f} s")
    return int(bool(failures))


if __name__ == "__main__":
    sys.exit(main())
