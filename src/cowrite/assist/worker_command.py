"""How the worker's process is started. Runs anywhere."""

from __future__ import annotations

import sys

FLAG = "--worker"
"""What makes a frozen build of cowrite the worker, see `cowrite.__main__`."""


def worker_command() -> list[str]:
    """Program and arguments of the worker of this installation."""
    if getattr(sys, "frozen", False):
        return [sys.executable, FLAG]
    # -P: without it a module that lies in the folder where cowrite was called would come before its own.
    return [sys.executable, "-P", "-m", "cowrite.worker"]
