"""How a part of cowrite is started as a process of its own: the assistant's worker, a server, a window, pip.

A build for people without Python has no interpreter beside it: there the program itself runs the module, see
`cowrite.__main__`. Runs anywhere.
"""

from __future__ import annotations

import runpy
import sys
from collections.abc import Sequence

FLAG = "--module"
"""What makes the program of a build run one of MODULES; not for people."""

MODULES = ("cowrite", "cowrite.demo.person", "cowrite.doctor_probe", "cowrite.worker", "cowrite_server", "pip")


def is_build() -> bool:
    """Whether this is a program without a Python beside it, as `packaging/bundle.py` makes it."""
    return bool(getattr(sys, "frozen", False))


def own_process(module: str, *arguments: str) -> list[str]:
    """Gives program and arguments that run a module of this very installation.

    Args:
        module: one of MODULES.
        arguments: what the module gets.
    """
    assert module in MODULES, module
    if not is_build():
        # -P: without it a module that lies in the folder where cowrite was called would come before its own.
        return [sys.executable, "-P", "-m", module, *arguments]
    return [sys.executable, *(() if module == "cowrite" else (FLAG, module)), *arguments]


def run_module(arguments: Sequence[str]) -> int:
    """Becomes the module that `own_process` named, as `python -m` would.

    Args:
        arguments: what came after FLAG: the module, and what it gets.

    Returns:
        2 where it is none of ours; else the module's own exit status, or it leaves by SystemExit as modules do.
    """
    if not arguments or arguments[0] not in MODULES:
        print(f"cowrite: {FLAG} is for cowrite's own processes.", file=sys.stderr)
        return 2
    sys.argv = list(arguments)
    runpy.run_module(arguments[0], run_name="__main__", alter_sys=True)
    return 0
