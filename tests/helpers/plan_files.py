"""Plans: lists of operations that are saved, made small, and run by a command; what they do is another's matter.

The first operation says how things begin and how many `people` there are, the others what they do (`who`).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

Op = dict[str, Any]

_BATCH = 25


def save_plan(plan: Iterable[Op], path: Path) -> None:
    """Writes a plan, one operation a line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(op, ensure_ascii=True) + "\n" for op in plan))


def load_plan(path: Path) -> list[Op]:
    """Reads a plan."""
    return [json.loads(line) for line in path.read_text().splitlines() if line.strip()]


def shrink(plan: list[Op], fails: Callable[[list[Op]], bool]) -> list[Op]:
    """A plan that fails still, with no line that could be left out."""
    begin, ops = plan[0], plan[1:]
    size = max(1, len(ops) // 2)
    while True:
        at = 0
        while at < len(ops):
            candidate = ops[:at] + ops[at + size :]
            if fails([begin, *candidate]):
                ops = candidate
            else:
                at += size
        if size == 1:
            break
        size = max(1, size // 2)
    for people in range(1 + max((op.get("who", 0) for op in ops), default=0), begin["people"]):
        if fails([{**begin, "people": people}, *ops]):
            begin = {**begin, "people": people}
            break
    return [begin, *ops]


def plan_command(
    description: str | None,
    run_batch: Callable[[list[int], int], list[str]],
    replay: Callable[[Path], int],
    *,
    steps: int = 60,
) -> int:
    """A command that carries out random plans, or one that was saved.

    Args:
        description: what the command's help says.
        run_batch: carries out the plans of some seeds, each of so many operations; says what is wrong. A function of a
            module, because it runs in other processes.
        replay: runs a saved plan; 1 where it fails.
        steps: operations in a plan, unless the caller says otherwise.

    Returns:
        1 where a plan fails.
    """
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plans", type=int, default=1000, help="how many (default 1000)")
    parser.add_argument("--seed", type=int, default=0, help="of the first plan; the others count from it")
    parser.add_argument("--steps", type=int, default=steps, help="operations in a plan (default %(default)s)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes")
    parser.add_argument("--stop-after", type=int, default=10, help="failures after which to stop (default 10)")
    parser.add_argument("--replay", type=Path, metavar="FILE", help="run a saved plan instead")
    chosen = parser.parse_args()
    if chosen.replay:
        return replay(chosen.replay)
    begin = time.monotonic()
    seeds = range(chosen.seed, chosen.seed + chosen.plans)
    batches = [list(seeds[at : at + _BATCH]) for at in range(0, len(seeds), _BATCH)]
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
