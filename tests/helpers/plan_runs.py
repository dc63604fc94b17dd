"""Random plans are carried out, and made small and saved where something does not hold."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import qInstallMessageHandler

from helpers.plan_files import Op, save_plan, shrink
from helpers.plans import make_plan
from helpers.world import World


class PlanFailed(AssertionError):
    """Something did not hold.

    Attributes:
        step: index of the operation after which it did not.
    """

    def __init__(self, step: int, op: Op, reason: str) -> None:
        super().__init__(f"after operation {step} {json.dumps(op, ensure_ascii=False)}: {reason}")
        self.step = step


@contextmanager
def _raised_in_slots() -> Iterator[list[BaseException]]:
    """Keeps what a slot or an event handler raises, and Qt's warnings: both would be printed and forgotten."""
    kept: list[BaseException] = []
    before = sys.excepthook
    sys.excepthook = lambda _kind, error, _trace: kept.append(error)
    handler = qInstallMessageHandler(
        lambda _kind, _context, message: kept.append(AssertionError(f"Qt says: {message}"))
    )
    try:
        yield kept
    finally:
        sys.excepthook = before
        qInstallMessageHandler(handler)


def run_plan(plan: list[Op]) -> None:
    """Carries a plan out.

    Raises:
        PlanFailed: something did not hold.
    """
    with _raised_in_slots() as raised:
        step, op = 0, plan[0]
        try:
            with World(plan) as world:
                for step, op in enumerate(plan):  # noqa: B007, it is named when the plan fails
                    world.perform(op)
                    if raised:
                        raise raised[0]
                step, op = len(plan), {"do": "finish"}
                world.finish()
            if raised:
                raise raised[0]
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:
            if raised and error is not raised[0]:
                error = raised[0]
            raise PlanFailed(step, op, f"{type(error).__name__}: {error}") from error


def _fails(plan: list[Op]) -> bool:
    try:
        run_plan(plan)
    except PlanFailed:
        return True
    return False


def plans_folder() -> Path:
    """Where failing plans are saved."""
    return Path(os.environ.get("COWRITE_PLANS") or Path(tempfile.gettempdir()) / "cowrite-plans")


def run_seed(seed: int, *, steps: int = 60, tables: bool = False) -> str | None:
    """Carries out the plan of a seed; a plan that fails is made small and saved.

    Returns:
        What is wrong, with the file to replay; or None.
    """
    plan = make_plan(seed, steps=steps, tables=tables)
    try:
        run_plan(plan)
    except PlanFailed as failure:
        path = plans_folder() / f"plan-{seed}.jsonl"
        save_plan(plan, path)
        reason: BaseException = failure
        small = shrink(plan, _fails)
        try:
            run_plan(small)
        except PlanFailed as smaller:
            reason = smaller
            save_plan(small, path)
        return f"plan {seed} fails {reason}\n  {len(small)} lines in {path}; python tests/run_plans.py --replay {path}"
    return None
