"""What the commands here are told: numbers that have a least value, which model is measured and with which trace."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path

from cowrite.models.store import ModelStore
from cowrite.paths import Paths

STARTER = "smollm2-135m"
PAPER = Path("editing_traces", "automerge-paper.json.gz")


def at_least(least: int) -> Callable[[str], int]:
    """A type for argparse: a whole number that is no less."""

    def number(text: str) -> int:
        if (value := int(text)) < least:
            raise argparse.ArgumentTypeError(f"at least {least} is needed")
        return value

    return number


def _starter() -> Path | None:
    if named := os.environ.get("COWRITE_TEST_MODEL"):
        return Path(named)
    model = ModelStore(Paths.of(os.environ).models).find(STARTER)
    return model.path if model else None


def model_of(parser: argparse.ArgumentParser, given: Path | None) -> Path:
    """The model that is measured: the given one, else the one that COWRITE_TEST_MODEL names, else the starter model;
    where there is none the parser ends the command."""
    model = given or _starter()
    if model is None or not model.is_file():
        which = "no model" if model is None else f"no model “{model}”"
        parser.error(f"there is {which}: `cowrite models pull`, or --model FILE")
    return model


def paper() -> Path | None:
    """The trace of automerge-paper in the folder that COWRITE_TEST_DATA names, else in the one beside the checkout."""
    beside = Path(__file__).parents[2] / "shared" / "data"
    path = Path(os.environ.get("COWRITE_TEST_DATA") or beside) / PAPER
    return path if path.is_file() else None
