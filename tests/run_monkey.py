"""Lets a monkey play with the application: `python tests/run_monkey.py --seeds 50 [--seed N] [--steps 1000]`.

One line a seed, each in a process of its own, so that one which crashes or hangs ends no other. What went wrong is
printed with what the monkey did before; `--replay SEED` does the same again, as far as threads let it.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"
sys.path.insert(0, str(Path(__file__).parent))

SECONDS = 0.5  # for a step on the average, beyond which a seed counts as hanging


def replay(seed: int, steps: int) -> int:
    """Plays one seed; 1 where something goes wrong."""
    from cowrite.app.start.run import make_qt_application
    from cowrite.clock import monotonic_milliseconds
    from helpers.desk import Desk
    from helpers.monkey import play

    application = make_qt_application()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        chosen = {"is_asked": True, "clock": monotonic_milliseconds}
        desks = [Desk(home / name, None, name, **chosen) for name in ("Ada", "Bo")]
        wrong = play(desks, home / "files", seed, steps)
    print("\n".join(wrong))
    application.processEvents()
    return int(bool(wrong))


def main() -> int:
    """Plays seeds; 1 where something goes wrong in one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=20, help="how many (default 20)")
    parser.add_argument("--seed", type=int, default=0, help="the first; the others count from it")
    parser.add_argument("--steps", type=int, default=1000, help="what the monkey does with one seed (default 1000)")
    parser.add_argument("--replay", type=int, metavar="SEED", help="play one seed in this process instead")
    chosen = parser.parse_args()
    if chosen.replay is not None:
        return replay(chosen.replay, chosen.steps)
    failures = 0
    for seed in range(chosen.seed, chosen.seed + chosen.seeds):
        command = [sys.executable, "-X", "faulthandler", __file__, "--replay", str(seed), "--steps", str(chosen.steps)]
        try:
            limit = 30 + SECONDS * chosen.steps
            done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=limit)
        except subprocess.TimeoutExpired:
            outcome, said = "hangs", ""
        else:
            outcome = "holds" if done.returncode == 0 else f"fails ({done.returncode})"
            said = "" if done.returncode == 0 else done.stdout + done.stderr
        failures += outcome != "holds"
        print(f"seed {seed} {outcome}\n{said}".rstrip(), flush=True)
    print(f"{chosen.seeds} seeds, {failures} failures")
    return int(bool(failures))


if __name__ == "__main__":
    sys.exit(main())
