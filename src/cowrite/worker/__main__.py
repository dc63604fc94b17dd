"""The command `python -m cowrite.worker`: see the package."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from cowrite.worker import process
from cowrite.worker.loop import Loop
from cowrite.worker.work import LocalEngine


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the worker until the end of its stdin.

    Args:
        argv: the arguments; those of the process where left out.
    """
    parser = argparse.ArgumentParser("cowrite.worker", description="Holds the language model for cowrite.")
    parser.add_argument("--scripted", type=Path, metavar="FILE", help="answers by these rules, without a model")
    parser.add_argument("--parent", type=int, default=os.getppid(), help="the process with which this one ends")
    chosen = parser.parse_args(argv)
    process.die_with(chosen.parent)
    process.leave_no_dump()
    process.step_back()
    process.calm_threads()
    source, sink = process.take_streams()
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    Loop(source, sink, _engine(chosen.scripted)).run()
    return 0


def _engine(script: Path | None) -> LocalEngine:
    if script is not None:
        from cowrite.worker.scripted import ScriptedEngine

        return ScriptedEngine.of(script)
    try:
        import llama_cpp  # noqa: F401  # brings a library in C++, which may lack one of its own
    except (ImportError, OSError, RuntimeError, AttributeError) as error:
        from cowrite.worker.missing import MissingEngine

        return MissingEngine(error)
    from cowrite.worker.llama import LlamaEngine

    return LlamaEngine()


if __name__ == "__main__":
    sys.exit(main())
