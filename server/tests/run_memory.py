"""Lets people come and go, and looks at what is left: `python server/tests/run_memory.py [--visits N] [--rooms N]`."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))
sys.path.insert(0, str(Path(__file__).parent))

from memory import AT_A_TIME, LeftBehind, run_visits


def main() -> int:
    """Carries out the command; 1 where something is left behind."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--visits", type=int, default=10_000, help="how many (default 10000)")
    parser.add_argument("--rooms", type=int, default=1000, help="in how many rooms (default 1000)")
    parser.add_argument("--seed", type=int, default=0, help="decides who comes when (default 0)")
    chosen = parser.parse_args()
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="cowrite-memory-") as folder:
        try:
            report = asyncio.run(run_visits(Path(folder) / "data", chosen.visits, chosen.rooms, chosen.seed))
        except LeftBehind as error:
            print(error)
            return 1
    for kind, count in sorted(report.visits.items()):
        print(f"{count:>8}  {kind}")
    print(
        f"{report.visits.total()} visits of seed {chosen.seed} to {chosen.rooms} rooms in "
        f"{time.monotonic() - begin:.0f} s; memory {report.fresh / 2**20:.1f} MiB before anybody came, "
        f"{report.first / 2**20:.1f} MiB after the first {AT_A_TIME} visits, {report.before / 2**20:.1f} MiB once each "
        f"room had been visited, {report.after / 2**20:.1f} MiB in the end; left: {report.objects}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
