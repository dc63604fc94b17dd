"""Plans of `sync_plans` are carried out, and made small and saved where something does not hold."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

from helpers.plan_files import Op, save_plan, shrink
from plan_world import PlanFailed, World
from sync_plans import make_plan, with_past

_TRIES = 3
"""Runs of a smaller plan before it is said to hold: what happens also depends on the time that things take."""


MakeWorld = Callable[[list[Op], Path, AsyncExitStack], World]
"""Makes the world of a plan."""


def run_plan(plan: list[Op], make: MakeWorld = World) -> None:
    """Carries a plan out.

    Args:
        plan: the plan.
        make: makes its world.

    Raises:
        PlanFailed: something did not hold.
    """
    asyncio.run(_run(plan, make))


async def _run(plan: list[Op], make: MakeWorld) -> None:
    step, op = 0, plan[0]
    with tempfile.TemporaryDirectory(prefix="cowrite-plan-") as folder:
        async with AsyncExitStack() as stack:
            try:
                world = make(plan, Path(folder) / "data", stack)
                for step, op in enumerate(plan):  # noqa: B007, it is named when the plan fails
                    await world.perform(op)
                step, op = len(plan), {"do": "finish"}
                await world.finish()
            except Exception as error:
                raise PlanFailed(step, op, f"{type(error).__name__}: {error}") from error


def _fails(plan: list[Op]) -> bool:
    for _ in range(_TRIES):
        try:
            run_plan(plan)
        except PlanFailed:
            return True
    return False


def save_failed(plan: list[Op], name: str) -> Path:
    """Saves a plan that failed; gives its file."""
    folder = Path(os.environ.get("COWRITE_PLANS") or Path(tempfile.gettempdir()) / "cowrite-plans")
    path = folder / f"{name}.jsonl"
    save_plan(plan, path)
    return path


def run_seed(seed: int, *, steps: int = 40, smaller: bool = True, past: bool = True) -> str | None:
    """Carries out the plan of a seed; a plan that fails is saved, as small as can be.

    Args:
        seed: the plan's.
        steps: operations in it.
        smaller: whether a plan that fails is made small, which takes minutes.
        past: whether versions are named and restored in it and the store is looked after, see `with_past`.

    Returns:
        What is wrong, with the file to replay; or None.
    """
    plan = make_plan(seed, steps=steps)
    if past:
        plan = with_past(plan)
    try:
        run_plan(plan)
    except PlanFailed as failure:
        path = save_failed(plan, f"server-plan-{seed}")
        if smaller:
            plan = shrink(plan, _fails)
            save_plan(plan, path)
        return (
            f"plan {seed} fails {failure}\n  {len(plan)} lines in {path}; "
            f"python server/tests/run_plans.py --replay {path}"
        )
    return None
