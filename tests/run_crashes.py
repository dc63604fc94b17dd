"""Kills the application and the server under typing: `python tests/run_crashes.py --rounds 50 [--seed N] [--jobs 1]`.

One line a round. Of a round in which something is lost, doubled or different, all files stay in a folder that is
named; `--replay SEED` plays the round of a seed again, with the same people, kills and pauses, as far as real
processes do the same thing twice.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"
sys.path.insert(0, str(Path(__file__).parent))


def main() -> int:
    """Plays rounds; 1 where something is wrong in one."""
    from helpers.crash_outcome import Outcome
    from helpers.crashes import play

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=50, help="how many (default 50)")
    parser.add_argument("--seed", type=int, default=0, help="of the first round; the others count from it")
    parser.add_argument("--jobs", type=int, default=1, help="rounds at the same time (default 1)")
    parser.add_argument("--replay", type=int, metavar="SEED", help="play the round of one seed instead")
    chosen = parser.parse_args()
    seeds = [chosen.replay] if chosen.replay is not None else range(chosen.seed, chosen.seed + chosen.rounds)
    begin = time.monotonic()
    outcomes: list[Outcome] = []
    with ThreadPoolExecutor(chosen.jobs) as pool:
        for outcome in pool.map(play, seeds):
            print(outcome, flush=True)
            outcomes.append(outcome)
    print(
        f"{len(outcomes)} rounds, {sum(each.kills.total() for each in outcomes)} kills, "
        f"{sum(each.typed for each in outcomes)} tokens, {sum(each.acknowledged for each in outcomes)} acknowledged "
        f"at a server's kill, {sum(each.unsafe for each in outcomes)} just typed, "
        f"{sum(each.lost for each in outcomes)} lost, {sum(each.doubled for each in outcomes)} doubled, "
        f"{sum(bool(each.wrong) for each in outcomes)} rounds failed, {time.monotonic() - begin:.0f} s"
    )
    return int(any(each.wrong for each in outcomes))


if __name__ == "__main__":
    sys.exit(main())
