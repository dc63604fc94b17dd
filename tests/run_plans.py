"""Carries out random plans for bound editors: `python tests/run_plans.py --plans 10000 [--seed N] [--jobs 2]`.

A failing plan is saved, made as small as can be; `--replay FILE` runs one again.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"
sys.path.insert(0, str(Path(__file__).parent))


def run_batch(seeds: list[int], steps: int) -> list[str]:
    """What is wrong with the plans of some seeds; people work with tables, too, in those of odd ones."""
    from helpers.plan_runs import run_seed

    qt_application()
    return [wrong for seed in seeds if (wrong := run_seed(seed, steps=steps, tables=bool(seed % 2))) is not None]


def qt_application() -> object:
    """Qt's application object of this process."""
    from PySide6.QtWidgets import QApplication

    global _application  # noqa: PLW0603, it must live as long as the process
    _application = QApplication.instance() or QApplication([])
    return _application


_application: object = None


def replay(path: Path) -> int:
    """Runs a saved plan; 1 where it fails."""
    from helpers.plan_files import load_plan
    from helpers.plan_runs import PlanFailed, run_plan

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


if __name__ == "__main__":
    from helpers.plan_files import plan_command

    sys.exit(plan_command(__doc__, run_batch, replay))
