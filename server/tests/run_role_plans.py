"""Sends forged updates of those who may not edit: `python server/tests/run_role_plans.py --plans 10000 [--seed N]`.

`--seed N --plans 1` carries one plan out again.
"""

from __future__ import annotations

import argparse
import logging
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))
sys.path.insert(0, str(Path(__file__).parent))

from role_plans import PlanFailed, Report, run_plan


def main() -> int:
    """Carries out the command; 1 where a plan fails."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plans", type=int, default=10_000, help="how many (default 10000)")
    parser.add_argument("--seed", type=int, default=0, help="of the first; each other has the next (default 0)")
    chosen = parser.parse_args()
    logging.disable(logging.WARNING)  # of each client that the server expels
    begun = time.monotonic()
    report, failed = Report(), 0
    for seed in range(chosen.seed, chosen.seed + chosen.plans):
        try:
            run_plan(seed, report)
        except PlanFailed as failure:
            failed += 1
            print(f"seed {seed}: {failure}", flush=True)
    for outcome, count in sorted(report.outcomes.items()):
        print(f"{count:>8}  {outcome}")
    print(f"{chosen.plans} plans from seed {chosen.seed} in {time.monotonic() - begun:.0f} s, {failed} failed")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
