"""Sends broken frames, messages and updates to a server: `python server/tests/run_fuzz.py --cases 100000 [--seed N]`.

`--first N --cases 1` sends one case again.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))
sys.path.insert(0, str(Path(__file__).parent))

from fuzz import FuzzFailed, run_fuzz


def main() -> int:
    """Carries out the command; 1 where a case fails."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=100_000, help="how many (default 100000)")
    parser.add_argument("--first", type=int, default=0, help="number of the first case (default 0)")
    parser.add_argument("--seed", type=int, default=0, help="what they are made from (default 0)")
    chosen = parser.parse_args()
    begin = time.monotonic()
    numbers = range(chosen.first, chosen.first + chosen.cases)
    with tempfile.TemporaryDirectory(prefix="cowrite-fuzz-") as folder:
        try:
            report = asyncio.run(run_fuzz(Path(folder) / "data", numbers, chosen.seed))
        except FuzzFailed as failure:
            print(failure)
            return 1
    for outcome, count in sorted(report.outcomes.items()):
        print(f"{count:>8}  {outcome}")
    print(
        f"{chosen.cases} cases of seed {chosen.seed} in {time.monotonic() - begin:.0f} s, the slowest in "
        f"{report.slowest:.2f} s; the server ended with {report.memory / 2**20:.0f} MiB; bystanders had to ask for the "
        f"whole document {report.recoveries} times"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
